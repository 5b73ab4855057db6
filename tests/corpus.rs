//! Reading folders, files and streams, from outside: what becomes a document, what becomes a fault, in which order.

mod shared;

use namenlese::{
    Document, Error, ErrorKind, Pipeline, Stage,
    corpus::{Corpus, Reader, Settings},
    detect::Detect,
    recognize::{Lists, Recognize},
    segment::Segment,
};
use shared::shared;
use std::{fs, path::Path, sync::Arc, time::Instant};
use tempfile::TempDir;

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

fn read_with(path: &Path, settings: &Settings) -> Vec<Document> {
    Corpus::open(&[path.to_owned()], settings).expect("it exists").documents().collect()
}

fn ids(documents: &[Document]) -> Vec<&str> {
    documents.iter().map(Document::id).collect()
}

fn read(path: &Path) -> Vec<Document> {
    read_with(path, &Settings::default())
}

fn reason(document: &Document) -> &str {
    document.faults.first().map_or("", |fault| &fault.reason)
}

#[test]
fn a_folder_is_read_in_the_order_of_its_ids() {
    let folder = folder(&[
        ("b/x.txt", b"1"),
        ("b.txt", b"2"),
        ("a/deep/er/y.text", b"3"),
        ("ohne-endung", b"4"),
        ("Z.md", b"5"),
        (".verborgen/z.txt", b"6"),
        (".datei", b"7"),
        ("r.jsonl", b"{\"text\":\"8\"}\n{\"text\":\"9\",\"id\":\"neun\"}\n"),
        ("leer.txt", b""),
    ]);
    let documents = read(folder.path());
    let expected = [
        "Z.md",
        "a/deep/er/y.text",
        "b.txt",
        "b/x.txt",
        "leer.txt",
        "ohne-endung",
        "r.jsonl#1",
        "r.jsonl#neun",
    ];
    assert_eq!(ids(&documents), expected);
    assert!(documents.iter().all(|document| document.faults.is_empty()));
    assert_eq!(documents[1].source.path, format!("{}/a/deep/er/y.text", folder.path().display()));
    assert_eq!(
        documents[4].source.sha256,
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
}

#[test]
fn globs_limit_and_skipped_folders_choose_files() {
    let folder = folder(&[
        ("a.txt", b"1"),
        ("a.md", b"2"),
        ("reden/b.txt", b"3"),
        ("reden/alt/c.txt", b"4"),
        ("output/d.txt", b"5"),
        ("reden/output/e.txt", b"6"),
    ]);
    let chosen = |include: &[&str], exclude: &[&str]| {
        let owned = |globs: &[&str]| globs.iter().map(|glob| (*glob).to_owned()).collect();
        let skip = vec![folder.path().join("output"), folder.path().join("not-there")];
        let settings =
            Settings { include: owned(include), exclude: owned(exclude), skip, ..Settings::default() };
        ids(&read_with(folder.path(), &settings)).join(" ")
    };
    assert_eq!(chosen(&[], &[]), "a.md a.txt reden/alt/c.txt reden/b.txt reden/output/e.txt");
    assert_eq!(chosen(&["*.txt"], &["alt"]), "a.txt reden/b.txt reden/output/e.txt");
    assert_eq!(chosen(&["reden/*.txt"], &[]), "reden/b.txt");
    assert_eq!(chosen(&["./reden/"], &["reden/alt/*", "e.*"]), "reden/b.txt");
    assert_eq!(chosen(&["{a,b}.txt"], &[]), "a.txt reden/b.txt");

    let settings = Settings { limit: Some(2), ..Settings::default() };
    assert_eq!(ids(&read_with(folder.path(), &settings)), ["a.md", "a.txt"]);
    let plan = Corpus::open(&[folder.path().to_owned()], &settings).expect("it exists").plan();
    assert_eq!((plan.files, plan.bytes), (2, 2));
}

#[test]
fn bad_settings_and_missing_inputs_are_errors_at_once() {
    let folder = folder(&[]);
    let open = |path: &str, settings: &Settings| {
        Corpus::open(&[folder.path().join(path)], settings).map(|_| ()).expect_err("a bad setting")
    };
    let bad = |settings: &Settings| open("", settings);
    assert_eq!(open("nirgends", &Settings::default()).kind(), ErrorKind::Io);
    let glob = bad(&Settings { include: vec!["[".into()], ..Settings::default() });
    assert_eq!(glob.kind(), ErrorKind::Settings);
    assert!(glob.to_string().contains("\"[\""), "{glob}");
    let encoding = bad(&Settings { encoding: Some("klingonisch".into()), ..Settings::default() });
    assert_eq!(encoding.to_string(), "unknown encoding \"klingonisch\"");
}

#[test]
fn several_inputs_are_named_as_given_and_read_once() {
    let one = folder(&[("x.txt", b"1"), ("y.txt", b"2")]);
    let two = folder(&[("x.txt", b"3")]);
    let inputs = [one.path().to_owned(), two.path().to_owned(), one.path().join("x.txt")];
    let corpus = Corpus::open(&inputs, &Settings::default()).expect("they exist");
    let mut expected = [one.path().join("x.txt"), one.path().join("y.txt"), two.path().join("x.txt")];
    expected.sort();
    let documents: Vec<_> = corpus.documents().collect();
    assert_eq!(
        ids(&documents),
        expected.iter().map(|path| path.to_str().expect("UTF-8")).collect::<Vec<_>>()
    );
    assert_eq!(corpus.documents().count(), 3, "a corpus can be read twice");
    assert_eq!(ids(&read(&one.path().join("y.txt"))), ["y.txt"]);
}

#[cfg(unix)]
#[test]
fn links_loops_odd_names_and_what_cannot_be_read() {
    use std::os::unix::{ffi::OsStrExt, fs::symlink};
    let folder = folder(&[("a/x.txt", b"1"), ("b/y.txt", b"2"), ("gone.txt", b"3")]);
    let elsewhere = self::folder(&[("z.txt", b"4")]);
    let at = |path: &str| folder.path().join(path);
    symlink(folder.path(), at("a/loop")).expect("a link");
    symlink(at("b"), at("a/to-b")).expect("a link");
    symlink(elsewhere.path(), at("linked")).expect("a link");
    symlink(elsewhere.path(), at("linked-again")).expect("a link");
    symlink(at("nirgends"), at("broken.txt")).expect("a link");
    for name in [&b"k\xF6ln.txt"[..], b"k\xD6ln.txt"] {
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), "5").expect("a file");
    }
    fs::write(at("k\\xF6ln.txt"), "looks the same").expect("a file");
    let corpus = Corpus::open(&[folder.path().to_owned()], &Settings::default()).expect("it exists");
    fs::remove_file(at("gone.txt")).expect("it was there");
    let documents: Vec<_> = corpus.documents().collect();
    assert_eq!(
        ids(&documents),
        [
            "a/x.txt",
            "b/y.txt",
            "broken.txt",
            "gone.txt",
            "k\\xD6ln.txt",
            "k\\xF6ln.txt",
            "k\\xF6ln.txt~2",
            "linked/z.txt"
        ]
    );
    let faulty: Vec<_> = documents.iter().filter(|document| !document.faults.is_empty()).collect();
    assert_eq!(ids(&faulty.into_iter().cloned().collect::<Vec<_>>()), ["broken.txt", "gone.txt"]);
    assert!(reason(&documents[3]).contains("No such file"), "{}", reason(&documents[3]));
    assert_eq!(documents[3].source.format, "text");
}

