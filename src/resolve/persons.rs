//! The people of a corpus in memory: candidates are scored, components solved, reasons written.

use super::{
    Decisions, Entity, Pair, Resolved,
    blocks::Blocks,
    ids,
    ranked::{Decided, MANY, Objection, Ranked, SURE, are_even, is_single, likelier},
    solve::{Edge, Sets},
};
use crate::{
    Label,
    names::{Comparer, Lexicon, Verdict},
};
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// Two names that may be one, the first in the alphabet first.
pub type Doubt = (String, String);

#[derive(Debug)]
pub(super) struct Persons<'c> {
    ranked: Ranked<'c>,
    likely: Vec<Edge>,
    /// Likely pairs of which one has a short form for the other's given name.
    by_short_form: BTreeSet<(u32, u32)>,
    undecided: Vec<Edge>,
}

impl<'c> Persons<'c> {
    pub fn new(counts: impl Iterator<Item = (&'c str, u64)>) -> Self {
        let counts: Vec<(&str, u64)> = counts.collect();
        let comparer = Arc::new(Comparer::for_names(counts.len()));
        let ranked = Ranked::new(counts, &Lexicon::default(), comparer);
        let Ranked { names, comparer, .. } = &ranked;
        let blocks = Blocks::new(names);
        // By place, so that threads soon come back to names and words that they have just had.
        let scored: Vec<(Verdict, bool, Edge)> = (0..names.len())
            .into_par_iter()
            .map(|place| {
                let index = blocks.order[place];
                let before = blocks.before(place).into_iter().map(|other| blocks.order[other as usize]);
                let likely = before
                    .filter(|&other| comparer.is_worth_it(&names[other as usize], &names[index as usize]));
                let scored = likely.map(|other| {
                    let (a, b) = (other.min(index), other.max(index));
                    let compared = comparer.compare(&names[a as usize], &names[b as usize]);
                    (compared.verdict, compared.by_short_form, Edge { a, b, score: compared.score })
                });
                scored.filter(|(verdict, ..)| *verdict != Verdict::Different).collect::<Vec<_>>()
            })
            .flatten_iter()
            .collect();
        let (likely, undecided): (Vec<_>, Vec<_>) =
            scored.into_iter().partition(|(verdict, ..)| *verdict == Verdict::Same);
        let short = likely.iter().filter(|(_, short, _)| *short);
        let by_short_form = short.map(|(.., edge)| (edge.a, edge.b)).collect();
        let edges = |scored: Vec<(Verdict, bool, Edge)>| scored.into_iter().map(|(.., edge)| edge).collect();
        let (likely, undecided) = (edges(likely), edges(undecided));
        Self { ranked, likely, by_short_form, undecided }
    }

    pub fn doubts(&self) -> BTreeSet<Doubt> {
        let doubtful = self.likely.iter().filter(|edge| edge.score < SURE);
        doubtful.map(|edge| self.doubt(edge)).collect()
    }

    fn doubt(&self, edge: &Edge) -> Doubt {
        let (a, b) = (self.ranked.forms[edge.a as usize], self.ranked.forms[edge.b as usize]);
        (a.min(b).to_owned(), a.max(b).to_owned())
    }

    /// Adds the people to what is resolved.
    pub fn solve(&self, decisions: &Decisions, together: &BTreeSet<Doubt>, resolved: &mut Resolved) {
        let size = self.ranked.names.len();
        let decided = self.decided(decisions);
        let ambiguous = self.ambiguous();
        let relatives = self.relatives();
        let (mut apart, mut likely): (Vec<(Edge, Objection)>, Vec<Edge>) = (Vec::new(), Vec::new());
        for &edge in &self.likely {
            let is_together = !together.is_empty() && together.contains(&self.doubt(&edge));
            let is_ambiguous = ambiguous.contains(&edge.a) || ambiguous.contains(&edge.b);
            let are_relatives = relatives.contains(&(edge.a, edge.b));
            match Objection::to(edge.score, is_together, is_ambiguous, are_relatives) {
                Some(objection) => apart.push((edge, objection)),
                None => likely.push(edge),
            }
        }
        // A decision is a pair likelier than any other.
        likely.extend(decided.iter().filter(|(_, same)| **same).map(|(&(a, b), _)| Edge {
            a,
            b,
            score: f64::INFINITY,
        }));
        let mut sets = Sets::new(size);
        for edge in &likely {
            sets.join(edge.a, edge.b);
        }
        let mut components: BTreeMap<u32, Vec<Edge>> = BTreeMap::new();
        for edge in likely {
            components.entry(sets.root(edge.a)).or_default().push(edge);
        }
        let alone = (0..size as u32).filter(|name| !components.contains_key(&sets.root(*name)));
        let mut clusters: Vec<Vec<u32>> = alone.map(|name| vec![name]).collect();
        let mut components: Vec<Vec<Edge>> = components.into_values().collect();
        let solved: Vec<Vec<Vec<u32>>> =
            components.par_iter_mut().map(|edges| self.ranked.component(edges, &decided)).collect();
        clusters.extend(solved.into_iter().flatten());
        clusters.sort_unstable_by_key(|members| members[0]);
        let told: Vec<_> = clusters.par_iter().map(|members| self.ranked.told(members, &decided)).collect();
        let mut entity_of = vec![0; size];
        for (members, forms) in clusters.iter().zip(told) {
            let index = resolved.entities.len();
            if self.ranked.is_suspicious(members) {
                resolved.suspicious.push(index);
            }
            members.iter().for_each(|&member| entity_of[member as usize] = index);
            resolved.of.extend(forms.iter().map(|(form, ..)| ((Label::Per, form.clone()), index)));
            resolved.entities.push(Entity {
                id: ids::fresh(Label::Per, &forms[0].0),
                label: Label::Per,
                name: String::new(),
                wikidata: None,
                geonames: None,
                forms,
            });
        }
        let candidates = self.candidates(&apart, &decided, &entity_of);
        resolved.candidates.extend(candidates);
    }

    /// Names whose given name is an initial and that fit two people.
    fn ambiguous(&self) -> BTreeSet<u32> {
        let is_initialed = |name: u32| is_single(&self.ranked.names[name as usize]);
        let mut partners: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for edge in &self.likely {
            // Full names rank before those of one part.
            if is_initialed(edge.b) && !is_initialed(edge.a) {
                partners.entry(edge.b).or_default().insert(edge.a);
            }
        }
        partners.retain(|_, others| self.ranked.are_several(&others.iter().copied().collect::<Vec<_>>()));
        partners.into_keys().collect()
    }

    /// Pairs that a short form joins, of a family name that somebody else has as well, unless one of the two is so much
    /// rarer that it is another name of the same person.
    fn relatives(&self) -> BTreeSet<(u32, u32)> {
        let Ranked { names, counts, .. } = &self.ranked;
        let family = |name: u32| names[name as usize].last_core_part();
        let even = |&(a, b): &(u32, u32)| are_even(counts[a as usize], counts[b as usize]);
        let mut pairs: BTreeSet<(u32, u32)> = self.by_short_form.iter().copied().filter(even).collect();
        let mut bearers: HashMap<&str, Vec<u32>> = pairs
            .iter()
            .flat_map(|&(a, b)| [a, b])
            .filter_map(|name| Some((family(name)?, Vec::new())))
            .collect();
        for name in 0..names.len() as u32 {
            let full = !is_single(&names[name as usize]);
            if let Some(known) = family(name).filter(|_| full).and_then(|family| bearers.get_mut(family))
                && known.len() < MANY
            {
                known.push(name);
            }
        }
        pairs.retain(|&(a, b)| {
            let families = [a, b].into_iter().filter_map(|name| bearers.get(family(name)?));
            self.ranked.are_relatives((a, b), families.flatten().copied())
        });
        pairs
    }

    /// What was decided on pairs of names that are there.
    fn decided(&self, decisions: &Decisions) -> Decided {
        let mut pairs = decisions.pairs(Label::Per).peekable();
        if pairs.peek().is_none() {
            return Decided::new();
        }
        let numbers: HashMap<&str, u32> = self.ranked.forms.iter().copied().zip(0..).collect();
        let known = pairs.filter_map(|(a, b, same)| {
            let (a, b) = (*numbers.get(a)?, *numbers.get(b)?);
            Some(((a.min(b), a.max(b)), same))
        });
        known.collect()
    }

    /// Pairs that a user should decide: one for two entities, the likeliest.
    fn candidates(&self, apart: &[(Edge, Objection)], decided: &Decided, entity_of: &[usize]) -> Vec<Pair> {
        let mut open: Vec<(&Edge, &str)> = Vec::new();
        open.extend(apart.iter().map(|(edge, objection)| (edge, objection.as_str())));
        open.extend(self.undecided.iter().chain(&self.likely).map(|edge| (edge, "")));
        open.retain(|(edge, _)| entity_of[edge.a as usize] != entity_of[edge.b as usize]);
        // Stable: what speaks against a pair that is likely, too, comes first.
        open.par_sort_by(|(x, _), (y, _)| likelier(x, y));
        let mut seen = HashSet::new();
        open.retain(|(edge, _)| {
            let (a, b) = (entity_of[edge.a as usize], entity_of[edge.b as usize]);
            !decided.contains_key(&(edge.a, edge.b)) && seen.insert((a.min(b), a.max(b)))
        });
        open.par_iter().map(|(edge, objection)| self.ranked.pair(edge, objection)).collect()
    }
}
