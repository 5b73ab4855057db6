//! People: candidates are scored, components solved, reasons written.

use super::{
    Decisions, Entity, Pair, Resolved,
    blocks::Blocks,
    ids,
    solve::{Edge, Sets, solve},
};
use crate::{
    Label,
    names::{Comparer, Comparison, Lexicon, Name, Script, Verdict},
};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Two names that may be one, the first in the alphabet first.
pub type Doubt = (String, String);

/// Pairs of names from this score on are spelt as one name is; below it, two of them in one document are two people.
const SURE: f64 = 0.95;
/// What founding forms must agree on average before two clusters become one.
const AGREED: f64 = 0.80;
/// What a pair counts that a script may have spoilt: the sounds it leaves out are no contradiction.
const UNHEARD: f64 = 0.6;
/// What such a pair weighs beside one of scripts that write all sounds.
const LOOSE: f64 = 0.25;
/// How much rarer one of two names is that is only another name of the same person.
const RARE: u64 = 4;
/// Forms of one script from which a cluster is suspicious.
const MANY: usize = 24;

/// The names of people, ranked: those with several parts first, the frequent before the rare.
#[derive(Debug)]
pub(super) struct Persons<'c> {
    forms: Vec<&'c str>,
    names: Vec<Name>,
    counts: Vec<u64>,
    comparer: Comparer,
    likely: Vec<Edge>,
    /// Likely pairs of which one has a short form for the other's given name.
    by_short_form: BTreeSet<(u32, u32)>,
    undecided: Vec<Edge>,
}