#[test]
fn what_is_no_text_is_one_faulty_row() {
    let folder = folder(&[
        ("bild.png", b"\x89PNG\r\n\x1a\n\0\0\0"),
        ("binaer.txt", &[0u8, 1, 2, 3, 0, 0, 7, 0].repeat(50)),
        ("kaputt.txt", &"äöüß".repeat(20).as_bytes()[..159]),
        ("film.mov", b"moov"),
        ("tarnung.txt", b"\x89PNG"),
        ("x.txt", b"gut"),
    ]);
    let documents = read(folder.path());
    let reasons: Vec<_> = documents.iter().map(reason).collect();
    assert_eq!(
        reasons,
        [
            "format png is not read by this version",
            "binary data, not text",
            "format mov is not read by this version",
            "byte 158: not valid utf-8",
            "format png is not read by this version",
            ""
        ]
    );
    assert!(
        documents[..5]
            .iter()
            .all(|document| document.text().is_empty() && document.faults[0].stage == "read")
    );
    assert_eq!((documents[3].source.bytes, documents[3].source.format.as_str()), (159, "text"));
    let plan = Corpus::open(&[folder.path().to_owned()], &Settings::default()).expect("it exists").plan();
    let formats: Vec<_> =
        plan.formats.iter().map(|(name, format)| (&**name, format.files, format.readable)).collect();
    assert_eq!(formats, [("mov", 1, false), ("png", 1, false), ("text", 4, true)]);
}

