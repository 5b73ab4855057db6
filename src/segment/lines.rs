//! Line structure: which line ends end a sentence whatever the words say.
//!
//! A line end is *hard* after a blank line, a heading, a list item or a speaker's line, and *soft* where running text
//! was wrapped. Text is wrapped greedily, so a line that had room for the next line's first word was ended on purpose.

use super::words::{Abbreviation, abbreviation, is_month, leaves_open, opens_protocol_bracket};
use crate::Span;
use std::ops::Range;

/// A line without its end.
struct Line {
    start: usize,
    end: usize,
    /// Length in characters without white space at the end.
    length: usize,
    /// Whether its first letter is lower-case.
    goes_on: bool,
}

/// How many lines before and after one show how wide its text is wrapped.
const NEIGHBOURS: usize = 5;
/// No text is wrapped wider than this many characters; longer lines are whole paragraphs.
const WIDEST: usize = 200;
/// Lines this short are not wrapped text unless the words say so.
const NARROWEST: usize = 24;

/// The stretches of a span between hard line ends, as byte ranges of `text`. They may begin and end in white space.
pub(super) fn stretches(text: &str, span: Span, language: &str) -> Vec<Range<usize>> {
    let lines = lines(text, span);
    let mut stretches = Vec::new();
    let mut first = 0;
    while first < lines.len() {
        if lines[first].length == 0 {
            first += 1;
            continue;
        }
        let blank = lines[first..].iter().position(|line| line.length == 0);
        let block = &lines[first..blank.map_or(lines.len(), |at| first + at)];
        first += block.len();
        let mut start = block[0].start;
        for at in 1..block.len() {
            if is_hard(text, block, at, language) {
                stretches.push(start..block[at - 1].end);
                start = block[at].start;
            }
        }
        stretches.push(start..block[block.len() - 1].end);
    }
    stretches
}

fn lines(text: &str, span: Span) -> Vec<Line> {
    let source = span.of(text);
    let mut lines = Vec::new();
    let mut from = 0;
    let is_end = |c| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    while from <= source.len() {
        let rest = &source[from..];
        let length = rest.find(is_end).unwrap_or(rest.len());
        let line = &rest[..length];
        lines.push(Line {
            start: span.start() + from,
            end: span.start() + from + length,
            length: line.trim_end().chars().count(),
            goes_on: line.trim_start().starts_with(char::is_lowercase),
        });
        let end = rest[length..].chars().next().map_or(1, char::len_utf8);
        from += length + if rest[length..].starts_with("\r\n") { 2 } else { end };
    }
    lines
}

/// Whether the end of line `at - 1` of a block without blank lines ends a sentence.
fn is_hard(text: &str, block: &[Line], at: usize, language: &str) -> bool {
    let (previous, next) = (&block[at - 1], &block[at]);
    let before = text[previous.start..previous.end].trim();
    let after = text[next.start..next.end].trim();
    if is_bracket_line(before) && before.ends_with(')') || is_bracket_line(after) {
        return true;
    }
    if before.ends_with(['-', '\u{ad}', '\u{2010}', '/']) && after.starts_with(char::is_alphanumeric) {
        return false;
    }
    if is_item(after)
        && (is_item(before) || before.ends_with(['.', ':', ';', '!', '?']))
        && !is_date(before, after)
    {
        return true;
    }
    if next.goes_on && !is_item(after) {
        return false;
    }
    let last_word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    if before.ends_with([',', '–', '—']) || leaves_open(last_word) || is_cut_short(last_word, after, language)
    {
        return false;
    }
    if before.ends_with(':')
        || (is_labelled(before) && is_labelled(after))
        || is_item(before) && is_item(after)
    {
        return true;
    }
    let near = &block[at.saturating_sub(NEIGHBOURS)..block.len().min(at + NEIGHBOURS)];
    let width = near.iter().map(|line| line.length).max().unwrap_or_default();
    let first_word = after.split(char::is_whitespace).next().unwrap_or_default().chars().count();
    let had_room = previous.length + 1 + first_word + width / 10 <= width;
    let ends = near.len() - 1;
    let going_on = near[1..].iter().filter(|line| line.goes_on).count();
    let ended = before.trim_end_matches(['“', '”', '«', '»', '"', ')']).ends_with(['.', '!', '?', '…']);
    let looks_wrapped = width >= NARROWEST && (going_on > 0 || ended || ends <= 2);
    had_room || previous.length > WIDEST || !looks_wrapped || is_labelled(after) && going_on == 0
}

/// An interjection of a protocol: a line in brackets, or the first line of one.
fn is_bracket_line(line: &str) -> bool {
    let Some(inside) = line.strip_prefix('(') else { return false };
    let word = inside.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    opens_protocol_bracket(word)
        || (inside.strip_suffix(')').is_some_and(|inside| !inside.contains(')'))
            && inside.chars().count() > 3)
}

/// Whether a line begins like a list item: a bullet or dash, *1.*, *2)*, *(3)*, *a)*, *IV.*, *§ 5*, *1.2*.
fn is_item(line: &str) -> bool {
    let Some((marker, rest)) = line.split_once(|c: char| c.is_whitespace()) else { return false };
    if rest.trim().is_empty() {
        return false;
    }
    if matches!(marker, "•" | "·" | "▪" | "◦" | "‣" | "●" | "■" | "*" | "–" | "-" | "—" | "§" | "§§")
    {
        return true;
    }
    let closed = marker.ends_with([')', '.']);
    let core = marker.trim_start_matches('(').trim_end_matches([')', '.']);
    let is_number =
        !core.is_empty() && core.len() <= 8 && core.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_letter = core.len() == 1 && core.chars().all(|c| c.is_ascii_alphabetic());
    let is_roman = !core.is_empty() && core.len() <= 5 && core.chars().all(|c| "IVX".contains(c));
    is_number && (closed || core.contains('.')) || closed && (is_roman || is_letter && marker.ends_with(')'))
}

/// Whether an ordinal at a line's beginning goes on with a date or phrase begun before: *am⏎3. Oktober*.
fn is_date(before: &str, after: &str) -> bool {
    let mut words = after.split_whitespace().skip(1);
    words.next().is_some_and(|word| is_month(word.trim_end_matches(|c: char| !c.is_alphabetic())))
        && !before.ends_with(['.', ':', '!', '?'])
}

/// Whether the full stop of a line's last word calls for the next line: *Dr.⏎Weber, 3.⏎Oktober*.
fn is_cut_short(last_word: &str, after: &str, language: &str) -> bool {
    let Some(word) = last_word.strip_suffix('.') else { return false };
    let next = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    abbreviation(word, language) == Some(Abbreviation::Never)
        || word.len() <= 2 && word.chars().all(|c| c.is_ascii_digit()) && is_month(next)
}

/// Whether a line begins with a label: *Autor: unbekannt*.
fn is_labelled(line: &str) -> bool {
    line.split_once(':').is_some_and(|(label, rest)| {
        rest.starts_with(char::is_whitespace)
            && label.starts_with(char::is_uppercase)
            && label.len() <= 60
            && label.split_whitespace().count() <= 4
    })
}
