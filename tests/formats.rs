//! One article in every format, and what formats say beside their text.
#![cfg(all(feature = "cli", feature = "mail", feature = "office", feature = "pdf"))]

mod common;
mod pack;

use common::{check, rows, text_of};
use pack::{bz2, gz, tar, zip, zst};
use std::{collections::BTreeMap, fs, path::Path, process::Command};

/// Files that real programs made of the article are kept beside it; `scripts/office-quality` and `scripts/page-quality`
/// make them.
const ARTICLE: &str = include_str!("data/article/article.txt");

fn paragraphs() -> Vec<&'static str> {
    ARTICLE.trim_end().split("\n\n").collect()
}

/// The article in all formats, by the name of its file.
fn files() -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut add = |name: &str, bytes: &[u8]| files.insert(name.to_owned(), bytes.to_owned());
    let text = ARTICLE.as_bytes();
    let json = serde_json::json!({ "text": ARTICLE, "ressort": "Ausland" }).to_string();
    let quoted = format!("\"{ARTICLE}\"");
    let body: String = paragraphs().iter().map(|one| format!("<p>{one}</p>\n")).collect();
    let page = format!(
        "<!doctype html><meta charset=utf-8><title>Blatt</title><body><article>{body}</article></body>"
    );
    let mail = format!(
        "From: Redaktion <r@example.org>\nSubject: Meldung\nDate: Tue, 12 Sep 2023 10:00:00 +0200\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{ARTICLE}"
    );
    let sentences = ARTICLE.replace("\n\n", " ").replace(". ", ".\n");
    let cue = |(number, line): (usize, &str)| {
        let time = |second: usize| format!("00:{:02}:{:02}", second / 60, second % 60);
        (number + 1, format!("{},000 --> {},500", time(number * 5), time(number * 5 + 4)), line.to_owned())
    };
    let cues: Vec<_> = sentences.lines().enumerate().map(cue).collect();
    let srt: String =
        cues.iter().map(|(number, time, line)| format!("{number}\n{time}\n{line}\n\n")).collect();
    let vtt: String =
        cues.iter().map(|(_, time, line)| format!("{}\n{line}\n\n", time.replace(',', "."))).collect();
    add("a.txt", text);
    add("a.md", text);
    add("a.html", page.as_bytes());
    add("a.jsonl", json.as_bytes());
    add("a.json", format!("[{json}]").as_bytes());
    add("a.csv", format!("ressort,text\nAusland,{quoted}\n").as_bytes());
    add("semikolon.csv", format!("text;ressort\r\n{quoted};Ausland\r\n").as_bytes());
    add("a.tsv", format!("ressort\ttext\nAusland\t{}\n", ARTICLE.replace("\n", " ")).as_bytes());
    add("a.eml", mail.as_bytes());
    add("a.mbox", format!("From r@example.org Tue Sep 12 10:00:00 2023\n{mail}").as_bytes());
    add("a.srt", srt.as_bytes());
    add("a.vtt", format!("WEBVTT\n\n{vtt}").as_bytes());
    add("a.txt.gz", &gz(text));
    add("a.txt.bz2", &bz2(text));
    add("a.txt.zst", &zst(text));
    add("a.zip", &zip(&[("ordner/a.txt", text)]));
    add("a.tar", &tar(&[("ordner/a.txt", text)]));
    add("a.tgz", &gz(&tar(&[("a.txt", text)])));
    add("a.tar.bz2", &bz2(&tar(&[("a.txt", text)])));
    add("a.tar.zst", &zst(&tar(&[("a.txt", text)])));
    add("nest.zip", &zip(&[("b.tar.gz", &gz(&tar(&[("c.jsonl.zst", &zst(json.as_bytes()))])))]));
    let chapter = format!("<html xmlns='http://www.w3.org/1999/xhtml'><body>{body}</body></html>");
    add(
        "a.epub",
        &zip(&[
            ("mimetype", b"application/epub+zip"),
            ("META-INF/container.xml", b"<container><rootfiles><rootfile full-path='b.opf'/></rootfiles></container>"),
            (
                "b.opf",
                b"<package><metadata/><manifest><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/></manifest>\
                  <spine><itemref idref='a'/></spine></package>",
            ),
            ("a.xhtml", chapter.as_bytes()),
        ]),
    );
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/article");
    for entry in fs::read_dir(made).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|ending| ending != "txt") {
            add(entry.file_name().unwrap().to_str().unwrap(), &fs::read(&entry).unwrap());
        }
    }
    files
}

#[test]
fn one_article_gives_the_same_mentions_in_every_format() {
    let (input, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let files = files();
    for (name, bytes) in &files {
        fs::write(input.path().join(name), bytes).unwrap();
    }
    // With the trained recogniser, if the build has it: it looks at whole sentences.
    let ran = Command::new(env!("CARGO_BIN_EXE_namenlese"))
        .arg("run")
        .arg(input.path())
        .arg("-o")
        .arg(out.path())
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    check(input.path(), out.path());
    let documents = rows(out.path(), "documents.csv");
    assert_eq!(documents.len(), files.len(), "{documents:?}");
    let mut mentions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows(out.path(), "mentions.csv") {
        let surface = row[5].split_whitespace().collect::<Vec<_>>().join(" ");
        let mention = [&surface, &row[6], &row[8], &row[11]].map(str::to_owned).join(" | ");
        mentions.entry(row[0].to_owned()).or_default().push(mention);
    }
    let expected = &mentions["a.txt"];
    assert!(expected.len() >= 15, "{expected:?}");
    for document in &documents {
        assert_eq!(mentions.get(&document[0]), Some(expected), "{document:?}");
    }
    let ids: Vec<_> = documents.iter().map(|row| row[0].to_owned()).collect();
    for id in ["a.txt.gz", "a.zip#ordner/a.txt", "a.csv#2", "a.mbox#1", "nest.zip#b.tar.gz#c.jsonl.zst#1"] {
        assert!(ids.iter().any(|known| known == id), "{id} {ids:?}");
    }
    let header = csv::Reader::from_path(out.path().join("documents.csv")).unwrap().headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|known| known == name).unwrap();
    let of = |id: &str, name: &str| {
        documents.iter().find(|row| &row[0] == id).map(|row| row[column(name)].to_owned()).unwrap()
    };
    assert_eq!((of("a.csv#2", "ressort"), of("a.jsonl#1", "ressort")), ("Ausland".into(), "Ausland".into()));
    assert_eq!(
        (of("a.eml", "from"), of("a.eml", "date")),
        ("Redaktion <r@example.org>".into(), "2023-09-12".into())
    );
}

/// A text without its lines: white space is one blank, words broken at line ends are closed.
fn plain(text: &str) -> String {
    let closed = text.split_inclusive('\n').fold(String::new(), |mut closed, line| {
        closed.push_str(line);
        if let Some(word) = closed.trim_end_matches('\n').strip_suffix('-')
            && word.ends_with(char::is_lowercase)
        {
            closed = word.to_owned();
        }
        closed
    });
    closed.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn real_programs_files_give_the_article_to_the_letter() {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/article");
    let mut read = 0;
    for entry in fs::read_dir(made).unwrap().map(|entry| entry.unwrap().path()) {
        assert_eq!(plain(&text_of(&entry)), plain(ARTICLE), "{entry:?}");
        read += 1;
    }
    assert!(read >= 6);
}
