//! One word of a name with everything its letters may stand for.

use super::{
    lattice::{Edge, Lattice, NODES},
    phoneme::{Cost, Sounds},
    pinyin,
    scripts::Script,
    skeleton::{self, Skeleton},
    tally::{Prices, Tally},
};
use std::sync::atomic::{AtomicU32, Ordering};

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
    lattice: Lattice,
    /// Phonemes on the shortest path, at least 1.
    length: u16,
    /// All that it may sound like somewhere.
    sounds: Sounds,
    skeletons: Box<[Skeleton]>,
    /// The first two consonants of all skeletons, a bit for each pair of classes.
    starts: u64,
    tally: Tally,
}

/// How alike words are that differ in the order of two letters.
const TRANSPOSED: f64 = 0.92;

/// Longer words are cut: no name is that long, and the cost of comparing grows with the square.
const LONGEST: usize = 40;

impl Token {
    pub(super) fn new(text: &str, script: Script) -> Self {
        let mut letters = script.letters(text);
        letters.dedup_by(|a, b| a == b && !is_vowel_letter(*a));
        letters.truncate(LONGEST);
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let lattice = Lattice::new(script, &letters);
        let mut token = Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            tally: Tally::new(&lattice),
            lattice,
            letters: letters.into(),
            script,
            length: 1,
            sounds: Sounds::default(),
            skeletons: Box::default(),
            starts: 0,
        };
        token.length = token.shortest().max(1);
        let sounds = token.lattice.all().iter().filter_map(Edge::sounds).reduce(Sounds::union);
        token.sounds = sounds.unwrap_or_default();
        token.skeletons = skeleton::cheapest(token.size(), |node| token.edges(node));
        token.starts = token.skeletons.iter().fold(0, |starts, skeleton| starts | skeleton.start_bit());
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

    /// Whether it is one syllable in Latin letters, as the words of Korean and Chinese names are.
    pub(super) fn is_syllable(&self) -> bool {
        let is_vowel = |letter: &char| !CONSONANT_LETTERS.contains(*letter);
        let mut groups = self.letters.chunk_by(|a, b| is_vowel(a) == is_vowel(b));
        self.script == Script::Latin && groups.by_ref().filter(|group| is_vowel(&group[0])).count() == 1
    }

    /// Whether two syllables are two however they are spelt: *Hyun* and *Jun*, *Jun* and *Jung*. Conventions differ in all
    /// else, and in a word so short the readings that they have in common say little.
    pub(super) fn is_other_syllable(&self, other: &Self) -> bool {
        if self.script != Script::Latin || other.script != Script::Latin {
            return false;
        }
        if pinyin::differ(&self.letters, &other.letters) {
            return true;
        }
        if !self.is_syllable() || !other.is_syllable() {
            return false;
        }
        let starts = |token: &Self| match *token.letters {
            // The hs of Wade and Giles is a hiss.
            ['h', 's', ..] => None,
            ['h', ..] => Some(true),
            [letter, ..] if "jyw".contains(letter) || !CONSONANT_LETTERS.contains(letter) => Some(false),
            _ => None,
        };
        let ends = |token: &Self| match *token.letters {
            [.., 'n', 'g'] => Some(true),
            [.., 'n'] => Some(false),
            _ => None,
        };
        let differ = |one: Option<bool>, other: Option<bool>| one.zip(other).is_some_and(|(x, y)| x != y);
        differ(starts(self), starts(other)) || differ(ends(self), ends(other))
    }

    /// Whether two words are one but for an umlaut and another of *a, o, u*: *Müller* and *Möller*. Marks may be left out,
    /// and written as an *e*, but nobody takes the one for the other.
    pub(super) fn is_other_umlaut(&self, other: &Self) -> bool {
        let (left, right) = (umlauts(&self.letters), umlauts(&other.letters));
        let mut apart = left.iter().zip(&right).filter(|(one, other)| one.0 != other.0);
        let differ = match (apart.next(), apart.next()) {
            (Some((one, other)), None) => {
                "aou".contains(one.0)
                    && "aou".contains(other.0)
                    && (one.1 == Umlaut::Marked
                        || other.1 == Umlaut::Marked
                        || one.1 == Umlaut::Written && other.1 == Umlaut::Written)
            }
            _ => false,
        };
        differ && left.len() == right.len()
    }

