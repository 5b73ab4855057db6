//! Gold data in the usual forms: columns (CoNLL, GermEval) and JSON Lines with offsets.

use super::{Gold, GoldDocument, Name};
use crate::{Error, ErrorKind, Label, Position, Result, Span, document::CodePoints};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// Reads gold data in whichever form it is.
///
/// - **Columns**, by tab or blanks, an empty line after each sentence: the token first and its tag last (CoNLL); or a
///   running number first, then the token, and the tag in the first column that holds only tags (GermEval 2014, the
///   plenary corpus). Documents begin at `-DOCSTART-` and, in numbered files, at a line that begins with `#`; without
///   either, a file is one document.
/// - **JSON Lines**: `{"text", "entities": [{"start", "end", "label"}]}`, half-open in Unicode code points, a document
///   a line.
///
/// Tags are read as the CoNLL evaluation and seqeval do: an inside without a begin begins a name. A label that is none
/// of ours (*LOCderiv*, *ORGpart*, dates) counts as O; [`Gold::left_out`] says how often.
///
/// # Errors
/// [`ErrorKind::Malformed`] with the line.
///
/// ```
/// use namenlese::evaluate::ner;
/// let gold = ner::read("Frau\tO\nWeber\tB-PER\n\nSie\tO\nkam\tO\n")?;
/// assert_eq!(gold.documents[0].text, "Frau Weber\nSie kam");
/// assert_eq!(gold.documents[0].names[0].span.of(&gold.documents[0].text), "Weber");
/// # Ok::<(), namenlese::Error>(())
/// ```
pub fn read(file: &str) -> Result<Gold> {
    match file.trim_start().starts_with('{') {
        true => json_lines(file),
        false => columns(file),
    }
}

#[derive(Deserialize)]
struct Record {
    text: String,
    #[serde(default)]
    entities: Vec<Entity>,
}

#[derive(Deserialize)]
struct Entity {
    start: usize,
    end: usize,
    label: String,
}

fn json_lines(file: &str) -> Result<Gold> {
    let mut gold = Gold::default();
    for (number, line) in file.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let at = Position::Line { line: number as u64 + 1, column: 1 };
        let record: Record = serde_json::from_str(line)
            .map_err(|error| Error::new(ErrorKind::Malformed, "not a gold record").caused_by(error).at(at))?;
        let points = CodePoints::new(&record.text);
        let mut names = Vec::new();
        for entity in &record.entities {
            let span = points.span(entity.start, entity.end).map_err(|error| error.at(at))?;
            match entity.label.parse() {
                Ok(label) => names.push(Name { span, label }),
                Err(_) => *gold.left_out.entry(entity.label.clone()).or_default() += 1,
            }
        }
        names.sort_unstable();
        names.dedup();
        gold.documents.push(GoldDocument { text: record.text, sentences: None, names });
    }
    Ok(gold)
}

/// Which columns hold what.
#[derive(Debug, Clone, Copy)]
struct Columns {
    numbered: bool,
    tag: Option<usize>,
}

fn cells(line: &str) -> Vec<&str> {
    match line.contains('\t') {
        true => line.split('\t').map(str::trim).collect(),
        false => line.split_whitespace().collect(),
    }
}

fn is_tag(cell: &str) -> bool {
    let prefixed = |mut parts: std::str::Split<'_, char>| {
        matches!(parts.next(), Some("B" | "I" | "E" | "S" | "L" | "U"))
            && parts.next().is_some_and(|label| !label.is_empty())
    };
    cell == "O" || prefixed(cell.split('-'))
}

