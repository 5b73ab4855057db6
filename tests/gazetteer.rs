//! How well the packaged places cover names they were not made from. Prints its figures:
//! `cargo test --test gazetteer -- --nocapture`.

use namenlese::{
    Span,
    gazetteer::{Candidate, Gazetteer, Kind, Match},
    recognize::{Lists, Recognizer},
};
use std::{collections::BTreeMap, path::PathBuf};

fn shared(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/names").join(path);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

#[derive(Default)]
struct Count {
    forms: usize,
    among: usize,
    first: usize,
    guesses: usize,
    wrong_guesses: usize,
}

impl Count {
    fn add(&mut self, found: &[Candidate], right: impl Fn(&Candidate) -> bool) {
        self.forms += 1;
        self.among += usize::from(found.iter().any(&right));
        let is_first = found.first().is_some_and(&right);
        self.first += usize::from(is_first);
        if found.first().is_some_and(|first| first.matched == Match::Sounds) {
            self.guesses += 1;
            self.wrong_guesses += usize::from(!is_first);
        }
    }

    fn among(&self) -> f64 {
        self.among as f64 / self.forms.max(1) as f64
    }

    fn first(&self) -> f64 {
        self.first as f64 / self.forms.max(1) as f64
    }

    fn print(&self, what: &str) {
        println!(
            "{what}: {} forms, among the candidates {:.4}, first {:.4}, guessed by sound {}, of these wrong {}",
            self.forms,
            self.among(),
            self.first(),
            self.guesses,
            self.wrong_guesses
        );
    }
}

#[test]
fn countries_in_thirteen_languages() {
    let Some(folder) = shared("cldr-territories") else { return };
    let gazetteer = Gazetteer::packaged();
    let mut count = Count::default();
    let mut meant: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for language in "ar de el en fa fr he ja ko pl ru uk zh".split(' ') {
        let text = std::fs::read_to_string(folder.join(language).join("territories.json")).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let names = &json["main"][language]["localeDisplayNames"]["territories"];
        for (code, name) in names.as_object().unwrap() {
            let (code, name) = (code.split('-').next().unwrap(), name.as_str().unwrap());
            // Two made-up locales and the code for an unknown place.
            if ["XA", "XB", "ZZ"].contains(&code) {
                continue;
            }
            let found = if ["EU", "UN"].contains(&code) {
                gazetteer.organisations(name)
            } else {
                gazetteer.lookup(name)
            };
            let right = |candidate: &Candidate| candidate.place.id.split(':').nth(1) == Some(code);
            count.add(&found, right);
            if !found.first().is_some_and(right) {
                println!("  {code} {name}: {:?}", found.iter().map(|one| &one.place.id).collect::<Vec<_>>());
            }
            if let Some(first) = found.first() {
                let codes = meant.entry(first.place.id.clone()).or_default();
                if !codes.iter().any(|known| known == code) {
                    codes.push(code.to_owned());
                }
            }
        }
    }
    count.print("territories");
    let merged: Vec<_> = meant.iter().filter(|(_, codes)| codes.len() > 1).collect();
    println!("places that stand first for several territories: {merged:?}");
    assert!(count.among() >= 0.97 && count.first() >= 0.93);
}

#[test]
fn large_cities_in_seven_languages() {
    let Some(path) = shared("natural-earth/populated_places.tsv") else { return };
    let gazetteer = Gazetteer::packaged();
    let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').quoting(false).from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let [mut listed, mut strict, mut near, mut distinct] = std::array::from_fn(|_| Count::default());
    let mut by_language: BTreeMap<&str, Count> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let field = |name: &str| row.get(header.iter().position(|one| one == name).unwrap()).unwrap();
        let number = |name: &str| field(name).parse::<f64>().unwrap_or(-1.0);
        if number("POP_MAX") <= 100_000.0 || number("GEONAMEID") < 1.0 {
            continue;
        }
        let geonames = number("GEONAMEID") as u32;
        let (latitude, longitude) = (number("LATITUDE"), number("LONGITUDE"));
        let is = |candidate: &Candidate| {
            candidate.place.geonames == Some(geonames) && candidate.place.kind >= Kind::Capital
        };
        // Both sources hold some places twice and some numbers wrongly: a town at the same spot is the same town.
        let at = |candidate: &Candidate| {
            is(candidate)
                || candidate.place.coordinates.is_some_and(|(north, east)| {
                    let (north, east) = (f64::from(north) - latitude, f64::from(east) - longitude);
                    (north * 111.2).hypot(east * 111.2 * latitude.to_radians().cos()) < 30.0
                })
        };
        let mut seen = Vec::new();
        for language in ["DE", "EN", "ES", "FR", "PT", "RU", "ZH"] {
            let name = field(&format!("NAME_{language}"));
            if name.is_empty() {
                continue;
            }
            listed.add(&gazetteer.lookup(name), at);
            let found = gazetteer.guess(name);
            strict.add(&found, is);
            near.add(&found, at);
            by_language.entry(language).or_default().add(&found, at);
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            distinct.add(&found, at);
            if std::env::var_os("NAMENLESE_SHOW_MISSES").is_some() && !found.first().is_some_and(at) {
                let found: Vec<_> = found
                    .iter()
                    .take(3)
                    .map(|one| (one.place.name("en"), one.place.country, one.matched))
                    .collect();
                println!("  {language} {name} ({} {}): {found:?}", field("NAME"), field("ISO_A2"));
            }
        }
    }
    for (language, count) in &by_language {
        count.print(language);
    }
    listed.print("cities, listed names alone");
    near.print("cities, listed or guessed");
    strict.print("the same, right only by GeoNames number");
    distinct.print("the same, by number or place, a form counted once for its city");
    // Floors a little under what was measured.
    assert!(listed.among() >= 0.93 && listed.first() >= 0.895);
    assert!(near.among() >= 0.97 && near.first() >= 0.93);
}

