//! Records how names are distributed in a corpus, out of its tables: figures only, no names.
//!
//! ```console
//! $ cargo run --manifest-path scripts/scale/record/Cargo.toml -- TABLES "what it is" >recorded/NAME.json
//! ```

mod blocks;

use blocks::blocks;
use namenlese::Label;
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    error::Error,
    path::Path,
};

/// Points of a curve in each power of ten.
const POINTS: f64 = 8.0;
/// The corpus is begun at so many places, at even distances, and ends where it was begun: so many curves of its growth.
const ROTATIONS: usize = 10;
/// People's names are put into blocks from so many parts of the corpus, each half a power of ten larger than the one before.
const PARTS: u32 = 5;

/// A corpus as its mentions in text order.
#[derive(Default)]
struct Corpus {
    names: Vec<(Label, String)>,
    /// For each document its mentions: which name, in which sentence.
    documents: Vec<Vec<(u32, u64)>>,
    characters: u64,
}

impl Corpus {
    fn read(tables: &Path) -> Result<Self, Box<dyn Error>> {
        let mut corpus = Self::default();
        let mut number_of: HashMap<String, usize> = HashMap::new();
        for row in csv::Reader::from_path(tables.join("documents.csv"))?.into_records() {
            let row = row?;
            number_of.insert(row[0].to_owned(), corpus.documents.len());
            corpus.documents.push(Vec::new());
            corpus.characters += row[11].parse::<u64>().unwrap_or(0);
        }
        let mut known: HashMap<(Label, String), u32> = HashMap::new();
        for row in csv::Reader::from_path(tables.join("mentions.csv"))?.into_records() {
            let row = row?;
            let name = (row[8].parse::<Label>()?, row[6].to_owned());
            let names = &mut corpus.names;
            let id = *known.entry(name).or_insert_with_key(|name| {
                names.push(name.clone());
                names.len() as u32 - 1
            });
            let document = *number_of.get(&row[0]).ok_or("a mention without its document")?;
            corpus.documents[document].push((id, row[2].parse()?));
        }
        Ok(corpus)
    }

    fn is(&self, name: u32, label: Option<Label>) -> bool {
        label.is_none_or(|label| self.names[name as usize].0 == label)
    }

    /// How many different names so many mentions have, in the order of the documents from one of them on.
    fn growth(&self, label: Option<Label>, from: usize) -> Value {
        let (after, before) = (&self.documents[from..], &self.documents[..from]);
        let mentions = after.iter().chain(before).flatten().filter(|(name, _)| self.is(*name, label));
        let (mut seen, mut points, mut next, mut count) = (HashSet::new(), Vec::new(), 100.0, 0);
        for (name, _) in mentions {
            seen.insert(name);
            count += 1;
            if f64::from(count) >= next {
                points.push((count, seen.len()));
                next *= 10f64.powf(1.0 / POINTS);
            }
        }
        points.push((count, seen.len()));
        json!(points)
    }

    fn curves(&self, label: Option<Label>) -> Value {
        let begin = |rotation| rotation * self.documents.len() / ROTATIONS;
        (0..ROTATIONS).map(|rotation| self.growth(label, begin(rotation))).collect()
    }

    /// Pairs of different names in one sentence, and of different names in one document.
    fn pairs(&self) -> (u64, u64) {
        let pairs = |count: usize| count as u64 * (count as u64).saturating_sub(1) / 2;
        let (mut sentences, mut documents) = (0, 0);
        for document in &self.documents {
            let mut by_sentence: BTreeMap<u64, BTreeSet<u32>> = BTreeMap::new();
            for &(name, sentence) in document {
                by_sentence.entry(sentence).or_default().insert(name);
            }
            sentences += by_sentence.values().map(|names| pairs(names.len())).sum::<u64>();
            documents += pairs(by_sentence.into_values().flatten().collect::<BTreeSet<_>>().len());
        }
        (sentences, documents)
    }

    /// People's names among the first mentions.
    fn people(&self, mentions: usize) -> Vec<&str> {
        let mentions = self.documents.iter().flatten().take(mentions).map(|&(name, _)| name);
        let names: BTreeSet<u32> = mentions.filter(|&name| self.is(name, Some(Label::Per))).collect();
        names.into_iter().map(|name| self.names[name as usize].1.as_str()).collect()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (tables, about) = match std::env::args().collect::<Vec<_>>().as_slice() {
        [_, tables, about] => (tables.clone(), about.clone()),
        _ => return Err("usage: record TABLES \"what it is\"".into()),
    };
    let corpus = Corpus::read(Path::new(&tables))?;
    let documents = corpus.documents.len();
    let mentions: usize = corpus.documents.iter().map(Vec::len).sum();
    let distinct =
        |document: &Vec<(u32, u64)>| document.iter().map(|(name, _)| name).collect::<HashSet<_>>().len();
    let (in_sentences, in_documents) = corpus.pairs();
    let mut growth = Map::from_iter([("all".to_owned(), corpus.curves(None))]);
    growth.extend(Label::ALL.map(|label| (label.to_string(), corpus.curves(Some(label)))));
    let part = |part: u32| (mentions as f64 / 10f64.powf(f64::from(PARTS - 1 - part) / 2.0)) as usize;
    let people: Vec<Value> = (0..PARTS)
        .map(|number| {
            let names = corpus.people(part(number));
            json!({ "mentions": part(number), "names": names.len(), "blocks": blocks(&names) })
        })
        .collect();
    let recorded = json!({
        "about": about,
        "documents": documents,
        "characters": corpus.characters,
        "mentions": mentions,
        "names": corpus.names.len(),
        "name_bytes": corpus.names.iter().map(|(_, name)| name.len()).sum::<usize>(),
        "names_in_documents": corpus.documents.iter().map(distinct).sum::<usize>(),
        "pairs_in_sentences": in_sentences,
        "pairs_in_documents": in_documents,
        "growth": growth,
        "people": people,
    });
    println!("{}", compact(&recorded));
    Ok(())
}

/// A line for each property.
fn compact(recorded: &Value) -> String {
    let lines =
        recorded.as_object().into_iter().flatten().map(|(name, value)| format!("\"{name}\": {value}"));
    format!("{{\n{}\n}}", lines.collect::<Vec<_>>().join(",\n"))
}