impl Columns {
    fn of(file: &str) -> Self {
        let rows = || {
            let lines = file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("#\t"));
            lines.map(cells).filter(|cells| cells.first().is_some_and(|first| *first != "-DOCSTART-"))
        };
        let first: Vec<_> = rows().take(2).map(|cells| (cells[0].parse::<u32>().ok(), cells.len())).collect();
        let numbered = match first.as_slice() {
            [(Some(0 | 1), 3..)] => true,
            [(Some(one @ (0 | 1)), 3..), (next, _)] => matches!(next, Some(0 | 1)) || *next == Some(one + 1),
            _ => false,
        };
        let width = rows().map(|cells| cells.len()).min().unwrap_or_default();
        let all_tags =
            |column: &usize| rows().all(|cells| cells.get(*column).is_some_and(|cell| is_tag(cell)));
        Self { numbered, tag: if numbered { (2..width).find(all_tags) } else { None } }
    }

    /// The token and the tag of a row.
    fn read<'l>(self, cells: &[&'l str]) -> Option<(&'l str, &'l str)> {
        let token = *cells.get(usize::from(self.numbered))?;
        let tag = match self.numbered {
            true => *cells.get(self.tag?)?,
            false => *cells.last().filter(|_| cells.len() > 1)?,
        };
        (is_tag(tag) && !token.is_empty()).then_some((token, tag))
    }
}

fn columns(file: &str) -> Result<Gold> {
    let columns = Columns::of(file);
    let mut gold = Gold::default();
    let mut document = GoldDocument::default();
    let mut sentence = Vec::new();
    for (number, line) in file.trim_start_matches('\u{feff}').lines().enumerate() {
        let cells = cells(line);
        let begins = cells.first() == Some(&"-DOCSTART-") || (columns.numbered && line.starts_with('#'));
        if cells.iter().all(|cell| cell.is_empty()) || begins {
            add(&mut document, &mut sentence, &mut gold.left_out);
            if begins && document.sentences.is_some() {
                gold.documents.push(std::mem::take(&mut document));
            }
            continue;
        }
        match columns.read(&cells) {
            Some(row) => sentence.push(row),
            None if line.starts_with('#') => {}
            None => {
                let at = Position::Line { line: number as u64 + 1, column: 1 };
                return Err(Error::new(ErrorKind::Malformed, "no token with a tag").at(at));
            }
        }
    }
    add(&mut document, &mut sentence, &mut gold.left_out);
    if document.sentences.is_some() {
        gold.documents.push(document);
    }
    Ok(gold)
}

/// Writes a sentence as running text, on a line of its own.
fn add(document: &mut GoldDocument, rows: &mut Vec<(&str, &str)>, left_out: &mut BTreeMap<String, u64>) {
    if rows.is_empty() {
        return;
    }
    let text = &mut document.text;
    if !text.is_empty() {
        text.push('\n');
    }
    let from = text.len();
    let words: Vec<&str> = rows.iter().map(|(token, _)| plain(token)).collect();
    let mut ranges = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        if at > 0 && blank_before(&words, at) {
            text.push(' ');
        }
        ranges.push(text.len()..text.len() + word.len());
        text.push_str(word);
    }
    // Every offset was just written, so each is on a boundary.
    let span = |range: Range<usize>| Span::new(text, range.start, range.end).unwrap_or(Span::whole(""));
    let tags: Vec<&str> = rows.iter().map(|(_, tag)| *tag).collect();
    for (range, label) in super::names_of_tags(&tags) {
        match label.parse::<Label>() {
            Ok(label) => {
                let span = span(ranges[range.start].start..ranges[range.end - 1].end);
                document.names.push(Name { span, label });
            }
            Err(_) => *left_out.entry(label).or_default() += 1,
        }
    }
    let words = ranges.iter().cloned().map(span).collect();
    document.sentences.get_or_insert_default().push((span(from..text.len()), words));
    rows.clear();
}

/// The mark that a treebank's code for it stands for.
fn plain(token: &str) -> &str {
    match token {
        "-LRB-" => "(",
        "-RRB-" => ")",
        "``" => "„",
        "''" => "“",
        other => other,
    }
}

/// Marks that follow a word without a blank, and that a word follows so.
const CLOSING: &[&str] = &[",", ".", ";", ":", "!", "?", ")", "]", "}", "”", "»", "%", "…", "...", "'", "’"];
const OPENING: &[&str] = &["(", "[", "{", "„", "«", "‚", "‹"];

