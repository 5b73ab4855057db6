//! A folder of inputs that are damaged, lie about themselves or were made to do harm: each is a row with its reason, all
//! others are read, and nothing is written outside the output folder.
#![cfg(all(unix, feature = "cli", feature = "mail", feature = "office", feature = "pdf"))]

mod common;
mod pack;

use common::{check, program, rows};
use pack::{bz2, gz, tar, zip, zst};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, symlink},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::Command,
};

const MOST: usize = 1_000_000;

/// A PDF of these objects, numbered from 1, of which the first is its root.
fn pdf_of(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n").bytes().chain(object.iter().copied()).chain(*b"\nendobj\n"));
    }
    let table: String = places.iter().map(|place| format!("{place:010} 00000 n \n")).collect();
    let (size, at) = (objects.len() + 1, bytes.len());
    let end = format!(
        "xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n"
    );
    bytes.extend(end.bytes());
    bytes
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<< /Length {} {dictionary} >>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// A PDF of one page (object 3) with these entries, its drawing (object 4), and more objects from 5 on.
fn page(entries: &str, drawing: Vec<u8>, more: Vec<Vec<u8>>) -> Vec<u8> {
    let page = format!("<< /Type /Page /MediaBox [0 0 612 792] /Contents 4 0 R {entries} >>");
    let first = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        page.into_bytes(),
        drawing,
    ];
    pdf_of(&[first.to_vec(), more].concat())
}

/// A page as PDF, with what is drawn on it as it stands in the file.
fn pdf(drawing: &[u8], filter: &str) -> Vec<u8> {
    page("/Parent 2 0 R /Resources << >>", stream(filter, drawing), vec![])
}

/// A page whose drawing draws another one, and that the next, each twice; the last draws the first again, or nothing.
fn laughing(levels: usize, again: bool) -> Vec<u8> {
    let form = |number: usize| {
        let (next, drawing) = match number < levels {
            true => (6 + number, "/X Do /X Do"),
            false => (5, if again { "/X Do" } else { "q Q" }),
        };
        let names = format!("/Subtype /Form /Resources << /XObject << /X {next} 0 R >> >>");
        stream(&names, drawing.as_bytes())
    };
    page(
        "/Parent 2 0 R /Resources << /XObject << /X 5 0 R >> >>",
        stream("", b"/X Do"),
        (0..=levels).map(form).collect(),
    )
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut to, bytes).unwrap();
    to.finish().unwrap()
}

/// A zip archive whose members claim to need a password.
fn locked() -> Vec<u8> {
    let mut bytes = zip(&[("geheim.txt", b"Wien")]);
    for (signature, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = bytes.windows(4).position(|four| four == signature).unwrap();
        bytes[at + flags] |= 1;
    }
    bytes
}

