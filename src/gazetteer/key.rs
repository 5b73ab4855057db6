//! What two spellings of one name share, for looking up and never for showing.

use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

/// Makes keys; it knows which traditional Chinese character has which simplified one.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Traditional and simplified, sorted.
    han: Vec<(char, char)>,
}

impl Keys {
    /// From pairs of characters written one after another, traditional first.
    pub(super) fn new(pairs: &str) -> Self {
        let mut letters = pairs.chars();
        let mut han = Vec::new();
        while let (Some(traditional), Some(simplified)) = (letters.next(), letters.next()) {
            han.push((traditional, simplified));
        }
        han.sort_unstable();
        Self { han }
    }

    /// Writes the key of a name into `key`: letters and digits only, without case, diacritics, marks, blanks and
    /// signs; *ß* as *ss*, *ø* as *o*; one letter for the Arabic and the Persian form; simplified Chinese.
    pub(super) fn write(&self, name: &str, key: &mut String) {
        key.clear();
        if name.is_ascii() {
            let kept = name.bytes().filter(u8::is_ascii_alphanumeric);
            key.extend(kept.map(|byte| char::from(byte.to_ascii_lowercase())));
            return;
        }
        for letter in name.nfkd() {
            if letter.is_ascii() {
                if letter.is_ascii_alphanumeric() {
                    key.push(letter.to_ascii_lowercase());
                }
            } else if canonical_combining_class(letter) == 0 {
                self.write_letter(letter, key);
            }
        }
    }

    fn write_letter(&self, letter: char, key: &mut String) {
        match letter {
            'ß' | 'ẞ' => key.push_str("ss"),
            'æ' | 'Æ' => key.push_str("ae"),
            'œ' | 'Œ' => key.push_str("oe"),
            'þ' | 'Þ' => key.push_str("th"),
            'ø' | 'Ø' => key.push('o'),
            'ł' | 'Ł' => key.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => key.push('d'),
            'ħ' | 'Ħ' => key.push('h'),
            'ı' => key.push('i'),
            'ə' | 'Ə' => key.push('e'),
            'ς' => key.push('σ'),
            'ى' | 'ي' => key.push('ی'),
            'ك' => key.push('ک'),
            'ة' => key.push('ه'),
            // Hamza, tatweel and modifier letters such as ʿ come and go.
            'ء' | 'ـ' | '\u{2B0}'..='\u{2FF}' => {}
            '\u{3400}'..='\u{9FFF}' => key.push(
                self.han.binary_search_by_key(&letter, |pair| pair.0).map_or(letter, |at| self.han[at].1),
            ),
            _ if letter.is_alphanumeric() => key.extend(letter.to_lowercase()),
            _ => {}
        }
    }

    /// The key of a name.
    pub(super) fn key(&self, name: &str) -> String {
        let mut key = String::new();
        self.write(name, &mut key);
        key
    }
}

/// The FNV-1a hash, which stands for a key in the index.
pub(super) fn hash(key: &str) -> u64 {
    key.bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_share_a_key() {
        let keys = Keys::new("國国臺台");
        for (one, other) in [
            ("Großbritannien", "GROSSBRITANNIEN"),
            ("U.S.A.", "USA"),
            ("São Tomé", "Sao Tome"),
            ("Saudi-Arabien", "Saudi Arabien"),
            ("中國", "中国"),
            ("P’yŏngyang", "Pyongyang"),
            ("Łódź", "Lodz"),
            ("إيران", "ایران"),
            ("Орёл", "ОРЕЛ"),
        ] {
            assert_eq!(keys.key(one), keys.key(other), "{one} {other}");
        }
        assert_ne!(keys.key("Niger"), keys.key("Nigeria"));
        assert_eq!(keys.key(" – "), "");
    }
}
