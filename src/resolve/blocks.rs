//! Candidates: names that share a blocking key.

use crate::names::{Name, is_for_initials, keys};
use rayon::prelude::*;
use std::collections::VecDeque;

/// In larger blocks a name meets only its neighbours.
const LARGE: usize = 24;
/// Neighbours on either side that a name meets in a large block.
const WINDOW: usize = 8;
/// The same between a script that writes all sounds and one that does not: the order of readings says less there.
const FAR: usize = 48;

/// An index from blocking keys to names.
///
/// Names have places in the order of their readings, and so they stand in a block: those in a window are the likeliest.
#[derive(Debug)]
pub(super) struct Blocks {
    /// Sorted by key, then by place.
    entries: Vec<(u64, u32)>,
    /// The indices of the entries of each place, one place after the other.
    at: Vec<u32>,
    /// Where the entries of each place begin in `at`; at last where they end.
    bounds: Vec<u32>,
    /// The name of each place, by its number in what was given.
    pub order: Vec<u32>,
    /// By place.
    traits: Vec<Traits>,
}

/// What decides whether two names of a block meet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traits {
    /// Its script does not write all sounds.
    loose: bool,
    /// It has an initial.
    initial: bool,
}

impl Traits {
    pub fn of(name: &Name) -> Self {
        Self { loose: name.script().omits_or_adds_vowels(), initial: name.has_initial() }
    }

    /// Whether two names meet that stand so far apart in the block of a key.
    fn meets(self, other: Self, key: u64, apart: usize, is_large: bool) -> bool {
        let reach = if self.loose == other.loose { WINDOW } else { FAR };
        (!is_for_initials(key) || self.initial || other.initial) && (!is_large || apart <= reach)
    }
}

impl Blocks {
    pub fn new(names: &[Name]) -> Self {
        let mut order: Vec<u32> = (0..names.len() as u32).collect();
        order.par_sort_by_cached_key(|&index| (names[index as usize].sort_key(), index));
        let entries_of = |(place, &index): (usize, &u32)| {
            keys(&names[index as usize]).into_iter().map(move |key| (key, place as u32))
        };
        let mut entries: Vec<(u64, u32)> = order.par_iter().enumerate().flat_map_iter(entries_of).collect();
        entries.par_sort_unstable();
        let mut bounds = vec![0; names.len() + 1];
        for (_, place) in &entries {
            bounds[*place as usize + 1] += 1;
        }
        for place in 1..bounds.len() {
            bounds[place] += bounds[place - 1];
        }
        let (mut next, mut at) = (bounds.clone(), vec![0; entries.len()]);
        for (index, (_, place)) in entries.iter().enumerate() {
            let next = &mut next[*place as usize];
            at[*next as usize] = index as u32;
            *next += 1;
        }
        let traits = order.iter().map(|&index| Traits::of(&names[index as usize])).collect();
        Self { entries, at, bounds, order, traits }
    }

