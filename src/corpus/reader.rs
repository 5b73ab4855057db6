//! Formats of the user's own.

use crate::{Document, Result};
use std::fmt;

/// A format of your own. [`Settings::readers`](super::Settings::readers) takes it, and it is read wherever a file may be: in
/// folders, archives and mails.
///
/// A file is of the format if its name has one of the endings; its bytes are not asked. Readers of your own outrank those of
/// this crate, and the first of several that fit is taken.
///
/// ```
/// use namenlese::{Document, Result, corpus::{Corpus, Reader, Settings}};
/// use std::sync::Arc;
///
/// /// Entries of a diary, parted by lines of asterisks.
/// struct Diary;
///
/// impl Reader for Diary {
///     fn name(&self) -> &'static str {
///         "diary"
///     }
///     fn endings(&self) -> &'static [&'static str] {
///         &["diary"]
///     }
///     fn read(&self, id: &str, bytes: &[u8]) -> Result<Vec<Document>> {
///         let text = String::from_utf8_lossy(bytes);
///         let entries = text.split("\n***\n").zip(1..);
///         Ok(entries.map(|(entry, number)| Document::new(format!("{id}#{number}"), entry)).collect())
///     }
/// }
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("1912.diary"), "In Prag.\n***\nIn Berlin.")?;
/// let settings = Settings { readers: vec![Arc::new(Diary)], ..Settings::default() };
/// let corpus = Corpus::open(&[folder.path().to_owned()], &settings)?;
/// let ids: Vec<_> = corpus.documents().map(|document| document.id().to_owned()).collect();
/// assert_eq!(ids, ["1912.diary#1", "1912.diary#2"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Reader: Send + Sync {
    /// The name of the format in tables.
    fn name(&self) -> &'static str;

    /// Endings of files' names, in lower case and without the dot.
    fn endings(&self) -> &'static [&'static str];

    /// The documents in a file, whose bytes are no more than [`Settings::max_document_size`](super::Settings::max_document_size)
    /// allows; decoding them is the reader's. `id` is the name of the only document, and what the names of several begin
    /// with, such as `id#1`.
    ///
    /// Title, date, metadata ([`Document::foreign`]) and the encoding are the reader's to state; all else of
    /// [`Document::source`] is filled in, with size and checksum of the whole file for each of its documents. A file without
    /// a document becomes an empty one that says so in a note.
    ///
    /// # Errors
    /// What is wrong with the file: it becomes a document with a fault. So does a file whose reader panics, or takes longer
    /// than [`Settings::max_document_time`](super::Settings::max_document_time).
    fn read(&self, id: &str, bytes: &[u8]) -> Result<Vec<Document>>;
}

impl fmt::Debug for dyn Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
