//! What documents say of themselves beside title and date, such as the other columns of a table: columns of documents.csv.

use super::schema::DOCUMENTS;
use crate::Document;
use std::{cmp::Reverse, collections::BTreeMap};

/// More columns are no table that anyone reads.
const MOST_COLUMNS: usize = 100;
/// More names are kept in mind by nobody; whoever makes up a new one for each record has none worth a column.
const MOST_NAMES: usize = 10_000;

/// Names of fields that hold a single value, and in how many documents.
#[derive(Debug, Default)]
pub(super) struct Fields(BTreeMap<String, u64>);

impl Fields {
    pub fn add(&mut self, metadata: &[(String, String)]) {
        for (name, _) in metadata {
            let is_full = self.0.len() >= MOST_NAMES;
            match self.0.get_mut(name) {
                Some(count) => *count += 1,
                None if is_full => {}
                None => drop(self.0.insert(name.clone(), 1)),
            }
        }
    }

    /// The columns: the commonest fields, by name.
    pub fn columns(self) -> Columns {
        let mut fields: Vec<(String, u64)> = self.0.into_iter().collect();
        fields.sort_by_key(|&(_, count)| Reverse(count));
        let left_out = fields.len().saturating_sub(MOST_COLUMNS) as u64;
        fields.truncate(MOST_COLUMNS);
        let mut names: Vec<String> = fields.into_iter().map(|(name, _)| name).collect();
        names.sort();
        Columns { names, left_out }
    }
}

/// Columns of documents.csv that the corpus brings with it.
#[derive(Debug)]
pub(super) struct Columns {
    names: Vec<String>,
    pub left_out: u64,
}

impl Columns {
    /// What they are called: as in the corpus, but no column is called like one of ours.
    pub fn header(&self) -> impl Iterator<Item = String> {
        let is_ours = |name: &str| DOCUMENTS.columns.iter().any(|(ours, _)| *ours == name);
        self.names.iter().map(move |name| match is_ours(name) {
            true => format!("foreign:{name}"),
            false => name.clone(),
        })
    }

    /// What a document has in them.
    pub fn cells<'c>(&'c self, metadata: &'c [(String, String)]) -> impl Iterator<Item = &'c str> {
        let value = |name: &String| metadata.iter().find(|(known, _)| known == name);
        self.names.iter().map(move |name| value(name).map_or("", |(_, value)| value))
    }
}

/// The fields of a document that hold a single value, and their values.
pub(super) fn of(document: &Document) -> Vec<(String, String)> {
    let fields = document.foreign.iter();
    fields.filter_map(|(name, value)| Some((name.clone(), plain(value.get())?))).collect()
}

/// A string, number or truth value as text; what is nested stays in JSON Lines.
fn plain(json: &str) -> Option<String> {
    match json.as_bytes().first()? {
        b'{' | b'[' => None,
        b'"' => serde_json::from_str(json).ok(),
        _ => Some(json.to_owned()).filter(|value| value != "null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_values_become_columns() {
        let document = |json: &str| crate::wire::read_line(json.as_bytes(), 1).expect("a record");
        let one = of(&document(
            r#"{"id":"a","text":"","zahl": 1.50,"ort":"Köln, \"alt\"","liste":[1],"leer":null}"#,
        ));
        let two = of(&document(r#"{"id":"b","text":"","ort":"Bonn","status":true}"#));
        let mut fields = Fields::default();
        fields.add(&one);
        fields.add(&two);
        let columns = fields.columns();
        assert_eq!(columns.header().collect::<Vec<_>>(), ["ort", "foreign:status", "zahl"]);
        assert_eq!(columns.cells(&one).collect::<Vec<_>>(), ["Köln, \"alt\"", "", "1.50"]);
        assert_eq!(columns.cells(&two).collect::<Vec<_>>(), ["Bonn", "true", ""]);
    }

    #[test]
    fn the_commonest_are_kept() {
        let mut fields = Fields::default();
        fields.0.extend((0..150).map(|number| (format!("f{number:03}"), number)));
        let columns = fields.columns();
        assert_eq!((columns.names.len(), columns.left_out, &*columns.names[0]), (100, 50, "f050"));
    }
}
