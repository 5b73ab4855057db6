//! A folder, file or stream becomes documents: walking, decoding, one file per format.
//!
//! The id of a document is its path below the folder that was given, with `/` between the parts; of several inputs,
//! the path as given. A record inside a file adds `#` and its own `id`, or else its line. Bytes of a path that are
//! not UTF-8 appear as `\xHH`. What cannot be read is a document with a fault, so that it ends as a row, too.

mod date;
mod decode;
mod format;
#[cfg(feature = "html")]
mod html;
mod jsonl;
mod text;
mod walk;

pub use walk::{Plan, PlannedFormat};

use crate::{Document, Error, ErrorKind, Result, document::Source};
use encoding_rs::Encoding;
use format::Format;
use sha2::{Digest, Sha256};
use std::{
    fmt::Write,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::PathBuf,
};
use walk::{Entry, Place};

/// What to read, and how.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The encoding of all text, as a label of the Encoding Standard such as `windows-1252`; `None` detects it for
    /// each document. A byte-order mark outranks it.
    pub encoding: Option<String>,
    /// Globs of which a file must match one, if there are any. A glob without `/` matches names in any folder; a glob
    /// that matches a folder stands for everything in it.
    pub include: Vec<String>,
    /// Globs of files and folders to leave out, in the same manner.
    pub exclude: Vec<String>,
    /// Read at most so many documents.
    pub limit: Option<usize>,
    /// Folders never to read, such as the output folder.
    pub skip: Vec<PathBuf>,
}

/// Records of one file that a sample takes.
const SAMPLED_RECORDS: usize = 32;

/// The documents of some inputs, in the order of their ids' bytes; nothing but their names is held in memory.
///
/// ```
/// use namenlese::corpus::{Corpus, Settings};
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("note.txt"), "Wien bleibt Wien.")?;
/// let corpus = Corpus::open(&[folder.path().to_owned()], &Settings::default())?;
/// assert_eq!(corpus.plan().files, 1);
/// let document = corpus.documents().next().expect("one document");
/// assert_eq!((document.id(), document.text()), ("note.txt", "Wien bleibt Wien."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Corpus {
    entries: Vec<Entry>,
    encoding: Option<&'static Encoding>,
    limit: usize,
}

impl Corpus {
    /// Finds what there is to read in folders, files and (`-`) standard input, without reading it.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if an input does not exist, [`ErrorKind::Settings`] for an unknown encoding or a bad glob.
    pub fn open(inputs: &[PathBuf], settings: &Settings) -> Result<Self> {
        let encoding = settings.encoding.as_deref().map(decode::encoding_of).transpose()?;
        let limit = settings.limit.unwrap_or(usize::MAX);
        Ok(Self { entries: walk::entries(inputs, settings)?, encoding, limit })
    }

    /// What would be read: a look at the names and sizes of files only.
    pub fn plan(&self) -> Plan {
        walk::plan(self.entries.iter().take(self.limit))
    }

    /// Reads the documents one after another. Standard input can be read once only.
    pub fn documents(&self) -> impl Iterator<Item = Document> + Send + '_ {
        self.entries.iter().flat_map(|entry| read(entry, self.encoding)).take(self.limit)
    }

    /// Reads the first documents of so many files at even distances, standard input left out: enough to guess by.
    pub fn sample(&self, files: usize) -> impl Iterator<Item = Document> + Send + '_ {
        let planned = self.entries.len().min(self.limit);
        let step = planned.div_ceil(files.max(1)).max(1);
        let entries = self.entries.iter().take(planned).step_by(step);
        let entries = entries.filter(|entry| !matches!(entry.place, Place::Stdin));
        entries.flat_map(|entry| read(entry, self.encoding).take(SAMPLED_RECORDS))
    }

    /// Whether standard input is one of the inputs.
    pub fn has_stdin(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry.place, Place::Stdin))
    }
}

type Documents = Box<dyn Iterator<Item = Document> + Send>;

