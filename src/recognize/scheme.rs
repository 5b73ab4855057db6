//! The labels of somebody else's checkpoint, in whatever scheme: what they mean, and from their scores to spans.
//!
//! Whether an inside may begin a name (IOB1) or follows a begin only (IOB2) cannot be told from a list of labels. So
//! nothing is forbidden here: each word takes its likeliest label, and runs of labels are read as everybody's evaluation
//! scripts read them (conlleval, seqeval).

use super::decode::Found;
use crate::{Error, ErrorKind, Form, Label, Result};
use std::{collections::BTreeMap, ops::Range};

/// Where in a name a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Begin,
    Inside,
    End,
    Single,
}
use Place::{Begin, End, Inside, Single};

/// What a label says of a word: where in a name of which kind it stands.
type Tag = (Place, usize);

/// A label map as users write it: `MISC` → `OTH`, `person` → `PER`; `O` for what is to be ignored.
pub type LabelMap = BTreeMap<String, String>;

/// The labels of a checkpoint, by their numbers.
#[derive(Debug)]
pub(super) struct Scheme {
    /// `None` is outside of names.
    tags: Vec<Option<Tag>>,
    kinds: Vec<Kind>,
}

#[derive(Debug)]
struct Kind {
    name: String,
    /// The numbers of its labels, in the order of [`Place`].
    labels: [Option<usize>; 4],
    /// `None` is not looked for.
    meaning: Option<(Label, Form)>,
}

impl Scheme {
    /// Reads labels such as `O`, `B-PER`, `I_person`, `S-MISC`, `PER-B` or `LOC`.
    pub fn new(names: &[String], map: &LabelMap) -> Result<Self> {
        let mut scheme = Self { tags: Vec::with_capacity(names.len()), kinds: Vec::new() };
        for (number, name) in names.iter().enumerate() {
            let tag = match name.as_str() {
                "O" => None,
                _ => {
                    let (place, kind) = parted(name);
                    let kind = scheme.kind(kind);
                    let label = &mut scheme.kinds[kind].labels[place as usize];
                    if label.replace(number).is_some() {
                        return Err(refused(format!("config.json names the label {name} twice")));
                    }
                    Some((place, kind))
                }
            };
            scheme.tags.push(tag);
        }
        for (from, to) in map {
            let meaning = match to.as_str() {
                "O" => None,
                name => Some(meaning(name).ok_or_else(|| {
                    refused(format!("label-map: {from} = {name:?} is none of PER, LOC, ORG, OTH and O"))
                })?),
            };
            match scheme.kinds.iter_mut().find(|kind| kind.name == *from) {
                Some(kind) => kind.meaning = meaning,
                None => {
                    let known = scheme.names(|_| true);
                    return Err(refused(format!("label-map: the model has no {from}; it has {known}")));
                }
            }
        }
        if scheme.kinds.iter().all(|kind| kind.meaning.is_none()) {
            let known = scheme.names(|_| true);
            let message = format!(
                "no label of the model means PER, LOC, ORG or OTH; map some with --label-map: it has {known}"
            );
            return Err(refused(message));
        }
        Ok(scheme)
    }

    /// The number of a kind, by its name in `config.json`.
    fn kind(&mut self, name: &str) -> usize {
        let known = self.kinds.iter().position(|kind| kind.name == name);
        known.unwrap_or_else(|| {
            self.kinds.push(Kind { name: name.to_owned(), labels: [None; 4], meaning: meaning(name) });
            self.kinds.len() - 1
        })
    }

    fn names(&self, of: impl Fn(&Kind) -> bool) -> String {
        let names: Vec<&str> =
            self.kinds.iter().filter(|kind| of(kind)).map(|kind| kind.name.as_str()).collect();
        names.join(", ")
    }

    /// How many labels there are.
    pub fn count(&self) -> usize {
        self.tags.len()
    }

    /// Which kinds are found, and which are ignored, in words.
    pub fn in_words(&self) -> String {
        let found = self.names(|kind| kind.meaning.is_some());
        match self.names(|kind| kind.meaning.is_none()).as_str() {
            "" => format!("finds {found}"),
            ignored => format!("finds {found}; ignores {ignored}"),
        }
    }