/// Whether running text has a blank before a word.
fn blank_before(words: &[&str], at: usize) -> bool {
    let (word, before) = (words[at], words[at - 1]);
    let plain = !OPENING.contains(&before);
    // Straight quotes open and close in turn.
    let straight = words[..=at].iter().filter(|&&word| word == "\"").count();
    match (word, before) {
        ("\"", _) => straight % 2 == 1 && plain,
        (_, "\"") => straight % 2 == 0 && !CLOSING.contains(&word),
        // Closes after „, opens in other languages.
        ("“", _) => plain && !words[..at].contains(&"„"),
        _ => plain && !CLOSING.contains(&word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(gold: &Gold) -> Vec<(String, &str)> {
        let of = |document: &GoldDocument| {
            let name = |name: &Name| (name.span.of(&document.text).to_owned(), name.label.as_str());
            document.names.iter().map(name).collect::<Vec<_>>()
        };
        gold.documents.iter().flat_map(of).collect()
    }

    #[test]
    fn germeval_plenary_and_wikiann_columns() {
        let germeval = "#\thttp://a\t[2010]\n1\tIn\tO\tO\n2\tKöln\tB-LOC\tO\n3\tund\tO\tO\n4\tBonner\tB-LOCderiv\tO\n\n#\thttp://b\n1\t2010\tO\tO\n2\t#\tO\tO\n";
        let gold = read(germeval).unwrap();
        assert_eq!(gold.documents.len(), 2);
        assert_eq!(gold.documents[1].text, "2010 #");
        assert_eq!(names(&gold), [("Köln".into(), "LOC")]);
        assert_eq!(gold.left_out["LOCderiv"], 1);
        let plenary = "1\tDie\t_\t_\tO\t_\t_\n2\tNATO\t_\t_\tB-ORG\t_\t_\n\n1\tBonn\t_\t_\tB-LOC\t_\t_\n";
        let gold = read(plenary).unwrap();
        assert_eq!(names(&gold), [("NATO".into(), "ORG"), ("Bonn".into(), "LOC")]);
        assert_eq!(gold.documents.len(), 1);
        let numbered = "0\tNew\tB-LOC\n1\tYork\tI-LOC\n\n0\tBonn\tB-LOC\n";
        assert_eq!(names(&read(numbered).unwrap())[0].0, "New York");
    }

    #[test]
    fn conll_with_a_document_mark_and_many_columns() {
        let conll = "-DOCSTART- -X- O O\n\n1 NUM O\nEU NNP I-ORG\n\n-DOCSTART- -X- O\n\n# O\nWien B-LOC\n";
        let gold = read(conll).unwrap();
        assert_eq!(gold.documents.len(), 2);
        assert_eq!(names(&gold), [("EU".into(), "ORG"), ("Wien".into(), "LOC")]);
        let error = read("Wien B-LOC\nBonn\n").unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
        assert!(read("").unwrap().documents.is_empty());
    }

    #[test]
    fn offsets_count_code_points() {
        let gold = read(r#"{"text":"😀 In Köln","entities":[{"start":5,"end":9,"label":"GPE"},{"start":0,"end":1,"label":"DATE"}]}"#).unwrap();
        assert_eq!(names(&gold), [("Köln".into(), "LOC")]);
        assert_eq!(gold.left_out["DATE"], 1);
        assert!(read(r#"{"text":"a","entities":[{"start":0,"end":9,"label":"LOC"}]}"#).is_err());
    }

    #[test]
    fn text_is_spaced_as_it_is_written() {
        for (words, text) in [
            ("Er sagte : „ Ja “ , und ging ( bald ) .", "Er sagte: „Ja“, und ging (bald)."),
            ("Der \" Spiegel \" kam , so \" X \" .", "Der \"Spiegel\" kam, so \"X\"."),
            ("-LRB- 5 % -RRB-", "(5%)"),
        ] {
            let rows: String = words.split(' ').map(|word| format!("{word} O\n")).collect();
            assert_eq!(read(&rows).unwrap().documents[0].text, text);
        }
    }
}
