//! Lone names that their documents do not explain: *Kim* beside *Kim Jong-un* and *Kim Yo-jong*, or beside nobody. A family
//! name with particles is one, too: *van der Berg*.

use super::{Counts, Decisions, Pair, Resolved};
use crate::{
    Label,
    names::{family_name, with_particles},
};
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
pub(super) const LISTED: usize = 3;

/// A lone name, or several that are one.
#[derive(Debug)]
pub(super) struct Lone<'r> {
    pub founder: &'r str,
    /// Each form, and whether it names something else in the corpus than a person.
    pub forms: Vec<(&'r str, bool)>,
    pub mentions: u64,
}

/// Somebody whom a lone name fits.
#[derive(Debug)]
pub(super) struct Person<'r> {
    pub founder: &'r str,
    pub mentions: u64,
    /// How often the lone name stands beside them.
    pub beside: u64,
    /// Whether the user said that the lone name is not theirs.
    pub is_apart: bool,
}

/// Who may be meant by a lone name.
#[derive(Debug)]
pub(super) struct Fitting<'r> {
    /// The full names of the only one, where the lone name stands beside nobody whom it fits: then they are those of all the
    /// corpus whose full names have its word.
    pub alone: Option<Vec<&'r str>>,
    pub people: u64,
    /// How often all of them are named.
    pub mentions: u64,
    /// Those most often named, first those who rank first: so many as are not apart and would be listed, or all.
    pub first: Vec<Person<'r>>,
}

/// What becomes of a lone name.
#[derive(Debug)]
pub(super) enum Fate {
    /// It is the first of the people whom it fits, with this score and for this reason.
    Joined(f64, String),
    /// It may be some of them.
    Open(Vec<Pair>),
}

impl Lone<'_> {
    pub fn fate(&self, fitting: &Fitting<'_>) -> Fate {
        let joined = match &fitting.alone {
            Some(fulls) => self.only(fitting, fulls),
            None => self.dominating(fitting),
        };
        match joined.filter(|_| !fitting.first[0].is_apart) {
            Some((score, reason)) => Fate::Joined(score, reason),
            None => Fate::Open(self.possible(fitting)),
        }
    }

    /// The person who dominates among those that stand beside a lone name.
    fn dominating(&self, fitting: &Fitting<'_>) -> Option<(f64, String)> {
        let person = fitting.first.first()?;
        let dominates = person.mentions >= DOMINANT * fitting.mentions.saturating_sub(person.mentions);
        (dominates && person.beside as f64 >= SHARE * self.mentions as f64).then(|| {
            let reason = format!(
                "a lone name; where it stands, {} is named in full, and far more often than others it fits",
                person.founder
            );
            (DOMINATING, reason)
        })
    }

    /// The only person of the corpus whose full name has a lone name that stands beside nobody it fits.
    ///
    /// It must be the family name, the person must be named in full at least as often as it stands alone, and it must
    /// name nothing else in the corpus.
    fn only(&self, fitting: &Fitting<'_>, fulls: &[&str]) -> Option<(f64, String)> {
        let person = fitting.first.first().filter(|_| fitting.people == 1)?;
        let is_family = |lone: &str| {
            let families = fulls.iter().flat_map(|full| [family_name(full), with_particles(full)]).flatten();
            families.map(word).any(|family| family == word(lone))
        };
        let sound = self.forms.iter().all(|&(lone, is_other)| !is_other && is_family(lone));
        (sound && person.mentions >= self.mentions).then(|| {
            let reason = format!(
                "a lone family name; its documents name nobody in full whom it fits, and in all others only {} has it",
                person.founder
            );
            (ONLY, reason)
        })
    }

    /// Pairs of a lone name with the people most often named whom it may be.
    fn possible(&self, fitting: &Fitting<'_>) -> Vec<Pair> {
        let reason = match fitting.people {
            1 => "a lone name; this is the only person whom it fits".to_owned(),
            others => format!("a lone name; it fits {others} people"),
        };
        let pair = |person: &Person<'_>| Pair {
            label: Label::Per,
            a: person.founder.to_owned(),
            b: self.founder.to_owned(),
            score: POSSIBLE,
            reason: reason.clone(),
        };
        fitting.first.iter().filter(|person| !person.is_apart).take(LISTED).map(pair).collect()
    }
}

/// Joins the lone names of a corpus in memory to people where there is reason to, and lists the others with those they may
/// be.
pub(super) fn join(open: &Open, counts: &Counts, decisions: &Decisions, resolved: &mut Resolved) {
    let people = People::of(resolved, counts, decisions);
    let mut joined: BTreeMap<usize, (usize, f64, String)> = BTreeMap::new();
    let mut listed = Vec::new();
    let bearers = people.bearers();
    for (from, entity) in resolved.entities.iter().enumerate() {
        if entity.label != Label::Per || entity.forms.iter().any(|(form, ..)| is_full(form)) {
            continue;
        }
        let beside = people.beside(open, from);
        let mut order: Vec<(usize, u64)> = match beside.is_empty() {
            true => {
                let fitting = words(&entity.forms).filter_map(|word| bearers.get(&word)).flatten();
                fitting.copied().collect::<BTreeSet<_>>().into_iter().map(|person| (person, 0)).collect()
            }
            false => beside.into_iter().collect(),
        };
        order.sort_by_key(|&(person, _)| (Reverse(people.mentions[person]), person));
        match people.lone(from).fate(&people.fitting(from, &order)) {
            Fate::Joined(score, reason) => drop(joined.insert(from, (order[0].0, score, reason))),
            Fate::Open(pairs) => listed.extend(pairs),
        }
    }
    resolved.candidates.extend(listed);
    move_forms(&joined, resolved);
}

