//! Tables of units of letters and what they may stand for.

use crate::names::phoneme::{Cost, Sounds};
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// One way to read a unit: what it costs against the best way, in hundredths of a wrong consonant, and its sounds; none where
/// it is silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::names) struct Reading {
    pub cost: Cost,
    pub sounds: Box<[Sounds]>,
}

/// The units of one script.
#[derive(Debug, Default)]
pub(super) struct Table {
    units: HashMap<String, Vec<Reading>>,
    longest: usize,
}

/// Marks a unit that is read so at the end of a word only.
const END: char = '$';
/// What a reading costs for each power of e by which it is rarer than the best, in tenths of a hundredth.
const RARITY: u32 = 6;

impl Table {
    /// From lines of a unit, a tab and its readings in phoneme symbols, each with `:cost` if it has one; `-` is silent.
    pub fn parse(source: &str) -> Self {
        let mut table = Self::default();
        for (unit, readings) in rows(source) {
            let readings = readings.map(|(reading, cost)| Reading {
                cost,
                sounds: reading.chars().filter_map(Sounds::of).collect(),
            });
            table.add(unit.to_owned(), readings.collect());
        }
        table
    }

    /// Adds what was learnt: lines of a unit and its readings in Latin letters, each with `:` and −10 ln of its share.
    pub fn with_learned(mut self, source: &str, latin: &Self) -> Self {
        for (unit, readings) in rows(source) {
            let readings = readings.map(|(letters, rarity)| {
                let letters: Vec<char> = letters.chars().filter(|letter| *letter != '-').collect();
                Reading { cost: (u32::from(rarity) * RARITY / 10) as Cost, sounds: latin.plainly(&letters) }
            });
            let readings: Vec<Reading> = readings.collect();
            // Korean syllables are looked up letter by letter.
            self.add(unit.nfd().collect(), readings);
        }
        self
    }

    fn add(&mut self, unit: String, readings: Vec<Reading>) {
        self.longest = self.longest.max(unit.trim_end_matches(END).chars().count());
        self.units.entry(unit).or_default().extend(readings);
    }

    pub fn knows(&self, letter: char) -> bool {
        let mut buffer = [0; 4];
        self.units.contains_key(&*letter.encode_utf8(&mut buffer))
    }

    /// The units at the start of `letters`, the rest of a word, as (length in characters, readings), longest first.
    pub fn matches(&self, letters: &[char]) -> Vec<(usize, &[Reading])> {
        let mut found = Vec::new();
        for length in (1..=self.longest.min(letters.len())).rev() {
            let mut unit: String = letters[..length].iter().collect();
            found.extend(self.units.get(&unit).map(|readings| (length, &readings[..])));
            if length == letters.len() {
                unit.push(END);
                found.extend(self.units.get(&unit).map(|readings| (length, &readings[..])));
            }
        }
        found
    }

    /// Letters by their longest units, each as the set of the single sounds it may stand for.
    pub fn plainly(&self, letters: &[char]) -> Box<[Sounds]> {
        let (mut sounds, mut at) = (Vec::new(), 0);
        while at < letters.len() {
            let longest = (1..=self.longest.min(letters.len() - at)).rev().find_map(|length| {
                let unit: String = letters[at..at + length].iter().collect();
                Some((length, self.units.get(&unit)?))
            });
            let Some((length, readings)) = longest else {
                at += 1;
                continue;
            };
            let cheap = readings.iter().filter(|reading| reading.cost == 0);
            match readings.first() {
                Some(best) if best.sounds.len() == 1 => {
                    sounds.extend(
                        cheap
                            .filter_map(|reading| match *reading.sounds {
                                [one] => Some(one),
                                _ => None,
                            })
                            .reduce(Sounds::union),
                    );
                }
                best => sounds.extend(best.iter().flat_map(|best| best.sounds.iter().copied())),
            }
            at += length;
        }
        sounds.into()
    }

    #[cfg(test)]
    pub fn units(&self) -> impl Iterator<Item = (&String, &Vec<Reading>)> {
        self.units.iter()
    }
}

/// Unit and readings of every line, each reading with the number after its colon, or 0.
fn rows(source: &str) -> impl Iterator<Item = (&str, impl Iterator<Item = (&str, Cost)>)> {
    source.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (unit, readings) = line.split_once('\t')?;
        let readings = readings.split_whitespace().map(|reading| {
            let (letters, number) = reading.split_once(':').unwrap_or((reading, "0"));
            (letters, number.parse().unwrap_or(0))
        });
        Some((unit, readings))
    })
}
