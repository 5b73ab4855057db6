//! Short forms join the full name that the document uses.

use super::Named;
use crate::{
    Form, Label,
    document::NormalForm,
    names::{self, Sex},
};
use std::collections::{BTreeMap, HashMap, HashSet};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Bytes after a name in which a bracket with its abbreviation or expansion closes.
const LONGEST_BRACKET: usize = 160;
/// The most given names that a family name is looked for behind.
const GIVEN_NAMES: usize = 5;

/// A full name of the document.
struct Full {
    name: String,
    /// Its words as [`key`]s.
    words: Vec<String>,
    count: usize,
    /// Which mention is the first of it.
    first: usize,
    /// What its titles say of it, or else its given name.
    sex: Option<Sex>,
}

/// The full names of a document's people.
struct Persons {
    fulls: Vec<Full>,
    /// By the words that a full name ends with, its number.
    by_tail: HashMap<Vec<String>, Vec<usize>>,
}

/// For every mention the full name it stands for, if exactly one fits.
pub(super) fn of(text: &str, named: &[Named], normals: &[NormalForm]) -> Vec<Option<String>> {
    let persons = Persons::of(named, normals);
    let abbreviations = abbreviations(text, named, normals);
    let plain: HashSet<(&str, Label)> =
        named.iter().filter(|one| one.form == Form::Name).map(|one| (one.name.as_str(), one.label)).collect();
    let mut fits: HashMap<&str, Vec<&Full>> = HashMap::new();
    // How many of those were named before says which: they only grow more.
    let mut known = HashMap::new();
    let mut chains = Vec::with_capacity(named.len());
    for (at, (one, normal)) in named.iter().zip(normals).enumerate() {
        let Some(best) = normal.candidates.first().filter(|_| one.form == Form::Name && !one.role_only)
        else {
            chains.push(None);
            continue;
        };
        let joined = match one.label {
            Label::Per => normal.candidates.iter().find_map(|reading| {
                let fits = fits.entry(reading).or_insert_with(|| persons.fitting(reading));
                if fits.is_empty() {
                    return None;
                }
                let before = fits.iter().filter(|full| full.first < at).count();
                let title = title_that_tells(one, normal);
                let meant = known.entry((reading, before, title));
                Some(meant.or_insert_with(|| self::meant(fits, at, reading, title)).clone())
            }),
            _ => abbreviations.get(best).or_else(|| abbreviations.get(&one.name)).cloned(),
        };
        chains.push(match joined {
            Some(chain) => chain.filter(|full| *full != one.name),
            // An inflected form joins the name that is also written without its ending.
            None => (*best != one.name && plain.contains(&(best.as_str(), one.label))).then(|| best.clone()),
        });
    }
    chains
}

/// The title of a mention that says whether it is a man or a woman. Before a genitive it is somebody else's: *die Sprecherin
/// Putins*.
fn title_that_tells<'n>(one: &'n Named, normal: &NormalForm) -> Option<(&'n str, Sex)> {
    let mut titles = one.title_or_role.split(' ').filter(|_| normal.candidates.first() == Some(&one.name));
    titles.find_map(|title| Some((title, Sex::of_title(title)?)))
}

impl Persons {
    /// The full names, each once, in the order of their keys. The end of one (*von der Leyen*) is none.
    fn of(named: &[Named], normals: &[NormalForm]) -> Self {
        let mut mentions: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for (at, (one, normal)) in named.iter().zip(normals).enumerate() {
            let Some(best) = normal.candidates.first() else { continue };
            let words = words(best);
            let is_full = best.contains(' ') && words.iter().filter(|word| !is_initial(word)).count() > 1;
            if one.label == Label::Per && one.form == Form::Name && is_full {
                mentions.entry(words).or_default().push(at);
            }
        }
        let full = |(words, mentions)| Full::of(words, mentions, named, normals);
        let mut fulls: Vec<Full> = mentions.into_iter().filter_map(full).collect();
        let ends: HashSet<Vec<String>> = fulls.iter().flat_map(|full| tails(&full.name)).collect();
        fulls.retain(|full| !ends.contains(&full.words));
        let mut by_tail: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
        for (number, full) in fulls.iter().enumerate() {
            tails(&full.name).for_each(|tail| by_tail.entry(tail).or_default().push(number));
        }
        Self { fulls, by_tail }
    }

