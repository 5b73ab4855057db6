//! From many names to entities.
//!
//! 1. [`names::keys`](crate::names::keys) puts a name into blocks, and only names of one block are candidates for each other.
//!    Blocks that are too large, by their count over the whole corpus, are looked at through a window.
//! 2. [`names::compare`](crate::names::compare) scores two names and says why.
//! 3. Candidates that could be one make components, and each component is solved alone: the best pair first, two
//!    clusters become one if their founding forms agree on average. A chain of near matches so never swallows its
//!    neighbours, and all that contradicts is weighed together.
//!
//! All three are pure functions of the names, so one machine and many come to the same: [`Resolver`] has a corpus in memory,
//! [`steps`] are for programs that hand over a block, a pair, a component at a time. Places and organisations are
//! identified instead: similarity says nothing about them. What a user decided outranks all of it.

mod blocks;
mod decisions;
mod identity;
mod ids;
mod lone;
mod naming;
mod persons;
mod ranked;
mod solve;
pub mod steps;

use crate::Label;
#[cfg(feature = "cli")]
pub(crate) use decisions::separator;
pub use decisions::{Decision, Decisions, Verdict};
use identity::Identity;
pub use ids::{Change, Previous};
pub use lone::Open;
pub(crate) use lone::{is_full, words_of};
pub use naming::Naming;
pub use persons::Doubt;
use persons::Persons;
use solve::Sets;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Why an entity has its first form.
const FOUNDING: &str = "founding form";

/// Names of a corpus with their labels and how often each was meant; grows with distinct names.
pub type Counts = BTreeMap<(Label, String), u64>;

/// A person, place, organisation or other name of the corpus.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// A hash of label and founding form, or the id it had before.
    pub id: String,
    /// What it is.
    pub label: Label,
    /// The chosen name.
    pub name: String,
    /// Its item at Wikidata, if known.
    pub wikidata: Option<String>,
    /// Its number at GeoNames, if known.
    pub geonames: Option<u32>,
    /// Its forms, the founding one first, each with score (0 to 1) and reason.
    pub forms: Vec<(String, f64, String)>,
}

/// Two forms that could be one entity: a case for a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// What both are.
    pub label: Label,
    /// The form that is more frequent.
    pub a: String,
    /// The other form.
    pub b: String,
    /// From 0 to 1.
    pub score: f64,
    /// What speaks for it.
    pub reason: String,
}

/// What became of the names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resolved {
    /// By label, then by founding form: full names first, frequent before rare.
    pub entities: Vec<Entity>,
    /// The index of the entity of every name.
    pub of: BTreeMap<(Label, String), usize>,
    /// What could not be decided, the likeliest first.
    pub candidates: Vec<Pair>,
    /// Entities with so many forms of one script that somebody should look.
    pub suspicious: Vec<usize>,
}

/// What the documents say of people's names beside how often each stands there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// Pairs of [`Resolver::doubts`] that some document uses side by side.
    pub together: BTreeSet<Doubt>,
    /// Lone names that fit several people of their document.
    pub open: Open,
}

/// Joins names, when nothing is known of the documents they stand in.
///
/// ```
/// use namenlese::{Label, resolve::resolve};
/// let counts = [("Anton Tschechow", 2), ("Антон Чехов", 1)].map(|(name, n)| ((Label::Per, name.to_owned()), n));
/// assert_eq!(resolve(&counts.into(), &Default::default()).entities.len(), 1);
/// ```
pub fn resolve(counts: &Counts, decisions: &Decisions) -> Resolved {
    Resolver::new(counts, decisions).solve(&Evidence::default(), Naming::De)
}

/// Resolves in two steps, with a look at the documents between them.
///
/// Two names that are only alike are two people if one document uses both; [`Resolver::doubts`] are the pairs for which
/// that matters.
#[derive(Debug)]
pub struct Resolver<'c> {
    counts: &'c Counts,
    decisions: &'c Decisions,
    persons: Persons<'c>,
}

impl<'c> Resolver<'c> {
    /// Finds and scores candidates.
    pub fn new(counts: &'c Counts, decisions: &'c Decisions) -> Self {
        let people = counts.range((Label::Per, String::new())..).take_while(|(key, _)| key.0 == Label::Per);
        let persons = Persons::new(people.map(|((_, form), &count)| (form.as_str(), count)));
        Self { counts, decisions, persons }
    }

    /// Pairs of people's names that are alike but not spelt as one name is: evidence is wanted.
    pub fn doubts(&self) -> BTreeSet<Doubt> {
        self.persons.doubts()
    }

