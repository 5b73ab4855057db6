//! The formats, one file each: how a file is known to be of it, and how it is read.

#[cfg(feature = "archives")]
mod compressed;
#[cfg(feature = "office")]
mod docx;
#[cfg(feature = "office")]
mod epub;
#[cfg(feature = "html")]
mod html;
mod json;
mod jsonl;
#[cfg(feature = "mail")]
mod mail;
#[cfg(feature = "mail")]
mod mbox;
#[cfg(feature = "mail")]
mod mhtml;
#[cfg(feature = "office")]
mod odt;
#[cfg(feature = "office")]
mod package;
#[cfg(feature = "pdf")]
mod pdf;
mod record;
mod subtitles;
mod table;
#[cfg(feature = "archives")]
mod tar;
mod text;
#[cfg(feature = "archives")]
mod zip;

use super::{
    Reader, Rules,
    reading::{Flow, Reading},
    source::Source,
};
use crate::{Document, Error, ErrorKind, Result};
use serde_json::value::to_raw_value;
use std::sync::Arc;

/// An input format.
pub(super) struct Format {
    /// Its name in tables.
    pub name: &'static str,
    /// Endings of files' names, in lower case.
    pub endings: &'static [&'static str],
    pub signature: Signature,
    /// What is read of it, in a few words.
    pub about: &'static str,
    pub read: Read,
}

/// What the first bytes of a file say.
pub(super) enum Signature {
    /// Nothing tells the format: only a name does.
    Unknown,
    /// Text that begins in a way of its own; a name outranks it.
    Text(fn(&[u8]) -> bool),
    /// Bytes that no text has; they must be there, and outrank a name.
    Binary(fn(&[u8]) -> bool),
    /// A zip archive that holds a file of this name among its first.
    #[cfg_attr(not(feature = "office"), expect(dead_code, reason = "only office files are such archives"))]
    Zipped(&'static [u8]),
}

/// How a format is read.
pub(super) enum Read {
    /// One document, held in memory, by code of ours that takes as long as the document is.
    Whole(fn(&[u8], &Rules) -> Result<Content>),
    /// The same by a parser of others, which may take for ever.
    Watched(fn(&[u8], &Rules) -> Result<Content>),
    /// Any number of documents, one after another.
    Stream(fn(Source<'_>, &mut Reading<'_>) -> Flow),
}

/// What a file that holds one document says.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub text: String,
    pub encoding: String,
    pub title: Option<String>,
    pub date: Option<String>,
    /// What else the file says of itself, by name.
    pub metadata: Vec<(String, String)>,
    pub notes: Vec<String>,
    pub parts: Vec<Part>,
}

