//! Names of people in the order of their rank, and what can be told of some of them without the others.

use super::{
    Pair,
    solve::{Edge, Sets, solve},
};
use crate::{
    Label,
    names::{Comparer, Comparison, Lexicon, Name, Script, Verdict},
};
use rayon::prelude::*;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// Pairs of names from this score on are spelt as one name is; below it, two of them in one document are two people.
pub(super) const SURE: f64 = 0.95;
/// What founding forms must agree on average before two clusters become one.
const AGREED: f64 = 0.80;
/// What a pair counts that a script may have spoilt: the sounds it leaves out are no contradiction.
const UNHEARD: f64 = 0.6;
/// What such a pair weighs beside one of scripts that write all sounds.
const LOOSE: f64 = 0.25;
/// How much rarer one of two names is that is only another name of the same person.
const RARE: u64 = 4;
/// Forms of one script from which a cluster is suspicious, and the most names that one is compared with to be sure.
pub(super) const MANY: usize = 24;

/// What was decided on pairs of names by their numbers, the lower first.
pub(super) type Decided = BTreeMap<(u32, u32), bool>;

/// Names by number: those with several parts first, the frequent before the rare, then by the alphabet. Whatever is said of
/// some of them is the same whichever others are there, as long as their order is.
#[derive(Debug)]
pub(super) struct Ranked<'c> {
    pub forms: Vec<&'c str>,
    pub names: Vec<Name>,
    pub counts: Vec<u64>,
    pub comparer: Arc<Comparer>,
}

