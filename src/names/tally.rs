//! How often each kind of sound is heard in a word: enough to tell most words apart without laying them side by side.

use super::{
    lattice::Lattice,
    phoneme::{Cost, Kind, Sounds},
};

/// Kinds of sounds: what must be heard, what may answer it in another word, and what each that finds no answer costs at
/// least, in hundredths of a wrong consonant, in each of three countings.
///
/// Whatever is not an answer is as far from the kind as that, and so is silence. In no counting are there two costs for one
/// sound, so costs add up.
const KINDS: [(Sounds, Sounds, [Cost; COUNTINGS]); 21] = [
    (Sounds::all("a"), Sounds::all("a"), [40, 40, 0]),
    (Sounds::all("ei"), Sounds::all("eij"), [40, 0, 0]),
    (Sounds::all("ou"), Sounds::all("ouw"), [40, 0, 0]),
    (Sounds::all("e"), Sounds::all("e"), [0, 30, 0]),
    (Sounds::all("i"), Sounds::all("ij"), [0, 30, 0]),
    (Sounds::all("o"), Sounds::all("o"), [0, 30, 0]),
    (Sounds::all("u"), Sounds::all("uw"), [0, 30, 0]),
    (Sounds::all("aeiou"), Sounds::all("aeioujw"), [0, 0, 55]),
    (Sounds::all("bp"), Sounds::all("bpvf"), [100, 100, 100]),
    (Sounds::all("vf"), Sounds::all("bpvfw8"), [100, 100, 100]),
    (Sounds::all("dt"), Sounds::all("dt8"), [100, 100, 100]),
    (Sounds::all("kgx"), Sounds::all("kgxh"), [100, 100, 100]),
    (Sounds::all("szSZ"), Sounds::all("szSZ8j"), [100, 0, 100]),
    (Sounds::all("lr"), Sounds::all("lr"), [100, 0, 100]),
    (Sounds::all("mn"), Sounds::all("mn"), [100, 0, 100]),
    (Sounds::all("l"), Sounds::all("l"), [0, 55, 0]),
    (Sounds::all("r"), Sounds::all("r"), [0, 55, 0]),
    (Sounds::all("m"), Sounds::all("m"), [0, 55, 0]),
    (Sounds::all("n"), Sounds::all("n"), [0, 55, 0]),
    (Sounds::all("sz"), Sounds::all("sz"), [0, 30, 0]),
    (Sounds::all("SZ"), Sounds::all("SZ"), [0, 30, 0]),
];
/// The first kinds are vowels, which some scripts leave out for less.
const VOWELS: usize = 8;
const COUNTINGS: usize = 3;
/// Room for all kinds in whole registers; those of no kind cost nothing.
const LANES: usize = 24;

/// Of each kind of sound, how many are on every path through a lattice, and how many on some path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tally {
    must: [u8; LANES],
    may: [u8; LANES],
}

/// The costs of each counting, by what it costs to leave out a vowel.
#[derive(Debug)]
pub(super) struct Prices([[Cost; LANES]; COUNTINGS]);

impl Prices {
    pub const fn new(vowel: Cost) -> Self {
        let mut costs = [[0; LANES]; COUNTINGS];
        let mut kind = 0;
        while kind < KINDS.len() {
            let mut counting = 0;
            while counting < COUNTINGS {
                let cost = KINDS[kind].2[counting];
                costs[counting][kind] = if kind < VOWELS && cost > vowel { vowel } else { cost };
                counting += 1;
            }
            kind += 1;
        }
        Self(costs)
    }
}

impl Tally {
    pub fn new(lattice: &Lattice) -> Self {
        let mut at = vec![Self { must: [u8::MAX; LANES], may: [0; LANES] }; lattice.size()];
        at[0].must = [0; LANES];
        for node in 0..lattice.size() {
            let here = at[node];
            for edge in lattice.edges(node) {
                let to = &mut at[usize::from(edge.to)];
                let heard = edge.around.sounds;
                for (lane, (kind, answers, _)) in KINDS.iter().enumerate() {
                    let must = u8::from(edge.kind != Kind::Silence && heard.union(*kind) == *kind);
                    let may = u8::from(heard.intersects(*answers));
                    to.must[lane] = to.must[lane].min(here.must[lane].saturating_add(must));
                    to.may[lane] = to.may[lane].max(here.may[lane].saturating_add(may));
                }
            }
        }
        at[lattice.size() - 1]
    }

    /// What the sounds of this word cost at least that find no answer in the other.
    pub fn unanswered(&self, other: &Self, prices: &Prices) -> Cost {
        let mut over: [Cost; LANES] = [0; LANES];
        for (lane, over) in over.iter_mut().enumerate() {
            *over = Cost::from(self.must[lane].saturating_sub(other.may[lane]));
        }
        let sums =
            prices.0.iter().map(|prices| prices.iter().zip(&over).map(|(cost, over)| cost * over).sum());
        sums.max().unwrap_or(0)
    }
}
