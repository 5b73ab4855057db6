//! A folder, file or stream becomes documents: walking, decoding, one file per format.
//!
//! The id of a document is its path below the folder that was given, with `/` between the parts; of several inputs,
//! the path as given. A record inside a file adds `#` and its own `id`, or else its line. Bytes of a path that are
//! not UTF-8 appear as `\xHH`. What cannot be read is a document with a fault, so that it ends as a row, too.

mod walk;

pub use walk::{Plan, PlannedFormat};

use crate::{Document, Error, ErrorKind, Result, document::Source};
use std::path::PathBuf;
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
    settings: Settings,
}

impl Corpus {
    /// Finds what there is to read in folders, files and (`-`) standard input, without reading it.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if an input does not exist, [`ErrorKind::Settings`] for an unknown encoding or a bad glob.
    pub fn open(inputs: &[PathBuf], settings: &Settings) -> Result<Self> {
        Ok(Self { entries: walk::entries(inputs, settings)?, settings: settings.clone() })
    }

    /// What would be read: a look at the names and sizes of files only.
    pub fn plan(&self) -> Plan {
        walk::plan(&self.entries, self.settings.limit)
    }

    /// Reads the documents one after another.
    pub fn documents(&self) -> impl Iterator<Item = Document> + Send + '_ {
        self.entries.iter().map(read_entry).take(self.settings.limit.unwrap_or(usize::MAX))
    }
}

fn read_entry(entry: &Entry) -> Document {
    let path = match &entry.place {
        Place::File(path) => path,
        Place::Stdin => return Document::unreadable(&*entry.id, &Error::new(ErrorKind::Io, "not read yet")),
        Place::Broken(reason) => {
            return Document::unreadable(&*entry.id, &Error::new(ErrorKind::Io, reason.clone()));
        }
    };
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return Document::unreadable(&*entry.id, &error.into()),
    };
    let mut document = Document::new(&*entry.id, String::from_utf8_lossy(&bytes));
    document.source = Source { path: entry.path.clone(), bytes: bytes.len() as u64, ..Source::default() };
    document
}
