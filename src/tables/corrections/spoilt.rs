//! What spreadsheets do to names by themselves.

use crate::tables::formats;

/// What cells hold that spreadsheets took for a truth value, in English and German.
const TRUTHS: [&str; 4] = ["true", "false", "wahr", "falsch"];
/// Names of months, of which three letters or more may be shown, in English and German.
const MONTHS: [&str; 21] = [
    "january",
    "januar",
    "february",
    "februar",
    "march",
    "märz",
    "mrz",
    "april",
    "may",
    "mai",
    "june",
    "juni",
    "july",
    "juli",
    "august",
    "september",
    "october",
    "oktober",
    "november",
    "december",
    "dezember",
];

/// Whether a text may be what a spreadsheet, and nobody who uses it, has made of a name: a number, a date, a truth value, an
/// error, the result of a formula, question marks for letters that its code page lacks.
pub(super) fn is_spoilt(text: &str, name: &str) -> bool {
    let is_truth = |text: &str| TRUTHS.contains(&text.to_lowercase().as_str());
    name.starts_with('=')
        || (formats::is_guarded(name) && is_error(text))
        || (name.contains(char::is_numeric) && is_number_or_date(&text.to_lowercase()))
        || (is_truth(text) && is_truth(name))
        || is_without_letters(text, name)
}

fn is_error(text: &str) -> bool {
    text.starts_with('#') || text.starts_with("Err:")
}

/// Digits and what stands between them; at most one word, of a month or for an exponent.
fn is_number_or_date(lower: &str) -> bool {
    let mut words = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let (first, second) = (words.next(), words.next());
    let is_month =
        |word: &str| word.chars().count() > 2 && MONTHS.iter().any(|month| month.starts_with(word));
    let is_known = |word: &str| word == "e" || is_month(word);
    lower.contains(|c: char| c.is_ascii_digit()) && first.is_none_or(is_known) && second.is_none()
}

/// Whether a text is a name after it was saved in Windows-1252, with one question mark or two for each letter it lacks.
fn is_without_letters(text: &str, name: &str) -> bool {
    let mut bytes = [0; 4];
    let shown = |c: char| if encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut bytes)).2 { '?' } else { c };
    let squeezed = |letters: &mut dyn Iterator<Item = char>| {
        let mut squeezed: Vec<char> = letters.collect();
        squeezed.dedup_by(|next, last| *next == '?' && *last == '?');
        squeezed
    };
    text.contains('?') && squeezed(&mut text.chars()) == squeezed(&mut name.chars().map(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_person_would_call_a_name_is_spoilt() {
        for (text, name) in [
            ("12", "0012"),
            ("100000", "1E5"),
            ("1,00E+05", "1E5"),
            ("01.02.2026", "1-2"),
            ("02. Jan", "1-2"),
            ("Mrz 01", "MARCH1"),
            ("0", "-1+1"),
            ("#NAME?", "@SUM(A1)"),
            ("#NV", "+A"),
            ("Err:508", "-("),
            ("x", "=HYPERLINK(\"https://example.org\";\"x\")"),
            ("WAHR", "True"),
            ("?????? Muster", "Эдуард Muster"),
            ("? Verlag", "😀 Verlag"),
            ("?? Verlag", "😀 Verlag"),
        ] {
            assert!(is_spoilt(text, name), "{text} for {name}");
        }
    }

    #[test]
    fn a_correction_is_none() {
        for (text, name) in [
            ("Eva Muster-Maier", "Eva Muster"),
            ("1. FC Muster", "1 FC Muster"),
            ("TSV 1860", "1860"),
            ("1860", "TSV"),
            ("Mai", "Maj"),
            ("Warum?", "Warum"),
            ("Marlene 2", "Marlene"),
            ("=Eva", "Eva Muster"),
        ] {
            assert!(!is_spoilt(text, name), "{text} for {name}");
        }
    }
}
