//! Whether two forms name one person: parts aligned, each judged, and a reason in words.

use super::{
    name::{Name, Part, Role, generation},
    scripts::Script,
    token::Token,
};
use std::fmt;

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Two names.
    Different,
    /// Could be either: a case for a person.
    Undecided,
    /// One name.
    Same,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Different => "different",
            Self::Undecided => "undecided",
            Self::Same => "same",
        })
    }
}

/// Two parts that were laid side by side; several words may stand for one.
#[derive(Debug, Clone, PartialEq)]
pub struct AlignedParts {
    /// From the first name.
    pub left: String,
    /// From the second name.
    pub right: String,
    /// How alike they sound, from 0 to 1.
    pub similarity: f64,
}

/// The outcome of comparing two names.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// From 0 to 1; comparable between pairs, and what thresholds are set on.
    pub score: f64,
    /// The decision the score and the vetoes come to.
    pub verdict: Verdict,
    /// Why, in words.
    pub reason: String,
    /// The parts laid side by side.
    pub aligned: Vec<AlignedParts>,
}

/// Scores from which two names are one.
pub const SAME: f64 = 0.87;
/// Scores from which two names could be one.
pub const UNDECIDED: f64 = 0.78;
/// The same where one of two scripts does not write all sounds.
const SAME_LOOSE: f64 = 0.88;
/// What two single-word names need: there is no second part to confirm them.
const SAME_SINGLE: f64 = 0.90;
/// What two parts need to be laid side by side.
const PART: f64 = 0.76;
/// The same between a script that writes all sounds and one that does not.
const PART_LOOSE: f64 = 0.70;
const INITIAL: f64 = 0.90;
/// Taken off where a given name is short for the other.
const NICKNAME: f64 = 0.08;
/// What an alignment gains from taking two words for one instead of leaving one out.
const JOINED: f64 = 0.1;
/// Taken off where one of two forms alone ends in the *-a* of women's names.
const GENDER: f64 = 0.25;

/// Compares two names.
///
/// ```
/// use namenlese::names::{compare, Name, Verdict};
/// let verdict = |a, b| compare(&Name::new(a), &Name::new(b)).verdict;
/// assert_eq!(verdict("Michail Gorbatschow", "Mikhaïl Gorbatchev"), Verdict::Same);
/// assert_eq!(verdict("Michail Gorbatschow", "Михаил Горбачёв"), Verdict::Same);
/// assert_eq!(verdict("Michail Gorbatschow", "Raissa Gorbatschowa"), Verdict::Different);
/// ```
pub fn compare(a: &Name, b: &Name) -> Comparison {
    // One order for both directions, so that the outcome is symmetric.
    if (a.parts.len(), a.form()) > (b.parts.len(), b.form()) {
        let mut comparison = compare_ordered(b, a);
        for pair in &mut comparison.aligned {
            std::mem::swap(&mut pair.left, &mut pair.right);
        }
        return comparison;
    }
    compare_ordered(a, b)
}

fn compare_ordered(a: &Name, b: &Name) -> Comparison {
    if a.form() == b.form() && !a.parts.is_empty() {
        let aligned =
            a.parts().map(|part| AlignedParts { left: part.into(), right: part.into(), similarity: 1.0 });
        return Comparison {
            score: 1.0,
            verdict: Verdict::Same,
            reason: "the same spelling".into(),
            aligned: aligned.collect(),
        };
    }
    let left: Vec<&Part> = a.parts.iter().filter(|part| part.role == Role::Core).collect();
    let right: Vec<&Part> = b.parts.iter().filter(|part| part.role == Role::Core).collect();
    if left.is_empty() || right.is_empty() {
        return different("nothing to compare");
    }
    let best = [Order::AsWritten, Order::FirstLast, Order::LastFirst]
        .into_iter()
        .filter(|order| *order == Order::AsWritten || right.len() > 1)
        .map(|order| Alignment::of(a, &left, b, &right, order))
        .reduce(|best, other| if other.total > best.total + 1e-9 { other } else { best });
    match best {
        Some(alignment) => judge(a, b, alignment, left.len(), right.len()),
        None => different("nothing to compare"),
    }
}