/// The documents of one entry: one, or as many as a container has records.
fn read(entry: &Entry, encoding: Option<&'static Encoding>) -> Documents {
    let Entry { id, path, place } = entry;
    let format = Format::of_name(path);
    let opened: Result<Box<dyn BufRead + Send>> = match place {
        Place::Stdin => Ok(Box::new(BufReader::new(io::stdin()))),
        Place::File(file) => match format {
            Format::JsonLines => {
                File::open(file).map(|file| Box::new(BufReader::new(file)) as _).map_err(Error::from)
            }
            // Not even opened: such a file may be large, and there is nothing to do with it.
            Format::Unread(_) => Err(not_read(format)),
            _ => return one(whole(entry, format, encoding, fs::read(file))),
        },
        Place::Broken(reason) => Err(Error::new(ErrorKind::Io, reason.clone())),
    };
    match opened {
        Ok(mut reader) if matches!(place, Place::Stdin) => match begins_with_record(&mut *reader) {
            Ok(true) => Box::new(jsonl::Records::new(reader, id, path, encoding)),
            Ok(false) => {
                let mut bytes = Vec::new();
                let read = reader.read_to_end(&mut bytes);
                one(whole(entry, Format::Unsaid, encoding, read.map(|_| bytes)))
            }
            Err(error) => one(faulty(entry, format, &error.into())),
        },
        Ok(reader) => Box::new(jsonl::Records::new(reader, id, path, encoding)),
        Err(error) => one(faulty(entry, format, &error)),
    }
}

fn one(document: Document) -> Documents {
    Box::new(std::iter::once(document))
}

/// Whether a stream is JSON Lines, told by its first bytes.
fn begins_with_record(reader: &mut dyn BufRead) -> io::Result<bool> {
    let head = reader.fill_buf()?;
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let inside = head.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    Ok(inside.is_some_and(|inside| inside.starts_with(b"\"")))
}

/// The document of a file that holds one.
fn whole(
    entry: &Entry,
    format: Format,
    encoding: Option<&'static Encoding>,
    bytes: io::Result<Vec<u8>>,
) -> Document {
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => return faulty(entry, format, &error.into()),
    };
    let format = format.of_bytes(&bytes);
    let mut document = match content(&entry.id, format, encoding, &bytes) {
        Ok(document) => document,
        Err(error) => faulty(entry, format, &error),
    };
    let name = entry.path.rsplit('/').next().unwrap_or_default();
    document.date = document.date.take().or_else(|| date::name_date(name));
    document.source.path.clone_from(&entry.path);
    document.source.format = format.name().to_owned();
    document.source.bytes = bytes.len() as u64;
    document.source.sha256 = sha256(&bytes);
    document
}

/// The text in some bytes, with what it says of itself.
fn content(id: &str, format: Format, encoding: Option<&'static Encoding>, bytes: &[u8]) -> Result<Document> {
    if !format.is_read() {
        return Err(not_read(format));
    }
    #[cfg(feature = "html")]
    if format == Format::Html {
        let decoded = decode::decode(bytes, encoding, html::declared_encoding)?;
        let article = html::article(&decoded.text)?;
        let mut document = Document::new(id, article.text);
        document.source.encoding = decoded.encoding;
        document.title = article.title;
        document.date = article.date;
        return Ok(document);
    }
    let decoded = decode::decode(bytes, encoding, |_| None)?;
    let head = text::head(&decoded.text);
    let mut document = Document::new(id, decoded.text);
    document.source.encoding = decoded.encoding;
    document.title = head.title;
    document.date = head.date;
    Ok(document)
}

fn not_read(format: Format) -> Error {
    Error::new(ErrorKind::Malformed, format!("format {} is not read by this version", format.name()))
}

/// What stands for an entry that cannot be read.
fn faulty(entry: &Entry, format: Format, error: &Error) -> Document {
    let mut document = Document::unreadable(&*entry.id, error);
    document.source =
        Source { path: entry.path.clone(), format: format.name().to_owned(), ..Source::default() };
    document
}

/// The checksum of some bytes in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_of_records_is_told_by_its_first_bytes() {
        let told = |mut bytes: &[u8]| begins_with_record(&mut bytes).expect("bytes can be read");
        assert!(told(b"\xEF\xBB\xBF\n { \"text\": 1}") && told(b"{\"id\":1}"));
        assert!(!told(b"") && !told(b"{Klammer} auf") && !told(b"<html>") && !told(b"Text"));
    }
}
