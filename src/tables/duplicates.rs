//! Which documents are copies of others, word for word or nearly.
//!
//! Candidates are texts that agree in a band of their sketches (locality-sensitive hashing; Leskovec, Rajaraman and
//! Ullman, *Mining of Massive Datasets*, chapter 3): bands are sorted, a few at a time, so the time is near linear in the
//! number of documents; sketches wait on disk. What comes out depends on ids and texts, not on the order in which
//! documents came.

use super::{
    sketch::{BANDS, ROWS, Sketch},
    strip::Reader,
};
use crate::{Document, Result};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// From this share of common runs of words on, two texts are one; `docs/duplicates.md` has the measurement.
pub(super) const ALIKE: f64 = 0.35;
/// In a band, a text is compared with so many at most that came before it.
const LOOKED_AT: usize = 16;
/// Bands whose columns are held in memory together: eight bytes a document each.
const BANDS_AT_ONCE: usize = 4;

/// What is remembered of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trace {
    /// Of the text, or of the bytes of what has none; `None` if nothing was read.
    exact: Option<[u8; EXACT]>,
    sketch: Option<Sketch>,
}

const EXACT: usize = 16;
const BYTES: usize = 1 + EXACT + Sketch::BYTES;

impl Trace {
    pub fn of(document: &Document) -> Self {
        let exact = match (document.text(), &*document.source.sha256) {
            ("", "") => None,
            ("", bytes) => Some(short(b"bytes", bytes)),
            (text, _) => Some(short(b"text", text)),
        };
        Self { exact, sketch: Sketch::of(document.text()) }
    }

    /// As it waits on disk: which of the two there are, and both.
    pub fn to_bytes(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        bytes[0] = u8::from(self.exact.is_some()) | u8::from(self.sketch.is_some()) << 1;
        bytes[1..=EXACT].copy_from_slice(&self.exact.unwrap_or_default());
        if let Some(sketch) = &self.sketch {
            bytes[1 + EXACT..].copy_from_slice(sketch.bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8; BYTES]) -> Self {
        let (exact, sketch) = bytes[1..].split_at(EXACT);
        Self {
            exact: exact.try_into().ok().filter(|_| bytes[0] & 1 != 0),
            sketch: Sketch::from_bytes(sketch).filter(|_| bytes[0] & 2 != 0),
        }
    }
}

fn short(kind: &[u8], text: &str) -> [u8; EXACT] {
    let mut short = [0; EXACT];
    short.copy_from_slice(&Sha256::new_with_prefix(kind).chain_update(text).finalize()[..EXACT]);
    short
}

/// The traces of all texts, where they wait.
pub(super) struct Traces<'s> {
    reader: Reader<'s>,
    /// For every document in order, where its trace begins.
    at: Vec<Option<u64>>,
    /// The same, in the order in which they lie.
    lying: Vec<(u64, usize)>,
}

impl<'s> Traces<'s> {
    pub fn new(reader: Reader<'s>, at: impl Iterator<Item = Option<u64>>) -> Self {
        let at: Vec<Option<u64>> = at.collect();
        let mut lying: Vec<_> = (0..).zip(&at).filter_map(|(number, at)| Some(((*at)?, number))).collect();
        lying.sort_unstable();
        Self { reader, at, lying }
    }

    fn read(&mut self, at: u64) -> Result<Trace> {
        let mut bytes = [0; BYTES];
        self.reader.read(at, &mut bytes)?;
        Ok(Trace::from_bytes(&bytes))
    }

    /// All of them, as they lie.
    fn each(&mut self, mut each: impl FnMut(usize, Trace)) -> Result<()> {
        for place in 0..self.lying.len() {
            let (at, number) = self.lying[place];
            each(number, self.read(at)?);
        }
        Ok(())
    }

    fn sketch(&mut self, number: usize) -> Result<Option<Sketch>> {
        let trace = self.at[number].map(|at| self.read(at)).transpose()?;
        Ok(trace.and_then(|trace| trace.sketch))
    }
}

/// What a document is a copy of, by its place in order, and how alike the two are.
pub(super) type Copied = BTreeMap<usize, (usize, f64)>;

/// For every document that is a copy, by its place in order, the one it is a copy of; the first of several copies is the one that
/// the others are copies of.
pub(super) fn find(traces: &mut Traces<'_>) -> Result<Copied> {
    let mut copies = word_for_word(traces)?;
    for (later, firsts) in alike(traces, &copies)? {
        // A copy of a copy is one of the first only if it is like the first.
        let firsts: BTreeSet<usize> =
            firsts.into_iter().map(|other| copies.get(&other).map_or(other, |(first, _)| *first)).collect();
        let Some(own) = traces.sketch(later)? else { continue };
        let mut best: Option<(usize, f64)> = None;
        for first in firsts {
            let likeness = traces.sketch(first)?.map_or(0.0, |sketch| own.likeness(&sketch));
            if likeness >= ALIKE && best.is_none_or(|(_, most)| likeness > most) {
                best = Some((first, likeness));
            }
        }
        copies.extend(best.map(|best| (later, best)));
    }
    // Word for word the same as a text that is a copy itself.
    let further: Copied =
        copies.iter().filter_map(|(&number, (first, _))| Some((number, *copies.get(first)?))).collect();
    copies.extend(further);
    Ok(copies)
}