    /// The names in a sentence, from logits in rows of one word.
    pub fn decode(&self, logits: &[f32]) -> Vec<Found> {
        let rows: Vec<Vec<f64>> = logits.chunks_exact(self.count()).map(softmax).collect();
        let likeliest = |row: &Vec<f64>| self.tags[best(row)];
        let chunks = chunks(rows.iter().map(likeliest));
        let found = chunks.into_iter().filter_map(|(words, kind)| {
            let (label, form) = self.kinds[kind].meaning?;
            let score = self.probability(&rows, words.clone(), &self.kinds[kind]);
            Some(Found { words, label, form, score })
        });
        found.collect()
    }

    /// How likely it is that these words, no more and no fewer, are one name of a kind, if each word by itself has the
    /// probabilities of its row.
    fn probability(&self, rows: &[Vec<f64>], words: Range<usize>, kind: &Kind) -> f64 {
        let at =
            |word: usize, place: Place| kind.labels[place as usize].map_or(0.0, |label| rows[word][label]);
        let (first, last) = (words.start, words.end - 1);
        // An inside or end belongs to what is open before it.
        let open = first.checked_sub(1).map_or(0.0, |before| at(before, Begin) + at(before, Inside));
        let goes_on = if words.end < rows.len() { at(words.end, Inside) + at(words.end, End) } else { 0.0 };
        let begins = at(first, Begin) + at(first, Inside) * (1.0 - open);
        if first == last {
            return at(first, Single) + at(first, End) * (1.0 - open) + begins * (1.0 - goes_on);
        }
        let inner: f64 = (first + 1..last).map(|word| at(word, Inside)).product();
        begins * inner * (at(last, Inside) * (1.0 - goes_on) + at(last, End))
    }
}

/// Runs of words of one kind. An inside or end without anything before it begins one.
fn chunks(tags: impl Iterator<Item = Option<Tag>>) -> Vec<(Range<usize>, usize)> {
    let mut chunks: Vec<(Range<usize>, usize)> = Vec::new();
    let mut open = None;
    for (word, tag) in tags.enumerate() {
        if let Some((place, kind)) = tag {
            match chunks.last_mut() {
                Some((words, _)) if open == Some(kind) && matches!(place, Inside | End) => {
                    words.end = word + 1
                }
                _ => chunks.push((word..word + 1, kind)),
            }
        }
        open = tag.and_then(|(place, kind)| matches!(place, Begin | Inside).then_some(kind));
    }
    chunks
}

/// The place and the kind in a label's name. A name without a place is an inside, as in the IO scheme.
fn parted(name: &str) -> (Place, &str) {
    let place = |letter: &str| match letter {
        "B" => Some(Begin),
        "I" | "M" => Some(Inside),
        "E" | "L" => Some(End),
        "S" | "U" => Some(Single),
        _ => None,
    };
    let before = name.split_once(['-', '_']).and_then(|(letter, kind)| Some((place(letter)?, kind)));
    let after = || name.rsplit_once('-').and_then(|(kind, letter)| Some((place(letter)?, kind)));
    before.or_else(after).filter(|(_, kind)| !kind.is_empty()).unwrap_or((Inside, name))
}

/// What a kind's usual name means: `PERSON`, `GPE`, `MISC`, `LOCderiv` …
fn meaning(name: &str) -> Option<(Label, Form)> {
    let forms = [("deriv", Form::Derived), ("part", Form::Part)];
    let formed = forms.iter().find_map(|&(ending, form)| Some((name.strip_suffix(ending)?, form)));
    let (class, form) = formed.unwrap_or((name, Form::Name));
    Some((class.parse().ok()?, form))
}

