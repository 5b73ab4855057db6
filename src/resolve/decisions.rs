//! What a user decided, which outranks every score.

use crate::{Error, ErrorKind, Label, Result};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

/// Decisions on forms of one label: which are the same, which are not, and what an entity is called.
///
/// ```
/// use namenlese::{Label, resolve::Decisions};
/// let table = "verdict,label,form_a,form_b\nsame,PER,Eva Muster,Eva Maier\nrename,PER,Eva Muster,Eva Muster-Maier\n";
/// let decisions = Decisions::read(table.as_bytes())?;
/// assert_eq!(decisions.verdict(Label::Per, "Eva Maier", "Eva Muster"), Some(true));
/// assert_eq!(decisions.name(Label::Per, "Eva Muster"), Some("Eva Muster-Maier"));
/// # Ok::<(), namenlese::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decisions {
    /// For each form the others it was compared with; every pair stands both ways round.
    pairs: BTreeMap<(Label, String), BTreeMap<String, bool>>,
    names: BTreeMap<(Label, String), String>,
}

impl Decisions {
    /// Reads a CSV table with the columns `verdict` (`same`, `different` or `rename`), `label`, `form_a` and `form_b`;
    /// `rename` gives the entity of `form_a` the name `form_b`.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`] for what is no such table, and for decisions that contradict each other, be it through
    /// others: what is meant is asked, not guessed.
    pub fn read(table: impl Read) -> Result<Self> {
        let settings = |message: String| Error::new(ErrorKind::Settings, message);
        let mut decisions = Self::default();
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(table);
        for row in reader.records() {
            let row = row.map_err(|error| settings("not a table of decisions".into()).caused_by(error))?;
            let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
            let (verdict, label, a, b) = (cell(0), cell(1).parse()?, cell(2), cell(3));
            match verdict.as_str() {
                "same" => decisions.decide(label, &a, &b, true)?,
                "different" => decisions.decide(label, &a, &b, false)?,
                "rename" => {
                    if let Some(other) = decisions.names.insert((label, a.clone()), b.clone())
                        && other != b
                    {
                        return Err(settings(format!("{a} is to be called both {other} and {b}")));
                    }
                }
                other => {
                    let message = format!("a decision is same, different or rename, not {other:?}");
                    return Err(settings(message));
                }
            }
        }
        decisions.check()?;
        Ok(decisions)
    }

    fn decide(&mut self, label: Label, a: &str, b: &str, same: bool) -> Result<()> {
        for (one, other) in [(a, b), (b, a)] {
            let known = self.pairs.entry((label, one.to_owned())).or_default().insert(other.to_owned(), same);
            if known == Some(!same) {
                let message = format!("decided both same and different: {a} and {b}");
                return Err(Error::new(ErrorKind::Settings, message));
            }
        }
        Ok(())
    }

    /// Forms that are different although others make them the same.
    fn check(&self) -> Result<()> {
        for ((label, form), others) in &self.pairs {
            let group = self.same_as(*label, form);
            if let Some((other, _)) =
                others.iter().find(|(other, same)| !**same && group.contains(other.as_str()))
            {
                let message =
                    format!("decided different, but by other decisions the same: {form} and {other}");
                return Err(Error::new(ErrorKind::Settings, message));
            }
        }
        Ok(())
    }

    /// What was decided on two forms, directly.
    pub fn verdict(&self, label: Label, a: &str, b: &str) -> Option<bool> {
        self.pairs.get(&(label, a.to_owned()))?.get(b).copied()
    }

    /// All forms that decisions make the same as this one, through others too, itself left out.
    pub fn same_as(&self, label: Label, form: &str) -> BTreeSet<&str> {
        let mut group = BTreeSet::new();
        let mut open = vec![form];
        while let Some(one) = open.pop() {
            let others = self.pairs.get(&(label, one.to_owned())).into_iter().flatten();
            for (other, _) in others.filter(|(_, same)| **same) {
                if other != form && group.insert(other.as_str()) {
                    open.push(other);
                }
            }
        }
        group
    }

    /// What the entity of a form is to be called.
    pub fn name(&self, label: Label, form: &str) -> Option<&str> {
        self.names.get(&(label, form.to_owned())).map(String::as_str)
    }

    /// All pairs of forms of a label that were decided on, each once.
    pub(super) fn pairs(&self, label: Label) -> impl Iterator<Item = (&str, &str, bool)> {
        let of_label = self.pairs.iter().filter(move |(key, _)| key.0 == label);
        of_label.flat_map(|((_, a), others)| {
            others.iter().filter(move |(b, _)| a < *b).map(move |(b, same)| (a.as_str(), b.as_str(), *same))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &str) -> Result<Decisions> {
        Decisions::read(format!("verdict,label,form_a,form_b\n{rows}").as_bytes())
    }

    #[test]
    fn contradictions_are_told() {
        assert!(read("same,PER,A,B\ndifferent,PER,B,A\n").is_err());
        let error = read("same,PER,A,B\nsame,PER,B,C\ndifferent,PER,A,C\n").expect_err("a contradiction");
        assert!(error.to_string().contains("A and C"), "{error}");
        assert!(read("rename,PER,A,B\nrename,PER,A,C\n").is_err());
        assert!(read("maybe,PER,A,B\n").is_err());
        assert!(read("same,PER,A,B\ndifferent,ORG,A,B\n").is_ok());
    }

    #[test]
    fn sameness_reaches_through_others() {
        let decisions = read("same,PER,A,B\nsame,PER,C,B\n").expect("fine");
        assert_eq!(decisions.same_as(Label::Per, "A"), BTreeSet::from(["B", "C"]));
    }
}
