//! Resolving a block, a pair, a component at a time, for engines that hold a corpus on many machines.
//!
//! Each step is a pure function of its rows, and [`Resolver`](super::Resolver) is made of the same functions: so whoever hands
//! over the right rows comes to the entities that one machine comes to, but that decisions of a user are not heard.
//!
//! | step | of | comes to |
//! |---|---|---|
//! | [`Steps::name`] | a name of the corpus and its count | its [`Key`], its blocking keys, what else joins it |
//! | [`Blocks`] | the names of one block after another, in order | candidates |
//! | [`Steps::score`] | a candidate | a scored pair, if it could be one |
//! | [`Steps::is_ambiguous`] | the full names that a name with an initial is likely to be | whether they are several |
//! | [`Steps::weigh`] | a scored pair and the evidence | whether it joins, or what speaks against it |
//! | [`Steps::solve`] | a component of pairs that join | its clusters |
//! | [`Steps::identify`] | places or organisations with one identity | their cluster |
//! | [`Steps::open`] | the pairs between two clusters | the one to show |
//! | [`Steps::lone`] | a lone name and whom it fits | whom it joins |
//! | [`Steps::entity`] | all forms of an entity | its id and name |

use super::{
    Naming, Pair,
    blocks::{Passing, Traits},
    identity::Identity,
    ids,
    lone::{self, Fate, Fitting, Lone, Person},
    ranked::{Decided, Objection, Ranked, are_even, is_single, likelier},
    solve::{Edge, Sets},
};
use crate::{
    Error, ErrorKind, Label, Result,
    names::{Comparer, Lexicon, Name, Verdict, keys},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// How many of the people whom a lone name fits [`Steps::lone`] needs at least, the first in order.
pub const FITTING: usize = lone::LISTED;
/// How many bearers of a family name [`Steps::weigh`] needs at least, the first in order.
pub const BEARERS: usize = super::ranked::MANY;

/// What a name is known by from step to step: a text that tells label, count and form, and that sorts, byte by byte, as names
/// rank: by label, those of several parts first, frequent before rare, then by the alphabet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(String);

/// Label, several parts or not, and count come before the form.
const HEAD: usize = 18;

impl Key {
    fn new(label: Label, is_single: bool, count: u64, form: &str) -> Self {
        Self(format!("{}{}{:016x}{form}", label as u8, u8::from(is_single), !count))
    }

    fn parts(&self) -> Result<(Label, u64, &str)> {
        let read = || {
            let (head, form) = self.0.split_at_checked(HEAD)?;
            let label = Label::ALL.into_iter().nth(head.get(..1)?.parse().ok()?)?;
            Some((label, !u64::from_str_radix(head.get(2..)?, 16).ok()?, form))
        };
        read().ok_or_else(|| Error::new(ErrorKind::Malformed, format!("{:?} is no key of a name", self.0)))
    }

    /// The name itself.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for a text that no step made; as all steps do.
    pub fn form(&self) -> Result<&str> {
        Ok(self.parts()?.2)
    }

    fn count(&self) -> Result<u64> {
        Ok(self.parts()?.1)
    }
}

/// A name of the corpus.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)] // They say it.
pub struct Counted {
    pub label: Label,
    pub form: String,
    /// How often it is meant.
    pub count: u64,
}

/// What joins a name to others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Named {
    /// What it is known by.
    pub name: Key,
    /// Its label.
    pub label: Label,
    /// The name itself.
    pub form: String,
    /// How often it is meant.
    pub count: u64,
    /// Whether it has several words, and so is no lone name.
    pub is_full: bool,
    /// Its words, by which lone names find full ones; for people.
    pub words: Vec<String>,
    /// The family name that it is a bearer of, where it is a full name of a person.
    pub family: Option<String>,
    /// The keys of its blocks; for people.
    pub blocks: Vec<u64>,
    /// By what it is ordered in a block, before what it is known by.
    pub order: String,
    /// Equal for names of one place, organisation or other thing; nothing for people.
    pub identity: Option<String>,
}

/// A name in a block.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Member {
    /// The key of the block.
    pub block: u64,
    /// [`Named::name`]
    pub name: Key,
}

/// Two people's names to compare; `a` ranks before `b`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs)] // They say it.
pub struct Candidate {
    pub a: Key,
    pub b: Key,
}

