//! Places in a text.

use crate::{Error, ErrorKind};

/// A half-open range of bytes of a text that begins and ends on character boundaries.
///
/// Ordered by start, then by end.
///
/// ```
/// use namenlese::Span;
/// let text = "In Köln";
/// let span = Span::new(text, 3, 8)?;
/// assert_eq!(span.of(text), "Köln");
/// assert!(Span::new(text, 5, 8).is_err(), "inside the ö");
/// # Ok::<(), namenlese::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The span from byte `start` to before byte `end` of `text`.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] if the range is backwards, leaves the text or cuts a character.
    pub fn new(text: &str, start: usize, end: usize) -> Result<Self, Error> {
        match text.get(start..end) {
            Some(_) => Ok(Self { start, end }),
            None => {
                let cut = [start, end].into_iter().find(|&at| at <= text.len() && !text.is_char_boundary(at));
                let why = cut.map(|at| format!("; byte {at} is inside a character")).unwrap_or_default();
                let message =
                    format!("bytes {start}..{end} are not a span of a text of {} bytes{why}", text.len());
                Err(Error::new(ErrorKind::Invalid, message))
            }
        }
    }

    /// A span between two offsets already known to be character boundaries, in order.
    pub(super) fn between(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start, end }
    }

    /// The whole of a text.
    pub fn whole(text: &str) -> Self {
        Self { start: 0, end: text.len() }
    }

    /// The first byte.
    pub fn start(self) -> usize {
        self.start
    }

    /// The byte after the last.
    pub fn end(self) -> usize {
        self.end
    }

    /// How many bytes it covers.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The piece of `text` it covers. For a text it was not made for, the piece may be empty.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether `other` lies inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether both share at least one byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// This span without the white space at its ends.
    #[must_use]
    pub fn trimmed(self, text: &str) -> Self {
        let piece = self.of(text);
        let start = self.start + (piece.len() - piece.trim_start().len());
        Self { start, end: start + piece.trim().len() }
    }
}

/// Converts between byte offsets and counts of Unicode code points of one text, both ways, in logarithmic time.
///
/// ```
/// use namenlese::document::CodePoints;
/// let points = CodePoints::new("Ü-Wagen");
/// assert_eq!(points.of_byte(3), 2);
/// assert_eq!(points.to_byte(2), Some(3));
/// assert_eq!(points.to_byte(99), None);
/// ```
#[derive(Debug)]
pub struct CodePoints<'t> {
    text: &'t str,
    /// Byte offset of every `STRIDE`th code point.
    marks: Vec<usize>,
    total: usize,
}

const STRIDE: usize = 64;

impl<'t> CodePoints<'t> {
    /// Reads the text once.
    pub fn new(text: &'t str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut total = 0;
        for (byte, _) in text.char_indices() {
            if total % STRIDE == 0 {
                marks.push(byte);
            }
            total += 1;
        }
        Self { text, marks, total }
    }

    /// How many code points the text has.
    pub fn total(&self) -> usize {
        self.total
    }

    /// How many code points stand before byte `offset`; past the end, all of them.
    pub fn of_byte(&self, offset: usize) -> usize {
        let after = self.marks.partition_point(|&mark| mark <= offset);
        let Some(block) = after.checked_sub(1) else { return 0 };
        let from = self.marks[block];
        block * STRIDE + self.text[from..].char_indices().take_while(|(at, _)| from + at < offset).count()
    }

    /// The byte at which code point number `point` begins (or the text ends), if there is one.
    pub fn to_byte(&self, point: usize) -> Option<usize> {
        if point == self.total {
            return Some(self.text.len());
        }
        let from = *self.marks.get(point / STRIDE)?;
        self.text[from..].char_indices().nth(point % STRIDE).map(|(at, _)| from + at)
    }

    /// The span between two code points, half-open.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] if there is no such range in the text.
    pub fn span(&self, start: usize, end: usize) -> Result<Span, Error> {
        match (self.to_byte(start), self.to_byte(end)) {
            (Some(from), Some(to)) if from <= to => Span::new(self.text, from, to),
            _ => Err(Error::new(
                ErrorKind::Invalid,
                format!("characters {start}..{end} are not a span of a text of {} characters", self.total),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn code_points_convert_both_ways(text in "\\PC{0,300}") {
            let points = CodePoints::new(&text);
            prop_assert_eq!(points.total(), text.chars().count());
            for (count, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(points.of_byte(byte), count);
                prop_assert_eq!(points.to_byte(count), Some(byte));
            }
            prop_assert_eq!(points.of_byte(text.len()), points.total());
            prop_assert_eq!(points.to_byte(points.total()), Some(text.len()));
        }

        #[test]
        fn a_span_that_was_made_slices(text in "\\PC{0,40}", start in 0usize..90, end in 0usize..90) {
            if let Ok(span) = Span::new(&text, start, end) {
                prop_assert_eq!(span.of(&text), &text[start..end]);
                let trimmed = span.trimmed(&text);
                prop_assert!(span.contains(trimmed));
                prop_assert_eq!(trimmed.of(&text), text[start..end].trim());
            }
        }
    }
}
