//! The words around a mention: roles before it, and what its place says about its case.

use super::Named;
use crate::{Label, Span, document::Bridged, names};

/// How many words before a mention are looked at.
const WORDS_BEFORE: usize = 4;
/// Bytes before and after a mention that hold those words for certain.
const REACH: usize = 160;

/// The words directly before and after a mention, inside its sentence.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// At most four words before it, nearest last, up to the last punctuation mark.
    pub before: Vec<String>,
    /// The word after it, if no punctuation comes first.
    pub after: Option<String>,
    /// Whether nothing follows it but the mark that ends its sentence.
    ends_sentence: bool,
}

impl Surroundings {
    pub(super) fn of(text: &str, mention: Span, sentence: Span) -> Self {
        let from = sentence.start().max(text.floor_char_boundary(mention.start().saturating_sub(REACH)));
        let to = sentence.end().min(text.ceil_char_boundary(mention.end() + REACH));
        let bridged = |start: usize, end: usize| {
            let span = Span::new(text, start, end).ok()?;
            Some(Bridged::new(text, span).text().to_owned())
        };
        let mut before: Vec<String> = Vec::new();
        let leading = bridged(from, mention.start()).unwrap_or_default();
        if leading.ends_with(' ') {
            for word in leading.split_whitespace().rev().take(WORDS_BEFORE) {
                let abbreviated = word.ends_with('.') && word.chars().count() <= 6;
                if !word.ends_with(char::is_alphanumeric) && !abbreviated {
                    break;
                }
                let begins = word.trim_start_matches(|c: char| !c.is_alphanumeric());
                before.push(begins.to_owned());
                if begins.len() < word.len() {
                    break;
                }
            }
        }
        before.reverse();
        let trailing = bridged(mention.end(), to).unwrap_or_default();
        let after = trailing
            .strip_prefix(' ')
            .and_then(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '-').next())
            .filter(|word| !word.is_empty())
            .map(str::to_owned);
        let ends_sentence = matches!(trailing.trim_end(), "." | "!" | "?");
        Self { before, after, ends_sentence }
    }

    /// Whether a genitive can stand here: before the noun it belongs to (*Putins Sprecher*), after an article that is
    /// one, or after a noun (*die Truppen Russlands*). A person's name after a noun is mostly an apposition
    /// (*der Architekt Pierre Peters*), unless the noun is no person (*die Rede Putins*).
    pub(super) fn suits_genitive(&self, label: Label) -> bool {
        let is_noun = |word: &str| word.starts_with(char::is_uppercase) && word.chars().count() > 2;
        let owned = match self.before.as_slice() {
            [.., article, noun] => {
                let mut fits = is_noun(noun) && !ends_sentence(article);
                fits &=
                    label == Label::Loc || THINGS.iter().any(|ending| noun.to_lowercase().ends_with(ending));
                fits
            }
            _ => false,
        };
        let owns = self.after.as_deref().is_some_and(|word| is_noun(word) && !BEGINNINGS.contains(&word));
        let article = self.before.last();
        owned || owns || article.is_some_and(|word| matches!(word.as_str(), "eines" | "dieses" | "jenes"))
    }

    /// Whether the name is no genitive: a verb or the like follows, or it ends its sentence and no noun stands before it that it
    /// could belong to (*Er hieß Martin Martens.*).
    pub(super) fn suits_nominative(&self, label: Label) -> bool {
        let is_small = |word: &str| word.starts_with(char::is_lowercase);
        let stands_last = || {
            let before = self.before.last().filter(|word| is_small(word));
            self.ends_sentence && before.is_some_and(|word| !WITH_GENITIVE.contains(&word.as_str()))
        };
        !self.suits_genitive(label) && (self.after.as_deref().is_some_and(is_small) || stands_last())
    }

    /// Takes the *D.* of *a. D.* (out of office) for what it is, if a mention begins with it: its name without.
    pub(super) fn without_retired<'n>(&mut self, name: &'n str) -> &'n str {
        let rest = name.strip_prefix("D. ").filter(|_| self.before.last().is_some_and(|word| word == "a."));
        rest.inspect(|_| self.before.push("D.".to_owned())).unwrap_or(name)
    }
}

/// How nouns end that are no persons.
const THINGS: &[&str] = &[
    "ung", "ungen", "heit", "keit", "schaft", "ion", "ionen", "tät", "nis", "rede", "reden", "besuch", "tod",
    "werk", "werke", "leben", "haus", "reise", "politik", "partei", "truppen", "armee", "zeit", "worte",
    "plan", "pläne", "macht",
];

/// Words that begin a sentence where its mark before them is missing.
const BEGINNINGS: &[&str] = &[
    "Der", "Die", "Das", "Ein", "Eine", "Ich", "Sie", "Wir", "Und", "Aber", "Doch", "Von", "Mit", "Nach",
    "Auf", "Bei",
];

/// Prepositions with a genitive behind them.
const WITH_GENITIVE: &[&str] =
    &["wegen", "statt", "anstatt", "trotz", "dank", "seitens", "namens", "anstelle", "zugunsten", "mithilfe"];

fn ends_sentence(word: &str) -> bool {
    word.ends_with(['.', '!', '?'])
}

/// The title or role of a person: what was inside the mention, with what stands directly before it.
pub(super) fn role_before(one: &Named) -> String {
    let is_role = |word: &&String| {
        names::is_title(word) && (word.starts_with(char::is_uppercase) || word.ends_with('.'))
    };
    let before = one.surroundings.before.as_slice();
    let (before, retired) = match before {
        [before @ .., a, d] if a == "a." && d == "D." => (before, &["a.", "D."][..]),
        [before @ .., ad] if ad == "a.D." => (before, &["a.D."][..]),
        _ => (before, &[][..]),
    };
    let mut words: Vec<&str> = before.iter().rev().take_while(is_role).map(String::as_str).collect();
    words.reverse();
    if !words.is_empty() {
        words.extend(retired);
    }
    if !one.title_or_role.is_empty() {
        words.push(&one.title_or_role);
    }
    words.join(" ")
}
