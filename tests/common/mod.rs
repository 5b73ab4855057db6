//! Runs the program, and holds every run to the laws of the tables.

use assert_cmd::Command;
use std::{collections::HashSet, fs, path::Path};

/// Every table that a run writes.
#[allow(dead_code)] // Not every test compares them all.
pub const TABLES: [&str; 8] = [
    "documents.csv",
    "mentions.csv",
    "entities.csv",
    "forms.csv",
    "cooccurrences.csv",
    "ids.csv",
    "changes.csv",
    "candidates.csv",
];

/// The program with listed names only: what these tests hold it to does not need the trained recogniser.
pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_namenlese"));
    program.args(["--model", "none"]);
    program
}

pub fn rows(folder: &Path, table: &str) -> Vec<csv::StringRecord> {
    let reader = csv::Reader::from_path(folder.join(table)).unwrap();
    reader.into_records().map(|row| row.unwrap()).collect()
}

/// The text of a document, as `show --text` prints it: what all offsets refer to.
pub fn text_of(document: &Path) -> String {
    let shown = program().args(["show", "--text"]).arg(document).output().unwrap();
    assert!(shown.status.success(), "{shown:?}");
    String::from_utf8(shown.stdout).unwrap()
}

/// Holds the tables of `run INPUT` to the laws: every surface is the text between its offsets, every mention has its
/// entity and its form, counts agree, nothing is left half written.
pub fn check(input: &Path, output: &Path) {
    let ids = |table: &str, columns: [usize; 2]| -> HashSet<(String, String)> {
        rows(output, table)
            .iter()
            .map(|row| (row[columns[0]].to_owned(), row[columns[1]].to_owned()))
            .collect()
    };
    let (entities, forms) = (ids("entities.csv", [0, 1]), ids("forms.csv", [0, 1]));
    let mentions = rows(output, "mentions.csv");
    let mut text: (String, Vec<char>) = Default::default();
    for row in &mentions {
        if text.0 != row[0] {
            let document = if input.is_dir() { input.join(&row[0]) } else { input.to_owned() };
            text = (row[0].to_owned(), text_of(&document).chars().collect());
        }
        let (start, end): (usize, usize) = (row[3].parse().unwrap(), row[4].parse().unwrap());
        let between: String = text.1[start..end].iter().collect();
        assert_eq!(between, row[5], "{row:?}");
        assert!(entities.contains(&(row[10].to_owned(), row[11].to_owned())), "{row:?}");
        assert!(forms.contains(&(row[10].to_owned(), row[6].to_owned())), "{row:?}");
        assert!(!row[12].contains(['\n', '\r']) && !row[13].contains(['\n', '\r']), "{row:?}");
        assert!(row[2].parse::<usize>().unwrap() > 0, "{row:?}");
    }
    let counted: u64 = rows(output, "documents.csv").iter().map(|row| row[13].parse::<u64>().unwrap()).sum();
    assert_eq!(counted, mentions.len() as u64);
    let of_entities: u64 =
        rows(output, "entities.csv").iter().map(|row| row[3].parse::<u64>().unwrap()).sum();
    assert_eq!(of_entities, mentions.len() as u64);
    assert!(
        fs::read_dir(output).unwrap().all(|entry| !entry
            .unwrap()
            .path()
            .to_string_lossy()
            .contains("partial"))
    );
}
