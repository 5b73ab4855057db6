//! After the model: the same words name the same thing throughout a document.

use super::{decode::Found, seen::Seen};
use crate::{Form, Label};
use std::collections::BTreeMap;

/// How many times the weight of all other labels a label must have.
const MAJORITY: f64 = 2.0;

/// Gives names that a document labels differently the label that carries most.
///
/// Every name weighs as much as its score. A lone word also counts as a person where a person's full name ends with it,
/// and a genitive counts with the word it comes from, if the document has that. What is changed takes its label's share of
/// the weight as its score.
pub(super) fn settle(seen: &[Seen], found: &mut [Vec<Found>]) {
    let surface = |sentence: usize, one: &Found| {
        let words: Vec<&str> = one.words.clone().map(|word| seen[sentence].word(word)).collect();
        words.join(" ")
    };
    // Sorted, so that sums are the same bits every time.
    let mut weights: BTreeMap<String, BTreeMap<Label, f64>> = BTreeMap::new();
    for (sentence, found) in found.iter().enumerate() {
        for one in found.iter().filter(|one| one.form == Form::Name) {
            let mut add =
                |name: String| *weights.entry(name).or_default().entry(one.label).or_default() += one.score;
            add(surface(sentence, one));
            if one.label == Label::Per && one.words.len() > 1 {
                add(seen[sentence].word(one.words.end - 1).to_owned());
            }
        }
    }
    let genitives: Vec<(String, String)> = weights
        .keys()
        .filter_map(|name| Some((name.clone(), name.strip_suffix(['s', '\'', '’'])?.to_owned())))
        .filter(|(_, base)| weights.contains_key(base))
        .collect();
    for (name, base) in &genitives {
        let of_genitive = weights.get(name).cloned().unwrap_or_default();
        let of_base = weights.entry(base.clone()).or_default();
        of_genitive.into_iter().for_each(|(label, weight)| *of_base.entry(label).or_default() += weight);
    }
    for (name, base) in genitives {
        let of_base = weights.get(&base).cloned().unwrap_or_default();
        weights.insert(name, of_base);
    }
    for (sentence, found) in found.iter_mut().enumerate() {
        for one in found.iter_mut().filter(|one| one.form == Form::Name) {
            let Some(weight) = weights.get(&surface(sentence, one)) else { continue };
            let all: f64 = weight.values().sum();
            let heaviest = weight.iter().max_by(|(_, a), (_, b)| a.total_cmp(b));
            if let Some((&label, &most)) = heaviest
                && label != one.label
                && most >= MAJORITY * (all - most)
            {
                (one.label, one.score) = (label, most / all);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Span, document::Bridged, segment};

    /// What becomes of names given as (name, label, score), each in a sentence of its own.
    fn settled(names: &[(&str, Label, f64)]) -> Vec<Label> {
        let seen: Vec<Seen> = names
            .iter()
            .map(|(text, ..)| {
                let whole = Span::whole(text);
                let words = segment::tokens(text, whole).map(|word| word.start()..word.end()).collect();
                Seen { bridged: Bridged::new(text, whole), words }
            })
            .collect();
        let one = |(seen, &(_, label, score)): (&Seen, &(&str, Label, f64))| {
            vec![Found { words: 0..seen.words.len(), label, form: Form::Name, score }]
        };
        let mut found: Vec<_> = seen.iter().zip(names).map(one).collect();
        settle(&seen, &mut found);
        found.iter().map(|found| found[0].label).collect()
    }

    #[test]
    fn the_same_words_take_the_label_that_carries_most() {
        use Label::{Loc, Org, Per};
        let clear = [("Kiel", Per, 0.9), ("Kiel", Per, 0.8), ("Kiel", Loc, 0.6)];
        assert_eq!(settled(&clear), [Per; 3]);
        // Full names and genitives speak for a lone word, in this document only.
        let by_others =
            [("Anna Kiel", Per, 0.9), ("Bernd Kiel", Per, 0.9), ("Kiels", Loc, 0.5), ("Kiel", Loc, 0.3)];
        assert_eq!(settled(&by_others), [Per; 4]);
        let even = [("Kiel", Per, 0.9), ("Kiel", Loc, 0.6), ("Paris", Org, 0.4)];
        assert_eq!(settled(&even), [Per, Loc, Org]);
        assert_eq!(settled(&[]), []);
    }
}