fn word_for_word(traces: &mut Traces<'_>) -> Result<Copied> {
    let mut exact: Vec<([u8; EXACT], usize)> = Vec::with_capacity(traces.lying.len());
    traces.each(|number, trace| exact.extend(trace.exact.map(|exact| (exact, number))))?;
    exact.sort_unstable();
    let same = exact.chunk_by(|(one, _), (other, _)| one == other);
    let copies = same.flat_map(|same| same[1..].iter().map(|&(_, number)| (number, (same[0].1, 1.0))));
    Ok(copies.collect())
}

/// For every text that is no copy word for word, the earlier ones that it is like.
fn alike(traces: &mut Traces<'_>, copies: &Copied) -> Result<BTreeMap<usize, Vec<usize>>> {
    let mut alike: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for first in (0..BANDS).step_by(BANDS_AT_ONCE) {
        let mut columns: [Vec<u64>; BANDS_AT_ONCE] = Default::default();
        traces.each(|number, Trace { sketch, .. }| {
            let Some(sketch) = sketch.filter(|_| !copies.contains_key(&number)) else { return };
            for (column, band) in columns.iter_mut().zip(first..BANDS) {
                column.push(entry(sketch.band(band), number));
            }
        })?;
        for mut column in columns {
            column.sort_unstable();
            for bucket in column.chunk_by(|one, other| one >> NUMBER == other >> NUMBER) {
                compare(bucket, traces, &mut alike)?;
            }
        }
    }
    Ok(alike)
}

/// Bits of the number of a document in an entry of a column; what a band holds stands before it.
const NUMBER: u32 = u64::BITS - 8 * ROWS as u32;

fn entry(band: [u8; ROWS], number: usize) -> u64 {
    band.iter().fold(0, |bits, &byte| bits << 8 | u64::from(byte)) << NUMBER | number as u64
}

/// Compares the texts that agree in a band.
fn compare(bucket: &[u64], traces: &mut Traces<'_>, alike: &mut BTreeMap<usize, Vec<usize>>) -> Result<()> {
    if bucket.len() < 2 {
        return Ok(());
    }
    let mut before: Vec<(usize, Option<Sketch>)> = Vec::new();
    for entry in bucket {
        let later = (entry & ((1 << NUMBER) - 1)) as usize;
        let own = traces.sketch(later)?;
        for (earlier, sketch) in &before {
            let known = alike.get(&later).is_some_and(|known| known.contains(earlier));
            let likeness = own.as_ref().zip(sketch.as_ref()).map_or(0.0, |(own, other)| own.likeness(other));
            if !known && likeness >= ALIKE {
                alike.entry(later).or_default().push(*earlier);
            }
        }
        if before.len() < LOOKED_AT {
            before.push((later, own));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{super::strip::Strip, *};

    /// What is found among texts.
    fn found_in(traces: &[Option<Trace>]) -> Vec<Option<(usize, f64)>> {
        let mut strip = Strip::in_memory();
        let at: Vec<Option<u64>> = traces
            .iter()
            .map(|trace| trace.as_ref().map(|trace| strip.add(&trace.to_bytes()).expect("memory")))
            .collect();
        let mut traces = Traces::new(strip.reader().expect("memory"), at.into_iter());
        let copies = find(&mut traces).expect("all can be read");
        (0..traces.at.len()).map(|number| copies.get(&number).copied()).collect()
    }

    /// The same of texts that are ranges of an endless row of words.
    fn found(texts: &[std::ops::Range<usize>]) -> Vec<Option<(usize, f64)>> {
        let trace = |range: &std::ops::Range<usize>| {
            let text: String = range.clone().map(|number| format!("Wort{number} ")).collect();
            Some(Trace::of(&Document::new("", text)))
        };
        found_in(&texts.iter().map(trace).collect::<Vec<_>>())
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
        let trace = || Some(Trace::of(&document));
        assert_eq!(found_in(&[trace(), None, trace()])[2], Some((0, 1.0)));
    }

    #[test]
    fn a_trace_waits_unchanged() {
        for text in ["", "kurz", &"Wort um Wort ".repeat(20)] {
            let trace = Trace::of(&Document::new("", text));
            assert_eq!(Trace::from_bytes(&trace.to_bytes()), trace);
        }
    }
}