fn different(reason: impl Into<String>) -> Comparison {
    Comparison { score: 0.0, verdict: Verdict::Different, reason: reason.into(), aligned: Vec::new() }
}

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
struct Alignment {
    pairs: Vec<AlignedParts>,
    /// Parts covered on each side.
    covered: [usize; 2],
    extra_left: Vec<(usize, String)>,
    extra_right: Vec<(usize, String)>,
    turned: bool,
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
    /// The best alignment in order, by dynamic programming over (parts of a, parts of b).
    fn of(a: &Name, left: &[&Part], b: &Name, right: &[&Part], order: Order) -> Self {
        let n = right.len();
        let index: Vec<usize> = match order {
            Order::AsWritten => (0..n).collect(),
            Order::FirstLast => (1..n).chain([0]).collect(),
            Order::LastFirst => [n - 1].into_iter().chain(0..n - 1).collect(),
        };
        let loose = a.script() != b.script() && (is_loose(a.script()) || is_loose(b.script()));
        let least = if loose { PART_LOOSE } else { PART };
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
                    let likeness = likeness(left[i - 1], right[index[j - 1]]);
                    if likeness >= least {
                        offer(best[i - 1][j - 1].0 + likeness, Step::Pair(1, 1, likeness));
                    }
                }
                // Two words of one name written as one, only where they are neighbours as written.
                let joined_right =
                    (j > 1 && index[j - 1] == index[j - 2] + 1).then(|| b.joined.get(index[j - 2])).flatten();
                let joined_left = (i > 1).then(|| a.joined.get(i - 2)).flatten();
                if let (true, Some(joined)) = (i > 0, joined_right) {
                    let likeness = part_similarity(&left[i - 1].token, joined);
                    if likeness >= least {
                        offer(best[i - 1][j - 2].0 + likeness + JOINED, Step::Pair(1, 2, likeness));
                    }
                }
                if let (true, Some(joined)) = (j > 0, joined_left) {
                    let likeness = part_similarity(joined, &right[index[j - 1]].token);
                    if likeness >= least {
                        offer(best[i - 2][j - 1].0 + likeness + JOINED, Step::Pair(2, 1, likeness));
                    }
                }
                if let (Some(l), Some(r)) = (joined_left, joined_right) {
                    let likeness = part_similarity(l, r);
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
            total: best[left.len()][n].0 - if turned { 0.02 } else { 0.0 },
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

fn is_loose(script: Script) -> bool {
    script.hides_vowels() || script.adds_vowels()
}

/// How alike two parts are: by sound, or because one is short for the other.
fn likeness(a: &Part, b: &Part) -> f64 {
    let also = |part: &Part, token: &Token| {
        let shorts = part.also.iter().map(|short| part_similarity(short, token) - NICKNAME);
        shorts.fold(0.0, f64::max)
    };
    part_similarity(&a.token, &b.token).max(also(a, &b.token)).max(also(b, &a.token))
}

/// How alike two parts sound, with the ending of women's names held apart.
fn part_similarity(a: &Token, b: &Token) -> f64 {
    let similarity = a.similarity(b);
    if similarity < PART_LOOSE || a.letters() == b.letters() {
        return similarity;
    }
    let (a, b) = (Ending::of(a), Ending::of(b));
    match (a, b) {
        (Ending::A, Ending::Hard) | (Ending::Hard, Ending::A) => similarity - GENDER,
        _ => similarity,
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
                _ => Self::Hard,
            },
            _ => Self::Unknown,
        }
    }
}

