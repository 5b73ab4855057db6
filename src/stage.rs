//! A stage adds one layer to a document; a pipeline streams documents through stages.

use crate::{Document, Error, ErrorKind, document::Fault};
use rayon::prelude::*;
use std::{collections::VecDeque, fmt};

/// A layer of a [`Document`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Layer {
    /// [`Document::language`]
    Language,
    /// [`Document::sentences`]
    Sentences,
    /// [`Document::mentions`]
    Mentions,
    /// [`Mention::normal`](crate::Mention::normal)
    NormalForms,
}

impl Layer {
    /// Whether a document has this layer.
    ///
    /// ```
    /// use namenlese::{Document, Layer};
    /// let mut document = Document::new("a", "Wien");
    /// assert!(!Layer::Mentions.is_on(&document));
    /// document.mentions = Some(vec![]);
    /// assert!(Layer::Mentions.is_on(&document));
    /// ```
    pub fn is_on(self, document: &Document) -> bool {
        let mentions = document.mentions.as_ref();
        match self {
            Self::Language => document.language.is_some(),
            Self::Sentences => document.sentences.is_some(),
            Self::Mentions => mentions.is_some(),
            Self::NormalForms => {
                mentions.is_some_and(|mentions| mentions.iter().all(|mention| mention.normal.is_some()))
            }
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Language => "language",
            Self::Sentences => "sentences",
            Self::Mentions => "mentions",
            Self::NormalForms => "normal forms",
        })
    }
}

/// One step of the work on a single document. What it adds may depend on that document and on the stage's settings
/// alone, never on other documents or on timing.
pub trait Stage: Send + Sync {
    /// Its name in messages and faults: a verb, such as `segment`.
    fn name(&self) -> &'static str;

    /// The layers it needs.
    fn reads(&self) -> &'static [Layer];

    /// The layer it adds.
    fn writes(&self) -> Layer;

    /// Adds the layer.
    ///
    /// # Errors
    /// What is wrong with this document; the pipeline makes it a [`Fault`] of the document and goes on.
    fn apply(&self, document: &mut Document) -> Result<(), Error>;

    /// Adds the layer to several documents, as if to each in turn. Documents with faults are left alone.
    fn apply_batch(&self, documents: &mut [Document]) {
        for document in documents.iter_mut().filter(|document| document.faults.is_empty()) {
            if let Err(error) = self.apply(document) {
                document.faults.push(Fault::new(self.name(), &error));
            }
        }
    }
}

/// How much a pipeline holds at a time: whichever bound is met first closes the window.
const WINDOW_DOCUMENTS: usize = 256;
const WINDOW_BYTES: usize = 4 << 20;

/// Stages in order, checked once, applied to any number of documents.
pub struct Pipeline {
    stages: Vec<Box<dyn Stage>>,
    only_missing: bool,
}

impl Pipeline {
    /// Puts stages together. `given` are the layers that the documents bring along.
    ///
    /// # Errors
    /// [`ErrorKind::Pipeline`] if a stage reads a layer that neither `given` nor an earlier stage provides.
    pub fn new(stages: Vec<Box<dyn Stage>>, given: &[Layer]) -> Result<Self, Error> {
        let mut present = given.to_vec();
        for stage in &stages {
            if let Some(missing) = stage.reads().iter().find(|layer| !present.contains(layer)) {
                let message =
                    format!("stage {} needs the layer {missing}, which no earlier stage adds", stage.name());
                return Err(Error::new(ErrorKind::Pipeline, message));
            }
            present.push(stage.writes());
        }
        Ok(Self { stages, only_missing: false })
    }

