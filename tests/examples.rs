//! Every example runs and prints what it is meant to show.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

const EXAMPLES: [(&str, &str, &str); 8] = [
    ("compare_names", "", "Kim Jong-il: different\n"),
    ("custom_reader", "", "september.clippings#2 (clippings): Gipfel, read\n"),
    ("custom_recognizer", "", "Österreichs LOC Österreich\nNL-2041 OTH NL-2041\n"),
    ("custom_stage", "", "a: NATO ORG\na: OSZE ORG\n"),
    ("detect_language", "", "de (Latn)\nru: Городской совет"),
    ("stream", "", "5 documents\nNordkorea: 2\n"),
    ("tables_only", "", "entities: Sergej Schoigu, PER, 3, 2\n"),
    (
        "tag_words",
        r#"{"text": "In Wien.", "sentences": [[0, 8]], "words": [[0, 2], [3, 7], [7, 8]]}"#,
        r#"[[3,7,"LOC""#,
    ),
];

#[test]
fn every_example_shows_what_it_should() {
    for (name, input, shown) in EXAMPLES {
        let mut cargo = Command::new(env!("CARGO"));
        let run = cargo.args(["run", "--locked", "--quiet", "--example", name]);
        let mut run = run.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("cargo starts");
        let mut stdin = run.stdin.take().expect("it is a pipe");
        // An example that reads nothing may have ended already.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = run.wait_with_output().expect("it ends");
        let printed = String::from_utf8(output.stdout).expect("text");
        assert!(output.status.success() && printed.contains(shown), "{name}: {printed}");
    }
}

#[test]
fn no_example_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).expect("the examples").map(|entry| entry.expect("a file").path());
    let found: BTreeSet<_> = files.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect();
    assert_eq!(found, EXAMPLES.map(|(name, ..)| name.to_owned()).into());
}
