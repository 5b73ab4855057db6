//! What a user decided, which outranks every score.

use super::Resolved;
use crate::{Error, ErrorKind, Label, Result};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

/// What a user decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Two forms name one entity.
    Same,
    /// Two forms name two entities.
    Different,
    /// The entity of a form is called by another name.
    Rename,
    /// A form is no name: its mentions enter no table.
    Delete,
}

impl Verdict {
    /// The word that stands for it in decisions.csv.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::Rename => "rename",
            Self::Delete => "delete",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Same, Self::Different, Self::Rename, Self::Delete].into_iter().find(|one| one.as_str() == name)
    }
}

/// A row of decisions.csv.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What is decided.
    pub verdict: Verdict,
    /// The label of the forms.
    pub label: Label,
    /// The form that it is about.
    pub a: String,
    /// The other form, or the new name; empty for a deletion.
    pub b: String,
}

impl Decision {
    /// The header of decisions.csv.
    pub const HEADER: [&'static str; 4] = ["verdict", "label", "form_a", "form_b"];

    /// The cells of its row.
    pub fn cells(&self) -> [&str; 4] {
        [self.verdict.as_str(), self.label.as_str(), &self.a, &self.b]
    }
}

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
    deleted: BTreeSet<(Label, String)>,
}

impl Decisions {
    /// Reads a CSV table with the columns `verdict` (`same`, `different`, `rename` or `delete`), `label`, `form_a` and
    /// `form_b`; `rename` gives the entity of `form_a` the name `form_b`, `delete` takes `form_a` out of all tables. Cells may be
    /// parted by semicolons or tabs, as spreadsheets do.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`] for what is no such table, and for decisions that contradict each other, be it through
    /// others: what is meant is asked, not guessed.
    pub fn read(mut table: impl Read) -> Result<Self> {
        let settings = |message: String| Error::new(ErrorKind::Settings, message);
        let mut decisions = Self::default();
        let mut bytes = Vec::new();
        table.read_to_end(&mut bytes)?;
        let mut builder = csv::ReaderBuilder::new();
        builder.trim(csv::Trim::All).flexible(true).delimiter(separator(&bytes));
        let mut reader = builder.from_reader(bytes.as_slice());
        for row in reader.records() {
            let row = row.map_err(|error| settings("not a table of decisions".into()).caused_by(error))?;
            let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
            let word = cell(0);
            let Some(verdict) = Verdict::from_name(&word) else {
                let message = format!("a decision is same, different, rename or delete, not {word:?}");
                return Err(settings(message));
            };
            decisions.add(&Decision { verdict, label: cell(1).parse()?, a: cell(2), b: cell(3) })?;
        }
        decisions.check()?;
        Ok(decisions)
    }

    /// Adds decisions to these.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`] if they contradict each other or these.
    pub fn extend(&mut self, more: &[Decision]) -> Result<()> {
        more.iter().try_for_each(|decision| self.add(decision))?;
        self.check()
    }

    /// Whether this was decided already, in these words.
    pub fn holds(&self, decision: &Decision) -> bool {
        let Decision { verdict, label, a, b } = decision;
        match verdict {
            Verdict::Same => self.verdict(*label, a, b) == Some(true),
            Verdict::Different => self.verdict(*label, a, b) == Some(false),
            Verdict::Rename => self.name(*label, a) == Some(b),
            Verdict::Delete => self.is_deleted(*label, a),
        }
    }

    fn add(&mut self, decision: &Decision) -> Result<()> {
        let Decision { verdict, label, a, b } = decision;
        match verdict {
            Verdict::Same => self.decide(*label, a, b, true)?,
            Verdict::Different => self.decide(*label, a, b, false)?,
            Verdict::Rename => {
                if let Some(other) = self.names.insert((*label, a.clone()), b.clone())
                    && other != *b
                {
                    let message = format!("{a} is to be called both {other} and {b}");
                    return Err(Error::new(ErrorKind::Settings, message));
                }
            }
            Verdict::Delete => drop(self.deleted.insert((*label, a.clone()))),
        }
        Ok(())
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

    /// Whether a form is to enter no table.
    pub fn is_deleted(&self, label: Label, form: &str) -> bool {
        // Most users delete nothing, and then nothing need be put together to be looked up.
        !self.deleted.is_empty() && self.deleted.contains(&(label, form.to_owned()))
    }

    /// What is decided on forms that a corpus does not have, in words: perhaps they are misspelt.
    pub(crate) fn in_vain(&self, resolved: &Resolved) -> Option<String> {
        let decided = self.pairs.keys().chain(self.names.keys());
        let strange: BTreeSet<_> =
            decided.filter(|key| !resolved.of.contains_key(key) && !self.deleted.contains(key)).collect();
        let (_, first) = strange.first()?;
        Some(match strange.len() {
            1 => format!("a decision names {first}, which these tables do not have"),
            count => format!("decisions name {count} forms that these tables do not have, such as {first}"),
        })
    }

    /// All pairs of forms of a label that were decided on, each once.
    pub(super) fn pairs(&self, label: Label) -> impl Iterator<Item = (&str, &str, bool)> {
        let of_label = self.pairs.iter().filter(move |(key, _)| key.0 == label);
        of_label.flat_map(|((_, a), others)| {
            others.iter().filter(move |(b, _)| a < *b).map(move |(b, same)| (a.as_str(), b.as_str(), *same))
        })
    }
}

/// What parts the cells of a table of decisions, by its header.
pub(crate) fn separator(table: &[u8]) -> u8 {
    let header = table.split(|&byte| byte == b'\n').next().unwrap_or_default();
    [b';', b'\t'].into_iter().find(|separator| header.contains(separator)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &str) -> Result<Decisions> {
        Decisions::read(format!("verdict,label,form_a,form_b\n{rows}").as_bytes())
    }

    #[test]
    fn a_table_that_a_spreadsheet_has_saved_is_read() {
        let table = "verdict;label;form_a;form_b\r\nsame;PER;Eva Muster;Eva, geb. Maier\r\n";
        let decisions = Decisions::read(table.as_bytes()).expect("a table");
        assert_eq!(decisions.verdict(Label::Per, "Eva, geb. Maier", "Eva Muster"), Some(true));
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
