//! Finds names that are known beforehand: the user's lists, states, capitals, the largest cities, organisations.

use super::Recognizer;
use crate::{
    Error, Label, Mention, Span,
    document::Bridged,
    gazetteer::{Gazetteer, Kind, NOT_ALONE, Place, PlaceName, Relation, UserList},
};
use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
};
use unicode_script::{Script, UnicodeScript};
use unicode_segmentation::UnicodeSegmentation;

/// How often a packaged name was rightly found; `docs/gazetteer.md` has the measurement.
const PACKAGED: f64 = 0.85;
/// The user knows better than we do, but a name may mean something else.
const USER: f64 = 0.95;

/// Inhabitants that a capital, and any other city, must have to be looked for in running text.
const LEAST_CAPITAL: u64 = 50_000;
const LEAST_CITY: u64 = 500_000;
/// Languages in Latin script whose names of states and capitals are looked for.
const LATIN: &[&str] = &["de", "en", "fr", "es", "it", "pt", "nl", "pl", "cs", "sv", "da", "tr"];

/// Names by their first word, longest first.
///
/// ```
/// use namenlese::{Label, Span, recognize::{Lists, Recognizer}};
/// let text = "Der Minister reiste nach Ägypten und in die Vereinigten Staaten.";
/// let found = Lists::packaged().recognize(text, &[Span::whole(text)])?;
/// assert_eq!(found[0].span.of(text), "Ägypten");
/// assert_eq!(found[0].label, Label::Loc);
/// # Ok::<(), namenlese::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Lists {
    names: BTreeMap<String, (Label, f64)>,
    by_first_word: HashMap<String, Vec<String>>,
}

impl Lists {
    /// Looks for states and regions of the world, capitals, the largest cities and international organisations.
    pub fn packaged() -> Self {
        let mut names = BTreeMap::new();
        for place in Gazetteer::packaged().places() {
            for name in place.names.iter().filter(|name| is_looked_for(place, name)) {
                let german =
                    name.languages.is_empty() || name.languages.split(',').any(|language| language == "de");
                let label = if place.kind == Kind::Organisation { Label::Org } else { Label::Loc };
                for form in forms(name.text, german) {
                    names.insert(form, (label, PACKAGED));
                }
            }
        }
        Self::of(names)
    }

    /// Looks for the packaged names and for those in files of the user's.
    ///
    /// # Errors
    /// As [`UserList::read`].
    pub fn with_files(paths: &[PathBuf]) -> Result<Self, Error> {
        paths.iter().try_fold(Self::packaged(), |lists, path| Ok(lists.with(&UserList::read(path)?)))
    }

    /// Looks for the names of a list too; they outrank the packaged ones.
    #[must_use]
    pub fn with(mut self, list: &UserList) -> Self {
        for name in &list.names {
            // As the text is seen: composed, one blank between words.
            let plain = Bridged::new(&name.name, Span::whole(&name.name)).text().to_owned();
            for form in forms(&plain, true) {
                self.names.insert(form, (name.label, USER));
            }
        }
        Self::of(self.names)
    }

    fn of(names: BTreeMap<String, (Label, f64)>) -> Self {
        let mut by_first_word: HashMap<String, Vec<String>> = HashMap::new();
        for name in names.keys() {
            if let Some(first) = name.unicode_words().next() {
                by_first_word.entry(first.to_owned()).or_default().push(name.clone());
            }
        }
        for names in by_first_word.values_mut() {
            names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        }
        Self { names, by_first_word }
    }

    /// The longest name that stands at byte `at` of a text, as a whole word.
    fn name_at(&self, text: &str, at: usize, first_word: &str) -> Option<&str> {
        let rest = text.get(at..)?;
        let before = text.get(..at)?.chars();
        let candidates = self.by_first_word.get(first_word)?;
        let name = candidates
            .iter()
            .find(|name| rest.starts_with(name.as_str()) && ends_word(name, &rest[name.len()..]))?;
        let mut back = before.rev();
        let joined = match back.next() {
            Some('-' | '–') => back.next().is_some_and(char::is_alphanumeric),
            // Part of a web address or of a compound with a full stop.
            Some('.' | '@' | '_' | '/') => {
                back.next().is_some_and(|letter| letter.is_alphanumeric() && letter.is_ascii())
            }
            _ => false,
        };
        (!joined).then_some(name)
    }
}

