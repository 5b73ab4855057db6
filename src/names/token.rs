//! One word of a name with everything its letters may stand for.

use super::{
    phoneme::{Cost, Distances, Sounds},
    scripts::{Reading, Script},
    skeleton::{self, Skeleton},
};
use std::sync::{
    LazyLock,
    atomic::{AtomicU32, Ordering},
};

/// An edge of a token's lattice: from a node to a later one, reading one phoneme of a set, or nothing, at a cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub to: u16,
    pub sounds: Option<Sounds>,
    pub cost: Cost,
}

/// A way to read letters `from..to`.
struct Chain {
    from: usize,
    to: usize,
    cost: Cost,
    sounds: Vec<Sounds>,
}

/// A word of a name as a lattice of readings: every path from the first node to the last is one way to say it.
///
/// Letters that several languages read differently (*ch*, *sz*, *j*) give parallel edges. Two words are compared by the
/// cheapest pair of paths, so no reading has to be chosen, and none is blurred into another.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// Its own among all tokens of the process.
    number: u32,
    letters: Box<[char]>,
    script: Script,
    /// Where the edges of each node begin in `edges`.
    starts: Vec<u16>,
    edges: Vec<Edge>,
    /// Phonemes on the shortest path, at least 1.
    length: u16,
    /// All that it may sound like somewhere.
    sounds: Sounds,
    skeletons: Box<[Skeleton]>,
}

static DISTANCES: LazyLock<Distances> = LazyLock::new(Distances::new);

/// Likeness below which nobody asks how unlike words are.
const UNALIKE: f64 = 0.69;
/// How alike words are that differ in the order of two letters.
const TRANSPOSED: f64 = 0.92;

/// Longer words are cut: no name is that long, and the cost of comparing grows with the square.
const LONGEST: usize = 40;

