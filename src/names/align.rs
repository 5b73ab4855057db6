//! The parts of two names laid side by side.

use super::{
    compare::AlignedParts,
    name::{Name, Part, Role},
    scripts::Script,
    token::Token,
};
use std::sync::atomic::{AtomicU64, Ordering};

/// What two parts need that stand in different places.
const DISPLACED: f64 = 0.92;
/// What two parts need to be laid side by side: a little more than words of five sounds with a wrong consonant.
pub(super) const PART: f64 = 0.765;
/// The same between a script that writes all sounds and one that does not.
pub(super) const PART_LOOSE: f64 = 0.70;
/// Taken off where a given name is short for the other.
const NICKNAME: f64 = 0.08;
/// What an alignment gains from taking two words for one instead of leaving one out.
const JOINED: f64 = 0.1;
/// What an order loses that is not the written one.
const TURNED: f64 = 0.02;
/// Taken off where one of two forms alone ends in the *-a* of women's names, and from syllables and umlauts that are never one.
const APART: f64 = 0.25;

/// In which order the second name's parts are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    AsWritten,
    /// The first part comes last: a family name written first.
    FirstLast,
    /// The last part comes first.
    LastFirst,
}

/// Parts laid side by side, in order, with what was left over.
#[derive(Debug)]
pub(super) struct Alignment {
    pub pairs: Vec<AlignedParts>,
    /// Parts covered on each side.
    pub covered: [usize; 2],
    pub extra_left: Vec<(usize, String)>,
    pub extra_right: Vec<(usize, String)>,
    pub turned: bool,
    total: f64,
}

#[derive(Clone, Copy)]
enum Step {
    Start,
    SkipLeft,
    SkipRight,
    Pair(usize, usize, f64),
}

impl Alignment {
    /// The best alignment of two names in any order of the second.
    pub fn best(a: &Name, b: &Name, known: &Similarities) -> Option<Self> {
        let (left, right): (Vec<&Part>, Vec<&Part>) = (cores(a).collect(), cores(b).collect());
        if let ([a1, a2], [b1, b2]) = (&left[..], &right[..])
            && a.parts.len() == 2
            && b.parts.len() == 2
        {
            return Self::of_two([a1, a2], [b1, b2], if is_loose(a, b) { PART_LOOSE } else { PART }, known);
        }
        let orders: &[Order] = match right.len() {
            0 => return None,
            1 => &[Order::AsWritten],
            _ => &[Order::AsWritten, Order::FirstLast, Order::LastFirst],
        };
        let alignments = orders.iter().map(|order| Self::of(a, &left, b, &right, *order, known));
        alignments.reduce(|best, other| if other.total > best.total + 1e-9 { other } else { best })
    }

    /// The same for names of two parts and nothing else, as most are: both agree, in the one order or the other, or the
    /// names do not.
    fn of_two(left: [&Part; 2], right: [&Part; 2], least: f64, known: &Similarities) -> Option<Self> {
        let both = |right: [&Part; 2], turned: bool| {
            let pair = |left: &Part, right: &Part| {
                let similarity = known.of_parts(left, right, least);
                let texts = || (left.text.to_string(), right.text.to_string());
                (similarity >= least).then(texts).map(|(left, right)| AlignedParts {
                    left,
                    right,
                    similarity,
                })
            };
            let pairs = vec![pair(left[0], right[0])?, pair(left[1], right[1])?];
            let total =
                pairs.iter().map(|pair| pair.similarity).sum::<f64>() - if turned { TURNED } else { 0.0 };
            let (extra_left, extra_right) = (Vec::new(), Vec::new());
            Some(Self { pairs, covered: [2; 2], extra_left, extra_right, turned, total })
        };
        let crossed = [right[1], right[0]];
        let Some(straight) = both(right, false) else { return both(crossed, true) };
        let may_cross = left.iter().zip(crossed).all(|(one, other)| one.begins_like(other));
        let turned = may_cross.then(|| both(crossed, true)).flatten();
        Some(match turned {
            Some(turned) if turned.total > straight.total + 1e-9 => turned,
            _ => straight,
        })
    }

