//! What is done already: a cache of what the stages made of each text, one SQLite file beside the tables.
//!
//! A record is what stages added to one text: its language and sentences, its mentions with their normal forms. It is
//! found by the SHA-256 of the text and by two keys: one of the rules and settings that language and sentences depend
//! on, and one of those that mentions depend on beside them, the recogniser's checksum among them. So another model
//! meets the text again but language and sentences are taken from what is there; a file that was renamed, or whose
//! text stands in the corpus twice, meets no model again; and nothing that acts on tables alone is part of a key.
//!
//! **The text itself is not kept**: a record holds offsets and names. It is compressed and has a checksum over its
//! keys and its contents. A record is there whole or not at all, whenever the process ends; one that is damaged is
//! not trusted but done anew and written over. A file that is no store, or one of another version, is replaced by an
//! empty one, which [`Store::open`] tells. Records stay until the store is opened afresh, so that going back to a
//! model, or to a text, costs nothing.
//!
//! One process at a time: [`Tables`](crate::tables::Tables) lock the folder that the store lies in.

mod cached;
mod database;

pub use cached::{Cached, Keys};

use crate::{Document, Error, Layer, Result, wire};
use database::{Database, Row};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use sha2::{Digest, Sha256};
use std::{
    io::{self, Read, Write},
    path::Path,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// The name of the store in its folder.
pub const FILE: &str = "store.sqlite";

/// Records wait at most so long for others to be written with them, and so many at most.
const PAUSE: Duration = Duration::from_millis(500);
const BATCH: usize = 1000;

/// The records of one folder, shared by all threads.
#[derive(Debug)]
pub struct Store {
    inner: Mutex<Inner>,
    whole: AtomicU64,
    prepared: AtomicU64,
    damaged: AtomicU64,
}

#[derive(Debug)]
struct Inner {
    database: Database,
    waiting: Vec<Row>,
    written: Instant,
    failure: Option<Error>,
}

/// What was found of a text in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Whole,
    Prepared,
    Nothing,
}

/// How often the store was of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Use {
    /// Documents of which everything was there.
    pub documents: u64,
    /// Documents of which language and sentences were there.
    pub prepared: u64,
    /// Damaged records, which were done anew.
    pub damaged: u64,
}

/// SHA-256 of the text, then what was made of it by which rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    text: [u8; 32],
    keys: Keys,
}

impl Store {
    /// The store of a folder, made if it is not there; `afresh` empties it. The second value is for the user: why a
    /// store that was there cannot be used.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the file cannot be read or written.
    pub fn open(folder: &Path, afresh: bool) -> Result<(Self, Option<String>)> {
        let (database, notice) = Database::open(folder.join(FILE), afresh)?;
        Ok((Self::over(database), notice))
    }

    /// The store that a folder has, if it can be used; nothing is made or replaced.
    pub fn there(folder: &Path) -> Option<Self> {
        let database = Database::there(folder.join(FILE))?;
        Some(Self::over(database))
    }

    fn over(database: Database) -> Self {
        let inner = Inner { database, waiting: Vec::new(), written: Instant::now(), failure: None };
        let [whole, prepared, damaged] = Default::default();
        Self { inner: Mutex::new(inner), whole, prepared, damaged }
    }

    /// Whether everything is there of a document.
    pub fn holds(&self, keys: Keys, document: &Document) -> bool {
        let key = Key { text: Sha256::digest(document.text()).into(), keys };
        matches!(self.lock().database.find(&key), Ok(Some((row, true))) if row.is_intact())
    }

    /// How often it was of use so far.
    pub fn used(&self) -> Use {
        let [documents, prepared, damaged] =
            [&self.whole, &self.prepared, &self.damaged].map(|count| count.load(Ordering::Relaxed));
        Use { documents, prepared, damaged }
    }

    /// Whether everything given to it could be kept so far.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the file cannot be written, such as on a full disk; told once.
    pub fn check(&self) -> Result<()> {
        self.lock().failure.take().map_or(Ok(()), Err)
    }

    /// Writes what still waits.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn flush(&self) -> Result<()> {
        self.lock().write();
        self.check()
    }

    /// Puts into a document whatever is there of it.
    fn recall(&self, key: &Key, document: &mut Document) -> Found {
        let found = self.lock().database.find(key);
        let intact = match found {
            Ok(None) => return Found::Nothing,
            Ok(Some((row, is_whole))) if row.is_intact() => {
                let parts = if is_whole { &[row.prepared, row.finished][..] } else { &[row.prepared] };
                let put = |part: &Vec<u8>| wire::read_layers(document, &unpack(part)?);
                parts.iter().try_for_each(put).is_ok().then_some(is_whole)
            }
            _ => None,
        };
        let (found, count) = match intact {
            Some(true) => (Found::Whole, &self.whole),
            Some(false) => (Found::Prepared, &self.prepared),
            None => (Found::Nothing, &self.damaged),
        };
        count.fetch_add(1, Ordering::Relaxed);
        found
    }

    /// Keeps what was made of a document; `notes` are those that the stages added.
    fn keep(&self, key: Key, document: &Document, notes: &[String]) -> Result<()> {
        let prepared = pack(&wire::write_layers(document, &[Layer::Language, Layer::Sentences], &[])?)?;
        let finished = pack(&wire::write_layers(document, &[Layer::Mentions], notes)?)?;
        let row = Row::new(key, prepared, finished);
        let mut inner = self.lock();
        inner.waiting.push(row);
        if inner.waiting.len() >= BATCH || inner.written.elapsed() >= PAUSE {
            inner.write();
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A thread that panicked has left nothing half done: SQLite takes back what was not committed.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // After a failure there is nobody left to tell; what could not be kept is done again.
        self.lock().write();
    }
}

impl Inner {
    fn write(&mut self) {
        let rows = std::mem::take(&mut self.waiting);
        if !rows.is_empty()
            && let Err(error) = self.database.write(&rows)
        {
            self.failure.get_or_insert(error);
        }
        self.written = Instant::now();
    }
}

fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes)?;
    packed.finish()
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    ZlibDecoder::new(bytes).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

/// The first bytes of a checksum.
fn short(hash: Sha256) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&hash.finalize()[..16]);
    short
}

#[cfg(test)]
mod tests;
