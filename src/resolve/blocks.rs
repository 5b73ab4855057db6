//! Candidates: names that share a blocking key.

use crate::names::{Name, keys};
use rayon::prelude::*;

/// In larger blocks a name meets only its neighbours.
const LARGE: usize = 48;
/// Neighbours on either side that a name meets in a large block.
const WINDOW: usize = 16;

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
        Self { entries, names: order, places }
    }

    /// The candidates of a name that come before it, in order, each once.
    pub fn earlier(&self, index: u32, name: &Name) -> Vec<u32> {
        let place = self.places[index as usize];
        let mut found = Vec::new();
        for key in keys(name) {
            let from = self.entries.partition_point(|entry| entry.0 < key);
            // Most blocks are small: their end is near.
            let most = self.entries.len().min(from + LARGE + 1);
            let small = self.entries[from..most].partition_point(|entry| entry.0 == key);
            let block = if small <= LARGE {
                &self.entries[from..from + small]
            } else {
                let here = self.entries.partition_point(|entry| *entry < (key, place));
                let near =
                    &self.entries[here.saturating_sub(WINDOW)..self.entries.len().min(here + WINDOW + 1)];
                let start = near.partition_point(|entry| entry.0 < key);
                let end = near.partition_point(|entry| entry.0 <= key);
                &near[start..end]
            };
            found.extend(
                block.iter().map(|entry| self.names[entry.1 as usize]).filter(|&other| other < index),
            );
        }
        found.sort_unstable();
        found.dedup();
        found
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
