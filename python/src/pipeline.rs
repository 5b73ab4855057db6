//! The usual stages over texts.

use crate::{document::Document, work::interruptible};
use namenlese::{
    Stage,
    detect::{self, Detect},
    normalize::Normalize,
    recognize::{Embedded, Lists, Recognize, Recognizer},
    segment::Segment,
};
use pyo3::{
    exceptions::{PyException, PyTypeError},
    prelude::*,
    types::{PyDict, PyIterator, PyString},
};
use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};

/// How much of the texts is taken at a time: whichever bound is met first closes the window.
const WINDOW_DOCUMENTS: usize = 256;
const WINDOW_BYTES: usize = 4 << 20;

/// Language, sentences, mentions and normal forms for any number of texts, in parallel.
///
/// ``model`` is ``accurate``, ``fast`` (twice as fast, two points of F1 less), ``none`` to look for listed names only, or a
/// folder with another one. ``gazetteer`` are lists of names of your own, files of .txt, .csv or .tsv. ``languages`` are
/// the only ones to tell apart (all that are usual in Europe if there are none), ``assume`` is the language of a text that
/// does not decide it, and ``threads`` how many work (0: one for each core).
#[pyclass(frozen, module = "namenlese")]
pub struct Pipeline {
    pub stages: Arc<namenlese::Pipeline>,
    threads: usize,
    /// What recognises: names, versions and checksums.
    #[pyo3(get)]
    recognizers: Vec<String>,
    settings: Settings,
}

#[derive(Clone)]
struct Settings {
    model: PathBuf,
    gazetteer: Vec<PathBuf>,
    languages: Vec<String>,
    assume: String,
}

impl Settings {
    /// The stages, and what recognises.
    fn build(self) -> namenlese::Result<(namenlese::Pipeline, Vec<String>)> {
        let (trained, lists) =
            rayon::join(|| Embedded::named(&self.model), || Lists::with_files(&self.gazetteer));
        let trained = trained?.into_iter().map(|trained| Box::new(trained) as Box<dyn Recognizer>);
        let backends = trained.chain([Box::new(lists?) as _]).collect();
        let recognize = Recognize::new(backends);
        let recognizers = recognize.ids();
        let detect = Detect::new(detect::Settings { assume: self.assume, languages: self.languages })?;
        let stages: Vec<Box<dyn Stage>> =
            vec![Box::new(detect), Box::new(Segment), Box::new(recognize), Box::new(Normalize)];
        Ok((namenlese::Pipeline::new(stages, &[])?, recognizers))
    }
}

#[pymethods]
impl Pipeline {
    #[new]
    #[pyo3(signature = (model=PathBuf::from("accurate"), *, gazetteer=Vec::new(), languages=Vec::new(),
        assume="de".to_owned(), threads=0),
        text_signature = "(model='accurate', *, gazetteer=(), languages=(), assume='de', threads=0)")]
    fn new(
        py: Python<'_>,
        model: PathBuf,
        gazetteer: Vec<PathBuf>,
        languages: Vec<String>,
        assume: String,
        threads: u16,
    ) -> PyResult<Self> {
        let settings = Settings { model, gazetteer, languages, assume };
        let (threads, build) = (threads.into(), settings.clone());
        let (stages, recognizers) = interruptible(py, threads, |_| build.build())?;
        Ok(Self { stages: Arc::new(stages), threads, recognizers, settings })
    }

    /// The documents that texts become, in their order.
    ///
    /// A text is a ``str``, which is called by its number from 0, an id and a text, or a :class:`Document`, such as
    /// :func:`read` gives.
    fn recognize(&self, texts: &Bound<'_, PyAny>) -> PyResult<Vec<Document>> {
        let py = texts.py();
        let mut stream = self.stream(texts)?;
        std::iter::from_fn(|| stream.__next__(py).transpose()).collect()
    }

    /// The same one after the other. Held at a time are 256 documents, or 4 MiB of text, and what is in hand.
    fn stream(&self, texts: &Bound<'_, PyAny>) -> PyResult<Stream> {
        if texts.is_instance_of::<PyString>() {
            return Err(PyTypeError::new_err("texts is one text; give an iterable of texts, such as [text]"));
        }
        Ok(Stream {
            stages: self.stages.clone(),
            threads: self.threads,
            texts: Some(texts.try_iter()?.unbind()),
            taken: 0,
            done: VecDeque::new(),
            failure: None,
        })
    }

    fn __repr__(&self) -> String {
        format!("<Pipeline {}>", self.recognizers.join(" "))
    }

    /// For pickle: the same settings make the same pipeline.
    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<((PathBuf,), Bound<'py, PyDict>)> {
        let Settings { model, gazetteer, languages, assume } = &self.settings;
        let options = PyDict::new(py);
        options.set_item("gazetteer", gazetteer)?;
        options.set_item("languages", languages)?;
        options.set_item("assume", assume)?;
        options.set_item("threads", self.threads)?;
        Ok(((model.clone(),), options))
    }
}

/// Documents in the order of their texts.
#[pyclass(module = "namenlese")]
pub struct Stream {
    stages: Arc<namenlese::Pipeline>,
    threads: usize,
    /// Nothing once they have ended.
    texts: Option<Py<PyIterator>>,
    taken: usize,
    done: VecDeque<namenlese::Document>,
    /// What the texts ended with; it is raised behind the documents before it.
    failure: Option<PyErr>,
}

#[pymethods]
impl Stream {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<Document>> {
        if self.done.is_empty() {
            let window = self.window(py)?;
            if !window.is_empty() {
                let stages = self.stages.clone();
                self.done = interruptible(py, self.threads, move |stop| {
                    Ok(stages.stream(window).until(|| stop.load(Ordering::Relaxed)).collect())
                })?;
            }
        }
        match self.done.pop_front() {
            Some(document) => Ok(Some(document.into())),
            None => self.failure.take().map_or(Ok(None), Err),
        }
    }
}

impl Stream {
    fn window(&mut self, py: Python<'_>) -> PyResult<Vec<namenlese::Document>> {
        let (mut window, mut bytes) = (Vec::new(), 0);
        while let Some(texts) = &self.texts
            && window.len() < WINDOW_DOCUMENTS
            && bytes < WINDOW_BYTES
        {
            match texts.bind(py).clone().next().map(|item| item.and_then(|item| document(&item, self.taken)))
            {
                Some(Ok(document)) => {
                    self.taken += 1;
                    bytes += document.text().len();
                    window.push(document);
                }
                Some(Err(failure)) if failure.is_instance_of::<PyException>(py) => {
                    (self.texts, self.failure) = (None, Some(failure));
                }
                Some(Err(interrupt)) => return Err(interrupt),
                None => self.texts = None,
            }
        }
        Ok(window)
    }
}

/// A document of its own, an id and a text, or a text that is called by its number.
fn document(item: &Bound<'_, PyAny>, number: usize) -> PyResult<namenlese::Document> {
    if let Ok(text) = item.cast::<PyString>() {
        return Ok(namenlese::Document::new(number.to_string(), text.to_cow()?));
    }
    if let Ok(document) = item.cast::<Document>() {
        return Ok((*document.get().inner).clone());
    }
    let (id, text): (String, String) = item.extract().map_err(|error| {
        let kind = item.get_type().name().map(|name| name.to_string()).unwrap_or_default();
        let refused =
            PyTypeError::new_err(format!("a text is a str, an (id, text) or a Document, not {kind}"));
        refused.set_cause(item.py(), Some(error));
        refused
    })?;
    Ok(namenlese::Document::new(id, text))
}
