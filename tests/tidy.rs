//! The house rules that a compiler does not check: which way dependencies point, who does I/O, who prints, and how
//! long a file may be.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The modules each module may name, beside `document`, `stage` and `error`, which all may.
const MAY_USE: &[(&str, &[&str])] = &[
    ("document", &[]),
    ("stage", &[]),
    ("error", &[]),
    ("corpus", &[]),
    ("detect", &[]),
    ("segment", &[]),
    ("names", &[]),
    ("gazetteer", &["names"]),
    ("recognize", &["gazetteer", "names", "segment"]),
    ("normalize", &["gazetteer", "names"]),
    ("resolve", &["gazetteer", "names"]),
    ("evaluate", &["gazetteer", "names", "recognize", "resolve", "segment"]),
    ("wire", &[]),
    ("store", &["wire"]),
    ("tables", &["resolve", "segment", "wire"]),
    ("report", &["tables"]),
];
const CENTRAL: &[&str] = &["document", "stage", "error"];
/// Only these read or write files, beside `cli`: input, lists and models that a user names, and tables.
const MAY_DO_IO: &[&str] =
    &["corpus", "gazetteer", "recognize", "resolve", "evaluate", "wire", "store", "tables", "report"];
const MOST_LINES: usize = 600;

struct Source {
    path: PathBuf,
    module: String,
    /// The code without its unit tests and comments.
    code: String,
    lines: usize,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(folder).expect("a folder of src").map(|entry| entry.expect("an entry").path())
        {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            if entry.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let relative = entry.strip_prefix(&root).expect("inside src").to_owned();
            let module = relative.components().next().expect("a first part").as_os_str().to_string_lossy();
            let text = fs::read_to_string(&entry).expect("UTF-8 source");
            let code = text.split("#[cfg(test)]\nmod ").next().expect("split gives one").lines();
            let code =
                code.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            let is_tests = relative.file_stem().is_some_and(|stem| stem == "tests");
            sources.push(Source {
                module: module.trim_end_matches(".rs").to_owned(),
                path: relative,
                code: if is_tests { String::new() } else { code },
                lines: text.lines().count(),
            });
        }
    }
    assert!(sources.len() > 10, "the source folder was not found");
    sources
}

/// The crate's modules that a source names, through `crate::module` or `crate::{module, …}`.
fn named_modules(code: &str) -> Vec<String> {
    let mut named = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let mut depth = 0;
        let mut word = String::new();
        for letter in rest.chars() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 1 => break,
                '}' => depth -= 1,
                ',' | ' ' | '\n' if depth == 1 => named.push(std::mem::take(&mut word)),
                ':' | ';' | '(' | ')' | '<' if depth == 0 => break,
                letter if depth <= 1 => word.push(letter),
                _ => {}
            }
        }
        named.push(word);
    }
    let first = |word: &String| word.split("::").next().unwrap_or_default().to_owned();
    named.iter().map(first).filter(|module| !module.is_empty()).collect()
}

#[test]
fn dependencies_point_one_way() {
    let allowed: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        if matches!(source.module.as_str(), "cli" | "lib" | "main") {
            continue;
        }
        let may_use = allowed.get(source.module.as_str());
        let may_use = may_use.unwrap_or_else(|| panic!("{} has no rule in this test", source.module));
        for module in named_modules(&source.code) {
            let is_module = allowed.contains_key(module.as_str()) || module == "cli";
            let fine =
                module == source.module || CENTRAL.contains(&module.as_str()) || may_use.contains(&&*module);
            if is_module && !fine {
                wrong.push(format!("{} uses {module}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_command_line_prints() {
    for source in sources() {
        for word in ["println!", "eprintln!", "print!(", "eprint!(", "dbg!(", "std::env::args"] {
            let fine = matches!(source.module.as_str(), "cli" | "main") || !source.code.contains(word);
            assert!(fine, "{} holds {word}", source.path.display());
        }
    }
}

#[test]
fn only_the_edges_do_io() {
    for source in sources() {
        let edge =
            matches!(source.module.as_str(), "cli" | "main") || MAY_DO_IO.contains(&source.module.as_str());
        for word in ["std::fs", "fs::File", "File::open", "std::net", "std::process", "stdin(", "stdout("] {
            assert!(edge || !source.code.contains(word), "{} holds {word}", source.path.display());
        }
    }
}

#[test]
fn rust_bert_stays_behind_its_wall() {
    for source in sources() {
        let fine = source.path.ends_with("recognize/rust_bert.rs")
            || !["\nuse rust_bert", "\nuse tch", " tch::"].iter().any(|word| source.code.contains(word));
        assert!(fine, "{} names rust-bert or tch", source.path.display());
    }
}

#[test]
fn nothing_gives_up_by_panic() {
    for source in sources() {
        for word in [".unwrap()", "todo!(", "unimplemented!(", ".expect(\"\")"] {
            assert!(!source.code.contains(word), "{} holds {word}", source.path.display());
        }
    }
}

#[test]
fn every_file_can_be_held_in_the_head() {
    for source in sources() {
        assert!(source.lines <= MOST_LINES, "{} has {} lines", source.path.display(), source.lines);
    }
}

#[test]
fn the_rules_notice_a_breach() {
    assert_eq!(
        named_modules("use crate::{Error, names::{clean, keys}, tables};"),
        ["Error", "names", "tables"]
    );
    assert_eq!(named_modules("crate::cli::run()"), ["cli"]);
}
