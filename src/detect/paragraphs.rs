//! What is told as one: paragraphs of a text, and a sample of a long one.

use crate::Span;
use std::borrow::Cow;

/// A longer line is a paragraph by itself; shorter ones are lines of a paragraph that was wrapped.
const WRAPPED_LINE: usize = 200;
/// A document is told from so many bytes, taken in pieces from all of it.
const SAMPLE: usize = 32 << 10;
const PIECES: usize = 16;

/// The paragraphs of a text: blocks between blank lines; of a block with long lines, each line.
pub(super) fn paragraphs(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut lines = lines(text).peekable();
    std::iter::from_fn(move || {
        while lines.next_if(|line| line.of(text).trim().is_empty()).is_some() {}
        let first = lines.next()?;
        let mut end = first.end();
        let is_long = |line: Span| line.len() > WRAPPED_LINE;
        if !is_long(first) {
            while let Some(line) = lines.next_if(|line| !line.of(text).trim().is_empty() && !is_long(*line)) {
                end = line.end();
            }
        }
        let paragraph = Span::new(text, first.start(), end).unwrap_or(first);
        Some(paragraph.trimmed(text))
    })
}

/// Lines without their ends, whichever these are.
fn lines(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let length = rest.find(['\n', '\r', '\x0C']).unwrap_or(rest.len());
        let start = at;
        at += length
            + if rest.get(length..)?.starts_with("\r\n") { 2 } else { usize::from(length < rest.len()) };
        Span::new(text, start, start + length).ok()
    })
}

/// The text, or of a long one pieces at even distances.
pub(super) fn sample(text: &str) -> Cow<'_, str> {
    if text.len() <= SAMPLE {
        return text.into();
    }
    let piece = |number: usize| {
        let start = text.floor_char_boundary(text.len() / PIECES * number);
        let end = text.floor_char_boundary(start + SAMPLE / PIECES);
        text.get(start..end).unwrap_or_default()
    };
    (0..PIECES).map(piece).collect::<Vec<_>>().join("\n").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        paragraphs(text).map(|span| span.of(text)).collect()
    }

    #[test]
    fn blocks_and_long_lines() {
        assert_eq!(split("a\nb\n\n c \r\n\r\nd\r\re"), ["a\nb", "c", "d", "e"]);
        let long = "x".repeat(WRAPPED_LINE + 1);
        assert_eq!(split(&format!("a\nb\r{long}\r{long}\nc")), ["a\nb", &long, &long, "c"]);
        assert!(split(" \n\t\n").is_empty() && split("").is_empty());
    }

    proptest! {
        #[test]
        fn paragraphs_are_ordered_disjoint_and_whole(text in "[aä \n\r\t\u{a0}]{0,80}") {
            let mut end = 0;
            let mut letters = 0;
            for span in paragraphs(&text) {
                prop_assert!(span.start() >= end);
                prop_assert_eq!(span, span.trimmed(&text));
                end = span.end();
                letters += span.of(&text).chars().filter(|letter| letter.is_alphabetic()).count();
            }
            prop_assert_eq!(letters, text.chars().filter(|letter| letter.is_alphabetic()).count());
        }

        #[test]
        fn a_sample_is_short_and_from_the_whole(letter in "\\PC", times in 0usize..200_000) {
            let text = letter.repeat(times);
            prop_assert!(sample(&text).len() <= SAMPLE + PIECES);
            prop_assert!(text.is_empty() || sample(&text).starts_with(&letter));
        }
    }
}
