//! Rows of the tables a document at a time, for engines that hold a corpus on many machines; see
//! [`resolve::steps`](crate::resolve::steps).

use super::{
    Settings,
    excerpt::{Excerpt, Place},
    one_line, pairs, people, unexplained,
    writer::{line, script},
};
use crate::{
    Document, Error, Label,
    resolve::steps::{Key, Open},
    wire,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// How many documents an entity's `top_documents` names: most mentions first, then by id.
pub const TOP_DOCUMENTS: usize = super::writer::TOP_DOCUMENTS;

/// A row of documents.csv, with what else the tables need of the document.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)] // docs/formats.md describes the columns.
pub struct DocumentRow {
    pub doc_id: String,
    pub path: Option<String>,
    pub format: Option<String>,
    pub encoding: Option<String>,
    pub bytes: Option<u64>,
    pub sha256: Option<String>,
    pub title: Option<String>,
    pub date: Option<String>,
    pub language: Option<String>,
    pub language_confidence: Option<f64>,
    pub script: Option<String>,
    pub characters: Option<u64>,
    pub sentences: Option<u64>,
    pub mentions: u64,
    pub status: String,
    pub reason: Option<String>,
    /// Fields of the corpus, by name.
    pub metadata: BTreeMap<String, String>,
    /// The mentions that enter the tables.
    pub places: Vec<PlaceRow>,
    /// Lone names of people beside each full name that they fit, as often as they stand there.
    pub open: Vec<Beside>,
}

/// A row of mentions.csv without its entity.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)] // docs/formats.md describes the columns.
pub struct PlaceRow {
    pub sentence: u64,
    pub start: u64,
    pub end: u64,
    pub surface: String,
    pub normal_form: String,
    pub title_or_role: Option<String>,
    pub label: Label,
    pub score: f64,
    pub context_left: Option<String>,
    pub context_right: Option<String>,
    /// The language there, or nothing between the quotes.
    pub language: String,
}

/// A lone name and a full name of one document that it fits.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)] // They say it.
pub struct Beside {
    pub lone: String,
    pub full: String,
}

/// A row of forms.csv.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)] // docs/formats.md describes the columns.
pub struct FormRow {
    pub entity_id: String,
    pub form: String,
    #[serde(default)]
    pub script: Option<String>,
    pub language: Option<String>,
    pub mentions: u64,
    pub documents: u64,
    pub score: f64,
    pub reason: String,
}

/// An entity in a sentence of a document.
#[derive(Debug, Serialize, Deserialize)]
pub struct Standing {
    /// The number of the sentence.
    pub sentence: u64,
    /// The founder of the entity.
    pub founder: Key,
    /// Its id.
    pub entity_id: String,
}

/// Entities that stand together in a document.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)] // docs/formats.md describes the columns.
pub struct Together {
    pub entity_a: String,
    pub entity_b: String,
    pub sentences: u64,
    pub documents: u64,
}

/// An open pair, with the entities of its forms and where each stands first.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)] // They say it.
pub struct OpenAt {
    pub pair: Open,
    pub entity_a: String,
    pub entity_b: String,
    pub place_a: First,
    pub place_b: First,
}

/// The first place of a form.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)] // docs/formats.md describes the columns.
pub struct First {
    pub doc_id: String,
    pub start: u64,
    pub surface: String,
    pub context_left: Option<String>,
    pub context_right: Option<String>,
}

/// A row of candidates.csv.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)] // docs/formats.md describes the columns.
pub struct CandidateRow {
    pub label: Label,
    pub form_a: String,
    pub form_b: String,
    pub score: f64,
    pub reason: String,
    pub entity_a: String,
    pub entity_b: String,
    pub context_a: String,
    pub context_b: String,
}

/// The document of a line in [the wire form](wire). What is no such line is a faulty document whose id tells its checksum.
pub fn read_line(line: &str) -> Document {
    wire::read_line(line.trim_end().as_bytes(), 1).unwrap_or_else(|error: Error| {
        let sum: String = Sha256::digest(line).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Document::unreadable(format!("line {sum}"), &error)
    })
}

/// What the tables need of a document that all stages have seen.
pub fn document(document: &Document, settings: &Settings) -> DocumentRow {
    let excerpt = Excerpt::new(document, settings);
    let beside = unexplained(people(&excerpt)).into_iter();
    let open = beside.map(|(lone, full)| Beside { lone: lone.clone(), full: full.clone() }).collect();
    let mut cells = excerpt.cells.into_iter().map(filled);
    let mut cell = || cells.next().flatten();
    DocumentRow {
        doc_id: excerpt.id,
        path: filled(excerpt.path),
        format: cell(),
        encoding: cell(),
        bytes: number(cell()),
        sha256: cell(),
        title: cell(),
        date: cell(),
        language: cell(),
        language_confidence: number(cell()),
        script: cell(),
        characters: number(cell()),
        sentences: number(cell()),
        mentions: excerpt.places.len() as u64,
        status: if excerpt.fault.is_none() { "ok" } else { "faulty" }.to_owned(),
        reason: filled(excerpt.reason),
        metadata: excerpt.metadata.into_iter().collect(),
        places: excerpt.places.into_iter().map(PlaceRow::from).collect(),
        open,
    }
}

impl From<Place> for PlaceRow {
    fn from(place: Place) -> Self {
        let [left, right] = place.context;
        Self {
            sentence: place.sentence as u64,
            start: place.start as u64,
            end: place.end as u64,
            surface: place.surface,
            normal_form: place.name,
            title_or_role: filled(place.title_or_role),
            label: place.label,
            score: place.score.parse().unwrap_or_default(),
            context_left: filled(left),
            context_right: filled(right),
            language: place.language,
        }
    }
}

/// Completes a row of forms.csv.
pub fn form(row: FormRow) -> FormRow {
    FormRow {
        script: filled(script(&row.form).to_owned()),
        language: row.language.and_then(filled),
        score: shown(row.score),
        ..row
    }
}

/// The entities that stand together in a document.
pub fn cooccurrences(standing: &[Standing]) -> Vec<Together> {
    let entities: BTreeMap<&Key, &str> =
        standing.iter().map(|one| (&one.founder, one.entity_id.as_str())).collect();
    let numbers: BTreeMap<&Key, usize> = entities.keys().copied().zip(0..).collect();
    let ids: Vec<&str> = entities.into_values().collect();
    let mut sentences: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for one in standing {
        sentences.entry(one.sentence as usize).or_default().insert(numbers[&one.founder]);
    }
    let together = pairs::of_document(&sentences).into_iter();
    let row = |((a, b), (sentences, documents)): ((usize, usize), _)| Together {
        entity_a: ids[a].to_owned(),
        entity_b: ids[b].to_owned(),
        sentences,
        documents,
    };
    together.map(row).collect()
}

/// Whether entities stand together often enough in a corpus for a row of cooccurrences.csv.
pub fn is_close(together: &Together) -> bool {
    pairs::is_close((together.sentences, together.documents))
}

/// A row of candidates.csv.
pub fn candidate(open: OpenAt) -> CandidateRow {
    let OpenAt { pair, entity_a, entity_b, place_a, place_b } = open;
    let context = |place: First| {
        let [left, right] = [place.context_left, place.context_right].map(Option::unwrap_or_default);
        line(&place.doc_id, &left, &one_line(&place.surface), &right)
    };
    CandidateRow {
        label: pair.label,
        form_a: pair.a,
        form_b: pair.b,
        score: shown(pair.score),
        reason: pair.reason,
        entity_a,
        entity_b,
        context_a: context(place_a),
        context_b: context(place_b),
    }
}

fn filled(cell: String) -> Option<String> {
    Some(cell).filter(|cell| !cell.is_empty())
}

fn number<T: std::str::FromStr>(cell: Option<String>) -> Option<T> {
    cell?.parse().ok()
}

/// A score as the tables show it.
fn shown(score: f64) -> f64 {
    format!("{score:.3}").parse().unwrap_or(score)
}