fn judge(a: &Name, b: &Name, alignment: Alignment, left: usize, right: usize) -> Comparison {
    let done = |score: f64, verdict, reason: String, aligned| Comparison { score, verdict, reason, aligned };
    let Alignment { mut pairs, covered, extra_left, extra_right, turned, .. } = alignment;
    let (mut extra_left, mut extra_right) = (extra_left, extra_right);
    let initials = |name: &Name| -> Vec<Part> {
        name.parts.iter().filter(|part| part.role == Role::Initial).cloned().collect()
    };
    let (left_initials, right_initials) = (initials(a), initials(b));
    // An initial stands for a part that the other name writes out.
    let mut spelled = 0;
    for (ours, theirs, swap) in
        [(&left_initials, &mut extra_right, false), (&right_initials, &mut extra_left, true)]
    {
        for initial in ours {
            let fits = |text: &str| {
                let token = Token::new(text, Script::of(text));
                token.initial().zip(initial.token.initial()).is_some_and(|(x, y)| x.intersects(y))
            };
            if let Some(at) = theirs.iter().position(|(_, text)| fits(text)) {
                let (_, text) = theirs.remove(at);
                let (left, right) =
                    if swap { (text, initial.text.to_string()) } else { (initial.text.to_string(), text) };
                pairs.push(AlignedParts { left, right, similarity: INITIAL });
                spelled += 1;
            }
        }
    }
    let contradicted = |l: &str, r: &str| {
        let reason = if l.is_empty() || r.is_empty() {
            "too little agrees".to_owned()
        } else {
            format!("{l} and {r} contradict each other")
        };
        done(0.3, Verdict::Different, reason, pairs.clone())
    };
    let texts = |extra: &[(usize, String)]| {
        let mut parts: Vec<&(usize, String)> = extra.iter().collect();
        parts.sort();
        parts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ")
    };
    if !extra_left.is_empty() && !extra_right.is_empty() {
        return contradicted(&texts(&extra_left), &texts(&extra_right));
    }
    let generation = |name: &Name| {
        name.parts.iter().filter(|part| part.role == Role::Generation).find_map(|part| generation(&part.text))
    };
    let generations = (generation(a), generation(b));
    if let (Some(left), Some(right)) = generations
        && left != right
    {
        return contradicted(left, right);
    }
    if spelled == 0 && !left_initials.is_empty() && !right_initials.is_empty() {
        let same = left_initials.len() == right_initials.len()
            && left_initials
                .iter()
                .zip(&right_initials)
                .all(|(x, y)| x.token.initial().zip(y.token.initial()).is_some_and(|(x, y)| x.intersects(y)));
        if !same {
            return contradicted("the initials", "initials");
        }
    }
    if pairs.is_empty() {
        return different("no part of one sounds like a part of the other");
    }
    let single = left == 1 && right == 1 && left_initials.is_empty() && right_initials.is_empty();
    if !single && pairs.len() < 2 && covered[0].max(covered[1]) < 3 && (covered[0] < 2 || covered[1] < 2) {
        let part = &pairs[0].left;
        let reason = format!("only {part} is in both, one part of a name is not enough");
        return done(0.5, Verdict::Different, reason, pairs);
    }
    let lowest = pairs.iter().map(|pair| pair.similarity).fold(1.0, f64::min);
    let mean = pairs.iter().map(|pair| pair.similarity).sum::<f64>() / pairs.len() as f64;
    let extras = if extra_left.is_empty() { (&extra_right, right) } else { (&extra_left, left) };
    let omitted = omitted(extras.0, extras.1, &pairs);
    let score = (0.5 * lowest + 0.5 * mean - omitted - if turned { 0.01 } else { 0.0 }).clamp(0.0, 0.999);
    let loose = a.script() != b.script() && (is_loose(a.script()) || is_loose(b.script()));
    let same = if single {
        SAME_SINGLE
    } else if loose {
        SAME_LOOSE
    } else {
        SAME
    };
    // A father may go by the name without junior: nobody can tell from the names.
    let score = if generations.0 == generations.1 { score } else { score.min(same - 0.01) };
    let verdict = match score {
        score if score >= same => Verdict::Same,
        score if score >= UNDECIDED => Verdict::Undecided,
        _ => Verdict::Different,
    };
    let reason = reason(a, b, &pairs, lowest, turned, spelled, &texts(extras.0), verdict);
    done(score, verdict, reason, pairs)
}

/// What parts left out cost: a name in the middle little, at the ends it may be the family name; more where little else
/// agrees.
fn omitted(extras: &[(usize, String)], parts: usize, pairs: &[AlignedParts]) -> f64 {
    let at = |at: usize| if at == 0 || at + 1 == parts { 0.07 } else { 0.02 };
    let agreeing: usize =
        pairs.iter().map(|pair| pair.left.chars().count().max(pair.right.chars().count())).sum();
    extras.iter().map(|extra| at(extra.0)).sum::<f64>() * (0.5 + 3.0 / agreeing as f64)
}

#[expect(clippy::too_many_arguments, reason = "each is one clause of the sentence")]
fn reason(
    a: &Name,
    b: &Name,
    pairs: &[AlignedParts],
    lowest: f64,
    turned: bool,
    spelled: usize,
    extra: &str,
    verdict: Verdict,
) -> String {
    let mut clauses = Vec::new();
    let (first, second) = (a.script(), b.script());
    if first != second {
        let other = if first == Script::Latin { second } else { first };
        clauses.push(format!("{} spelling of the same reading", other.adjective()));
    } else if lowest >= 0.999 {
        clauses.push("the same reading".to_owned());
    } else {
        clauses.push("another transcription or spelling of a like reading".to_owned());
    }
    match verdict {
        Verdict::Same if pairs.len() > 1 => clauses.push("family and given name agree".to_owned()),
        Verdict::Same => {}
        _ => {
            let worst = pairs
                .iter()
                .reduce(|worst, pair| if pair.similarity < worst.similarity { pair } else { worst });
            clauses.extend(worst.map(|pair| format!("{} and {} are only alike", pair.left, pair.right)));
        }
    }
    if turned {
        clauses.push("family name first in one".to_owned());
    }
    if spelled > 0 {
        clauses.push("an initial stands for a name".to_owned());
    }
    if !extra.is_empty() {
        clauses.push(format!("{extra} is left out in one"));
    }
    clauses.join("; ")
}
