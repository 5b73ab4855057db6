//! Finds mentions: the trait every backend implements, and what all backends share.

#[cfg(feature = "embedded-model")]
mod agree;
#[cfg(feature = "embedded-model")]
// Without the engine, `models check` alone looks at checkpoints.
#[cfg_attr(not(feature = "rust-bert"), allow(dead_code))]
mod checkpoint;
#[cfg(feature = "embedded-model")]
mod decode;
#[cfg(feature = "embedded-model")]
mod embedded;
#[cfg(feature = "embedded-model")]
mod encoder;
#[cfg(feature = "embedded-model")]
mod genitives;
mod lists;
#[cfg(feature = "embedded-model")]
mod model;
#[cfg(feature = "embedded-model")]
mod neighbours;
#[cfg(feature = "embedded-model")]
mod qualifiers;
#[cfg(feature = "rust-bert")]
mod rust_bert;
#[cfg(feature = "embedded-model")]
// Without the engine, `models check` alone looks at checkpoints.
#[cfg_attr(not(feature = "rust-bert"), allow(dead_code))]
mod scheme;
#[cfg(feature = "embedded-model")]
mod seen;
mod stage;
#[cfg(feature = "embedded-model")]
mod surnames;
#[cfg(feature = "embedded-model")]
mod tokenizer;
#[cfg(feature = "embedded-model")]
mod windows;

#[cfg(feature = "embedded-model")]
pub use checkpoint::{is_checkpoint, look_at_checkpoint};
#[cfg(feature = "embedded-model")]
pub use embedded::Embedded;
pub use lists::Lists;
#[cfg(feature = "embedded-model")]
pub use model::{LAYOUT, ModelFiles, Size};
#[cfg(feature = "rust-bert")]
pub use rust_bert::{Device, ENGINE, RustBert};
#[cfg(feature = "embedded-model")]
pub use scheme::LabelMap;
pub use stage::Recognize;

use crate::{Error, Mention, Span};

/// A backend that finds names in the sentences of one document.
///
/// What it finds depends on the text, the sentences and the recogniser alone. [The guide](crate#a-recogniser-of-your-own) has one
/// that runs, and says what its parts mean.
pub trait Recognizer: Send + Sync {
    /// What it is, with version or checksum: two recognisers of one id find the same.
    fn id(&self) -> String;

    /// Whether it can read a language (ISO 639-1, or ISO 639-3 where there is none): sentences in others do not come to it.
    fn reads(&self, language: &str) -> bool;

    /// Whether it looks only for what is known beforehand: names of a list, numbers of a certain look. It does not make up for
    /// a recogniser of running text, then: of a language that no other reads the document carries a note. Where it finds
    /// exactly the words of an earlier backend, with another label and a higher score, its label counts.
    fn is_list(&self) -> bool {
        false
    }

    /// The mentions in sentences of a text: spans of the text in bytes, not empty, each inside one sentence.
    ///
    /// # Errors
    /// What went wrong with this text or with the model: the document becomes a faulty one. So does that of a panic.
    fn recognize(&self, text: &str, sentences: &[Span]) -> Result<Vec<Mention>, Error>;

    /// The same where the words are known beforehand, in text order, as in a corpus that is already cut into words: a
    /// backend that labels words takes these and not its own. Unless a backend says otherwise, they are passed over.
    ///
    /// # Errors
    /// As [`recognize`](Self::recognize).
    fn recognize_words(&self, text: &str, sentences: &[Span], words: &[Span]) -> Result<Vec<Mention>, Error> {
        let _ = words;
        self.recognize(text, sentences)
    }
}
