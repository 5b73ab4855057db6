//! From the scores of every label at every word to spans: the best allowed path, and how likely each of its spans is.

use super::model::{Calibration, Tag};
use crate::{Form, Label};
use std::ops::Range;

/// A run of words that is one name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub words: Range<usize>,
    pub label: Label,
    pub form: Form,
    /// How sure it is that exactly this span has exactly this label and form.
    pub score: f64,
}

/// Which labels may follow which: a name's inside only after its begin or inside.
#[derive(Debug)]
pub(super) struct Decoder {
    tags: Vec<Tag>,
    /// For every label that continues a name: the labels that may stand before it. Empty for all others, which may
    /// follow anything.
    before: Vec<Vec<usize>>,
    calibration: Calibration,
}

impl Decoder {
    pub fn new(tags: &[Tag], calibration: Calibration) -> Self {
        let before = |tag: &Tag| match *tag {
            Tag::Inside(label, form) => {
                let fits = |other: &&Tag| matches!(**other, Tag::Begin(l, f) | Tag::Inside(l, f) if (l, f) == (label, form));
                tags.iter().enumerate().filter(|(_, other)| fits(other)).map(|(at, _)| at).collect()
            }
            _ => vec![],
        };
        Self { tags: tags.to_vec(), before: tags.iter().map(before).collect(), calibration }
    }

    /// The names in a sentence, from logits in rows of one word.
    pub fn decode(&self, logits: &[f32]) -> Vec<Found> {
        let lattice = Lattice::new(self, logits);
        let path = lattice.best_path();
        let mut found = Vec::new();
        for (at, &tag) in path.iter().enumerate() {
            if let Tag::Begin(label, form) = self.tags[tag] {
                let inside = |&&next: &&usize| self.tags[next] == Tag::Inside(label, form);
                let words = at..at + 1 + path[at + 1..].iter().take_while(inside).count();
                let score = self.calibration.apply(label, lattice.probability(words.clone(), &path));
                found.push(Found { words, label, form, score });
            }
        }
        found
    }

    /// The sum or maximum over the labels that may stand before `tag`.
    fn over(&self, tag: usize, values: &[f64], all: f64, join: impl Fn(f64, f64) -> f64) -> f64 {
        match self.tags[tag] {
            Tag::Inside(..) => self.before[tag].iter().map(|&before| values[before]).fold(0.0, join),
            _ => all,
        }
    }
}

/// Probabilities of one sentence, with sums over all allowed paths, scaled word by word so that they stay in range.
struct Lattice<'d> {
    decoder: &'d Decoder,
    count: usize,
    /// The label probabilities of each word by itself.
    alone: Vec<f64>,
    /// Sums over the paths up to a word, each row scaled to 1, and over the paths after it.
    forward: Vec<f64>,
    backward: Vec<f64>,
    /// What each forward row was divided by.
    scales: Vec<f64>,
}

impl<'d> Lattice<'d> {
    fn new(decoder: &'d Decoder, logits: &[f32]) -> Self {
        let count = decoder.tags.len();
        let mut alone = Vec::with_capacity(logits.len());
        for row in logits.chunks_exact(count) {
            let most = f64::from(row.iter().copied().fold(f32::NEG_INFINITY, f32::max));
            let from = alone.len();
            alone.extend(row.iter().map(|&value| (f64::from(value) - most).exp()));
            let sum: f64 = alone[from..].iter().sum();
            alone[from..].iter_mut().for_each(|value| *value /= sum);
        }
        let (mut forward, mut backward) = (alone.clone(), vec![1.0; alone.len()]);
        let words = alone.len() / count;
        let mut scales = vec![1.0; words];
        for (word, scale) in scales.iter_mut().enumerate() {
            let (done, row) = forward.split_at_mut(word * count);
            let row = &mut row[..count];
            let before = &done[done.len().saturating_sub(count)..];
            for (tag, value) in row.iter_mut().enumerate() {
                *value *= match word {
                    0 => f64::from(!matches!(decoder.tags[tag], Tag::Inside(..))),
                    _ => decoder.over(tag, before, 1.0, |a, b| a + b),
                };
            }
            *scale = row.iter().sum::<f64>().max(f64::MIN_POSITIVE);
            row.iter_mut().for_each(|value| *value /= *scale);
        }
        for word in (1..words).rev() {
            let (rows, after) = backward.split_at_mut(word * count);
            let row = &mut rows[(word - 1) * count..];
            let weight = |tag: usize| alone[word * count + tag] * after[tag] / scales[word];
            let free = (0..count).filter(|&tag| !matches!(decoder.tags[tag], Tag::Inside(..)));
            row.fill(free.map(weight).sum());
            for (tag, before) in decoder.before.iter().enumerate() {
                for &one in before {
                    row[one] += weight(tag);
                }
            }
        }
        Self { decoder, count, alone, forward, backward, scales }
    }

