//! What the letters of each script may stand for: tables in the `.tsv` files beside this one, and rules where a table
//! would be too long.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

/// Readings of a unit of letters, best first; each is a string of phoneme symbols, empty where it is silent.
pub(super) type Readings = Vec<String>;

/// The units of one script.
#[derive(Debug)]
pub(super) struct Table {
    units: HashMap<&'static str, Readings>,
    longest: usize,
}

impl Table {
    fn parse(source: &'static str) -> Self {
        let mut units = HashMap::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((unit, readings)) = line.split_once('\t') {
                let readings = readings.split_whitespace().map(|reading| reading.replace('-', ""));
                units.insert(unit, readings.collect());
            }
        }
        let longest = units.keys().map(|unit| unit.chars().count()).max().unwrap_or(0);
        Self { units, longest }
    }

    /// The units at the start of `letters`, as (length in characters, readings), longest first.
    fn matches(&self, letters: &[char]) -> Vec<(usize, Readings)> {
        let mut found = Vec::new();
        for length in (1..=self.longest.min(letters.len())).rev() {
            let unit: String = letters[..length].iter().collect();
            if let Some(readings) = self.units.get(unit.as_str()) {
                found.push((length, readings.clone()));
            }
        }
        found
    }
}

/// A script that names are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Script {
    /// Latin.
    Latin,
    /// Cyrillic.
    Cyrillic,
    /// Greek.
    Greek,
    /// Armenian.
    Armenian,
    /// Georgian.
    Georgian,
    /// Arabic, also as Persian writes it.
    Arabic,
    /// Hebrew.
    Hebrew,
    /// Korean.
    Hangul,
    /// Chinese characters.
    Han,
    /// Hiragana and katakana.
    Kana,
    /// Any other.
    Other,
}

impl Script {
    /// The script most letters of a name are in; ties go to the one met first.
    pub fn of(name: &str) -> Self {
        let mut counts: BTreeMap<Self, (usize, usize)> = BTreeMap::new();
        for (at, letter) in name.chars().filter(|letter| letter.is_alphabetic()).enumerate() {
            counts.entry(Self::of_letter(letter)).or_insert((0, at)).0 += 1;
        }
        let first = |(_, (count, at)): &(Self, (usize, usize))| (*count, std::cmp::Reverse(*at));
        counts.into_iter().max_by_key(first).map_or(Self::Other, |(script, _)| script)
    }

    pub(super) fn of_letter(letter: char) -> Self {
        use unicode_script::{Script as Unicode, UnicodeScript};
        match letter.script() {
            Unicode::Latin => Self::Latin,
            Unicode::Cyrillic => Self::Cyrillic,
            Unicode::Greek => Self::Greek,
            Unicode::Armenian => Self::Armenian,
            Unicode::Georgian => Self::Georgian,
            Unicode::Arabic => Self::Arabic,
            Unicode::Hebrew => Self::Hebrew,
            Unicode::Hangul => Self::Hangul,
            Unicode::Han => Self::Han,
            Unicode::Hiragana | Unicode::Katakana => Self::Kana,
            // The long-vowel mark of kana is common to both.
            _ if letter == 'ー' => Self::Kana,
            _ => Self::Other,
        }
    }

