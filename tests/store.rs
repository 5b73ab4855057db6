//! The store: nothing is worked on twice, whatever happens between two runs.

mod common;

use common::{TABLES, check, program, rows};
use serde_json::Value;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A recogniser small enough for tests; what it finds is nonsense, but always the same nonsense.
fn model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny-model")
}

/// The same with another calibration, so with other scores.
fn other_model(folder: &Path) -> PathBuf {
    for file in ["config.json", "model.safetensors", "tokenizer.json"] {
        fs::copy(model().join(file), folder.join(file)).unwrap();
    }
    let mut config: Value = serde_json::from_slice(&fs::read(folder.join("config.json")).unwrap()).unwrap();
    config["calibration"]["slope"] = 0.4.into();
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
    folder.to_owned()
}

/// Texts about made-up people in real places, each with words of its own.
fn corpus(documents: usize, sentences: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let places = ["Wien", "Kiew", "Graz", "Oslo", "Ankara", "Lissabon", "Nordkorea"];
    for document in 0..documents {
        let sentence = |number: usize| {
            let at = document * 31 + number * 7;
            let (from, to) = (places[at % 7], places[(at / 7) % 7]);
            format!(
                "Frau Weber{at} reiste am Montag aus {from} nach {to} und sprach mit {} Leuten. ",
                at % 90 + 2
            )
        };
        let text: String = (0..sentences).map(sentence).collect();
        fs::write(folder.path().join(format!("{document:03}.txt")), text).unwrap();
    }
    folder
}

fn command(input: &Path, output: &Path, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_namenlese"));
    // Inside the folder that holds the output, so that no settings or decisions of others are found.
    command.current_dir(output.parent().unwrap()).arg("run").arg(input).arg("-o").arg(output).args(flags);
    command.args(["--progress", "none"]).stdout(Stdio::null());
    command
}

/// Runs to the end; gives `work` of run.json.
fn run(input: &Path, output: &Path, flags: &[&str]) -> Value {
    let status = command(input, output, flags).status().unwrap();
    assert_eq!(status.code(), Some(0));
    let record: Value = serde_json::from_slice(&fs::read(output.join("run.json")).unwrap()).unwrap();
    record["work"].clone()
}

fn calls(work: &Value) -> u64 {
    work["recognizer_calls"].as_u64().unwrap()
}

fn from_store(work: &Value) -> (u64, u64) {
    let count = |name: &str| work["from_store"][name].as_u64().unwrap();
    (count("documents"), count("prepared"))
}

fn equal(a: &Path, b: &Path) {
    for table in TABLES {
        assert!(fs::read(a.join(table)).unwrap() == fs::read(b.join(table)).unwrap(), "{table} differs");
    }
}

