//! What fuzz targets share: how a file is read, and what holds for every document.

use namenlese::{
    Document, Span,
    corpus::{Corpus, Settings},
    wire,
};
use std::{
    fs,
    panic::{set_hook, take_hook},
    path::{Path, PathBuf},
    sync::LazyLock,
    time::Duration,
};
use tempfile::TempDir;

/// The program catches panics of other people's parsers and tells them as faults of the document. Ours are findings.
pub fn tolerate_others() {
    let abort = take_hook();
    set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|at| at.file().contains("/registry/")) {
            abort(panic);
        }
    }));
}

/// In memory, where there is such a folder: a file is written for every input.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a folder")
});

/// A file with these bytes.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = FOLDER.path().join(name);
    fs::write(&path, bytes).expect("it can be written");
    path
}

/// Reads a file of one of these formats, which its first byte chooses.
pub fn read(endings: &[&str], data: &[u8]) {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let path = file(&format!("a.{}", endings[usize::from(choice) % endings.len()]), bytes);
    let settings = Settings {
        max_document_size: Some(1 << 20),
        max_document_time: Some(Duration::from_secs(5)),
        ..Settings::default()
    };
    for document in Corpus::open(&[path], &settings).expect("the file is there").documents() {
        assert!(document.id().starts_with("a."), "{}", document.id());
        for fault in &document.faults {
            assert!(fault.reason.len() > 3 && !fault.reason.contains('\n'), "{fault:?}");
        }
        sound(&document);
    }
    let left: Vec<_> = fs::read_dir(FOLDER.path()).expect("a folder").collect();
    assert!(left.len() <= endings.len(), "reading writes nothing: {left:?}");
}

/// What holds for every document.
pub fn sound(document: &Document) {
    let text = document.text();
    let fits = |span: Span| assert_eq!(Span::new(text, span.start(), span.end()).ok(), Some(span));
    document.sentences.iter().flatten().for_each(|sentence| fits(sentence.span));
    document.mentions.iter().flatten().for_each(|mention| fits(mention.span));
    let once = line(document);
    let back = wire::read_line(once.trim_ascii_end(), 1).expect("what was written is read");
    assert_eq!(back.text(), text, "the text never changes");
    assert!(line(&back) == once, "a document comes back as it went");
}

/// A document as JSON Lines.
pub fn line(document: &Document) -> Vec<u8> {
    let mut line = Vec::new();
    wire::write_line(document, &mut line).expect("it is written to memory");
    line
}

