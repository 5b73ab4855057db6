//! Precision, recall and F1 of recognised mentions and of resolved names against gold data.

pub mod names;
pub mod ner;

use serde::Serialize;

/// Precision, recall and their harmonic mean, each from 0 to 1; 0 where nothing was found or there is nothing to find.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Scores {
    /// How much of what was found is right.
    pub precision: f64,
    /// How much of what is right was found.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

impl Scores {
    /// From precision and recall.
    pub fn new(precision: f64, recall: f64) -> Self {
        let sum = precision + recall;
        Self { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
    }

    /// From counts of what was found and right, found, and right.
    ///
    /// ```
    /// use namenlese::evaluate::Scores;
    /// assert_eq!(Scores::of_counts(3, 4, 6), Scores::new(0.75, 0.5));
    /// assert_eq!(Scores::of_counts(0, 0, 6).f1, 0.0);
    /// ```
    pub fn of_counts(both: u64, found: u64, right: u64) -> Self {
        let share = |of: u64| if of > 0 { both as f64 / of as f64 } else { 0.0 };
        Self::new(share(found), share(right))
    }
}