impl Recognizer for Lists {
    fn id(&self) -> String {
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        for (name, (label, score)) in &self.names {
            for byte in name.bytes().chain(label.as_str().bytes()).chain(score.to_le_bytes()) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3);
            }
        }
        format!("lists-{hash:016x}")
    }

    fn is_list(&self) -> bool {
        true
    }

    fn reads(&self, _language: &str) -> bool {
        true
    }

    fn recognize(&self, text: &str, sentences: &[Span]) -> Result<Vec<Mention>, Error> {
        let mut mentions = Vec::new();
        for &sentence in sentences {
            let bridged = Bridged::new(text, sentence);
            let mut free_from = 0;
            for (at, word) in bridged.text().unicode_word_indices() {
                if at < free_from {
                    continue;
                }
                let Some(name) = self.name_at(bridged.text(), at, word) else { continue };
                free_from = at + name.len();
                if let Some(&(label, score)) = self.names.get(name) {
                    mentions.push(Mention::new(bridged.span(at..free_from), label, score));
                }
            }
        }
        Ok(mentions)
    }
}

/// Whether a name is plain enough to be looked for in running text.
fn is_looked_for(place: &Place, name: &PlaceName) -> bool {
    let wanted = match place.kind {
        // The world is a word rather than a name.
        Kind::Region => place.id != "region:001",
        Kind::Country | Kind::FormerCountry => true,
        Kind::Capital => place.population >= LEAST_CAPITAL,
        Kind::City => place.population >= LEAST_CITY && name.is_said_in(&["de"]),
        Kind::Organisation => true,
    };
    let latin = name
        .text
        .chars()
        .all(|letter| matches!(letter.script(), Script::Latin | Script::Common | Script::Inherited));
    let letters = name.text.chars().filter(|letter| letter.is_alphabetic()).count();
    let capital = name.text.chars().next().is_some_and(|first| !first.is_lowercase());
    let enough = match (latin, name.relation) {
        // Abbreviations of two letters are too many things, but for those that everyone writes.
        (true, Relation::Abbreviation) => {
            letters >= 3 && (name.languages.is_empty() || name.is_said_in(&["de", "en"]))
                || ["EU", "G7", "UK", "UN", "US"].contains(&name.text)
        }
        (true, _) => letters >= if place.kind == Kind::Capital { 3 } else { 4 },
        (false, _) => letters >= if is_spaceless(name.text) { 2 } else { 3 },
    };
    let spoken = match name.relation {
        Relation::Variant if matches!(place.kind, Kind::Capital | Kind::City) => false,
        _ => {
            !latin
                || name.languages.is_empty() && !matches!(place.kind, Kind::Capital | Kind::City)
                || name.is_said_in(LATIN)
        }
    };
    wanted
        && capital
        && enough
        && spoken
        && !name.text.contains(['(', '[', '/'])
        && !NOT_ALONE.contains(&name.text)
}

/// Whether a name ends in a script that is written without blanks, or with particles joined on.
fn is_spaceless(name: &str) -> bool {
    let script = name.chars().next_back().map(|letter| letter.script());
    matches!(script, Some(Script::Han | Script::Hiragana | Script::Katakana | Script::Hangul))
}

/// Whether a name is a whole word before `rest`; the first part of a compound with a hyphen is not.
fn ends_word(name: &str, rest: &str) -> bool {
    let mut next = rest.chars();
    match next.next() {
        Some('-' | '‑') => !next.next().is_some_and(char::is_alphanumeric),
        Some(letter) => !letter.is_alphanumeric() || is_spaceless(name),
        None => true,
    }
}

/// Endings of an adjective before a noun in the nominative.
const ADJECTIVE: &[&str] = &["es", "er", "e"];

