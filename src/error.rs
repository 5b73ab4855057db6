//! What can go wrong, in one small type: a kind to act on, a place to look at, a cause to read.

use std::{any::Any, borrow::Cow, fmt};

/// What sort of trouble an [`Error`] reports, for callers that act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Reading or writing failed.
    Io,
    /// Bytes that are not what their format says: bad JSON, a broken page, undecodable text.
    Malformed,
    /// An input that is larger, deeper, or takes longer to read than the settings or the program allow.
    Limit,
    /// A setting, argument or decision that cannot be followed.
    Settings,
    /// A model that is missing, damaged or of another version.
    Model,
    /// Stages put together in an order in which one misses what it reads.
    Pipeline,
    /// A law of the data was broken, such as a span off a character boundary.
    Invalid,
    /// The reader went away (a broken pipe) or the user asked to stop.
    Interrupted,
}

impl ErrorKind {
    /// The word that stands for this kind in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Io => "io",
            Self::Malformed => "malformed",
            Self::Limit => "limit",
            Self::Settings => "settings",
            Self::Model => "model",
            Self::Pipeline => "pipeline",
            Self::Invalid => "invalid",
            Self::Interrupted => "interrupted",
        }
    }

    /// The kind of a word written by [`as_str`](Self::as_str).
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Io,
            Self::Malformed,
            Self::Limit,
            Self::Settings,
            Self::Model,
            Self::Pipeline,
            Self::Invalid,
            Self::Interrupted,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == name)
    }
}

/// Where in an input an error stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Position {
    /// A byte offset, from 0.
    Byte(u64),
    /// A line, from 1, and the column in it in bytes, from 1.
    Line {
        /// The line, counted from 1.
        line: u64,
        /// The byte in the line, counted from 1.
        column: u64,
    },
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Byte(at) => write!(f, "byte {at}"),
            Self::Line { line, column } => write!(f, "line {line}, column {column}"),
        }
    }
}

/// A failure with its kind, the document and position it happened at where known, and its cause.
///
/// It prints as one line, causes included.
///
/// ```
/// use namenlese::{Error, ErrorKind};
/// let error = Error::new(ErrorKind::Malformed, "a record without text").in_document("a.jsonl#3");
/// assert_eq!(error.to_string(), "a.jsonl#3: a record without text");
/// assert_eq!(error.kind(), ErrorKind::Malformed);
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    document: Option<String>,
    position: Option<Position>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Short for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of a kind with a message that says what is wrong, in lower case and without a full stop.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), document: None, position: None, source: None }))
    }

    /// The same error with the document it concerns; a document already named stays.
    #[must_use]
    pub fn in_document(mut self, id: impl Into<String>) -> Self {
        self.0.document.get_or_insert_with(|| id.into());
        self
    }

    /// The same error with its place in the input.
    #[must_use]
    pub fn at(mut self, position: Position) -> Self {
        self.0.position = Some(position);
        self
    }

    /// The same error with the error that caused it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same error with whose it is before its message.
    pub(crate) fn of(mut self, whose: &str) -> Self {
        self.0.message = format!("{whose}: {}", self.0.message).into();
        self
    }

    /// What sort of trouble this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The document concerned, if it is known.
    pub fn document(&self) -> Option<&str> {
        self.0.document.as_deref()
    }

    /// The place in the input, if it is known.
    pub fn position(&self) -> Option<Position> {
        self.0.position
    }

    /// The message and its causes in one line, without document and position.
    pub fn reason(&self) -> String {
        let mut reason = self.0.message.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            let text = error.to_string();
            if !reason.contains(&text) {
                reason.push_str(": ");
                reason.push_str(&text);
            }
            cause = error.source();
        }
        reason.replace(['\n', '\r'], " ")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(document) = self.document() {
            write!(f, "{document}: ")?;
        }
        if let Some(position) = self.position() {
            write!(f, "{position}: ")?;
        }
        f.write_str(&self.reason())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.0.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        let kind = match error.kind() {
            std::io::ErrorKind::BrokenPipe => ErrorKind::Interrupted,
            _ => ErrorKind::Io,
        };
        Self::new(kind, error.to_string()).caused_by(error)
    }
}

/// What a panic was told, as far as it is text.
pub(crate) fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("for no reason it tells")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_place_message_and_cause_in_one_line() {
        let cause = std::io::Error::other("disk\nfull");
        let error = Error::new(ErrorKind::Io, "cannot write entities.csv")
            .caused_by(cause)
            .at(Position::Line { line: 3, column: 7 })
            .in_document("a.txt")
            .in_document("ignored");
        assert_eq!(error.to_string(), "a.txt: line 3, column 7: cannot write entities.csv: disk full");
    }

    #[test]
    fn every_kind_reads_back_from_its_word() {
        for kind in [ErrorKind::Io, ErrorKind::Malformed, ErrorKind::Settings, ErrorKind::Interrupted] {
            assert_eq!(ErrorKind::from_name(kind.as_str()), Some(kind));
        }
        assert_eq!(ErrorKind::from_name("weather"), None);
    }
}
