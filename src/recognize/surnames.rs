//! After the model: a person named in full somewhere in a document helps where the lone surname was missed.

use super::{decode::Found, seen::Seen};
use crate::{Form, Label};
use std::collections::HashMap;

/// The score of a lone surname that the model had missed.
const SCORE: f64 = 0.6;
/// How sure the model must be of the full name.
const LEAST_SURE: f64 = 0.7;
/// The fewest letters of a surname that is looked for: shorter ones are too many other things.
const LEAST_LETTERS: usize = 3;

/// Words after which a capitalised word is a noun rather than a surname: *der Koch, ein Schneider*.
const BEFORE_NOUNS: &[&str] = &[
    "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines", "kein",
    "keine", "keinen", "keinem", "keiner", "im", "am", "vom", "zum", "zur", "beim", "ins", "jeder", "jede",
    "jedes", "jeden", "jedem", "dieser", "diese", "dieses", "diesen", "diesem", "mein", "meine", "sein",
    "seine", "ihr", "ihre", "unser", "unsere",
];

/// The surnames that stand alone where nothing was found, sentence by sentence.
///
/// A surname is the last word of a person's name of several words that the model was sure of. It is added where the
/// same word, or its genitive, stands outside every name and not after an article, provided that the model nowhere in
/// the document took the lone word for something other than a person.
pub(super) fn lone(seen: &[Seen], found: &[Vec<Found>]) -> Vec<Vec<Found>> {
    let word = |sentence: usize, word: usize| seen[sentence].word(word);
    let mut surnames: HashMap<String, bool> = HashMap::new();
    for (sentence, found) in found.iter().enumerate() {
        for one in found {
            let last = word(sentence, one.words.end - 1);
            let person = one.label == Label::Per && one.form == Form::Name;
            if person && one.words.len() > 1 && one.score >= LEAST_SURE && is_surname(last) {
                surnames.entry(last.to_owned()).or_insert(true);
            } else if !person && one.words.len() == 1 {
                surnames.insert(last.to_owned(), false);
            }
        }
    }
    surnames.retain(|_, named| *named);
    if surnames.is_empty() {
        return vec![Vec::new(); seen.len()];
    }
    let of_sentence = |(sentence, found): (usize, &Vec<Found>)| {
        let count = seen[sentence].words.len();
        let free = |at: &usize| !found.iter().any(|one| one.words.contains(at));
        let named = |&at: &usize| {
            let surface = word(sentence, at);
            let base = surface.strip_suffix(['s', '\'', '’']).unwrap_or(surface);
            let after_article =
                at > 0 && BEFORE_NOUNS.contains(&word(sentence, at - 1).to_lowercase().as_str());
            !after_article && (surnames.contains_key(surface) || surnames.contains_key(base))
        };
        (0..count)
            .filter(free)
            .filter(named)
            .map(|at| Found { words: at..at + 1, label: Label::Per, form: Form::Name, score: SCORE })
            .collect()
    };
    found.iter().enumerate().map(of_sentence).collect()
}

/// Whether a word can be a surname: a capital and then letters, with hyphens and apostrophes inside.
fn is_surname(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
        && word.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_LETTERS
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
}
