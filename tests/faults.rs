//! What `scripts/check-faults` has found, once mended, in small: signals, full disks, damaged stores, what killed runs leave.
#![cfg(all(unix, feature = "cli", feature = "xlsx"))]

#[allow(dead_code)] // Not every test needs all of it.
mod common;

use common::{TABLES, program, rows};
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

/// A folder to work in, with a folder of texts.
fn place(documents: usize) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("in")).unwrap();
    for number in 0..documents {
        let text = format!("Am {number}. Tag schwieg Wien, und auch Graz schwieg.\n");
        fs::write(place.path().join(format!("in/{number:03}.txt")), text).unwrap();
    }
    place
}

fn start(place: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_namenlese"));
    command.current_dir(place).args(["--model", "none", "--progress", "none"]).args(arguments);
    command
}

/// Runs over all texts, into `out`; gives what is told.
fn run(place: &Path, flags: &[&str], code: i32) -> String {
    let ran = start(place, &[&["run", "in", "-o", "out"], flags].concat()).output().unwrap();
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(code), "{told}");
    told
}

fn contents(folder: &Path) -> Vec<Vec<u8>> {
    TABLES.iter().map(|table| fs::read(folder.join(table)).unwrap()).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

/// By the lowest bit of the mask that Linux tells.
fn is_hangup_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).unwrap() & 1 == 1)
}

