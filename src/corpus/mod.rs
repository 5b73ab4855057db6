//! A folder, file or stream becomes documents: walking, unpacking, decoding, one file per format.
//!
//! The id of a document is its path below the folder that was given, with `/` between the parts; of several inputs,
//! the path as given. Inside a file `#` is added, and the name of an archive's member or an attachment, the own `id` of
//! a record, or else its line, row or number; so `2023.zip#news.jsonl#7`. Compression adds nothing. Bytes of a path that
//! are not UTF-8 appear as `\xHH`. What cannot be read is a document with a fault, so that it ends as a row, too.
//!
//! Nothing is unpacked to disk: a file is read from its beginning, and whatever is inside it becomes documents one at a
//! time. Only one document, or one archive inside another, is ever held as a whole.

mod date;
mod decode;
// Builds without archives and mail need less of these.
#[cfg_attr(not(all(feature = "archives", feature = "mail")), allow(dead_code, unused_imports))]
mod formats;
mod reader;
#[cfg_attr(not(all(feature = "archives", feature = "mail")), allow(dead_code, unused_imports))]
mod reading;
#[cfg_attr(not(all(feature = "archives", feature = "mail")), allow(dead_code, unused_imports))]
mod source;
mod stream;
mod timed;
mod walk;

pub use formats::{FormatInfo, formats};
pub use reader::Reader;
pub use stream::READER;
pub use walk::{Plan, PlannedFormat};

use crate::{Document, Result};
use encoding_rs::Encoding;
use sha2::{Digest, Sha256};
use std::{
    fmt::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use timed::Timed;
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
    /// Folders and files never to read, such as the output folder.
    pub skip: Vec<PathBuf>,
    /// Tells folders inside the inputs that are not read either; [`Corpus::skipped`] names them.
    pub skip_if: Option<fn(&Path) -> bool>,
    /// The most bytes of one document in its source; what is longer is a document with a fault. `None` is
    /// [`MAX_DOCUMENT_SIZE`].
    pub max_document_size: Option<u64>,
    /// The most time that parsing one document may take; one that takes longer is a document with a fault. `None` is
    /// [`MAX_DOCUMENT_TIME`].
    pub max_document_time: Option<Duration>,
    /// Where tables and records keep what a document is made of.
    pub columns: Columns,
    /// Formats of your own.
    pub readers: Vec<Arc<dyn Reader>>,
}

/// The most bytes of one document, unless the settings say otherwise.
pub const MAX_DOCUMENT_SIZE: u64 = 64_000_000;

/// The most time that parsing one document may take, unless the settings say otherwise.
pub const MAX_DOCUMENT_TIME: Duration = Duration::from_secs(120);

/// Columns of tables (CSV, TSV) and fields of records (JSON) by name; `None` looks for the usual names: `text`, `body` or
/// `content`, `title`, `date`, `id`. In tables capitals do not matter. All others are kept as [`Document::foreign`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// The text.
    pub text: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The date.
    pub date: Option<String>,
    /// What names a record in its document's id.
    pub id: Option<String>,
}

/// The settings that act on what is inside files.
#[derive(Debug, Clone)]
struct Rules {
    encoding: Option<&'static Encoding>,
    most_bytes: u64,
    timed: Timed,
    columns: Columns,
    readers: Vec<Arc<dyn Reader>>,
}

/// Records of one file that a sample takes.
const SAMPLED_RECORDS: usize = 32;

/// The documents of some inputs: files in the order of their ids' bytes, what is inside a file in its own order. Nothing
/// but the names of files is held in memory.
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
    entries: Arc<[Entry]>,
    skipped: Vec<PathBuf>,
    rules: Rules,
    limit: usize,
}

impl Corpus {
    /// Finds what there is to read in folders, files and (`-`) standard input, without reading it.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if an input does not exist, [`ErrorKind::Settings`](crate::ErrorKind::Settings) for an
    /// unknown encoding or a bad glob.
    pub fn open(inputs: &[PathBuf], settings: &Settings) -> Result<Self> {
        let encoding = settings.encoding.as_deref().map(decode::encoding_of).transpose()?;
        let most_bytes = settings.max_document_size.unwrap_or(MAX_DOCUMENT_SIZE);
        let timed = Timed::new(settings.max_document_time.unwrap_or(MAX_DOCUMENT_TIME));
        let (columns, readers) = (settings.columns.clone(), settings.readers.clone());
        let rules = Rules { encoding, most_bytes, timed, columns, readers };
        let limit = settings.limit.unwrap_or(usize::MAX);
        let (entries, skipped) = walk::entries(inputs, settings)?;
        Ok(Self { entries: entries.into(), skipped, rules, limit })
    }

    /// Folders that [`Settings::skip_if`] told.
    pub fn skipped(&self) -> &[PathBuf] {
        &self.skipped
    }

    /// What would be read: a look at the names and sizes of files only.
    pub fn plan(&self) -> Plan {
        walk::plan(self.entries.iter().take(self.limit), &self.rules)
    }

    /// Reads the documents one after another, on a thread of its own that is a few documents ahead. Standard input can
    /// be read once only.
    pub fn documents(&self) -> impl Iterator<Item = Document> + Send + use<> {
        let all = 0..self.entries.len();
        stream::documents(self.entries.clone(), self.rules.clone(), all, usize::MAX).take(self.limit)
    }

    /// Reads the first documents of so many files at even distances, standard input left out: enough to guess by.
    pub fn sample(&self, files: usize) -> impl Iterator<Item = Document> + Send + use<> {
        let planned = self.entries.len().min(self.limit);
        let step = planned.div_ceil(files.max(1)).max(1);
        let entries = self.entries.clone();
        let chosen = (0..planned).step_by(step).filter(move |&at| !matches!(entries[at].place, Place::Stdin));
        stream::documents(self.entries.clone(), self.rules.clone(), chosen, SAMPLED_RECORDS)
    }

    /// Whether standard input is one of the inputs.
    pub fn has_stdin(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry.place, Place::Stdin))
    }
}

/// The checksum of some bytes in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
