//! The SQLite file.

use super::{Key, Keys, short};
use crate::{Error, ErrorKind, Result};
use rusqlite::{Connection, OptionalExtension, ffi, params};
use sha2::{Digest, Sha256};
use std::{
    fs, io, mem,
    path::{Path, PathBuf},
};

/// Told apart by SQLite's `application_id` and `user_version`: a change of the table takes another version.
const APPLICATION: i32 = i32::from_be_bytes(*b"nmls");
const VERSION: i32 = 1;

/// The least length of a database.
const HEAD: u64 = 512;

const TABLE: &str = "CREATE TABLE record (
    text BLOB NOT NULL, prepared_key BLOB NOT NULL, finished_key BLOB NOT NULL,
    prepared BLOB NOT NULL, finished BLOB NOT NULL, checksum BLOB NOT NULL,
    UNIQUE (text, prepared_key, finished_key)
)";
/// The record itself, or else one that was prepared alike.
const FIND: &str = "SELECT finished_key, prepared, finished, checksum FROM record
    WHERE text = ?1 AND prepared_key = ?2 ORDER BY finished_key = ?3 DESC LIMIT 1";
const KEEP: &str = "INSERT OR REPLACE INTO record VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/// A record as it stands in the table.
#[derive(Debug)]
pub(super) struct Row {
    key: Key,
    /// Compressed layers: language and sentences.
    pub prepared: Vec<u8>,
    /// Compressed layers: mentions with their normal forms, and notes.
    pub finished: Vec<u8>,
    checksum: [u8; 16],
}

impl Row {
    pub fn new(key: Key, prepared: Vec<u8>, finished: Vec<u8>) -> Self {
        let mut row = Self { key, prepared, finished, checksum: [0; 16] };
        row.checksum = row.computed();
        row
    }

    /// Whether it is what was written, under the key it was written for.
    pub fn is_intact(&self) -> bool {
        self.checksum == self.computed()
    }

    fn computed(&self) -> [u8; 16] {
        let mut hash = Sha256::new();
        for part in [&self.key.text[..], &self.key.keys.prepared, &self.key.keys.finished] {
            hash.update(part);
        }
        for part in [&self.prepared, &self.finished] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        short(hash)
    }
}

#[derive(Debug)]
pub(super) struct Database {
    path: PathBuf,
    connection: Connection,
    /// Whether something in it could not be read.
    is_damaged: bool,
}

/// Why a file cannot be used as it is.
enum Trouble {
    /// It is to be replaced by an empty store, for a reason in words.
    Useless(&'static str),
    Failed(rusqlite::Error),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        if is_damage(&error) { Self::Useless("is damaged") } else { Self::Failed(error) }
    }
}

impl Database {
    /// The database in a file, and why it had to be replaced by an empty one if it had to.
    pub fn open(path: PathBuf, afresh: bool) -> Result<(Self, Option<String>)> {
        if afresh {
            remove(&path)?;
        }
        match connect(&path) {
            Ok(connection) => Ok((Self::over(path, connection), None)),
            Err(Trouble::Failed(error)) => Err(cannot_use(&path, error)),
            Err(Trouble::Useless(why)) => {
                let notice = format!("{} {why}: every document is worked on again", path.display());
                Ok((Self::empty(path)?, Some(notice)))
            }
        }
    }

    /// The database in a file that is there and whole.
    pub fn there(path: PathBuf) -> Option<Self> {
        let connection = path.exists().then(|| connect(&path))?.ok()?;
        Some(Self::over(path, connection))
    }

    fn over(path: PathBuf, connection: Connection) -> Self {
        Self { path, connection, is_damaged: false }
    }

    fn empty(path: PathBuf) -> Result<Self> {
        remove(&path)?;
        match connect(&path) {
            Ok(connection) => Ok(Self::over(path, connection)),
            Err(Trouble::Failed(error)) => Err(cannot_use(&path, error)),
            Err(Trouble::Useless(why)) => Err(cannot_use(&path, io::Error::other(why))),
        }
    }

    /// The record of a key and `true`, or one that was prepared alike and `false`. `Err` says that the file is damaged.
    pub fn find(&mut self, key: &Key) -> Result<Option<(Row, bool)>, ()> {
        let Keys { prepared, finished } = key.keys;
        let found = self.connection.prepare_cached(FIND).and_then(|mut find| {
            find.query_row(params![key.text, prepared, finished], |row| {
                let keys = Keys { prepared, finished: row.get(0)? };
                let key = Key { text: key.text, keys };
                Ok(Row { key, prepared: row.get(1)?, finished: row.get(2)?, checksum: row.get(3)? })
            })
            .optional()
        });
        match found {
            Ok(row) => Ok(row.map(|row| {
                let is_whole = row.key.keys.finished == finished;
                (row, is_whole)
            })),
            Err(error) => {
                self.is_damaged |= is_damage(&error);
                Err(())
            }
        }
    }

    /// Writes records, all or none. A damaged file is replaced by one that holds these alone.
    pub fn write(&mut self, rows: &[Row]) -> Result<()> {
        if !self.is_damaged {
            match self.insert(rows) {
                Err(error) if is_damage(&error) => {}
                other => return other.map_err(|error| cannot_use(&self.path, error)),
            }
        }
        let memory = Connection::open_in_memory().map_err(|error| cannot_use(&self.path, error))?;
        // Closed before its file is removed.
        drop(mem::replace(&mut self.connection, memory));
        *self = Self::empty(self.path.clone())?;
        self.insert(rows).map_err(|error| cannot_use(&self.path, error))
    }

    fn insert(&mut self, rows: &[Row]) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        {
            let mut keep = transaction.prepare_cached(KEEP)?;
            for Row { key: Key { text, keys }, prepared, finished, checksum } in rows {
                keep.execute(params![text, keys.prepared, keys.finished, prepared, finished, checksum])?;
            }
        }
        transaction.commit()
    }
}

fn connect(path: &Path) -> Result<Connection, Trouble> {
    // SQLite takes what is too short for its head for an empty file.
    if (1..HEAD).contains(&fs::metadata(path).map_or(0, |metadata| metadata.len())) {
        return Err(Trouble::Useless("is damaged"));
    }
    let connection = Connection::open(path)?;
    // Readers and writers of one process share this connection; the write-ahead log then needs no shared memory. What a
    // killed process has committed survives; a power cut may cost the last moments, never the file.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (number("application_id")?, number("user_version")?) {
        (APPLICATION, VERSION) => {
            let made = "SELECT sql FROM sqlite_schema WHERE name = 'record'";
            let made = connection.query_row(made, [], |row| row.get::<_, String>(0)).optional()?;
            if made.as_deref() == Some(TABLE) { Ok(connection) } else { Err(Trouble::Useless("is damaged")) }
        }
        (0, 0) if tables == 0 => {
            let made = format!(
                "BEGIN; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; {TABLE}; COMMIT"
            );
            connection.execute_batch(&made)?;
            Ok(connection)
        }
        (APPLICATION, _) => Err(Trouble::Useless("was written by another version of namenlese")),
        _ => Err(Trouble::Useless("is no store of namenlese")),
    }
}

fn remove(path: &Path) -> Result<()> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut file = path.as_os_str().to_owned();
        file.push(ending);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot_use(path, error)),
            _ => {}
        }
    }
    Ok(())
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
    ) || error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_ERROR)
}

fn cannot_use(path: &Path, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Io, format!("cannot use {}", path.display())).caused_by(error)
}