fn softmax(row: &[f32]) -> Vec<f64> {
    let most = f64::from(row.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let mut row: Vec<f64> = row.iter().map(|&value| (f64::from(value) - most).exp()).collect();
    let sum: f64 = row.iter().sum();
    row.iter_mut().for_each(|value| *value /= sum);
    row
}

/// The first index with the greatest value.
fn best(row: &[f64]) -> usize {
    (1..row.len()).fold(0, |best, next| if row[next] > row[best] { next } else { best })
}

fn refused(message: String) -> Error {
    Error::new(ErrorKind::Settings, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scheme(labels: &str, map: &[(&str, &str)]) -> Result<Scheme> {
        let labels: Vec<String> = labels.split(' ').map(str::to_owned).collect();
        Scheme::new(&labels, &map.iter().map(|&(from, to)| (from.into(), to.into())).collect())
    }

    /// What a sentence of these labels holds.
    fn read(labels: &str, sentence: &str) -> Vec<(Range<usize>, Label)> {
        let scheme = scheme(labels, &[]).unwrap();
        let names: Vec<&str> = labels.split(' ').collect();
        let logits: Vec<f32> = sentence
            .split(' ')
            .flat_map(|word| names.iter().map(move |&name| if name == word { 9.0 } else { 0.0 }))
            .collect();
        scheme.decode(&logits).into_iter().map(|found| (found.words, found.label)).collect()
    }

    #[test]
    fn every_usual_scheme_is_read() {
        use Label::{Loc, Org, Per};
        let bio = "O B-PER I-PER B-LOC I-LOC";
        assert_eq!(read(bio, "B-PER I-PER O B-LOC B-LOC"), [(0..2, Per), (3..4, Loc), (4..5, Loc)]);
        // IOB1: an inside begins a name, a begin parts two of one kind. No label has to be there.
        assert_eq!(
            read("B-LOC I-LOC I-PER O", "I-PER I-PER I-LOC B-LOC"),
            [(0..2, Per), (2..3, Loc), (3..4, Loc)]
        );
        let bioes = "O B-ORG I-ORG E-ORG S-ORG";
        assert_eq!(read(bioes, "B-ORG I-ORG E-ORG S-ORG E-ORG"), [(0..3, Org), (3..4, Org), (4..5, Org)]);
        let bilou = "O B-GPE I-GPE L-GPE U-GPE";
        assert_eq!(read(bilou, "U-GPE B-GPE L-GPE O"), [(0..1, Loc), (1..3, Loc)]);
        assert_eq!(read("O person location", "person person location O"), [(0..2, Per), (2..3, Loc)]);
        assert_eq!(read("O PERS-B PERS-I", "O PERS-B PERS-I"), [(1..3, Per)]);
        assert_eq!(read(bio, "O O"), []);
    }

    #[test]
    fn labels_mean_what_is_usual_or_what_the_user_says() {
        assert_eq!(meaning("LOCderiv"), Some((Label::Loc, Form::Derived)));
        assert_eq!(meaning("DATE"), None);
        let told = |labels, map: &[_]| scheme(labels, map).unwrap().in_words();
        assert_eq!(told("O B-PER I-PER B-DATE I-DATE", &[]), "finds PER; ignores DATE");
        assert_eq!(told("O B-PER B-DATE", &[("DATE", "OTH"), ("PER", "O")]), "finds DATE; ignores PER");
        let refused = |labels, map: &[_]| scheme(labels, map).unwrap_err().to_string();
        assert!(refused("LABEL_0 LABEL_1", &[]).ends_with("it has LABEL_0, LABEL_1"));
        assert!(refused("O B-PER", &[("LOC", "OTH")]).ends_with("the model has no LOC; it has PER"));
        assert!(refused("O B-PER", &[("PER", "HUMAN")]).contains("is none of PER, LOC, ORG, OTH and O"));
        assert!(refused("O B-PER B-PER", &[]).ends_with("names the label B-PER twice"));
    }

    proptest! {
        #[test]
        fn a_score_is_the_share_of_all_readings(
            labels in prop::sample::select(vec!["O B-PER I-PER", "O PER LOC", "O B-PER I-PER E-PER S-PER"]),
            logits in prop::collection::vec(-3.0f32..3.0, 4 * 5),
        ) {
            let scheme = scheme(labels, &[]).unwrap();
            let rows: Vec<Vec<f64>> = logits.chunks_exact(scheme.count()).take(4).map(softmax).collect();
            // Every sequence of labels with its probability, the slow way.
            let mut all: Vec<(Vec<usize>, f64)> = vec![(vec![], 1.0)];
            for row in &rows {
                all = all.iter().flat_map(|(path, probability)| {
                    row.iter().enumerate().map(move |(label, value)| ([&path[..], &[label]].concat(), probability * value))
                }).collect();
            }
            for found in scheme.decode(&logits[..4 * scheme.count()]) {
                let kind = scheme.kinds.iter().position(|kind| kind.meaning == Some((found.label, found.form))).unwrap();
                let has = |path: &[usize]| {
                    chunks(path.iter().map(|&label| scheme.tags[label])).contains(&(found.words.clone(), kind))
                };
                let expected: f64 = all.iter().filter(|(path, _)| has(path)).map(|one| one.1).sum();
                prop_assert!((found.score - expected).abs() < 1e-9, "{} {expected}", found.score);
            }
        }
    }
}
