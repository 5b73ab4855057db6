//! Bytes with a name: a file, standard input, the member of an archive, an attachment.

use super::reading::Halt;
use crate::{Error, ErrorKind, Result};
use std::{
    cell::Cell,
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom},
    path::Path,
    rc::Rc,
    time::SystemTime,
};

/// Something to read from its beginning.
pub(super) struct Source<'a> {
    /// What the id of its document is, or what ids of its documents begin with.
    pub id: String,
    /// What it is called where it lies; compression that was undone is no longer in the name.
    pub name: String,
    bytes: Bytes<'a>,
    /// Its length, where it is known beforehand.
    pub length: Option<u64>,
}

enum Bytes<'a> {
    File(BufReader<File>),
    Memory(Cursor<Vec<u8>>),
    Stream(Box<dyn BufRead + 'a>),
}

/// A file, and its length and time when it was opened.
pub(super) struct Witness {
    file: File,
    seen: (u64, SystemTime),
}

impl Witness {
    fn look(file: &File) -> Option<(u64, SystemTime)> {
        let metadata = file.metadata().ok()?;
        Some((metadata.len(), metadata.modified().ok()?))
    }

    /// Whether somebody has written to the file since. That it bears another name, or none, is no change.
    pub fn saw_a_change(&self) -> bool {
        Self::look(&self.file).is_some_and(|now| now != self.seen)
    }
}

/// What archives ask for.
pub(super) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

impl<'a> Source<'a> {
    pub fn file(id: String, name: String, path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata().ok().map(|metadata| metadata.len());
        Ok(Self { id, name, bytes: Bytes::File(BufReader::with_capacity(64 << 10, file)), length })
    }

    pub fn memory(id: String, name: String, bytes: Vec<u8>) -> Self {
        let length = Some(bytes.len() as u64);
        Self { id, name, bytes: Bytes::Memory(Cursor::new(bytes)), length }
    }

    pub fn stream(id: String, name: String, reader: impl BufRead + 'a) -> Self {
        Self { id, name, bytes: Bytes::Stream(Box::new(reader)), length: None }
    }

    /// Somebody who notices when the file changes.
    pub fn witness(&self) -> Option<Witness> {
        let Bytes::File(file) = &self.bytes else { return None };
        let file = file.get_ref().try_clone().ok()?;
        let seen = Witness::look(&file)?;
        Some(Witness { file, seen })
    }

    /// Its first bytes, at most so many; it is still to be read from its beginning.
    pub fn head(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        match &mut self.bytes {
            Bytes::File(file) => {
                file.by_ref().take(most as u64).read_to_end(&mut head)?;
                file.seek(SeekFrom::Start(0))?;
            }
            Bytes::Memory(bytes) => head.extend(bytes.get_ref().iter().take(most)),
            Bytes::Stream(stream) => {
                stream.by_ref().take(most as u64).read_to_end(&mut head)?;
                let rest = std::mem::replace(stream, Box::new(io::empty()));
                *stream = Box::new(Cursor::new(head.clone()).chain(rest));
            }
        }
        Ok(head)
    }

    pub fn reader(self) -> Box<dyn BufRead + 'a> {
        match self.bytes {
            Bytes::File(file) => Box::new(file),
            Bytes::Memory(bytes) => Box::new(bytes),
            Bytes::Stream(stream) => stream,
        }
    }

    /// All of it, if it is not more than so many bytes.
    pub fn whole(self, most: u64) -> Result<Vec<u8>> {
        if let Some(length) = self.length.filter(|&length| length > most) {
            return Err(too_large(Some(length), most));
        }
        if let Bytes::Memory(bytes) = self.bytes {
            return Ok(bytes.into_inner());
        }
        let room = self.length.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let mut bytes = Vec::with_capacity(room);
        self.reader().take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most { Err(too_large(None, most)) } else { Ok(bytes) }
    }

    /// Something to jump about in: a file as it is, all else held in memory if it is not more than so many bytes.
    pub fn seekable(self, most: u64) -> Result<Box<dyn ReadSeek + 'a>> {
        match self.bytes {
            Bytes::File(file) => Ok(Box::new(file)),
            _ => Ok(Box::new(Cursor::new(self.whole(most)?))),
        }
    }
}

/// What is said of something that is not read because of its size.
pub(super) fn too_large(length: Option<u64>, most: u64) -> Error {
    let length = length.map_or("it".to_owned(), |length| format!("it has {} and", in_words(length)));
    let message =
        format!("{length} is larger than a document may be ({}, see --max-document-size)", in_words(most));
    Error::new(ErrorKind::Limit, message)
}

/// A number of bytes as people say it.
pub(super) fn in_words(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{} kB", bytes as f64 / 1e3),
        _ => format!("{} MB", (bytes as f64 / 1e4).round() / 100.0),
    }
}

/// How much may come out of one file by unpacking: a file made to fill the memory or the week is given up.
#[derive(Debug, Clone)]
pub(super) struct Allowance {
    /// Bytes of the file itself; of a stream, those that were read.
    given: Rc<Cell<u64>>,
    unpacked: Rc<Cell<u64>>,
    /// So much is always allowed.
    least: u64,
}

/// Deflate, of which most archives are made, cannot do more at once.
const MOST_EXPANDED: u64 = 1000;

impl Allowance {
    pub fn new(given: u64, least: u64) -> Self {
        Self { given: Rc::new(Cell::new(given)), unpacked: Rc::default(), least }
    }

    /// Counts what is read as given.
    pub fn giving<R: Read>(&self, reader: R) -> Counting<R> {
        Counting { reader, count: self.given.clone(), allowance: None }
    }

    /// Counts what is read as unpacked, and fails when it is too much.
    pub fn unpacking<R: Read>(&self, reader: R) -> Counting<R> {
        Counting { reader, count: self.unpacked.clone(), allowance: Some(self.clone()) }
    }

    fn is_used_up(&self) -> bool {
        self.unpacked.get() > self.least.max(self.given.get().saturating_mul(MOST_EXPANDED))
    }
}

pub(super) struct Counting<R> {
    reader: R,
    count: Rc<Cell<u64>>,
    allowance: Option<Allowance>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.count.set(self.count.get() + read as u64);
        if self.allowance.as_ref().is_some_and(Allowance::is_used_up) {
            let message = format!("unpacked it is more than {MOST_EXPANDED} times as large as the file");
            return Err(io::Error::new(io::ErrorKind::QuotaExceeded, message));
        }
        Ok(read)
    }
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.into())
    }
}
