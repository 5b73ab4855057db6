//! Lone names that their documents do not explain: *Kim* beside *Kim Jong-un* and *Kim Yo-jong*, or beside nobody.

use super::{Counts, Decisions, Pair, Resolved};
use crate::{Label, names::family_name};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// For a lone name that its document leaves open: each full name there that it fits, and how often it stands beside that.
pub type Open = BTreeMap<String, BTreeMap<String, u64>>;

/// How many times as often as all others it fits together somebody must be named in full.
const DOMINANT: u64 = 4;
/// The share of a lone name's mentions that must stand in documents which name that person in full.
const SHARE: f64 = 0.75;
/// How likely a lone name then is that person.
const DOMINATING: f64 = 0.7;
/// How likely it is the only one of the corpus who has that family name.
const ONLY: f64 = 0.6;
/// What a lone name scores beside somebody it may be.
const POSSIBLE: f64 = 0.5;
/// People that a lone name is listed with.
const LISTED: usize = 3;

/// Joins lone names to people where there is reason to, and lists the others with those they may be.
pub(super) fn join(open: &Open, counts: &Counts, decisions: &Decisions, resolved: &mut Resolved) {
    let lone = Lone { counts, decisions, resolved };
    let mut joined: BTreeMap<usize, (usize, f64, String)> = BTreeMap::new();
    let mut listed = Vec::new();
    let bearers = lone.bearers();
    for (from, entity) in lone.resolved.entities.iter().enumerate() {
        if entity.label != Label::Per || entity.forms.iter().any(|(form, ..)| form.contains(' ')) {
            continue;
        }
        let beside = lone.beside(open, from);
        let fitting: BTreeSet<usize> = match beside.is_empty() {
            true => words(&entity.forms).filter_map(|word| bearers.get(&word)).flatten().copied().collect(),
            false => beside.keys().copied().collect(),
        };
        let best = match beside.is_empty() {
            true => lone.only(from, &fitting),
            false => lone.dominating(from, &beside),
        };
        match best.filter(|(person, ..)| !lone.is_apart(from, *person)) {
            Some(found) => {
                joined.insert(from, found);
            }
            None => listed.extend(lone.possible(from, &fitting)),
        }
    }
    resolved.candidates.extend(listed);
    move_forms(&joined, resolved);
}

/// What is known when lone names are looked at.
struct Lone<'a> {
    counts: &'a Counts,
    decisions: &'a Decisions,
    resolved: &'a Resolved,
}