    fn size(&self) -> usize {
        self.lattice.size()
    }

    fn edges(&self, node: usize) -> &[Edge] {
        self.lattice.edges(node)
    }

    fn shortest(&self) -> u16 {
        let mut best = vec![u16::MAX; self.size()];
        best[0] = 0;
        for node in 0..self.size() {
            for edge in self.edges(node) {
                let through = best[node].saturating_add(u16::from(edge.sounds().is_some()));
                let to = usize::from(edge.to);
                best[to] = best[to].min(through);
            }
        }
        best.last().copied().unwrap_or(0)
    }

    /// The first phonemes it may begin with.
    pub(super) fn initial(&self) -> Option<Sounds> {
        self.edges(0).iter().filter_map(Edge::sounds).reduce(Sounds::union)
    }

    /// The most likely reading in phoneme symbols, for people.
    pub(super) fn reading(&self) -> String {
        let (mut node, mut reading) = (0, String::new());
        while let Some(edge) = self.edges(node).first() {
            reading.extend(edge.sounds().and_then(|sounds| sounds.symbols().next()));
            node = usize::from(edge.to);
        }
        reading
    }

    /// Its consonant skeletons, cheapest first.
    pub(super) fn skeletons(&self) -> &[Skeleton] {
        &self.skeletons
    }

    /// The vowels of the most likely reading in three classes, two bits each, the first in the highest: what skeletons
    /// leave out.
    pub(super) fn vowels(&self) -> u32 {
        let (mut node, mut vowels, mut last) = (0, 0, 0);
        while let Some(edge) = self.edges(node).first() {
            node = usize::from(edge.to);
            let class = edge.sounds().map_or(0, skeleton::vowel_class);
            if class != 0 && class != last && vowels >> 30 == 0 {
                vowels = vowels << 2 | u32::from(class);
            }
            last = class;
        }
        vowels.checked_shl(vowels.leading_zeros() & !1).unwrap_or(0)
    }

    /// The beginnings of its skeletons as a set of bits.
    pub(super) fn starts(&self) -> u64 {
        self.starts
    }

    /// What it costs to take one word for the other, in hundredths of a wrong consonant; more than `dearest` is not
    /// worked out.
    fn distance(&self, other: &Self, dearest: Cost) -> Cost {
        let [left_out, right_out] = omissions(self.script, other.script);
        // Many words have sounds that nothing in the other comes near: no need to lay them side by side.
        let (mut left_ahead, mut right_ahead) = ([0; NODES], [0; NODES]);
        if self.ahead(other.sounds, left_out, &mut left_ahead) > dearest
            || other.ahead(self.sounds, right_out, &mut right_ahead) > dearest
        {
            return Cost::MAX;
        }
        let (rows, columns) = (self.size(), other.size());
        let mut best = vec![Cost::MAX; rows * columns];
        // The cells of each row that some path has come to, as bits.
        let mut reached = [0u64; NODES];
        (best[0], reached[0]) = (0, 1);
        for a in 0..rows {
            // Edges go forward, so what leaves a cell comes after all that leads there.
            while reached[a] != 0 {
                let b = reached[a].trailing_zeros() as usize;
                reached[a] &= reached[a] - 1;
                let here = best[a * columns + b];
                let mut offer = |a: usize, b: usize, cost: Cost| {
                    let cell = &mut best[a * columns + b];
                    // A path that must become too dear is left here.
                    if cost < *cell && cost.saturating_add(left_ahead[a].max(right_ahead[b])) <= dearest {
                        *cell = cost;
                        reached[a] |= 1 << b;
                    }
                };
                for right in other.edges(b) {
                    offer(a, usize::from(right.to), here + right.cost + right_out[right.kind as usize]);
                }
                for left in self.edges(a) {
                    let (to, cost) = (usize::from(left.to), here + left.cost);
                    if cost.saturating_add(left_ahead[to]) > dearest {
                        continue;
                    }
                    offer(to, b, cost + left_out[left.kind as usize]);
                    if left.sounds().is_none() {
                        continue;
                    }
                    for right in other.edges(b) {
                        if let Some(sounds) = right.sounds() {
                            let cost = cost + right.cost + left.around.to(sounds);
                            offer(to, usize::from(right.to), cost);
                        }
                    }
                }
            }
        }
        best.last().copied().unwrap_or(Cost::MAX)
    }

