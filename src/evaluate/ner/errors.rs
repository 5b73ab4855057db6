//! Which names were missed, invented, cut wrongly or taken for something else.

use super::Name;
use crate::{Label, Span};
use std::collections::BTreeMap;

/// How often which label was found (the second; `None`: nothing) where which is right (the first; `None`: no name).
pub type Confusion = BTreeMap<(Option<Label>, Option<Label>), u64>;

/// What can be wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MistakeKind {
    /// Nothing was found where a name stands.
    Missed,
    /// A name was found where there is none.
    Invented,
    /// The borders are right, the label is not.
    WrongLabel,
    /// The label is right, the borders are not.
    WrongBorder,
    /// Neither is right.
    WrongBoth,
}

impl MistakeKind {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Invented => "invented",
            Self::WrongLabel => "wrong label",
            Self::WrongBorder => "wrong border",
            Self::WrongBoth => "wrong border and label",
        }
    }
}

/// An error, and how often it was made with the same words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub kind: MistakeKind,
    /// The right name and label.
    pub gold: Option<(String, Label)>,
    /// The name and label that were found.
    pub found: Option<(String, Label)>,
    /// How often.
    pub count: u64,
    /// One of the places, with the words around it.
    pub context: String,
}

/// Characters of context on either side.
const AROUND: usize = 30;

pub(super) fn add(
    confusion: &mut Confusion,
    mistakes: &mut Vec<Mistake>,
    text: &str,
    gold: &[Name],
    found: &[Name],
) {
    let shared = |a: Span, b: Span| a.end().min(b.end()).saturating_sub(a.start().max(b.start()));
    let best = |name: &Name, others: &[Name]| {
        let meeting = others.iter().filter(|other| other.span.overlaps(name.span));
        meeting.max_by_key(|other| (shared(other.span, name.span), other.label == name.label)).copied()
    };
    for name in gold {
        let other = best(name, found);
        *confusion.entry((Some(name.label), other.map(|other| other.label))).or_default() += 1;
        let kind = match other {
            None => MistakeKind::Missed,
            Some(other) if other == *name => continue,
            Some(other) if other.span == name.span => MistakeKind::WrongLabel,
            Some(other) if other.label == name.label => MistakeKind::WrongBorder,
            Some(_) => MistakeKind::WrongBoth,
        };
        note(mistakes, kind, text, Some(*name), other);
    }
    for name in found.iter().filter(|name| best(name, gold).is_none()) {
        *confusion.entry((None, Some(name.label))).or_default() += 1;
        note(mistakes, MistakeKind::Invented, text, None, Some(*name));
    }
}

fn note(mistakes: &mut Vec<Mistake>, kind: MistakeKind, text: &str, gold: Option<Name>, found: Option<Name>) {
    let said = |name: Option<Name>| name.map(|name| (name.span.of(text).to_owned(), name.label));
    let Some(at) = gold.or(found) else { return };
    let context = context(text, at.span);
    mistakes.push(Mistake { kind, gold: said(gold), found: said(found), count: 1, context });
}

/// Joins equal errors, the commonest first; then in the order of the text.
pub(super) fn sort(mistakes: &mut Vec<Mistake>) {
    let mut joined: Vec<Mistake> = Vec::new();
    let mut places: BTreeMap<_, usize> = BTreeMap::new();
    for mistake in mistakes.drain(..) {
        let key = (mistake.kind, mistake.gold.clone(), mistake.found.clone());
        match places.get(&key) {
            Some(&at) => joined[at].count += 1,
            None => {
                places.insert(key, joined.len());
                joined.push(mistake);
            }
        }
    }
    joined.sort_by_key(|mistake| std::cmp::Reverse(mistake.count));
    *mistakes = joined;
}

/// The words around a span, in one line, with the span in brackets.
fn context(text: &str, span: Span) -> String {
    let before: String = {
        let mut letters: Vec<char> = text[..span.start()].chars().rev().take(AROUND).collect();
        letters.reverse();
        letters.into_iter().collect()
    };
    let after: String = text[span.end()..].chars().take(AROUND).collect();
    format!("{before}[{}]{after}", span.of(text)).split_whitespace().collect::<Vec<_>>().join(" ")
}
