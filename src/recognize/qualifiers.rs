//! After the model: *Frankfurt (Oder)* and *Neustadt an der Weinstraße* are not Frankfurt and Neustadt.

use super::{decode::Found, seen::Seen};
use crate::{Form, Label, gazetteer::Gazetteer};

/// The most words of a name with its qualifier; brackets count.
const MOST_WORDS: usize = 6;

/// Widens a place to what is written from its first word on, if just that is a listed name. Names inside it are no more.
pub(super) fn widen(seen: &[Seen], found: &mut [Vec<Found>]) {
    for (seen, found) in seen.iter().zip(found) {
        let mut free_from = 0;
        let wider = |one: &Found| {
            let ends = one.words.end + 1..=seen.words.len().min(one.words.start + MOST_WORDS);
            ends.rev().find(|&end| {
                let bytes = seen.words[one.words.start].start..seen.words[end - 1].end;
                is_listed(&seen.bridged.text()[bytes])
            })
        };
        found.retain_mut(|one| {
            if one.words.start < free_from {
                return false;
            }
            if one.label == Label::Loc
                && one.form == Form::Name
                && let Some(end) = wider(one)
            {
                (one.words.end, free_from) = (end, end);
            }
            true
        });
    }
}

fn is_listed(name: &str) -> bool {
    let found = Gazetteer::packaged().lookup(name);
    found.iter().any(|one| one.place.names.iter().any(|own| own.text == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Span, document::Bridged, segment};

    #[test]
    fn a_listed_name_is_taken_with_its_qualifier() {
        for (text, wide, left) in [
            ("Frankfurt (Oder) liegt an der Oder", 4, 2),
            ("Frankfurt am Main", 3, 1),
            ("Neustadt an der Weinstraße", 4, 1),
            ("Frankfurt (Ungewiss)", 1, 2),
            ("Paris liegt an der Seine", 1, 2),
        ] {
            let whole = Span::whole(text);
            let words: Vec<_> = segment::tokens(text, whole).map(|word| word.start()..word.end()).collect();
            let one = |words| Found { words, label: Label::Loc, form: Form::Name, score: 0.9 };
            let mut found = vec![vec![one(0..1), one(words.len() - 1..words.len())]];
            widen(&[Seen { bridged: Bridged::new(text, whole), words }], &mut found);
            assert_eq!(found[0][0].words, 0..wide, "{text}");
            assert_eq!(found[0].len(), left, "{text}");
        }
    }
}