/// Inputs by name, the id of the row that must be faulty, and a part of its reason.
fn faulty() -> Vec<(&'static str, Vec<u8>, &'static str, &'static str)> {
    let docx = |document: &str| {
        zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())])
    };
    let whole = include_bytes!("data/article/libreoffice.pdf");
    let zeros = vec![0; 40 * MOST];
    let mut deep = b"Wien".to_vec();
    for _ in 0..12 {
        deep = gz(&deep);
    }
    let mut nested = b"Subject: innen\nFrom: a@example.org\n\nWien.".to_vec();
    for _ in 0..12 {
        let head = b"Subject: aussen\nFrom: a@example.org\nContent-Type: message/rfc822\n\n";
        nested = [&head[..], &nested].concat();
    }
    let cut = |bytes: Vec<u8>| bytes[..bytes.len() * 2 / 3].to_vec();
    let noise: Vec<u8> =
        (0..30_000u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let longer = "larger than a document may be (1 MB, see --max-document-size)";
    vec![
        ("gross.txt", b"Wien. ".repeat(MOST / 5), "gross.txt", longer),
        ("bombe.txt.gz", gz(&zeros), "bombe.txt.gz", longer),
        ("bombe.zip", zip(&[("a.txt", &zeros), ("b.txt", b"Wien")]), "bombe.zip#a.txt", longer),
        (
            "bombe.jsonl.bz2",
            bz2(&b"\n".repeat(40 * MOST)),
            "bombe.jsonl.bz2",
            "more than 1000 times as large as the file",
        ),
        ("bombe.docx", docx(&format!("<a>{}</a>", " ".repeat(2 * MOST))), "bombe.docx", longer),
        ("bombe.pdf", pdf(&deflated(&b" ".repeat(3 * MOST)), "/Filter /FlateDecode"), "bombe.pdf", longer),
        (
            "objekte.pdf",
            page(
                "/Parent 2 0 R",
                stream("", b""),
                vec![stream(
                    "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode",
                    &deflated(&b" ".repeat(3 * MOST)),
                )],
            ),
            "objekte.pdf",
            longer,
        ),
        (
            "zeilen.pdf",
            page(
                "/Parent 2 0 R",
                stream(
                    "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 99999999999 >>",
                    &deflated(b"\x02 "),
                ),
                vec![],
            ),
            "zeilen.pdf",
            "rows that are too long",
        ),
        (
            "buchstaben.pdf",
            page(
                "/Parent 2 0 R /Resources << /Font << /F 5 0 R >> >>",
                stream("", b"BT /F 9 Tf (Wien) Tj ET"),
                vec![
                    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>".to_vec(),
                    stream("", b"1 beginbfrange\n<00000000> <FFFFFFFF> <0041>\nendbfrange\n"),
                ],
            ),
            "buchstaben.pdf",
            "a table of more letters than there are",
        ),
        ("schlinge.pdf", laughing(1, true), "schlinge.pdf", "drawings inside drawings without end"),
        ("turm.pdf", laughing(100, false), "turm.pdf", "drawings inside drawings without end"),
        (
            "lachen.pdf",
            laughing(40, false),
            "lachen.pdf",
            "reading it takes longer than a document may take (8 s, see --max-document-time)",
        ),
        (
            "eltern.pdf",
            page("/Parent 3 0 R", stream("", b"BT (Wien) Tj ET"), vec![]),
            "eltern.pdf",
            "folders without end",
        ),
        (
            "tief.txt.gz.gz.gz.gz.gz.gz.gz.gz.gz.gz.gz.gz",
            deep,
            "tief.txt.gz.gz.gz.gz.gz.gz.gz.gz.gz.gz.gz.gz",
            "more than 8 archives or mails inside one another",
        ),
        (
            "hinaus.zip",
            zip(&[("../hinaus-zip.txt", b"Wien"), ("drin.txt", b"Wien")]),
            "hinaus.zip#../hinaus-zip.txt",
            "leads out of the archive",
        ),
        (
            "hinaus.tar",
            tar(&[("a/../../hinaus-tar.txt", b"Wien")]),
            "hinaus.tar#a/../../hinaus-tar.txt",
            "leads out of the archive",
        ),
        (
            "spalte.csv",
            b"id,inhalt\n1,Wien\n".to_vec(),
            "spalte.csv",
            "there is no column text, body or content; --text-column can name one of: id, inhalt",
        ),
        (
            "zitat.csv",
            [b"id,text\n1,Wien\n2,\"offen\n".to_vec(), b"x,y\n".repeat(MOST / 3)].concat(),
            "zitat.csv",
            "a quote is never closed",
        ),
        (
            "zellen.csv",
            b"id,text\n1,Wien\n2,Graz,und,mehr\n".to_vec(),
            "zellen.csv#3",
            "the row has 4 cells, the header 2",
        ),
        (
            "zeile.jsonl",
            b"{\"text\":\"Wien\"}\n{\"text\": \n{\"text\":\"Graz\"}\n".to_vec(),
            "zeile.jsonl#2",
            "line 2, column",
        ),
        ("halb.jsonl", b"{\"text\":\"\\ud83d Wien\"}\n".to_vec(), "halb.jsonl#1", "lone surrogate"),
        ("ende.json", b"[{\"text\":\"Wien\"},".to_vec(), "ende.json", "the file ends inside an array"),
        ("passwort.zip", locked(), "passwort.zip#geheim.txt", "protected by a password"),
        (
            "passwort.pdf",
            include_bytes!("data/hostile/password.pdf").to_vec(),
            "passwort.pdf",
            "protected by a password",
        ),
        (
            "passwort.docx",
            [&b"\xD0\xCF\x11\xE0"[..], &noise].concat(),
            "passwort.docx",
            "protected by a password",
        ),
        (
            "passwort.odt",
            zip(&[("META-INF/manifest.xml", b"<m:encryption-data/>"), ("content.xml", &noise)]),
            "passwort.odt",
            "protected by a password",
        ),
        ("scan.pdf", pdf(b"0 0 612 792 re f", ""), "scan.pdf", "pictures without a text layer"),
        ("ende.pdf", whole[..whole.len() / 2].to_vec(), "ende.pdf", "the PDF is damaged"),
        ("ende.txt.gz", cut(gz(&noise)), "ende.txt.gz", "damaged or end too early"),
        ("ende.txt.zst", cut(zst(&noise)), "ende.txt.zst", "damaged or end too early"),
        ("ende.zip", cut(zip(&[("a.txt", &noise)])), "ende.zip", "zip"),
        (
            "ende.tar",
            cut(tar(&[("a.txt", &b"Wien. ".repeat(500))])),
            "ende.tar#a.txt",
            "the archive ends inside this file",
        ),
        (
            "lachen.docx",
            docx("<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;\">]><a><t>&c;</b>"),
            "lachen.docx",
            "the XML inside is damaged",
        ),
        (
            "kein.docx",
            zip(&[("word/nichts.xml", b"<a/>")]),
            "kein.docx",
            "there is no word/document.xml in it",
        ),
        (
            "kein.epub",
            zip(&[("mimetype", b"application/epub+zip")]),
            "kein.epub",
            "there is no META-INF/container.xml in it",
        ),
        ("kein.mbox", b"Nur Text, keine Post.\n".to_vec(), "kein.mbox", "does not begin with a line From"),
        ("kein.srt", b"Nur Text.\n".to_vec(), "kein.srt", "there are no subtitles in it"),
        ("tief.html", "<div>".repeat(50_000).into_bytes(), "tief.html", "nested more than"),
        (
            "verschachtelt.eml",
            nested,
            "verschachtelt.eml#part-1.eml#part-1.eml#part-1.eml#part-1.eml#part-1.eml#part-1.eml#part-1.eml#part-1.eml#part-1.eml",
            "more than 8 archives or mails inside one another",
        ),
        ("bild.txt", b"\x89PNG\r\n\x1a\n\0\0".to_vec(), "bild.txt", "format png is not read"),
        ("rauschen.txt", vec![1; 5000], "rauschen.txt", "binary data, not text"),
        (
            "kaputt.txt",
            "Größe äöü ÄÖÜ ß „so“ und noch mehr äöü".as_bytes().iter().copied().chain(*b"\xFF").collect(),
            "kaputt.txt",
            "not valid utf-8",
        ),
    ]
}