    /// The same pipeline, but a document that has a layer already keeps it: the stage that adds it is left out.
    ///
    /// ```
    /// use namenlese::{Document, Pipeline, detect::Detect};
    /// let pipeline = || Pipeline::new(vec![Box::new(Detect::new(Default::default())?)], &[]);
    /// let mut document = Document::new("a", "Встреча на космодроме Восточный");
    /// pipeline()?.apply(&mut document);
    /// let mut marked = document.language.clone().expect("the stage ran");
    /// marked.document.code = "xx".into();
    /// document.language = Some(marked);
    /// pipeline()?.only_missing().apply(&mut document);
    /// assert_eq!(document.language.expect("it is kept").document.code, "xx");
    /// # Ok::<(), namenlese::Error>(())
    /// ```
    #[must_use]
    pub fn only_missing(mut self) -> Self {
        self.only_missing = true;
        self
    }

    /// Runs the stages over one document.
    pub fn apply(&self, document: &mut Document) {
        for stage in &self.stages {
            if self.only_missing && stage.writes().is_on(document) {
                continue;
            }
            stage.apply_batch(std::slice::from_mut(document));
        }
    }

    /// Streams documents through the stages, a window at a time, in parallel on the current rayon pool, and hands
    /// them out in the order they came in.
    ///
    /// Nothing is read ahead beyond one window, so memory stays at the window plus the largest document.
    ///
    /// ```
    /// use namenlese::{Document, Pipeline};
    /// let pipeline = Pipeline::new(vec![], &[])?;
    /// let ids: Vec<_> = pipeline
    ///     .stream(["a", "b"].map(|id| Document::new(id, "")))
    ///     .map(|document| document.id().to_owned())
    ///     .collect();
    /// assert_eq!(ids, ["a", "b"]);
    /// # Ok::<(), namenlese::Error>(())
    /// ```
    pub fn stream<I>(&self, documents: I) -> Stream<'_, I::IntoIter>
    where
        I: IntoIterator<Item = Document>,
    {
        Stream {
            pipeline: self,
            documents: documents.into_iter(),
            done: VecDeque::new(),
            stop: Box::new(|| false),
            watch: Box::new(|_| {}),
            over: false,
        }
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.stages.iter().map(|stage| stage.name())).finish()
    }
}

/// The iterator that [`Pipeline::stream`] returns.
pub struct Stream<'p, I> {
    pipeline: &'p Pipeline,
    documents: I,
    done: VecDeque<Document>,
    stop: Box<dyn Fn() -> bool + Send + Sync + 'p>,
    watch: Box<dyn Fn(&Document) + Send + Sync + 'p>,
    over: bool,
}

impl<'p, I> Stream<'p, I> {
    /// Begins no document after `stop` has said yes, and ends: what was in hand is finished and handed out as far as
    /// no gap comes before it.
    ///
    /// ```
    /// use namenlese::{Document, Pipeline};
    /// let pipeline = Pipeline::new(vec![], &[])?;
    /// assert_eq!(pipeline.stream([Document::new("a", "")]).until(|| true).count(), 0);
    /// # Ok::<(), namenlese::Error>(())
    /// ```
    #[must_use]
    pub fn until(mut self, stop: impl Fn() -> bool + Send + Sync + 'p) -> Self {
        self.stop = Box::new(stop);
        self
    }

    /// Shows each document to `watch` as soon as it is finished: on the thread that did it, in no order, and before it
    /// is handed out. For progress, which would else stand still for a whole window.
    ///
    /// ```
    /// use namenlese::{Document, Pipeline};
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// let (pipeline, seen) = (Pipeline::new(vec![], &[])?, AtomicUsize::new(0));
    /// let count = |_: &Document| { seen.fetch_add(1, Ordering::Relaxed); };
    /// pipeline.stream([Document::new("a", "")]).watched(count).for_each(drop);
    /// assert_eq!(seen.into_inner(), 1);
    /// # Ok::<(), namenlese::Error>(())
    /// ```
    #[must_use]
    pub fn watched(mut self, watch: impl Fn(&Document) + Send + Sync + 'p) -> Self {
        self.watch = Box::new(watch);
        self
    }
}

