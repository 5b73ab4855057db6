//! After the model: two people named side by side, as in *Was kann Lehmann Yilmaz bieten?*, are no one person.

use super::{decode::Found, seen::Seen};
use crate::{Form, Label};
use std::collections::{BTreeSet, HashMap};

/// Parts names of two words into two people where the document shows that they are two: each word stands alone
/// elsewhere, and each belongs to another full name in which the other word is not.
pub(super) fn part(seen: &[Seen], found: &mut [Vec<Found>]) {
    let mut alone: BTreeSet<&str> = BTreeSet::new();
    // Of every word of a full name, the sets of words it stands with.
    let mut full: HashMap<&str, Vec<BTreeSet<&str>>> = HashMap::new();
    for (seen, found) in seen.iter().zip(&*found) {
        for one in found.iter().filter(|one| is_person(one)) {
            let words: BTreeSet<&str> = one.words.clone().map(|word| seen.word(word)).collect();
            match one.words.len() {
                1 => alone.extend(words),
                _ => words.iter().for_each(|&word| full.entry(word).or_default().push(words.clone())),
            }
        }
    }
    let is_other = |word: &str, other: &str| {
        alone.contains(word)
            && full.get(word).is_some_and(|full| full.iter().any(|name| !name.contains(other)))
    };
    let is_two = |seen: &Seen, one: &Found| {
        let (first, second) = (one.words.start, one.words.end - 1);
        is_person(one)
            && one.words.len() == 2
            && is_other(seen.word(first), seen.word(second))
            && is_other(seen.word(second), seen.word(first))
    };
    for (seen, found) in seen.iter().zip(found) {
        let parted = std::mem::take(found).into_iter().flat_map(|one| match is_two(seen, &one) {
            true => one.words.clone().map(|word| Found { words: word..word + 1, ..one.clone() }).collect(),
            false => vec![one],
        });
        *found = parted.collect();
    }
}

fn is_person(found: &Found) -> bool {
    found.label == Label::Per && found.form == Form::Name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Span, document::Bridged, segment};

    /// The people of a text in which their names stand in brackets.
    fn people(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let seen: Vec<Seen> = text
            .split('|')
            .map(|sentence| {
                let text = sentence.replace(['[', ']'], "");
                let words: Vec<_> = segment::tokens(&text, Span::whole(&text)).collect();
                let mut here = Vec::new();
                let mut shift = 0;
                for part in sentence.split('[').skip(1) {
                    let name = part.split(']').next().unwrap();
                    let start = shift + text[shift..].find(name).unwrap();
                    shift = start + name.len();
                    let inside = |word: &&Span| word.start() >= start && word.end() <= shift;
                    let first = words.iter().position(|word| word.start() >= start).unwrap();
                    let words = first..first + words.iter().filter(inside).count();
                    here.push(Found { words, label: Label::Per, form: Form::Name, score: 0.9 });
                }
                found.push(here);
                let words = words.iter().map(|word| word.start()..word.end()).collect();
                Seen { bridged: Bridged::new(&text, Span::whole(&text)), words }
            })
            .collect();
        part(&seen, &mut found);
        let names = seen.iter().zip(&found).flat_map(|(seen, found)| {
            found
                .iter()
                .map(|one| one.words.clone().map(|word| seen.word(word)).collect::<Vec<_>>().join(" "))
        });
        names.collect()
    }

    #[test]
    fn two_people_are_parted_where_the_document_shows_that_they_are_two() {
        let others = "|[Anna Lehmann] kam.|[Yilmaz Ferit] ging.|[Lehmann] sah [Yilmaz].";
        let names = people(&format!("Was kann [Lehmann Yilmaz] bieten?{others}"));
        assert_eq!(names[..2], ["Lehmann", "Yilmaz"]);
        // Her given name stands alone, too, but belongs to nobody else.
        let one = "[Anna Lehmann] kam.|[Anna] lachte.|[Lehmann] ging.|[Bernd Lehmann] blieb.";
        assert_eq!(people(one)[0], "Anna Lehmann");
        assert_eq!(people("")[..], [""; 0]);
    }
}
