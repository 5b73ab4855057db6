//! Golden folders: the input of a case must give the tables of `tests/golden/<case>/out`, to the byte. The input is
//! `tests/golden/<case>/in`, and for the case `sample` the sample corpus of the project.
//!
//! After a wanted change: `BLESS=1 cargo test --test golden`, and read the difference before it is committed. The tables
//! come from lists alone, so they do not depend on the processor.

mod common;

use std::{env, fs, path::Path};

const TABLES: [&str; 5] = ["documents.csv", "mentions.csv", "entities.csv", "forms.csv", "cooccurrences.csv"];

#[test]
fn golden_folders_give_their_tables() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bless = env::var_os("BLESS").is_some();
    let mut stale = Vec::new();
    let mut cases: Vec<_> =
        fs::read_dir(project.join("tests/golden")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 2);
    for case in cases {
        let (output, expected) = (tempfile::tempdir().unwrap(), case.join("out"));
        // From inside, so that paths in the tables are the same everywhere.
        let (folder, input) = if case.join("in").exists() { (&*case, "in") } else { (project, "corpus") };
        let ran = common::program()
            .current_dir(folder)
            .args(["run", input, "--progress", "none", "-o"])
            .arg(output.path())
            .output()
            .unwrap();
        assert_eq!(ran.status.code(), Some(0), "{ran:?}");
        common::check(&folder.join(input), output.path());
        fs::create_dir_all(&expected).unwrap();
        for table in TABLES {
            let made = fs::read_to_string(output.path().join(table)).unwrap();
            if bless {
                fs::write(expected.join(table), &made).unwrap();
            }
            let kept = fs::read_to_string(expected.join(table)).unwrap_or_default();
            if let Some(line) = first_difference(&kept, &made) {
                stale.push(format!("{}: {line}", expected.join(table).display()));
            }
        }
    }
    assert!(stale.is_empty(), "if this is wanted: BLESS=1 cargo test --test golden\n{}", stale.join("\n"));
}

/// The first line in which two tables differ.
fn first_difference(kept: &str, made: &str) -> Option<String> {
    let (mut kept_lines, mut made_lines) = (kept.lines(), made.lines());
    for number in 1.. {
        match (kept_lines.next(), made_lines.next()) {
            (None, None) => break,
            (kept, made) if kept != made => {
                return Some(format!(
                    "line {number}\n  kept {}\n  made {}",
                    kept.unwrap_or("–"),
                    made.unwrap_or("–")
                ));
            }
            _ => {}
        }
    }
    (kept != made).then(|| "line ends differ".to_owned())
}
