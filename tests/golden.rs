//! Golden folders: `tests/golden/<case>/in` must give the tables of `out`, to the byte.
//!
//! After a wanted change: `BLESS=1 cargo test --test golden`, and read the difference before it is committed. The tables
//! come from lists alone, so they do not depend on the processor.

mod common;

use std::{fs, path::Path};

#[test]
fn golden_folders_give_their_tables() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut count = 0;
    for case in fs::read_dir(&cases).unwrap().map(|entry| entry.unwrap().path()) {
        let (output, expected) = (tempfile::tempdir().unwrap(), case.join("out"));
        // From inside, so that paths in the tables are the same everywhere.
        let ran = common::program()
            .current_dir(&case)
            .args(["run", "in", "--progress", "none", "-o"])
            .arg(output.path())
            .output()
            .unwrap();
        assert_eq!(ran.status.code(), Some(0), "{ran:?}");
        common::check(&case.join("in"), output.path());
        fs::create_dir_all(&expected).unwrap();
        for table in ["documents.csv", "mentions.csv", "entities.csv", "forms.csv", "cooccurrences.csv"] {
            let made = fs::read(output.path().join(table)).unwrap();
            if std::env::var_os("BLESS").is_some() {
                fs::write(expected.join(table), &made).unwrap();
            }
            let kept = fs::read(expected.join(table)).unwrap_or_default();
            assert_eq!(String::from_utf8_lossy(&made), String::from_utf8_lossy(&kept), "{table}");
        }
        count += 1;
    }
    assert!(count > 0);
}