    /// Pairs parts left over that stand in another place in the other name.
    pub fn pair_displaced(&mut self, a: &Name, b: &Name) {
        if self.extra_left.is_empty() || self.extra_right.is_empty() {
            return;
        }
        let mut left = std::mem::take(&mut self.extra_left);
        left.retain(|(from, one)| {
            // Muster bin Maier is not Maier bin Muster: the first part stays in its place.
            let movable = self.extra_right.iter().enumerate().filter(|(_, (to, _))| *from > 0 && *to > 0);
            let alike = |from, to| match (cores(a).nth(from), cores(b).nth(to)) {
                (Some(one), Some(other)) => one.token.similarity(&other.token, DISPLACED),
                _ => 0.0,
            };
            let mut scored = movable.map(|(at, (to, _))| (at, alike(*from, *to)));
            let found = scored.find(|(_, similarity)| *similarity >= DISPLACED);
            if let Some((at, similarity)) = found {
                let right = self.extra_right.remove(at).1;
                self.pairs.push(AlignedParts { left: one.clone(), right, similarity });
                self.covered[0] += 1;
                self.covered[1] += 1;
            }
            found.is_none()
        });
        self.extra_left = left;
    }

    /// The best alignment in order, by dynamic programming over (parts of a, parts of b).
    fn of(a: &Name, left: &[&Part], b: &Name, right: &[&Part], order: Order, known: &Similarities) -> Self {
        let n = right.len();
        let index: Vec<usize> = match order {
            Order::AsWritten => (0..n).collect(),
            Order::FirstLast => (1..n).chain([0]).collect(),
            Order::LastFirst => [n - 1].into_iter().chain(0..n - 1).collect(),
        };
        let least = if is_loose(a, b) { PART_LOOSE } else { PART };
        let mut best = vec![vec![(0.0f64, Step::Start); n + 1]; left.len() + 1];
        for i in 0..=left.len() {
            for j in 0..=n {
                let mut cell = (f64::MIN, Step::Start);
                if i == 0 && j == 0 {
                    cell = (0.0, Step::Start);
                }
                let mut offer = |value: f64, step: Step| {
                    if value > cell.0 + 1e-9 {
                        cell = (value, step);
                    }
                };
                if i > 0 && j > 0 {
                    let likeness = known.of_parts(left[i - 1], right[index[j - 1]], least);
                    if likeness >= least {
                        offer(best[i - 1][j - 1].0 + likeness, Step::Pair(1, 1, likeness));
                    }
                }
                // Two words of one name written as one, only where they are neighbours as written.
                let joined_right =
                    (j > 1 && index[j - 1] == index[j - 2] + 1).then(|| b.joined.get(index[j - 2])).flatten();
                let joined_left = (i > 1).then(|| a.joined.get(i - 2)).flatten();
                if let (true, Some(joined)) = (i > 0, joined_right) {
                    let likeness = known.of_tokens(&left[i - 1].token, joined, least);
                    if likeness >= least {
                        offer(best[i - 1][j - 2].0 + likeness + JOINED, Step::Pair(1, 2, likeness));
                    }
                }
                if let (true, Some(joined)) = (j > 0, joined_left) {
                    let likeness = known.of_tokens(joined, &right[index[j - 1]].token, least);
                    if likeness >= least {
                        offer(best[i - 2][j - 1].0 + likeness + JOINED, Step::Pair(2, 1, likeness));
                    }
                }
                // Jin ho is not Chang ho, however alike Jinho and Changho are.
                let are_syllables_apart = || {
                    let pairs = [(i - 2, index[j - 2]), (i - 1, index[j - 1])];
                    pairs.iter().any(|&(i, j)| left[i].token.is_other_syllable(&right[j].token))
                };
                if let (Some(l), Some(r)) = (joined_left, joined_right)
                    && !are_syllables_apart()
                {
                    let likeness = known.of_tokens(l, r, least);
                    if likeness >= least {
                        offer(best[i - 2][j - 2].0 + 2.0 * likeness - 0.2, Step::Pair(2, 2, likeness));
                    }
                }
                if i > 0 {
                    offer(best[i - 1][j].0, Step::SkipLeft);
                }
                if j > 0 {
                    offer(best[i][j - 1].0, Step::SkipRight);
                }
                best[i][j] = cell;
            }
        }
        let turned = order != Order::AsWritten;
        let mut alignment = Self {
            pairs: Vec::new(),
            covered: [0; 2],
            extra_left: Vec::new(),
            extra_right: Vec::new(),
            turned,
            total: best[left.len()][n].0 - if turned { TURNED } else { 0.0 },
        };
        let (mut i, mut j) = (left.len(), n);
        while i > 0 || j > 0 {
            match best[i][j].1 {
                Step::Start => break,
                Step::SkipLeft => {
                    i -= 1;
                    alignment.extra_left.push((i, left[i].text.to_string()));
                }
                Step::SkipRight => {
                    j -= 1;
                    alignment.extra_right.push((index[j], right[index[j]].text.to_string()));
                }
                Step::Pair(p, q, similarity) => {
                    (i, j) = (i - p, j - q);
                    let text = |parts: &mut dyn Iterator<Item = &str>| parts.collect::<Vec<_>>().join(" ");
                    alignment.covered[0] += p;
                    alignment.covered[1] += q;
                    alignment.pairs.push(AlignedParts {
                        left: text(&mut left[i..i + p].iter().map(|part| &*part.text)),
                        right: text(&mut (j..j + q).map(|k| &*right[index[k]].text)),
                        similarity,
                    });
                }
            }
        }
        alignment.pairs.reverse();
        alignment
    }
}