/// Two people's names that could be one; `a` ranks before `b`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)] // They say it.
pub struct Scored {
    pub a: Key,
    pub b: Key,
    pub a_form: String,
    pub b_form: String,
    pub score: f64,
    /// They are likely one; if not, that is undecided.
    pub is_likely: bool,
    /// It matters whether a document uses both.
    pub is_doubtful: bool,
    /// `b` has an initial, or less, and is likely to be the full name `a`: it matters whether it is others, too.
    pub is_initialed: bool,
    /// Family names of which it matters who bears them.
    pub families: Vec<String>,
}

/// What is known of a pair that could be one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)] // They say it.
pub struct Evident {
    pub a: Key,
    pub b: Key,
    pub score: f64,
    pub is_likely: bool,
    /// Some document uses both.
    pub is_together: bool,
    /// One of them [is ambiguous](Steps::is_ambiguous).
    pub is_ambiguous: bool,
    /// The first [`BEARERS`] of each of its families.
    pub bearers: Vec<Key>,
}

/// A pair that could be one, weighed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)] // They say it.
pub struct Weighed {
    pub a: Key,
    pub b: Key,
    pub score: f64,
    /// It joins its names into one component.
    pub joins: bool,
    /// What speaks against it, or nothing.
    pub objection: String,
}

/// Names that pairs join, through others too; or one that no pair joins.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)] // They say it.
pub struct Component {
    pub members: Vec<Key>,
    /// All pairs that join two of them.
    pub pairs: Vec<Weighed>,
}

/// A name in its cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// The name.
    pub name: Key,
    /// The first of its cluster, by which that is known.
    pub founder: Key,
    /// Its number in the cluster, from 0.
    pub nth: u64,
    /// From 0 to 1.
    pub score: f64,
    /// Why it belongs there.
    pub reason: String,
    /// What the gazetteer calls it.
    pub called: Option<String>,
    /// Its item at Wikidata.
    pub wikidata: Option<String>,
    /// Its number at GeoNames.
    pub geonames: Option<u32>,
    /// Whether the cluster holds so many forms of one script that somebody should look.
    pub is_suspicious: bool,
}

/// Two forms that could be one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // They say it.
pub struct Open {
    pub label: Label,
    pub a: String,
    pub b: String,
    pub score: f64,
    pub reason: String,
}

/// A lone name, or a cluster of some, and whom it fits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Alone {
    /// The first of its forms.
    pub founder: Key,
    /// All of its forms.
    pub forms: Vec<AloneForm>,
    /// Whether it stands beside full names that it fits. If so, it fits those; if not, everybody whose full name has its word.
    pub is_beside: bool,
    /// How many people it fits.
    pub people: u64,
    /// How often all of them are named.
    pub mentions: u64,
    /// The first [`FITTING`] of them: most often named, then by founder.
    pub first: Vec<Fit>,
}

/// A form of a lone name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AloneForm {
    /// The form.
    pub name: Key,
    /// Whether the corpus has it under another label, too.
    pub is_other: bool,
}

/// Somebody whom a lone name fits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fit {
    /// The first of their forms.
    pub founder: Key,
    /// How often they are named.
    pub mentions: u64,
    /// How often the lone name stands beside them.
    pub beside: u64,
    /// Their full names; asked for only where the lone name fits nobody else and stands beside nobody.
    pub fulls: Vec<String>,
}

/// What becomes of a lone name: it joins somebody, or pairs are open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Joined {
    /// The first of its forms.
    pub founder: Key,
    /// The founder of the person whom it joins.
    pub joins: Option<Key>,
    /// From 0 to 1.
    pub score: f64,
    /// Why.
    pub reason: String,
    /// Whom it may be, if it joins nobody.
    pub open: Vec<Open>,
}

/// All forms of an entity.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Forms {
    /// The first.
    pub founder: Key,
    /// All of them.
    pub forms: Vec<Key>,
    /// What the gazetteer calls it.
    pub called: Option<String>,
}

/// An entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // They say it.
pub struct Called {
    /// The first of its forms.
    pub founder: Key,
    pub label: Label,
    pub entity_id: String,
    pub name: String,
}

