//! After the model: *Südkoreas Präsident* names Südkorea, though the model now and then calls a genitive derived.

use super::{decode::Found, seen::Seen};
use crate::{
    Form, Label,
    gazetteer::{Gazetteer, Match},
};

/// Makes names of words that are called derived, but are the genitive of a place's very name.
pub(super) fn restore(seen: &[Seen], found: &mut [Vec<Found>]) {
    for (seen, found) in seen.iter().zip(found) {
        for one in found.iter_mut().filter(|one| one.form == Form::Derived && one.label == Label::Loc) {
            let words: Vec<&str> = one.words.clone().map(|word| seen.word(word)).collect();
            if is_genitive(&words.join(" ")) {
                one.form = Form::Name;
            }
        }
    }
}

fn is_genitive(surface: &str) -> bool {
    let gazetteer = Gazetteer::packaged();
    let is_listed = |name: &str| {
        let best = gazetteer.lookup(name).into_iter().find(|best| best.matched == Match::Written);
        best.is_some_and(|best| best.place.names.iter().any(|own| own.text == name))
    };
    let base = surface.strip_suffix('s').map(|base| base.trim_end_matches(['\'', '’']));
    // Berliners is of a Berliner, even if some town is called so.
    base.is_some_and(|base| !base.ends_with("er") && is_listed(base) && !is_listed(surface))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_genitive_of_a_place_is_no_derived_word() {
        for genitive in ["Südkoreas", "Chinas", "Kiews", "Kairo's", "Saudi-Arabiens"] {
            assert!(is_genitive(genitive), "{genitive}");
        }
        for other in [
            "Berliners",
            "Deutsches",
            "Polen",
            "Paris",
            "Südkorea",
            "südkoreas",
            "UN-Sicherheitsrats",
            "s",
            "",
        ] {
            assert!(!is_genitive(other), "{other}");
        }
    }
}
