//! Runs the program, and holds every run to the laws of the tables.

use assert_cmd::Command;
use std::{collections::HashSet, fs, path::Path};

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

/// Every surface is the text between its offsets, every entity has a row, counts agree.
pub fn check(input: &Path, output: &Path) {
    let entities: HashSet<String> =
        rows(output, "entities.csv").iter().map(|row| row[0].to_owned()).collect();
    let mentions = rows(output, "mentions.csv");
    for row in &mentions {
        // Plain UTF-8 texts only; others are read back by `show --text`.
        let text = match fs::read_to_string(input.join(&row[0])) {
            Ok(text) if row[0].ends_with(".txt") => text,
            _ => continue,
        };
        let (start, end): (usize, usize) = (row[3].parse().unwrap(), row[4].parse().unwrap());
        let between: String =
            text.trim_start_matches('\u{feff}').chars().skip(start).take(end - start).collect();
        assert_eq!(between, row[5], "{row:?}");
        assert!(entities.contains(&row[10]), "{row:?}");
        assert!(!row[12].contains('\n') && !row[13].contains('\n'));
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
