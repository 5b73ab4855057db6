//! Files as documents.

use crate::{document::Document, error::raise, work::interruptible};
use namenlese::corpus::{Columns, Corpus, Settings};
use pyo3::prelude::*;
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

type Documents = Box<dyn Iterator<Item = namenlese::Document> + Send>;

/// Documents as they are read.
#[pyclass(frozen, module = "namenlese")]
pub struct Reading(Arc<Mutex<Documents>>);

#[pymethods]
impl Reading {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Document>> {
        let documents = self.0.clone();
        let next = interruptible(py, 0, move |_| {
            Ok(documents.lock().unwrap_or_else(PoisonError::into_inner).next())
        })?;
        Ok(next.map(Document::from))
    }
}

/// The documents in folders, files and archives, of all formats that the command line reads.
///
/// ``include`` and ``exclude`` are globs of files. ``encoding`` is that of all texts, instead of detecting it. The columns
/// are those of tables and fields of JSON records. A file that cannot be read is a document with a fault.
#[pyfunction]
#[pyo3(signature = (*inputs, include=Vec::new(), exclude=Vec::new(), encoding=None, text_column=None, title_column=None,
    date_column=None, id_column=None),
    text_signature = "(*inputs, include=(), exclude=(), encoding=None, text_column=None, title_column=None, date_column=None, \
id_column=None)")]
#[allow(clippy::too_many_arguments)] // Python has names for them.
pub fn read(
    inputs: Vec<PathBuf>,
    include: Vec<String>,
    exclude: Vec<String>,
    encoding: Option<String>,
    text_column: Option<String>,
    title_column: Option<String>,
    date_column: Option<String>,
    id_column: Option<String>,
) -> PyResult<Reading> {
    let columns = Columns { text: text_column, title: title_column, date: date_column, id: id_column };
    let settings = Settings { include, exclude, encoding, columns, ..Settings::default() };
    let corpus = Corpus::open(&inputs, &settings).map_err(raise)?;
    Ok(Reading(Arc::new(Mutex::new(Box::new(corpus.documents())))))
}