impl<'c> Ranked<'c> {
    pub fn new(counts: Vec<(&'c str, u64)>, lexicon: &Lexicon, comparer: Arc<Comparer>) -> Self {
        let name = |(form, count)| {
            let name = lexicon.name(form);
            (is_single(&name), Reverse(count), form, name)
        };
        let mut ranked: Vec<(bool, Reverse<u64>, &str, Name)> = counts.into_par_iter().map(name).collect();
        ranked.par_sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
        let counts = ranked.iter().map(|(_, count, ..)| count.0).collect();
        let (forms, names) = ranked.into_iter().map(|(_, _, form, name)| (form, name)).unzip();
        Self { forms, names, counts, comparer }
    }

    fn compare(&self, a: u32, b: u32) -> Comparison {
        self.comparer.compare(&self.names[a as usize], &self.names[b as usize])
    }

    fn differ(&self, a: u32, b: u32) -> bool {
        self.compare(a, b).verdict == Verdict::Different
    }

    /// Whether the full names that one with an initial is likely to be, in order, are two people's: *A. Muster* beside *Anna*
    /// and *Andreas Muster*.
    pub fn are_several(&self, partners: &[u32]) -> bool {
        let Some((&first, others)) = partners.split_first() else { return false };
        others.iter().take(MANY).any(|&other| self.differ(first, other))
    }

    /// Whether somebody else bears the family name of two names that a short form joins: *Bill Muster* beside *William* and
    /// *Anna*. The more people have a name, the less a short form proves.
    pub fn are_relatives(&self, (a, b): (u32, u32), mut bearers: impl Iterator<Item = u32>) -> bool {
        bearers.any(|other| [a, b].iter().all(|&name| self.differ(name, other)))
    }

    /// Clusters of one component; of each the first founded it. Pairs decided to be one are among the edges, with a score beyond
    /// all others.
    pub fn component(&self, edges: &mut [Edge], decided: &Decided) -> Vec<Vec<u32>> {
        self.united(edges, decided).unwrap_or_else(|| self.clusters(edges, decided))
    }

    /// The clusters that there would be without the pairs decided to be one, and then those pairs: such a decision brings
    /// together and tears nothing apart. Nothing if another decision speaks against it.
    fn united(&self, edges: &[Edge], decided: &Decided) -> Option<Vec<Vec<u32>>> {
        let (said, mut likely): (Vec<Edge>, Vec<Edge>) =
            edges.iter().partition(|edge| edge.score.is_infinite());
        if said.is_empty() {
            return None;
        }
        // Whoever is not one with a name is not one with those either that are said to be that name.
        let groups = joined_with(said.iter().map(|edge| (edge.a, edge.b)));
        let group = |name: u32| groups.get(&name).map_or(vec![name], Clone::clone);
        let different = decided.iter().filter(|(_, same)| !**same);
        let apart: Decided = different
            .flat_map(|(&(a, b), _)| {
                let others = group(b);
                group(a)
                    .into_iter()
                    .flat_map(move |a| others.clone().into_iter().map(move |b| ((a.min(b), a.max(b)), false)))
            })
            .collect();
        let mut clusters = self.clusters(&mut likely, &apart);
        let known: HashSet<u32> = clusters.iter().flatten().copied().collect();
        let alone: BTreeSet<u32> =
            said.iter().flat_map(|edge| [edge.a, edge.b]).filter(|name| !known.contains(name)).collect();
        clusters.extend(alone.into_iter().map(|name| vec![name]));
        let cluster_of: HashMap<u32, u32> = clusters
            .iter()
            .zip(0..)
            .flat_map(|(members, cluster)| members.iter().map(move |&name| (name, cluster)))
            .collect();
        let joined = joined_with(said.iter().map(|edge| (cluster_of[&edge.a], cluster_of[&edge.b])));
        let mut united: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (members, cluster) in clusters.into_iter().zip(0..) {
            united.entry(joined.get(&cluster).map_or(cluster, |group| group[0])).or_default().extend(members);
        }
        let mut united: Vec<Vec<u32>> = united.into_values().collect();
        united.iter_mut().for_each(|members| members.sort_unstable());
        let is_torn = |members: &Vec<u32>| {
            apart.keys().any(|(a, b)| members.binary_search(a).is_ok() && members.binary_search(b).is_ok())
        };
        (!united.iter().any(is_torn)).then_some(united)
    }

    fn clusters(&self, edges: &mut [Edge], decided: &Decided) -> Vec<Vec<u32>> {
        let mut known: HashMap<(u32, u32), f64> =
            edges.iter().map(|edge| ((edge.a, edge.b), edge.score.min(1.0))).collect();
        let weigh = |(a, b): (u32, u32)| if self.is_loose(a, b) { LOOSE } else { 1.0 };
        solve(edges, |a, b, all_of_a, all_of_b| {
            let pairs = |a: &[u32], b: &[u32]| -> Vec<(u32, u32)> {
                a.iter().flat_map(|&a| b.iter().map(move |&b| (a.min(b), a.max(b)))).collect()
            };
            if !decided.is_empty() {
                let verdicts: Vec<bool> =
                    pairs(all_of_a, all_of_b).iter().filter_map(|pair| decided.get(pair).copied()).collect();
                if !verdicts.is_empty() {
                    return !verdicts.contains(&false);
                }
            }
            let (mut agreed, mut weights) = (0.0, 0.0);
            for pair in pairs(a, b) {
                let score = *known.entry(pair).or_insert_with(|| self.agreement(pair));
                let weight = weigh(pair);
                agreed += weight * score;
                weights += weight;
            }
            agreed >= AGREED * weights
        })
    }

    fn agreement(&self, (a, b): (u32, u32)) -> f64 {
        let score = self.compare(a, b).score;
        if self.is_loose(a, b) { score.max(UNHEARD) } else { score }
    }

    /// Whether a script may spoil the comparison of two names.
    fn is_loose(&self, a: u32, b: u32) -> bool {
        let (a, b) = (self.names[a as usize].script(), self.names[b as usize].script());
        a != b && (a.omits_or_adds_vowels() || b.omits_or_adds_vowels())
    }

    /// The forms of a cluster, each with its score and why it belongs to it.
    pub fn told(&self, members: &[u32], decided: &Decided) -> Vec<(String, f64, String)> {
        let founder = members[0];
        let form = |member: u32| self.forms[member as usize].to_owned();
        let mut forms = vec![(form(founder), 1.0, super::FOUNDING.to_owned())];
        for &member in &members[1..] {
            let decision = members
                .iter()
                .any(|&other| decided.get(&(other.min(member), other.max(member))) == Some(&true));
            let direct = self.compare(founder, member);
            let (score, reason) = if decision {
                (1.0, "your decision".to_owned())
            } else if direct.verdict == Verdict::Same {
                (direct.score, direct.reason)
            } else {
                // It belongs by way of another form: the one it is most like.
                let near = members[1..].iter().take(MANY).filter(|&&other| other != member);
                let best = near
                    .map(|&other| (self.compare(other, member), other))
                    .reduce(|best, other| if other.0.score > best.0.score { other } else { best });
                match best {
                    Some((best, other)) if best.score > direct.score => {
                        (best.score, format!("as {}: {}", form(other), best.reason))
                    }
                    _ => (direct.score, direct.reason),
                }
            };
            forms.push((form(member), score, reason));
        }
        forms
    }

    /// Whether a cluster holds more spellings of one script than a person has.
    pub fn is_suspicious(&self, members: &[u32]) -> bool {
        let mut scripts: BTreeMap<Script, usize> = BTreeMap::new();
        for &member in members {
            *scripts.entry(self.names[member as usize].script()).or_default() += 1;
        }
        scripts.values().any(|&count| count > MANY)
    }

    /// A pair for a user to decide, and what spoke against it.
    pub fn pair(&self, edge: &Edge, objection: &str) -> Pair {
        Pair {
            label: Label::Per,
            a: self.forms[edge.a as usize].to_owned(),
            b: self.forms[edge.b as usize].to_owned(),
            score: edge.score,
            reason: self.compare(edge.a, edge.b).reason + objection,
        }
    }
}

/// For each of the numbers that pairs join, through others too, all that it is joined with, in order.
fn joined_with(pairs: impl Iterator<Item = (u32, u32)>) -> HashMap<u32, Vec<u32>> {
    let pairs: Vec<(u32, u32)> = pairs.collect();
    let numbers: BTreeSet<u32> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
    let mut sets = Sets::new(numbers.last().map_or(0, |last| *last as usize + 1));
    pairs.iter().for_each(|&(a, b)| sets.join(a, b));
    let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    numbers.iter().for_each(|&number| groups.entry(sets.root(number)).or_default().push(number));
    groups
        .into_values()
        .flat_map(|group| group.clone().into_iter().map(move |number| (number, group.clone())))
        .collect()
}

/// Whether one part of a name at most is a name of its own.
pub(super) fn is_single(name: &Name) -> bool {
    name.core_parts() < 2
}

/// Whether neither of two names is so much rarer than the other that it is only another name of the same person.
pub(super) fn are_even(a: u64, b: u64) -> bool {
    a.min(b).saturating_mul(RARE) > a.max(b)
}

/// What keeps two names apart that are likely one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Objection {
    SideBySide,
    Initial,
    Family,
}

impl Objection {
    pub const ALL: [Self; 3] = [Self::SideBySide, Self::Initial, Self::Family];

    /// What is known of a pair: its score, whether a document uses both, whether one has an initial that fits others, too,
    /// and whether others bear the family name.
    pub fn to(score: f64, is_together: bool, is_ambiguous: bool, are_relatives: bool) -> Option<Self> {
        let side_by_side = score < SURE && is_together;
        [side_by_side, is_ambiguous, are_relatives]
            .into_iter()
            .zip(Self::ALL)
            .find_map(|(holds, objection)| holds.then_some(objection))
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::SideBySide => "; but one document uses both",
            Self::Initial => "; but the initial fits others as well",
            Self::Family => "; but others have that family name",
        }
    }
}

/// The order in which pairs are looked at: the likeliest first.
pub(super) fn likelier(x: &Edge, y: &Edge) -> std::cmp::Ordering {
    y.score.total_cmp(&x.score).then((x.a, x.b).cmp(&(y.a, y.b)))
}