    /// The most probable allowed path (Viterbi); of equal ones, that with the earlier label.
    fn best_path(&self) -> Vec<usize> {
        let words = self.scales.len();
        let mut best = self.alone.clone();
        let mut came_from = vec![0; best.len()];
        for word in 0..words {
            let (done, row) = best.split_at_mut(word * self.count);
            let row = &mut row[..self.count];
            let before = &done[done.len().saturating_sub(self.count)..];
            let all = best_of(before, 0..before.len());
            for (tag, value) in row.iter_mut().enumerate() {
                let inside = matches!(self.decoder.tags[tag], Tag::Inside(..));
                let from = match inside {
                    true => best_of(before, self.decoder.before[tag].iter().copied().filter(|_| word > 0)),
                    false => all,
                };
                came_from[word * self.count + tag] = from.unwrap_or_default();
                *value *= from.map_or(f64::from(word == 0 && !inside), |from| before[from]);
            }
            // Only the order within a word matters; without scaling, long sentences would leave the range.
            let most = row.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
            row.iter_mut().for_each(|value| *value /= most);
        }
        let mut path = vec![0; words];
        let last = &best[best.len().saturating_sub(self.count)..];
        let mut tag = best_of(last, 0..last.len()).unwrap_or_default();
        for word in (0..words).rev() {
            path[word] = tag;
            tag = came_from[word * self.count + tag];
        }
        path
    }

    /// The share of all allowed paths, by probability, that have exactly this span of a path.
    fn probability(&self, span: Range<usize>, path: &[usize]) -> f64 {
        let at = |word: usize| word * self.count + path[word];
        let inner: f64 =
            (span.start + 1..span.end).map(|word| self.alone[at(word)] / self.scales[word]).product();
        let last = at(span.end - 1);
        let ended = match span.end < self.scales.len() {
            false => 1.0,
            // All that may follow, without the label that would make the name longer.
            true => {
                let (Tag::Begin(label, form), next) =
                    (self.decoder.tags[path[span.start]], span.end * self.count)
                else {
                    return 0.0;
                };
                let longer = |&tag: &usize| self.decoder.tags[tag] == Tag::Inside(label, form);
                let longer = (0..self.count)
                    .filter(longer)
                    .map(|tag| self.alone[next + tag] * self.backward[next + tag] / self.scales[span.end]);
                (self.backward[last] - longer.sum::<f64>()).max(0.0)
            }
        };
        self.forward[at(span.start)] * inner * ended
    }
}

/// The first index with the greatest value.
fn best_of(values: &[f64], of: impl Iterator<Item = usize>) -> Option<usize> {
    of.reduce(|best, next| if values[next] > values[best] { next } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PER: (Label, Form) = (Label::Per, Form::Name);
    const LOC: (Label, Form) = (Label::Loc, Form::Name);

    fn decoder() -> Decoder {
        let begin = |(label, form)| Tag::Begin(label, form);
        let inside = |(label, form)| Tag::Inside(label, form);
        Decoder::new(
            &[Tag::Outside, begin(PER), inside(PER), begin(LOC), inside(LOC)],
            Calibration::default(),
        )
    }

    /// Every allowed path with its probability, the slow way.
    fn paths(decoder: &Decoder, logits: &[f32]) -> Vec<(Vec<usize>, f64)> {
        let mut paths = vec![(vec![], 1.0)];
        for row in logits.chunks_exact(5) {
            let sum: f64 = row.iter().map(|&value| f64::from(value).exp()).sum();
            let mut longer = vec![];
            for (path, probability) in &paths {
                for (tag, &value) in row.iter().enumerate() {
                    let allowed = match decoder.tags[tag] {
                        Tag::Inside(..) => path.last().is_some_and(|last| decoder.before[tag].contains(last)),
                        _ => true,
                    };
                    if allowed {
                        let mut path: Vec<usize> = path.clone();
                        path.push(tag);
                        longer.push((path, probability * f64::from(value).exp() / sum));
                    }
                }
            }
            paths = longer;
        }
        let sum: f64 = paths.iter().map(|path| path.1).sum();
        paths.iter_mut().for_each(|path| path.1 /= sum);
        paths
    }

    proptest! {
        #[test]
        fn agrees_with_all_paths_written_out(logits in prop::collection::vec(-4.0f32..4.0, 5..=25)) {
            let logits = &logits[..logits.len() / 5 * 5];
            let decoder = decoder();
            let paths = paths(&decoder, logits);
            let best = paths.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
            let path = Lattice::new(&decoder, logits).best_path();
            let of = paths.iter().find(|(other, _)| *other == path).expect("an allowed path").1;
            prop_assert!(of >= best.1 * (1.0 - 1e-9));
            for found in decoder.decode(logits) {
                let (begin, inside) = if found.label == Label::Per { (1, 2) } else { (3, 4) };
                let has = |path: &Vec<usize>| {
                    path[found.words.start] == begin
                        && found.words.clone().skip(1).all(|word| path[word] == inside)
                        && path.get(found.words.end) != Some(&inside)
                };
                let expected: f64 = paths.iter().filter(|(path, _)| has(path)).map(|path| path.1).sum();
                prop_assert!((found.score - expected.clamp(1e-6, 1.0 - 1e-6)).abs() < 1e-9, "{} {expected}", found.score);
            }
        }
    }

    #[test]
    fn nothing_and_very_much_are_fine() {
        assert_eq!(decoder().decode(&[]), []);
        let sure = [[-90.0, 90.0, -90.0, -90.0, -90.0], [-90.0, -90.0, 90.0, -90.0, -90.0]].concat();
        let found = decoder().decode(&sure.repeat(5000));
        assert_eq!(found.len(), 5000);
        assert!(found.iter().all(|one| one.score > 0.999 && one.words.len() == 2));
        // Where an inside is certain but cannot stand, something allowed is chosen.
        let lone = [-90.0, -80.0, 90.0, -90.0, -90.0];
        assert_eq!(decoder().decode(&lone)[0].words, 0..1);
    }
}
