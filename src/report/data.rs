//! What the page shows, small enough for a browser.

use super::{MOST_DOCUMENTS, MOST_ENTITIES, MOST_MENTIONS, MOST_PAIRS};
use crate::{
    Error, ErrorKind, Result,
    document::CodePoints,
    tables::{Row, Source, schema},
};
use serde::Serialize;
use std::{cmp::Reverse, collections::HashMap, fs, path::Path};

/// The tables as far as the page shows them; entities and documents are named by their numbers.
#[derive(Debug, Default, Serialize)]
pub(super) struct Data {
    /// run.json as it is.
    run: serde_json::Value,
    /// How many there are in all.
    all: All,
    pub documents: Vec<Document>,
    entities: Vec<Entity>,
    /// Entity a, entity b, sentences, documents.
    pairs: Vec<(usize, usize, u64, u64)>,
    /// Documents by month, `2023-09`.
    months: Vec<(String, u64)>,
}

#[derive(Debug, Default, Serialize)]
struct All {
    documents: usize,
    entities: usize,
    mentions: usize,
    pairs: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct Document {
    pub id: String,
    #[serde(skip)]
    pub sha256: String,
    title: String,
    date: String,
    language: String,
    status: String,
    reason: String,
    duplicate_of: String,
    mentions: u64,
    /// Those that the page shows, in text order.
    places: Vec<Place>,
    /// The text in pieces: each plain one is followed by the surface of the next of `places`. Empty without text.
    pieces: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Place {
    entity: usize,
    #[serde(skip)]
    start: usize,
    #[serde(skip)]
    end: usize,
    surface: String,
    left: String,
    right: String,
}

#[derive(Debug, Serialize)]
struct Entity {
    id: String,
    name: String,
    label: String,
    mentions: u64,
    documents: u64,
    first: String,
    last: String,
    wikidata: String,
    /// Form, script, mentions, reason.
    forms: Vec<(String, String, u64, String)>,
}

fn count(row: &Row<'_>, column: &str) -> u64 {
    row.text(column).parse().unwrap_or(0)
}

impl Data {
    pub fn read(folder: &Path) -> Result<Self> {
        let mut data = Self { run: run(folder)?, ..Self::default() };
        let entities = data.read_entities(folder)?;
        let documents = data.read_documents(folder)?;
        data.read_mentions(folder, &entities, &documents)?;
        Source::open(folder, schema::COOCCURRENCES)?.read(|row| {
            data.all.pairs += 1;
            if let [Some(&a), Some(&b)] =
                [entities.get(row.text("entity_a")), entities.get(row.text("entity_b"))]
                && data.pairs.len() < MOST_PAIRS
            {
                data.pairs.push((a, b, count(&row, "sentences"), count(&row, "documents")));
            }
            Ok(())
        })?;
        Ok(data)
    }

    /// Numbers by id.
    fn read_entities(&mut self, folder: &Path) -> Result<HashMap<String, usize>> {
        let mut numbers = HashMap::new();
        Source::open(folder, schema::ENTITIES)?.read(|row| {
            self.all.entities += 1;
            if self.entities.len() < MOST_ENTITIES {
                numbers.insert(row.text("entity_id").to_owned(), self.entities.len());
                self.entities.push(Entity {
                    id: row.text("entity_id").to_owned(),
                    name: row.text("name").to_owned(),
                    label: row.text("label").to_owned(),
                    mentions: count(&row, "mentions"),
                    documents: count(&row, "documents"),
                    first: row.text("first_date").to_owned(),
                    last: row.text("last_date").to_owned(),
                    wikidata: row.text("wikidata").to_owned(),
                    forms: Vec::new(),
                });
            }
            Ok(())
        })?;
        Source::open(folder, schema::FORMS)?.read(|row| {
            if let Some(&number) = numbers.get(row.text("entity_id")) {
                let form = (row.text("form").to_owned(), row.text("script").to_owned());
                let (mentions, reason) = (count(&row, "mentions"), row.text("reason").to_owned());
                self.entities[number].forms.push((form.0, form.1, mentions, reason));
            }
            Ok(())
        })?;
        Ok(numbers)
    }

    /// Numbers by id of those that the page shows: most mentions first, faulty ones last; listed in the order of the table.
    fn read_documents(&mut self, folder: &Path) -> Result<HashMap<String, usize>> {
        let (mut ranks, mut months) = (Vec::new(), HashMap::new());
        let mut source = Source::open(folder, schema::DOCUMENTS)?;
        source.read(|row| {
            ranks.push((Reverse(count(&row, "mentions")), ranks.len(), row.place()));
            if let Some(month) = row.text("date").get(..7) {
                *months.entry(month.to_owned()).or_default() += 1;
            }
            Ok(())
        })?;
        self.all.documents = ranks.len();
        self.months = months.into_iter().collect();
        self.months.sort();
        ranks.sort_unstable();
        ranks.truncate(MOST_DOCUMENTS);
        ranks.sort_unstable_by_key(|&(_, number, _)| number);
        let mut numbers = HashMap::new();
        for (_, _, place) in ranks {
            let document = source.at(place, |row| {
                let text = |column: &str| row.text(column).to_owned();
                Ok(Document {
                    id: text("doc_id"),
                    sha256: text("sha256"),
                    title: text("title"),
                    date: text("date"),
                    language: text("language"),
                    status: text("status"),
                    reason: text("reason"),
                    duplicate_of: text("duplicate_of"),
                    mentions: count(&row, "mentions"),
                    places: Vec::new(),
                    pieces: Vec::new(),
                })
            })?;
            numbers.insert(document.id.clone(), self.documents.len());
            self.documents.push(document);
        }
        Ok(numbers)
    }

    fn read_mentions(
        &mut self,
        folder: &Path,
        entities: &HashMap<String, usize>,
        documents: &HashMap<String, usize>,
    ) -> Result<()> {
        let mut shown = 0;
        Source::open(folder, schema::MENTIONS)?.read(|row| {
            self.all.mentions += 1;
            let found = [documents.get(row.text("doc_id")), entities.get(row.text("entity_id"))];
            if let [Some(&document), Some(&entity)] = found
                && shown < MOST_MENTIONS
            {
                shown += 1;
                self.documents[document].places.push(Place {
                    entity,
                    start: count(&row, "start") as usize,
                    end: count(&row, "end") as usize,
                    surface: row.text("surface").to_owned(),
                    left: row.text("context_left").to_owned(),
                    right: row.text("context_right").to_owned(),
                });
            }
            Ok(())
        })
    }
}

impl Document {
    /// Cuts a text at its mentions: browsers count UTF-16, so offsets are of no use to them.
    pub fn cut(&mut self, text: &str) {
        let points = CodePoints::new(text);
        let mut at = 0;
        let mut pieces = Vec::new();
        for place in &self.places {
            let Ok(span) = points.span(place.start, place.end) else { return };
            let Some(before) = text.get(at..span.start()) else { return };
            pieces.push(before.to_owned());
            at = span.end();
        }
        pieces.push(text.get(at..).unwrap_or_default().to_owned());
        self.pieces = pieces;
    }
}

fn run(folder: &Path) -> Result<serde_json::Value> {
    let path = folder.join("run.json");
    let failed = || Error::new(ErrorKind::Io, format!("cannot read {}", path.display()));
    let text = fs::read_to_string(&path).map_err(|error| failed().caused_by(error))?;
    let mut run: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| failed().caused_by(error))?;
    if let Some(fields) = run.as_object_mut() {
        // What differs between equal runs is no part of the report.
        fields.retain(|name, _| name != "times" && name != "work");
    }
    Ok(run)
}