/// The steps, with what they remember of words and names.
///
/// ```
/// use namenlese::{Label, resolve::{Naming, steps::{Blocks, Counted, Member, Steps}}};
/// let steps = Steps::new(Naming::De);
/// let mut members = Vec::new();
/// for form in ["Anton Tschechow", "Антон Чехов", "Leo Muster"] {
///     let named = steps.name(&Counted { label: Label::Per, form: form.into(), count: 1 });
///     members.extend(named.blocks.iter().map(|&block| (block, named.order.clone(), named.name.clone())));
/// }
/// members.sort();
/// let (mut blocks, mut candidates) = (Blocks::default(), Vec::new());
/// for (block, _, name) in members {
///     blocks.push(&steps, Member { block, name }, &mut candidates)?;
/// }
/// blocks.close(&steps, &mut candidates);
/// candidates.sort();
/// candidates.dedup();
/// assert_eq!(candidates.len(), 1);
/// assert!(steps.score(&candidates[0])?.is_some_and(|pair| pair.is_likely));
/// # Ok::<(), namenlese::Error>(())
/// ```
#[derive(Debug)]
pub struct Steps {
    lexicon: Lexicon,
    comparer: Arc<Comparer>,
    naming: Naming,
}

impl Steps {
    /// Steps that call entities by a convention.
    pub fn new(naming: Naming) -> Self {
        Self { lexicon: Lexicon::default(), comparer: Arc::default(), naming }
    }

    /// What a name is known and joined by.
    pub fn name(&self, counted: &Counted) -> Named {
        let Counted { label, form, count } = counted;
        let is_full = lone::is_full(form);
        let mut named = Named {
            // As with people: names of several words found entities before single ones.
            name: Key::new(*label, !is_full, *count, form),
            label: *label,
            form: form.clone(),
            count: *count,
            is_full,
            words: Vec::new(),
            family: None,
            blocks: Vec::new(),
            order: String::new(),
            identity: None,
        };
        if *label != Label::Per {
            named.identity = Some(Identity::of(*label, form, self.naming).key);
            return named;
        }
        let name = self.lexicon.name(form);
        named.name = Key::new(*label, is_single(&name), *count, form);
        named.words = lone::words_of(form).collect();
        named.family = name.last_core_part().filter(|_| !is_single(&name)).map(str::to_owned);
        named.blocks = keys(&name);
        named.order = name.sort_key().map(|part| format!("{part:08x}")).concat();
        named
    }

    /// Compares two names; nothing if they are two people's.
    pub fn score(&self, Candidate { a, b }: &Candidate) -> Result<Option<Scored>> {
        let [(_, a_count, a_form), (_, b_count, b_form)] = [a.parts()?, b.parts()?];
        let [a_name, b_name] = [a_form, b_form].map(|form| self.lexicon.name(form));
        let compared = self.comparer.compare(&a_name, &b_name);
        if compared.verdict == Verdict::Different {
            return Ok(None);
        }
        let is_likely = compared.verdict == Verdict::Same;
        let by_short_form = is_likely && compared.by_short_form && are_even(a_count, b_count);
        let families = [&a_name, &b_name].into_iter().filter(|_| by_short_form);
        Ok(Some(Scored {
            is_likely,
            is_doubtful: is_likely && compared.score < super::ranked::SURE,
            is_initialed: is_likely && is_single(&b_name) && !is_single(&a_name),
            families: families.filter_map(|name| name.last_core_part().map(str::to_owned)).collect(),
            a: a.clone(),
            b: b.clone(),
            a_form: a_form.to_owned(),
            b_form: b_form.to_owned(),
            score: compared.score,
        }))
    }

    /// Whether the full names that a name with an initial is likely to be are several people's.
    pub fn is_ambiguous(&self, partners: &[Key]) -> Result<bool> {
        let partners = self.ranked(partners)?;
        Ok(partners.names.are_several(&partners.numbers()))
    }