impl Token {
    pub(super) fn new(text: &str, script: Script) -> Self {
        let mut letters = script.letters(text);
        letters.dedup_by(|a, b| a == b && !is_vowel_letter(*a));
        letters.truncate(LONGEST);
        let chains = chains(script, &letters);
        // Nodes are numbered in an order in which every edge goes forward: (letter, step inside a unit).
        let inner = |from: usize| -> usize {
            let here = chains.iter().filter(|chain| chain.from == from);
            here.map(|chain| chain.sounds.len().saturating_sub(1)).sum()
        };
        let mut node_of_letter = Vec::with_capacity(letters.len() + 1);
        let mut next = 0usize;
        for at in 0..=letters.len() {
            node_of_letter.push(next);
            next += 1 + inner(at);
        }
        let mut edges: Vec<Vec<Edge>> = vec![Vec::new(); next];
        let mut free = 0;
        let mut letter = usize::MAX;
        for Chain { from, to, cost, sounds } in &chains {
            if letter != *from {
                letter = *from;
                free = node_of_letter[*from] + 1;
            }
            let (mut node, mut cost) = (node_of_letter[*from], *cost);
            let last = sounds.len().saturating_sub(1);
            for (step, sound) in sounds.iter().enumerate() {
                let to = if step == last { node_of_letter[*to] } else { free };
                free += usize::from(step != last);
                edges[node].push(Edge { to: to as u16, sounds: Some(*sound), cost });
                (node, cost) = (to, 0);
            }
            if sounds.is_empty() {
                edges[node].push(Edge { to: node_of_letter[*to] as u16, sounds: None, cost });
            }
        }
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let mut token = Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            letters: letters.into(),
            script,
            starts: Vec::with_capacity(edges.len() + 1),
            edges: Vec::new(),
            length: 1,
            sounds: Sounds::default(),
            skeletons: Box::default(),
        };
        for outgoing in edges {
            token.starts.push(token.edges.len() as u16);
            token.edges.extend(outgoing);
        }
        token.starts.push(token.edges.len() as u16);
        token.length = token.shortest().max(1);
        let sounds = token.edges.iter().filter_map(|edge| edge.sounds).reduce(Sounds::union);
        token.sounds = sounds.unwrap_or_default();
        token.skeletons = skeleton::cheapest(token.nodes(), |node| token.edges(node));
        token
    }

    pub(super) fn number(&self) -> u32 {
        self.number
    }

    pub(super) fn script(&self) -> Script {
        self.script
    }

    pub(super) fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// The letters its readings were made from.
    pub(super) fn letters(&self) -> &[char] {
        &self.letters
    }

    fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    fn edges(&self, node: usize) -> &[Edge] {
        &self.edges[usize::from(self.starts[node])..usize::from(self.starts[node + 1])]
    }

    fn shortest(&self) -> u16 {
        let mut best = vec![u16::MAX; self.nodes()];
        best[0] = 0;
        for node in 0..self.nodes() {
            for edge in self.edges(node) {
                let through = best[node].saturating_add(u16::from(edge.sounds.is_some()));
                let to = usize::from(edge.to);
                best[to] = best[to].min(through);
            }
        }
        best.last().copied().unwrap_or(0)
    }

    /// The first phonemes it may begin with.
    pub(super) fn initial(&self) -> Option<Sounds> {
        self.edges(0).iter().filter_map(|edge| edge.sounds).reduce(Sounds::union)
    }

    /// The most likely reading in phoneme symbols, for people.
    pub(super) fn reading(&self) -> String {
        let (mut node, mut reading) = (0, String::new());
        while let Some(edge) = self.edges(node).first() {
            reading.extend(edge.sounds.and_then(|sounds| sounds.symbols().next()));
            node = usize::from(edge.to);
        }
        reading
    }

    /// Its consonant skeletons, cheapest first.
    pub(super) fn skeletons(&self) -> &[Skeleton] {
        &self.skeletons
    }

    /// What it costs to take one word for the other, in hundredths of a wrong consonant; more than `dearest` is not
    /// worked out.
    fn distance(&self, other: &Self, dearest: Cost) -> Cost {
        let omit = Omission::between(self.script, other.script);
        // Most words have sounds that nothing in the other comes near: no need to lay them side by side.
        if self.least(other.sounds, &omit, omit.left) > dearest
            || other.least(self.sounds, &omit, omit.right) > dearest
        {
            return Cost::MAX;
        }
        let (rows, columns) = (self.nodes(), other.nodes());
        let mut best = vec![Cost::MAX; rows * columns];
        best[0] = 0;
        for a in 0..rows {
            // Edges go forward, so what leaves a row comes after all that stays in it.
            for b in 0..columns {
                let here = best[a * columns + b];
                if here > dearest {
                    continue;
                }
                for right in other.edges(b) {
                    let omitted = right.sounds.map_or(0, |sounds| omit.cost(sounds, omit.right));
                    let cell = &mut best[a * columns + usize::from(right.to)];
                    *cell = (*cell).min(here.saturating_add(right.cost + omitted));
                }
            }
            let (done, ahead) = best.split_at_mut((a + 1) * columns);
            let row = &done[a * columns..];
            for left in self.edges(a) {
                let omitted = left.cost + left.sounds.map_or(0, |sounds| omit.cost(sounds, omit.left));
                let around = left.sounds.map(|sounds| DISTANCES.around(sounds));
                let next = &mut ahead[(usize::from(left.to) - a - 1) * columns..][..columns];
                for (b, &here) in row.iter().enumerate().filter(|(_, here)| **here <= dearest) {
                    next[b] = next[b].min(here.saturating_add(omitted));
                    let Some(around) = around else { continue };
                    for right in other.edges(b) {
                        if let Some(sounds) = right.sounds {
                            let cell = &mut next[usize::from(right.to)];
                            let cost = left.cost + right.cost + around.to(sounds);
                            *cell = (*cell).min(here.saturating_add(cost));
                        }
                    }
                }
            }
        }
        best.last().copied().unwrap_or(Cost::MAX)
    }

    /// What a path must cost beside a word that has no other sounds than these, whatever their order.
    fn least(&self, sounds: Sounds, omit: &Omission, vowel: Cost) -> Cost {
        let mut best = [Cost::MAX; 256];
        let nodes = self.nodes();
        if nodes > best.len() {
            return 0;
        }
        best[0] = 0;
        for node in 0..nodes {
            for edge in self.edges(node) {
                let apart =
                    edge.sounds.map_or(0, |own| omit.cost(own, vowel).min(DISTANCES.around(own).to(sounds)));
                let through = best[node].saturating_add(edge.cost + apart);
                let cell = &mut best[usize::from(edge.to)];
                *cell = (*cell).min(through);
            }
        }
        best[nodes - 1]
    }

    /// How alike two words sound, from 0 to 1.
    pub(super) fn similarity(&self, other: &Self) -> f64 {
        if self.is_empty() || other.is_empty() {
            return 0.0;
        }
        if self.letters == other.letters {
            return 1.0;
        }
        match (self.script, other.script) {
            (Script::Han, Script::Han) if !self.is_transcribed(other) => return 0.0,
            // Korean names of two syllables are other names if they are written otherwise.
            (Script::Hangul, Script::Hangul) if self.letters.len().max(other.letters.len()) < 7 => {
                return 0.0;
            }
            _ => {}
        }
        if self.is_transposed(other) {
            return TRANSPOSED;
        }
        let length = f64::from(self.length.max(other.length).max(2));
        // One wrong sound says more in a short word.
        let per_sound = (1.0 + 1.0 / length) / length;
        let dearest = (1.0 - UNALIKE) * 100.0 / per_sound;
        (1.0 - f64::from(self.distance(other, dearest as Cost)) / 100.0 * per_sound).max(0.0)
    }

    /// Whether two words are one but for two neighbouring letters: a slip of the pen.
    fn is_transposed(&self, other: &Self) -> bool {
        let (a, b) = (&self.letters, &other.letters);
        if a.len() != b.len() || a.len() < 5 {
            return false;
        }
        let apart: Vec<usize> = (0..a.len()).filter(|&at| a[at] != b[at]).take(3).collect();
        matches!(apart[..], [x, y] if y == x + 1 && a[x] == b[y] && a[y] == b[x])
    }

    /// Whether two words in Chinese characters, which are not the same characters, can be transcriptions of one foreign
    /// word: Chinese names of one reading in other characters are other names.
    fn is_transcribed(&self, other: &Self) -> bool {
        self.letters.len() > 2 && other.letters.len() > 2
            || self.letters.len().abs_diff(other.letters.len()) > 1
    }
}

