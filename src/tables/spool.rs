//! Finished documents on disk, until all names are known.

use super::cannot_write;
use crate::{Document, Result, wire};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::{BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

#[derive(Debug)]
pub(super) struct Spool {
    path: PathBuf,
    file: BufWriter<File>,
    /// Where each document stands, by id.
    places: BTreeMap<String, (u64, usize)>,
    end: u64,
}

impl Spool {
    /// An empty spool in a folder that is ours.
    pub fn create(folder: &Path) -> Result<Self> {
        let path = folder.join(".documents.partial");
        let failed = |error| cannot_write(&path, error);
        // What a killed run has left is written over.
        let file =
            File::options().read(true).write(true).create(true).truncate(true).open(&path).map_err(failed)?;
        Ok(Self { file: BufWriter::new(file), path, places: BTreeMap::new(), end: 0 })
    }

    pub fn holds(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    /// Adds a document whose id is not there yet.
    pub fn add(&mut self, document: &Document) -> Result<()> {
        let mut line = Vec::new();
        wire::write_line(document, &mut line)?;
        self.places.insert(document.id().to_owned(), (self.end, line.len()));
        self.end += line.len() as u64;
        self.file.write_all(&line).map_err(|error| cannot_write(&self.path, error))
    }

    /// Calls `each` with the documents in the order of their ids, and with the id of the first of the same checksum, if
    /// that is another one, or else nothing.
    pub fn read(&mut self, mut each: impl FnMut(Document, &str) -> Result<()>) -> Result<()> {
        self.file.flush().map_err(|error| cannot_write(&self.path, error))?;
        let file = self.file.get_mut();
        let mut firsts: HashMap<[u8; 16], &str> = HashMap::new();
        for (number, (id, &(at, length))) in self.places.iter().enumerate() {
            file.seek(SeekFrom::Start(at))?;
            let mut line = vec![0; length];
            file.read_exact(&mut line)?;
            let document = wire::read_line(line.trim_ascii_end(), number as u64 + 1)?;
            let first = match document.source.sha256.as_str() {
                "" => id,
                checksum => *firsts.entry(short(checksum)).or_insert(id),
            };
            each(document, if first == id { "" } else { first })?;
        }
        Ok(())
    }
}

/// A checksum in little memory, whatever its notation.
fn short(checksum: &str) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&Sha256::digest(checksum)[..16]);
    short
}

impl Drop for Spool {
    fn drop(&mut self) {
        // Nobody needs it any more; what cannot be removed is overwritten next time.
        let _ = std::fs::remove_file(&self.path);
    }
}
