//! Whether two forms name one person: parts aligned, each judged, and a reason in words.

use super::{
    align::{Alignment, PART, PART_LOOSE, Similarities, cores, could_be_one, is_loose},
    feminine::are_man_and_woman,
    name::{Name, Part, Role, generation},
    scripts::Script,
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
    /// The parts laid side by side; none where too little agrees for that.
    pub aligned: Vec<AlignedParts>,
    /// Whether a given name was taken for the short form of another.
    pub by_short_form: bool,
}

/// Scores from which two names are one.
pub const SAME: f64 = 0.87;
/// Scores from which two names could be one.
pub const UNDECIDED: f64 = 0.78;
/// The same where one of two scripts does not write all sounds.
const SAME_LOOSE: f64 = 0.87;
/// What two patronymics need; their endings are alike in any case.
const SAME_PATRONYMIC: f64 = 0.80;
/// What two names in one script need: there is nothing between them but conventions.
const SAME_SCRIPT: f64 = 0.925;
/// What two single-word names need: there is no second part to confirm them.
const SAME_SINGLE: f64 = 0.90;
/// What an initial is worth beside the name it stands for.
const INITIAL: f64 = 0.92;

/// Compares two names; see [`Comparer`] for many. Titles need not be taken off, German case endings do: `Putins` is no form of
/// `Putin` to it, but [`base_forms`](super::base_forms) gives the names that it may stand for.
///
/// ```
/// use namenlese::names::{compare, Name, Verdict};
/// let verdict = |a, b| compare(&Name::new(a), &Name::new(b)).verdict;
/// assert_eq!(verdict("Michail Gorbatschow", "Mikhaïl Gorbatchev"), Verdict::Same);
/// assert_eq!(verdict("Michail Gorbatschow", "Михаил Горбачёв"), Verdict::Same);
/// assert_eq!(verdict("Michail Gorbatschow", "Raissa Gorbatschowa"), Verdict::Different);
/// ```
pub fn compare(a: &Name, b: &Name) -> Comparison {
    Comparer(Similarities::forgetful()).compare(a, b)
}

/// Compares names and remembers how alike their words are. It may be shared by threads.
///
/// ```
/// use namenlese::names::{Comparer, Lexicon, Verdict};
/// let (lexicon, comparer) = (Lexicon::default(), Comparer::default());
/// let [a, b] = ["Lew Tolstoi", "Leo Tolstoy"].map(|form| lexicon.name(form));
/// assert_eq!(comparer.compare(&a, &b), comparer.compare(&a, &b));
/// ```
#[derive(Debug)]
pub struct Comparer(Similarities);

impl Default for Comparer {
    fn default() -> Self {
        Self::for_names(0)
    }
}

impl Comparer {
    /// One with room for what comparing so many names brings; more are compared as well, but not as quickly.
    pub fn for_names(count: usize) -> Self {
        Self(Similarities::for_names(count))
    }

    /// Compares two names: the same outcome as [`compare`].
    pub fn compare(&self, a: &Name, b: &Name) -> Comparison {
        // One order for both directions, so that the outcome is symmetric.
        if (a.parts.len(), a.form()) > (b.parts.len(), b.form()) {
            let mut comparison = self.compare_ordered(b, a);
            for pair in &mut comparison.aligned {
                std::mem::swap(&mut pair.left, &mut pair.right);
            }
            return comparison;
        }
        self.compare_ordered(a, b)
    }

    /// Whether two different forms have enough in common to be worth a comparison; if not, they are two names.
    pub(crate) fn is_worth_it(&self, a: &Name, b: &Name) -> bool {
        could_be_one(a, b, &self.0)
    }