    /// The candidates of the name of a place that stand before it, as places in order, each once.
    pub fn before(&self, place: usize) -> Vec<u32> {
        let traits = self.traits[place];
        let mut found = Vec::new();
        for &index in &self.at[self.bounds[place] as usize..self.bounds[place + 1] as usize] {
            let index = index as usize;
            let key = self.entries[index].0;
            let near = &self.entries[index.saturating_sub(FAR)..index];
            let near = &near[near.partition_point(|entry| entry.0 != key)..];
            let nth = self.entries.get(index - near.len() + LARGE);
            let is_large = near.len() >= LARGE || nth.is_some_and(|entry| entry.0 == key);
            let near = near.iter().map(|entry| entry.1).rev().zip(1..);
            let met = near
                .filter(|&(other, apart)| traits.meets(self.traits[other as usize], key, apart, is_large));
            found.extend(met.map(|(other, _)| other));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Blocks whose names come one after another, each block in the order of its places: all that need be held of one are the
/// names that the next may meet.
#[derive(Debug)]
pub(super) struct Passing<T> {
    key: Option<u64>,
    /// The last names of the block; all of it while it is not known to be large.
    near: VecDeque<(Traits, T)>,
    is_large: bool,
}

impl<T> Default for Passing<T> {
    fn default() -> Self {
        Self { key: None, near: VecDeque::new(), is_large: false }
    }
}

impl<T> Passing<T> {
    /// Adds a name, with what stands for it, to the block of a key; `met` is told of every two that meet.
    pub fn push(&mut self, key: u64, traits: Traits, standing: T, mut met: impl FnMut(&T, &T)) {
        if self.key != Some(key) {
            self.close(&mut met);
            self.key = Some(key);
        }
        self.near.push_back((traits, standing));
        if self.is_large {
            self.meet(self.near.len() - 1, &mut met);
        } else if self.near.len() > LARGE {
            self.is_large = true;
            (0..self.near.len()).for_each(|at| self.meet(at, &mut met));
        }
        while self.near.len() > FAR {
            self.near.pop_front();
        }
    }

    /// Ends the last block.
    pub fn close(&mut self, mut met: impl FnMut(&T, &T)) {
        if !self.is_large {
            (0..self.near.len()).for_each(|at| self.meet(at, &mut met));
        }
        *self = Self::default();
    }

    /// Tells with which of the names before it one meets.
    fn meet(&self, at: usize, met: &mut impl FnMut(&T, &T)) {
        let (Some(key), (traits, standing)) = (self.key, &self.near[at]) else { return };
        for (apart, (other, earlier)) in (1..).zip(self.near.range(..at).rev()) {
            if traits.meets(*other, key, apart, self.is_large) {
                met(earlier, standing);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn candidates_share_a_key_and_large_blocks_are_windows() {
        let names = ["Anton Tschechow", "Leo Muster", "Anton Chekhov"].map(Name::new);
        let blocks = Blocks::new(&names);
        let met = |place: usize| -> Vec<_> {
            blocks
                .before(place)
                .iter()
                .map(|&other| (blocks.order[place], blocks.order[other as usize]))
                .collect()
        };
        let mut met: Vec<(u32, u32)> = (0..3).flat_map(met).collect();
        met.iter_mut().for_each(|pair| *pair = (pair.0.min(pair.1), pair.0.max(pair.1)));
        assert_eq!(met, [(0, 2)]);
        let many: Vec<Name> = (0..500).map(|_| Name::new("Eva Muster")).collect();
        let blocks = Blocks::new(&many);
        assert_eq!(blocks.before(499).len(), WINDOW);
    }

    #[test]
    fn names_that_pass_meet_whom_they_meet_in_memory() {
        let given = ["Anna", "Anton", "A.", "Антон", "B.", "Bernd", "김", "Ana Maria"];
        let forms = |family: &str, many: usize| -> Vec<Name> {
            let vowels = ["a", "e", "i", "o", "u", "ü", "ei", "au"];
            let made = (0..many).map(|at| format!("{} {family}{}", given[at % 8], vowels[at / 8 % 8]));
            made.map(|form| Name::new(&form)).collect()
        };
        for many in [3, 24, 25, 26, 49, 60, 400] {
            let names: Vec<Name> = forms("Must", many).into_iter().chain(forms("Beisp", 40)).collect();
            let blocks = Blocks::new(&names);
            let before = |place| blocks.before(place).into_iter().map(move |other| (other as usize, place));
            let expected: BTreeSet<(usize, usize)> = (0..names.len()).flat_map(before).collect();
            let (mut passing, mut found) = (Passing::default(), BTreeSet::new());
            for &(key, place) in &blocks.entries {
                let name = &names[blocks.order[place as usize] as usize];
                passing.push(key, Traits::of(name), place as usize, |&a, &b| found.extend([(a, b)]));
            }
            passing.close(|&a, &b| found.extend([(a, b)]));
            assert_eq!(found, expected, "{many}");
        }
    }
}
