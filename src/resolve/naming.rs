//! Which of an entity's forms is shown.

use crate::{
    Label,
    gazetteer::{Gazetteer, Kind, Place, PlaceName, Relation},
    names::Script,
};
use std::cmp::Reverse;

/// By whose convention entities are called. Only forms that were read are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// As the German press writes: *Wladimir Putin*.
    #[default]
    De,
    /// As the English press writes: *Vladimir Putin*.
    En,
    /// In the script of the original, if the corpus has it: *Владимир Путин*.
    Original,
}

/// Spellings that German does not use for names it transcribes.
const NOT_GERMAN: &[&str] =
    &["sh", "zh", "kh", "tch", "ou", "oo", "ee", "š", "ž", "č", "ř", "ł", "ś", "ż", "ź", "ï", "ë", "ĭ", "cz"];
/// The same for the letters that German has but for other sounds; told by a form in the original script.
const NOT_GERMAN_IF_TRANSCRIBED: &[&str] = &["v", "y ", "iy", "ya", "yu", "yo", "ye", "ky", "gu"];
const NOT_ENGLISH: &[&str] =
    &["sch", "tsch", "ou", "š", "ž", "č", "ř", "ł", "ś", "ż", "ź", "ï", "ë", "ä", "ö", "ü", "ß", "cz", "tch"];
const NOT_ENGLISH_IF_TRANSCRIBED: &[&str] =
    &["w ", "wa", "we", "wi", "wo", "wl", "ws", "wn", "ja", "ju", "je", "ij", "ej", "yj", "aj", "gu"];

/// A name in so many languages, half of those in Latin script that the gazetteer knows, is of none of them.
const INTERNATIONAL: usize = 16;

