//! The tables in other forms, corrections out of them, and the report.
#![cfg(all(feature = "cli", feature = "xlsx", feature = "report"))]

mod common;

use calamine::Reader;
use common::{check, program, rows};
use namenlese::{
    Document, Label, Mention, Span,
    tables::{InMemory, Rows},
};
use serde_json::json;
use std::{fs, path::Path};

const FORMS: &str = "excel,excel-de,xlsx,jsonl,parquet,sqlite,conll,brat,ftm,gexf,graphml";

/// Documents in the form of the filters: each has names with their labels, a sentence each.
fn documents(texts: &[&[(&str, &str)]]) -> String {
    let document = |(number, names): (usize, &&[(&str, &str)])| {
        let (mut text, mut sentences, mut mentions) = (String::new(), Vec::new(), Vec::new());
        for (name, label) in *names {
            let start = text.chars().count();
            let at = start + "Es geht um ".len();
            let normal = json!({ "candidates": [name.split_whitespace().collect::<Vec<_>>().join(" ")] });
            mentions.push(
                json!({ "start": at, "end": at + name.chars().count(), "surface": name, "label": label,
                "score": 0.9, "form": "name", "normal": normal }),
            );
            text += &format!("Es geht um {name} allein.");
            sentences.push([start, text.chars().count()]);
            text.push(' ');
        }
        json!({ "id": format!("{number}.txt"), "text": text, "sentences": sentences, "mentions": mentions })
            .to_string()
            + "\n"
    };
    texts.iter().enumerate().map(document).collect()
}

fn tabulate(folder: &Path, lines: &str, flags: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = program();
    command
        .current_dir(folder)
        .args(["tabulate", "-o", "out"])
        .args(flags)
        .write_stdin(lines.to_owned())
        .assert()
}

#[test]
fn every_form_says_what_the_tables_say() {
    let at = tempfile::tempdir().unwrap();
    let lines = documents(&[
        &[("=SUMME(1;2)", "ORG"), ("Eva Beispiel", "PER")],
        &[("0012", "OTH"), ("Bad\r\nKöln", "LOC"), ("Eva Beispiel", "PER"), ("1-2", "ORG")],
        &[("=SUMME(1;2)", "ORG"), ("Eva Beispiel", "PER")],
    ]);
    tabulate(at.path(), &lines, &["--tables", FORMS]).code(0);
    let out = at.path().join("out");
    let entities = rows(&out, "entities.csv");
    let mut book = calamine::open_workbook_auto(out.join("namenlese.xlsx")).unwrap();
    let sheet = book.worksheet_range("entities").unwrap();
    let names = |row: usize| sheet.get_value((row as u32 + 1, 1)).unwrap().to_string();
    for (number, row) in entities.iter().enumerate() {
        assert_eq!(names(number), row[1]);
    }
    let database = rusqlite::Connection::open(out.join("namenlese.sqlite")).unwrap();
    let counted = |what: &str| -> i64 {
        database.query_row(&format!("SELECT count(*) FROM {what}"), [], |row| row.get(0)).unwrap()
    };
    assert_eq!((counted("entities"), counted("mentions"), counted("people")), (entities.len() as i64, 8, 1));
    let read = |path: &str| fs::read_to_string(out.join(path)).unwrap();
    assert_eq!(read("jsonl/mentions.jsonl").lines().count(), 8);
    assert!(read("excel-de/mentions.csv").contains(";\"'=SUMME(1;2)\";"));
    assert!(read("excel-de/mentions.csv").contains(";0,900;"));
    assert!(read("mentions.conll").contains("Bad\tB-LOC\nKöln\tI-LOC\nallein\tO\n"));
    assert!(read("brat/1.txt.ann").contains("LOC 35 38;40 44\tBad Köln\n"), "{}", read("brat/1.txt.ann"));
    assert!(read("network.gexf").contains("label=\"Eva Beispiel\""));
    assert!(
        fs::read_dir(&out).unwrap().all(|entry| !entry
            .unwrap()
            .path()
            .display()
            .to_string()
            .contains("partial"))
    );
    // The same tables are the same bytes.
    let before: Vec<Vec<u8>> = ["namenlese.xlsx", "namenlese.sqlite", "parquet/mentions.parquet"]
        .map(|path| fs::read(out.join(path)).unwrap())
        .into();
    tabulate(at.path(), &lines, &["--tables", FORMS]).code(0);
    let after: Vec<Vec<u8>> = ["namenlese.xlsx", "namenlese.sqlite", "parquet/mentions.parquet"]
        .map(|path| fs::read(out.join(path)).unwrap())
        .into();
    assert!(before == after);
}

#[test]
fn texts_that_must_not_be_kept_are_refused() {
    let at = tempfile::tempdir().unwrap();
    let refused = tabulate(at.path(), "", &["--tables", "conll", "--no-text"]).code(2);
    let told = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(told.contains("no-text") && told.lines().count() == 1, "{told}");
}

#[test]
fn a_form_that_cannot_be_written_leaves_the_old_one() {
    let at = tempfile::tempdir().unwrap();
    let lines = documents(&[&[("Eva Beispiel", "PER")]]);
    tabulate(at.path(), &lines, &["--tables", "jsonl"]).code(0);
    let out = at.path().join("out");
    // A folder is where the workbook should go.
    fs::create_dir_all(out.join("namenlese.xlsx/x")).unwrap();
    let failed = tabulate(at.path(), &lines, &["--tables", "xlsx,jsonl"]).code(2);
    let told = String::from_utf8_lossy(&failed.get_output().stderr).into_owned();
    assert!(told.starts_with("namenlese: cannot write out/namenlese.xlsx"), "{told}");
    assert!(out.join("namenlese.xlsx/x").exists() && out.join("jsonl/entities.jsonl").exists());
    assert!(
        fs::read_dir(&out).unwrap().all(|entry| !entry
            .unwrap()
            .path()
            .display()
            .to_string()
            .contains("partial"))
    );
}

