//! A stage adds one layer to a document; a pipeline streams documents through stages.

use crate::{Document, Error, ErrorKind, document::Fault, error::said};
use rayon::prelude::*;
use std::{
    collections::VecDeque,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

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
    const ALL: [Self; 4] = [Self::Language, Self::Sentences, Self::Mentions, Self::NormalForms];

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

    fn take_off(self, document: &mut Document) {
        match self {
            Self::Language => document.language = None,
            Self::Sentences => document.sentences = None,
            Self::Mentions => document.mentions = None,
            Self::NormalForms => {
                document.mentions.iter_mut().flatten().for_each(|mention| mention.normal = None);
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
/// alone, never on other documents or on timing. [The guide](crate#a-stage-of-your-own) has one that runs.
pub trait Stage: Send + Sync {
    /// Its name in messages and faults: a verb, such as `segment`.
    fn name(&self) -> &'static str;

    /// The layers it needs.
    fn reads(&self) -> &'static [Layer];

    /// The layer it adds, or the one it alters.
    fn writes(&self) -> Layer;

    /// Adds the layer, which must [fit the text](Document::check_layers), and may not stay `None`: the pipeline makes anything
    /// else a [`Fault`] of the document.
    ///
    /// # Errors
    /// What is wrong with this document; the pipeline makes it a [`Fault`] of the document and goes on. So it does with a panic.
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

    /// The same pipeline, but a document that brings a layer along keeps it: stages that write it are left out.
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

    /// Runs the stages over one document. What goes wrong in one is a fault of the document, which those after it leave alone.
    pub fn apply(&self, document: &mut Document) {
        let brought = |layer: &Layer| self.only_missing && layer.is_on(document);
        let brought: Vec<Layer> = Layer::ALL.into_iter().filter(brought).collect();
        for stage in self.stages.iter().filter(|stage| !brought.contains(&stage.writes())) {
            run(&**stage, document);
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

/// Runs a stage over a document. A panic, and a layer that does not fit the text or is not there, are faults like any other.
fn run(stage: &dyn Stage, document: &mut Document) {
    let work = AssertUnwindSafe(|| stage.apply_batch(std::slice::from_mut(document)));
    let done = catch_unwind(work).map_err(|panic| format!("it panicked: {}", said(&*panic)));
    if done.is_ok() && !document.faults.is_empty() {
        return;
    }
    let layer = stage.writes();
    let is_there = |()| match layer.is_on(document) {
        true => document.check_layers().map_err(|error| error.reason()),
        false => Err(format!("it adds {layer}, but there are none after it")),
    };
    if let Err(message) = done.and_then(is_there) {
        layer.take_off(document);
        document.faults.push(Fault::new(stage.name(), &Error::new(ErrorKind::Invalid, message)));
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
    use crate::{Label, Mention, Span};

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
                "worse" => panic!("what now"),
                "lazy" => Ok(()),
                "wrong" => {
                    let elsewhere = Span::whole("another text");
                    document.mentions = Some(vec![Mention::new(elsewhere, Label::Oth, 1.0)]);
                    Ok(())
                }
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
    fn what_a_stage_does_wrong_is_a_fault_of_its_document_and_leaves_no_layer() {
        let needs: Box<dyn Stage> = Box::new(Needs(&[], Layer::Mentions));
        let pipeline = Pipeline::new(vec![needs], &[]).expect("it needs nothing");
        let documents = ["good", "worse", "lazy", "wrong"].map(|text| Document::new(text, text));
        let told: Vec<_> = pipeline
            .stream(documents)
            .map(|document| {
                assert_eq!(document.mentions.is_some(), document.faults.is_empty());
                document
                    .faults
                    .iter()
                    .map(|fault| format!("{}: {}", fault.stage, fault.reason))
                    .collect::<String>()
            })
            .collect();
        assert_eq!(
            told[..3],
            ["", "needs: it panicked: what now", "needs: it adds mentions, but there are none after it",]
        );
        assert!(told[3].starts_with("needs: the mention is of another text"), "{}", told[3]);
    }

    #[test]
    fn a_layer_that_is_brought_along_is_kept_and_one_that_was_just_added_is_altered() {
        struct Doubles;
        impl Stage for Doubles {
            fn name(&self) -> &'static str {
                "double"
            }
            fn reads(&self) -> &'static [Layer] {
                &[Layer::Mentions]
            }
            fn writes(&self) -> Layer {
                Layer::Mentions
            }
            fn apply(&self, document: &mut Document) -> Result<(), Error> {
                let whole = Mention::new(Span::whole(document.text()), Label::Oth, 1.0);
                document.mentions.get_or_insert_default().push(whole);
                Ok(())
            }
        }
        let pipeline = Pipeline::new(vec![Box::new(Needs(&[], Layer::Mentions)), Box::new(Doubles)], &[]);
        let pipeline = pipeline.expect("one after the other").only_missing();
        let mut documents = [Document::new("a", "good"), Document::new("b", "good")];
        documents[1].mentions = Some(Vec::new());
        let count = |document: Document| document.mentions.map(|mentions| mentions.len());
        assert_eq!(pipeline.stream(documents).map(count).collect::<Vec<_>>(), [Some(1), Some(0)]);
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
