//! One place in a text where something is named.

use super::{Form, Label, Span};

/// A probability from 0 to 1 in thousandths, so that it prints, compares and hashes exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Score(u16);

impl Score {
    /// Rounds to three decimals; what lies outside 0 to 1 is clamped, and not-a-number is 0.
    pub fn new(value: f64) -> Self {
        // The cast saturates and takes NaN to 0.
        Self((value.clamp(0.0, 1.0) * 1000.0).round() as u16)
    }

    /// The value from 0 to 1.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl std::fmt::Display for Score {
    /// Three decimals, such as `0.950`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

/// What the `normalize` stage makes of a surface. Final only after resolving, which sees the whole corpus.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct NormalForm {
    /// Lossless readings that could be shown, best first and never empty: *Putins* gives *Putin* and *Putins*.
    pub candidates: Vec<String>,
    /// The title or role split off, such as *Präsident* or *Dr.*; empty if there is none.
    pub title_or_role: String,
    /// The full name used in this document that this short or inflected form stands for, if exactly one fits.
    pub chain: Option<String>,
}

impl NormalForm {
    /// The name it stands for: the full name of its document, or else its best reading.
    pub fn name(&self) -> Option<&str> {
        self.chain.as_ref().or(self.candidates.first()).map(String::as_str)
    }
}

/// A place in a text where something is named. Its surface is always `span.of(text)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Where it stands, inside one sentence.
    pub span: Span,
    /// What it names.
    pub label: Label,
    /// How likely span and label are both right.
    pub score: Score,
    /// Whether it is a name or only made from one.
    pub form: Form,
    /// Layer: what `normalize` made of it.
    pub normal: Option<NormalForm>,
}

impl Mention {
    /// A mention of a plain name with a score from 0 to 1, not yet normalised.
    pub fn new(span: Span, label: Label, score: f64) -> Self {
        Self { span, label, score: Score::new(score), form: Form::Name, normal: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_have_three_decimals_and_bounds() {
        assert_eq!(Score::new(0.94951).to_string(), "0.950");
        assert_eq!(Score::new(7.0).to_string(), "1.000");
        assert_eq!(Score::new(-1.0).value(), 0.0);
        assert_eq!(Score::new(f64::NAN).value(), 0.0);
    }
}
