//! A document and what is in it.

use crate::error::raise;
use namenlese::{document::CodePoints, wire};
use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyString, PyTuple, PyType},
};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// A text and what was found in it. It never changes, compares by value, and can be pickled.
///
/// A new one has been seen by no stage. ``date`` is in ISO 8601 and may be partial, such as ``2023-09``.
#[pyclass(frozen, module = "namenlese")]
pub struct Document {
    pub inner: Arc<namenlese::Document>,
    mentions: PyOnceLock<Py<PyTuple>>,
}

impl From<namenlese::Document> for Document {
    fn from(document: namenlese::Document) -> Self {
        Self { inner: Arc::new(document), mentions: PyOnceLock::new() }
    }
}

#[pymethods]
impl Document {
    #[new]
    #[pyo3(signature = (id, text, *, title=None, date=None))]
    fn new(id: &str, text: &str, title: Option<String>, date: Option<String>) -> Self {
        let mut document = namenlese::Document::new(id, text);
        (document.title, document.date) = (title, date);
        document.into()
    }

    /// A document of one such line.
    #[staticmethod]
    fn from_json(line: &str) -> PyResult<Self> {
        wire::read_line(line.trim_end().as_bytes(), 1).map(Self::from).map_err(raise)
    }

    /// One line of JSON Lines, in the form that the filters of the command line exchange.
    fn to_json(&self) -> PyResult<String> {
        let mut line = Vec::new();
        wire::write_line(&self.inner, &mut line).map_err(raise)?;
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    /// Its name, unique in a corpus.
    #[getter]
    fn id(&self) -> &str {
        self.inner.id()
    }

    /// The text, to which all offsets refer.
    #[getter]
    fn text(&self) -> &str {
        self.inner.text()
    }

    /// The title, if it states one.
    #[getter]
    fn title(&self) -> Option<&str> {
        self.inner.title.as_deref()
    }

    /// The date, if it states one: ISO 8601, perhaps partial.
    #[getter]
    fn date(&self) -> Option<&str> {
        self.inner.date.as_deref()
    }

    /// ISO 639-1 code of its language, or ISO 639-3 where there is none; ``None`` if nobody has looked.
    #[getter]
    fn language(&self) -> Option<&str> {
        self.inner.language.as_ref().map(|languages| languages.document.code.as_str())
    }

    /// Start and end of each sentence, in code points.
    #[getter]
    fn sentences<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let points = CodePoints::new(self.text());
        let sentences = self.inner.sentences.iter().flatten();
        let offsets = sentences.map(|of| (points.of_byte(of.span.start()), points.of_byte(of.span.end())));
        PyTuple::new(py, offsets.collect::<Vec<_>>())
    }

    /// Where something is named, in text order; they do not overlap.
    #[getter]
    fn mentions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let made = self.mentions.get_or_try_init(py, || {
            let class = CLASS.import(py, "namenlese._values", "Mention")?;
            let text = self.text();
            let points = CodePoints::new(text);
            let mentions = self.inner.mentions.iter().flatten().map(|mention| {
                let (span, normal) = (mention.span, mention.normal.as_ref());
                class.call1((
                    points.of_byte(span.start()),
                    points.of_byte(span.end()),
                    span.of(text),
                    mention.label.as_str(),
                    mention.score.value(),
                    mention.form.as_str(),
                    normal.and_then(|normal| normal.name()),
                    PyTuple::new(py, normal.map(|normal| normal.candidates.as_slice()).unwrap_or_default())?,
                    normal.map_or("", |normal| normal.title_or_role.as_str()),
                    normal.and_then(|normal| normal.chain.as_deref()),
                ))
            });
            PyTuple::new(py, mentions.collect::<PyResult<Vec<_>>>()?).map(Bound::unbind)
        })?;
        Ok(made.bind(py).clone())
    }

    /// What is worth knowing though nothing is wrong, such as a language that nobody reads.
    #[getter]
    fn notes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.inner.notes)
    }

    /// What is wrong with it. A document with a fault has no mentions.
    #[getter]
    fn faults<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let class = CLASS.import(py, "namenlese._values", "Fault")?;
        let faults = self.inner.faults.iter();
        let faults = faults.map(|fault| class.call1((&fault.stage, fault.kind.as_str(), &fault.reason)));
        PyTuple::new(py, faults.collect::<PyResult<Vec<_>>>()?)
    }

    /// Its properties by name, with mentions and faults as dictionaries.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dicts = |values: Bound<'py, PyTuple>| -> PyResult<Vec<Bound<'py, PyAny>>> {
            values.iter().map(|value| value.call_method0("to_dict")).collect()
        };
        let dict = PyDict::new(py);
        dict.set_item("id", self.id())?;
        dict.set_item("text", self.text())?;
        dict.set_item("title", self.title())?;
        dict.set_item("date", self.date())?;
        dict.set_item("language", self.language())?;
        dict.set_item("sentences", self.sentences(py)?)?;
        dict.set_item("mentions", dicts(self.mentions(py)?)?)?;
        dict.set_item("notes", &self.inner.notes)?;
        dict.set_item("faults", dicts(self.faults(py)?)?)?;
        Ok(dict)
    }

    fn __eq__(&self, other: &Self) -> PyResult<bool> {
        Ok(Arc::ptr_eq(&self.inner, &other.inner) || self.to_json()? == other.to_json()?)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.id(), self.text()).hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let id = PyString::new(py, self.id()).repr()?;
        let language = self.language().map(|code| format!(", language={code:?}")).unwrap_or_default();
        let count =
            |layer: Option<usize>, name| layer.map(|count| format!(", {count} {name}")).unwrap_or_default();
        let sentences = count(self.inner.sentences.as_ref().map(Vec::len), "sentences");
        let mentions = count(self.inner.mentions.as_ref().map(Vec::len), "mentions");
        let faults = count(Some(self.inner.faults.len()).filter(|&count| count > 0), "faults");
        Ok(format!("<Document {id}{language}{sentences}{mentions}{faults}>"))
    }

    /// For pickle.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.get_type::<Self>().getattr("from_json")?, (self.to_json()?,)))
    }
}