#[test]
fn encodings_are_told_or_chosen() {
    let text = "Übergröße: „Maß“ – 5 €\r\n\u{1e}Ende";
    let legacy = b"\xDCbergr\xF6\xDFe: \x84Ma\xDF\x93 \x96 5 \x80\r\n\x1eEnde";
    let marked = format!("\u{feff}{text}");
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let folder = folder(&[
        ("a.txt", legacy),
        ("b.txt", text.as_bytes()),
        ("c.txt", marked.as_bytes()),
        ("d.txt", &wide),
    ]);
    let documents = read(folder.path());
    let encodings: Vec<_> = documents.iter().map(|document| &*document.source.encoding).collect();
    assert_eq!(encodings, ["windows-1252", "utf-8", "utf-8", "utf-16le"]);
    assert!(documents.iter().all(|document| document.text() == text));
    let settings = Settings { encoding: Some("iso-8859-2".into()), limit: Some(1), ..Settings::default() };
    let chosen = &read_with(folder.path(), &settings)[0];
    assert_eq!((&*chosen.source.encoding, chosen.text().starts_with("Übergröße")), ("iso-8859-2", true));
}

#[cfg(feature = "html")]
#[test]
fn titles_and_dates_stand_where_formats_have_them() {
    let folder = folder(&[
        ("2023-09-14.txt", "Titel\n\nText.".as_bytes()),
        ("2023-10.html", b"<title>Seite</title><p>Text"),
        (
            "2023-11-01.jsonl",
            b"{\"text\":\"a\",\"date\":\"14. M\xC3\xA4rz 2020\"}\n{\"text\":\"b\",\"date\":\"bald\"}",
        ),
        ("n.md", b"---\ntitle: Notiz\ndate: 2021\n---\nText"),
    ]);
    let documents = read(folder.path());
    let found: Vec<_> =
        documents.iter().map(|document| (document.title.as_deref(), document.date.as_deref())).collect();
    assert_eq!(
        found,
        [
            (Some("Titel"), Some("2023-09-14")),
            (Some("Seite"), Some("2023-10")),
            (None, Some("2020-03-14")),
            (None, Some("2023-11-01")),
            (Some("Notiz"), Some("2021")),
        ]
    );
}

#[test]
fn the_news_have_their_dates() {
    let Some(path) = shared("corpus/news") else { return };
    let documents = read(&path);
    let dates: Vec<_> = documents.iter().map(|document| document.date.as_deref().unwrap_or("none")).collect();
    assert_eq!(dates, ["2023-09", "2023-09", "2023-09", "none", "2023-10"]);
    let titles: Vec<_> = documents.iter().map(|document| document.title.is_some()).collect();
    assert_eq!(titles, [false, true, true, false, true]);
    assert!(documents[0].text().starts_with(" date 2023-09 "), "the text is whole");
}

#[test]
fn protocols_are_decoded_without_mojibake_and_fast() {
    let Some(path) = shared("corpus/bundestag") else { return };
    let corpus = Corpus::open(&[path], &Settings::default()).expect("it exists");
    let start = Instant::now();
    let documents: Vec<_> = corpus.documents().collect();
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = corpus.plan().bytes as f64 / 1e6;
    println!("read {megabytes:.1} MB in {seconds:.2} s, {:.0} MB/s", megabytes / seconds);
    for document in &documents {
        assert!(document.faults.is_empty(), "{}: {}", document.id(), reason(document));
        assert!(
            matches!(&*document.source.encoding, "utf-8" | "windows-1252"),
            "{}",
            document.source.encoding
        );
        for wrong in ["Ã¼", "Ã¤", "Ã¶", "â€", "\u{fffd}", "\u{feff}"] {
            assert!(!document.text().contains(wrong), "{}: {wrong}", document.id());
        }
        assert!(document.text().contains("Präsident"), "{}", document.id());
    }
    let controls = documents.iter().map(|document| document.text().matches('\u{1e}').count()).sum::<usize>();
    assert_eq!(controls, 31, "control characters are kept");
}

