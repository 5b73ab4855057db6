//! Excerpts of documents on disk, until all names are known.

use super::{cannot_write, duplicates::Trace, excerpt::Excerpt};
use crate::Result;
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
    documents: BTreeMap<String, Spooled>,
    end: u64,
}

/// What stays in memory of a document.
#[derive(Debug)]
struct Spooled {
    at: u64,
    length: usize,
    trace: Option<Trace>,
}

impl Spool {
    /// An empty spool in a folder that is ours.
    pub fn create(folder: &Path) -> Result<Self> {
        let path = folder.join(".documents.partial");
        let failed = |error| cannot_write(&path, error);
        // What a killed run has left is written over.
        let file =
            File::options().read(true).write(true).create(true).truncate(true).open(&path).map_err(failed)?;
        Ok(Self { file: BufWriter::new(file), path, documents: BTreeMap::new(), end: 0 })
    }

    pub fn holds(&self, id: &str) -> bool {
        self.documents.contains_key(id)
    }

    /// Adds a document whose id is not there yet.
    pub fn add(&mut self, excerpt: &Excerpt, trace: Option<Trace>) -> Result<()> {
        let line = serde_json::to_vec(excerpt).map_err(|error| cannot_write(&self.path, error))?;
        let spooled = Spooled { at: self.end, length: line.len(), trace };
        self.documents.insert(excerpt.id.clone(), spooled);
        self.end += line.len() as u64;
        self.file.write_all(&line).map_err(|error| cannot_write(&self.path, error))
    }

    /// Ids in order, with the traces of their texts.
    pub fn traces(&self) -> impl Iterator<Item = (&str, Option<&Trace>)> {
        self.documents.iter().map(|(id, document)| (id.as_str(), document.trace.as_ref()))
    }

    /// Calls `each` with the documents in the order of their ids, and with their numbers in it.
    pub fn read(&mut self, mut each: impl FnMut(usize, Excerpt) -> Result<()>) -> Result<()> {
        self.file.flush().map_err(|error| cannot_write(&self.path, error))?;
        let file = self.file.get_mut();
        let mut line = Vec::new();
        for (number, document) in self.documents.values().enumerate() {
            file.seek(SeekFrom::Start(document.at))?;
            line.resize(document.length, 0);
            file.read_exact(&mut line)?;
            let excerpt = serde_json::from_slice(&line).map_err(std::io::Error::from)?;
            each(number, excerpt)?;
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
