//! The sounds that letters may stand for, as bits of a set, and what it costs to take one for another.

use std::sync::LazyLock;

/// A set of phonemes; a letter that may be read in two ways is a set of two, never a sound in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(super) struct Sounds(u32);

/// Vowels, glides, then consonants. `8` is the *th* of *Thatcher*, `x` the *ch* of *Bach*, `Z` the *s* of *measure*, `S` the
/// *sh* of *ship*.
const SYMBOLS: &str = "aeioujwhbpvfdt8gkxzsZSlrmn";
const VOWELS: u32 = 0b1_1111;
const GLIDES: u32 = 0b1110_0000;

/// Costs are hundredths of one wrong consonant.
pub(super) type Cost = u16;

/// What leaving sounds out means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// There are none.
    Silence,
    /// All readings are vowels.
    Vowel,
    /// Some reading is a vowel or glide.
    Glide,
    Consonant,
}

impl Kind {
    pub(super) fn of(sounds: Sounds) -> Self {
        if sounds == Sounds::default() {
            Self::Silence
        } else if sounds.is_vowel() {
            Self::Vowel
        } else if sounds.may_be_silent() {
            Self::Glide
        } else {
            Self::Consonant
        }
    }
}

/// Pairs of phonemes that languages write for each other, nearest first.
const NEAR: &[(Cost, &[&str])] = &[
    (12, &["ij", "uw", "vw", "hx", "8t"]),
    (30, &["ei", "ou", "xk", "xg", "hg", "hk", "8s", "8d", "gk", "zs", "ZS", "vf", "dt", "bp", "bv", "ej"]),
    (40, &["ao", "ae", "ai", "sS", "zZ", "SZ", "8z", "jZ", "8f"]),
    (55, &["au", "eo", "eu", "iu", "io", "lr", "mn", "pf", "sZ", "zS"]),
];
const WRONG: Cost = 100;

impl Sounds {
    /// The set of one symbol's phoneme.
    pub(super) fn of(symbol: char) -> Option<Self> {
        SYMBOLS.find(symbol).map(|bit| Self(1 << bit))
    }

    /// The set of the phonemes of some symbols; what is no symbol adds none.
    pub(super) const fn all(symbols: &str) -> Self {
        let (symbols, known) = (symbols.as_bytes(), SYMBOLS.as_bytes());
        let (mut set, mut at) = (0, 0);
        while at < symbols.len() {
            let mut bit = 0;
            while bit < known.len() {
                if known[bit] == symbols[at] {
                    set |= 1 << bit;
                }
                bit += 1;
            }
            at += 1;
        }
        Self(set)
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every reading is a vowel.
    fn is_vowel(self) -> bool {
        self.0 & !VOWELS == 0
    }

    /// Whether some reading is a vowel or glide, which spellings leave out.
    pub(super) fn may_be_silent(self) -> bool {
        self.0 & (VOWELS | GLIDES) != 0
    }

    /// The symbols of the set, for people.
    pub(super) fn symbols(self) -> impl Iterator<Item = char> {
        SYMBOLS.chars().enumerate().filter(move |(bit, _)| self.0 >> bit & 1 == 1).map(|(_, symbol)| symbol)
    }
}

/// The sounds that languages write for each phoneme, as sets by how near they are.
#[derive(Debug)]
pub(super) struct Distances([[u32; 32]; LEVELS.len()]);

/// The distances of all phonemes.
pub(super) static DISTANCES: LazyLock<Distances> = LazyLock::new(Distances::new);

/// The costs in [`NEAR`].
const LEVELS: [Cost; 4] = [12, 30, 40, 55];

impl Distances {
    fn new() -> Self {
        let mut near = [[0; 32]; LEVELS.len()];
        for (level, pairs) in near.iter_mut().zip(NEAR.iter().map(|(_, pairs)| pairs)) {
            for pair in *pairs {
                let mut bits = pair.chars().filter_map(|symbol| SYMBOLS.find(symbol));
                if let (Some(a), Some(b)) = (bits.next(), bits.next()) {
                    level[a] |= 1 << b;
                    level[b] |= 1 << a;
                }
            }
        }
        Self(near)
    }

    /// What is near to a set, for the asking of many others.
    pub(super) fn around(&self, sounds: Sounds) -> Around {
        let mut near = [0; LEVELS.len()];
        let mut left = sounds.0;
        while left != 0 {
            for (near, level) in near.iter_mut().zip(&self.0) {
                *near |= level[left.trailing_zeros() as usize];
            }
            left &= left - 1;
        }
        let any = near.iter().fold(sounds.0, |any, near| any | near);
        Around { sounds, near, any }
    }
}

/// A set of sounds and those near to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    /// The set itself.
    pub sounds: Sounds,
    near: [u32; LEVELS.len()],
    /// All of these.
    any: u32,
}

impl Around {
    /// The cheapest pair of readings of the two sets, in hundredths.
    pub(super) fn to(&self, other: Sounds) -> Cost {
        if self.any & other.0 == 0 {
            return WRONG;
        }
        if self.sounds.intersects(other) {
            return 0;
        }
        let level = self.near.iter().position(|near| near & other.0 != 0);
        level.map_or(WRONG, |level| LEVELS[level])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_shared_reading_costs_nothing_and_near_ones_little() {
        let distances = Distances::new();
        assert_eq!(distances.around(Sounds::all("xS")).to(Sounds::all("S")), 0);
        assert_eq!(distances.around(Sounds::all("v")).to(Sounds::all("w")), 12);
        assert_eq!(distances.around(Sounds::all("m")).to(Sounds::all("k")), 100);
        let kinds = ["ai", "aj", "vu", "vf"].map(|symbols| Kind::of(Sounds::all(symbols)));
        assert_eq!(kinds, [Kind::Vowel, Kind::Glide, Kind::Glide, Kind::Consonant]);
    }

    #[test]
    fn every_near_pair_is_of_known_symbols() {
        assert_eq!(NEAR.iter().map(|(cost, _)| *cost).collect::<Vec<_>>(), LEVELS);
        for (_, pairs) in NEAR {
            for pair in *pairs {
                assert!(pair.chars().all(|symbol| SYMBOLS.contains(symbol)), "{pair}");
            }
        }
    }
}
