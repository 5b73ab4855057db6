//! Ids, and what becomes of them from run to run.

use super::{Counts, Resolved};
use crate::{Error, ErrorKind, Label, Result};
use sha2::{Digest, Sha256};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

/// The id of an entity without history: a hash of label and founding form.
pub(super) fn fresh(label: Label, form: &str) -> String {
    let hash = Sha256::digest(format!("{label}\t{form}"));
    let hex: String = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{hex}", label.as_str().to_lowercase())
}

/// Which entity every form belonged to in an earlier run: its `ids.csv`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Previous(BTreeMap<(Label, String), String>);

/// What became of a form's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The id it had.
    pub old: String,
    /// The id it has; empty if the form is gone.
    pub new: String,
    /// The form.
    pub form: String,
    /// Why.
    pub reason: String,
}

impl Previous {
    /// Reads a table with the columns `entity_id`, `label` and `form`, in this order; further ones are passed over.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for what is no such table.
    pub fn read(table: impl Read) -> Result<Self> {
        let malformed = || {
            Error::new(
                ErrorKind::Malformed,
                "not a table of ids; --fresh does without the ids of earlier runs",
            )
        };
        let mut known = BTreeMap::new();
        for row in csv::ReaderBuilder::new().flexible(true).from_reader(table).records() {
            let row = row.map_err(|error| malformed().caused_by(error))?;
            let (Some(id), Some(label), Some(form)) = (row.get(0), row.get(1), row.get(2)) else {
                return Err(malformed());
            };
            known.insert((label.parse()?, form.to_owned()), id.to_owned());
        }
        Ok(Self(known))
    }

    /// Lets entities keep the ids they had, and tells every change.
    ///
    /// Of all ids and entities, the two that share most mentions belong together; then those that share most of the rest.
    /// So an entity inherits the id that most of its mentions had, a split leaves the id with the larger part, and an id
    /// that was merged away leads to the entity that has its forms.
    pub fn inherit(&self, resolved: &mut Resolved, counts: &Counts) -> Vec<Change> {
        let mut shared: BTreeMap<(&str, usize), u64> = BTreeMap::new();
        for (key, id) in &self.0 {
            if let Some(&index) = resolved.of.get(key) {
                *shared.entry((id, index)).or_default() += counts.get(key).copied().unwrap_or(0);
            }
        }
        let mut shared: Vec<(u64, &str, usize)> =
            shared.into_iter().map(|((id, index), mentions)| (mentions, id, index)).collect();
        shared.sort_by_key(|&(mentions, id, index)| (Reverse(mentions), id, index));
        let mut heir_of: BTreeMap<&str, usize> = BTreeMap::new();
        let mut heirs = BTreeSet::new();
        for (_, id, index) in shared {
            if !heirs.contains(&index) && !heir_of.contains_key(id) {
                heir_of.insert(id, index);
                heirs.insert(index);
            }
        }
        for (&id, &index) in &heir_of {
            id.clone_into(&mut resolved.entities[index].id);
        }
        // An id once given to others is never given again.
        let known: BTreeSet<&str> = self.0.values().map(String::as_str).collect();
        for (index, entity) in resolved.entities.iter_mut().enumerate() {
            let mut form = entity.forms[0].0.clone();
            while !heirs.contains(&index) && known.contains(entity.id.as_str()) {
                form.push('\t');
                entity.id = fresh(entity.label, &form);
            }
        }
        let mut changes: Vec<Change> = Vec::new();
        for (key, old) in &self.0 {
            let (new, reason) = match resolved.of.get(key).map(|&index| &resolved.entities[index]) {
                None => (String::new(), "the corpus no longer has the form".to_owned()),
                Some(entity) if entity.id == *old => continue,
                Some(entity) if heir_of.contains_key(old.as_str()) => {
                    (entity.id.clone(), "split: the larger part keeps the id".to_owned())
                }
                Some(entity) => (entity.id.clone(), format!("merged with {}", entity.name)),
            };
            changes.push(Change { old: old.clone(), new, form: key.1.clone(), reason });
        }
        changes.sort();
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::{Decisions, resolve};

    fn counts(names: &[(&str, u64)]) -> Counts {
        names.iter().map(|(name, count)| ((Label::Per, (*name).to_owned()), *count)).collect()
    }

    fn decisions(rows: &str) -> Decisions {
        Decisions::read(format!("verdict,label,form_a,form_b\n{rows}").as_bytes()).expect("decisions")
    }

    fn previous(resolved: &Resolved) -> Previous {
        let mut table = "entity_id,label,form,mentions\n".to_owned();
        for ((label, form), &index) in &resolved.of {
            table.push_str(&format!("{},{label},{form},1\n", resolved.entities[index].id));
        }
        Previous::read(table.as_bytes()).expect("a table")
    }

    #[test]
    fn a_merge_and_a_split_keep_the_larger_id_and_are_told() {
        let names = counts(&[("Anna Huber", 5), ("Karl Weber", 3), ("Rosa Lang", 2)]);
        let first = resolve(&names, &Decisions::default());
        let id = |resolved: &Resolved, name: &str| {
            resolved.entities[resolved.of[&(Label::Per, name.to_owned())]].id.clone()
        };
        // Anna Huber now is rarer than Karl Weber, so it would found no entity; the id stays all the same.
        let names = counts(&[("Anna Huber", 5), ("Karl Weber", 9), ("Rosa Lang", 2)]);
        let mut merged = resolve(&names, &decisions("same,PER,Anna Huber,Karl Weber\n"));
        let changes = previous(&first).inherit(&mut merged, &names);
        assert_eq!(id(&merged, "Anna Huber"), id(&first, "Karl Weber"));
        let change = Change {
            old: id(&first, "Anna Huber"),
            new: id(&first, "Karl Weber"),
            form: "Anna Huber".into(),
            reason: "merged with Karl Weber".into(),
        };
        assert_eq!(changes, [change]);

        let mut split = resolve(&names, &Decisions::default());
        let changes = previous(&merged).inherit(&mut split, &names);
        assert_eq!(id(&split, "Karl Weber"), id(&merged, "Karl Weber"));
        assert_ne!(id(&split, "Anna Huber"), id(&split, "Karl Weber"));
        assert_eq!(changes.len(), 1);
        assert!(changes[0].reason.starts_with("split"), "{changes:?}");
    }

    #[test]
    fn nothing_changes_if_nothing_changed_and_a_lost_form_is_told() {
        let names = counts(&[("Anna Huber", 5), ("Karl Weber", 3)]);
        let first = resolve(&names, &Decisions::default());
        let mut again = first.clone();
        assert!(previous(&first).inherit(&mut again, &names).is_empty());
        assert_eq!(first, again);
        let fewer = counts(&[("Anna Huber", 5)]);
        let mut second = resolve(&fewer, &Decisions::default());
        let changes = previous(&first).inherit(&mut second, &fewer);
        assert_eq!((changes.len(), changes[0].new.as_str()), (1, ""));
    }
}