/// The name, and if it is German its case forms.
fn forms(name: &str, german: bool) -> Vec<String> {
    let mut forms = vec![name.to_owned()];
    if german {
        let words: Vec<&str> = name.split(' ').collect();
        // Weak and strong endings of the adjectives before the noun: Vereinigte Staaten, Vereinigtes Königreich.
        let adjectives = words
            .iter()
            .take(words.len() - 1)
            .take_while(|word| ADJECTIVE.iter().any(|ending| word.ends_with(ending)))
            .count();
        if adjectives > 0 {
            for ending in ["en", "er", "em", "e"] {
                let stem = |word: &str| {
                    ADJECTIVE.iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word).to_owned()
                        + ending
                };
                let changed: Vec<String> = words
                    .iter()
                    .enumerate()
                    .map(|(at, word)| if at < adjectives { stem(word) } else { (*word).to_owned() })
                    .collect();
                forms.push(changed.join(" "));
                if let Some(noun) = changed.get(adjectives).filter(|_| ending == "en") {
                    for genitive in ["s", "es"] {
                        let mut inflected = changed.clone();
                        inflected[adjectives] = format!("{noun}{genitive}");
                        forms.push(inflected.join(" "));
                    }
                }
            }
        } else if let Some(first) = words.first().filter(|_| words.len() > 1) {
            // Des Königreichs Spanien, des Staates Katar.
            if first.ends_with("reich") || first.ends_with("Staat") || first.ends_with("tum") {
                forms.push(format!("{first}s {}", words[1..].join(" ")));
                forms.push(format!("{first}es {}", words[1..].join(" ")));
            }
        }
        if name.ends_with(['s', 'x', 'z', 'ß']) {
            forms.extend(["'", "’"].map(|mark| format!("{name}{mark}")));
        } else if name.chars().next_back().is_some_and(char::is_alphabetic) {
            forms.push(format!("{name}s"));
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lists: &Lists, text: &str) -> Vec<String> {
        let mentions = lists.recognize(text, &[Span::whole(text)]).unwrap();
        mentions.iter().map(|mention| mention.span.of(text).to_owned()).collect()
    }

    #[test]
    fn states_capitals_and_organisations_in_their_case_forms() {
        let lists = Lists::packaged();
        for (text, names) in [
            ("Die Regierung Nordkoreas traf sich in Pjöngjang.", vec!["Nordkoreas", "Pjöngjang"]),
            (
                "Vertreter der Vereinigten Staaten und des Vereinigten Königreichs",
                vec!["Vereinigten Staaten", "Vereinigten Königreichs"],
            ),
            (
                "die Hauptstadt der Demokratischen Volksrepublik Korea",
                vec!["Demokratischen Volksrepublik Korea"],
            ),
            ("Россия и Україна", vec!["Россия", "Україна"]),
            ("日本と中国の首脳", vec!["日本", "中国"]),
            ("das Land Nord-\nmazedonien", vec!["Nord-\nmazedonien"]),
            ("Ein Mali-Einsatz, die Moskau-Reise, us und oman, bei mali.de", vec![]),
            ("Die USA, die EU und der Rat der Vereinten Nationen", vec!["USA", "EU", "Vereinten Nationen"]),
            ("Sitz des Internationalen Währungsfonds", vec!["Internationalen Währungsfonds"]),
            ("Zum Essen nach Niger oder Nigeria", vec!["Niger", "Nigeria"]),
        ] {
            assert_eq!(found(&lists, text), names, "{text}");
        }
    }

    #[test]
    fn the_users_names_outrank_and_the_longest_wins() {
        let list =
            UserList::parse("Neues Amt,ORG\nNeues Amt Oman,ORG\nOman,PER\n".as_bytes(), Some(b',')).unwrap();
        let lists = Lists::packaged().with(&list);
        let text = "Das Neue Amt Oman, des Neuen Amtes und Omans Neues  Amt Oman";
        assert_eq!(found(&lists, text), ["Neue Amt Oman", "Neuen Amtes", "Omans", "Neues  Amt Oman"]);
        let mentions = lists.recognize(text, &[Span::whole(text)]).unwrap();
        assert_eq!(mentions[2].label, Label::Per);
        assert!(mentions[2].score.value() > PACKAGED);
        assert_ne!(lists.id(), Lists::packaged().id());
    }
}