    /// What a path must cost from each node on beside a word that has no other sounds than these, whatever their order;
    /// from the first node is the answer.
    fn ahead(&self, sounds: Sounds, left_out: Omissions, ahead: &mut [Cost; NODES]) -> Cost {
        for node in (0..self.size() - 1).rev() {
            let through = self.edges(node).iter().map(|edge| {
                let apart = left_out[edge.kind as usize];
                let apart = if apart > 0 { apart.min(edge.around.to(sounds)) } else { 0 };
                ahead[usize::from(edge.to)].saturating_add(edge.cost + apart)
            });
            ahead[node] = through.min().unwrap_or(Cost::MAX);
        }
        ahead[0]
    }

    /// How alike two words sound, from 0 to 1; what is below `least` may be told as 0, which is quicker.
    pub(super) fn similarity(&self, other: &Self, least: f64) -> f64 {
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
        let per_sound = self.per_sound(other);
        let distance = self.distance(other, dearest(least, per_sound));
        (1.0 - f64::from(distance) / 100.0 * per_sound).max(0.0)
    }

    /// Whether two words may be as alike as `least`, by a look at what sounds are in them.
    pub(super) fn may_be_like(&self, other: &Self, least: f64) -> bool {
        if self.number == other.number {
            return true;
        }
        let dearest = dearest(least, self.per_sound(other));
        let [left, right] = [(self, other), (other, self)]
            .map(|(one, beside)| one.tally.unanswered(&beside.tally, prices(one.script, beside.script)));
        left.max(right) <= dearest || self.is_transposed(other)
    }

    /// What one wrong sound takes off: more in a short word.
    fn per_sound(&self, other: &Self) -> f64 {
        let length = f64::from(self.length.max(other.length).max(2));
        (1.0 + 1.0 / length) / length
    }

    /// Whether two words are one but for two neighbouring letters: a slip of the pen.
    fn is_transposed(&self, other: &Self) -> bool {
        let (a, b) = (&self.letters, &other.letters);
        if a.len() != b.len() || a.len() < 5 {
            return false;
        }
        let mut apart = (0..a.len()).filter(|&at| a[at] != b[at]);
        match (apart.next(), apart.next(), apart.next()) {
            (Some(x), Some(y), None) => y == x + 1 && a[x] == b[y] && a[y] == b[x],
            _ => false,
        }
    }

    /// Whether two words in Chinese characters, which are not the same characters, can be transcriptions of one foreign
    /// word: Chinese names of one reading in other characters are other names.
    fn is_transcribed(&self, other: &Self) -> bool {
        self.letters.len() > 2 && other.letters.len() > 2
            || self.letters.len().abs_diff(other.letters.len()) > 1
    }
}

/// What words cost at most that are as alike as `least`.
fn dearest(least: f64, per_sound: f64) -> Cost {
    ((1.0 - least) * 100.0 / per_sound + 1.0) as Cost
}

/// Latin letters that are no vowels, with those of their marks that names have.
const CONSONANT_LETTERS: &str = "bcdfghjklmnpqrstvwxzßçćčďđğłñńňřśšşťźżž";

/// What sets a vowel off from the plain one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Umlaut {
    Plain,
    /// An *e* after it.
    Written,
    /// Two dots, two strokes, or a stroke through it.
    Marked,
}

/// The letters of a word without umlauts, with what stood there.
fn umlauts(letters: &[char]) -> Vec<(char, Umlaut)> {
    let mut all: Vec<(char, Umlaut)> = Vec::with_capacity(letters.len());
    for &letter in letters {
        let plain = match letter {
            'ä' => 'a',
            'ö' | 'ő' | 'ø' => 'o',
            'ü' | 'ű' => 'u',
            _ => letter,
        };
        match all.last_mut() {
            Some(last) if letter == 'e' && last.1 == Umlaut::Plain && "aou".contains(last.0) => {
                last.1 = Umlaut::Written;
            }
            _ => all.push((plain, if plain == letter { Umlaut::Plain } else { Umlaut::Marked })),
        }
    }
    all
}