/// What two parts of names need at least for the names to be one by the thresholds on the score of the whole.
const WORTH: f64 = 0.78;
/// The same in one script, where the threshold is higher.
const WORTH_SAME_SCRIPT: f64 = 0.84;

/// Whether enough parts of two names are alike for them to be one, wherever they stand: two, or one beside an initial or
/// of a name that has no other. All that can be told without laying them side by side.
pub(super) fn could_be_one(a: &Name, b: &Name, known: &Similarities) -> bool {
    let least = if a.script() == b.script() { WORTH_SAME_SCRIPT } else { WORTH };
    // Most pairs are out by what sounds are in them, before any two words are laid side by side.
    have_enough_in_common(a, b, |one, other, less| one.may_be_like(other, least + less))
        && have_enough_in_common(a, b, |one, other, less| {
            known.of_tokens(one, other, least + less) >= least + less
        })
}

/// The same, given what words are alike: by so much more than otherwise if one is short for the other.
fn have_enough_in_common(a: &Name, b: &Name, alike: impl Fn(&Token, &Token, f64) -> bool) -> bool {
    let parts_alike = |one: &Part, other: &Part| {
        one.begins_like(other)
            && (alike(&one.token, &other.token, 0.0)
                || one.also.iter().any(|short| alike(short, &other.token, NICKNAME))
                || other.also.iter().any(|short| alike(short, &one.token, NICKNAME)))
    };
    let (left, right) = (a.core_parts(), b.core_parts());
    let wanted = if left == 1 && right == 1 || a.has_initial() || b.has_initial() { 1 } else { 2 };
    let mut first = None;
    for (i, one) in cores(a).enumerate() {
        if left - i + usize::from(first.is_some()) < wanted {
            break;
        }
        for (j, other) in cores(b).enumerate() {
            if !parts_alike(one, other) {
                continue;
            }
            match first {
                _ if wanted == 1 => return true,
                None => first = Some((i, j)),
                Some((x, y)) if x != i && y != j => return true,
                Some(_) => {}
            }
        }
    }
    let alike = |one: &Token, other: &Token| alike(one, other, 0.0);
    a.joined
        .iter()
        .any(|one| cores(b).map(|part| &part.token).chain(&b.joined).any(|other| alike(one, other)))
        || b.joined.iter().any(|one| cores(a).any(|part| alike(one, &part.token)))
}

/// Whether one of two scripts, but not the other, leaves sounds out or puts some in.
pub(super) fn is_loose(a: &Name, b: &Name) -> bool {
    a.script() != b.script() && (a.script().omits_or_adds_vowels() || b.script().omits_or_adds_vowels())
}

/// The parts of a name that are names of their own.
pub(super) fn cores(name: &Name) -> impl Iterator<Item = &Part> {
    name.parts.iter().filter(|part| part.role == Role::Core)
}

/// How alike words are, remembered for all threads: a corpus of many names has few words.
///
/// A table of fixed size without locks. A pair of words has one place in it, and the later of two pairs with one place is
/// remembered; what is forgotten is worked out again.
#[derive(Debug)]
pub(super) struct Similarities(Box<[AtomicU64]>);

/// What is known of two words.
#[derive(Debug, Clone, Copy)]
enum Known {
    /// How alike they are.
    As(f64),
    /// What they are not as alike as.
    Below(f64),
}

impl Known {
    const BELOW: u64 = 1 << 15;
    const UNIT: f64 = 10_000.0;

    /// Sixteen bits, never 0.
    fn packed(self) -> u64 {
        match self {
            Self::As(similarity) => 1 + (similarity * Self::UNIT).round() as u64,
            Self::Below(bound) => Self::BELOW | (bound * Self::UNIT).round() as u64,
        }
    }