    /// The full names that a short form can stand for, the most frequent first.
    fn fitting(&self, reading: &str) -> Vec<&Full> {
        let short = words(reading);
        if short.iter().all(|word| is_initial(word)) {
            return Vec::new();
        }
        let is_short = !reading.contains(' ') || short.iter().any(|word| is_initial(word));
        let mut fits: Vec<&Full> = match is_short {
            true => self.fulls.iter().filter(|full| abbreviates(&short, &full.words)).collect(),
            false => self.by_tail.get(&short).into_iter().flatten().map(|&full| &self.fulls[full]).collect(),
        };
        // Then the longest; the order of keys decides the rest.
        fits.sort_by_key(|full| std::cmp::Reverse((full.count, full.words.len())));
        fits
    }
}

impl Full {
    /// The full name of these words, from where it is mentioned.
    fn of(words: Vec<String>, mentions: Vec<usize>, named: &[Named], normals: &[NormalForm]) -> Option<Self> {
        let mut spellings: BTreeMap<&str, usize> = BTreeMap::new();
        for spelling in mentions.iter().filter_map(|&at| normals[at].candidates.first()) {
            *spellings.entry(spelling).or_default() += 1;
        }
        // The most frequent spelling; of several, the first in the alphabet.
        let (name, _) = spellings.iter().max_by_key(|&(name, count)| (*count, std::cmp::Reverse(*name)))?;
        let mut told = mentions.iter().filter_map(|&at| title_that_tells(&named[at], &normals[at]));
        let sex = match told.next() {
            Some((_, sex)) => told.all(|(_, other)| other == sex).then_some(sex),
            None => name.split(' ').next().and_then(Sex::of_given),
        };
        let (name, first) = ((*name).to_owned(), *mentions.first()?);
        Some(Self { name, words, count: mentions.len(), first, sex })
    }
}

/// What follows the first, the second … of a name's words, in words.
fn tails(name: &str) -> impl Iterator<Item = Vec<String>> {
    name.match_indices(' ').take(GIVEN_NAMES).map(|(at, _)| words(&name[at..]))
}

/// Whom of those that a short form fits it means where it stands: of those whose name it ends, the one who was named before, if
/// nobody is named more often, and else the only one. If its title contradicts them all, it means somebody who is known by that.
fn meant(fits: &[&Full], at: usize, reading: &str, title: Option<(&str, Sex)>) -> Option<String> {
    let contradicts = |full: &Full| full.sex.zip(title).is_some_and(|(sex, (_, told))| sex != told);
    let fits: Vec<&Full> = fits.iter().copied().filter(|full| !contradicts(full)).collect();
    if fits.is_empty() {
        return title.map(|(title, _)| format!("{title} {reading}"));
    }
    let short = words(reading);
    // A full name may mean itself: *Max M. Muster* is not yet *Max M. Muster Jr.* who was named before.
    let is_full = fits.iter().any(|full| full.words == short);
    // A family name that stands first is shared by too many: *Kim*.
    let is_before = |full: &&Full| !is_full && full.first < at && full.words.last() == short.last();
    let before: Vec<&Full> = fits.iter().copied().filter(is_before).collect();
    // Whom the document is about comes later now and then: a headline may cut a name short.
    let meant = if before.first().is_some_and(|full| full.count == fits[0].count) { before } else { fits };
    meant[1..].iter().all(|other| is_same(meant[0], other)).then(|| meant[0].name.clone())
}

/// Whether all words of a short form occur in a full name in order; an initial stands for a word it begins.
fn abbreviates(short: &[String], full: &[String]) -> bool {
    let mut words = full.iter();
    short.len() <= full.len()
        && short.iter().all(|part| match part.strip_suffix('.') {
            Some(initial) => words.any(|word| word.starts_with(initial)),
            None => words.any(|word| word == part),
        })
}

/// Whether two full names of one document are one person: one has all words of the other (a middle name), or they
/// are spellings of one name.
fn is_same(one: &Full, other: &Full) -> bool {
    let (short, long) = if one.words.len() <= other.words.len() { (one, other) } else { (other, one) };
    let ends_agree = short.words.first() == long.words.first() && short.words.last() == long.words.last();
    if ends_agree && abbreviates(&short.words, &long.words) {
        return true;
    }
    let verdict = names::compare(&names::Name::new(&one.name), &names::Name::new(&other.name)).verdict;
    verdict == names::Verdict::Same
}

