//! Finished documents on disk, until all names are known.

use super::cannot_write;
use crate::{Document, Error, ErrorKind, Result, wire};
use std::{
    collections::BTreeMap,
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
    pub fn create(folder: &Path) -> Result<Self> {
        let path = folder.join(".documents.partial");
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&path);
        let file = BufWriter::new(file.map_err(|error| cannot_write(&path, error))?);
        Ok(Self { path, file, places: BTreeMap::new(), end: 0 })
    }

    pub fn add(&mut self, document: &Document) -> Result<()> {
        let mut line = Vec::new();
        wire::write_line(document, &mut line)?;
        if self.places.insert(document.id().to_owned(), (self.end, line.len())).is_some() {
            let message = format!("two documents have the id {}", document.id());
            return Err(Error::new(ErrorKind::Malformed, message));
        }
        self.end += line.len() as u64;
        self.file.write_all(&line).map_err(|error| cannot_write(&self.path, error))
    }

    /// Calls `each` with the documents in the order of their ids.
    pub fn read(&mut self, mut each: impl FnMut(Document) -> Result<()>) -> Result<()> {
        self.file.flush().map_err(|error| cannot_write(&self.path, error))?;
        let file = self.file.get_mut();
        for (number, &(at, length)) in self.places.values().enumerate() {
            file.seek(SeekFrom::Start(at))?;
            let mut line = vec![0; length];
            file.read_exact(&mut line)?;
            each(wire::read_line(line.trim_ascii_end(), number as u64 + 1)?)?;
        }
        Ok(())
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // Nobody needs it any more; what cannot be removed is overwritten next time.
        let _ = std::fs::remove_file(&self.path);
    }
}