#[test]
fn corrections_are_applied_by_the_next_run() {
    let at = tempfile::tempdir().unwrap();
    let lines = documents(&[
        &[("Eva Muster", "PER"), ("Leo Anders", "PER"), ("Leo Anders", "PER"), ("Montag", "ORG")],
        &[("Eva Muster", "PER"), ("E. Muster", "PER")],
    ]);
    tabulate(at.path(), &lines, &["--tables", "excel-de"]).code(0);
    let out = at.path().join("out");
    let text = fs::read_to_string(out.join("excel-de/entities.csv")).unwrap();
    let id =
        |name: &str| rows(&out, "entities.csv").iter().find(|row| &row[1] == name).unwrap()[0].to_owned();
    let (eva, leo, monday) = (id("Eva Muster"), id("Leo Anders"), id("Montag"));
    // Leo is Eva, Monday is no name.
    let edited: String = text.split_inclusive('\n').filter(|row| !row.contains(&monday)).collect();
    fs::write(at.path().join("edited.csv"), edited.replace(&leo, &eva)).unwrap();
    let decide = || {
        let mut command = program();
        command.current_dir(at.path()).args(["decide", "out", "--from", "edited.csv"]).assert().code(0)
    };
    let told = String::from_utf8_lossy(&decide().get_output().stdout).into_owned();
    assert!(told.contains("delete     ORG  Montag\n") && told.contains("2 new decisions"), "{told}");
    let told = String::from_utf8_lossy(&decide().get_output().stdout).into_owned();
    assert!(told.contains("0 new decisions"), "{told}");
    tabulate(at.path(), &lines, &[]).code(0);
    let entities = rows(&out, "entities.csv");
    assert_eq!(entities.len(), 2, "{entities:?}");
    assert_eq!((&entities[0][1], &entities[0][3]), ("Eva Muster", "4"));
}

#[test]
fn the_report_takes_nothing_for_html() {
    let at = tempfile::tempdir().unwrap();
    let harm = "</script><script>window.harmed=1</script>";
    fs::create_dir(at.path().join("in")).unwrap();
    fs::write(at.path().join("in/a.txt"), format!("{harm}\n\nDie Regierung in Wien tagte. Wien schwieg."))
        .unwrap();
    let mut command = program();
    command.current_dir(at.path()).args(["run", "in", "-o", "out", "--report"]).assert().code(0);
    check(&at.path().join("in"), &at.path().join("out"));
    let report = fs::read_to_string(at.path().join("out/report.html")).unwrap();
    assert!(!report.contains(harm) && report.contains("\\u003c/script>\\u003cscript>window.harmed=1"));
    assert!(
        report.contains("Die Regierung in \",\" tagte. \",\" schwieg."),
        "the text is cut at its mentions"
    );
    // By itself it comes to the same, and without the texts it still comes.
    let mut command = program();
    command.current_dir(at.path()).args(["report", "out", "--to", "again.html"]).assert().code(0);
    assert_eq!(fs::read_to_string(at.path().join("again.html")).unwrap(), report);
    fs::remove_dir_all(at.path().join("in")).unwrap();
    let mut command = program();
    command.current_dir(at.path()).args(["report", "out", "--to", "without.html"]).assert().code(0);
    assert!(!fs::read_to_string(at.path().join("without.html")).unwrap().contains("Die Regierung in \",\""));
}

#[test]
fn a_name_is_shown_out_of_the_tables() {
    let at = tempfile::tempdir().unwrap();
    tabulate(at.path(), &documents(&[&[("Eva Müster", "PER"), ("Eva Müster", "PER")]]), &[]).code(0);
    let mut command = program();
    let shown = command.current_dir(at.path()).args(["show", "out", "muster"]).assert().code(0);
    let shown = String::from_utf8_lossy(&shown.get_output().stdout).into_owned();
    assert!(
        shown.contains("Eva Müster (2 times)") && shown.contains("0.txt: Es geht um [Eva Müster] allein."),
        "{shown}"
    );
    let mut command = program();
    command.current_dir(at.path()).args(["show", "out", "niemand"]).assert().code(2);
}

#[test]
fn a_document_whose_layers_do_not_fit_its_text_is_a_faulty_row() {
    let mut tables = InMemory::new(Default::default());
    let text = "Aus Wien kam nichts.";
    for (id, (start, end)) in [("good", (4, 8)), ("bad", (4, 20))] {
        let mut document = Document::new(id, if id == "bad" { "Aus Wien" } else { text });
        document.mentions = Some(vec![Mention::new(Span::new(text, start, end).unwrap(), Label::Loc, 0.9)]);
        tables.add(&document).unwrap();
    }
    let (summary, tables) = tables.finish(Rows::begin).unwrap();
    assert_eq!((summary.documents, summary.faulty), (2, 1));
    let rows = |name: &str| &tables.iter().find(|table| table.name == name).unwrap().rows;
    assert_eq!(rows("mentions").len(), 1);
    let told = "tabulate: the mention is of another text: bytes 4..20 are not a span of a text of 8 bytes";
    assert!(rows("documents")[0].iter().any(|cell| cell == told), "{:?}", rows("documents")[0]);
}