    /// Comes to entities, given what the documents say, and calls them by a convention.
    pub fn solve(self, evidence: &Evidence, naming: Naming) -> Resolved {
        let mut resolved = Resolved::default();
        let mut by_identity: BTreeMap<(Label, String), usize> = BTreeMap::new();
        for label in Label::ALL {
            if label == Label::Per {
                self.persons.solve(self.decisions, &evidence.together, &mut resolved);
                lone::join(&evidence.open, self.counts, self.decisions, &mut resolved);
                continue;
            }
            let mut names: Vec<(&str, u64)> = self.names(label).collect();
            // As with people: names of several words found entities before single ones.
            names.sort_by_key(|&(form, count)| (!form.contains(' '), Reverse(count), form));
            for (form, _) in names {
                self.place(label, form, naming, &mut by_identity, &mut resolved);
            }
        }
        self.follow(naming, &by_identity, &mut resolved);
        for entity in &mut resolved.entities {
            let counted =
                entity.forms.iter().map(|(form, ..)| (form.as_str(), self.count(entity.label, form)));
            let renamed = entity.forms.iter().find_map(|(form, ..)| self.decisions.name(entity.label, form));
            let chosen = naming.call(entity.label, &entity.name, &counted.collect::<Vec<_>>());
            if let Some(name) = renamed.or(chosen) {
                entity.name = name.to_owned();
            }
        }
        resolved
    }

    fn count(&self, label: Label, form: &str) -> u64 {
        self.counts.get(&(label, form.to_owned())).copied().unwrap_or(0)
    }

    fn names(&self, label: Label) -> impl Iterator<Item = (&str, u64)> {
        let names = self.counts.range((label, String::new())..).take_while(move |(key, _)| key.0 == label);
        names.map(|((_, form), &count)| (form.as_str(), count))
    }

    /// Adds a name that is no person's to the entity it is known to be, or to a new one.
    fn place(
        &self,
        label: Label,
        form: &str,
        naming: Naming,
        by_identity: &mut BTreeMap<(Label, String), usize>,
        resolved: &mut Resolved,
    ) {
        let identity = Identity::of(label, form, naming);
        let apart = |index: usize, resolved: &Resolved| {
            let forms = &resolved.entities[index].forms;
            forms.iter().any(|(other, ..)| self.decisions.verdict(label, form, other) == Some(false))
        };
        let same = self.decisions.same_as(label, form).into_iter();
        let decided = same.filter_map(|other| resolved.of.get(&(label, other.to_owned())).copied()).next();
        let found = by_identity.get(&(label, identity.key.clone())).copied();
        let found = found.filter(|&index| !apart(index, resolved));
        let (index, reason) = match (decided, found) {
            (Some(index), _) => (index, "your decision".to_owned()),
            (None, Some(index)) => (index, identity.reason.clone()),
            (None, None) => {
                let index = resolved.entities.len();
                by_identity.insert((label, identity.key), index);
                resolved.entities.push(Entity {
                    id: ids::fresh(label, form),
                    label,
                    name: identity.name.unwrap_or_default(),
                    wikidata: identity.wikidata,
                    geonames: identity.geonames,
                    forms: Vec::new(),
                });
                (index, FOUNDING.to_owned())
            }
        };
        resolved.entities[index].forms.push((form.to_owned(), 1.0, reason));
        resolved.of.insert((label, form.to_owned()), index);
    }

    /// Where a form of a place was decided to be one of another, the other forms of the one place go with it, unless another
    /// decision speaks against that.
    fn follow(
        &self,
        naming: Naming,
        by_identity: &BTreeMap<(Label, String), usize>,
        resolved: &mut Resolved,
    ) {
        let mut sets = Sets::new(resolved.entities.len());
        for label in Label::ALL.into_iter().filter(|label| *label != Label::Per) {
            let entity =
                |form: &str| by_identity.get(&(label, Identity::of(label, form, naming).key)).copied();
            for (a, b, _) in self.decisions.pairs(label).filter(|(.., same)| *same) {
                let is_there = |form: &str| resolved.of.contains_key(&(label, form.to_owned()));
                let (Some(a), Some(b)) =
                    (entity(a).filter(|_| is_there(a)), entity(b).filter(|_| is_there(b)))
                else {
                    continue;
                };
                let forms =
                    |entity: usize| resolved.entities[entity].forms.iter().map(|(form, ..)| form.as_str());
                let are_apart =
                    forms(a).any(|a| forms(b).any(|b| self.decisions.verdict(label, a, b) == Some(false)));
                if !are_apart {
                    sets.join(a as u32, b as u32);
                }
            }
        }
        let joined = (0..resolved.entities.len()).filter_map(|from| {
            let to = sets.root(from as u32) as usize;
            (to != from).then(|| (from, (to, 1.0, "your decision".to_owned())))
        });
        lone::move_forms(&joined.collect(), resolved);
    }
}

#[cfg(test)]
mod tests;