    fn compare_ordered(&self, a: &Name, b: &Name) -> Comparison {
        if a.form() == b.form() && !a.parts.is_empty() {
            let aligned =
                a.parts().map(|part| AlignedParts { left: part.into(), right: part.into(), similarity: 1.0 });
            return Comparison {
                score: 1.0,
                verdict: Verdict::Same,
                reason: "the same spelling".into(),
                aligned: aligned.collect(),
                by_short_form: false,
            };
        }
        let (left, right) = (cores(a).count(), cores(b).count());
        if left == 0 || right == 0 {
            return different("nothing to compare");
        }
        match Alignment::best(a, b, &self.0) {
            Some(mut alignment) => {
                alignment.pair_displaced(a, b);
                match contradicting_patronymics(a, b, &self.0) {
                    Some((one, other)) => Comparison {
                        score: 0.3,
                        aligned: alignment.pairs,
                        ..different(format!("{one} and {other} contradict each other"))
                    },
                    None => {
                        let judged = judge(a, b, alignment, left, right);
                        Comparison {
                            by_short_form: is_by_short_form(a, b, &judged.aligned, &self.0),
                            ..judged
                        }
                    }
                }
            }
            None => different("family and given name do not both agree"),
        }
    }
}

fn different(reason: impl Into<String>) -> Comparison {
    Comparison {
        score: 0.0,
        verdict: Verdict::Different,
        reason: reason.into(),
        aligned: Vec::new(),
        by_short_form: false,
    }
}

/// Whether two parts were paired that do not sound alike: one is short for the other.
fn is_by_short_form(a: &Name, b: &Name, pairs: &[AlignedParts], known: &Similarities) -> bool {
    if a.parts.iter().chain(&b.parts).all(|part| part.also.is_empty()) {
        return false;
    }
    let least = if is_loose(a, b) { PART_LOOSE } else { PART };
    let part = |name: &Name, text: &str| name.parts.iter().position(|part| *part.text == *text);
    pairs.iter().any(|pair| match (part(a, &pair.left), part(b, &pair.right)) {
        (Some(one), Some(other)) => {
            let (one, other) = (&a.parts[one], &b.parts[other]);
            one.role == Role::Core
                && other.role == Role::Core
                && known.of_tokens(&one.token, &other.token, least) < least
        }
        _ => false,
    })
}

/// Two patronymics that are not one: two fathers.
fn contradicting_patronymics(a: &Name, b: &Name, known: &Similarities) -> Option<(String, String)> {
    let patronymic = |name: &'_ Name| name.parts.iter().position(|part| part.role == Role::Patronymic);
    let (one, other) = (&a.parts[patronymic(a)?], &b.parts[patronymic(b)?]);
    let apart = known.of_parts(one, other, SAME_PATRONYMIC) < SAME_PATRONYMIC;
    apart.then(|| (one.text.to_string(), other.text.to_string()))
}

