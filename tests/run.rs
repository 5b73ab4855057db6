//! The program from folder to tables.

mod common;
mod shared;

use common::{TABLES, check, program, rows};
use shared::shared;
use std::{fs, path::Path};

/// Runs and checks; gives the exit status.
pub fn run(input: &Path, output: &Path, flags: &[&str]) -> i32 {
    let command = program().arg("run").arg(input).arg("-o").arg(output).args(flags).output().unwrap();
    check(input, output);
    command.status.code().unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
    write("a.txt", "😀 Die Regierung Nordkoreas lud nach Pjöngjang ein.\nAuch China kam.".as_bytes());
    write("b.txt", "In der Demokratischen Volks-\nrepublik Korea schwieg man. China auch.".as_bytes());
    write("c.txt", "Die USA, sagte Wien, und \"China\"\r\nkamen.".as_bytes());
    folder
}

fn equal(a: &Path, b: &Path) {
    for table in TABLES {
        assert_eq!(fs::read(a.join(table)).unwrap(), fs::read(b.join(table)).unwrap(), "{table}");
    }
}

#[test]
fn filters_threads_and_order_change_nothing() {
    let (input, out) = (folder(), tempfile::tempdir().unwrap());
    let path = |name: &str| out.path().join(name);
    assert_eq!(run(input.path(), &path("one"), &["--threads", "1"]), 0);
    assert_eq!(run(input.path(), &path("two"), &["--threads", "2"]), 0);
    equal(&path("one"), &path("two"));
    let mut lines = program().arg("read").arg(input.path()).output().unwrap().stdout;
    for filter in ["detect", "segment", "recognize", "normalize"] {
        lines = program().arg(filter).write_stdin(lines).output().unwrap().stdout;
    }
    let mut turned: Vec<&[u8]> = lines.split_inclusive(|&byte| byte == b'\n').collect();
    turned.reverse();
    program().arg("tabulate").arg("-o").arg(path("piped")).write_stdin(turned.concat()).assert().code(0);
    equal(&path("one"), &path("piped"));

    let alone = tempfile::tempdir().unwrap();
    fs::copy(input.path().join("b.txt"), alone.path().join("b.txt")).unwrap();
    assert_eq!(run(alone.path(), &path("alone"), &[]), 0);
    let of_b = |folder: &str| -> Vec<Vec<String>> {
        let rows = rows(&path(folder), "mentions.csv");
        let rows = rows.iter().filter(|row| &row[0] == "b.txt");
        rows.map(|row| row.iter().skip(2).take(8).map(str::to_owned).collect()).collect()
    };
    assert_eq!(of_b("alone"), of_b("one"));
    assert!(!of_b("one").is_empty());
}

#[test]
fn a_country_is_one_row_whatever_its_name() {
    let (input, out) = (folder(), tempfile::tempdir().unwrap());
    run(input.path(), out.path(), &[]);
    let korea: Vec<_> =
        rows(out.path(), "entities.csv").into_iter().filter(|row| row[1].contains("korea")).collect();
    assert_eq!(korea.len(), 1, "{korea:?}");
    assert_eq!(&korea[0][4], "2");
}

#[test]
fn a_faulty_file_is_a_row_and_its_own_output_is_not_read() {
    let input = folder();
    fs::write(input.path().join("d.mov"), b"moov1234").unwrap();
    fs::copy(input.path().join("a.txt"), input.path().join("e.txt")).unwrap();
    let output = input.path().join("output");
    assert_eq!(run(input.path(), &output, &[]), 1);
    assert_eq!(run(input.path(), &output, &[]), 1);
    let documents = rows(&output, "documents.csv");
    let status: Vec<(&str, &str, &str)> = documents.iter().map(|row| (&row[0], &row[14], &row[15])).collect();
    let expected = [
        ("a.txt", "", "ok"),
        ("b.txt", "", "ok"),
        ("c.txt", "", "ok"),
        ("d.mov", "", "faulty"),
        ("e.txt", "a.txt", "ok"),
    ];
    assert_eq!(status, expected);
    assert!(documents[3][16].contains("mov"));
}

