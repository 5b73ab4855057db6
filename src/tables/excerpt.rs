//! What the tables need of a document, so that its text need not be kept.

use super::{Settings, metadata, one_line};
use crate::{
    Document, Form, Label, Mention, Result, Span,
    document::{CodePoints, Fault, NormalForm, Score},
    wire,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Characters of context on either side, cut at a blank.
const CONTEXT: usize = 60;

/// A document as far as the tables show it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Excerpt {
    pub id: String,
    pub path: String,
    pub date: Option<String>,
    pub language: Option<String>,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// Cells of documents.csv: those from `format` to `sentences`.
    pub cells: Vec<String>,
    /// The last of them.
    pub reason: String,
    /// What else it says of itself, by name.
    pub metadata: Vec<(String, String)>,
    /// The mentions that enter the tables, in text order.
    pub places: Vec<Place>,
    /// The whole document in its wire form, where a form of the tables shows texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    whole: Option<Box<RawValue>>,
}

/// A mention as far as the tables show it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Place {
    /// The number of its sentence, from 1.
    pub sentence: usize,
    /// In code points.
    pub start: usize,
    pub end: usize,
    pub surface: String,
    pub label: Label,
    pub score: String,
    pub title_or_role: String,
    /// The name it stands for: the full name of its document, or else its best reading.
    pub name: String,
    pub language: String,
    pub context: [String; 2],
}

impl Excerpt {
    pub fn new(document: &Document, settings: &Settings) -> Self {
        if let Err(error) = document.check_layers() {
            let mut bare = document.clone();
            (bare.language, bare.sentences, bare.mentions) = (None, None, None);
            bare.faults.push(Fault::new("tabulate", &error));
            return Self::new(&bare, settings);
        }
        let source = &document.source;
        let language = document.language.as_ref().map(|languages| &languages.document);
        let faults = document.faults.iter().map(|fault| format!("{}: {}", fault.stage, fault.reason));
        let assumed = language.filter(|language| language.assumed).map(|_| "language assumed".to_owned());
        let reasons: Vec<String> = faults.chain(document.notes.iter().cloned()).chain(assumed).collect();
        let cells = [
            source.format.clone(),
            source.encoding.clone(),
            source.bytes.to_string(),
            source.sha256.clone(),
            document.title.clone().unwrap_or_default(),
            document.date.clone().unwrap_or_default(),
            language.map(|language| language.code.clone()).unwrap_or_default(),
            language.map(|language| format!("{:.3}", language.confidence)).unwrap_or_default(),
            language.map(|language| language.script.clone()).unwrap_or_default(),
            document.text().chars().count().to_string(),
            document.sentences.as_ref().map_or(0, Vec::len).to_string(),
        ];
        let points = CodePoints::new(document.text());
        let places = admitted(document, settings)
            .map(|mention| Place::new(document, &points, mention, settings))
            .filter(|place| !settings.decisions.is_deleted(place.label, &place.name));
        Self {
            id: document.id().to_owned(),
            path: source.path.clone(),
            date: document.date.clone(),
            language: language.map(|language| language.code.clone()),
            fault: document.faults.first().map(|fault| fault.reason.clone()),
            cells: cells.into(),
            reason: reasons.join("; "),
            metadata: metadata::of(document),
            places: places.collect(),
            whole: if settings.shows_texts() && document.faults.is_empty() { whole(document) } else { None },
        }
    }

    /// The document itself, if it was kept.
    ///
    /// # Errors
    /// Where what was kept cannot be read.
    pub fn document(&self) -> Result<Option<Document>> {
        self.whole.as_ref().map(|line| wire::read_line(line.get().as_bytes(), 1)).transpose()
    }
}

fn whole(document: &Document) -> Option<Box<RawValue>> {
    let mut line = Vec::new();
    wire::write_line(document, &mut line).ok()?;
    RawValue::from_string(String::from_utf8(line).ok()?.trim_end().to_owned()).ok()
}

/// The mentions that the settings let into the tables.
fn admitted<'d>(document: &'d Document, settings: &Settings) -> impl Iterator<Item = &'d Mention> {
    let (all, least) = (settings.all_forms, Score::new(settings.min_score));
    let is_faulty = !document.faults.is_empty();
    let mentions = document.mentions.iter().flatten();
    mentions
        .filter(move |mention| !is_faulty && (all || mention.form == Form::Name) && mention.score >= least)
}

impl Place {
    fn new(document: &Document, points: &CodePoints<'_>, mention: &Mention, settings: &Settings) -> Self {
        let (text, span) = (document.text(), mention.span);
        let normal = mention.normal.as_ref();
        let name = normal.and_then(NormalForm::name).map(str::to_owned);
        let language = document.language.as_ref().map(|all| all.at(span.start()).code.clone());
        Self {
            sentence: sentence_of(document, span),
            start: points.of_byte(span.start()),
            end: points.of_byte(span.end()),
            surface: span.of(text).to_owned(),
            label: mention.label,
            score: mention.score.to_string(),
            title_or_role: normal.map(|normal| normal.title_or_role.clone()).unwrap_or_default(),
            name: name.unwrap_or_else(|| one_line(span.of(text))),
            language: language.unwrap_or_default(),
            context: if settings.no_text { Default::default() } else { context(text, span) },
        }
    }

    /// What it names.
    pub fn key(&self) -> (Label, String) {
        (self.label, self.name.clone())
    }
}

/// The number of the sentence that holds a span, from 1; 0 if none does.
fn sentence_of(document: &Document, span: Span) -> usize {
    let sentences = document.sentences.as_deref().unwrap_or_default();
    sentences.partition_point(|sentence| sentence.span.start() <= span.start())
}

/// One line before and one after, each of at most `CONTEXT` characters and cut at a blank.
fn context(text: &str, span: Span) -> [String; 2] {
    let near = CONTEXT * 4;
    let from = text.floor_char_boundary(span.start().saturating_sub(near));
    let to = text.ceil_char_boundary((span.end() + near).min(text.len()));
    let left = one_line(text.get(from..span.start()).unwrap_or_default());
    let right = one_line(text.get(span.end()..to).unwrap_or_default());
    let over = left.chars().count().saturating_sub(CONTEXT);
    let left = match left.char_indices().nth(over) {
        Some((at, _)) if over > 0 => left[at..].split_once(' ').map_or("", |(_, rest)| rest).to_owned(),
        _ => left,
    };
    let right = match right.char_indices().nth(CONTEXT) {
        Some((at, _)) => right[..at].rsplit_once(' ').map_or("", |(rest, _)| rest).to_owned(),
        None => right,
    };
    [left, right]
}