#[test]
fn a_run_that_is_killed_again_and_again_comes_to_the_same() {
    let (input, out) = (corpus(40, 40), tempfile::tempdir().unwrap());
    let (whole, killed) = (out.path().join("whole"), out.path().join("killed"));
    let flags = ["--model", model().to_str().unwrap()].map(str::to_owned);
    let flags = flags.each_ref().map(String::as_str);
    let begun = Instant::now();
    assert_eq!(calls(&run(input.path(), &whole, &flags)), 80);
    let whole_time = begun.elapsed();
    let mut random = 12345_u64;
    for _ in 0..8 {
        let mut child = command(input.path(), &killed, &flags).spawn().unwrap();
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        // Moments from the start of the work to a little past its end: records are committed twice a second.
        thread::sleep(whole_time.mul_f64(0.3 + 0.9 * (random >> 33) as f64 / (1_u64 << 31) as f64));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let work = run(input.path(), &killed, &flags);
    assert!(from_store(&work).0 > 0, "{work}");
    assert_eq!(calls(&work), 80 - 2 * from_store(&work).0);
    equal(&whole, &killed);
    assert_eq!(calls(&run(input.path(), &killed, &flags)), 0);
    equal(&whole, &killed);
}

#[test]
fn only_what_changed_is_worked_on() {
    let (input, out) = (corpus(10, 3), tempfile::tempdir().unwrap());
    let (kept, afresh) = (out.path().join("kept"), out.path().join("afresh"));
    let flags = ["--model", "none"];
    let at = |name: &str| input.path().join(name);
    assert_eq!(calls(&run(input.path(), &kept, &flags)), 10);
    fs::rename(at("003.txt"), at("renamed.txt")).unwrap();
    fs::copy(at("004.txt"), at("copied.txt")).unwrap();
    fs::remove_file(at("005.txt")).unwrap();
    fs::write(at("006.txt"), "Heute schweigt Bratislava.").unwrap();
    fs::write(at("new.txt"), "Auch Ankara schweigt.").unwrap();
    let work = run(input.path(), &kept, &flags);
    assert_eq!((calls(&work), from_store(&work)), (2, (9, 0)));
    check(input.path(), &kept);
    run(input.path(), &afresh, &flags);
    for table in TABLES.iter().filter(|table| **table != "changes.csv") {
        assert_eq!(fs::read(kept.join(table)).unwrap(), fs::read(afresh.join(table)).unwrap(), "{table}");
    }
    let work = run(input.path(), &kept, &["--model", "none", "--fresh"]);
    assert_eq!((calls(&work), from_store(&work)), (11, (0, 0)));
    equal(&kept, &afresh);
}

#[test]
fn what_acts_on_tables_meets_no_stage_and_another_model_meets_recognition_alone() {
    let (input, out) = (corpus(6, 3), tempfile::tempdir().unwrap());
    let (output, other) = (out.path().join("output"), tempfile::tempdir().unwrap());
    let (model, other) = (model(), other_model(other.path()));
    let (model, other) = (model.to_str().unwrap(), other.to_str().unwrap());
    let first = run(input.path(), &output, &["--model", model]);
    assert_eq!((calls(&first), from_store(&first)), (12, (0, 0)));
    let scores = |output: &Path| -> Vec<String> {
        rows(output, "mentions.csv").iter().map(|row| row[9].to_owned()).collect()
    };
    let with_first = scores(&output);
    fs::write(out.path().join("decisions.csv"), "verdict,label,form_a,form_b\nrename,LOC,Wien,Vindobona\n")
        .unwrap();
    let later: [&[&str]; 5] = [
        &["--names-as", "en"],
        &["--min-score", "0.5", "--forms", "all"],
        &["--duplicates", "drop", "--no-text"],
        &["--threads", "1"],
        &["--decisions", "decisions.csv"],
    ];
    for flags in later {
        let work = run(input.path(), &output, &[&["--model", model], flags].concat());
        assert_eq!((calls(&work), from_store(&work)), (0, (6, 0)), "{flags:?}");
    }
    assert!(rows(&output, "entities.csv").iter().any(|row| &row[1] == "Vindobona"), "a decision acts");
    fs::remove_file(out.path().join("decisions.csv")).unwrap();
    let work = run(input.path(), &output, &["--model", other]);
    assert_eq!((calls(&work), from_store(&work)), (12, (0, 6)));
    assert_ne!(scores(&output), with_first);
    let work = run(input.path(), &output, &["--model", model]);
    assert_eq!((calls(&work), from_store(&work)), (0, (6, 0)), "back again");
    assert_eq!(scores(&output), with_first);
    let work = run(input.path(), &output, &["--model", model, "--assume", "en"]);
    assert_eq!(from_store(&work), (0, 0), "the language decides all that follows");
}

#[test]
fn a_damaged_store_is_told_and_replaced() {
    let (input, out) = (corpus(3, 3), tempfile::tempdir().unwrap());
    let output = out.path().join("output");
    run(input.path(), &output, &["--model", "none"]);
    fs::write(output.join("store.sqlite"), "something else").unwrap();
    let flags = ["--model", "none"];
    let ran = command(input.path(), &output, &flags).output().unwrap();
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(told.contains("store.sqlite is damaged: every document is worked on again"), "{told}");
    assert_eq!(ran.status.code(), Some(0));
    assert_eq!(calls(&run(input.path(), &output, &flags)), 0);
}

/// Whether a file below a folder holds some bytes, uncompressed.
fn holds(folder: &Path, bytes: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let content = fs::read(entry.unwrap().path()).unwrap();
        content.windows(bytes.len()).any(|window| window == bytes.as_bytes())
    })
}

#[test]
fn without_text_no_line_of_a_document_is_on_disk() {
    let (input, out) = (corpus(3, 3), tempfile::tempdir().unwrap());
    let (with, without) = (out.path().join("with"), out.path().join("without"));
    run(input.path(), &with, &["--model", "none"]);
    assert!(holds(&with, "reiste") && holds(&with, "Montag"));
    run(input.path(), &without, &["--model", "none", "--no-text"]);
    assert!(!holds(&without, "reiste") && !holds(&without, "Montag"));
    check(input.path(), &without);

    // Not even for a while: standard input stays open, so this run waits with all of its documents on disk.
    let input = corpus(60, 20);
    let mut lines = program().arg("read").arg(input.path()).output().unwrap().stdout;
    for filter in ["detect", "segment", "recognize", "normalize"] {
        lines = program().arg(filter).write_stdin(lines).output().unwrap().stdout;
    }
    for no_text in [false, true] {
        let waiting = out.path().join(if no_text { "silent" } else { "open" });
        let mut command = Command::new(env!("CARGO_BIN_EXE_namenlese"));
        command.args(["--progress", "none", "tabulate", "-o"]).arg(&waiting);
        command.args(no_text.then_some("--no-text")).stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut to = child.stdin.take().unwrap();
        to.write_all(&lines).unwrap();
        thread::sleep(Duration::from_millis(500));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(holds(&waiting, "Montag"), !no_text);
    }
}
