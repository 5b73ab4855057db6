//! Which entities stand together.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

/// The most pairs that are kept in mind. When there are more, the least close quarter is forgotten, and the summary says
/// so: a pair that stands together now and then in a very large corpus may then be counted too low, or be missing.
pub const MOST_PAIRS: usize = 1_000_000;
/// In a sentence or document with so many entities (a list, an index), standing together says nothing.
const CROWD: usize = 50;

/// Two entities, the lower number first.
type Pair = (usize, usize);
/// Sentences and documents that hold both.
type Together = (u64, u64);

#[derive(Debug)]
pub(super) struct Pairs {
    known: HashMap<Pair, Together>,
    most: usize,
    pub capped: bool,
}

impl Default for Pairs {
    fn default() -> Self {
        Self::at_most(MOST_PAIRS)
    }
}

impl Pairs {
    fn at_most(most: usize) -> Self {
        Self { known: HashMap::new(), most, capped: false }
    }

    /// Adds a document: the entities of each of its sentences.
    pub fn add(&mut self, sentences: &BTreeMap<usize, BTreeSet<usize>>) {
        for (pair, (sentences, documents)) in of_document(sentences) {
            let known = self.known.entry(pair).or_default();
            *known = (known.0 + sentences, known.1 + documents);
        }
        if self.known.len() > self.most {
            self.forget();
        }
    }

    fn forget(&mut self) {
        let mut pairs: Vec<_> = self.known.drain().collect();
        let kept = self.most / 4 * 3;
        pairs.select_nth_unstable_by_key(kept, closeness);
        self.known = pairs.into_iter().take(kept).collect();
        self.capped = true;
    }

    /// Pairs of one sentence or of two documents, with both counts, the closest first.
    pub fn rows(&self) -> Vec<(Pair, Together)> {
        let kept = self.known.iter().filter(|(_, together)| is_close(**together));
        let mut rows: Vec<_> = kept.map(|(&pair, &together)| (pair, together)).collect();
        rows.sort_unstable_by_key(closeness);
        rows
    }
}

/// How often pairs stand together in a document, given the entities of each of its sentences.
pub(super) fn of_document(sentences: &BTreeMap<usize, BTreeSet<usize>>) -> BTreeMap<Pair, Together> {
    let all: BTreeSet<usize> = sentences.values().flatten().copied().collect();
    let mut together: BTreeMap<Pair, Together> = pairs(&all).map(|pair| (pair, (0, 1))).collect();
    for pair in sentences.values().flat_map(pairs) {
        together.entry(pair).or_insert((0, 1)).0 += 1;
    }
    together
}

/// Whether a pair of a corpus is worth a row.
pub(super) fn is_close((sentences, documents): Together) -> bool {
    sentences > 0 || documents > 1
}

fn closeness(&(pair, together): &(Pair, Together)) -> (Reverse<Together>, Pair) {
    (Reverse(together), pair)
}

fn pairs(entities: &BTreeSet<usize>) -> impl Iterator<Item = Pair> {
    let few = entities.len() < CROWD;
    let later = move |a: usize| entities.range(a + 1..).map(move |&b| (a, b));
    entities.iter().filter(move |_| few).flat_map(move |&a| later(a))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(sentences: &[&[usize]]) -> BTreeMap<usize, BTreeSet<usize>> {
        sentences
            .iter()
            .enumerate()
            .map(|(number, entities)| (number, entities.iter().copied().collect()))
            .collect()
    }

    #[test]
    fn one_sentence_is_enough_and_documents_take_two() {
        let mut pairs = Pairs::default();
        pairs.add(&document(&[&[1, 2], &[1, 2, 3], &[4]]));
        assert_eq!(pairs.rows(), [((1, 2), (2, 1)), ((1, 3), (1, 1)), ((2, 3), (1, 1))]);
        pairs.add(&document(&[&[1], &[4]]));
        assert_eq!(pairs.rows().last(), Some(&((1, 4), (0, 2))));
    }

    #[test]
    fn a_crowd_says_nothing() {
        let crowd: Vec<usize> = (0..CROWD).collect();
        let mut pairs = Pairs::default();
        pairs.add(&document(&[&crowd]));
        assert!(pairs.rows().is_empty());
        // A sentence counts even in a document that is a crowd.
        let rest: Vec<&[usize]> = crowd.chunks(2).collect();
        pairs.add(&document(&rest));
        assert_eq!(pairs.rows().len(), CROWD / 2);
    }

    #[test]
    fn when_there_are_too_many_the_closest_are_kept() {
        let mut pairs = Pairs::at_most(8);
        for _ in 0..3 {
            pairs.add(&document(&[&[100, 101]]));
        }
        for entity in 0..20 {
            pairs.add(&document(&[&[entity], &[entity + 50]]));
        }
        assert!(pairs.capped && pairs.known.len() <= 8);
        assert_eq!(pairs.rows(), [((100, 101), (3, 3))]);
    }
}
