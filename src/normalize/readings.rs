//! Readings of a name, ordered by the evidence for them.

use super::{
    Named,
    heads::{begins_with_adjective, citation_form},
};
use crate::{
    Form, Label,
    gazetteer::{Gazetteer, Match, Relation},
    names,
};
use std::{cmp::Reverse, collections::HashSet};

/// What the document's other mentions say about names.
pub(super) struct Evidence<'n> {
    /// Every name as it is written somewhere.
    whole: HashSet<&'n str>,
    /// Every word of the names of several words of persons.
    words: HashSet<&'n str>,
    /// Names that stand somewhere as no genitive can.
    nominative: HashSet<&'n str>,
}

impl<'n> Evidence<'n> {
    pub(super) fn of(named: &'n [Named]) -> Self {
        let plain = || named.iter().filter(|one| one.form == Form::Name && !one.role_only);
        let persons = plain().filter(|one| one.label == Label::Per && one.name.contains(' '));
        Self {
            whole: plain().map(|one| one.name.as_str()).collect(),
            words: persons.flat_map(|one| one.name.split(' ')).collect(),
            nominative: plain()
                .filter(|one| one.surroundings.suits_nominative(one.label))
                .map(|one| one.name.as_str())
                .collect(),
        }
    }

    fn speaks_for(&self, reading: &str, name: &str) -> bool {
        // Of a full name in Russian, its family name may stand alone elsewhere; in German that would cut *Lisa Muhrs* where
        // a *Muhr* is named.
        let [last, as_written] = [reading, name].map(|name| name.rsplit(' ').next().unwrap_or(name));
        let by_family = last != as_written && names::is_cyrillic(name) && self.whole.contains(last);
        by_family || self.whole.contains(reading) || self.words.contains(reading)
    }
}

/// How much the sorts of evidence weigh; a reading found in the document outweighs all others together.
const IN_DOCUMENT: u32 = 8;
const IN_GAZETTEER: u32 = 4;
const NOMINATIVE_PLACE: u32 = 2;
const GENITIVE_PLACE: u32 = 2;
const WRITTEN_SO: u32 = 1;

/// The readings of a mention's name, best first, never empty, each once.
pub(super) fn of(one: &Named, evidence: &Evidence<'_>) -> Vec<String> {
    let name = &one.name;
    if one.form != Form::Name || one.role_only {
        return vec![name.clone()];
    }
    if one.label != Label::Per
        && let Some(citation) = citation_form(name)
    {
        return vec![citation, name.clone()];
    }
    let mut readings = names::base_forms(name);
    if one.label == Label::Per && !names::is_cyrillic(name) {
        // A person's first word is no adjective: Torsten.
        readings.retain(|reading| name.starts_with(reading.as_str()));
    }
    if !readings.contains(name) {
        readings.push(name.clone());
    }
    if readings.len() > 1 {
        // Stable: equal weights keep the order of the grammar, which knows endings that are genitives for certain.
        let certain =
            if readings[0] != *name && one.label == Label::Per { readings[0].clone() } else { String::new() };
        let prior = |reading: &String| if *reading == certain { WRITTEN_SO } else { 0 };
        readings.sort_by_cached_key(|reading| Reverse(weight(reading, one, evidence) + prior(reading)));
    }
    let mut seen = HashSet::new();
    readings.retain(|reading| !reading.is_empty() && seen.insert(reading.clone()));
    if readings.is_empty() {
        readings.push(name.clone());
    }
    readings
}

fn weight(reading: &str, one: &Named, evidence: &Evidence<'_>) -> u32 {
    let name = one.name.as_str();
    let marked = name.ends_with(['\'', '’']);
    let listed = if is_listed(reading, one.label) { IN_GAZETTEER } else { 0 };
    if reading == name {
        // That an inflected form occurs is no evidence for it, but where it stands can be.
        let stands_so = evidence.nominative.contains(name) && !names::is_cyrillic(name);
        let written = WRITTEN_SO + if stands_so { NOMINATIVE_PLACE } else { 0 };
        return if marked { 0 } else { listed + written };
    }
    let in_document = if evidence.speaks_for(reading, name) { IN_DOCUMENT } else { 0 };
    // After a vowel an s is as often part of the name: Johannes, Jonas, Paris. Organisations end as they like: Siemens.
    let clear = reading.ends_with(|c: char| c.is_alphabetic() && !"aeiouyäöü".contains(c));
    let clear = clear && matches!(one.label, Label::Per | Label::Loc);
    let place = match name.starts_with(reading) {
        true if marked || clear && one.surroundings.suits_genitive(one.label) => GENITIVE_PLACE,
        false if begins_with_adjective(reading) => GENITIVE_PLACE,
        _ => 0,
    };
    listed + in_document + place
}

/// Whether the gazetteer lists a place or organisation under exactly this name.
fn is_listed(name: &str, label: Label) -> bool {
    let gazetteer = Gazetteer::packaged();
    let found = match label {
        Label::Loc => gazetteer.lookup(name),
        Label::Org => gazetteer.organisations(name),
        Label::Per | Label::Oth => return false,
    };
    // A rare variant of some place proves nothing: Tigri.
    let usual = |relation| !matches!(relation, Relation::Variant | Relation::Former);
    found
        .iter()
        .any(|found| found.matched == Match::Written && (usual(found.relation) || label == Label::Org))
}
