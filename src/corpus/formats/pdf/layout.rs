//! From letters at their places to lines and paragraphs.

use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};
use std::io;

/// Of a letter's size: a gap in a line that is a blank, a step down that is a line, and one that is more than a line.
const BLANK: f64 = 0.1;
const LINE: f64 = 0.5;
const PARAGRAPH: f64 = 1.5;
/// How much wider than between lines the step between paragraphs is.
const WIDER: f64 = 1.25;
/// Of the widest line of a page: a line that ends further left may be the last of its paragraph.
const FULL: f64 = 0.85;
/// So many full lines tell how far apart lines are set.
const FEW: usize = 4;

/// The text of one page, as long as there is room and time for it.
pub(super) struct Page<'l> {
    lines: Vec<Line>,
    length: u64,
    most: u64,
    late: &'l dyn Fn() -> bool,
    begins: bool,
    /// Where the next letter stands if it belongs to the word.
    end: f64,
    y: f64,
}

#[derive(Default)]
struct Line {
    text: String,
    /// How far below the line before it is, in sizes of its letters; 0 if it is beside it.
    step: f64,
    end: f64,
}

impl<'l> Page<'l> {
    pub fn new(most: u64, late: &'l dyn Fn() -> bool) -> Self {
        Self { lines: vec![Line::default()], length: 0, most, late, begins: false, end: f64::MAX, y: 0.0 }
    }

    pub fn is_full(&self) -> bool {
        self.length > self.most
    }

    pub fn text(&self) -> String {
        let paragraph = self.paragraph();
        let mut text = String::new();
        for line in &self.lines {
            if !text.is_empty() {
                text.push_str(if line.step > paragraph { "\n\n" } else { "\n" });
            }
            text.push_str(&line.text);
        }
        text
    }

    /// The step that parts paragraphs: lines may be set far apart, too, as is told by the steps below full lines.
    fn paragraph(&self) -> f64 {
        let widest = self.lines.iter().map(|line| line.end).fold(0.0, f64::max);
        let pairs = self.lines.iter().zip(self.lines.iter().skip(1));
        let below_full = pairs.filter(|(above, below)| above.end > FULL * widest && below.step > 0.0);
        let mut steps: Vec<f64> = below_full.map(|(_, below)| below.step).collect();
        steps.sort_by(f64::total_cmp);
        let usual = steps.get(steps.len() / 2).filter(|_| steps.len() >= FEW);
        usual.map_or(PARAGRAPH, |step| PARAGRAPH.max(WIDER * step))
    }
}

impl OutputDev for Page<'_> {
    fn begin_page(
        &mut self,
        _: u32,
        _: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _: f64,
        size: f64,
        letter: &str,
    ) -> Result<(), OutputError> {
        self.length += letter.len() as u64;
        if self.is_full() || (self.late)() {
            return Err(OutputError::IoError(io::ErrorKind::QuotaExceeded.into()));
        }
        let size = (size * size * (place.m11 + place.m21) * (place.m12 + place.m22)).abs().sqrt();
        let (x, y) = (place.m31, place.m32);
        if self.begins {
            let step = (y - self.y).abs() / size;
            let goes_back = x < self.end && step > LINE;
            if goes_back || step > PARAGRAPH {
                let step = if goes_back { step } else { 0.0 };
                self.lines.push(Line { step, ..Line::default() });
            }
            if x > self.end + size * BLANK
                && letter != " "
                && let Some(line) = self.lines.last_mut()
                && !line.text.ends_with(' ')
            {
                line.text.push(' ');
            }
        }
        (self.begins, self.y, self.end) = (false, y, x + width * size);
        if let Some(line) = self.lines.last_mut() {
            line.text.push_str(letter);
            line.end = line.end.max(self.end);
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.begins = true;
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of this length at these distances below one another, as a page of letters of size 10.
    fn page(lines: &[(&str, f64)]) -> String {
        let in_time = || false;
        let mut page = Page::new(1000, &in_time);
        let mut y = 800.0;
        for (line, step) in lines {
            y -= step;
            page.begin_word().expect("nothing to fail");
            for (at, letter) in line.chars().enumerate() {
                let place = Transform::row_major(1.0, 0.0, 0.0, 1.0, 50.0 + 5.0 * at as f64, y);
                page.output_character(&place, 0.5, 0.0, 10.0, &letter.to_string()).expect("room");
            }
        }
        page.text()
    }

    #[test]
    fn paragraphs_are_parted_by_more_than_their_lines() {
        let close = [("aaaa aaaa", 0.0), ("bbbb", 12.0), ("cccc", 18.0), ("dddd", 12.0)];
        assert_eq!(page(&close), "aaaa aaaa\nbbbb\n\ncccc\ndddd");
        let (full, wide) = ("aaaa aaaa aaaa", 18.0);
        let far =
            [(full, 0.0), (full, wide), (full, wide), ("bb", wide), (full, 26.0), (full, wide), (full, wide)];
        assert_eq!(page(&far).matches("\n\n").count(), 1);
        let alone = [("aaaa aaaa aaaa", 0.0), ("bb", wide), ("cccc", wide), ("dd", wide), ("eee", wide)];
        assert_eq!(page(&alone).matches("\n\n").count(), 4, "each is a paragraph of its own");
    }

    #[test]
    fn gaps_are_blanks_and_there_is_an_end_to_everything() {
        let late = || true;
        let place = Transform::row_major(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        assert!(Page::new(1000, &late).output_character(&place, 0.5, 0.0, 10.0, "a").is_err());
        let in_time = || false;
        let mut page = Page::new(3, &in_time);
        for (x, letter) in [(0.0, "a"), (5.0, "b"), (11.5, "c")] {
            page.begin_word().expect("nothing to fail");
            let place = Transform::row_major(1.0, 0.0, 0.0, 1.0, x, 0.0);
            page.output_character(&place, 0.5, 0.0, 10.0, letter).expect("room");
        }
        assert_eq!(page.text(), "ab c");
        assert!(page.output_character(&place, 0.5, 0.0, 10.0, "d").is_err() && page.is_full());
    }
}
