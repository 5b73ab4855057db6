//! Sentence ends inside running text: UAX #29's idea of terminators, closers and what follows, with the German rules
//! for full stops on top.

use super::words::{
    Abbreviation, abbreviation, calls_for_ordinal, is_month, knows_starters, starts_sentences, takes_label,
};
use std::ops::Range;

/// A bracket that holds more bytes than this is not looked through.
const LONGEST_BRACKET: usize = 300;
/// A quotation inside a sentence that is longer than this is text of its own.
const LONGEST_QUOTATION: usize = 150;

/// The byte ranges of the sentences of `stretch`, untrimmed and without gaps.
pub(super) fn split(text: &str, stretch: Range<usize>, language: &str) -> Vec<Range<usize>> {
    let Some(source) = text.get(stretch.clone()) else { return Vec::new() };
    let mut scan = Scan {
        text: source,
        language,
        sentence: 0,
        inside: 0,
        searched: [0; 2],
        small: !source.contains(char::is_uppercase),
    };
    let mut sentences = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let next = at + c.len_utf8();
        match c {
            '(' | '[' | '„' | '“' | '"' | '»' | '«' | '‚' | '›' | '‹' => scan.open(at, c),
            _ => {}
        }
        let end = match c {
            '.' | '!' | '?' | '…' => scan.end_after(at),
            ')' | ']' => scan.end_after_bracket(next),
            ';' if language == "el" => scan.end_after(at),
            _ if !c.is_ascii() && is_terminator(c) => scan.end_after(at),
            _ => Verdict::Goes(next),
        };
        at = match end {
            Verdict::Goes(to) => to.max(next),
            Verdict::Ends(to) => {
                sentences.push(stretch.start + scan.sentence..stretch.start + to);
                scan.sentence = to;
                to.max(next)
            }
        };
    }
    sentences.push(stretch.start + scan.sentence..stretch.end);
    sentences
}

/// What the scanner makes of a place, with the offset to go on at.
enum Verdict {
    Goes(usize),
    Ends(usize),
}

struct Scan<'t> {
    text: &'t str,
    language: &'t str,
    /// Where the present sentence begins.
    sentence: usize,
    /// Up to here a bracket or quotation inside the sentence hides every terminator.
    inside: usize,
    /// Up to here no closing bracket and no closing quotation mark was found; keeps the work linear.
    searched: [usize; 2],
    /// Whether there are no capitals at all, so that none can begin a sentence.
    small: bool,
}