/// Names that the list recogniser finds in sentences of another hand: how many of them are that name there.
#[test]
fn names_found_in_running_text() {
    let Some(path) = shared("../ner/germeval2014/pool.tsv") else { return };
    let lists = Lists::packaged();
    let mut wrong: BTreeMap<String, usize> = BTreeMap::new();
    // For places and organisations: found, right, there.
    let mut counts = [[0_usize; 3]; 2];
    for sentence in std::fs::read_to_string(path).unwrap().split("\n\n") {
        let mut text = String::new();
        let mut gold: Vec<(&str, usize, usize)> = Vec::new();
        for row in sentence.lines().filter(|row| !row.starts_with('#')) {
            let [_, word, label, ..] = row.split('\t').collect::<Vec<_>>()[..] else { continue };
            if !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(word);
            match label.split_once('-') {
                Some(("B", label)) => gold.push((label, start, text.len())),
                Some(_) => gold.last_mut().unwrap().2 = text.len(),
                None => {}
            }
        }
        let found = lists.recognize(&text, &[Span::whole(&text)]).unwrap();
        for (count, label) in counts.iter_mut().zip(["LOC", "ORG"]) {
            count[2] += gold.iter().filter(|name| name.0 == label).count();
            for mention in found.iter().filter(|mention| mention.label.as_str() == label) {
                let is_right = gold.contains(&(label, mention.span.start(), mention.span.end()));
                count[0] += 1;
                count[1] += usize::from(is_right);
                if !is_right {
                    *wrong.entry(mention.span.of(&text).to_owned()).or_default() += 1;
                }
            }
        }
    }
    for ([found, right, gold], label) in counts.into_iter().zip(["LOC", "ORG"]) {
        let (precision, recall) = (right as f64 / found as f64, right as f64 / gold as f64);
        println!("running text, {label}: {found} found, precision {precision:.3}, recall {recall:.3}");
        assert!(precision >= 0.8);
    }
    let mut wrong: Vec<_> = wrong.into_iter().collect();
    wrong.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), name.clone()));
    println!("most often wrong: {:?}", &wrong[..wrong.len().min(25)]);
}

/// People's names are no places: how often one is taken for one, by list and by guess.
#[test]
fn names_of_people_are_not_guessed_to_be_places() {
    let Some(path) = shared("persons/dev.tsv") else { return };
    let gazetteer = Gazetteer::packaged();
    let persons = std::fs::read_to_string(path).unwrap();
    let (mut names, mut listed, mut guessed) = (0, 0, 0);
    for row in persons.lines().skip(1).step_by(7) {
        let [_, _, script, name] = row.split('\t').collect::<Vec<_>>()[..] else { continue };
        if script != "Latn" && script != "Cyrl" {
            continue;
        }
        names += 1;
        listed += usize::from(!gazetteer.lookup(name).is_empty());
        guessed +=
            usize::from(gazetteer.guess(name).first().is_some_and(|first| first.matched == Match::Sounds));
    }
    println!(
        "full names of {names} people: {listed} are listed as places, {guessed} more are guessed to be one"
    );
    assert!(listed * 100 <= names, "more than one in a hundred");
}
