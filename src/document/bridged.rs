//! A piece of text without the accidents of its layout, and the way back to where it came from.

use super::Span;
use std::ops::Range;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The text of a span as a recogniser should see it, with a map back to the original.
///
/// - A word broken over a line end is whole: *Ver-⏎teidigung* becomes *Verteidigung*. Before a capital the hyphen
///   stays (*Nord-⏎Korea* becomes *Nord-Korea*), as it does after capitals and digits (*US-⏎amerikanisch*); before
///   *und*, *oder* and the like it stays with a blank (*Vor-⏎und Nachteile*).
/// - Soft hyphens, zero-width characters and control characters are gone.
/// - A run of white space, line ends included, is one blank.
/// - Letters are composed (Unicode NFC).
///
/// Quotes, dashes and everything else stay as they are.
///
/// ```
/// use namenlese::{Span, document::Bridged};
/// let text = "Die Ver-\r\nteidigung von Ki-\n  ew";
/// let bridged = Bridged::new(text, Span::whole(text));
/// assert_eq!(bridged.text(), "Die Verteidigung von Kiew");
/// assert_eq!(bridged.span(21..25).of(text), "Ki-\n  ew");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bridged {
    text: String,
    /// In order; together they cover the bridged text without gaps.
    pieces: Vec<Piece>,
    /// What an empty text maps to.
    origin: Span,
}

/// A stretch of the bridged text and the stretch of the original it stands for. What was dropped lies between pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    bridged: Range<usize>,
    original: Range<usize>,
    /// Byte for byte the same; otherwise it can only be mapped as a whole.
    exact: bool,
}

impl Bridged {
    /// Bridges the piece of `text` that `span` covers. Linear in its length.
    pub fn new(text: &str, span: Span) -> Self {
        let source = span.of(text);
        let mut bridged =
            Self { text: String::with_capacity(source.len()), pieces: Vec::new(), origin: span };
        let mut at = 0;
        while let Some(c) = source[at..].chars().next() {
            let rest = &source[at..];
            let length = if let Some((length, kept)) = line_end_hyphen(&bridged.text, rest) {
                bridged.push(kept, at..at + length);
                length
            } else if c.is_whitespace() {
                let length = rest.len() - rest.trim_start().len();
                bridged.push_blank(at..at + length);
                length
            } else if is_invisible(c) {
                c.len_utf8()
            } else {
                let length = cluster(rest);
                if length == c.len_utf8() && c < '\u{300}' {
                    bridged.push_same(c, at);
                } else {
                    let composed: String =
                        rest[..length].chars().filter(|&c| !is_invisible(c)).nfc().collect();
                    bridged.push(&composed, at..at + length);
                }
                length
            };
            at += length;
        }
        // A long document has very many, each of a piece or two.
        bridged.pieces.shrink_to_fit();
        bridged
    }

    /// The bridged text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The span of the original that a byte range of the bridged text stands for, with everything that was dropped
    /// inside it. Ends inside a character are moved outwards, ends beyond the text to its end.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.ceil_char_boundary(range.end).max(start);
        let from = self.pieces.partition_point(|piece| piece.bridged.end <= start);
        let Some(first) = self.pieces.get(from).or(self.pieces.last()) else { return self.origin };
        let start_of = match first.exact {
            true => first.original.start + (start - first.bridged.start),
            false if start < first.bridged.end => first.original.start,
            false => first.original.end,
        };
        if start == end {
            return Span::between(start_of, start_of);
        }
        let to = self.pieces.partition_point(|piece| piece.bridged.start < end);
        let end_of = match to.checked_sub(1).map(|last| &self.pieces[last]) {
            Some(last) if last.exact => last.original.start + (end - last.bridged.start),
            Some(last) => last.original.end,
            None => start_of,
        };
        Span::between(start_of, end_of)
    }

    /// Adds `text` for a range of the source.
    fn push(&mut self, text: &str, source: Range<usize>) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        let offset = self.origin.start();
        self.pieces.push(Piece {
            bridged: start..self.text.len(),
            original: offset + source.start..offset + source.end,
            exact: false,
        });
    }

    /// Adds a blank for white space, or lets the blank just added stand for it too.
    fn push_blank(&mut self, source: Range<usize>) {
        match self.pieces.last_mut() {
            Some(piece) if self.text.ends_with(' ') => piece.original.end = self.origin.start() + source.end,
            _ => self.push(" ", source),
        }
    }

    /// Adds a character that stays as it is.
    fn push_same(&mut self, c: char, at: usize) {
        let start = self.text.len();
        self.text.push(c);
        let original = self.origin.start() + at;
        match self.pieces.last_mut() {
            Some(piece) if piece.exact && piece.original.end == original => {
                piece.bridged.end += c.len_utf8();
                piece.original.end += c.len_utf8();
            }
            _ => self.pieces.push(Piece {
                bridged: start..self.text.len(),
                original: original..original + c.len_utf8(),
                exact: true,
            }),
        }
    }
}

/// Characters without width: formatting, soft hyphens, controls other than white space.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
        || (c.is_control() && !c.is_whitespace())
}

/// Whether a character may melt into the one before it: combining marks, Hangul vowels and finals.
fn composes(c: char) -> bool {
    c >= '\u{300}' && (is_combining_mark(c) || ('\u{1160}'..='\u{11ff}').contains(&c))
}

/// How many bytes at the beginning of `rest` are one character with all that melts into it.
fn cluster(rest: &str) -> usize {
    let mut length = 0;
    for (at, c) in rest.char_indices() {
        if at == 0 || composes(c) {
            length = at + c.len_utf8();
        } else if !is_invisible(c) {
            break;
        }
    }
    length
}

