//! Excerpts of documents and traces of their texts, on disk or in memory, until all names are known.

use super::{
    duplicates::{Trace, Traces},
    excerpt::Excerpt,
    strip::Strip,
};
use crate::Result;
use std::{collections::BTreeMap, path::Path};

#[derive(Debug)]
pub(super) struct Spool {
    excerpts: Strip,
    traces: Strip,
    documents: BTreeMap<Box<str>, Spooled>,
}

/// What stays in memory of a document, beside its id.
#[derive(Debug)]
struct Spooled {
    excerpt: u64,
    length: usize,
    trace: Option<u64>,
}

impl Spool {
    /// An empty spool in a folder that is ours.
    pub fn create(folder: &Path) -> Result<Self> {
        let strip = |name| Strip::create(folder, name);
        Ok(Self::of(strip(".documents.partial")?, strip(".documents.traces.partial")?))
    }

    /// An empty spool for tables that are not written anywhere.
    pub fn in_memory() -> Self {
        Self::of(Strip::in_memory(), Strip::in_memory())
    }

    fn of(excerpts: Strip, traces: Strip) -> Self {
        Self { excerpts, traces, documents: BTreeMap::new() }
    }

    pub fn holds(&self, id: &str) -> bool {
        self.documents.contains_key(id)
    }

    /// Adds a document whose id is not there yet.
    pub fn add(&mut self, excerpt: &Excerpt, trace: Option<Trace>) -> Result<()> {
        let line = serde_json::to_vec(excerpt).map_err(std::io::Error::from)?;
        let trace = trace.map(|trace| self.traces.add(&trace.to_bytes())).transpose()?;
        let spooled = Spooled { excerpt: self.excerpts.add(&line)?, length: line.len(), trace };
        self.documents.insert(excerpt.id.as_str().into(), spooled);
        Ok(())
    }

    /// Ids in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.documents.keys().map(|id| &**id)
    }

    /// The traces of texts, by the place of their documents in the order of ids.
    pub fn traces(&mut self) -> Result<Traces<'_>> {
        Ok(Traces::new(self.traces.reader()?, self.documents.values().map(|document| document.trace)))
    }

    /// Calls `each` with the documents in the order of their ids, and with their numbers in it.
    pub fn read(&mut self, mut each: impl FnMut(usize, Excerpt) -> Result<()>) -> Result<()> {
        let mut excerpts = self.excerpts.reader()?;
        let mut line = Vec::new();
        for (number, document) in self.documents.values().enumerate() {
            line.resize(document.length, 0);
            excerpts.read(document.excerpt, &mut line)?;
            let excerpt = serde_json::from_slice(&line).map_err(std::io::Error::from)?;
            each(number, excerpt)?;
        }
        Ok(())
    }
}