impl Scan<'_> {
    /// A bracket or quotation that opens in the middle of a sentence hides the terminators in it.
    fn open(&mut self, at: usize, c: char) {
        let before = self.text[self.sentence..at].trim_end();
        let after = &self.text[at + c.len_utf8()..];
        let is_bracket = matches!(c, '(' | '[');
        if at < self.inside || before.is_empty() || before.ends_with(':') && !is_bracket {
            return;
        }
        let closers: &[char] = match c {
            '(' => &[')'],
            '[' => &[']'],
            '„' => &['“', '”', '"'],
            '‚' => &['‘', '’'],
            // The others can open and close.
            _ if before.len() == at - self.sentence || after.starts_with(char::is_whitespace) => return,
            '“' => &['”'],
            '"' => &['"'],
            '»' => &['«'],
            '«' => &['»'],
            '›' => &['‹'],
            _ => &['›'],
        };
        let (limit, searched) = match is_bracket {
            true => (LONGEST_BRACKET, &mut self.searched[0]),
            false => (LONGEST_QUOTATION, &mut self.searched[1]),
        };
        if at < *searched {
            return;
        }
        let window = &after[..after.floor_char_boundary(limit)];
        match window.find(closers) {
            // The mark itself may end the sentence: *… nannte es „falsch.“ Dann …*
            Some(length) => self.inside = at + c.len_utf8() + length - usize::from(!is_bracket && length > 0),
            None => *searched = at + limit / 2,
        }
    }

    /// What a terminator at `at` means.
    fn end_after(&self, at: usize) -> Verdict {
        let run = self.text[at..].find(|c| !is_terminator(c) && c != '.').unwrap_or(self.text.len() - at);
        let run = if self.language == "el" && run == 0 { 1 } else { run };
        let marks = &self.text[at..at + run];
        let closed = at + run + closers(&self.text[at + run..]);
        if closed <= self.inside {
            return Verdict::Goes(at + run);
        }
        if closed == self.text.len() {
            return Verdict::Ends(closed);
        }
        let after = Following::new(&self.text[closed..]);
        let closers = &self.text[at + run..closed];
        if !after.blank {
            // Only scripts that write no blanks go on at once.
            let ends = marks.chars().all(is_wide_terminator)
                && (closers.is_empty() || marks.starts_with('。'))
                && after.word_start.is_some();
            return if ends { Verdict::Ends(closed) } else { Verdict::Goes(at + run) };
        }
        let ends = match marks.chars().all(|c| c == '.' || c == '…') {
            true if marks == "." => self.full_stop_ends(at, closers, &after),
            true => self.ellipsis_ends(at, closers, &after),
            false => {
                after.may_begin_sentence()
                    && !(closers.contains([')', ']']) && self.bracket_is_inside(closed))
            }
        };
        if ends { Verdict::Ends(closed) } else { Verdict::Goes(at + run) }
    }

    /// A whole sentence in brackets ends with them, even without a full stop: *Das ist wahr. (Beifall) Weiter …*
    fn end_after_bracket(&self, end: usize) -> Verdict {
        let sentence = self.text[self.sentence..end].trim_start();
        let after = Following::new(&self.text[end..]);
        let whole = sentence.len() < LONGEST_BRACKET
            && sentence.starts_with(['(', '['])
            && sentence.chars().filter(|&c| matches!(c, '(' | '[')).count()
                == sentence.chars().filter(|&c| matches!(c, ')' | ']')).count()
            && sentence.chars().filter(|c| c.is_alphabetic()).count() > 2;
        if whole && after.blank && after.first.is_some_and(char::is_uppercase) && !after.dash {
            return Verdict::Ends(end);
        }
        Verdict::Goes(end)
    }

    /// Whether the bracket that closes before `end` opened in the middle of the sentence.
    fn bracket_is_inside(&self, end: usize) -> bool {
        end <= self.inside + 1 && self.inside > 0
    }

    fn ellipsis_ends(&self, at: usize, closers: &str, after: &Following<'_>) -> bool {
        if !after.may_begin_sentence() {
            return false;
        }
        let before = &self.text[self.sentence..at];
        if closers.is_empty() && before.trim_end().is_empty() {
            return false;
        }
        let attached = !before.ends_with(char::is_whitespace);
        attached || !knows_starters(self.language) || starts_sentences(after.word(), self.language)
    }

    /// Whether a single full stop at `at`, followed by closers and a blank, ends the sentence.
    fn full_stop_ends(&self, at: usize, closers: &str, after: &Following<'_>) -> bool {
        let before = &self.text[self.sentence..at];
        let token = before.rsplit(is_gap).next().unwrap_or_default();
        let core = token.trim_start_matches(|c: char| !c.is_alphanumeric());
        let leading = before[..before.len() - token.len()].trim_end_matches(is_gap);
        let previous = leading.rsplit(is_gap).next().unwrap_or_default();
        let previous = previous.trim_start_matches(|c: char| !c.is_alphanumeric());
        let starter = starts_sentences(after.word(), self.language);
        let german = self.language == "de";

        if after.first.is_some_and(char::is_lowercase) {
            return self.ends_before_small(core, closers, after);
        }
        if !after.may_begin_sentence() {
            return false;
        }
        if core.is_empty()
            || !closers.is_empty() && closers.contains(['“', '”', '«', '»', '"', '‘', '‹', '›'])
        {
            return true;
        }
        if core.chars().all(|c| c.is_ascii_digit()) {
            return !german || ends_after_number(core, previous, leading.is_empty(), after, starter);
        }
        if !core.contains(char::is_alphabetic) {
            // 12.30, 0,85, 12.03.2021: a number with a full stop of its own is no ordinal; 1.1. may be a heading's.
            let is_date =
                core.split('.').all(|part| part.len() <= 2 && part.chars().all(|c| c.is_ascii_digit()));
            let goes_on = after.digit && german && is_date;
            return !leading.is_empty() && !goes_on && !is_month(after.word());
        }
        let spaced = spaced_abbreviation(before, core);
        let known = spaced
            .as_deref()
            .and_then(|word| abbreviation(word, self.language))
            .or_else(|| abbreviation(core, self.language))
            .or_else(|| abbreviation(core.rsplit(['-', '/']).next().unwrap_or_default(), self.language));
        match known {
            Some(Abbreviation::Final) => return !after.dash && !after.digit,
            Some(Abbreviation::Maybe) => return starter && !after.dash,
            Some(Abbreviation::Number) if after.digit || is_roman(after.word()) => return false,
            Some(Abbreviation::Never) if !is_roman(core) => {
                // A lone letter such as S. is an initial as well.
                return core.chars().count() == 1
                    && spaced.is_none()
                    && starter
                    && ends_with_initial(previous);
            }
            _ => {}
        }
        if german && is_roman(core) {
            return !leading.is_empty() && starter;
        }
        if is_initial(core) {
            let part_of_name =
                leading.is_empty() || previous.ends_with('.') && is_initial(previous.trim_end_matches('.'));
            return !part_of_name && (starter || takes_label(previous) && german);
        }
        if is_dotted(core) || is_clipped(core) {
            return starter && !after.dash;
        }
        if german && (core.ends_with("str") || core.ends_with("strasse")) && core.len() > 5 {
            return starter;
        }
        true
    }

    /// Whether a full stop after `core` ends the sentence though the next letter is small: *Er geht. iPhones bleiben.*
    fn ends_before_small(&self, core: &str, closers: &str, after: &Following<'_>) -> bool {
        let is_word = core.chars().filter(|c| c.is_alphabetic()).count() > 2
            && core.chars().all(char::is_alphabetic)
            && abbreviation(core, self.language).is_none()
            && !is_clipped(core);
        if !is_word || !closers.is_empty() {
            return false;
        }
        let mut letters = after.word().chars().skip(1);
        let camel =
            letters.next().is_some_and(char::is_uppercase) || letters.next().is_some_and(char::is_uppercase);
        let particle = matches!(after.word(), "von" | "van" | "de" | "zu" | "di" | "al" | "bin" | "ibn")
            && after.rest_of_words().starts_with(char::is_uppercase);
        camel || particle || self.small
    }
}