#[test]
fn nothing_of_a_protocol_is_lost_up_to_its_last_page() {
    let Some(path) = shared("corpus/bundestag") else { return };
    let lists = Recognize::new(vec![Box::new(Lists::packaged())]);
    let stages: Vec<Box<dyn Stage>> = vec![
        Box::new(Detect::new(Default::default()).expect("settings")),
        Box::new(Segment),
        Box::new(lists),
    ];
    let pipeline = Pipeline::new(stages, &[]).expect("each has what it reads");
    let documents = read(&path);
    assert_eq!(documents.len(), 30);
    for document in &documents {
        let encoding =
            encoding_rs::Encoding::for_label(document.source.encoding.as_bytes()).expect("it was used");
        let bytes = fs::read(path.join(document.id())).expect("it was read");
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        // Byte for byte the same, line ends and control characters included.
        assert!(*encoding.encode(document.text()).0 == *bytes, "{}", document.id());
        let last_pages = document.text().len() - 10_000;
        let mut last_pages =
            Document::new("", &document.text()[document.text().ceil_char_boundary(last_pages)..]);
        pipeline.apply(&mut last_pages);
        assert!(last_pages.mentions.is_some_and(|mentions| !mentions.is_empty()), "{}", document.id());
    }
}

/// A format of a program that uses the library: one document a line, but for what a file of this name says of itself.
struct Lines;

impl Reader for Lines {
    fn name(&self) -> &'static str {
        "lines"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["zeilen", "rtf"]
    }

    fn read(&self, id: &str, bytes: &[u8]) -> Result<Vec<Document>, Error> {
        match bytes {
            b"bad" => Err(Error::new(ErrorKind::Malformed, "no lines")),
            b"worse" => panic!("a careless reader"),
            _ => {
                let text = String::from_utf8_lossy(bytes);
                Ok(text
                    .lines()
                    .zip(1..)
                    .map(|(line, at)| Document::new(format!("{id}#{at}"), line))
                    .collect())
            }
        }
    }
}

#[test]
fn a_reader_of_ones_own_reads_its_files_wherever_they_are() {
    let folder = folder(&[
        ("2023-09-14.zeilen", b"Wien\nPrag"),
        ("a.rtf", b"Bonn"),
        ("bad.zeilen", b"bad"),
        ("leer.zeilen", b""),
        ("plain.txt", b"Rom"),
        ("worse.zeilen", b"worse"),
    ]);
    let mut tar = tar::Builder::new(fs::File::create(folder.path().join("z.tar")).expect("a file"));
    tar.append_path_with_name(folder.path().join("a.rtf"), "b.rtf").expect("an archive");
    tar.finish().expect("an archive");
    let settings = Settings { readers: vec![Arc::new(Lines)], ..Settings::default() };
    let corpus = Corpus::open(&[folder.path().to_owned()], &settings).expect("it exists");
    assert_eq!(corpus.plan().formats["lines"].files, 5);
    assert!(corpus.plan().formats["lines"].readable);
    let documents: Vec<_> = corpus.documents().collect();
    let expected = [
        "2023-09-14.zeilen#1",
        "2023-09-14.zeilen#2",
        "a.rtf#1",
        "bad.zeilen",
        "leer.zeilen",
        "plain.txt",
        "worse.zeilen",
        "z.tar#b.rtf#1",
    ];
    assert_eq!(ids(&documents), expected);
    assert_eq!(documents.iter().map(Document::text).collect::<String>(), "WienPragBonnRomBonn");
    assert_eq!(documents[1].date.as_deref(), Some("2023-09-14"));
    let source = &documents[7].source;
    assert_eq!((&*source.format, source.bytes, source.sha256.len()), ("lines", 4, 64));
    assert_eq!(
        [3, 6].map(|at| reason(&documents[at])),
        ["no lines", "the reader lines panicked: a careless reader"]
    );
    assert!([3, 6].iter().all(|&at| documents[at].source.sha256.len() == 64));
    assert_eq!((documents[4].notes.len(), &*documents[4].source.format), (1, "lines"));
}
