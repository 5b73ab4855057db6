//! How well names are resolved: pairs of names, B³ (Bagga and Baldwin, 1998), and people recovered whole.

use super::Scores;
use crate::{
    Error, ErrorKind, Label, Result,
    names::Script,
    resolve::{self, Counts},
};
use serde::Serialize;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

/// Names of people with who bears them; the gold data.
///
/// ```
/// use namenlese::evaluate::names::Gold;
/// let table = "entity\tname\na\tAnton Tschechow\na\tАнтон Чехов\nb\tLeo Muster\n";
/// let report = Gold::read(table.as_bytes())?.evaluate();
/// assert_eq!((report.pairwise.f1, report.entities_whole, report.wrong_merges), (1.0, 2, 0));
/// assert_eq!(report.by_script["Cyrl-Latn"].recall, 1.0);
/// # Ok::<(), namenlese::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Gold {
    /// Name and script of every person's names; a name that two people bear stands with both.
    people: BTreeMap<String, BTreeMap<String, String>>,
}

/// What an evaluation came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// Over pairs of distinct names of one person.
    pub pairwise: Scores,
    /// Over names: how pure each one's row is, and how much of its person is there.
    pub b_cubed: Scores,
    /// People in the gold data.
    pub entities: u64,
    /// People whose names are all in one row that holds nobody else's.
    pub entities_whole: u64,
    /// Rows that hold two people or more.
    pub wrong_merges: u64,
    /// Pairwise, by the scripts of both names, such as `Cyrl-Latn`.
    pub by_script: BTreeMap<String, Scores>,
    /// Rows with two people, most wrong pairs first: the names of each person.
    #[serde(skip)]
    pub merged: Vec<Vec<(String, Vec<String>)>>,
    /// People in several rows, most missed pairs first: the names in each row.
    #[serde(skip)]
    pub split: Vec<(String, Vec<Vec<String>>)>,
}

/// Columns of a table, found by their heading.
struct Columns {
    entity: usize,
    name: usize,
    script: Option<usize>,
}

impl Gold {
    /// Reads a TSV or CSV table with a header: `entity_id` or `entity`, `name`, and `script` if it is there; other
    /// columns are passed over.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for text that is no such table.
    pub fn read(mut table: impl Read) -> Result<Self> {
        let mut text = String::new();
        table.read_to_string(&mut text)?;
        let tabs = text.lines().next().is_some_and(|header| header.contains('\t'));
        let malformed = |error| Error::new(ErrorKind::Malformed, "not a table of names").caused_by(error);
        let mut builder = csv::ReaderBuilder::new();
        // In TSV a quotation mark is part of a name.
        builder.delimiter(if tabs { b'\t' } else { b',' }).quoting(!tabs);
        let mut reader = builder.from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let columns = Columns::of(reader.headers().map_err(malformed)?)?;
        let mut people: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for row in reader.records() {
            let row = row.map_err(malformed)?;
            let cell = |at: usize| row.get(at).unwrap_or_default().trim();
            let (entity, name) = (cell(columns.entity), cell(columns.name));
            if name.is_empty() {
                continue;
            }
            let script = columns.script.map(cell).filter(|script| !script.is_empty());
            let script = script.unwrap_or_else(|| Script::of(name).code());
            people.entry(entity.to_owned()).or_default().insert(name.to_owned(), script.to_owned());
        }
        Ok(Self { people })
    }

    /// Pools all names, resolves them as a run would, and compares.
    pub fn evaluate(&self) -> Report {
        let names = self.people.values().flat_map(BTreeMap::keys);
        let counts: Counts = names.map(|name| ((Label::Per, name.clone()), 1)).collect();
        let resolved = resolve::resolve(&counts, &Default::default());
        let row_of = |name: &str| resolved.of.get(&(Label::Per, name.to_owned())).copied();
        self.report(|name| row_of(name).unwrap_or(usize::MAX))
    }

