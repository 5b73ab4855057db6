//! Mentions against gold data: strict and partial scores by label, which labels are confused, and the commonest errors.

mod errors;
mod read;
mod tags;

pub use errors::{Confusion, Mistake, MistakeKind};
pub use read::read;
pub use tags::names_of_tags;

use super::Scores;
use crate::{Form, Label, Result, Span, recognize::Recognize, segment};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// A name in gold data or among what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// Where it stands in its document's text.
    pub span: Span,
    /// What it names.
    pub label: Label,
}

/// A text with its names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GoldDocument {
    /// The text: as it came, or put together from words, a sentence a line.
    pub text: String,
    /// Sentences with their words, where the data has them.
    pub sentences: Option<Vec<(Span, Vec<Span>)>>,
    /// The names, in text order.
    pub names: Vec<Name>,
}

/// Gold data as it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gold {
    /// The documents in order.
    pub documents: Vec<GoldDocument>,
    /// Labels that are none of ours, and how often they were read as O.
    pub left_out: BTreeMap<String, u64>,
}

/// How often something was found, is right, and both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found and right.
    pub both: u64,
    /// Found.
    pub found: u64,
    /// Right.
    pub gold: u64,
}

impl Counts {
    /// The scores that follow.
    pub fn scores(self) -> Scores {
        Scores::of_counts(self.both, self.found, self.gold)
    }
}

/// The counts of one label.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Same borders, same label.
    pub strict: Counts,
    /// At least a character in common, same label. Here a wide name may meet several, so precision and recall have
    /// counts of their own.
    pub partial_found: u64,
    /// Names of the gold data that something of the same label was found on.
    pub partial_gold: u64,
}

impl Tally {
    /// Scores where any overlap is enough.
    pub fn partial(self) -> Scores {
        let share = |part: u64, of: u64| if of > 0 { part as f64 / of as f64 } else { 0.0 };
        Scores::new(share(self.partial_found, self.strict.found), share(self.partial_gold, self.strict.gold))
    }

    fn add(&mut self, other: &Self) {
        self.strict.both += other.strict.both;
        self.strict.found += other.strict.found;
        self.strict.gold += other.strict.gold;
        self.partial_found += other.partial_found;
        self.partial_gold += other.partial_gold;
    }
}

/// Counts of names that were found in gold data.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// By label.
    pub labels: BTreeMap<Label, Tally>,
    /// How many sentences were read.
    pub sentences: u64,
    /// How many words they have.
    pub tokens: u64,
    /// Which label was found where another is right.
    pub confusion: Confusion,
    /// What went wrong, the commonest first.
    pub mistakes: Vec<Mistake>,
}

/// A report in the form of `evaluate ner --json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Strict scores over all labels.
    pub micro: Scores,
    /// Strict scores by label.
    pub labels: BTreeMap<&'static str, Scores>,
    /// How many sentences were read.
    pub sentences: u64,
    /// How many words they have.
    pub tokens: u64,
}

impl Report {
    /// Counts over all labels.
    pub fn micro(&self) -> Tally {
        let mut all = Tally::default();
        self.labels.values().for_each(|tally| all.add(tally));
        all
    }

    /// Precision, recall and F1.
    pub fn figures(&self) -> Figures {
        let scores = |(label, tally): (&Label, &Tally)| (label.as_str(), tally.strict.scores());
        Figures {
            micro: self.micro().strict.scores(),
            labels: self.labels.iter().map(scores).collect(),
            sentences: self.sentences,
            tokens: self.tokens,
        }
    }

    /// Adds what was found in one text.
    pub fn add(&mut self, text: &str, gold: &[Name], found: &[Name]) {
        let (right, said): (HashSet<_>, HashSet<_>) = (gold.iter().collect(), found.iter().collect());
        let meets = |one: &&&Name, others: &[Name]| {
            others.iter().any(|other| other.label == one.label && other.span.overlaps(one.span))
        };
        for (label, tally) in &mut self.labels {
            let of = |names: &HashSet<&Name>| names.iter().filter(|name| name.label == *label).count() as u64;
            tally.strict.found += of(&said);
            tally.strict.gold += of(&right);
            tally.strict.both += said.intersection(&right).filter(|name| name.label == *label).count() as u64;
            let partly = |names: &HashSet<&Name>, others: &[Name]| {
                names.iter().filter(|name| name.label == *label && meets(name, others)).count() as u64
            };
            tally.partial_found += partly(&said, gold);
            tally.partial_gold += partly(&right, found);
        }
        errors::add(&mut self.confusion, &mut self.mistakes, text, gold, found);
    }
}

/// Runs a recogniser over gold data and counts, for some labels.
///
/// Words of the data, where it has them, are given to the recogniser as its words, so that both mean the same by a
/// border; sentences likewise. What is derived from a name or only holds one counts as no name, on both sides. All
/// texts are taken to be in `language`.
///
/// # Errors
/// Those of the recogniser.
pub fn evaluate(
    documents: &[GoldDocument],
    recognizer: &Recognize,
    labels: &[Label],
    language: &str,
) -> Result<Report> {
    let run = |document: &GoldDocument| {
        let text = &document.text;
        let (sentences, words): (Vec<Span>, Vec<Span>) = match &document.sentences {
            Some(sentences) => (
                sentences.iter().map(|(span, _)| *span).collect(),
                sentences.iter().flat_map(|(_, words)| words).copied().collect(),
            ),
            None => {
                let sentences = segment::sentences(text, Span::whole(text), language);
                let words = sentences.iter().flat_map(|&span| segment::tokens(text, span)).collect();
                (sentences, words)
            }
        };
        let given = document.sentences.as_ref().map(|_| words.as_slice());
        let mentions = recognizer.mentions(text, &sentences, |_| language, given)?;
        let found: Vec<Name> = mentions
            .iter()
            .filter(|mention| mention.form == Form::Name)
            .map(|mention| Name { span: mention.span, label: mention.label })
            .collect();
        Ok((found, sentences.len() as u64, words.len() as u64))
    };
    let done = documents.par_iter().map(run).collect::<Result<Vec<_>>>()?;
    let labels = if labels.is_empty() { &Label::ALL[..] } else { labels };
    let mut report = Report::default();
    report.labels.extend(labels.iter().map(|&label| (label, Tally::default())));
    let asked = |names: &[Name]| -> Vec<Name> {
        names.iter().filter(|name| labels.contains(&name.label)).copied().collect()
    };
    for (document, (found, sentences, tokens)) in documents.iter().zip(done) {
        report.sentences += sentences;
        report.tokens += tokens;
        report.add(&document.text, &asked(&document.names), &asked(&found));
    }
    errors::sort(&mut report.mistakes);
    Ok(report)
}
