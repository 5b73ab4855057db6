//! Plain text and Markdown. The text is kept whole; title and date are read off its head: YAML front matter, a
//! leading `date 2023-09`, a line such as `Stand: 10. August 2023`, `Montag, 3. April 2023` or `Berlin, 3. April 2023 –`, and a first
//! line that is a heading.

use super::{Content, Format, Read, Signature};
use crate::{
    Result,
    corpus::{
        Rules,
        date::{field_date, leading_date},
        decode,
    },
};

pub(super) const FORMAT: Format = Format {
    name: "text",
    endings: &["txt", "text", "md", "markdown"],
    signature: Signature::Unknown,
    about: "plain text, Markdown, files without a known ending; title and date off the head",
    read: Read::Whole(read),
};

fn read(bytes: &[u8], rules: &Rules) -> Result<Content> {
    let decoded = decode::decode(bytes, rules.encoding, |_| None)?;
    Ok(Content { encoding: decoded.encoding, ..of_text(decoded.text) })
}

/// A text with what its head says.
pub(super) fn of_text(text: String) -> Content {
    let Head { title, date } = head(&text);
    Content { text, title, date, ..Content::default() }
}

/// What the head of a text says about it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Head {
    title: Option<String>,
    date: Option<String>,
}

/// Words before a date that say it is the text's.
const SAYING_SO: &[&str] =
    &["date", "datum", "stand", "veröffentlicht", "erschienen", "aktualisiert", "published", "updated"];
/// Words of a place before a date.
const MOST_WORDS: usize = 3;
/// Such as ` um 14.30 Uhr`.
const LONGEST_TIME: usize = 20;
/// A longer first line is no heading but a first sentence.
const LONGEST_TITLE: usize = 150;
/// A date line further down belongs to the report, not to its head.
const HEAD_LINES: usize = 5;
/// Front matter is short; a text that opens with a rule and never closes it has none.
const FRONT_MATTER_LINES: usize = 200;

/// Reads title and date where a text states them.
fn head(text: &str) -> Head {
    let (mut head, body) = front_matter(text);
    let (stated, body) = first_line_date(body);
    if head.date.is_none() {
        head.date = stated
            .or_else(|| lines(body).filter(|line| !line.is_empty()).take(HEAD_LINES).find_map(date_line));
    }
    if head.title.is_none() {
        head.title = heading(body);
    }
    head
}

/// Lines, whatever their end (`\n`, `\r\n` or `\r`), without white space around them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (line, after) = rest.split_at(rest.find(['\n', '\r']).unwrap_or(rest.len()));
        let ended = after.strip_prefix("\r\n").or_else(|| after.strip_prefix(['\n', '\r']));
        let more = !rest.is_empty();
        rest = ended.unwrap_or_default();
        more.then(|| line.trim())
    })
}

fn front_matter(text: &str) -> (Head, &str) {
    let mut head = Head::default();
    let mut rest = text;
    for number in 0..FRONT_MATTER_LINES {
        let Some((line, after)) = rest.split_once('\n') else { break };
        rest = after;
        let line = line.trim_end();
        match (number, line) {
            (0, "---") => {}
            (0, _) => break,
            (_, "---" | "...") => return (head, rest),
            _ => {
                let Some((key, value)) = line.split_once(':') else { continue };
                let value = scalar(value);
                match key.to_ascii_lowercase().as_str() {
                    "title" | "titel" => head.title = value,
                    "date" | "datum" => head.date = value.as_deref().and_then(field_date),
                    _ => {}
                }
            }
        }
    }
    (Head::default(), text)
}

/// A YAML scalar on one line: plain, or in single or double quotes.
fn scalar(value: &str) -> Option<String> {
    let value = value.trim();
    let inner = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let value = if let Some(inner) = inner('"') {
        inner.replace("\\\"", "\"").replace("\\\\", "\\")
    } else if let Some(inner) = inner('\'') {
        inner.replace("''", "'")
    } else if value.starts_with(['|', '>', '[', '{', '&', '*']) {
        return None;
    } else {
        value.split(" #").next().unwrap_or(value).trim_end().to_owned()
    };
    (!value.is_empty()).then_some(value)
}

/// The date that a text opens with, after a word that says so, and the text after it.
fn first_line_date(text: &str) -> (Option<String>, &str) {
    let found = date_after_word(text.trim_start());
    found.map_or((None, text), |(date, rest)| (Some(date), rest))
}

/// The date of a line that holds nothing else but a word that says so, a place, or the time of day.
fn date_line(line: &str) -> Option<String> {
    if let Some((date, rest)) = date_after_word(line) {
        return is_time(rest).then_some(date);
    }
    let (date, rest) = match leading_date(line) {
        Some((date, length)) => (date, line.get(length..)?),
        None => {
            let (place, rest) = line.split_once(", ")?;
            let is_place = place.split(' ').count() <= MOST_WORDS && place.starts_with(char::is_uppercase);
            let (date, length) = leading_date(rest).filter(|_| is_place)?;
            (date, rest.get(length..)?)
        }
    };
    // The report may begin on the same line.
    let is_all = rest.trim_start().starts_with(['–', '—', '-']) || is_time(rest);
    // A month or year alone may be what the text is about.
    (date.len() == "2023-04-03".len() && is_all).then_some(date)
}