impl Naming {
    /// The language of the convention (ISO 639-1).
    pub(super) fn language(self) -> &'static str {
        if self == Self::En { "en" } else { "de" }
    }

    /// Another name to call an entity by than the gazetteer's: of a place the usual one, of what it does not know any form.
    pub(super) fn call<'f>(self, label: Label, name: &str, forms: &[(&'f str, u64)]) -> Option<&'f str> {
        match label {
            _ if name.is_empty() => self.choose(forms),
            Label::Loc => self.usual(name, forms),
            _ => None,
        }
    }

    /// The most frequent of a place's forms that may be its name in the language of the convention.
    fn usual<'f>(self, name: &str, forms: &[(&'f str, u64)]) -> Option<&'f str> {
        let may_be = |form: &str| {
            let places = Gazetteer::packaged().lookup(form);
            let is_listed = |own: &&PlaceName| {
                own.text == form && matches!(own.relation, Relation::Localised | Relation::Variant)
            };
            Script::of(form) == Script::Latin
                && places.first().is_some_and(|best| {
                    best.place.names.iter().filter(is_listed).any(|own| self.allows(own, best.place))
                })
        };
        let usual = forms.iter().filter(|(form, _)| may_be(form));
        usual.min_by_key(|(form, count)| (Reverse(*count), *form != name, *form)).map(|(form, _)| *form)
    }

    /// Whether a name that a place has somewhere may be the one in the language of the convention. What the gazetteer holds as
    /// that is often English, outdated, or in a foreign spelling.
    fn allows(self, name: &PlaceName, place: &Place) -> bool {
        let language = self.language();
        if name.is_said_in(&[language]) {
            return true;
        }
        let listed = place.name(language);
        let is_like_english = self == Self::De && listed == place.name("en");
        let is_with_neighbours = name.is_said_in(&["nl"]) && name.is_said_in(&["sv", "da"]);
        match name.languages {
            // Of states, all names in any language are listed so.
            "" => place.kind > Kind::Region && self.breaches(name.text, false) == 0,
            languages => {
                languages.split(',').count() >= INTERNATIONAL
                    || self.breaches(name.text, false) < self.breaches(listed, false)
                    || is_like_english && is_with_neighbours
            }
        }
    }

    /// The form to show of those an entity has, with their counts. The order of the forms does not matter.
    ///
    /// Full names come before single ones; of those that are at least a quarter as frequent as the most frequent, the one
    /// that breaks the convention least, then the most frequent, then the first in the alphabet.
    pub(super) fn choose<'f>(self, forms: &[(&'f str, u64)]) -> Option<&'f str> {
        let is_latin = |form: &str| Script::of(form) == Script::Latin;
        let transcribed = forms.iter().any(|(form, _)| !is_latin(form));
        let wanted = |form: &str| is_latin(form) != (self == Self::Original && transcribed);
        let is_full = |form: &str| {
            form.contains([' ', '·', '・']) || !matches!(Script::of(form), Script::Latin | Script::Cyrillic)
        };
        let rank = |form: &str| (!wanted(form), !is_full(form));
        let best = forms.iter().map(|(form, _)| rank(form)).min()?;
        let most = forms.iter().filter(|(form, _)| rank(form) == best).map(|(_, count)| *count).max()?;
        let near = forms.iter().filter(|(form, count)| rank(form) == best && count * 4 >= most);
        near.min_by_key(|(form, count)| (self.breaches(form, transcribed), Reverse(*count), *form))
            .map(|(form, _)| *form)
    }

    fn breaches(self, form: &str, transcribed: bool) -> usize {
        let lower = form.to_lowercase() + " ";
        let count =
            |spellings: &[&str]| spellings.iter().map(|one| lower.matches(one).count()).sum::<usize>();
        let (always, sometimes) = match self {
            Self::De => (NOT_GERMAN, NOT_GERMAN_IF_TRANSCRIBED),
            Self::En => (NOT_ENGLISH, NOT_ENGLISH_IF_TRANSCRIBED),
            Self::Original => (&[][..], &[][..]),
        };
        let shouted = form.chars().filter(|letter| letter.is_alphabetic()).all(char::is_uppercase);
        let cased = form.chars().any(char::is_lowercase) || shouted;
        let q = if self == Self::De { lower.matches('q').count() - count(&["qu"]) } else { 0 };
        count(always)
            + q
            + if transcribed { count(sometimes) } else { 0 }
            + form.matches([',', '.']).count()
            + 3 * usize::from(shouted && cased)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_convention_chooses_its_own() {
        let forms = [
            ("Nikita Khrushchev", 3),
            ("Nikita Chruschtschow", 2),
            ("Никита Хрущёв", 1),
            ("Chruschtschow", 9),
        ];
        assert_eq!(Naming::De.choose(&forms), Some("Nikita Chruschtschow"));
        assert_eq!(Naming::En.choose(&forms), Some("Nikita Khrushchev"));
        assert_eq!(Naming::Original.choose(&forms), Some("Никита Хрущёв"));
        let native = [("Sharon Muster", 5), ("MUSTER SHARON", 9), ("Muster, Sharon", 7)];
        assert_eq!(Naming::De.choose(&native), Some("Sharon Muster"));
        assert_eq!(Naming::De.choose(&[]), None);
    }

    #[test]
    fn a_place_is_called_as_the_corpus_calls_it_unless_that_is_another_language() {
        let called = |naming: Naming, forms: &[(&str, u64)]| {
            let place = Gazetteer::packaged().lookup(forms[0].0)[0].place;
            let name = place.name(naming.language());
            naming.call(Label::Loc, name, forms).unwrap_or(name).to_owned()
        };
        for form in [
            "Peking",
            "Breslau",
            "Chartum",
            "Schanghai",
            "Rakka",
            "Hongkong",
            "Astana",
            "Kaliningrad",
            "Butscha",
        ] {
            assert_eq!(called(Naming::De, &[(form, 2)]), form);
        }
        for (forms, name) in [
            (&[("Moscow", 1), ("Moskau", 10)][..], "Moskau"),
            (&[("Moscow", 1)], "Moskau"),
            (&[("Москва", 9)], "Moskau"),
            (&[("Kyiv", 9), ("Kiew", 1)], "Kiew"),
            (&[("Kyjiw", 9), ("Kiew", 1)], "Kyjiw"),
            (&[("Roma", 3)], "Rom"),
            (&[("Beijing", 3), ("Peking", 2)], "Beijing"),
            (&[("Demokratische Volksrepublik Korea", 5), ("Nordkorea", 1)], "Nordkorea"),
            (&[("Demokratische Volksrepublik Korea", 5)], "Nordkorea"),
            (&[("Gran Bretagna", 2)], "Vereinigtes Königreich"),
            (&[("USA", 2)], "Vereinigte Staaten"),
        ] {
            assert_eq!(called(Naming::De, forms), name);
        }
        assert_eq!(called(Naming::En, &[("Moskau", 9), ("Moscow", 1)]), "Moscow");
        assert_eq!(called(Naming::En, &[("Peking", 9)]), "Beijing");
    }
}