fn judge(a: &Name, b: &Name, alignment: Alignment, left: usize, right: usize) -> Comparison {
    let done = |score: f64, verdict, reason: String, aligned| Comparison {
        score,
        verdict,
        reason,
        aligned,
        by_short_form: false,
    };
    let Alignment { mut pairs, covered, extra_left, extra_right, turned, .. } = alignment;
    let (mut extra_left, mut extra_right) = (extra_left, extra_right);
    let initials = |name: &Name| -> Vec<Part> {
        name.parts.iter().filter(|part| part.role == Role::Initial).cloned().collect()
    };
    let (left_initials, right_initials) = (initials(a), initials(b));
    // An initial stands for a part that the other name writes out.
    let mut spelled = 0;
    let mut spelled_by = [false; 2];
    for (ours, theirs, other, swap) in
        [(&left_initials, &mut extra_right, b, false), (&right_initials, &mut extra_left, a, true)]
    {
        for initial in ours {
            let fits = |at: usize| {
                let part = cores(other).nth(at).and_then(|part| part.token.initial());
                part.zip(initial.token.initial()).is_some_and(|(x, y)| x.intersects(y))
            };
            if let Some(at) = theirs.iter().position(|(at, _)| fits(*at)) {
                let (_, text) = theirs.remove(at);
                let (left, right) =
                    if swap { (text, initial.text.to_string()) } else { (initial.text.to_string(), text) };
                pairs.push(AlignedParts { left, right, similarity: INITIAL });
                spelled += 1;
                spelled_by[usize::from(swap)] = true;
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
    // William D. is no David: an initial stands for a name only if the whole names beside it are there, too.
    let unmet = spelled_by[0] && !extra_left.is_empty()
        || spelled_by[1] && !extra_right.is_empty()
        // Hans O. Muster is not Hans Joachim Muster.
        || !left_initials.is_empty() && !spelled_by[0] && !extra_right.is_empty()
        || !right_initials.is_empty() && !spelled_by[1] && !extra_left.is_empty();
    if unmet || !extra_left.is_empty() && !extra_right.is_empty() {
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
    let loose = is_loose(a, b);
    let same = if single {
        SAME_SINGLE
    } else if loose {
        SAME_LOOSE
    } else if a.script() == b.script() {
        SAME_SCRIPT
    } else {
        SAME
    };
    // A father may go by the name without junior: nobody can tell from the names. And a name of syllables has no middle
    // name: Kim Un is not Kim Yong-un.
    let is_cut = !extras.0.is_empty() && cores(a).chain(cores(b)).all(|part| part.token.is_syllable());
    let score = if generations.0 == generations.1 && !is_cut { score } else { score.min(same - 0.01) };
    let verdict = match score {
        score if score >= same => Verdict::Same,
        score if score >= UNDECIDED => Verdict::Undecided,
        _ => Verdict::Different,
    };
    if let Some(pair) = couple(a, b, &pairs).filter(|_| verdict != Verdict::Different) {
        let reason = format!("{} and {} may be names of a man and a woman", pair.left, pair.right);
        // No more than it takes to be asked about: what is sure of neither must not bring others together.
        return done(UNDECIDED, Verdict::Undecided, reason, pairs);
    }
    let reason = reason(a, b, &pairs, lowest, turned, spelled, &texts(extras.0), verdict);
    done(score, verdict, reason, pairs)
}

/// Given names laid side by side that are a man's and a woman's. Family names end as they like: *Putin, Poutine*.
fn couple<'p>(a: &Name, b: &Name, pairs: &'p [AlignedParts]) -> Option<&'p AlignedParts> {
    let families = (a.last_core_part(), b.last_core_part());
    let is_family = |pair: &AlignedParts| families == (Some(pair.left.as_str()), Some(pair.right.as_str()));
    pairs.iter().find(|pair| !is_family(pair) && are_man_and_woman(&pair.left, &pair.right))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(a: &str, b: &str) -> Verdict {
        compare(&Name::new(a), &Name::new(b)).verdict
    }

    #[test]
    fn one_person() {
        for (a, b) in [
            ("W. Muster", "Wilhelm Muster"),
            ("Wilhelm Muster", "Willi Muster"),
            ("Muster, Eva", "Eva Muster"),
            ("Eva Anna Muster", "Eva Muster"),
            ("Eva Muster, 3rd Baroness Muster of Essex", "Eva Muster"),
            ("Abdel Fattah Muster", "Abd al-Fattah Muster"),
            ("Boris Iwanowitsch Muster", "Boris Muster"),
            ("Wilhlem Muster", "Wilhelm Muster"),
            ("EvaMuster", "Eva Muster"),
            ("Mike Wood", "Майк Вуд"),
            ("Philipp Martin", "Philippe Martine"),
        ] {
            assert_eq!(verdict(a, b), Verdict::Same, "{a} / {b}");
        }
    }

    #[test]
    fn two_people() {
        for (a, b) in [
            ("Boris Iwanowitsch Muster", "Boris Petrowitsch Muster"),
            ("Hans O. Muster", "Hans Joachim Muster"),
            ("David Muster", "William D. Muster"),
            ("Pak Yong-su", "Pak Yong-il"),
            ("Martin Muster Jr.", "Martin Muster Sr."),
            ("Martin Muster Jr.", "Martin Muster"),
            ("Pak Hyun-jong", "Pak Jun-yong"),
            ("Pak Eon", "Pak Jong-eon"),
            ("Pak Jin-ho", "Pak Chang-ho"),
            ("Wolodymyr Selenskyj", "Olena Selenska"),
            ("Simon Muster", "Simone Muster"),
            ("Stefan Karl Muster", "Stefanie Muster"),
            ("Muster, Mario", "Maria Muster"),
        ] {
            assert_ne!(verdict(a, b), Verdict::Same, "{a} / {b}");
        }
    }
}