fn is_vowel_letter(letter: char) -> bool {
    "aeiou".contains(letter)
}

/// What it costs to leave out a sound of each [`Kind`].
type Omissions = [Cost; 4];

const VOWEL: Cost = 55;
/// The same beside a script that does not write them.
const HIDDEN_VOWEL: Cost = 8;
/// The same in a script that puts some in.
const ADDED_VOWEL: Cost = 20;
const GLIDE: Cost = 18;
const CONSONANT: Cost = 100;

/// What leaving out costs on either side, which depends on how both scripts write vowels.
fn omissions(left: Script, right: Script) -> [Omissions; 2] {
    let of = |this: Script, other: Script| {
        let vowel = omitted_vowel(this, other);
        [0, vowel, GLIDE.min(vowel.max(8)), CONSONANT]
    };
    [of(left, right), of(right, left)]
}

fn omitted_vowel(this: Script, other: Script) -> Cost {
    if other.hides_vowels() {
        HIDDEN_VOWEL
    } else if this.adds_vowels() {
        ADDED_VOWEL
    } else {
        VOWEL
    }
}

/// What sounds cost that find no answer, by how both scripts write vowels.
fn prices(this: Script, other: Script) -> &'static Prices {
    static WRITTEN: Prices = Prices::new(VOWEL);
    static ADDED: Prices = Prices::new(ADDED_VOWEL);
    static HIDDEN: Prices = Prices::new(HIDDEN_VOWEL);
    match omitted_vowel(this, other) {
        HIDDEN_VOWEL => &HIDDEN,
        ADDED_VOWEL => &ADDED,
        _ => &WRITTEN,
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
    fn syllables_are_two_by_their_breath_and_their_ng() {
        let apart = |a: &str, b: &str| token(a).is_other_syllable(&token(b));
        assert!(apart("Hyun", "Jun") && apart("Jun", "Jung") && apart("Hong", "Wong"));
        assert!(!apart("Hsiao", "Xiao") && !apart("Chan", "Han") && !apart("Jong", "Chong"));
        assert!(!apart("Hanna", "Anna"));
        assert!(apart("Deng", "Ding") && apart("Xiaoping", "Xiaopeng"));
        assert!(!apart("Wong", "Wang") && !apart("Nouri", "Nuri"));
    }

    #[test]
    fn one_umlaut_is_not_another() {
        let apart = |a: &str, b: &str| token(a).is_other_umlaut(&token(b));
        assert!(apart("Möller", "Müller") && apart("Moeller", "Müller") && apart("Moller", "Müller"));
        assert!(apart("Moeller", "Mueller") && apart("Jönsson", "Jansson"));
        assert!(!apart("Mueller", "Müller") && !apart("Muller", "Müller") && !apart("Miller", "Müller"));
        assert!(!apart("Mursi", "Morsi") && !apart("Soekarno", "Sukarno"));
    }

    #[test]
    fn a_word_without_vowels_has_none() {
        assert_eq!(token("Brk").vowels(), 0);
        assert_ne!(token("Brok").vowels(), 0);
    }

    #[test]
    fn conventions_of_one_original_sound_alike() {
        for spelling in ["Shcherbakov", "Chtcherbakov", "Szczerbakow", "Ščerbakov", "Щербаков", "Scherbakow"]
        {
            let likeness = token("Schtscherbakow").similarity(&token(spelling), 0.0);
            assert!(likeness > 0.9, "{spelling}: {likeness}");
        }
        assert!(token("Schtscherbakow").similarity(&token("Schtschukin"), 0.0) < 0.7);
    }

    proptest! {
        #[test]
        fn similarity_is_symmetric_and_bounded(a in "\\PC{0,12}", b in "\\PC{0,12}") {
            let (a, b) = (token(&a), token(&b));
            let likeness = a.similarity(&b, 0.0);
            prop_assert!((0.0..=1.0).contains(&likeness));
            prop_assert_eq!(likeness, b.similarity(&a, 0.0));
            let told = a.similarity(&b, 0.8);
            prop_assert!(told == likeness || likeness < 0.8 && told < 0.8);
            prop_assert!(likeness < 0.8 || a.may_be_like(&b, 0.8));
            prop_assert!(a.is_empty() || a.similarity(&a, 0.0) == 1.0);
        }
    }
}
