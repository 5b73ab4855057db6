//! A sentence as trained recognisers see it, and the way back from words to spans of the text.

use super::decode::Found;
use crate::{Mention, Span, document::Bridged, segment};
use std::ops::Range;

/// A sentence on its way through a recogniser.
pub(super) struct Seen {
    pub bridged: Bridged,
    /// The words, as bytes of the bridged text.
    pub words: Vec<Range<usize>>,
}

impl Seen {
    /// A sentence of a text, and its words where they are known.
    pub fn new(text: &str, sentence: Span, words: Option<&[Span]>) -> Self {
        let bridged = Bridged::new(text, sentence);
        let words = match words {
            Some(words) => given(&bridged, words),
            None => {
                let whole = Span::whole(bridged.text());
                segment::tokens(bridged.text(), whole).map(|word| word.start()..word.end()).collect()
            }
        };
        Self { bridged, words }
    }

    /// A word by its number.
    pub fn word(&self, number: usize) -> &str {
        &self.bridged.text()[self.words[number].clone()]
    }
}

/// What was found in each sentence, as mentions in text order.
pub(super) fn mentions(text: &str, seen: &[Seen], found: &[Vec<Found>]) -> Vec<Mention> {
    let mut mentions = Vec::new();
    for (seen, found) in seen.iter().zip(found) {
        for one in found {
            let bytes = seen.words[one.words.start].start..seen.words[one.words.end - 1].end;
            // A hyphen at a line end stands for the line end, too.
            let span = seen.bridged.span(bytes).trimmed(text);
            if !span.is_empty() {
                mentions.push(Mention { form: one.form, ..Mention::new(span, one.label, one.score) });
            }
        }
    }
    mentions.sort_by_key(|mention| mention.span);
    // A letter with its marks is one span, though two words may share it.
    mentions.dedup_by(|later, earlier| later.span.overlaps(earlier.span));
    mentions
}

/// Where words of the original text lie in a bridged sentence; what was dropped altogether is no word.
fn given(bridged: &Bridged, words: &[Span]) -> Vec<Range<usize>> {
    let mut ranges: Vec<(usize, Range<usize>)> = Vec::new();
    for (at, character) in bridged.text().char_indices() {
        let bytes = at..at + character.len_utf8();
        let original = bridged.span(bytes.clone());
        let word = words.partition_point(|word| word.end() <= original.start());
        if words.get(word).is_none_or(|word| !word.overlaps(original)) {
            continue;
        }
        match ranges.last_mut() {
            Some((last, range)) if *last == word => range.end = bytes.end,
            _ => ranges.push((word, bytes)),
        }
    }
    ranges.into_iter().map(|(_, range)| range).collect()
}