    fn unpacked(bits: u64) -> Option<Self> {
        let part = |bits: u64| bits as f64 / Self::UNIT;
        match bits {
            0 => None,
            bits if bits & Self::BELOW == 0 => Some(Self::As(part(bits - 1))),
            bits => Some(Self::Below(part(bits ^ Self::BELOW))),
        }
    }
}

/// Bits of a number that a slot does not hold: the slot's place in the table says what they are.
const PLACED: u32 = 16;
/// The largest table, 2 to the power of it.
const LARGEST: u32 = 23;
/// Pairs of words to remember for each name.
const PAIRS: usize = 16;

impl Similarities {
    /// Remembers nothing: for a pair of names.
    pub fn forgetful() -> Self {
        Self(Box::default())
    }

    /// Remembers what so many names may need.
    pub fn for_names(count: usize) -> Self {
        let size = (count * PAIRS).next_power_of_two().clamp(1 << PLACED, 1 << LARGEST);
        Self((0..size).map(|_| AtomicU64::default()).collect())
    }

    /// The slot of a pair of words, and what is held there if it is theirs: the pair times an odd number is another name
    /// of the pair, whose first bits are the place.
    fn slot(&self, a: &Token, b: &Token) -> Option<(&AtomicU64, u64)> {
        let pair = u64::from(a.number().min(b.number())) << 32 | u64::from(a.number().max(b.number()));
        let mixed = pair.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let place = mixed >> (u64::BITS - self.0.len().checked_ilog2()?);
        Some((&self.0[place as usize], mixed << PLACED))
    }

    /// How alike two parts are: by sound, or because one is short for the other; 0 may stand for less than `least`.
    pub fn of_parts(&self, a: &Part, b: &Part, least: f64) -> f64 {
        let mut best = self.of_tokens(&a.token, &b.token, least);
        for (part, token) in [(a, &b.token), (b, &a.token)] {
            for short in &part.also {
                best = best.max(self.of_tokens(short, token, least + NICKNAME) - NICKNAME);
            }
        }
        best
    }

    /// How alike two words sound, with the ending of women's names held apart; 0 may stand for less than `least`.
    pub fn of_tokens(&self, a: &Token, b: &Token, least: f64) -> f64 {
        if a.number() == b.number() {
            return 1.0;
        }
        if !a.may_be_like(b, least) {
            return 0.0;
        }
        let slot = self.slot(a, b);
        if let Some((slot, held)) = slot {
            let found = slot.load(Ordering::Relaxed);
            let theirs = Known::unpacked(if found >> PLACED == held >> PLACED { found & 0xFFFF } else { 0 });
            match theirs {
                Some(Known::As(similarity)) => return similarity,
                Some(Known::Below(bound)) if bound <= least => return 0.0,
                _ => {}
            }
        }
        let similarity = a.similarity(b, least);
        let known = if similarity < least {
            Known::Below(least)
        } else {
            let endings = (Ending::of(a), Ending::of(b));
            let of_both = matches!(endings, (Ending::A, Ending::Hard) | (Ending::Hard, Ending::A));
            let apart =
                a.letters() != b.letters() && (of_both || a.is_other_syllable(b) || a.is_other_umlaut(b));
            Known::As((similarity - if apart { APART } else { 0.0 }).max(0.0))
        };
        if let Some((slot, held)) = slot {
            slot.store(held | known.packed(), Ordering::Relaxed);
        }
        // What is told does not depend on what was remembered.
        match Known::unpacked(known.packed()) {
            Some(Known::As(similarity)) => similarity,
            _ => 0.0,
        }
    }
}

/// How a part ends, in scripts that write it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    A,
    /// A consonant, or the *-i, -y, -j* of men's names.
    Hard,
    Unknown,
}

impl Ending {
    fn of(token: &Token) -> Self {
        let written = matches!(
            token.script(),
            Script::Latin | Script::Cyrillic | Script::Greek | Script::Armenian | Script::Georgian
        );
        match token.letters().last() {
            Some(letter) if written => match letter {
                'a' | 'á' | 'à' | 'ā' | 'а' | 'я' | 'α' | 'ა' | 'ա' => Self::A,
                'e' | 'o' | 'u' | 'é' | 'ó' | 'е' | 'о' | 'у' | 'э' | 'ё' | 'ο' | 'ε' | 'ω' | 'ე' | 'ო'
                | 'უ' | 'h' | 'ë' => Self::Unknown,
                // What French leaves silent says nothing.
                's' | 't' | 'd' | 'x' | 'z' => Self::Unknown,
                _ => Self::Hard,
            },
            _ => Self::Unknown,
        }
    }
}