/// Something attached.
#[derive(Debug)]
pub(super) struct Part {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Content {
    pub fn into_document(self, id: String) -> (Document, Vec<Part>) {
        let mut document = Document::new(id, self.text);
        document.source.encoding = self.encoding;
        document.title = self.title.filter(|title| !title.trim().is_empty());
        document.date = self.date;
        let raw = |(name, value): (String, String)| Some((name, to_raw_value(&value).ok()?));
        document.foreign = self.metadata.into_iter().filter_map(raw).collect();
        document.notes = self.notes;
        (document, self.parts)
    }
}

/// All that are read; of several that fit, the first is meant.
const FORMATS: &[&Format] = &[
    &text::FORMAT,
    #[cfg(feature = "html")]
    &html::FORMAT,
    &jsonl::FORMAT,
    &json::FORMAT,
    &table::CSV,
    &table::TSV,
    #[cfg(feature = "office")]
    &docx::FORMAT,
    #[cfg(feature = "office")]
    &odt::FORMAT,
    #[cfg(feature = "office")]
    &epub::FORMAT,
    #[cfg(feature = "pdf")]
    &pdf::FORMAT,
    #[cfg(feature = "mail")]
    &mhtml::FORMAT,
    #[cfg(feature = "mail")]
    &mail::FORMAT,
    #[cfg(feature = "mail")]
    &mbox::FORMAT,
    &subtitles::SRT,
    &subtitles::VTT,
    #[cfg(feature = "archives")]
    &zip::FORMAT,
    #[cfg(feature = "archives")]
    &tar::FORMAT,
    #[cfg(feature = "archives")]
    &compressed::GZIP,
    #[cfg(feature = "archives")]
    &compressed::BZIP2,
    #[cfg(feature = "archives")]
    &compressed::ZSTD,
];

/// How files are read that nothing tells more of.
pub(super) const TEXT: &Format = &text::FORMAT;

/// Endings of formats that are no plain text, or whose text would drown in markup.
const UNREAD: &[&str] = &[
    "7z", "avi", "bin", "bmp", "bz2", "csv", "db", "dll", "doc", "docx", "eml", "epub", "exe", "flac", "gif",
    "gz", "heic", "html", "jpeg", "jpg", "m4a", "mbox", "mht", "mhtml", "mkv", "mov", "mp3", "mp4", "msg",
    "odp", "ods", "odt", "ogg", "parquet", "pdf", "png", "ppt", "pptx", "ps", "rar", "rtf", "sqlite", "svg",
    "tar", "tbz2", "tgz", "tif", "tiff", "tzst", "warc", "wav", "webm", "webp", "xls", "xlsx", "xml", "xz",
    "zip", "zst",
];

/// How files begin that are not read, beside those whose format this build may lack.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\x89PNG", "png"),
    (b"\xFF\xD8\xFF", "jpeg"),
    (b"GIF8", "gif"),
    (b"\x1F\x8B", "gz"),
    (b"BZh", "bz2"),
    (b"\xFD7zXZ\0", "xz"),
    (b"\x28\xB5\x2F\xFD", "zst"),
    (b"7z\xBC\xAF", "7z"),
    (b"Rar!", "rar"),
    (b"{\\rtf", "rtf"),
    (b"\xD0\xCF\x11\xE0", "doc"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\x7FELF", "elf"),
];

/// What a name says of a file, or its bytes.
#[derive(Clone, Copy)]
pub(super) enum Told<'r> {
    Read(&'static Format),
    /// A format of the user's own.
    Own(&'r Arc<dyn Reader>),
    /// A known format that is not read; its usual ending.
    Unread(&'static str),
    /// Nothing in the name says it: text, if it looks like text.
    Unsaid,
}

impl Told<'_> {
    pub fn name(self) -> &'static str {
        match self {
            Self::Read(format) => format.name,
            Self::Own(reader) => reader.name(),
            Self::Unread(name) => name,
            Self::Unsaid => TEXT.name,
        }
    }

    pub fn is_unread(self) -> bool {
        matches!(self, Self::Unread(_))
    }
}

impl Rules {
    /// The format that the ending of a file's name stands for.
    pub fn of_name(&self, name: &str) -> Told<'_> {
        let ending = ending(name).unwrap_or_default();
        let own = self.readers.iter().find(|reader| reader.endings().contains(&&*ending));
        own.map_or_else(|| of_name(name), Told::Own)
    }

    /// The format by name and first bytes; if the bytes contradict the name, a line that says so.
    pub fn tell(&self, name: &str, head: &[u8]) -> (Told<'_>, Option<String>) {
        match self.of_name(name) {
            Told::Own(reader) => (Told::Own(reader), None),
            _ => tell(name, head),
        }
    }
}

/// The same among the formats of this crate.
fn of_name(name: &str) -> Told<'static> {
    let Some(ending) = ending(name) else { return Told::Unsaid };
    if let Some(format) = FORMATS.iter().find(|format| format.endings.contains(&&*ending)) {
        return Told::Read(format);
    }
    UNREAD.iter().find(|known| **known == ending).map_or(Told::Unsaid, |known| Told::Unread(known))
}

fn ending(name: &str) -> Option<String> {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())
}

fn tell(name: &str, head: &[u8]) -> (Told<'static>, Option<String>) {
    let named = of_name(name);
    let told = match named {
        Told::Read(format) if format.must_begin() => {
            if format.fits(head) || head.is_empty() {
                named
            } else {
                by_bytes(head, false)
            }
        }
        Told::Read(_) => match by_bytes(head, true) {
            Told::Unsaid => named,
            other => other,
        },
        Told::Unread(_) | Told::Own(_) => named,
        Told::Unsaid => by_bytes(head, false),
    };
    let ending = ending(name).filter(|_| !matches!(named, Told::Unsaid) && named.name() != told.name());
    (told, ending.map(|ending| format!("named .{ending}, read as {}", told.name())))
}

/// The format that the first bytes tell; binary ones only, or all.
fn by_bytes(head: &[u8], only_binary: bool) -> Told<'static> {
    let tells = |format: &&&Format| (format.must_begin() || !only_binary) && format.tells(head);
    if let Some(format) = FORMATS.iter().find(tells) {
        return Told::Read(format);
    }
    let magic = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
    magic.map_or(Told::Unsaid, |(_, name)| Told::Unread(name))
}

impl Format {
    /// Whether every file of the format begins alike.
    fn must_begin(&self) -> bool {
        matches!(self.signature, Signature::Binary(_) | Signature::Zipped(_))
    }

