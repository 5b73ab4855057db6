//! Excerpts of documents, on disk or in memory, until all names are known.

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
    lines: Lines,
    documents: BTreeMap<String, Spooled>,
    end: u64,
}

/// The excerpts, one behind the other.
#[derive(Debug)]
enum Lines {
    File(PathBuf, BufWriter<File>),
    Memory(Vec<u8>),
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
        let lines = Lines::File(path, BufWriter::new(file));
        Ok(Self { lines, documents: BTreeMap::new(), end: 0 })
    }

    /// An empty spool for tables that are not written anywhere.
    pub fn in_memory() -> Self {
        Self { lines: Lines::Memory(Vec::new()), documents: BTreeMap::new(), end: 0 }
    }

    pub fn holds(&self, id: &str) -> bool {
        self.documents.contains_key(id)
    }

    /// Adds a document whose id is not there yet.
    pub fn add(&mut self, excerpt: &Excerpt, trace: Option<Trace>) -> Result<()> {
        let line = serde_json::to_vec(excerpt).map_err(std::io::Error::from)?;
        let spooled = Spooled { at: self.end, length: line.len(), trace };
        self.documents.insert(excerpt.id.clone(), spooled);
        self.end += line.len() as u64;
        match &mut self.lines {
            Lines::File(path, file) => file.write_all(&line).map_err(|error| cannot_write(path, error)),
            Lines::Memory(lines) => {
                lines.extend(line);
                Ok(())
            }
        }
    }

    /// Ids in order, with the traces of their texts.
    pub fn traces(&self) -> impl Iterator<Item = (&str, Option<&Trace>)> {
        self.documents.iter().map(|(id, document)| (id.as_str(), document.trace.as_ref()))
    }

    /// Calls `each` with the documents in the order of their ids, and with their numbers in it.
    pub fn read(&mut self, mut each: impl FnMut(usize, Excerpt) -> Result<()>) -> Result<()> {
        if let Lines::File(path, file) = &mut self.lines {
            file.flush().map_err(|error| cannot_write(path, error))?;
        }
        let mut line = Vec::new();
        for (number, document) in self.documents.values().enumerate() {
            self.lines.read(document, &mut line)?;
            let excerpt = serde_json::from_slice(&line).map_err(std::io::Error::from)?;
            each(number, excerpt)?;
        }
        Ok(())
    }
}

impl Lines {
    fn read(&mut self, document: &Spooled, line: &mut Vec<u8>) -> Result<()> {
        line.clear();
        match self {
            Self::File(_, file) => {
                let file = file.get_mut();
                file.seek(SeekFrom::Start(document.at))?;
                line.resize(document.length, 0);
                file.read_exact(line)?;
            }
            Self::Memory(lines) => {
                let at = document.at as usize;
                line.extend_from_slice(lines.get(at..at + document.length).unwrap_or_default());
            }
        }
        Ok(())
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if let Lines::File(path, _) = &self.lines {
            // Nobody needs it any more; what cannot be removed is overwritten next time.
            let _ = std::fs::remove_file(path);
        }
    }
}
