//! How alike two texts are, told from a few numbers of each.
//!
//! MinHash (Broder, *On the resemblance and containment of documents*, 1997): of all runs of four words of a text, each
//! of many hash functions keeps the least value. The share of functions that keep the same value of two texts estimates
//! the share of runs that the texts have in common (Jaccard). Of each value eight bits are enough, if what agrees by
//! chance is taken off (Li and König, *b-Bit minwise hashing*, 2010).

use rten_simd::{Isa, SimdOp};

/// Hash functions, and how many make a band: [`super::duplicates`] looks for texts that agree in a whole band.
pub(super) const BANDS: usize = 64;
pub(super) const ROWS: usize = 3;
const FUNCTIONS: usize = BANDS * ROWS;

/// Words that make a shingle.
const SHINGLE: usize = 4;
/// Shingles that go through all functions before the next ones do: they stay in the nearest cache.
const AT_ONCE: usize = 1024;
/// With fewer words, a text is told by its exact wording only.
const FEWEST_WORDS: usize = 30;

/// A few bytes that stand for a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sketch(Box<[u8; FUNCTIONS]>);

impl Sketch {
    /// How many bytes it has.
    pub const BYTES: usize = FUNCTIONS;

    pub fn bytes(&self) -> &[u8; FUNCTIONS] {
        &self.0
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Box::new(bytes.try_into().ok()?)))
    }

    /// The sketch of a text, unless it is too short to have one.
    pub fn of(text: &str) -> Option<Self> {
        let words: Vec<u64> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(hash).collect();
        if words.len() < FEWEST_WORDS {
            return None;
        }
        let shingle = |words: &[u64]| {
            let hash = words.iter().fold(0, |hash: u64, word| mixed(hash.rotate_left(21) ^ word));
            // In 32 bits, more of them are computed at once.
            (hash >> 32) as u32
        };
        let shingles: Vec<u32> = words.windows(SHINGLE).map(shingle).collect();
        let mut least = [u32::MAX; FUNCTIONS];
        shingles.chunks(AT_ONCE).for_each(|shingles| Lower { least: &mut least, shingles }.dispatch());
        Some(Self(Box::new(least.map(|least| least as u8))))
    }

    /// The estimated share of common runs of four words, from 0 to 1.
    pub fn likeness(&self, other: &Self) -> f64 {
        let equal = self.0.iter().zip(&*other.0).filter(|(one, other)| one == other).count();
        let by_chance = 1.0 / 256.0;
        ((equal as f64 / FUNCTIONS as f64 - by_chance) / (1.0 - by_chance)).max(0.0)
    }

    /// What two texts share that agree in a band.
    pub fn band(&self, number: usize) -> [u8; ROWS] {
        std::array::from_fn(|row| self.0[number * ROWS + row])
    }
}

/// Lowers the least values of all functions to those of more shingles.
struct Lower<'s> {
    least: &'s mut [u32; FUNCTIONS],
    shingles: &'s [u32],
}

impl SimdOp for Lower<'_> {
    type Output = ();

    /// Plain loops: inside of this, the compiler takes the widest vectors that the processor at hand has, which is ten times
    /// as fast as those that all have.
    #[inline(always)]
    fn eval<I: Isa>(self, _: I) {
        for (least, (factor, summand)) in self.least.iter_mut().zip(&HASHES) {
            for shingle in self.shingles {
                *least = (*least).min(shingle.wrapping_mul(*factor).wrapping_add(*summand));
            }
        }
    }
}

/// Odd factors, so that each function is one to one, and summands.
const HASHES: [(u32, u32); FUNCTIONS] = {
    let mut hashes = [(0, 0); FUNCTIONS];
    let mut at = 0;
    while at < FUNCTIONS {
        let random = mixed(at as u64 + 1);
        hashes[at] = ((random >> 32) as u32 | 1, random as u32);
        at += 1;
    }
    hashes
};

/// A word in any case, by FNV-1a over its lower-case letters.
fn hash(word: &str) -> u64 {
    let add = |hash: u64, letter: char| (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x0100_0000_01B3);
    word.chars().fold(0xCBF2_9CE4_8422_2325, |hash, letter| match letter.is_ascii() {
        true => add(hash, letter.to_ascii_lowercase()),
        false => letter.to_lowercase().fold(hash, add),
    })
}

/// One step of SplitMix64 (Steele, Lea and Flood, 2014): every bit of the input moves every bit of the output.
const fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(range: std::ops::Range<usize>) -> String {
        range.map(|number| format!("Wort{number} ")).collect()
    }

    #[test]
    fn likeness_is_the_share_of_common_runs_of_words() {
        let sketch = |text: &str| Sketch::of(text).expect("long enough");
        let whole = sketch(&words(0..1000));
        assert_eq!(whole.likeness(&sketch(&words(0..1000).to_uppercase().replace(' ', ",\n"))), 1.0);
        assert!(whole.likeness(&sketch(&words(1000..2000))) < 0.03);
        for (common, share) in [(900, 0.82), (750, 0.60), (667, 0.50), (500, 0.33)] {
            let likeness = whole.likeness(&sketch(&words(1000 - common..2000 - common)));
            assert!((likeness - share).abs() < 0.1, "{common}: {likeness} for {share}");
        }
        assert_eq!(Sketch::of(&words(0..FEWEST_WORDS - 1)), None);
        assert_eq!(Sketch::of(""), None);
    }
}