    /// Whether a file that is named so may be of the format.
    fn fits(&self, head: &[u8]) -> bool {
        match self.signature {
            Signature::Unknown | Signature::Text(_) => true,
            Signature::Binary(begins) => begins(head),
            // A document with a password comes in a container of another kind.
            Signature::Zipped(_) => is_zip(head) || head.starts_with(b"\xD0\xCF\x11\xE0"),
        }
    }

    /// Whether a file must be of the format.
    fn tells(&self, head: &[u8]) -> bool {
        match self.signature {
            Signature::Unknown => false,
            Signature::Text(begins) => begins(trimmed(head)),
            Signature::Binary(begins) => begins(head),
            Signature::Zipped(name) => is_zip(head) && head.windows(name.len()).any(|bytes| bytes == name),
        }
    }
}

fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
}

/// Without byte-order mark and white space before the first letter.
fn trimmed(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start()
}

/// What is said of a format that is not read.
pub(super) fn not_read(name: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("format {name} is not read by this version"))
}

/// What is said of a file that needs a password.
#[cfg(any(feature = "archives", feature = "pdf"))]
fn protected() -> Error {
    Error::new(ErrorKind::Malformed, "it is protected by a password")
}

/// A format that this build reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatInfo {
    /// Its name in tables, such as `text`.
    pub name: &'static str,
    /// The endings of its files, in lower case and without the dot.
    pub endings: &'static [&'static str],
    /// What is read of it, in a few words.
    pub about: &'static str,
}

/// The formats that this build reads.
///
/// ```
/// let formats: Vec<_> = namenlese::corpus::formats().collect();
/// assert!(formats.iter().any(|format| format.endings.contains(&"jsonl")));
/// ```
pub fn formats() -> impl Iterator<Item = FormatInfo> {
    FORMATS.iter().map(|format| FormatInfo {
        name: format.name,
        endings: format.endings,
        about: format.about,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::corpus::{
        timed::Timed,
        walk::{Entry, Place},
    };

    pub fn rules() -> Rules {
        let (most_bytes, timed) =
            (crate::corpus::MAX_DOCUMENT_SIZE, Timed::new(crate::corpus::MAX_DOCUMENT_TIME));
        Rules { encoding: None, most_bytes, timed, columns: Default::default(), readers: Vec::new() }
    }

    /// The documents of a file with this path and content.
    pub fn documents(path: &str, bytes: &[u8]) -> Vec<Document> {
        documents_by(path, bytes, &rules())
    }

    pub fn documents_by(path: &str, bytes: &[u8], rules: &Rules) -> Vec<Document> {
        let id = path.rsplit('/').next().unwrap_or(path).to_owned();
        let entry = Entry { id: id.clone(), path: path.to_owned(), place: Place::Stdin };
        let mut documents = Vec::new();
        let mut take = |document| {
            documents.push(document);
            Ok(())
        };
        let source = Source::memory(id, path.to_owned(), bytes.to_owned());
        assert!(Reading::new(rules, &entry, &mut take).read(source).is_ok());
        documents
    }

    fn named(name: &str) -> &'static str {
        match of_name(name) {
            Told::Unsaid => "unsaid",
            told => told.name(),
        }
    }

    fn told(name: &str, head: &[u8]) -> &'static str {
        tell(name, head).0.name()
    }

    #[test]
    fn names_and_first_bytes_tell_the_format() {
        assert_eq!(named("a.b/Bericht.TXT"), "text");
        assert_eq!(named("a.b/Bericht"), "unsaid");
        assert_eq!(named("Bericht v1.2"), "unsaid");
        assert_eq!(named("x.NDJSON"), "jsonl");
        assert_eq!(named("bild.png"), "png");
        assert_eq!(told("a.txt", b"%PDF-1.7"), "pdf");
        assert_eq!(told("a.txt", b"<html>"), "text");
        #[cfg(feature = "html")]
        assert_eq!(told("a", b"\xEF\xBB\xBF\n<!DOCTYPE HTML>"), "html");
        assert_eq!(told("-", b"\xEF\xBB\xBF\n { \"text\": 1}"), "jsonl");
        for text in [&b""[..], b"{Klammer} auf", b"[Anm.] Text", b"Text"] {
            assert_eq!(told("-", text), "text");
        }
        let note = tell("a.txt", b"%PDF-1.7").1;
        assert_eq!(note.as_deref(), Some("named .txt, read as pdf"));
        assert_eq!(tell("a.txt", b"Text").1, None);
    }

    #[test]
    fn each_format_has_its_own_name_and_endings() {
        let mut all: Vec<&str> = FORMATS.iter().flat_map(|format| format.endings).copied().collect();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