#[test]
fn tables_of_other_runs_and_files_of_the_program_are_not_read() {
    let input = folder();
    let at = |name: &str| input.path().join(name);
    fs::write(at("namenlese.toml"), "gazetteer = [\"names.csv\"]\n").unwrap();
    fs::write(at("names.csv"), "name,label\nZinnober AG,ORG\n").unwrap();
    fs::write(at("decisions.csv"), "verdict,label,form_a,form_b\n").unwrap();
    let run_there = |output: &str| {
        let ran = program().current_dir(input.path()).args(["run", ".", "-o", output]).output().unwrap();
        assert_eq!(ran.status.code(), Some(0), "{ran:?}");
        String::from_utf8(ran.stderr).unwrap()
    };
    assert_eq!(run_there("old"), "");
    // A run that was killed leaves its store alone; what `tabulate` writes has none.
    fs::create_dir(at("killed")).unwrap();
    fs::copy(at("old/store.sqlite"), at("killed/store.sqlite")).unwrap();
    fs::create_dir(at("piped")).unwrap();
    for file in ["run.json", "mentions.csv"] {
        fs::copy(at("old").join(file), at("piped").join(file)).unwrap();
    }
    let told = |name: &str| format!("namenlese: ./{name} holds tables of namenlese and is not read\n");
    assert_eq!(run_there("new"), ["killed", "old", "piped"].map(told).concat());
    let documents = rows(&at("new"), "documents.csv");
    let ids: Vec<&str> = documents.iter().map(|row| &row[0]).collect();
    assert_eq!(ids, ["a.txt", "b.txt", "c.txt"]);
}

#[test]
fn misuse_is_told_and_exits_with_two() {
    let input = folder();
    let config = input.path().join("settings.toml");
    fs::write(&config, "thread = 2\n").unwrap();
    let refused = program().args(["formats", "--config"]).arg(&config).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("did you mean threads?"), "{refused:?}");
    fs::write(&config, "threads = \"two\"\n").unwrap();
    program().args(["formats", "--config"]).arg(&config).assert().code(2);
    program().args(["run", "nowhere-at-all", "-o"]).arg(input.path().join("o")).assert().code(2);
    program().arg("fly").assert().code(2);
}

#[test]
fn what_is_in_force_is_recorded() {
    let (input, out) = (folder(), tempfile::tempdir().unwrap());
    run(input.path(), out.path(), &["--threads", "2", "--min-score", "0.25"]);
    let record: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.path().join("run.json")).unwrap()).unwrap();
    let settings = &record["settings"];
    assert_eq!((&settings["threads"], &settings["assume"]), (&2.into(), &"de".into()));
    assert_eq!((&settings["min-score"], &settings["forms"]), (&0.25.into(), &"name".into()));
    assert_eq!(record["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(record["counts"]["documents"], 3);
    assert_eq!(record["inputs"][0], input.path().to_str().unwrap());
    assert!(record["recognizers"].as_array().is_some_and(|all| !all.is_empty()));
    assert!(record["times"]["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0));
}

#[test]
fn columns_are_those_of_the_documentation() {
    let (input, out) = (folder(), tempfile::tempdir().unwrap());
    run(input.path(), out.path(), &[]);
    let documented =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md")).unwrap();
    for table in TABLES {
        let section = documented.split("\n### ").find(|section| section.starts_with(table));
        let section = section.unwrap_or_else(|| panic!("{table} is not documented"));
        let section = section.split("\n## ").next().unwrap();
        let rows = section.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" |"));
        let columns: Vec<&str> =
            rows.map(|(column, _)| column).filter(|column| *column != "column").collect();
        let mut written = csv::Reader::from_path(out.path().join(table)).unwrap();
        assert_eq!(written.headers().unwrap().iter().collect::<Vec<_>>(), columns, "{table}");
    }
}

#[test]
fn a_dry_run_writes_nothing_and_show_gives_the_exact_text() {
    let input = folder();
    let output = input.path().join("output");
    fs::write(input.path().join("d.mov"), b"moov1234").unwrap();
    let planned =
        program().arg("run").arg(input.path()).arg("-o").arg(&output).arg("--dry-run").output().unwrap();
    assert_eq!(planned.status.code(), Some(0));
    assert!(!output.exists());
    let planned = String::from_utf8_lossy(&planned.stdout);
    assert!(
        planned.starts_with("4 files, ") && planned.contains("mov: 1 file, 8 bytes (not read)"),
        "{planned}"
    );
    assert!(planned.ends_with("time: less than a second\n"), "{planned}");
    assert!(!planned.contains("known from earlier runs"), "{planned}");
    run(input.path(), &output, &[]);
    let again =
        program().arg("run").arg(input.path()).arg("-o").arg(&output).arg("--dry-run").output().unwrap();
    let again = String::from_utf8_lossy(&again.stdout);
    assert!(again.contains("known from earlier runs: about 100 % of the text\n"), "{again}");
    let shown = program().args(["show", "--text"]).arg(input.path().join("c.txt")).output().unwrap();
    assert_eq!(shown.stdout, fs::read(input.path().join("c.txt")).unwrap());
}

#[test]
fn a_malformed_line_is_told_by_line_and_column_and_becomes_a_faulty_row() {
    let out = tempfile::tempdir().unwrap();
    let lines = "{\"id\":\"a\",\"text\":\"Wien\",\"x\": 1.50 }\n{\"id\":7,\"text\":\"\"}\n";
    let detected = program().arg("detect").write_stdin(lines).output().unwrap();
    assert_eq!(detected.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&detected.stderr).contains("line 2, column 7"), "{detected:?}");
    assert!(String::from_utf8_lossy(&detected.stdout).contains("\"x\":1.50"));
    program().arg("tabulate").arg("-o").arg(out.path()).write_stdin(detected.stdout).assert().code(1);
    assert_eq!(rows(out.path(), "documents.csv").len(), 2);
    let early = program().arg("recognize").write_stdin("{\"id\":\"a\",\"text\":\"\"}\n").output().unwrap();
    assert!(String::from_utf8_lossy(&early.stdout).contains("the layer language is missing"));
}

