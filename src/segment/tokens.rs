//! Words and punctuation, cut as in GermEval 2014.

use super::words::abbreviation;
use crate::Span;
use unicode_script::{Script, UnicodeScript};
use unicode_segmentation::UnicodeSegmentation;

/// The words and punctuation marks of a span of `text`, usually a sentence, in order, without white space.
///
/// As in GermEval 2014, a compound with hyphens is one token, and so is a number, a web address or *CDU/CSU*; a full
/// stop is a token unless it belongs to an abbreviation or, inside the span, to an ordinal. Words of scripts written
/// without blanks are cut by Unicode's default rules (UAX #29).
///
/// ```
/// use namenlese::{Span, segment::tokens};
/// let text = "Dr. Weber, am 3. Mai: „Nord-Ostsee-Kanal“.";
/// let words: Vec<&str> = tokens(text, Span::whole(text)).map(|span| span.of(text)).collect();
/// assert_eq!(words, ["Dr.", "Weber", ",", "am", "3.", "Mai", ":", "„", "Nord-Ostsee-Kanal", "“", "."]);
/// ```
pub fn tokens(text: &str, span: Span) -> Tokens<'_> {
    Tokens { text, at: span.start(), end: span.end(), word_end: span.start() }
}

/// The iterator that [`tokens`] returns.
#[derive(Debug, Clone)]
pub struct Tokens<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    /// Up to here stands what has no white space inside and was looked at already.
    word_end: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let rest = self.text.get(self.at..self.end)?;
        self.at += rest.len() - rest.trim_start().len();
        let rest = &self.text[self.at..self.end];
        if rest.is_empty() {
            return None;
        }
        if self.word_end <= self.at {
            self.word_end = self.at + rest.find(char::is_whitespace).unwrap_or(rest.len());
        }
        let chunk = &self.text[self.at..self.word_end];
        let is_last = self.text[self.word_end..self.end].trim_start().is_empty();
        let length = token(chunk, is_last);
        let start = self.at;
        self.at += length;
        Span::new(self.text, start, self.at).ok()
    }
}

/// How many bytes the first token of a chunk without white space takes; never none.
fn token(chunk: &str, is_last: bool) -> usize {
    let Some(first) = chunk.chars().next() else { return 0 };
    let begins_word = |c: char| c.is_alphanumeric() || matches!(c, '@' | '#' | '_');
    if !begins_word(first) {
        let signed = matches!(first, '-' | '+' | '−')
            && chunk[first.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
        if !signed {
            // A run of one mark, such as an ellipsis or a dash of two hyphens, is one token.
            return match first {
                '.' | '-' | '!' | '?' => chunk.find(|c| c != first).unwrap_or(chunk.len()),
                _ => first.len_utf8(),
            };
        }
    }
    if is_unspaced(first) {
        let word = chunk.split_word_bounds().next().unwrap_or(chunk);
        return word.len().max(first.len_utf8());
    }
    let Some((last, c)) = chunk.char_indices().rfind(|&(_, c)| c.is_alphanumeric()) else {
        return chunk.len();
    };
    let mut length = last + c.len_utf8();
    // A quotation mark or bracket inside ends the word, unless it is closed again in it: Straße(n)
    let inside = &chunk[..length];
    if let Some(at) = inside.find(['„', '“', '”', '"', '«', '»']).filter(|&at| at > 0) {
        length = at;
    }
    if let Some((at, _)) = inside.match_indices(')').next().filter(|&(at, _)| !inside[..at].contains('(')) {
        length = length.min(at.max(1));
    }
    let word = &chunk[..length];
    let after = &chunk[length..];
    let ordinal = word.chars().all(|c| c.is_ascii_digit() || c == '.') || is_roman(word);
    let initial = word.chars().count() == 1;
    match after.chars().next() {
        Some('.') if !after.starts_with("..") => {
            let kept =
                abbreviation(word, "de").is_some() || !(is_last && after.len() == 1) && (ordinal || initial);
            length + usize::from(kept && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-')))
        }
        // Vor- und Nachteile, Hans' Haus
        Some('-') if after == "-" || after == "-," => length + 1,
        Some(c @ ('\'' | '’')) if word.ends_with(['s', 'x', 'z', 'ß']) && after.len() == c.len_utf8() => {
            chunk.len()
        }
        _ => length,
    }
}

/// Whether a character belongs to a script that writes no blanks between words.
fn is_unspaced(c: char) -> bool {
    c >= '\u{e00}'
        && matches!(
            c.script(),
            Script::Han
                | Script::Hiragana
                | Script::Katakana
                | Script::Thai
                | Script::Lao
                | Script::Khmer
                | Script::Myanmar
        )
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text, Span::whole(text)).map(|span| span.of(text)).collect()
    }

    #[test]
    fn cuts_as_germeval_does() {
        assert_eq!(words("Die CDU/CSU (Bonn) siegte."), ["Die", "CDU/CSU", "(", "Bonn", ")", "siegte", "."]);
        assert_eq!(
            words("Hans' Haus, Vor- und Nachteile"),
            ["Hans'", "Haus", ",", "Vor-", "und", "Nachteile"]
        );
        assert_eq!(words("Er zahlte 3,5 Mio. Euro …"), ["Er", "zahlte", "3,5", "Mio.", "Euro", "…"]);
        assert_eq!(words("Karl V. kam am 7."), ["Karl", "V.", "kam", "am", "7", "."]);
        assert_eq!(words("z. B. www.beispiel.de..."), ["z.", "B.", "www.beispiel.de", "..."]);
        assert_eq!(words("»Nein!« – „Doch?!“"), ["»", "Nein", "!", "«", "–", "„", "Doch", "?", "!", "“"]);
        assert_eq!(words("-5 °C; Straße(n)"), ["-5", "°", "C", ";", "Straße(n", ")"]);
        assert_eq!(words("彼は来た。").concat(), "彼は来た。");
    }

    proptest! {
        #[test]
        fn tokens_are_disjoint_and_lose_nothing(text in "([a-zA-Zäß0-9]|[.,!?'\"()„“»«/ -]|\n|東|ไ|\u{308}|…){0,40}") {
            let mut last = 0;
            let mut joined = String::new();
            for token in tokens(&text, Span::whole(&text)) {
                prop_assert!(!token.is_empty() && token.start() >= last);
                last = token.end();
                joined.push_str(token.of(&text));
            }
            let expected: String = text.split_whitespace().collect();
            prop_assert_eq!(joined, expected);
        }
    }
}