#[test]
fn sigterm_ends_a_run_in_order_and_sighup_is_left_alone() {
    for (signals, told, code) in [
        (&["TERM"][..], "namenlese: stopping after the documents in hand", Some(2)),
        (&["TERM", "TERM"], "another SIGTERM stops at once", Some(2)),
        (&["INT"], "press Ctrl-C again", Some(2)),
        // Who started the tests may have it ignored, as nohup does; that is left alone, too.
        (&["HUP"], "", if is_hangup_ignored() { Some(0) } else { None }),
    ] {
        let place = place(1);
        let mut child = start(place.path(), &["run", "-", "-o", "out"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut to = child.stdin.take().unwrap();
        to.write_all(b"Gestern schwieg Wien.\n").unwrap();
        while !place.path().join("out/store.sqlite").exists() {
            thread::sleep(Duration::from_millis(10));
        }
        for signal in signals {
            let sent = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
            assert!(sent.unwrap().success());
            thread::sleep(Duration::from_secs(1));
        }
        drop(to);
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        assert_eq!(status.code(), code, "{signals:?}");
        assert!(String::from_utf8_lossy(&stderr).contains(told), "{signals:?}");
        if signals.len() == 1 && code == Some(2) {
            assert!(!place.path().join("out/entities.csv").exists());
            assert!(names(&place.path().join("out")).iter().all(|name| !name.contains("partial")));
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_behind_standard_output_is_told_by_name() {
    let place = place(3);
    for arguments in [&["run", "in", "-o", "out"][..], &["read", "in"], &["formats"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let ran = start(place.path(), arguments).stdout(full).output().unwrap();
        let told = String::from_utf8_lossy(&ran.stderr);
        assert!(told.starts_with("namenlese: cannot write to standard output: No space left"), "{told}");
        assert_eq!((ran.status.code(), told.lines().count()), (Some(2), 1));
    }
    assert_eq!(rows(&place.path().join("out"), "documents.csv").len(), 3, "the tables are there");
}

#[test]
fn files_that_may_not_grow_end_a_run_in_words_and_tables_stay_whole() {
    let place = place(150);
    let out = place.path().join("out");
    run(place.path(), &[], 0);
    let whole = contents(&out);
    let (mut told_of, mut done) = (Vec::new(), 0);
    for limit in [0, 8, 16, 32, 48, 64, 96, 128, 160, 192, 256, 1024] {
        // A signal that is passed over leaves an error, as a full disk does.
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$@\"");
        let ran = Command::new("bash")
            .current_dir(place.path())
            .args(["-c", &script, "bash", env!("CARGO_BIN_EXE_namenlese"), "--model", "none"])
            .args(["run", "in", "-o", "out", "--tables", "xlsx"])
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        match ran.status.code() {
            Some(0) => done += 1,
            Some(2) => {
                assert!(
                    told.starts_with("namenlese: cannot ") && told.lines().count() == 1,
                    "{limit}: {told}"
                );
                told_of.push(told);
            }
            other => panic!("{limit}: {other:?}: {told}"),
        }
        assert!(contents(&out) == whole);
        assert!(names(&out).iter().all(|name| !name.contains("partial")));
    }
    let files = ["out/.documents.partial", "out/namenlese.xlsx"];
    assert!(files.iter().all(|file| told_of.iter().any(|told| told.contains(file))), "{told_of:?}");
    assert!(done > 0 && run(place.path(), &[], 0).is_empty());
}

fn database(place: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(place.join("out/store.sqlite")).unwrap()
}

#[test]
fn damage_in_a_store_is_told_and_gone_after_a_run() {
    let place = place(5);
    run(place.path(), &[], 0);
    let whole = contents(&place.path().join("out"));
    let damaged = "store.sqlite is damaged: every document is worked on again";
    let changes = [
        (
            "UPDATE record SET checksum = zeroblob(16) WHERE rowid = 1",
            "of 1 document was damaged: worked on again; --fresh makes a new store",
        ),
        ("ALTER TABLE record RENAME COLUMN checksum TO sum", damaged),
        ("DROP TABLE record", damaged),
    ];
    for (change, expected) in changes {
        database(place.path()).execute_batch(change).unwrap();
        let told = run(place.path(), &[], 0);
        assert!(told.contains(expected), "{change}: {told}");
        assert_eq!(run(place.path(), &[], 0), "", "{change}");
        assert!(contents(&place.path().join("out")) == whole);
    }
    fs::write(place.path().join("out/store.sqlite"), "S").unwrap();
    assert!(run(place.path(), &[], 0).contains(damaged));
    assert_eq!(run(place.path(), &[], 0), "");
}

#[test]
fn what_a_killed_run_has_left_is_gone_after_the_next() {
    let place = place(2);
    let out = place.path().join("out");
    run(place.path(), &["--tables", "brat"], 0);
    // Killed between two renames: the old folder has stepped aside, the new one waits.
    fs::rename(out.join("brat"), out.join("brat.old.partial")).unwrap();
    fs::create_dir(out.join(".brat.partial")).unwrap();
    for file in
        [".documents.partial", ".mentions.csv.partial", ".brat.partial/000.txt", ".report.html.partial"]
    {
        fs::write(out.join(file), "Wien").unwrap();
    }
    run(place.path(), &["--tables", "brat"], 0);
    assert!(out.join("brat/000.txt.ann").exists() || out.join("brat").read_dir().unwrap().count() > 0);
    assert!(names(&out).iter().all(|name| !name.contains("partial")), "{:?}", names(&out));
}

#[test]
fn a_run_that_was_killed_after_its_ids_still_tells_what_changed() {
    let place = place(2);
    let out = place.path().join("out");
    fs::write(place.path().join("in/000.txt"), "Gestern schwieg Ankara.").unwrap();
    run(place.path(), &[], 0);
    let before = fs::read(out.join("ids.csv")).unwrap();
    fs::write(place.path().join("in/000.txt"), "Gestern schwieg Oslo.").unwrap();
    run(place.path(), &[], 0);
    let whole = contents(&out);
    assert!(rows(&out, "changes.csv").iter().any(|row| &row[2] == "Ankara"));
    // As it is while other forms of the tables are written.
    fs::write(out.join(".ids.before.csv"), before).unwrap();
    run(place.path(), &[], 0);
    assert!(contents(&out) == whole);
    assert!(!out.join(".ids.before.csv").exists());
    run(place.path(), &[], 0);
    assert!(rows(&out, "changes.csv").is_empty());
}

#[test]
fn a_file_that_changes_while_it_is_read_is_told() {
    let place = place(0);
    let file: PathBuf = place.path().join("in/a.jsonl");
    fs::write(&file, "{\"text\":\"Gestern schwieg Wien.\"}\n".repeat(200_000)).unwrap();
    let mut reading = start(place.path(), &["read", "in"]).stdout(Stdio::piped()).spawn().unwrap();
    // It waits for somebody to take what it has read.
    thread::sleep(Duration::from_millis(500));
    File::options().append(true).open(&file).unwrap().write_all(b"{\"text\":\"Spaeter\"}\n").unwrap();
    let mut lines = String::new();
    std::io::Read::read_to_string(&mut reading.stdout.take().unwrap(), &mut lines).unwrap();
    assert_eq!(reading.wait().unwrap().code(), Some(1));
    let last = lines.lines().last().unwrap();
    assert!(last.contains("in/a.jsonl changed while it was read"), "{last}");
    let again = program().arg("read").arg(&file).output().unwrap();
    assert_eq!(again.status.code(), Some(0));
}