/// All ways to read the units of a word, in the order of its letters; single sounds at one price are one set.
fn chains(script: Script, letters: &[char]) -> Vec<Chain> {
    let mut chains: Vec<Chain> = Vec::new();
    for at in 0..letters.len() {
        for (length, readings) in script.units(&letters[at..]) {
            for Reading { cost, sounds } in readings.iter() {
                let same = |known: &&mut Chain| {
                    (known.from, known.to, known.cost) == (at, at + length, *cost)
                        && known.sounds.len() == 1
                        && sounds.len() == 1
                };
                match chains.iter_mut().find(same) {
                    Some(known) => known.sounds[0] = known.sounds[0].union(sounds[0]),
                    None => {
                        let sounds = sounds.to_vec();
                        chains.push(Chain { from: at, to: at + length, cost: *cost, sounds });
                    }
                }
            }
        }
    }
    chains
}

fn is_vowel_letter(letter: char) -> bool {
    "aeiou".contains(letter)
}

/// What it costs to leave out a sound, which depends on how both scripts write vowels.
struct Omission {
    left: Cost,
    right: Cost,
}

const VOWEL: Cost = 55;
const GLIDE: Cost = 18;
const CONSONANT: Cost = 100;

impl Omission {
    fn between(left: Script, right: Script) -> Self {
        let of = |this: Script, other: Script| {
            if other.hides_vowels() {
                8
            } else if this.adds_vowels() {
                20
            } else {
                VOWEL
            }
        };
        Self { left: of(left, right), right: of(right, left) }
    }

    fn cost(&self, sounds: Sounds, vowel: Cost) -> Cost {
        if sounds.is_vowel() {
            vowel
        } else if sounds.may_be_silent() {
            GLIDE.min(vowel.max(8))
        } else {
            CONSONANT
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn token(text: &str) -> Token {
        Token::new(text, Script::of(text))
    }

    #[test]
    fn conventions_of_one_original_sound_alike() {
        for spelling in ["Shcherbakov", "Chtcherbakov", "Szczerbakow", "Ščerbakov", "Щербаков", "Scherbakow"]
        {
            let likeness = token("Schtscherbakow").similarity(&token(spelling));
            assert!(likeness > 0.9, "{spelling}: {likeness}");
        }
        assert!(token("Schtscherbakow").similarity(&token("Schtschukin")) < 0.7);
    }

    proptest! {
        #[test]
        fn similarity_is_symmetric_and_bounded(a in "\\PC{0,12}", b in "\\PC{0,12}") {
            let (a, b) = (token(&a), token(&b));
            let likeness = a.similarity(&b);
            prop_assert!((0.0..=1.0).contains(&likeness));
            prop_assert_eq!(likeness, b.similarity(&a));
            prop_assert!(a.is_empty() || a.similarity(&a) == 1.0);
        }
    }
}
