//! Entities by founding forms: every name joins the first founder that it is surely the same as, never a chain of others.

use crate::{Label, gazetteer::Gazetteer, names};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Names of a corpus with their labels and how often each was meant; grows with distinct names.
pub type Counts = BTreeMap<(Label, String), u64>;

/// What a user decided of two forms of one label: whether they are the same.
pub type Verdicts = BTreeMap<(Label, String, String), bool>;

/// A person, place, organisation or other name of the corpus.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// A hash of label and founding form.
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
    /// The form that founded an entity.
    pub a: String,
    /// The form that stayed apart.
    pub b: String,
    /// From 0 to 1.
    pub score: f64,
    /// What speaks for it.
    pub reason: String,
}

/// What became of the names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resolved {
    /// By label, then by mentions of the founding form.
    pub entities: Vec<Entity>,
    /// The index of the entity of every name.
    pub of: BTreeMap<(Label, String), usize>,
    /// What could not be decided.
    pub candidates: Vec<Pair>,
}

/// Joins names. Full names found entities before single ones, frequent ones before rare ones.
///
/// ```
/// use namenlese::{Label, resolve::resolve};
/// let counts = [("Anton Tschechow", 2), ("Антон Чехов", 1)].map(|(name, n)| ((Label::Per, name.to_owned()), n));
/// assert_eq!(resolve(&counts.into(), &Default::default()).entities.len(), 1);
/// ```
pub fn resolve(counts: &Counts, verdicts: &Verdicts) -> Resolved {
    let mut names: Vec<(&(Label, String), u64, names::Name)> =
        counts.iter().map(|(key, &count)| (key, count, names::Name::new(&key.1))).collect();
    names.sort_by(|(a, a_count, a_name), (b, b_count, b_name)| {
        let rank = |name: &names::Name| name.core_parts() < 2;
        (a.0, rank(a_name), b_count, &a.1).cmp(&(b.0, rank(b_name), a_count, &b.1))
    });
    let mut partners: HashMap<(Label, &str), Vec<(&str, bool)>> = HashMap::new();
    for ((label, a, b), &same) in verdicts {
        partners.entry((*label, a)).or_default().push((b, same));
        partners.entry((*label, b)).or_default().push((a, same));
    }
    let mut out = Resolved::default();
    let mut founders: Vec<&names::Name> = Vec::new();
    let mut by_key: HashMap<(Label, u64), Vec<usize>> = HashMap::new();
    let mut by_known: BTreeMap<String, usize> = BTreeMap::new();
    for (key, _, name) in &names {
        let (label, form) = (key.0, &key.1);
        let mut joins: Option<(usize, f64, String)> = None;
        let partners = partners.get(&(label, form.as_str())).map_or(&[][..], Vec::as_slice);
        let decided = |index: usize, same: bool| {
            partners.iter().any(|&(other, verdict)| {
                verdict == same && out.of.get(&(label, other.to_owned())) == Some(&index)
            })
        };
        let joined = partners
            .iter()
            .filter(|(_, same)| *same)
            .find_map(|(other, _)| out.of.get(&(label, (*other).to_owned())));
        let known = known(label, form);
        if let Some(&index) = joined {
            joins = Some((index, 1.0, "your decision".into()));
        } else if let Some((id, relation, ..)) = &known {
            let found = by_known.get(id).filter(|&&index| !decided(index, false));
            joins = found.map(|&index| (index, 1.0, format!("{relation} of the same place or organisation")));
        } else if label == Label::Per {
            let near: BTreeSet<usize> = names::keys(name)
                .into_iter()
                .filter_map(|hash| by_key.get(&(label, hash)))
                .flatten()
                .copied()
                .collect();
            for index in near {
                let compared = names::compare(founders[index], name);
                if decided(index, false) || compared.verdict == names::Verdict::Different {
                    continue;
                }
                if compared.verdict == names::Verdict::Undecided {
                    let a = out.entities[index].forms[0].0.clone();
                    let (score, reason) = (compared.score, compared.reason);
                    out.candidates.push(Pair { label, a, b: form.clone(), score, reason });
                } else if joins.as_ref().is_none_or(|(_, best, _)| compared.score > *best) {
                    joins = Some((index, compared.score, compared.reason));
                }
            }
        }
        let index = joins.as_ref().map_or(out.entities.len(), |(index, ..)| *index);
        if let Some((_, score, reason)) = joins {
            out.entities[index].forms.push((form.clone(), score, reason));
        } else {
            let mut entity = Entity {
                id: id(label, form),
                label,
                name: form.clone(),
                wikidata: None,
                geonames: None,
                forms: vec![(form.clone(), 1.0, "founding form".into())],
            };
            if let Some((id, _, chosen, wikidata, geonames)) = known {
                (entity.name, entity.wikidata, entity.geonames) = (chosen, wikidata, geonames);
                by_known.entry(id).or_insert(index);
            }
            out.entities.push(entity);
            founders.push(name);
            for hash in names::keys(name) {
                by_key.entry((label, hash)).or_default().push(index);
            }
        }
        out.of.insert((*key).clone(), index);
    }
    out
}

type Known = (String, String, String, Option<String>, Option<u32>);

/// What the gazetteer knows: id, relation, German name, Wikidata, GeoNames.
fn known(label: Label, form: &str) -> Option<Known> {
    let found = match label {
        Label::Loc => Gazetteer::packaged().lookup(form),
        Label::Org => Gazetteer::packaged().organisations(form),
        Label::Per | Label::Oth => return None,
    };
    let best = found.first()?;
    let place = best.place;
    let wikidata = place.wikidata.map(str::to_owned);
    Some((place.id.clone(), best.to_string(), place.name("de").to_owned(), wikidata, place.geonames))
}

fn id(label: Label, form: &str) -> String {
    let hash = Sha256::digest(format!("{label}\t{form}"));
    let hex: String = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{hex}", label.as_str().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_outrank_and_places_meet() {
        let key = |label, name: &str| (label, name.to_owned());
        let mut counts = Counts::new();
        for name in ["Nordkorea", "Demokratische Volksrepublik Korea", "Südkorea"] {
            counts.insert(key(Label::Loc, name), 1);
        }
        for name in ["Anton Tschechow", "Антон Чехов", "Leo Muster"] {
            counts.insert(key(Label::Per, name), 1);
        }
        let plain = resolve(&counts, &Verdicts::new());
        let of = |resolved: &Resolved, label, name| resolved.of[&key(label, name)];
        assert_eq!(
            of(&plain, Label::Loc, "Nordkorea"),
            of(&plain, Label::Loc, "Demokratische Volksrepublik Korea")
        );
        assert_ne!(of(&plain, Label::Loc, "Nordkorea"), of(&plain, Label::Loc, "Südkorea"));
        let pair = |a: &str, b: &str| (Label::Per, a.to_owned(), b.to_owned());
        let verdicts =
            [(pair("Anton Tschechow", "Антон Чехов"), false), (pair("Anton Tschechow", "Leo Muster"), true)];
        let decided = resolve(&counts, &verdicts.into());
        assert_ne!(of(&decided, Label::Per, "Anton Tschechow"), of(&decided, Label::Per, "Антон Чехов"));
        assert_eq!(of(&decided, Label::Per, "Anton Tschechow"), of(&decided, Label::Per, "Leo Muster"));
    }
}