/// Inputs that look bad and are read all the same, with the id of the row.
fn fine() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let page = b"<!doctype html><title>x</title><p>In Wien und Graz.";
    vec![
        ("leer.txt", vec![], "leer.txt"),
        ("leer.zip", zip(&[]), "leer.zip"),
        ("null.txt", b"Wien\0 und Graz.".to_vec(), "null.txt"),
        ("eine-zeile.txt", b"Wien und Graz. ".repeat(MOST / 16), "eine-zeile.txt"),
        ("seite.docx", page.to_vec(), "seite.docx"),
        ("wort.pdf", include_bytes!("data/article/libreoffice.docx").to_vec(), "wort.pdf"),
        ("zwei\nzeilen.txt", b"Wien".to_vec(), "zwei\nzeilen.txt"),
        (
            "doppelt.tar",
            tar(&[("a.txt", b"Wien"), ("a.txt", b"Graz"), ("/etc/b.txt", b"Linz")]),
            "doppelt.tar#a.txt~2",
        ),
    ]
}

fn all_files(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { all_files(&path) } else { [path].into() }).collect()
}

#[test]
fn each_hostile_input_is_a_row_with_its_reason_and_all_else_is_read() {
    let place = tempfile::tempdir().unwrap();
    let input = place.path().join("in/deep/er");
    fs::create_dir_all(&input).unwrap();
    let mut expected: BTreeMap<String, &str> = BTreeMap::new();
    for (name, bytes, id, reason) in faulty() {
        fs::write(input.join(name), bytes).unwrap();
        expected.insert(id.to_owned(), reason);
    }
    let mut read: BTreeSet<String> = BTreeSet::new();
    for (name, bytes, id) in fine() {
        fs::write(input.join(name), bytes).unwrap();
        read.insert(id.to_owned());
    }
    expected.insert("ende.tar".into(), "the tar archive is damaged");
    symlink("/nirgends", input.join("verweis.txt")).unwrap();
    expected.insert("verweis.txt".into(), "No such file");
    assert!(Command::new("mkfifo").arg(input.join("rohr.txt")).status().unwrap().success());
    expected.insert("rohr.txt".into(), "neither a file nor a folder");
    let closed = input.join("zu.txt");
    fs::write(&closed, "Wien").unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    // The administrator reads everything.
    match fs::read(&closed) {
        Ok(_) => drop(read.insert("zu.txt".into())),
        Err(_) => drop(expected.insert("zu.txt".into(), "Permission denied")),
    }
    assert!(expected.len() >= 30);

    let before = all_files(place.path());
    let output = place.path().join("out");
    let ran = program()
        .current_dir(place.path())
        .args(["run", "--max-document-size", "1MB", "--max-document-time", "8", "-o"])
        .arg(&output)
        .arg(&input)
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(1), "{ran:?}");
    let complaints = String::from_utf8_lossy(&ran.stderr);
    assert!(!complaints.contains("panicked"), "{complaints}");
    check(&input, &output);
    let documents: BTreeMap<String, (String, String)> = rows(&output, "documents.csv")
        .iter()
        .map(|row| (row[0].to_owned(), (row[15].to_owned(), row[16].to_owned())))
        .collect();
    let mut wrong = Vec::new();
    for (id, reason) in &expected {
        match documents.get(id) {
            Some((status, told)) if status == "faulty" && told.contains(reason) => {}
            other => wrong.push(format!("{id}: {other:?} and not {reason:?}")),
        }
    }
    for id in &read {
        if documents.get(id).is_none_or(|(status, _)| status != "ok") {
            wrong.push(format!("{id}: {:?}", documents.get(id)));
        }
    }
    for (id, (status, reason)) in &documents {
        let beside =
            ["#drin.txt", "#b.txt", "#a.txt", "#1", "#2", "#3", "/b.txt", "#part-1.eml", "verschachtelt.eml"];
        let is_known =
            expected.contains_key(id) || read.contains(id) || beside.iter().any(|end| id.ends_with(end));
        if !is_known || reason.contains('\n') || (status == "faulty" && reason.len() < 10) {
            wrong.push(format!("not expected: {id} {status} {reason}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let after: BTreeSet<PathBuf> =
        all_files(place.path()).into_iter().filter(|path| !path.starts_with(&output)).collect();
    assert_eq!(after, before, "nothing is written outside the output folder");
}

/// The user who owns nothing.
const NOBODY: u32 = 65534;

#[test]
fn what_a_user_may_not_read_is_a_row_with_its_reason() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for folder in ["in/zu", "out"] {
        fs::create_dir_all(at(folder)).unwrap();
    }
    for file in ["in/auf.txt", "in/geheim.txt", "in/zu/drin.txt"] {
        fs::write(at(file), "Wien").unwrap();
    }
    for (path, mode) in [(".", 0o755), ("out", 0o777), ("in/geheim.txt", 0), ("in/zu", 0)] {
        allow(&at(path), mode);
    }
    // The administrator may read everything, and the program may lie where nobody else comes.
    let is_root = fs::metadata(place.path()).unwrap().uid() == 0;
    let own = PathBuf::from(env!("CARGO_BIN_EXE_namenlese"));
    let program = if is_root { at("program") } else { own.clone() };
    if is_root {
        fs::hard_link(&own, &program).or_else(|_| fs::copy(&own, &program).map(drop)).unwrap();
    }
    let mut command = Command::new(&program);
    command.current_dir(place.path()).args(["run", "in", "-o", "out", "--model", "none"]);
    if is_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    let ran = command.output().unwrap();
    allow(&at("in/zu"), 0o755);
    assert_eq!(ran.status.code(), Some(1), "{ran:?}");
    let told: Vec<_> = rows(&at("out"), "documents.csv")
        .iter()
        .map(|row| [&row[0], &row[15], &row[16]].map(str::to_owned).join(" | "))
        .collect();
    assert_eq!(told[0].split(" | ").take(2).collect::<Vec<_>>(), ["auf.txt", "ok"]);
    let denied = "read: Permission denied (os error 13)";
    let expected = [format!("geheim.txt | faulty | {denied}"), format!("zu | faulty | {denied}")];
    assert_eq!(told[1..], expected);
}

#[test]
fn a_name_in_the_last_line_of_ten_megabytes_is_found() {
    let place = tempfile::tempdir().unwrap();
    let text = "Gestern schwieg sie lange.\n".repeat(10_000_000 / 27 + 1) + "Am Ende schwieg Nordkorea.";
    fs::write(place.path().join("lang.txt"), &text).unwrap();
    let ran = program().current_dir(place.path()).args(["run", "lang.txt", "-o", "out"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    let mentions = rows(&place.path().join("out"), "mentions.csv");
    let [last] = &mentions[..] else { panic!("{} mentions", mentions.len()) };
    // All letters are of one byte.
    assert_eq!((&last[5], last[4].parse::<usize>().unwrap()), ("Nordkorea", text.len() - 1));
}
