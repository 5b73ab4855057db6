//! Short forms join the full name that the document uses.

use super::Named;
use crate::{Form, Label, document::NormalForm, names};
use std::collections::{BTreeMap, HashMap, HashSet};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Bytes after a name in which a bracket with its abbreviation or expansion closes.
const LONGEST_BRACKET: usize = 160;

/// A full name of the document.
struct Full {
    name: String,
    /// Its words as [`key`]s.
    words: Vec<String>,
    count: usize,
}

/// For every mention the full name it stands for, if exactly one fits.
pub(super) fn of(text: &str, named: &[Named], normals: &[NormalForm]) -> Vec<Option<String>> {
    let persons = full_persons(named, normals);
    let abbreviations = abbreviations(text, named, normals);
    let plain: HashSet<(&str, Label)> =
        named.iter().filter(|one| one.form == Form::Name).map(|one| (one.name.as_str(), one.label)).collect();
    let mut fits: HashMap<&str, Fit<'_>> = HashMap::new();
    let mut chains = Vec::with_capacity(named.len());
    for (one, normal) in named.iter().zip(normals) {
        let Some(best) = normal.candidates.first().filter(|_| one.form == Form::Name && !one.role_only)
        else {
            chains.push(None);
            continue;
        };
        let joined = match one.label {
            Label::Per => normal.candidates.iter().find_map(|reading| {
                match *fits.entry(reading).or_insert_with(|| fitting(&persons, reading)) {
                    Fit::None => None,
                    Fit::One(full) => Some(Some(full.to_owned())),
                    Fit::Several => Some(None),
                }
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

/// The full names of persons, each once, in the order of their keys.
fn full_persons(named: &[Named], normals: &[NormalForm]) -> Vec<Full> {
    let mut spellings: BTreeMap<Vec<String>, BTreeMap<&str, usize>> = BTreeMap::new();
    for (one, normal) in named.iter().zip(normals) {
        let Some(best) = normal.candidates.first() else { continue };
        let words = words(best);
        let is_full = best.contains(' ') && words.iter().filter(|word| !is_initial(word)).count() > 1;
        if one.label == Label::Per && one.form == Form::Name && is_full {
            *spellings.entry(words).or_default().entry(best).or_default() += 1;
        }
    }
    let full = |(words, spellings): (Vec<String>, BTreeMap<&str, usize>)| {
        let count = spellings.values().sum();
        // The most frequent spelling; of several, the first in the alphabet.
        let (name, _) = spellings.iter().max_by_key(|&(name, count)| (*count, std::cmp::Reverse(*name)))?;
        Some(Full { name: (*name).to_owned(), words, count })
    };
    spellings.into_iter().filter_map(full).collect()
}

#[derive(Clone, Copy)]
enum Fit<'f> {
    None,
    One(&'f str),
    Several,
}

/// The full names that a short form can stand for, as far as they are different people.
fn fitting<'f>(persons: &'f [Full], reading: &str) -> Fit<'f> {
    let short = words(reading);
    let is_short = !reading.contains(' ') || short.iter().any(|word| is_initial(word));
    if !is_short || short.iter().all(|word| is_initial(word)) {
        return Fit::None;
    }
    let mut fits: Vec<&Full> = persons.iter().filter(|full| abbreviates(&short, &full.words)).collect();
    // The most frequent first, then the longest; the order of keys decides the rest.
    fits.sort_by_key(|full| std::cmp::Reverse((full.count, full.words.len())));
    match fits.as_slice() {
        [] => Fit::None,
        [first, rest @ ..] if rest.iter().all(|other| is_same(first, other)) => Fit::One(&first.name),
        _ => Fit::Several,
    }
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
