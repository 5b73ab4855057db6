//! What the letters of each script may stand for: tables in the `.tsv` files beside this one, and rules where a table
//! would be too long.

mod table;

use super::phoneme::Sounds;
use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};
pub(super) use table::Reading;
use table::Table;

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

    /// Whether the script does not write all sounds, or writes some that are not there.
    pub(crate) fn omits_or_adds_vowels(self) -> bool {
        self.hides_vowels() || self.adds_vowels()
    }

    fn table(self) -> &'static Table {
        static LATIN: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("latin.tsv")));
        static CYRILLIC: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("cyrillic.tsv")));
        static GREEK: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("greek.tsv")));
        static ARMENIAN: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("armenian.tsv")));
        static GEORGIAN: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("georgian.tsv")));
        static ARABIC: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("arabic.tsv")));
        static HEBREW: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("hebrew.tsv")));
        static KANA: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("kana.tsv")));
        static HANGUL: LazyLock<Table> = LazyLock::new(|| {
            let learned = include_str!("../../../models/names/hangul.tsv");
            Table::parse(include_str!("hangul.tsv")).with_learned(learned, &LATIN)
        });
        static HAN: LazyLock<Table> = LazyLock::new(|| {
            Table::default().with_learned(include_str!("../../../models/names/han.tsv"), &LATIN)
        });
        match self {
            Self::Latin | Self::Other => &LATIN,
            Self::Cyrillic => &CYRILLIC,
            Self::Greek => &GREEK,
            Self::Armenian => &ARMENIAN,
            Self::Georgian => &GEORGIAN,
            Self::Arabic => &ARABIC,
            Self::Hebrew => &HEBREW,
            Self::Kana => &KANA,
            Self::Hangul => &HANGUL,
            Self::Han => &HAN,
        }
    }

    /// The letters of a token as this script's rules expect them: lower case, without marks that carry no sound, and in
    /// Latin letters where the script has no rules of ours.
    pub(super) fn letters(self, token: &str) -> Vec<char> {
        use unicode_normalization::UnicodeNormalization;
        match self {
            Self::Other => any_ascii::any_ascii(token)
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
            Self::Han => token.nfc().filter(|c| c.is_alphabetic()).map(simplified).collect(),
            _ => token.nfc().filter(|c| c.is_alphabetic() || *c == '׳').collect(),
        }
    }

    fn knows(self, letter: char) -> bool {
        self.table().knows(letter)
    }

    /// The units at the start of `letters`, the rest of a word, as (length in characters, readings), longest first; never
    /// empty for letters.
    pub(super) fn units(self, letters: &[char]) -> Vec<(usize, Cow<'static, [Reading]>)> {
        let Some(&letter) = letters.first() else { return Vec::new() };
        let known = self.table().matches(letters).into_iter();
        let mut found: Vec<_> = known.map(|(length, readings)| (length, Cow::Borrowed(readings))).collect();
        // A Chinese character is also read as itself, not only as a piece of a foreign name.
        if found.is_empty() || self == Self::Han {
            let cost = if found.is_empty() { 0 } else { OWN_READING };
            found.push((1, Cow::Owned(vec![Reading { cost, sounds: romanised(letter) }])));
        }
        found
    }
}

const OWN_READING: u16 = 6;

/// The sounds of a letter that has no rule, by the first readings of its letters in the Latin script.
fn romanised(letter: char) -> Box<[Sounds]> {
    let plain: Vec<char> = any_ascii::any_ascii_char(letter).to_lowercase().chars().collect();
    Script::Latin.table().plainly(&plain)
}

/// The simplified form of a Chinese character.
fn simplified(letter: char) -> char {
    static PAIRS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
        let mut letters = include_str!("../../../models/names/simplified.txt").trim().chars();
        let pairs = std::iter::from_fn(|| letters.next().zip(letters.next()));
        pairs.collect()
    });
    PAIRS.binary_search_by_key(&letter, |pair| pair.0).map_or(letter, |at| PAIRS[at].1)
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
            let units: Vec<_> = table.units().collect();
            assert!(units.len() > 25, "{script:?}");
            for (unit, readings) in units {
                assert!(!readings.is_empty(), "{script:?} {unit}");
            }
        }
        for source in [include_str!("latin.tsv"), include_str!("cyrillic.tsv"), include_str!("arabic.tsv")] {
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                let (_, readings) = line.split_once('\t').expect("a tab");
                for reading in readings.split_whitespace() {
                    let (sounds, cost) = reading.split_once(':').unwrap_or((reading, "0"));
                    assert!(sounds == "-" || sounds.chars().all(|c| Sounds::of(c).is_some()), "{line}");
                    assert!(cost.parse::<u16>().is_ok(), "{line}");
                }
            }
        }
    }

    #[test]
    fn learnt_units_have_several_readings() {
        let readings =
            |letter: char| Script::Han.units(&[letter]).iter().map(|unit| unit.1.len()).sum::<usize>();
        assert!(readings('尔') > 2 && readings('\u{9fd5}') == 1);
        assert_eq!(Script::Han.letters("習"), ['习']);
    }

    #[test]
    fn the_script_is_that_of_most_letters() {
        assert_eq!(Script::of("Шойгу"), Script::Cyrillic);
        assert_eq!(Script::of("Kim Jong-un (김)"), Script::Latin);
        assert_eq!(Script::of("42"), Script::Other);
    }
}
