//! The two laws of ids, on folders of texts and a list of people.

mod common;

use common::{check, program, rows};
use std::{collections::BTreeMap, fs, path::Path};

const PEOPLE: [&str; 5] = ["Anna Muster", "A. Muster", "Andreas Muster", "Karl Weber", "Rosa Lang"];

fn run(texts: &[&str], output: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("people.csv");
    let names: String = PEOPLE.iter().map(|name| format!("{name},PER\n")).collect();
    fs::write(&list, format!("name,label\n{names}")).unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    for (number, text) in texts.iter().enumerate() {
        fs::write(input.join(format!("{number}.txt")), text).unwrap();
    }
    // From inside, so that neither settings nor decisions of this folder are found.
    let ran = program()
        .current_dir(folder.path())
        .args(["run", "in", "--gazetteer", "people.csv", "--progress", "none", "-o"])
        .arg(output)
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    check(&input, output);
}

/// The entity of every form.
fn ids(output: &Path) -> BTreeMap<(String, String), String> {
    let rows = rows(output, "ids.csv").into_iter();
    rows.map(|row| ((row[1].to_owned(), row[2].to_owned()), row[0].to_owned())).collect()
}

const BEFORE: [&str; 2] = [
    "Gestern sprach Anna Muster in Wien mit Karl Weber.",
    "Heute schwieg A. Muster. Auch Rosa Lang schwieg.",
];
const AFTER: [&str; 3] = [BEFORE[0], BEFORE[1], "Morgen kommt Andreas Muster nach Wien. Karl Weber bleibt."];

#[test]
fn a_fresh_run_depends_on_nothing_before_it() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    run(&AFTER, one.path());
    run(&AFTER, other.path());
    for table in ["ids.csv", "entities.csv", "forms.csv", "changes.csv", "candidates.csv"] {
        assert_eq!(fs::read(one.path().join(table)).unwrap(), fs::read(other.path().join(table)).unwrap());
    }
    assert!(rows(one.path(), "changes.csv").is_empty());
}

#[test]
fn a_run_with_more_documents_explains_every_change() {
    let output = tempfile::tempdir().unwrap();
    run(&BEFORE, output.path());
    let before = ids(output.path());
    let of = |name: &str| ("PER".to_owned(), name.to_owned());
    assert_eq!(before[&of("Anna Muster")], before[&of("A. Muster")]);
    run(&BEFORE, output.path());
    assert_eq!(ids(output.path()), before);
    assert!(rows(output.path(), "changes.csv").is_empty());

    // A second person whom the initial fits.
    run(&AFTER, output.path());
    let after = ids(output.path());
    assert_ne!(after[&of("Anna Muster")], after[&of("A. Muster")]);
    assert_eq!(after[&of("Karl Weber")], before[&of("Karl Weber")]);
    let changes = rows(output.path(), "changes.csv");
    let told = |form: &str, old: &str, new: &str| {
        changes.iter().any(|row| (&row[0], &row[1], &row[2]) == (old, new, form) && !row[3].is_empty())
    };
    let mut changed = 0;
    for (key, old) in &before {
        let new = after.get(key).map_or("", String::as_str);
        if new != old {
            changed += 1;
            assert!(told(&key.1, old, new), "{key:?}: {old} became {new}");
        }
    }
    assert_eq!(changes.len(), changed);
    assert!(changed > 0);
}