    /// Whether a pair joins its names.
    pub fn weigh(&self, evident: &Evident) -> Result<Weighed> {
        let Evident { a, b, score, is_likely, is_together, is_ambiguous, bearers } = evident;
        let are_relatives = if bearers.is_empty() {
            false
        } else {
            let all: Vec<Key> = [a, b].into_iter().chain(bearers).cloned().collect();
            let ranked = self.ranked(&all)?;
            let others = bearers.iter().map(|other| ranked.number(other)).collect::<Result<Vec<_>>>()?;
            ranked.names.are_relatives((ranked.number(a)?, ranked.number(b)?), others.into_iter())
        };
        let objection = Objection::to(*score, *is_together, *is_ambiguous, are_relatives);
        Ok(Weighed {
            a: a.clone(),
            b: b.clone(),
            score: *score,
            joins: *is_likely && objection.is_none(),
            objection: objection.filter(|_| *is_likely).map_or("", Objection::as_str).to_owned(),
        })
    }

    /// The clusters of a component, or of several: pairs alone join.
    pub fn solve(&self, component: &Component) -> Result<Vec<Placed>> {
        let ranked = self.ranked(&component.members)?;
        let edges = component.pairs.iter().map(|pair| ranked.edge(pair)).collect::<Result<Vec<_>>>()?;
        let mut sets = Sets::new(ranked.keys.len());
        edges.iter().for_each(|edge| sets.join(edge.a, edge.b));
        let mut components: BTreeMap<u32, Vec<Edge>> = BTreeMap::new();
        for edge in edges {
            components.entry(sets.root(edge.a)).or_default().push(edge);
        }
        let alone = ranked.numbers().into_iter().filter(|&name| !components.contains_key(&sets.root(name)));
        let mut clusters: Vec<Vec<u32>> = alone.map(|name| vec![name]).collect();
        let none = Decided::new();
        for edges in components.values_mut() {
            clusters.extend(ranked.names.component(edges, &none));
        }
        let mut placed = Vec::new();
        for members in clusters {
            let is_suspicious = ranked.names.is_suspicious(&members);
            let told = ranked.names.told(&members, &none);
            placed.extend(members.iter().zip(told).zip(0..).map(|((&member, (_, score, reason)), nth)| {
                Placed {
                    name: ranked.keys[member as usize].clone(),
                    founder: ranked.keys[members[0] as usize].clone(),
                    nth,
                    score,
                    reason,
                    called: None,
                    wikidata: None,
                    geonames: None,
                    is_suspicious,
                }
            }));
        }
        Ok(placed)
    }

    /// The cluster of names with one label and one [`Named::identity`].
    pub fn identify(&self, members: &[Key]) -> Result<Vec<Placed>> {
        let mut members: Vec<&Key> = members.iter().collect();
        members.sort_unstable();
        let mut placed = Vec::new();
        for (nth, name) in members.iter().enumerate() {
            let (label, _, form) = name.parts()?;
            let identity = Identity::of(label, form, self.naming);
            let is_first = nth == 0;
            placed.push(Placed {
                name: (*name).clone(),
                founder: members[0].clone(),
                nth: nth as u64,
                score: 1.0,
                reason: if is_first { super::FOUNDING.to_owned() } else { identity.reason },
                called: identity.name.filter(|_| is_first),
                wikidata: identity.wikidata.filter(|_| is_first),
                geonames: identity.geonames.filter(|_| is_first),
                is_suspicious: false,
            });
        }
        Ok(placed)
    }

    /// Of all pairs between two clusters the likeliest, for a person who decides.
    pub fn open(&self, pairs: &[Weighed]) -> Result<Option<Open>> {
        let names: Vec<Key> = pairs.iter().flat_map(|pair| [&pair.a, &pair.b]).cloned().collect();
        let ranked = self.ranked(&names)?;
        let edges = pairs.iter().map(|pair| Ok((ranked.edge(pair)?, pair))).collect::<Result<Vec<_>>>()?;
        let best = edges.iter().min_by(|(x, _), (y, _)| likelier(x, y));
        Ok(best.map(|(edge, pair)| ranked.names.pair(edge, &pair.objection).into()))
    }

