//! Consonant skeletons: the classes of the consonants on a path through a word, without its vowels.
//!
//! Skeletons follow the idea of Soundex and its kin (Christen, *Data Matching*, 2012, ch. 4), taken over the readings of a
//! word instead of over its letters.

use super::{
    lattice::Edge,
    phoneme::{Cost, Sounds},
};

/// Consonant classes that conventions do not cross. The rest is silent: vowels, glides, and *v* and *f*, which are written
/// *w* and *u* and lost at the end of words.
const CLASSES: [Sounds; 7] = [
    Sounds::all("bp"),
    Sounds::all("dt8"),
    Sounds::all("gkx"),
    Sounds::all("zsZS"),
    Sounds::all("l"),
    Sounds::all("r"),
    Sounds::all("mn"),
];
const LOST: Sounds = Sounds::all("vf");
const VOWELS: [Sounds; 3] = [Sounds::all("ei"), Sounds::all("a"), Sounds::all("ou")];
const T: u8 = 2;
const S: u8 = 4;
/// Skeletons kept at every node.
const MOST: usize = 16;
/// Consonants that count.
const LONGEST: u32 = 8;

/// Classes of consonants, four bits each, the first in the highest; 0 for a word of vowels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(super) struct Skeleton(u32);

impl Skeleton {
    fn length(self) -> u32 {
        8 - self.0.trailing_zeros().min(32) / 4
    }

    fn last(self) -> u8 {
        match self.length() {
            0 => 0,
            length => (self.0 >> (4 * (8 - length)) & 15) as u8,
        }
    }

    fn push(self, class: u8) -> Self {
        let length = self.length();
        if self.last() == class || length == LONGEST {
            return self;
        }
        // An affricate is a hiss: ts, tS, dZ.
        if class == S && self.last() == T {
            let without = Self(self.0 & !(15 << (4 * (8 - length))));
            return without.push(S);
        }
        Self(self.0 | u32::from(class) << (4 * (7 - length)))
    }

    /// Its first two consonants.
    pub(super) fn start(self) -> u8 {
        (self.0 >> 24) as u8
    }

    /// The same as a bit of its own.
    pub(super) fn start_bit(self) -> u64 {
        1 << (8 * (self.start() >> 4) + (self.start() & 15))
    }

    /// All of it as a number.
    pub(super) fn code(self) -> u32 {
        self.0
    }
}

/// The classes of a set of sounds; 0 stands for silence.
pub(super) fn classes(sounds: Sounds) -> impl Iterator<Item = u8> {
    let spoken = CLASSES.iter().zip(1..).filter(move |(members, _)| members.intersects(sounds));
    let silent = sounds.may_be_silent() || sounds.intersects(LOST);
    spoken.map(|(_, class)| class).chain(silent.then_some(0))
}

/// The class of a set of vowels: front, open or back; 0 for all that is not one.
pub(super) fn vowel_class(sounds: Sounds) -> u8 {
    let mut classes = VOWELS.iter().zip(1..);
    classes.find(|(members, _)| members.intersects(sounds)).map_or(0, |(_, class)| class)
}

/// The cheapest skeletons of a lattice whose edges all go forward, at most [`MOST`].
pub(super) fn cheapest<'e>(nodes: usize, edges: impl Fn(usize) -> &'e [Edge]) -> Box<[Skeleton]> {
    let mut at: Vec<Vec<(Cost, Skeleton)>> = vec![Vec::new(); nodes];
    at[0].push((0, Skeleton::default()));
    for node in 0..nodes {
        let mut here = std::mem::take(&mut at[node]);
        here.sort_unstable();
        let mut kept: Vec<(Cost, Skeleton)> = Vec::with_capacity(MOST);
        for (cost, skeleton) in here {
            if kept.len() < MOST && kept.iter().all(|(_, known)| *known != skeleton) {
                kept.push((cost, skeleton));
            }
        }
        if node + 1 == nodes {
            return kept.into_iter().map(|(_, skeleton)| skeleton).collect();
        }
        for edge in edges(node) {
            for &(cost, skeleton) in &kept {
                let cost = cost.saturating_add(edge.cost);
                let to = &mut at[usize::from(edge.to)];
                match edge.sounds() {
                    None => to.push((cost, skeleton)),
                    Some(sounds) => to.extend(classes(sounds).map(|class| match class {
                        0 => (cost, skeleton),
                        class => (cost, skeleton.push(class)),
                    })),
                }
            }
        }
    }
    Box::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consonants_are_packed_and_affricates_merge() {
        let of = |classes: &[u8]| {
            classes.iter().fold(Skeleton::default(), |skeleton, class| skeleton.push(*class))
        };
        assert_eq!(of(&[]), Skeleton(0));
        assert_eq!(of(&[1, 1, 2]), Skeleton(0x1200_0000));
        assert_eq!(of(&[1, T, S]), of(&[1, S]));
        assert_eq!(of(&[S, T, S]), of(&[S]));
        assert_eq!(of(&[1, 7].repeat(5)).length(), 8);
        assert_eq!(of(&[1, 7, 3]).start(), 0x17);
    }
}
