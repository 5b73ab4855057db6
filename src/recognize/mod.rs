//! Finds mentions: the trait every backend implements, and what all backends share.

mod lists;
mod stage;

pub use lists::Lists;
pub use stage::Recognize;

use crate::{Error, Mention, Span};

/// A backend that finds names in the sentences of one document.
///
/// What it finds depends on the text, the sentences and the recogniser alone.
pub trait Recognizer: Send + Sync {
    /// What it is, with version or checksum: two recognisers of one id find the same.
    fn id(&self) -> String;

    /// Whether it can read a language (ISO 639-1, or ISO 639-3 where there is none).
    fn reads(&self, language: &str) -> bool;

    /// The mentions in sentences of a text, in text order, each inside one sentence.
    ///
    /// # Errors
    /// What went wrong with this text or with the model.
    fn recognize(&self, text: &str, sentences: &[Span]) -> Result<Vec<Mention>, Error>;
}
