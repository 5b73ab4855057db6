//! What places and organisations are, by the gazetteer or by their written form alone.

use super::Naming;
use crate::{
    Label,
    gazetteer::{Candidate, Gazetteer, Kind, NOT_ALONE, Place},
};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What a form is known to name.
#[derive(Debug)]
pub(super) struct Identity {
    /// Equal for forms of one place or organisation.
    pub key: String,
    /// Why a form with this key belongs to it.
    pub reason: String,
    /// How it is called by the convention, if that is known.
    pub name: Option<String>,
    pub wikidata: Option<String>,
    pub geonames: Option<u32>,
}

/// Legal forms at the end of a company's name, in lower case without full stops.
const LEGAL: &[&str] = &[
    "ag",
    "gmbh",
    "kg",
    "kgaa",
    "ohg",
    "ug",
    "eg",
    "ev",
    "se",
    "mbh",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "llc",
    "llp",
    "lp",
    "plc",
    "sa",
    "sarl",
    "sas",
    "spa",
    "srl",
    "bv",
    "nv",
    "ab",
    "as",
    "oy",
    "oyj",
    "ao",
    "oao",
    "pao",
    "ooo",
    "zao",
    "aktiengesellschaft",
    "ао",
    "оао",
    "пао",
    "ооо",
    "зао",
];

impl Identity {
    pub fn of(label: Label, form: &str, naming: Naming) -> Self {
        let found = match label {
            Label::Loc => Gazetteer::packaged().lookup(form),
            Label::Org => Gazetteer::packaged().organisations(form),
            Label::Per | Label::Oth => Vec::new(),
        };
        let known = |place: &Place| {
            place.kind > Kind::Region
                || place.names.iter().any(|name| name.text == form && name.is_said_in(&[naming.language()]))
        };
        // In German text, Georgia is no state but a part of one, and Jordan a river or a person.
        let is_other = |best: &&Candidate| NOT_ALONE.contains(&form) && !known(best.place);
        if let Some(best) = found.first().filter(|best| !is_other(best)) {
            return Self {
                key: best.place.id.clone(),
                reason: format!("{best} of the same place or organisation"),
                name: (naming != Naming::Original).then(|| best.place.name(naming.language()).to_owned()),
                wikidata: best.place.wikidata.map(str::to_owned),
                geonames: best.place.geonames,
            };
        }
        let folded = folded(form);
        let bare = if label == Label::Org { without_legal_form(&folded) } else { &folded };
        let reason = match bare.len() < folded.len() {
            true => "the same name with or without its legal form",
            false => "the same name in another spelling",
        };
        Self { key: format!("={bare}"), reason: reason.into(), name: None, wikidata: None, geonames: None }
    }
}

/// Lower case without marks; words apart by one blank whatever parted them; full stops left out.
fn folded(form: &str) -> String {
    let plain = form.nfkd().filter(|letter| !is_combining_mark(*letter) && !".'\"„“”".contains(*letter));
    let plain: String = plain.flat_map(char::to_lowercase).collect();
    let plain = plain.replace('ß', "ss");
    let words = plain.split(|letter: char| !letter.is_alphanumeric() && !"+#".contains(letter));
    let folded = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if folded.is_empty() { form.to_owned() } else { folded }
}

fn without_legal_form(folded: &str) -> &str {
    let mut bare = folded;
    while let Some((rest, last)) = bare.rsplit_once(' ') {
        if !LEGAL.contains(&last) {
            break;
        }
        bare = rest;
    }
    // Muster GmbH & Co KG: what joined the forms is gone with them.
    bare.strip_suffix(" und").or_else(|| bare.strip_suffix(" and")).unwrap_or(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_forms_and_marks_do_not_tell_apart() {
        let key = |form| Identity::of(Label::Org, form, Naming::De).key;
        for form in ["Muster Werke", "MUSTER-WERKE", "Muster Werke GmbH & Co. KG", "Müster Werke, Inc."] {
            assert_eq!(key("Muster Werke AG"), key(form), "{form}");
        }
        assert_ne!(key("Muster Werke"), key("Muster Bank"));
        assert_eq!(key("AG"), "=ag");
        let georgia = |naming| Identity::of(Label::Loc, "Georgia", naming).key;
        assert_eq!([georgia(Naming::De), georgia(Naming::En)], ["=georgia", "country:GE"]);
        assert_eq!(Identity::of(Label::Oth, "!", Naming::De).key, "=!");
    }
}
