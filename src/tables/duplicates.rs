//! Which documents are copies of others, word for word or nearly.
//!
//! Candidates are texts that agree in a band of their sketches (locality-sensitive hashing; Leskovec, Rajaraman and
//! Ullman, *Mining of Massive Datasets*, chapter 3): bands are sorted one after another, so the time is near linear in
//! the number of documents and the memory is their sketches. What comes out depends on ids and texts, not on the order
//! in which documents came.

use super::sketch::{BANDS, Sketch};
use crate::Document;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// From this share of common runs of words on, two texts are one; `docs/duplicates.md` has the measurement.
pub(super) const ALIKE: f64 = 0.35;
/// In a band, a text is compared with so many at most that came before it.
const LOOKED_AT: usize = 16;

/// What is remembered of a text.
#[derive(Debug)]
pub(super) struct Trace {
    /// Of the text, or of the bytes of what has none; `None` if nothing was read.
    exact: Option<[u8; 16]>,
    sketch: Option<Sketch>,
}

impl Trace {
    pub fn of(document: &Document) -> Self {
        let exact = match (document.text(), &*document.source.sha256) {
            ("", "") => None,
            ("", bytes) => Some(short(b"bytes", bytes)),
            (text, _) => Some(short(b"text", text)),
        };
        Self { exact, sketch: Sketch::of(document.text()) }
    }
}

fn short(kind: &[u8], text: &str) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&Sha256::new_with_prefix(kind).chain_update(text).finalize()[..16]);
    short
}

/// For every document, by its place in order, the one it is a copy of, and how alike the two are; the first of several copies is
/// the one that the others are copies of.
pub(super) fn find(traces: &[Option<&Trace>]) -> Vec<Option<(usize, f64)>> {
    let mut copies = vec![None; traces.len()];
    let mut firsts = HashMap::new();
    for (number, trace) in traces.iter().enumerate() {
        if let Some(exact) = trace.and_then(|trace| trace.exact) {
            let first = *firsts.entry(exact).or_insert(number);
            copies[number] = (first != number).then_some((first, 1.0));
        }
    }
    let sketch = |number: usize| traces[number].and_then(|trace| trace.sketch.as_ref());
    let singles: Vec<(usize, &Sketch)> = (0..traces.len())
        .filter(|&number| copies[number].is_none())
        .filter_map(|number| Some((number, sketch(number)?)))
        .collect();
    // Earlier texts that a text is like.
    let mut alike: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for band in 0..BANDS {
        let mut order: Vec<_> =
            singles.iter().enumerate().map(|(at, (_, sketch))| (sketch.band(band), at)).collect();
        order.sort_unstable();
        for bucket in order.chunk_by(|(one, _), (other, _)| one == other) {
            for (place, &(_, later)) in bucket.iter().enumerate() {
                for &(_, earlier) in bucket[..place].iter().take(LOOKED_AT) {
                    let known = alike.get(&later).is_some_and(|known| known.contains(&earlier));
                    if !known && singles[earlier].1.likeness(singles[later].1) >= ALIKE {
                        alike.entry(later).or_default().push(earlier);
                    }
                }
            }
        }
    }
    for (later, earlier) in alike {
        let (number, own) = singles[later];
        // A copy of a copy is one of the first only if it is like the first.
        let firsts = earlier
            .into_iter()
            .map(|other| copies[singles[other].0].map_or(singles[other].0, |(first, _)| first));
        let scored = firsts.filter_map(|first| {
            let likeness = own.likeness(sketch(first)?);
            (likeness >= ALIKE).then_some((first, likeness))
        });
        copies[number] = scored.min_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    }
    // Word for word the same as a text that is a copy itself.
    for number in 0..copies.len() {
        if let Some((first, _)) = copies[number]
            && let Some(further) = copies[first]
        {
            copies[number] = Some(further);
        }
    }
    copies
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Traces of texts that are ranges of an endless row of words.
    fn found(texts: &[std::ops::Range<usize>]) -> Vec<Option<(usize, f64)>> {
        let traces = texts.iter().map(|range| {
            let text: String = range.clone().map(|number| format!("Wort{number} ")).collect();
            Trace::of(&Document::new("", text))
        });
        let traces: Vec<Trace> = traces.collect();
        find(&traces.iter().map(Some).collect::<Vec<_>>())
    }

    fn firsts(texts: &[std::ops::Range<usize>]) -> Vec<Option<usize>> {
        found(texts).into_iter().map(|copy| copy.map(|(first, _)| first)).collect()
    }

    #[test]
    fn the_first_of_a_group_is_the_one_that_others_are_copies_of() {
        assert_eq!(
            firsts(&[0..200, 500..700, 20..200, 0..200, 510..720]),
            [None, None, Some(0), Some(0), Some(1)]
        );
        assert_eq!(found(&[0..200, 0..200])[1], Some((0, 1.0)));
        // The same words as a copy are a copy of the first, too.
        let both = found(&[0..200, 20..200, 20..200]);
        assert_eq!(both[1], both[2]);
        assert_eq!(both[1].map(|(first, _)| first), Some(0));
    }

    #[test]
    fn a_chain_of_copies_ends_where_the_first_is_no_longer_alike() {
        assert_eq!(firsts(&[0..200, 60..260, 120..320, 180..380]), [None, Some(0), None, Some(2)]);
    }

    #[test]
    fn short_texts_must_be_equal_and_what_was_not_read_is_like_nothing() {
        assert_eq!(firsts(&[0..20, 1..20, 0..20, 0..0, 0..0]), [None, None, Some(0), None, None]);
        let mut document = Document::new("", "");
        document.source.sha256 = "ab".into();
        let traces = [Trace::of(&document), Trace::of(&document)];
        assert_eq!(find(&[Some(&traces[0]), None, Some(&traces[1])])[2], Some((0, 1.0)));
    }
}