#[test]
fn foreign_fields_pass_all_filters_byte_for_byte() {
    let record = r#"{"zahl": 1.50 ,"text":"Wien","b" : {"x" : [1,  2]},"sentences":"drei","u":"\u00e9\/","foreign:id":null}"#;
    let mut lines = program().args(["read", "-"]).write_stdin(record).output().unwrap().stdout;
    for filter in ["detect", "segment", "recognize", "normalize", "detect"] {
        let ran = program().arg(filter).write_stdin(lines).output().unwrap();
        assert_eq!(ran.status.code(), Some(0), "{ran:?}");
        lines = ran.stdout;
    }
    let line = String::from_utf8(lines).unwrap();
    let foreign = r#","zahl":1.50,"b":{"x" : [1,  2]},"foreign:sentences":"drei","u":"\u00e9\/","foreign:foreign:id":null}"#;
    assert!(line.trim_end().ends_with(foreign), "{line}");
    assert!(line.contains(r#""surface":"Wien","label":"LOC""#), "{line}");
}

#[test]
fn news_become_tables() {
    let Some(news) = shared("corpus/news") else { return };
    let out = tempfile::tempdir().unwrap();
    assert_eq!(run(&news, out.path(), &[]), 0);
    let documents = rows(out.path(), "documents.csv");
    assert_eq!(documents.len(), 5);
    assert!(
        documents.iter().all(|row| &row[8] == "de" && &row[15] == "ok" && &row[13] != "0"),
        "{documents:?}"
    );
    for table in ["mentions.csv", "entities.csv", "forms.csv", "cooccurrences.csv", "ids.csv"] {
        assert!(!rows(out.path(), table).is_empty(), "{table}");
    }
    // A country is one row whatever its case ending: no two rows of one item, and none whose name is another's genitive.
    let places: Vec<_> =
        rows(out.path(), "entities.csv").into_iter().filter(|row| &row[2] == "LOC").collect();
    let mut items: Vec<&str> = places.iter().map(|row| &row[9]).filter(|item| !item.is_empty()).collect();
    let all = items.len();
    items.sort_unstable();
    items.dedup();
    assert_eq!(items.len(), all, "{places:?}");
    for row in &places {
        let genitive = format!("{}s", &row[1]);
        assert!(places.iter().all(|other| other[1] != genitive), "{genitive}");
    }
}

#[test]
fn protocols_become_tables() {
    let Some(protocols) = shared("corpus/bundestag") else { return };
    let (input, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut files: Vec<_> = fs::read_dir(protocols).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().take(3) {
        fs::copy(file, input.path().join(file.file_name().unwrap())).unwrap();
    }
    assert_eq!(run(input.path(), out.path(), &[]), 0);
    let documents = rows(out.path(), "documents.csv");
    assert_eq!(documents.iter().filter(|row| &row[8] == "de").count(), 3);
    for table in TABLES {
        let text = fs::read_to_string(out.path().join(table)).unwrap();
        for wrong in ["Ã¼", "Ã¤", "Ã¶", "ÃŸ", "\u{fffd}"] {
            assert!(!text.contains(wrong), "{table}: {wrong}");
        }
    }
}