impl Lone<'_> {
    /// How often a person is mentioned.
    fn mentions(&self, person: usize) -> u64 {
        let forms = self.resolved.entities[person].forms.iter();
        forms.filter_map(|(form, ..)| self.counts.get(&(Label::Per, form.clone()))).sum()
    }

    fn person(&self, form: &str) -> Option<usize> {
        self.resolved.of.get(&(Label::Per, form.to_owned())).copied()
    }

    /// By the words that stand alone somewhere, the people whose full names have them.
    fn bearers(&self) -> BTreeMap<String, BTreeSet<usize>> {
        let people = || self.resolved.entities.iter().enumerate().filter(|(_, one)| one.label == Label::Per);
        let alone = people().flat_map(|(_, person)| person.forms.iter().filter(|one| !one.0.contains(' ')));
        let mut bearers: BTreeMap<String, BTreeSet<usize>> =
            words(alone).map(|word| (word, BTreeSet::new())).collect();
        for (index, person) in people() {
            for word in words(person.forms.iter().filter(|one| one.0.contains(' '))) {
                if let Some(bearers) = bearers.get_mut(&word) {
                    bearers.insert(index);
                }
            }
        }
        bearers
    }

    /// How often a lone name stands beside each person whom it fits.
    fn beside(&self, open: &Open, from: usize) -> BTreeMap<usize, u64> {
        let mut beside = BTreeMap::new();
        let forms = self.resolved.entities[from].forms.iter();
        for (full, &mentions) in forms.filter_map(|(form, ..)| open.get(form)).flatten() {
            if let Some(person) = self.person(full).filter(|&person| person != from) {
                *beside.entry(person).or_default() += mentions;
            }
        }
        beside
    }

    /// The person who dominates among those that stand beside a lone name.
    fn dominating(&self, from: usize, beside: &BTreeMap<usize, u64>) -> Option<(usize, f64, String)> {
        let total: u64 = beside.keys().map(|&person| self.mentions(person)).sum();
        let (&person, &support) =
            beside.iter().max_by_key(|&(&person, _)| (self.mentions(person), Reverse(person)))?;
        let named = self.mentions(person);
        let dominates = named >= DOMINANT * (total - named);
        (dominates && support as f64 >= SHARE * self.mentions(from) as f64).then(|| {
            let reason = format!(
                "a lone name; where it stands, {} is named in full, and far more often than others it fits",
                self.founder(person)
            );
            (person, DOMINATING, reason)
        })
    }

    /// The only person of the corpus whose full name has a lone name that stands beside nobody it fits.
    ///
    /// It must be the family name, the person must be named in full at least as often as it stands alone, and it must
    /// name nothing else in the corpus.
    fn only(&self, from: usize, fitting: &BTreeSet<usize>) -> Option<(usize, f64, String)> {
        let person = *fitting.first().filter(|_| fitting.len() == 1)?;
        let is_family = |lone: &str| {
            let forms = self.resolved.entities[person].forms.iter();
            let mut fulls = forms.filter(|(form, ..)| form.contains(' '));
            fulls.any(|(full, ..)| family_name(full).is_some_and(|family| word(family) == word(lone)))
        };
        let is_other = |lone: &str| {
            let mut labels = Label::ALL.into_iter().filter(|label| *label != Label::Per);
            labels.any(|label| self.counts.contains_key(&(label, lone.to_owned())))
        };
        let sound =
            self.resolved.entities[from].forms.iter().all(|(lone, ..)| is_family(lone) && !is_other(lone));
        (sound && self.mentions(person) >= self.mentions(from)).then(|| {
            let reason = format!(
                "a lone family name; its documents name nobody in full whom it fits, and in all others only {} has it",
                self.founder(person)
            );
            (person, ONLY, reason)
        })
    }

    fn founder(&self, person: usize) -> &str {
        &self.resolved.entities[person].forms[0].0
    }

    /// Whether the user said that a lone name is not this person.
    fn is_apart(&self, from: usize, person: usize) -> bool {
        let forms = |index: usize| self.resolved.entities[index].forms.iter();
        forms(from).any(|(form, ..)| {
            forms(person).any(|(full, ..)| self.decisions.verdict(Label::Per, form, full) == Some(false))
        })
    }

    /// Pairs of a lone name with the people most often named whom it may be.
    fn possible(&self, from: usize, fitting: &BTreeSet<usize>) -> Vec<Pair> {
        let mut people: Vec<usize> =
            fitting.iter().copied().filter(|&person| !self.is_apart(from, person)).collect();
        people.sort_by_key(|&person| (Reverse(self.mentions(person)), person));
        let reason = match fitting.len() {
            1 => "a lone name; this is the only person whom it fits".to_owned(),
            others => format!("a lone name; it fits {others} people"),
        };
        let pair = |person: usize| Pair {
            label: Label::Per,
            a: self.founder(person).to_owned(),
            b: self.founder(from).to_owned(),
            score: POSSIBLE,
            reason: reason.clone(),
        };
        people.into_iter().take(LISTED).map(pair).collect()
    }
}

/// The words of forms, without case.
fn words<'f>(forms: impl IntoIterator<Item = &'f (String, f64, String)>) -> impl Iterator<Item = String> {
    forms.into_iter().flat_map(|(form, ..)| form.split([' ', '-'])).map(word)
}

fn word(word: &str) -> String {
    word.to_lowercase()
}

/// Moves the forms of entities to others, and closes the gaps they leave.
fn move_forms(joined: &BTreeMap<usize, (usize, f64, String)>, resolved: &mut Resolved) {
    if joined.is_empty() {
        return;
    }
    for (&from, (to, score, reason)) in joined {
        let forms = std::mem::take(&mut resolved.entities[from].forms);
        let forms = forms.into_iter().map(|(form, ..)| (form, *score, reason.clone()));
        resolved.entities[*to].forms.extend(forms);
    }
    let mut index = 0;
    let new: Vec<usize> = (0..resolved.entities.len())
        .map(|old| {
            let here = index;
            index += usize::from(!joined.contains_key(&old));
            here
        })
        .collect();
    let moved = |old: usize| new[joined.get(&old).map_or(old, |(to, ..)| *to)];
    resolved.of.values_mut().for_each(|entity| *entity = moved(*entity));
    resolved.suspicious.iter_mut().for_each(|entity| *entity = moved(*entity));
    resolved.suspicious.dedup();
    resolved.entities.retain(|entity| !entity.forms.is_empty());
    resolved.candidates.retain(|pair| {
        let entity = |form: &String| resolved.of.get(&(pair.label, form.clone()));
        entity(&pair.a) != entity(&pair.b)
    });
}