    /// What becomes of a lone name.
    pub fn lone(&self, alone: &Alone) -> Result<Joined> {
        let mut first: Vec<&Fit> = alone.first.iter().collect();
        first.sort_by(|x, y| (y.mentions, &x.founder).cmp(&(x.mentions, &y.founder)));
        let people = first.iter().map(|fit| {
            let founder = fit.founder.form()?;
            Ok(Person { founder, mentions: fit.mentions, beside: fit.beside, is_apart: false })
        });
        let fulls = first.first().map(|fit| fit.fulls.iter().map(String::as_str).collect());
        let fitting = Fitting {
            alone: (!alone.is_beside).then(|| fulls.unwrap_or_default()),
            people: alone.people,
            mentions: alone.mentions,
            first: people.collect::<Result<_>>()?,
        };
        let forms = alone.forms.iter().map(|form| Ok((form.name.form()?, form.is_other)));
        let lone = Lone {
            founder: alone.founder.form()?,
            forms: forms.collect::<Result<_>>()?,
            mentions: alone.forms.iter().map(|form| form.name.count()).sum::<Result<_>>()?,
        };
        let founder = alone.founder.clone();
        Ok(match lone.fate(&fitting) {
            Fate::Joined(score, reason) => {
                Joined { founder, joins: Some(first[0].founder.clone()), score, reason, open: Vec::new() }
            }
            Fate::Open(pairs) => {
                let open = pairs.into_iter().map(Open::from).collect();
                Joined { founder, joins: None, score: 0.0, reason: String::new(), open }
            }
        })
    }

    /// What an entity is called.
    pub fn entity(&self, forms: &Forms) -> Result<Called> {
        let (label, _, founder) = forms.founder.parts()?;
        let counted = forms.forms.iter().map(|key| key.parts().map(|(_, count, form)| (form, count)));
        let called = forms.called.clone().unwrap_or_default();
        let chosen =
            self.naming.call(label, &called, &counted.collect::<Result<Vec<_>>>()?).map(str::to_owned);
        Ok(Called {
            founder: forms.founder.clone(),
            label,
            entity_id: ids::fresh(label, founder),
            name: chosen.unwrap_or(called),
        })
    }

    fn meet(&self, one: &(Key, Name), other: &(Key, Name), found: &mut Vec<Candidate>) {
        if self.comparer.is_worth_it(&one.1, &other.1) {
            let (a, b) = (one.0.clone().min(other.0.clone()), one.0.clone().max(other.0.clone()));
            found.push(Candidate { a, b });
        }
    }

    fn ranked<'k>(&self, keys: &'k [Key]) -> Result<Group<'k>> {
        let mut keys: Vec<&Key> = keys.iter().collect();
        keys.sort_unstable();
        keys.dedup();
        let counted = keys.iter().map(|key| key.parts().map(|(_, count, form)| (form, count)));
        let names = Ranked::new(counted.collect::<Result<_>>()?, &self.lexicon, self.comparer.clone());
        Ok(Group { keys, names })
    }
}

impl From<Pair> for Open {
    fn from(Pair { label, a, b, score, reason }: Pair) -> Self {
        Self { label, a, b, score, reason }
    }
}

/// Some names in the order of their rank, which is that of their keys.
struct Group<'k> {
    keys: Vec<&'k Key>,
    names: Ranked<'k>,
}

impl Group<'_> {
    fn numbers(&self) -> Vec<u32> {
        (0..self.keys.len() as u32).collect()
    }

    fn number(&self, key: &Key) -> Result<u32> {
        let found = self.keys.binary_search(&key);
        let missing = |_| Error::new(ErrorKind::Malformed, format!("{:?} is not in its group", key.0));
        found.map(|number| number as u32).map_err(missing)
    }

    fn edge(&self, pair: &Weighed) -> Result<Edge> {
        Ok(Edge { a: self.number(&pair.a)?, b: self.number(&pair.b)?, score: pair.score })
    }
}

/// Candidates of blocks whose names come one after another: sorted by block, [`Named::order`] and [`Named::name`]. Two names may
/// meet in several blocks.
#[derive(Debug, Default)]
pub struct Blocks(Passing<(Key, Name)>);

impl Blocks {
    /// Adds a name; who it and those before it meet is `found`.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for what is no key.
    pub fn push(&mut self, steps: &Steps, member: Member, found: &mut Vec<Candidate>) -> Result<()> {
        let name = steps.lexicon.name(member.name.form()?);
        let traits = Traits::of(&name);
        self.0.push(member.block, traits, (member.name, name), |one, other| steps.meet(one, other, found));
        Ok(())
    }

    /// Ends the last block.
    pub fn close(&mut self, steps: &Steps, found: &mut Vec<Candidate>) {
        self.0.close(|one, other| steps.meet(one, other, found));
    }
}
