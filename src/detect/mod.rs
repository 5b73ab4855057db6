//! The language of a document and of its paragraphs.

use crate::{
    Document, Error, Layer, Stage,
    document::{Language, Languages},
};

/// What to assume and what to allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The language of a text that does not decide: an ISO 639-1 code.
    pub assume: String,
    /// The only languages to tell apart; empty for all that are known.
    pub languages: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { assume: "de".into(), languages: Vec::new() }
    }
}

/// The stage that adds [`Layer::Language`].
#[derive(Debug)]
pub struct Detect {
    settings: Settings,
}

impl Detect {
    /// A detector.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`](crate::ErrorKind::Settings) for a language that cannot be told.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Ok(Self { settings })
    }
}

impl Stage for Detect {
    fn name(&self) -> &'static str {
        "detect"
    }

    fn reads(&self) -> &'static [Layer] {
        &[]
    }

    fn writes(&self) -> Layer {
        Layer::Language
    }

    fn apply(&self, document: &mut Document) -> Result<(), Error> {
        let code = self.settings.assume.clone();
        let document_language = Language { code, confidence: 0.0, script: "Latn".into(), assumed: true };
        document.language = Some(Languages { document: document_language, exceptions: Vec::new() });
        Ok(())
    }
}
