//! Row types and writers of the tables; `docs/formats.md` describes every column.
//!
//! Finished documents wait in a spool beside the tables, so memory grows with distinct names and not with mentions.

mod pairs;
mod spool;
mod writer;

use crate::{Document, Error, ErrorKind, Form, Label, Mention, Result, document::Score, resolve};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

pub use pairs::MOST_PAIRS;

/// Which mentions enter the tables, and what the user decided.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Derived words and parts of compounds, too.
    pub all_forms: bool,
    /// The least score, from 0 to 1.
    pub min_score: f64,
    /// Decisions that outrank every score.
    pub decisions: resolve::Verdicts,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Summary {
    /// Documents, faulty ones included.
    pub documents: u64,
    /// Documents with a fault.
    pub faulty: u64,
    /// Mentions by label.
    pub mentions: BTreeMap<&'static str, u64>,
    /// Entities by label.
    pub entities: BTreeMap<&'static str, u64>,
    /// Documents by language.
    pub languages: BTreeMap<String, u64>,
    /// Pairs in candidates.csv.
    pub candidates: u64,
    /// Whether there were more pairs of entities than are followed.
    pub pairs_capped: bool,
}

/// Takes documents in any order and writes the tables of all.
#[derive(Debug)]
pub struct Tables {
    folder: PathBuf,
    settings: Settings,
    spool: spool::Spool,
    counts: resolve::Counts,
}

impl Tables {
    /// Prepares a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if the folder cannot be written to.
    pub fn create(folder: &Path, settings: Settings) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder, error))?;
        let spool = spool::Spool::create(folder)?;
        Ok(Self { folder: folder.to_owned(), settings, spool, counts: resolve::Counts::new() })
    }

    /// Adds a document.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for an id that was added before, [`ErrorKind::Io`] if the spool cannot be written.
    pub fn add(&mut self, document: &Document) -> Result<()> {
        self.spool.add(document)?;
        for mention in self.settings.admitted(document) {
            *self.counts.entry(key(document, mention)).or_default() += 1;
        }
        Ok(())
    }

    /// Resolves the names and writes all tables: to temporary files that are renamed when all are whole.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if a table cannot be written.
    pub fn finish(mut self) -> Result<Summary> {
        let resolved = resolve::resolve(&self.counts, &self.settings.decisions);
        writer::write(&self.folder, &self.settings, &mut self.spool, &resolved)
    }
}

impl Settings {
    fn admitted<'d>(&self, document: &'d Document) -> impl Iterator<Item = &'d Mention> {
        let (all, least) = (self.all_forms, Score::new(self.min_score));
        let faulty = !document.faults.is_empty();
        document
            .mentions
            .iter()
            .flatten()
            .filter(move |mention| !faulty && (all || mention.form == Form::Name) && mention.score >= least)
    }
}

/// The name that a mention stands for: the full name of its document, or else its best reading.
fn key(document: &Document, mention: &Mention) -> (Label, String) {
    let name = mention.normal.as_ref().and_then(|normal| normal.chain.as_ref().or(normal.candidates.first()));
    let name = name.cloned().unwrap_or_else(|| one_line(mention.span.of(document.text())));
    (mention.label, name)
}

/// White space, line ends included, as single blanks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cannot_write(path: &Path, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Io, format!("cannot write {}", path.display())).caused_by(error)
}