impl<I: Iterator<Item = Document>> Iterator for Stream<'_, I> {
    type Item = Document;

    fn next(&mut self) -> Option<Document> {
        if self.done.is_empty() && !self.over {
            let mut window = Vec::new();
            let mut bytes = 0;
            while window.len() < WINDOW_DOCUMENTS && bytes < WINDOW_BYTES {
                let Some(document) = self.documents.next() else { break };
                bytes += document.text().len();
                window.push(document);
            }
            let (pipeline, stop, watch) = (self.pipeline, &*self.stop, &*self.watch);
            let work = |mut document: Document| {
                if stop() {
                    return None;
                }
                pipeline.apply(&mut document);
                watch(&document);
                Some(document)
            };
            let finished: Vec<Option<Document>> = window.into_par_iter().map(work).collect();
            self.over = finished.iter().any(Option::is_none);
            self.done = finished.into_iter().map_while(|document| document).collect();
        }
        self.done.pop_front()
    }
}

impl<I> fmt::Debug for Stream<'_, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("pipeline", self.pipeline)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Needs(&'static [Layer], Layer);
    impl Stage for Needs {
        fn name(&self) -> &'static str {
            "needs"
        }
        fn reads(&self) -> &'static [Layer] {
            self.0
        }
        fn writes(&self) -> Layer {
            self.1
        }
        fn apply(&self, document: &mut Document) -> Result<(), Error> {
            match document.text() {
                "bad" => Err(Error::new(ErrorKind::Malformed, "it is bad")),
                _ => {
                    document.mentions = Some(vec![]);
                    Ok(())
                }
            }
        }
    }

    #[test]
    fn a_missing_layer_is_an_error_when_the_pipeline_is_built() {
        let stages =
            || -> Vec<Box<dyn Stage>> { vec![Box::new(Needs(&[Layer::Sentences], Layer::Mentions))] };
        let error = Pipeline::new(stages(), &[]).expect_err("nobody adds sentences");
        assert_eq!(error.kind(), ErrorKind::Pipeline);
        assert!(error.to_string().contains("sentences"), "{error}");
        assert!(Pipeline::new(stages(), &[Layer::Sentences]).is_ok());
    }

    #[test]
    fn a_bad_document_is_a_fault_and_the_stream_goes_on_in_order() {
        let pipeline =
            Pipeline::new(vec![Box::new(Needs(&[], Layer::Mentions))], &[]).expect("it needs nothing");
        let documents = (0..1000).map(|i| Document::new(i.to_string(), if i == 7 { "bad" } else { "good" }));
        let out: Vec<_> = pipeline.stream(documents).collect();
        assert_eq!(out.len(), 1000);
        for (i, document) in out.iter().enumerate() {
            assert_eq!(document.id(), i.to_string());
            assert_eq!(document.faults.len(), usize::from(i == 7));
            assert_eq!(document.mentions.is_none(), i == 7);
        }
    }

    #[test]
    fn a_stream_that_is_stopped_hands_out_what_was_finished_before_the_gap() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let (pipeline, finished) = (
            Pipeline::new(vec![Box::new(Needs(&[], Layer::Mentions))], &[]).expect("it needs nothing"),
            AtomicUsize::new(0),
        );
        let documents = (0..1000).map(|i| Document::new(i.to_string(), ""));
        let watch = |document: &Document| {
            assert!(document.mentions.is_some());
            finished.fetch_add(1, Ordering::Relaxed);
        };
        let stream =
            pipeline.stream(documents).watched(watch).until(|| finished.load(Ordering::Relaxed) >= 300);
        let out: Vec<_> = stream.collect();
        assert!((256..1000).contains(&out.len()), "{}", out.len());
        for (i, document) in out.iter().enumerate() {
            assert_eq!((document.id(), document.mentions.is_some()), (&*i.to_string(), true));
        }
    }
}
