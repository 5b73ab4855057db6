//! Words and punctuation, cut as in GermEval 2014.

use crate::Span;
use unicode_segmentation::{UWordBoundIndices, UnicodeSegmentation};

/// The words and punctuation marks of a span of `text`, in order, without white space.
pub fn tokens(text: &str, span: Span) -> Tokens<'_> {
    Tokens { text, offset: span.start(), words: span.of(text).split_word_bound_indices() }
}

/// The iterator that [`tokens`] returns.
#[derive(Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    offset: usize,
    words: UWordBoundIndices<'t>,
}

impl Iterator for Tokens<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let (at, word) = self.words.by_ref().find(|(_, word)| !word.trim().is_empty())?;
        Span::new(self.text, self.offset + at, self.offset + at + word.len()).ok()
    }
}