/// Whether the full stop after a whole number ends a German sentence before a capital or digit.
fn ends_after_number(
    number: &str,
    previous: &str,
    alone: bool,
    after: &Following<'_>,
    starter: bool,
) -> bool {
    if alone {
        // *1. Der Vorstand …* is a list item.
        return false;
    }
    let previous = previous.trim_end_matches('.');
    if takes_label(previous) {
        return !(after.first.is_some_and(char::is_uppercase) && previous == "Punkt" && starter);
    }
    if after.digit {
        return number.len() > 2;
    }
    if is_month(after.word()) {
        return false;
    }
    if number.len() > 3 {
        return true;
    }
    starter || number.len() == 3 && !calls_for_ordinal(previous)
}

/// What stands after a terminator and its closers.
struct Following<'t> {
    /// From the first letter or digit on.
    rest: &'t str,
    /// Whether white space comes first.
    blank: bool,
    /// Whether a dash with a blank comes before the word.
    dash: bool,
    /// Whether an opening mark comes before the word.
    opened: bool,
    first: Option<char>,
    digit: bool,
    word_start: Option<char>,
}

impl<'t> Following<'t> {
    fn new(after: &'t str) -> Self {
        let blank = after.starts_with(is_gap);
        let mut rest = after.trim_start();
        let word_start = rest.chars().next();
        let (mut dash, mut opened) = (false, false);
        while let Some(c) = rest.chars().next() {
            match c {
                '–' | '—' | '-' => dash = true,
                '„' | '“' | '"' | '‚' | '‘' | '\'' | '»' | '«' | '›' | '‹' | '(' | '[' | '¿' | '¡' | '•'
                | '「' | '『' => {
                    opened = true;
                }
                c if c.is_whitespace() && (dash || opened) => {}
                _ => break,
            }
            rest = &rest[c.len_utf8()..];
        }
        let first = rest.chars().next();
        Self { rest, blank, dash, opened, first, digit: first.is_some_and(char::is_numeric), word_start }
    }

