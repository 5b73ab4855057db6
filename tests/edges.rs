//! The program where things go wrong: refusals, interruptions, readers that go away.

mod common;

use common::{program, rows, text_of};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Runs the program; gives its exit status and what it wrote to standard output and standard error.
fn told(arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> (Option<i32>, String, String) {
    let mut command = program();
    for argument in arguments {
        command.arg(argument.as_ref());
    }
    let ran = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (ran.status.code(), text(&ran.stdout), text(&ran.stderr))
}

fn start(arguments: &[&str], output: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_namenlese"));
    command.args(arguments).arg(output).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn wait(child: &mut Child) -> ExitStatus {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(30) {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    panic!("the program did not end");
}

#[test]
fn settings_that_cannot_be_followed_are_told_with_their_place() {
    let files = folder(&[("a.txt", "Wien"), ("s.toml", "languages = [\"de\"]\nthreads = \"two\"\n")]);
    let (input, config) = (files.path().join("a.txt"), files.path().join("s.toml"));
    let (status, _, error) = told(&[&"run", &input, &"--config", &config]);
    assert_eq!(status, Some(2));
    assert!(error.contains("s.toml: line 2, column 11: invalid type: string \"two\""), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    for (flags, message) in [
        (["--threads", "100000"], "threads is more than 1024"),
        (["--min-score", "1.5"], "min-score is not between 0 and 1"),
        (["--assume", "deutsch"], "is no language code"),
        (["--languages", "xx"], "cannot be told"),
        (["--encoding", "klingon"], "unknown encoding"),
        (["--include", "["], "bad glob"),
        (["--gazetteer", "nowhere.csv"], "nowhere.csv"),
        (["--decisions", "nowhere.csv"], "nowhere.csv"),
        (["--config", "nowhere.toml"], "nowhere.toml"),
    ] {
        let (status, _, error) =
            told(&[&"run", &input, &"-o", &files.path().join("o"), &flags[0], &flags[1]]);
        assert_eq!(status, Some(2), "{flags:?}");
        assert!(error.contains(message), "{flags:?}: {error}");
        assert!(!files.path().join("o").exists(), "{flags:?}");
    }
}

#[test]
fn a_folder_is_not_both_read_and_written_to() {
    let files = folder(&[("a.txt", "Wien")]);
    let (status, _, error) = told(&[&"run", &files.path(), &"-o", &files.path().join(".")]);
    assert_eq!(status, Some(2));
    assert!(error.contains("cannot be both read and written to"), "{error}");
    let (status, _, error) = told(&[&"run", &files.path(), &"-o", &files.path().join("a.txt")]);
    assert_eq!(status, Some(2));
    assert!(error.contains("cannot write"), "{error}");
}

#[test]
fn a_record_is_shown_by_its_name() {
    let lines = "{\"text\":\"Wien\",\"id\":\"a#b\"}\n{\"text\":\"Graz\\r\\n\"}\n";
    let files = folder(&[("x#y.jsonl", lines)]);
    let at = |record: &str| PathBuf::from(format!("{}/x#y.jsonl{record}", files.path().display()));
    assert_eq!(text_of(&at("#a#b")), "Wien");
    assert_eq!(text_of(&at("#2")), "Graz\r\n");
    let (status, _, error) = told(&[&"show", &"--text", &at("")]);
    assert_eq!(status, Some(2));
    assert!(error.contains("several documents; name one, such as x#y.jsonl#2"), "{error}");
    let (status, _, error) = told(&[&"show", &at("#3")]);
    assert_eq!(status, Some(2));
    assert!(error.contains("there is no such document"), "{error}");
}

#[test]
fn two_documents_of_one_id_are_a_faulty_row() {
    let out = tempfile::tempdir().unwrap();
    let line = "{\"id\":\"a\",\"text\":\"Wien\"}\n";
    program().arg("tabulate").arg("-o").arg(out.path()).write_stdin(line.repeat(3)).assert().code(1);
    let documents = rows(out.path(), "documents.csv");
    let found: Vec<_> = documents.iter().map(|row| (&row[0], &row[15])).collect();
    assert_eq!(found, [("a", "ok"), ("a~2", "faulty"), ("a~3", "faulty")]);
    assert!(documents[1][16].contains("another document has the id a"), "{:?}", documents[1]);
}

#[test]
fn odd_files_are_rows() {
    let files =
        folder(&[("leer.txt", ""), ("nur-zeilen.txt", "\r\r\n"), ("lang.txt", &"Wien ".repeat(20_000))]);
    fs::write(files.path().join("marke.txt"), b"\xEF\xBB\xBF").unwrap();
    fs::write(files.path().join("programm.txt"), b"\x7FELF\x02\x01\x01\0\0").unwrap();
    fs::write(files.path().join("lautlos.txt"), b"W\x00i\x00e\x00n\x00").unwrap();
    let out = files.path().join("output");
    assert_eq!(told(&[&"run", &files.path(), &"-o", &out]).0, Some(1));
    common::check(files.path(), &out);
    let found: Vec<(String, String, String)> = rows(&out, "documents.csv")
        .iter()
        .map(|row| (row[0].to_owned(), row[11].to_owned(), row[15].to_owned()))
        .collect();
    let found: Vec<_> =
        found.iter().map(|(id, characters, status)| (&**id, &**characters, &**status)).collect();
    assert_eq!(
        found,
        [
            ("lang.txt", "100000", "ok"),
            ("lautlos.txt", "4", "ok"),
            ("leer.txt", "0", "ok"),
            ("marke.txt", "0", "ok"),
            ("nur-zeilen.txt", "3", "ok"),
            ("programm.txt", "0", "faulty"),
        ]
    );
}

#[test]
fn progress_is_told_on_standard_error_and_the_summary_on_standard_output() {
    let files = folder(&[("a.txt", "Wien"), ("b.png", "")]);
    let out = files.path().join("output");
    let (_, summary, progress) = told(&[&"run", &files.path(), &"-o", &out, &"--progress", &"json"]);
    let last: serde_json::Value = serde_json::from_str(progress.lines().last().unwrap()).unwrap();
    assert_eq!((&last["documents"], &last["faulty"]), (&2.into(), &1.into()));
    assert!(summary.starts_with("documents"), "{summary}");
    assert!(summary.contains("first: b.png: format png is not read by this version"), "{summary}");
    let (_, _, progress) = told(&[&"run", &files.path(), &"-o", &out, &"--progress", &"plain"]);
    assert!(progress.starts_with("2 documents, 1 faulty"), "{progress}");
    for quiet in ["none", "auto"] {
        assert_eq!(told(&[&"run", &files.path(), &"-o", &out, &"--progress", &quiet]).2, "");
    }
}

#[test]
fn readers_that_go_away_are_no_failure() {
    let text = format!("{{\"text\":\"{}\"}}\n", "Wien ".repeat(200));
    let files = folder(&[("a.jsonl", &text.repeat(2000))]);
    let mut reading = start(&["read"], files.path());
    let mut first = String::new();
    BufReader::new(reading.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("{\"id\":\"a.jsonl#1\""), "{first}");
    let status = wait(&mut reading);
    let mut error = String::new();
    reading.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!((status.code(), error.as_str()), (Some(0), ""));

    let mut complaining = start(&["detect", "--progress", "json", "--config"], Path::new("/dev/null"));
    drop(complaining.stderr.take());
    complaining.stdin.take().unwrap().write_all(b"{\"id\":7}\n").unwrap();
    assert_eq!(wait(&mut complaining).code(), Some(1));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_waiting_filter_and_leaves_the_tables() {
    let files = folder(&[("a.txt", "Wien")]);
    let out = files.path().join("output");
    assert_eq!(told(&[&"run", &files.path(), &"-o", &out]).0, Some(0));
    let before = fs::read(out.join("mentions.csv")).unwrap();
    let mut waiting = start(&["tabulate", "-o"], &out);
    let mut input = waiting.stdin.take().unwrap();
    input.write_all(b"{\"id\":\"b\",\"text\":\"Graz\"}\n").unwrap();
    let partial = out.join(".documents.partial");
    let begun = Instant::now();
    while !partial.exists() && begun.elapsed() < Duration::from_secs(30) {
        thread::sleep(Duration::from_millis(10));
    }
    let (status, _, error) = told(&[&"run", &files.path(), &"-o", &out]);
    assert_eq!(status, Some(2), "two runs into one folder");
    assert!(error.contains("another run is writing to"), "{error}");
    let kill = Command::new("kill").args(["-INT", &waiting.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(wait(&mut waiting).code(), Some(2));
    drop(input);
    let mut error = String::new();
    waiting.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert!(error.contains("the tables in") && error.contains("are as they were"), "{error}");
    assert_eq!(fs::read(out.join("mentions.csv")).unwrap(), before);
    assert!(!partial.exists());
}

#[test]
#[cfg(unix)]
fn what_cannot_be_written_is_told_and_the_tables_are_as_they_were() {
    let (input, out) = (folder(&[("a.txt", "Kiew schweigt.")]), tempfile::tempdir().unwrap());
    let output = out.path().join("output");
    assert_eq!(told(&[&"run", &input.path(), &"-o", &output]).0, Some(0));
    let tables = || -> Vec<(PathBuf, Vec<u8>)> {
        let files = fs::read_dir(&output).unwrap().map(|entry| entry.unwrap().path());
        let mut tables: Vec<_> =
            files.filter(|path| path.extension().is_some_and(|ending| ending == "csv")).collect();
        tables.sort();
        tables.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    };
    let before = tables();
    for number in 0..200 {
        let text = format!("Bericht {number}: Wien, Kiew, Oslo und Graz tagten, Ankara schwieg. ").repeat(10);
        fs::write(input.path().join(format!("{number}.txt")), text).unwrap();
    }
    // A file may grow to so many blocks of 512 bytes: too few for the spool, for a table, for the store.
    for blocks in [8, 64, 300] {
        let command =
            format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" run \"$1\" -o \"$2\" --model none");
        let ran = Command::new("sh")
            .args(["-c", &command, env!("CARGO_BIN_EXE_namenlese")])
            .args([input.path(), &output])
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{blocks}: {error}");
        assert!(error.starts_with("namenlese: cannot "), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(tables() == before, "{blocks}");
    }
    assert_eq!(told(&[&"run", &input.path(), &"-o", &output]).0, Some(0));
}

#[test]
fn packages_get_pages_completions_and_licences() {
    let out = folder(&[("file", "")]);
    let (status, _, told_of) = told(&[&"man", &out.path().join("pages")]);
    assert_eq!((status, told_of.as_str()), (Some(0), ""));
    let page = fs::read_to_string(out.path().join("pages/namenlese-run.1")).unwrap();
    assert!(page.contains(".TH") && page.contains("gazetteer"));
    assert!(out.path().join("pages/namenlese.1").exists());
    let (status, _, told_of) = told(&[&"man", &out.path().join("file")]);
    assert_eq!((status, told_of.lines().count()), (Some(2), 1), "{told_of}");

    let (status, script, _) = told(&[&"completions", &"bash"]);
    assert!(status == Some(0) && script.contains("--gazetteer") && script.contains("tabulate"));
    assert_eq!(told(&[&"completions", &"abacus"]).0, Some(2));

    let (status, listed, _) = told(&[&"licenses"]);
    assert!(status == Some(0) && listed.contains("GeoNames") && listed.contains("serde_json"));
    let (_, texts, _) = told(&[&"licenses", &"--texts"]);
    assert!(texts.contains("Mozilla Public License Version 2.0") && texts.len() > 10 * listed.len());
}