    fn report(&self, row_of: impl Fn(&str) -> usize) -> Report {
        // Names by (row, person), with their scripts.
        let mut cells: BTreeMap<(usize, &str), Vec<(&str, &str)>> = BTreeMap::new();
        for (person, names) in &self.people {
            for (name, script) in names {
                cells.entry((row_of(name), person)).or_default().push((name, script));
            }
        }
        let mut rows: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        let mut of_person: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &(row, person) in cells.keys() {
            rows.entry(row).or_default().push(person);
            of_person.entry(person).or_default().push(row);
        }
        let names_in = |row: usize, person: &str| {
            cells[&(row, person)].iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>()
        };
        let mut report = Report { entities: self.people.len() as u64, ..Report::default() };

        let (mut both, mut found, mut right) = (Pairs::default(), Pairs::default(), Pairs::default());
        let (mut purity, mut coverage, mut names) = (0.0, 0.0, 0.0);
        let row_size =
            |row: usize| rows[&row].iter().map(|person| cells[&(row, *person)].len()).sum::<usize>();
        for (&(row, person), members) in &cells {
            both.add(members.iter().map(|member| member.1));
            let here = members.len() as f64;
            names += here;
            purity += here * here / row_size(row) as f64;
            coverage += here * here / self.people[person].len() as f64;
        }
        for (&row, people) in &rows {
            found.add(people.iter().flat_map(|person| cells[&(row, *person)].iter().map(|member| member.1)));
            if people.len() > 1 {
                report.wrong_merges += 1;
                report.merged.push(
                    people.iter().map(|person| ((*person).to_owned(), names_in(row, person))).collect(),
                );
            }
        }
        for (person, names) in &self.people {
            right.add(names.values().map(String::as_str));
            let parts = &of_person[person.as_str()];
            if let [row] = parts[..] {
                report.entities_whole += u64::from(rows[&row].len() == 1);
            } else {
                let parts = parts.iter().map(|&row| names_in(row, person)).collect();
                report.split.push((person.clone(), parts));
            }
        }
        report.pairwise = Scores::of_counts(both.total(), found.total(), right.total());
        report.b_cubed =
            if names > 0.0 { Scores::new(purity / names, coverage / names) } else { Scores::default() };
        let scripts: BTreeSet<&String> = found.0.keys().chain(right.0.keys()).collect();
        report.by_script = scripts
            .into_iter()
            .map(|pair| (pair.clone(), Scores::of_counts(both.of(pair), found.of(pair), right.of(pair))))
            .collect();
        report.merged.sort_by_key(|people| Reverse(apart(people.iter().map(|(_, names)| names.len()))));
        report.split.sort_by_key(|(_, parts)| Reverse(apart(parts.iter().map(Vec::len))));
        report
    }
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Result<Self> {
        let find = |name: &str| header.iter().position(|heading| heading.trim().eq_ignore_ascii_case(name));
        let missing =
            |name: &str| Error::new(ErrorKind::Malformed, format!("the table has no column {name}"));
        Ok(Self {
            entity: find("entity_id").or_else(|| find("entity")).ok_or_else(|| missing("entity"))?,
            name: find("name").ok_or_else(|| missing("name"))?,
            script: find("script"),
        })
    }
}

/// Pairs of items that are in different groups of these sizes.
fn apart(sizes: impl Iterator<Item = usize>) -> usize {
    sizes.fold((0, 0), |(pairs, before), size| (pairs + before * size, before + size)).0
}

/// Pairs of names by their scripts.
#[derive(Default)]
struct Pairs(BTreeMap<String, u64>);

impl Pairs {
    /// Adds all pairs of one group, given the script of every name in it.
    fn add<'s>(&mut self, scripts: impl Iterator<Item = &'s str>) {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for script in scripts {
            *counts.entry(script).or_default() += 1;
        }
        for (one, count) in &counts {
            if *count > 1 {
                *self.0.entry(format!("{one}-{one}")).or_default() += count * (count - 1) / 2;
            }
            for (other, others) in
                counts.range::<str, _>((std::ops::Bound::Excluded(*one), std::ops::Bound::Unbounded))
            {
                *self.0.entry(format!("{one}-{other}")).or_default() += count * others;
            }
        }
    }

    fn of(&self, scripts: &str) -> u64 {
        self.0.get(scripts).copied().unwrap_or(0)
    }

    fn total(&self) -> u64 {
        self.0.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_from_the_rows() {
        let table =
            "entity_id,lang,script,name\na,de,Latn,A1\na,ru,Cyrl,A2\na,de,Latn,A3\nb,,Latn,B1\nb,,Latn,B2\n";
        let gold = Gold::read(table.as_bytes()).expect("a table");
        // One row with A1, A2, B1; one with A3; one with B2.
        let rows = BTreeMap::from([("A1", 0), ("A2", 0), ("A3", 1), ("B1", 0), ("B2", 2)]);
        let report = gold.report(|name| rows[name]);
        assert_eq!(report.pairwise, Scores::of_counts(1, 3, 4));
        let precision = (2.0 * 2.0 / 3.0 + 1.0 / 3.0 + 2.0) / 5.0;
        let recall = (2.0 * 2.0 / 3.0 + 1.0 / 3.0 + 2.0 * 0.5) / 5.0;
        assert!((report.b_cubed.precision - precision).abs() < 1e-9);
        assert!((report.b_cubed.recall - recall).abs() < 1e-9);
        assert_eq!((report.entities, report.entities_whole, report.wrong_merges), (2, 0, 1));
        assert_eq!(report.by_script["Cyrl-Latn"], Scores::of_counts(1, 2, 2));
        assert_eq!(report.by_script["Latn-Latn"], Scores::of_counts(0, 1, 2));
        assert_eq!(report.split.len(), 2);
        assert!(Gold::read("name\nA\n".as_bytes()).is_err());
    }
}
