//! Which of an entity's forms is shown.

use crate::names::Script;
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

impl Naming {
    /// Another name to call an entity by: a form of it, unless the gazetteer calls it by a name of its own.
    pub(super) fn call<'f>(self, name: &str, forms: &[(&'f str, u64)]) -> Option<&'f str> {
        if name.is_empty() { self.choose(forms) } else { None }
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
        count(always)
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
}