/// The people of a corpus in memory when lone names are looked at.
struct People<'a> {
    counts: &'a Counts,
    decisions: &'a Decisions,
    resolved: &'a Resolved,
    /// How often each entity is mentioned that is a person.
    mentions: Vec<u64>,
}

impl<'a> People<'a> {
    fn of(resolved: &'a Resolved, counts: &'a Counts, decisions: &'a Decisions) -> Self {
        let mut mentions = vec![0; resolved.entities.len()];
        let people = counts.range((Label::Per, String::new())..).take_while(|(key, _)| key.0 == Label::Per);
        for (key, count) in people {
            if let Some(&person) = resolved.of.get(key) {
                mentions[person] += count;
            }
        }
        Self { counts, decisions, resolved, mentions }
    }

    fn forms(&self, person: usize) -> impl Iterator<Item = &'a str> + use<'a> {
        self.resolved.entities[person].forms.iter().map(|(form, ..)| form.as_str())
    }

    /// By the words that stand alone somewhere, the people whose full names have them.
    fn bearers(&self) -> BTreeMap<String, BTreeSet<usize>> {
        let people = || self.resolved.entities.iter().enumerate().filter(|(_, one)| one.label == Label::Per);
        let alone = people().flat_map(|(_, person)| person.forms.iter().filter(|one| !is_full(&one.0)));
        let mut bearers: BTreeMap<String, BTreeSet<usize>> =
            words(alone).map(|word| (word, BTreeSet::new())).collect();
        for (index, person) in people() {
            for word in words(person.forms.iter().filter(|one| is_full(&one.0))) {
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
        for (full, &mentions) in self.forms(from).filter_map(|form| open.get(form)).flatten() {
            let person = self.resolved.of.get(&(Label::Per, full.clone())).copied();
            if let Some(person) = person.filter(|&person| person != from) {
                *beside.entry(person).or_default() += mentions;
            }
        }
        beside
    }

    fn lone(&self, from: usize) -> Lone<'a> {
        let is_other = |form: &str| {
            let mut labels = Label::ALL.into_iter().filter(|label| *label != Label::Per);
            labels.any(|label| self.counts.contains_key(&(label, form.to_owned())))
        };
        let forms: Vec<(&str, bool)> = self.forms(from).map(|form| (form, is_other(form))).collect();
        Lone { founder: forms[0].0, forms, mentions: self.mentions[from] }
    }

    /// The people whom a lone name fits, in order, with how often it stands beside them.
    fn fitting(&self, from: usize, order: &[(usize, u64)]) -> Fitting<'a> {
        let is_alone = order.iter().all(|(_, beside)| *beside == 0);
        let fulls =
            || order.first().map(|&(person, _)| self.forms(person).filter(|form| is_full(form)).collect());
        let person = |&(person, beside): &(usize, u64)| Person {
            founder: &self.resolved.entities[person].forms[0].0,
            mentions: self.mentions[person],
            beside,
            is_apart: self.is_apart(from, person),
        };
        let mut shown = 0;
        // The first may be the one; of the others those are looked for that may be listed.
        let first = order.iter().map(person).take_while(|person| {
            shown += usize::from(!person.is_apart);
            shown <= LISTED
        });
        Fitting {
            alone: is_alone.then(|| fulls().unwrap_or_default()),
            people: order.len() as u64,
            mentions: order.iter().map(|&(person, _)| self.mentions[person]).sum(),
            first: first.collect(),
        }
    }

    /// Whether the user said that a lone name is not this person.
    fn is_apart(&self, from: usize, person: usize) -> bool {
        self.forms(from).any(|form| {
            self.forms(person).any(|full| self.decisions.verdict(Label::Per, form, full) == Some(false))
        })
    }
}

/// Whether a name has several words and is no lone one: a family name, though with particles.
pub(crate) fn is_full(form: &str) -> bool {
    form.contains(' ') && with_particles(form) != Some(form)
}

/// The words of forms, without case.
fn words<'f>(forms: impl IntoIterator<Item = &'f (String, f64, String)>) -> impl Iterator<Item = String> {
    forms.into_iter().flat_map(|(form, ..)| words_of(form))
}

/// The words of a form, without case. A family name with particles is a word, too, and alone no other: *von der*.
pub(crate) fn words_of(form: &str) -> impl Iterator<Item = String> {
    let family = with_particles(form);
    let apart = form.split([' ', '-']).filter(move |_| family != Some(form));
    apart.chain(family).map(word)
}

fn word(word: &str) -> String {
    word.to_lowercase()
}

/// Moves the forms of entities to others, and closes the gaps they leave.
pub(super) fn move_forms(joined: &BTreeMap<usize, (usize, f64, String)>, resolved: &mut Resolved) {
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