/// The words of a name as keys: hyphens part them (*Jong-un* is *Jong Un*), case and marks do not count. An initial
/// keeps its full stop.
fn words(name: &str) -> Vec<String> {
    let split = |c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–');
    let parts = name.split(split).flat_map(|part| part.split_inclusive('.'));
    parts.map(key).filter(|word| word.chars().any(char::is_alphanumeric)).collect()
}

fn key(word: &str) -> String {
    word.nfd()
        .filter(|&c| !is_combining_mark(c) && (c.is_alphanumeric() || c == '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a word's key is an initial: *w.*, *ch.*, or a single letter of a script that has capitals.
fn is_initial(word: &str) -> bool {
    let letters = word.trim_end_matches('.');
    word.ends_with('.') && letters.chars().count() <= 2
        || letters.chars().count() == 1 && letters.chars().all(|c| c.to_uppercase().ne([c]))
}

/// Abbreviations of organisations and works with the full name each stands for; `None` where two fit.
///
/// An abbreviation is learnt where it stands beside its expansion, in brackets either way round, and otherwise from a
/// full name whose initials it is.
fn abbreviations(text: &str, named: &[Named], normals: &[NormalForm]) -> HashMap<String, Option<String>> {
    let mut known: HashMap<String, Option<String>> = HashMap::new();
    let mut learn = |short: &str, full: &str| {
        let entry = known.entry(short.to_owned()).or_insert_with(|| Some(full.to_owned()));
        if entry.as_deref() != Some(full) {
            *entry = None;
        }
    };
    let organisations = || {
        let all = named.iter().zip(normals).filter(|(one, _)| matches!(one.label, Label::Org | Label::Oth));
        all.filter_map(|(one, normal)| Some((one, normal.candidates.first()?.as_str())))
    };
    let bracketed = |at: usize| {
        let rest = text.get(at..text.floor_char_boundary(at + LONGEST_BRACKET))?;
        let rest = rest.trim_start().strip_prefix('(')?;
        let inside = &rest[..rest.find([')', ';', ',', '(', '\n'])?];
        Some(inside.trim().trim_matches(['„', '“', '"', '»', '«']))
    };
    for (one, name) in organisations() {
        let Some(inside) = bracketed(one.span.end()) else { continue };
        if is_abbreviation(inside) && name.contains(' ') && has_initials(name, inside) {
            learn(inside, name);
        } else if is_abbreviation(name) && inside.contains(' ') && has_initials(inside, name) {
            let full = super::heads::citation_form(inside).unwrap_or_else(|| inside.to_owned());
            learn(name, &full);
        }
    }
    let learnt: HashSet<String> = known.keys().cloned().collect();
    let mut by_initials: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (_, name) in organisations().filter(|(_, name)| name.contains(' ')) {
        let same = by_initials.entry(initials(name)).or_default();
        if !same.contains(&name) {
            same.push(name);
        }
    }
    for (_, short) in organisations().filter(|(_, name)| is_abbreviation(name) && name.chars().count() > 2) {
        if !learnt.contains(short)
            && let Some(fulls) = by_initials.get(short)
        {
            let full = (fulls.len() == 1).then(|| fulls[0].to_owned());
            known.insert(short.to_owned(), full);
        }
    }
    known
}

/// Two to eight letters, most of them capitals: *IISS, EuGH*.
fn is_abbreviation(word: &str) -> bool {
    let letters = word.chars().count();
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    (2..=8).contains(&letters)
        && capitals * 2 > letters
        && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '/'))
}

/// The first letters of a name's capitalised words.
fn initials(name: &str) -> String {
    let words = name.split([' ', '-']).filter_map(|word| word.chars().next());
    words.filter(|c| c.is_uppercase()).collect()
}

/// Whether the capitals of an abbreviation begin words of its expansion, in order; parts of compounds count too
/// (*Bundesverfassungsgericht* has *BVerfG*), so any letter may follow the first.
fn has_initials(expansion: &str, abbreviation: &str) -> bool {
    let lower = expansion.to_lowercase();
    let mut letters = lower.chars();
    let mut capitals = abbreviation.chars().filter(|c| c.is_uppercase()).flat_map(char::to_lowercase);
    let first = capitals.next();
    first.is_some_and(|first| lower.split([' ', '-']).any(|word| word.starts_with(first)))
        && first.is_some_and(|first| letters.any(|c| c == first))
        && capitals.all(|capital| letters.any(|c| c == capital))
}
