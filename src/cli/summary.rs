//! What a run has done, in words for a person.

use super::counted;
use crate::{
    Label,
    tables::{MOST_PAIRS, Summary},
};
use std::{cmp::Reverse, collections::BTreeMap, fmt::Write, path::Path};

/// The summary; `known` documents were worked on by earlier runs, `only_lists` says that no trained recogniser looked
/// for names.
pub fn in_words(summary: &Summary, output: &Path, known: u64, only_lists: bool, seconds: f64) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let mut line = |head: &str, count: Option<u64>, rest: String| {
        let count = count.map_or(String::new(), |count| count.to_string());
        let _ = writeln!(text, "{}", format!("{head:<13} {count:>7}  {rest}").trim_end());
    };
    let mut languages: Vec<_> = summary.languages.iter().collect();
    languages.sort_by_key(|&(_, count)| Reverse(*count));
    let languages: Vec<_> = languages.iter().map(|(code, count)| format!("{code} {count}")).collect();
    line("documents", Some(summary.documents), languages.join(", "));
    if let Some((id, reason)) = &summary.first_fault {
        line("  faulty", Some(summary.faulty), format!("first: {id}: {reason}"));
    }
    if known > 0 {
        line("  known", Some(known), "from earlier runs".to_owned());
    }
    let copies = summary.duplicates + summary.near_duplicates;
    if copies > 0 {
        line(
            "  duplicates",
            Some(copies),
            format!("{} word for word, {} nearly", summary.duplicates, summary.near_duplicates),
        );
    }
    let of = |counts: &BTreeMap<&str, u64>, label: Label| counts.get(label.as_str()).copied().unwrap_or(0);
    for (name, label) in [
        ("persons", Label::Per),
        ("places", Label::Loc),
        ("organisations", Label::Org),
        ("other names", Label::Oth),
    ] {
        let (entities, mentions) = (of(&summary.entities, label), of(&summary.mentions, label));
        line(name, Some(entities), format!("named {}", counted(mentions, "time")));
    }
    for (head, named) in [("most named", &summary.most_named), ("most forms", &summary.most_forms)] {
        if !named.is_empty() {
            let names: Vec<_> = named.iter().map(|(name, count)| format!("{name} ({count})")).collect();
            line(head, None, names.join(", "));
        }
    }
    if summary.candidates > 0 {
        let advice = format!("pairs of names that could be one: namenlese decide {}", output.display());
        line("undecided", Some(summary.candidates), advice);
    }
    for name in &summary.suspicious {
        line("note", None, format!("{name} has very many forms: look at them in forms.csv"));
    }
    if summary.pairs_capped {
        line(
            "note",
            None,
            format!("more than {MOST_PAIRS} pairs of entities: cooccurrences.csv holds the closest"),
        );
    }
    if summary.metadata_left_out > 0 {
        let fields = counted(summary.metadata_left_out, "field");
        line("note", None, format!("left out of documents.csv, the rarest: {fields} of metadata"));
    }
    for notice in &summary.notices {
        line("note", None, notice.clone());
    }
    if summary.documents == 0 {
        line("note", None, "no document was found; run --dry-run says what lies there".to_owned());
    }
    if only_lists {
        line("note", None, "no trained recogniser: only listed names were looked for".to_owned());
    }
    line("tables", None, format!("{} (in {seconds:.1} s)", output.display()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_can_read_it() {
        let summary = Summary {
            documents: 12,
            faulty: 1,
            duplicates: 2,
            near_duplicates: 1,
            mentions: [("PER", 40), ("LOC", 1)].into(),
            entities: [("PER", 9), ("LOC", 1)].into(),
            languages: [("de".to_owned(), 9), ("en".to_owned(), 2)].into(),
            candidates: 3,
            suspicious: vec!["Wien".to_owned()],
            metadata_left_out: 1,
            pairs_capped: true,
            most_named: vec![("Bonn".to_owned(), 1)],
            most_forms: vec![("Wien".to_owned(), 30)],
            notices: vec!["more rows than a sheet can hold".to_owned()],
            first_fault: Some(("scan.pdf".to_owned(), "format pdf is not read".to_owned())),
        };
        let text = in_words(&summary, Path::new("output"), 7, false, 0.52);
        let expected = "\
documents          12  de 9, en 2
  faulty            1  first: scan.pdf: format pdf is not read
  known             7  from earlier runs
  duplicates        3  2 word for word, 1 nearly
persons             9  named 40 times
places              1  named 1 time
organisations       0  named 0 times
other names         0  named 0 times
most named             Bonn (1)
most forms             Wien (30)
undecided           3  pairs of names that could be one: namenlese decide output
note                   Wien has very many forms: look at them in forms.csv
note                   more than 1000000 pairs of entities: cooccurrences.csv holds the closest
note                   left out of documents.csv, the rarest: 1 field of metadata
note                   more rows than a sheet can hold
tables                 output (in 0.5 s)
";
        assert_eq!(text, expected);
        assert!(
            in_words(&Summary::default(), Path::new("o"), 0, true, 0.0).contains("no trained recogniser")
        );
    }
}