impl<'c> Persons<'c> {
    pub fn new(counts: impl Iterator<Item = (&'c str, u64)>) -> Self {
        let lexicon = Lexicon::default();
        let counts: Vec<(&str, u64)> = counts.collect();
        let mut ranked: Vec<(bool, u64, &str, Name)> = counts
            .into_par_iter()
            .map(|(form, count)| {
                let name = lexicon.name(form);
                (name.core_parts() < 2, count, form, name)
            })
            .collect();
        ranked.par_sort_by(|a, b| (a.0, b.1, a.2).cmp(&(b.0, a.1, b.2)));
        let counts: Vec<u64> = ranked.iter().map(|(_, count, ..)| *count).collect();
        let (forms, names): (Vec<&str>, Vec<Name>) =
            ranked.into_iter().map(|(_, _, form, name)| (form, name)).unzip();
        let blocks = Blocks::new(&names);
        let comparer = Comparer::for_names(names.len());
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
        Self { forms, names, counts, comparer, likely, by_short_form, undecided }
    }

    pub fn doubts(&self) -> BTreeSet<Doubt> {
        let doubtful = self.likely.iter().filter(|edge| edge.score < SURE);
        doubtful.map(|edge| self.doubt(edge)).collect()
    }

    fn doubt(&self, edge: &Edge) -> Doubt {
        let (a, b) = (self.forms[edge.a as usize], self.forms[edge.b as usize]);
        (a.min(b).to_owned(), a.max(b).to_owned())
    }

    /// Adds the people to what is resolved.
    pub fn solve(&self, decisions: &Decisions, together: &BTreeSet<Doubt>, resolved: &mut Resolved) {
        let decided = self.decided(decisions);
        let ambiguous = self.ambiguous();
        let relatives = self.relatives();
        let (mut apart, mut likely): (Vec<(Edge, &str)>, Vec<Edge>) = (Vec::new(), Vec::new());
        for &edge in &self.likely {
            if edge.score < SURE && together.contains(&self.doubt(&edge)) {
                apart.push((edge, "; but one document uses both"));
            } else if ambiguous.contains(&edge.a) || ambiguous.contains(&edge.b) {
                apart.push((edge, "; but the initial fits others as well"));
            } else if relatives.contains(&(edge.a, edge.b)) {
                apart.push((edge, "; but others have that family name"));
            } else {
                likely.push(edge);
            }
        }
        // A decision is a pair likelier than any other.
        likely.extend(decided.iter().filter(|(_, same)| **same).map(|(&(a, b), _)| Edge {
            a,
            b,
            score: f64::INFINITY,
        }));
        let mut sets = Sets::new(self.names.len());
        for edge in &likely {
            sets.join(edge.a, edge.b);
        }
        let mut components: BTreeMap<u32, Vec<Edge>> = BTreeMap::new();
        for edge in likely {
            components.entry(sets.root(edge.a)).or_default().push(edge);
        }
        let alone = (0..self.names.len() as u32).filter(|name| !components.contains_key(&sets.root(*name)));
        let mut clusters: Vec<Vec<u32>> = alone.map(|name| vec![name]).collect();
        let mut components: Vec<Vec<Edge>> = components.into_values().collect();
        let solved: Vec<Vec<Vec<u32>>> =
            components.par_iter_mut().map(|edges| self.component(edges, &decided)).collect();
        clusters.extend(solved.into_iter().flatten());
        clusters.sort_unstable_by_key(|members| members[0]);
        let told: Vec<Entity> = clusters.par_iter().map(|members| self.entity(members, &decided)).collect();
        let mut entity_of = vec![0; self.names.len()];
        for (members, entity) in clusters.iter().zip(told) {
            if self.is_suspicious(members) {
                resolved.suspicious.push(resolved.entities.len());
            }
            let index = resolved.entities.len();
            members.iter().for_each(|&member| entity_of[member as usize] = index);
            resolved.of.extend(entity.forms.iter().map(|(form, ..)| ((Label::Per, form.clone()), index)));
            resolved.entities.push(entity);
        }
        let candidates = self.candidates(&apart, &decided, &entity_of);
        resolved.candidates.extend(candidates);
    }

    /// Names whose given name is an initial and that fit two people: *A. Muster* beside *Anna* and *Andreas Muster*.
    fn ambiguous(&self) -> BTreeSet<u32> {
        let is_initialed = |name: u32| self.names[name as usize].core_parts() < 2;
        let mut partners: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for edge in &self.likely {
            for (one, other) in [(edge.a, edge.b), (edge.b, edge.a)] {
                if is_initialed(one) && !is_initialed(other) {
                    partners.entry(one).or_default().push(other);
                }
            }
        }
        partners.retain(|_, others| {
            let first = &self.names[others[0] as usize];
            let mut others = others[1..].iter().take(MANY).map(|&other| &self.names[other as usize]);
            others.any(|other| self.comparer.compare(first, other).verdict == Verdict::Different)
        });
        partners.into_keys().collect()
    }

    /// Pairs that a short form joins, of a family name that somebody else has as well: *Bill Muster* beside *William* and
    /// *Anna*. The more people have a name, the less a short form proves; but where one of the two is named [`RARE`] times
    /// less often, it is another name of the same person.
    fn relatives(&self) -> BTreeSet<(u32, u32)> {
        let count = |name: u32| self.counts[name as usize];
        let family = |name: u32| self.names[name as usize].last_core_part();
        let even = self.by_short_form.iter().copied().filter(|&(a, b)| {
            let (a, b) = (count(a), count(b));
            a.min(b).saturating_mul(RARE) > a.max(b)
        });
        let mut pairs: BTreeSet<(u32, u32)> = even.collect();
        let mut bearers: HashMap<&str, Vec<u32>> = pairs
            .iter()
            .flat_map(|&(a, b)| [a, b])
            .filter_map(|name| Some((family(name)?, Vec::new())))
            .collect();
        for name in 0..self.names.len() as u32 {
            let full = self.names[name as usize].core_parts() > 1;
            if let Some(known) = family(name).filter(|_| full).and_then(|family| bearers.get_mut(family))
                && known.len() < MANY
            {
                known.push(name);
            }
        }
        pairs.retain(|&(a, b)| {
            let of_family = |name: u32| family(name).and_then(|family| bearers.get(family));
            let mut others = of_family(a).into_iter().chain(of_family(b)).flatten();
            others.any(|&other| {
                [a, b].iter().all(|&name| {
                    let (name, other) = (&self.names[name as usize], &self.names[other as usize]);
                    self.comparer.compare(name, other).verdict == Verdict::Different
                })
            })
        });
        pairs
    }

    /// What was decided on pairs of names that are there.
    fn decided(&self, decisions: &Decisions) -> BTreeMap<(u32, u32), bool> {
        let mut pairs = decisions.pairs(Label::Per).peekable();
        if pairs.peek().is_none() {
            return BTreeMap::new();
        }
        let numbers: HashMap<&str, u32> = self.forms.iter().copied().zip(0..).collect();
        let known = pairs.filter_map(|(a, b, same)| {
            let (a, b) = (*numbers.get(a)?, *numbers.get(b)?);
            Some(((a.min(b), a.max(b)), same))
        });
        known.collect()
    }

    fn component(&self, edges: &mut [Edge], decided: &BTreeMap<(u32, u32), bool>) -> Vec<Vec<u32>> {
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
            let pairs = pairs(a, b);
            let (mut agreed, mut weights) = (0.0, 0.0);
            for pair in pairs {
                let score = *known.entry(pair).or_insert_with(|| self.agreement(pair));
                let weight = weigh(pair);
                agreed += weight * score;
                weights += weight;
            }
            agreed >= AGREED * weights
        })
    }

    fn agreement(&self, (a, b): (u32, u32)) -> f64 {
        let loose = self.is_loose(a, b);
        let (a, b) = (&self.names[a as usize], &self.names[b as usize]);
        let score = self.comparer.compare(a, b).score;
        if loose { score.max(UNHEARD) } else { score }
    }

    /// Whether a script may spoil the comparison of two names.
    fn is_loose(&self, a: u32, b: u32) -> bool {
        let (a, b) = (self.names[a as usize].script(), self.names[b as usize].script());
        a != b && (a.omits_or_adds_vowels() || b.omits_or_adds_vowels())
    }

    fn entity(&self, members: &[u32], decided: &BTreeMap<(u32, u32), bool>) -> Entity {
        let founder = members[0];
        let form = |member: u32| self.forms[member as usize].to_owned();
        let mut forms = vec![(form(founder), 1.0, "founding form".to_owned())];
        for &member in &members[1..] {
            let decision = members
                .iter()
                .any(|&other| decided.get(&(other.min(member), other.max(member))) == Some(&true));
            let compared = |other: u32| -> Comparison {
                self.comparer.compare(&self.names[other as usize], &self.names[member as usize])
            };
            let direct = compared(founder);
            let (score, reason) = if decision {
                (1.0, "your decision".to_owned())
            } else if direct.verdict == Verdict::Same {
                (direct.score, direct.reason)
            } else {
                // It belongs by way of another form: the one it is most like.
                let near = members[1..].iter().take(MANY).filter(|&&other| other != member);
                let best = near
                    .map(|&other| (compared(other), other))
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
        Entity {
            id: ids::fresh(Label::Per, &forms[0].0),
            label: Label::Per,
            name: String::new(),
            wikidata: None,
            geonames: None,
            forms,
        }
    }

    /// Whether a cluster holds more spellings of one script than a person has.
    fn is_suspicious(&self, members: &[u32]) -> bool {
        let mut scripts: BTreeMap<Script, usize> = BTreeMap::new();
        for &member in members {
            *scripts.entry(self.names[member as usize].script()).or_default() += 1;
        }
        scripts.values().any(|&count| count > MANY)
    }

    /// Pairs that a user should decide: one for two entities, the likeliest.
    fn candidates(
        &self,
        apart: &[(Edge, &str)],
        decided: &BTreeMap<(u32, u32), bool>,
        entity_of: &[usize],
    ) -> Vec<Pair> {
        let reasoned = |(edge, suffix): &(&Edge, &str)| {
            let compared = self.comparer.compare(&self.names[edge.a as usize], &self.names[edge.b as usize]);
            Pair {
                label: Label::Per,
                a: self.forms[edge.a as usize].to_owned(),
                b: self.forms[edge.b as usize].to_owned(),
                score: edge.score,
                reason: compared.reason + suffix,
            }
        };
        let mut open: Vec<(&Edge, &str)> = Vec::new();
        open.extend(apart.iter().map(|(edge, but)| (edge, *but)));
        open.extend(self.undecided.iter().chain(&self.likely).map(|edge| (edge, "")));
        open.retain(|(edge, _)| entity_of[edge.a as usize] != entity_of[edge.b as usize]);
        open.par_sort_by(|(x, _), (y, _)| y.score.total_cmp(&x.score).then((x.a, x.b).cmp(&(y.a, y.b))));
        let mut seen = HashSet::new();
        open.retain(|(edge, _)| {
            let (a, b) = (entity_of[edge.a as usize], entity_of[edge.b as usize]);
            !decided.contains_key(&(edge.a, edge.b)) && seen.insert((a.min(b), a.max(b)))
        });
        open.par_iter().map(reasoned).collect()
    }
}