/// Words before which a hyphen stands for a word left out: *Vor- und Nachteile*.
const AFTER_SUSPENDED_HYPHEN: &[&str] =
    &["und", "oder", "bzw", "sowie", "bis", "als", "noch", "beziehungsweise"];

/// If a word is broken at the beginning of `rest`: how many bytes of it the break takes, and what stands for them.
fn line_end_hyphen(before: &str, rest: &str) -> Option<(usize, &'static str)> {
    let hyphen = rest.chars().next().filter(|c| matches!(c, '-' | '\u{2010}' | '\u{ad}'))?;
    let mut letters = before.chars().rev();
    let last = letters.next().filter(|c| c.is_alphanumeric() || is_combining_mark(*c))?;
    let after = rest[hyphen.len_utf8()..].trim_start_matches(is_blank);
    let next_line =
        after.strip_prefix("\r\n").or_else(|| after.strip_prefix(['\n', '\r']))?.trim_start_matches(is_blank);
    let next = next_line.chars().next().filter(|c| c.is_alphanumeric())?;
    let length = rest.len() - next_line.len();
    let word = next_line.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let kept = if hyphen == '\u{ad}' {
        ""
    } else if AFTER_SUSPENDED_HYPHEN.contains(&word) {
        "- "
    } else if !next.is_lowercase() && next.to_lowercase().ne([next])
        || next.is_numeric()
        || last.is_numeric()
        || (last.is_uppercase() && letters.next().is_some_and(char::is_uppercase))
    {
        "-"
    } else {
        ""
    };
    Some((length, kept))
}

fn is_blank(c: char) -> bool {
    (c.is_whitespace() && !matches!(c, '\n' | '\r')) || is_invisible(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bridge(text: &str) -> String {
        Bridged::new(text, Span::whole(text)).text().to_owned()
    }

    #[test]
    fn broken_words_are_closed() {
        assert_eq!(bridge("Ver-\nteidigung"), "Verteidigung");
        assert_eq!(bridge("Ver- \r\n  teidigung"), "Verteidigung");
        assert_eq!(bridge("Ver-\rteidigung"), "Verteidigung");
        assert_eq!(bridge("Ver\u{ad}\nteidigung und Ab\u{ad}wehr"), "Verteidigung und Abwehr");
        assert_eq!(bridge("Nord-\nKorea"), "Nord-Korea");
        assert_eq!(bridge("US-\namerikanisch, 17-\njährig"), "US-amerikanisch, 17-jährig");
        assert_eq!(
            bridge("Vor-\nund Nachteile, Ein-\r\noder Ausgang"),
            "Vor- und Nachteile, Ein- oder Ausgang"
        );
        assert_eq!(bridge("Um-\nundung"), "Umundung");
        assert_eq!(bridge("Berlin -\nein Zwischenruf"), "Berlin - ein Zwischenruf");
        assert_eq!(bridge("Ende-\n\nanfang"), "Ende- anfang", "a paragraph ends here");
    }

    #[test]
    fn blanks_and_letters_are_made_plain() {
        assert_eq!(bridge("a\u{a0}b\t c\r\n\r\nd"), "a b c d");
        assert_eq!(bridge("Ko\u{308}ln"), "Köln");
        assert_eq!(bridge("\u{feff}Pu\u{200b}tin\u{1f}s"), "Putins");
        assert_eq!(bridge("„so“ »oder« ‚so‘ – …"), "„so“ »oder« ‚so‘ – …");
        assert_eq!(bridge("\u{1112}\u{1161}\u{11ab}"), "한");
    }

    #[test]
    fn ranges_map_to_all_they_stand_for() {
        let text = "In Mu\u{308}n-\n chen\u{ad}, dort";
        let span = Span::new(text, 3, text.len()).expect("a span");
        let bridged = Bridged::new(text, span);
        assert_eq!(bridged.text(), "München, dort");
        assert_eq!(bridged.span(0..8).of(text), "Mu\u{308}n-\n chen");
        assert_eq!(bridged.span(1..3).of(text), "u\u{308}");
        assert_eq!(bridged.span(2..3).of(text), "u\u{308}", "moved outwards");
        assert_eq!(bridged.span(8..9).of(text), ",");
        assert_eq!(bridged.span(90..99).of(text), "");
        let empty = Span::new(text, 2, 2).expect("a span");
        assert_eq!(Bridged::new(text, empty).span(0..0), empty);
    }

    proptest! {
        #[test]
        fn plain_text_stays(text in "[A-Za-zäöüß„“,.]{1,8}( [A-Za-zäöüß0-9.,!?-]{1,8}){0,8}") {
            prop_assert_eq!(bridge(&text), text);
        }

        #[test]
        fn every_range_maps_to_a_span_and_order_is_kept(
            text in "([a-zA-Z0-9ä가 .]|-|\n|\r\n|\u{ad}|\u{a0}|\u{308}|\u{200b}|\u{212b}|\u{1112}\u{1161}|und ){0,30}",
            start in 0usize..40, length in 0usize..40,
        ) {
            let bridged = Bridged::new(&text, Span::whole(&text));
            let span = bridged.span(start..start + length);
            prop_assert!(Span::new(&text, span.start(), span.end()).is_ok());
            let wider = bridged.span(start.saturating_sub(1)..start + length + 1);
            prop_assert!(wider.start() <= span.start() && span.end() <= wider.end());
            let mut last = 0;
            for (at, c) in bridged.text().char_indices() {
                let one = bridged.span(at..at + c.len_utf8());
                prop_assert!(Span::new(&text, one.start(), one.end()).is_ok());
                prop_assert!(!one.is_empty());
                prop_assert!(last <= one.start(), "{:?}", bridged);
                last = one.start();
            }
            let again = bridge(bridged.text());
            prop_assert_eq!(again, bridged.text());
        }
    }
}