/// Whether what follows a date is a time of day, or nothing.
fn is_time(text: &str) -> bool {
    let mut words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    text.len() <= LONGEST_TIME && words.all(|word| ["Uhr", "um", "h"].contains(&word))
}

fn date_after_word(text: &str) -> Option<(String, &str)> {
    let word = text.find(|letter: char| !letter.is_alphabetic())?;
    let (word, rest) = text.split_at(word);
    if !SAYING_SO.iter().any(|known| word.to_lowercase() == *known) {
        return None;
    }
    let rest = rest.strip_prefix(':').unwrap_or(rest).trim_start_matches([' ', '\t']);
    let rest = ["am ", "vom ", "on "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    let (date, length) = leading_date(rest)?;
    Some((date, rest.get(length..)?))
}

/// The first line, if it is a heading: marked in Markdown, or short, without a final stop and set off by a blank line.
fn heading(text: &str) -> Option<String> {
    let is_date = |line: &str| date_line(line).is_some();
    let mut lines = lines(text).skip_while(|line| line.is_empty() || is_date(line));
    let first = lines.next()?;
    if let Some(marked) = first.strip_prefix("# ") {
        return Some(marked.trim_matches(['#', ' ']).to_owned()).filter(|title| !title.is_empty());
    }
    let is_set_off = lines.next().is_some_and(|line| line.is_empty() || is_date(line));
    let is_short = first.chars().count() <= LONGEST_TITLE;
    let is_open = !first.ends_with(['.', ':', ',', ';', '…']);
    (is_set_off && is_short && is_open && first.contains(char::is_alphabetic)).then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn title_and_date(text: &str) -> (Option<String>, Option<String>) {
        let head = head(text);
        (head.title, head.date)
    }

    fn some(title: &str, date: &str) -> (Option<String>, Option<String>) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (some(title), some(date))
    }

    #[test]
    fn heads_of_many_kinds() {
        for (text, title, date) in [
            (" date 2023-09 Regierung tagt in Bonn\n\nSie berät.", "Regierung tagt in Bonn", "2023-09"),
            (" date 2023-09 Die Regierung tagt in Bonn.\n\nSie berät.", "", "2023-09"),
            ("Datum: 14. September 2023\r\n\r\nEin Titel\r\n\r\nText.", "Ein Titel", "2023-09-14"),
            ("Ein Titel\n\nStand: 10. August 2023\n\nText.", "Ein Titel", "2023-08-10"),
            ("Ein Titel\r\rText.", "Ein Titel", ""),
            ("3. April 2023\nEin Titel\n\nText.", "Ein Titel", "2023-04-03"),
            ("Ein Titel\n03.04.2023, 14:30 Uhr\n\nText.", "Ein Titel", "2023-04-03"),
            ("Montag, 3. April 2023\n\nEin Titel\n\nText.", "Ein Titel", "2023-04-03"),
            ("Ein Titel\n\nVeröffentlicht am 3. April 2023\n\nText.", "Ein Titel", "2023-04-03"),
            ("Ein Titel\n\nBerlin, 3. April 2023 – Die Regierung tagte.", "Ein Titel", "2023-04-03"),
            ("Bad Muster, den 3. April 2023\n\nSehr geehrte Frau Muster,", "", "2023-04-03"),
            ("Ein Titel\n\nIm Jahr 2023\n\nText.", "Ein Titel", ""),
            ("März 2023\n\nText.", "März 2023", ""),
            ("Ein Titel\n\nAls er kam, 3. April 2023 war es, schwieg sie.", "Ein Titel", ""),
            ("Ein Satz ohne Leerzeile danach\nund weiter.", "", ""),
            ("Am 3. Oktober 2023 geschah nichts.\n\nText.", "", ""),
            ("date 2023-13 Titel\n\nText", "date 2023-13 Titel", ""),
            ("Update 2023-09 folgt\n\nText", "Update 2023-09 folgt", ""),
            ("# Ein Titel #\nText", "Ein Titel", ""),
            (
                "---\ntitle: \"Ein \\\"Titel\\\"\"\ndate: 2022-04 # geschätzt\n---\n\nText",
                "Ein \"Titel\"",
                "2022-04",
            ),
            ("---\r\nTitel: 'Ein ''Titel'''\r\nlang: de\r\n---\r\n# Anders\r\n", "Ein 'Titel'", ""),
            ("---\nlang: de\n---\n# Ein Titel\n", "Ein Titel", ""),
            ("---\nkein Ende\n\nText", "", ""),
            ("", "", ""),
            ("date", "", ""),
        ] {
            assert_eq!(title_and_date(text), some(title, date), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "(---\n)?[a-zé:'\"# \n\r\t0-9.-]{0,80}", other in "\\PC{0,80}") {
            let _ = (head(&text), head(&other));
        }
    }
}