    /// The word after the terminator.
    fn word(&self) -> &'t str {
        let end = self.rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(self.rest.len());
        &self.rest[..end]
    }

    /// What follows that word and a blank.
    fn rest_of_words(&self) -> &'t str {
        self.rest[self.word().len()..].trim_start()
    }

    /// Whether it can be the beginning of a sentence as far as its first letters show.
    fn may_begin_sentence(&self) -> bool {
        match self.first {
            None => false,
            Some(c) if c.is_lowercase() => {
                let mut letters = self.word().chars().skip(1);
                !self.dash && !self.opened && letters.next().is_some_and(char::is_uppercase)
            }
            Some(c) => {
                c.is_alphanumeric() || matches!(c, '§' | '…' | '.' | '*' | '@' | '#' | '&' | '€' | '$' | '/')
            }
        }
    }
}

/// How many bytes of closing quotes and brackets stand at the beginning of `rest`.
fn closers(rest: &str) -> usize {
    let is_closer = |c| {
        matches!(
            c,
            ')' | ']'
                | '}'
                | '“'
                | '”'
                | '"'
                | '‘'
                | '’'
                | '\''
                | '»'
                | '«'
                | '›'
                | '‹'
                | '」'
                | '』'
                | '）'
        )
    };
    let length = rest.find(|c| !is_closer(c)).unwrap_or(rest.len());
    // French sets a blank before its closing mark: « Oui ! »
    let spaced = rest[length..].trim_start_matches(['\u{a0}', '\u{202f}', ' ']);
    match spaced.strip_prefix('»') {
        Some(after) if length == 0 && !after.starts_with(char::is_alphanumeric) => rest.len() - after.len(),
        _ => length,
    }
}

fn is_terminator(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '…'
            | '‼'
            | '⁇'
            | '⁈'
            | '⁉'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '։'
            | '።'
            | '၊'
            | '။'
            | '។'
            | '‽'
    ) || is_wide_terminator(c)
}

/// Terminators of scripts without blanks.
fn is_wide_terminator(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '．' | '｡')
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// *II, XIV, V*, but no letter that is more often an initial.
fn is_roman(word: &str) -> bool {
    !word.is_empty()
        && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L'))
        && (word.len() > 1 || word != "L")
}

/// *J, Ch, H.-J, J.R*
fn is_initial(word: &str) -> bool {
    word.split(['.', '-']).filter(|part| !part.is_empty()).all(|part| {
        let mut letters = part.chars();
        let first = letters.next().is_some_and(char::is_uppercase);
        first && (letters.as_str().is_empty() || matches!(part, "Ch" | "Th" | "Sch" | "Ph"))
    })
}

/// Whether an initial as a whole name can stand after this word: it is a word itself.
fn ends_with_initial(previous: &str) -> bool {
    previous.chars().count() > 2 && previous.starts_with(char::is_uppercase) && !previous.ends_with('.')
}

/// *Ges.m.b.H, z.B*: short parts between full stops, one of them a single letter.
fn is_dotted(word: &str) -> bool {
    word.contains('.')
        && word
            .split('.')
            .all(|part| (1..=3).contains(&part.chars().count()) && part.chars().all(char::is_alphabetic))
        && word.split('.').any(|part| part.chars().count() == 1)
}

/// A small letter alone or a short word without vowels is no word: *Vwz., bzgl.*
fn is_clipped(word: &str) -> bool {
    let is_vowel = |c: char| "aeiouyäöüáéíóúàèìòùâêîôûåæøœ".contains(c);
    word.chars().all(char::is_alphabetic)
        && word.is_ascii()
        && word.len() <= 5
        && word.chars().skip(usize::from(word.len() > 1)).any(char::is_lowercase)
        && !word.to_lowercase().contains(is_vowel)
        || word.chars().count() == 1 && word.chars().all(char::is_lowercase)
}

/// An abbreviation of several short words, written without its blanks: *z. B* gives *z.B*.
fn spaced_abbreviation(before: &str, core: &str) -> Option<String> {
    let mut parts = vec![core];
    let mut rest = before.strip_suffix(core)?;
    while parts.len() < 5 {
        let Some(shorter) = rest.trim_end_matches(is_gap).strip_suffix('.') else { break };
        let part = shorter.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        if part.is_empty() || part.chars().count() > 3 || core.chars().count() > 4 {
            break;
        }
        parts.push(part);
        rest = &shorter[..shorter.len() - part.len()];
    }
    (parts.len() > 1).then(|| {
        parts.reverse();
        parts.join(".")
    })
}
