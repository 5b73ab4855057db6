//! Lone names that their documents leave open: *Kim* beside *Kim Jong-un* and *Kim Yo-jong*.

use super::{Counts, Decisions, Resolved};
use crate::Label;
use std::collections::{BTreeMap, BTreeSet};

/// For a lone name that its document leaves open: the full names there that it fits, and how often it stands there.
pub type Open = BTreeMap<String, BTreeMap<BTreeSet<String>, u64>>;

/// How many times as often as all others it fits together somebody must be named in full.
const DOMINANT: u64 = 4;
/// The share of a lone name's mentions that must stand in documents which name that person in full.
const SHARE: f64 = 0.75;
/// How likely a lone name then is that person.
const SCORE: f64 = 0.7;

/// Joins each open lone name to the person who dominates the corpus among those it fits, if there is one.
pub(super) fn join(open: &Open, counts: &Counts, decisions: &Decisions, resolved: &mut Resolved) {
    let key = |form: &str| (Label::Per, form.to_owned());
    let mut joined: BTreeMap<usize, usize> = BTreeMap::new();
    for (lone, places) in open {
        let Some(&from) = resolved.of.get(&key(lone)) else { continue };
        let forms = &resolved.entities[from].forms;
        if forms.iter().any(|(form, ..)| form.contains(' ')) {
            continue;
        }
        let all: u64 = forms.iter().filter_map(|(form, ..)| counts.get(&key(form))).sum();
        // How often it stands beside each person in question.
        let mut beside: BTreeMap<usize, u64> = BTreeMap::new();
        for (fulls, &mentions) in places {
            let people: BTreeSet<usize> =
                fulls.iter().filter_map(|full| resolved.of.get(&key(full)).copied()).collect();
            people.into_iter().for_each(|person| *beside.entry(person).or_default() += mentions);
        }
        let named = |person: usize| -> u64 {
            resolved.entities[person].forms.iter().filter_map(|(form, ..)| counts.get(&key(form))).sum()
        };
        let total: u64 = beside.keys().map(|&person| named(person)).sum();
        let best = beside.iter().max_by_key(|&(&person, _)| (named(person), std::cmp::Reverse(person)));
        let Some((&person, &support)) = best else { continue };
        let dominates = named(person) >= DOMINANT * (total - named(person));
        let is_apart = |(form, ..): &(String, f64, String)| {
            let other = &resolved.entities[person].forms;
            other.iter().any(|(full, ..)| decisions.verdict(Label::Per, form, full) == Some(false))
        };
        if dominates && support as f64 >= SHARE * all as f64 && !forms.iter().any(is_apart) {
            joined.insert(from, person);
        }
    }
    move_forms(&joined, resolved);
}

/// Moves the forms of entities to others, and closes the gaps they leave.
fn move_forms(joined: &BTreeMap<usize, usize>, resolved: &mut Resolved) {
    if joined.is_empty() {
        return;
    }
    for (&from, &to) in joined {
        let name = resolved.entities[to].forms[0].0.clone();
        let forms = std::mem::take(&mut resolved.entities[from].forms);
        let reason = format!(
            "a lone name; where it stands, {name} is named in full, and far more often than others it fits"
        );
        resolved.entities[to].forms.extend(forms.into_iter().map(|(form, ..)| (form, SCORE, reason.clone())));
    }
    let mut index = 0;
    let new: Vec<usize> = (0..resolved.entities.len())
        .map(|old| {
            let here = index;
            index += usize::from(!joined.contains_key(&old));
            here
        })
        .collect();
    let moved = |old: usize| new[*joined.get(&old).unwrap_or(&old)];
    resolved.of.values_mut().for_each(|entity| *entity = moved(*entity));
    resolved.suspicious.iter_mut().for_each(|entity| *entity = moved(*entity));
    resolved.suspicious.dedup();
    resolved.entities.retain(|entity| !entity.forms.is_empty());
    resolved.candidates.retain(|pair| {
        let entity = |form: &String| resolved.of.get(&(pair.label, form.clone()));
        entity(&pair.a) != entity(&pair.b)
    });
}
