//! The central values: a text, what is known of it, and the layers that stages add. Plain data, no I/O.
//!
//! Offsets inside the program are bytes of the UTF-8 text, half-open. Whatever leaves the program counts Unicode
//! code points; [`CodePoints`] is the one place that converts.

mod bridged;
mod label;
mod layers;
mod mention;
mod span;

pub use bridged::Bridged;
pub use label::{Form, Label};
pub use mention::{Mention, NormalForm, Score};
pub use span::{CodePoints, Span};

use crate::{Error, ErrorKind};

/// A part of a document's text that is one sentence (or heading, or list item).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sentence {
    /// Where it stands, without surrounding white space.
    pub span: Span,
}

/// The language of a stretch of text, as far as it could be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Language {
    /// ISO 639-1 code where there is one, else ISO 639-3.
    pub code: String,
    /// From 0 (a guess) to 1 (certain).
    pub confidence: f32,
    /// ISO 15924 code of the script most of its letters are in, such as `Latn`; empty without letters.
    pub script: String,
    /// Whether the language was assumed because the text did not decide it.
    pub assumed: bool,
}

/// The language layer: one verdict for the document and one for every paragraph that differs from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Languages {
    /// The document's language.
    pub document: Language,
    /// Paragraphs in another language than the document's, in text order, disjoint.
    pub exceptions: Vec<(Span, Language)>,
}

impl Languages {
    /// The language at a byte offset of the text.
    pub fn at(&self, offset: usize) -> &Language {
        let after = self.exceptions.partition_point(|(span, _)| span.start() <= offset);
        match after.checked_sub(1).map(|index| &self.exceptions[index]) {
            Some((span, language)) if offset < span.end() => language,
            _ => &self.document,
        }
    }
}

/// Something that is wrong with one document; it travels with the document and ends as a row, not as the run's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The stage that noticed it, such as `read`.
    pub stage: String,
    /// What sort of trouble.
    pub kind: ErrorKind,
    /// One line for people.
    pub reason: String,
}

impl Fault {
    /// The fault that an error of a stage becomes.
    pub fn new(stage: &str, error: &Error) -> Self {
        let place = error.position().map(|position| format!("{position}: ")).unwrap_or_default();
        Self { stage: stage.to_owned(), kind: error.kind(), reason: format!("{place}{}", error.reason()) }
    }
}

/// Where a document's text came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The path as given, with `/` between parts; several documents of one container share it.
    pub path: String,
    /// The input format, such as `text`, `html`, `jsonl`; empty where unknown.
    pub format: String,
    /// The name of the encoding the bytes were decoded from, such as `windows-1252`.
    pub encoding: String,
    /// How many bytes the document took in its source; with a [reader of your own](crate::corpus::Reader), those of its file.
    pub bytes: u64,
    /// SHA-256 of those bytes in lower-case hexadecimal; empty if they were never read.
    pub sha256: String,
}

/// One document: an unchanging text and the layers that stages add to it.
///
/// A layer is `None` until its stage ran, and empty if the stage found nothing.
///
/// ```
/// use namenlese::{Document, Label, Mention, Span};
/// let mut document = Document::new("note", "Wien bleibt Wien.");
/// assert!(document.mentions.is_none());
/// let span = Span::new(document.text(), 0, 4)?;
/// document.mentions = Some(vec![Mention::new(span, Label::Loc, 1.0)]);
/// assert_eq!(span.of(document.text()), "Wien");
/// # Ok::<(), namenlese::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Document {
    id: String,
    text: String,
    /// Where the text came from.
    pub source: Source,
    /// The title, where the document states one.
    pub title: Option<String>,
    /// An ISO 8601 date, perhaps partial: `2023`, `2023-09` or `2023-09-14`.
    pub date: Option<String>,
    /// Fields of a JSON record that are not ours, and other metadata: name and raw JSON value, in their order, byte for byte. The
    /// commonest become columns of `documents.csv`. A value is made by `serde_json::value::to_raw_value`, for which serde_json
    /// needs its feature `raw_value`.
    pub foreign: Vec<(String, Box<serde_json::value::RawValue>)>,
    /// Layer: the language.
    pub language: Option<Languages>,
    /// Layer: sentences in text order, disjoint.
    pub sentences: Option<Vec<Sentence>>,
    /// Layer: mentions in text order. Their normal forms are a layer of their own, inside [`Mention::normal`].
    pub mentions: Option<Vec<Mention>>,
    /// What is worth knowing of this document though nothing is wrong, such as a language nobody reads; one line each.
    pub notes: Vec<String>,
    /// What went wrong with this document.
    pub faults: Vec<Fault>,
}

impl Document {
    /// A document that no stage has seen.
    ///
    /// `id` must be unique in a corpus: the relative path, with `#` and a record's number inside a container.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            text: text.into(),
            source: Source::default(),
            title: None,
            date: None,
            foreign: Vec::new(),
            language: None,
            sentences: None,
            mentions: None,
            notes: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// What stands for a document that could not be read: no text, one fault.
    pub fn unreadable(id: impl Into<String>, error: &Error) -> Self {
        let mut document = Self::new(id, "");
        document.faults.push(Fault::new("read", error));
        document
    }

    /// The document's name in the corpus.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The text; it never changes, so spans stay valid.
    pub fn text(&self) -> &str {
        &self.text
    }
}
