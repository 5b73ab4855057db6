//! Candidates: names that share a blocking key.

use crate::names::{Name, is_for_initials, keys};
use rayon::prelude::*;

/// In larger blocks a name meets only its neighbours.
const LARGE: usize = 24;
/// Neighbours on either side that a name meets in a large block.
const WINDOW: usize = 8;
/// The same between a script that writes all sounds and one that does not: the order of readings says less there.
const FAR: usize = 48;

/// An index from blocking keys to names.
///
/// Names are numbered as they were given. Inside a block they stand in the order of their readings, so that those in a
/// window are the likeliest.
#[derive(Debug)]
pub(super) struct Blocks {
    /// Sorted by key, then by place.
    entries: Vec<(u64, u32)>,
    /// Names by place.
    names: Vec<u32>,
    /// The place of every name in the order of readings.
    places: Vec<u32>,
    /// By place.
    traits: Vec<Traits>,
}

/// What decides whether two names of a block meet.
#[derive(Debug, Clone, Copy)]
struct Traits {
    /// Its script does not write all sounds.
    loose: bool,
    /// It has an initial.
    initial: bool,
}

impl Traits {
    fn of(name: &Name) -> Self {
        Self { loose: name.script().omits_or_adds_vowels(), initial: name.has_initial() }
    }

    /// How far apart two names may stand in a large block with this key; nothing if they do not meet there at all.
    fn reach(self, other: Self, key: u64) -> Option<usize> {
        let meet = !is_for_initials(key) || self.initial || other.initial;
        meet.then_some(if self.loose == other.loose { WINDOW } else { FAR })
    }
}

impl Blocks {
    pub fn new(names: &[Name]) -> Self {
        let mut order: Vec<u32> = (0..names.len() as u32).collect();
        order.par_sort_by_cached_key(|&index| (names[index as usize].sort_key(), index));
        let mut places = vec![0; names.len()];
        for (place, &index) in order.iter().enumerate() {
            places[index as usize] = place as u32;
        }
        let entries_of = |(index, name): (usize, &Name)| {
            let place = places[index];
            keys(name).into_iter().map(move |key| (key, place)).collect::<Vec<_>>()
        };
        let mut entries: Vec<(u64, u32)> = names.par_iter().enumerate().flat_map_iter(entries_of).collect();
        entries.par_sort_unstable();
        let traits = order.iter().map(|&index| Traits::of(&names[index as usize])).collect();
        Self { entries, names: order, places, traits }
    }

    /// The candidates of a name that come before it, in order, each once.
    pub fn earlier(&self, index: u32, name: &Name) -> Vec<u32> {
        let place = self.places[index as usize];
        let traits = Traits::of(name);
        let mut found = Vec::new();
        for key in keys(name) {
            let from = self.entries.partition_point(|entry| entry.0 < key);
            // Most blocks are small: their end is near.
            let most = self.entries.len().min(from + LARGE + 1);
            let small = self.entries[from..most].partition_point(|entry| entry.0 == key);
            let reach = |entry: &&(u64, u32)| traits.reach(self.traits[entry.1 as usize], key);
            if small <= LARGE {
                let block = self.entries[from..from + small].iter();
                found.extend(block.filter(|entry| reach(entry).is_some()).map(|entry| entry.1));
                continue;
            }
            let here = self.entries.partition_point(|entry| *entry < (key, place));
            let first = here.saturating_sub(FAR);
            let near = &self.entries[first..self.entries.len().min(here + FAR + 1)];
            let near = (first..).zip(near).filter(|(_, entry)| entry.0 == key);
            let near =
                near.filter(|(at, entry)| reach(entry).is_some_and(|reach| at.abs_diff(here) <= reach));
            found.extend(near.map(|(_, entry)| entry.1));
        }
        let earlier =
            found.into_iter().map(|place| self.names[place as usize]).filter(|&other| other < index);
        let mut earlier: Vec<u32> = earlier.collect();
        earlier.sort_unstable();
        earlier.dedup();
        earlier
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_share_a_key_and_large_blocks_are_windows() {
        let names = ["Anton Tschechow", "Leo Muster", "Anton Chekhov"].map(Name::new);
        let blocks = Blocks::new(&names);
        assert_eq!(blocks.earlier(2, &names[2]), [0]);
        assert!(blocks.earlier(1, &names[1]).is_empty());
        let many: Vec<Name> = (0..500).map(|_| Name::new("Eva Muster")).collect();
        let blocks = Blocks::new(&many);
        assert!(blocks.earlier(499, &many[499]).len() <= 2 * WINDOW + 1);
    }
}
