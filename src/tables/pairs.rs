//! Which entities stand together.

use std::collections::{BTreeMap, BTreeSet};

/// The most pairs that are followed; later pairs of a larger corpus are left out, and the summary says so.
pub const MOST_PAIRS: usize = 1_000_000;
/// In a sentence or document with so many entities (a list, an index), standing together says nothing.
const CROWD: usize = 50;

#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// Sentences and documents that hold both.
    known: BTreeMap<(usize, usize), (u64, u64)>,
    pub capped: bool,
}

impl Pairs {
    /// Adds a document: the entities of each of its sentences.
    pub fn add(&mut self, sentences: &BTreeMap<usize, BTreeSet<usize>>) {
        let all: BTreeSet<usize> = sentences.values().flatten().copied().collect();
        let mut together = BTreeSet::new();
        for entities in sentences.values() {
            for pair in pairs(entities) {
                if let Some(counts) = self.of(pair) {
                    counts.0 += 1;
                    together.insert(pair);
                }
            }
        }
        together.extend(pairs(&all));
        for pair in together {
            if let Some(counts) = self.of(pair) {
                counts.1 += 1;
            }
        }
    }

    fn of(&mut self, pair: (usize, usize)) -> Option<&mut (u64, u64)> {
        if self.known.len() >= MOST_PAIRS && !self.known.contains_key(&pair) {
            self.capped = true;
            return None;
        }
        Some(self.known.entry(pair).or_default())
    }

    /// Pairs of one sentence or of two documents, with both counts, the closest first.
    pub fn rows(&self) -> Vec<((usize, usize), (u64, u64))> {
        let kept = self.known.iter().filter(|(_, (sentences, documents))| *sentences > 0 || *documents > 1);
        let mut rows: Vec<_> = kept.map(|(&pair, &counts)| (pair, counts)).collect();
        rows.sort_by_key(|&(pair, counts)| (std::cmp::Reverse(counts), pair));
        rows
    }
}

fn pairs(entities: &BTreeSet<usize>) -> impl Iterator<Item = (usize, usize)> {
    let few = entities.len() < CROWD;
    let later = move |a: usize| entities.range(a + 1..).map(move |&b| (a, b));
    entities.iter().filter(move |_| few).flat_map(move |&a| later(a))
}