    /// ISO 15924 code, such as `Cyrl`; `Zyyy` for any other.
    pub fn code(self) -> &'static str {
        match self {
            Self::Latin => "Latn",
            Self::Cyrillic => "Cyrl",
            Self::Greek => "Grek",
            Self::Armenian => "Armn",
            Self::Georgian => "Geor",
            Self::Arabic => "Arab",
            Self::Hebrew => "Hebr",
            Self::Hangul => "Hang",
            Self::Han => "Hani",
            Self::Kana => "Kana",
            Self::Other => "Zyyy",
        }
    }

    /// The adjective for reasons, such as `Cyrillic`.
    pub fn adjective(self) -> &'static str {
        match self {
            Self::Latin => "Latin",
            Self::Cyrillic => "Cyrillic",
            Self::Greek => "Greek",
            Self::Armenian => "Armenian",
            Self::Georgian => "Georgian",
            Self::Arabic => "Arabic",
            Self::Hebrew => "Hebrew",
            Self::Hangul => "Korean",
            Self::Han => "Chinese",
            Self::Kana => "Japanese",
            Self::Other => "foreign",
        }
    }

    /// Whether the script leaves most vowels unwritten.
    pub(super) fn hides_vowels(self) -> bool {
        matches!(self, Self::Arabic | Self::Hebrew)
    }

    /// Whether the script adds vowels that the original does not have.
    pub(super) fn adds_vowels(self) -> bool {
        matches!(self, Self::Kana | Self::Han | Self::Hangul)
    }

    fn table(self) -> &'static Table {
        static LATIN: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("latin.tsv")));
        static CYRILLIC: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("cyrillic.tsv")));
        static GREEK: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("greek.tsv")));
        static ARMENIAN: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("armenian.tsv")));
        static GEORGIAN: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("georgian.tsv")));
        static ARABIC: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("arabic.tsv")));
        static HEBREW: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("hebrew.tsv")));
        static HANGUL: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("hangul.tsv")));
        static KANA: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("kana.tsv")));
        match self {
            Self::Latin | Self::Han | Self::Other => &LATIN,
            Self::Cyrillic => &CYRILLIC,
            Self::Greek => &GREEK,
            Self::Armenian => &ARMENIAN,
            Self::Georgian => &GEORGIAN,
            Self::Arabic => &ARABIC,
            Self::Hebrew => &HEBREW,
            Self::Kana => &KANA,
            Self::Hangul => &HANGUL,
        }
    }

    /// The letters of a token as this script's rules expect them: lower case, without marks that carry no sound, and in
    /// Latin letters where the script has no rules of ours.
    pub(super) fn letters(self, token: &str) -> Vec<char> {
        use unicode_normalization::UnicodeNormalization;
        match self {
            Self::Han | Self::Other => any_ascii::any_ascii(token)
                .to_lowercase()
                .chars()
                .filter(|c| c.is_ascii_alphabetic())
                .collect(),
            Self::Latin => token.nfc().flat_map(char::to_lowercase).flat_map(known_latin).collect(),
            Self::Cyrillic => {
                let known = |letter: char| match Self::Cyrillic.knows(letter) {
                    true => vec![letter],
                    false => letter.nfd().take(1).collect(),
                };
                token.nfc().flat_map(char::to_lowercase).flat_map(known).collect()
            }
            Self::Greek => token.nfd().flat_map(char::to_lowercase).filter(|c| c.is_alphabetic()).collect(),
            Self::Hangul => token.nfd().filter(|c| c.is_alphabetic()).collect(),
            _ => token.nfc().filter(|c| c.is_alphabetic() || *c == '׳').collect(),
        }
    }

    fn knows(self, letter: char) -> bool {
        let mut buffer = [0; 4];
        self.table().units.contains_key(&*letter.encode_utf8(&mut buffer))
    }

    /// The units at the start of `letters` as (length in characters, readings), longest first; never empty for letters.
    pub(super) fn units(self, letters: &[char]) -> Vec<(usize, Readings)> {
        let Some(&letter) = letters.first() else { return Vec::new() };
        let found = self.table().matches(letters);
        if !found.is_empty() {
            return found;
        }
        // A letter of another script inside the token, or one without a rule: the first readings of its Latin letters.
        let plain = any_ascii::any_ascii_char(letter).to_lowercase();
        let readings = plain.chars().filter_map(|c| Self::Latin.table().units.get(&*c.to_string())?.first());
        vec![(1, vec![readings.map(String::as_str).collect()])]
    }
}

/// A letter that the Latin table knows, or its base letter.
fn known_latin(letter: char) -> Vec<char> {
    use unicode_normalization::UnicodeNormalization;
    if letter.is_ascii_alphabetic() || Script::Latin.knows(letter) {
        return vec![letter];
    }
    match letter {
        'ẞ' => vec!['ß'],
        _ => letter.nfkd().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::phoneme::Sounds;

    #[test]
    fn every_reading_is_made_of_phonemes() {
        for script in [
            Script::Latin,
            Script::Cyrillic,
            Script::Greek,
            Script::Armenian,
            Script::Georgian,
            Script::Arabic,
            Script::Hebrew,
            Script::Hangul,
            Script::Kana,
        ] {
            let table = script.table();
            assert!(table.units.len() > 25, "{script:?}");
            for (unit, readings) in &table.units {
                let known =
                    readings.iter().flat_map(|reading| reading.chars()).all(|c| Sounds::of(c).is_some());
                assert!(known && !readings.is_empty(), "{script:?} {unit}: {readings:?}");
            }
        }
    }

    #[test]
    fn the_script_is_that_of_most_letters() {
        assert_eq!(Script::of("Шойгу"), Script::Cyrillic);
        assert_eq!(Script::of("Kim Jong-un (김)"), Script::Latin);
        assert_eq!(Script::of("42"), Script::Other);
    }
}
