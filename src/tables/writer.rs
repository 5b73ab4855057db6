//! All tables in one pass over the documents.

use super::{
    Copies, Sink, Summary,
    excerpt::{Excerpt, Place},
    formats::Annotations,
    metadata, one_line,
    pairs::Pairs,
    schema::{self, Kind, Schema},
    spool::Spool,
};
use crate::{
    Label, Result,
    resolve::{Change, Resolved},
};
use std::collections::{BTreeMap, BTreeSet};
use unicode_script::UnicodeScript;

/// Documents that hold most of an entity, named in its row.
pub(super) const TOP_DOCUMENTS: usize = 3;
/// Entities that the summary names.
const MOST_NAMED: usize = 10;
/// Entities of many forms that the summary names.
const MOST_MERGED: usize = 3;

#[derive(Default, Clone)]
struct Seen {
    mentions: u64,
    documents: u64,
    /// The same in documents that are no duplicates.
    mentions_once: u64,
    documents_once: u64,
    first_date: String,
    last_date: String,
    /// Mentions and order of the documents that hold most.
    top: Vec<(u64, String)>,
}

#[derive(Default)]
struct Form {
    mentions: u64,
    documents: u64,
    last: u64,
    languages: BTreeMap<String, u64>,
}

/// What was found out about the whole corpus.
pub(super) struct Found<'f> {
    pub copies: &'f Copies,
    pub resolved: &'f Resolved,
    pub changes: &'f [Change],
}

/// Writes every table into what `begin` makes for it, given its schema and all its columns.
pub(super) fn write<T: Sink>(
    spool: &mut Spool,
    metadata: &metadata::Columns,
    found: &Found<'_>,
    annotations: &mut Annotations,
    mut begin: impl FnMut(Schema, &[(String, Kind)]) -> Result<T>,
) -> Result<(Summary, Vec<T>)> {
    let Found { copies, resolved, changes: changed } = *found;
    let mut create = |schema: Schema| begin(schema, &schema.named().collect::<Vec<_>>());
    let mut mentions = create(schema::MENTIONS)?;
    let mut entities = create(schema::ENTITIES)?;
    let mut ids = create(schema::IDS)?;
    let mut forms_table = create(schema::FORMS)?;
    let mut together = create(schema::COOCCURRENCES)?;
    let mut candidates = create(schema::CANDIDATES)?;
    let mut changes = create(schema::CHANGES)?;
    let own = metadata.header().map(|name| (name, Kind::Text));
    let columns: Vec<_> = schema::DOCUMENTS.named().chain(own).collect();
    let mut documents = begin(schema::DOCUMENTS, &columns)?;
    let mut summary = Summary { metadata_left_out: metadata.left_out, ..Summary::default() };
    let mut pairs = Pairs::default();
    let mut seen = vec![Seen::default(); resolved.entities.len()];
    let mut forms: BTreeMap<(usize, String), Form> = BTreeMap::new();
    // For a person who decides: where each form of an open pair stands first.
    let mut open: BTreeMap<(Label, String), String> = BTreeMap::new();
    for pair in &resolved.candidates {
        open.extend([&pair.a, &pair.b].map(|form| ((pair.label, form.clone()), String::new())));
    }
    spool.read(|number, document| {
        summary.documents += 1;
        let copy = copies.of(number);
        if let Some((_, likeness)) = copy {
            *(if likeness == 1.0 { &mut summary.duplicates } else { &mut summary.near_duplicates }) += 1;
        }
        let places = if copies.are_left_out(number) { &[][..] } else { &document.places };
        document_row(&mut documents, &document, places.len(), copy, metadata)?;
        if let Some(fault) = &document.fault {
            summary.faulty += 1;
            summary.first_fault.get_or_insert_with(|| (document.id.clone(), fault.clone()));
        }
        if let Some(language) = &document.language {
            *summary.languages.entry(language.clone()).or_default() += 1;
        }
        let mut sentences: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let mut here: BTreeMap<usize, u64> = BTreeMap::new();
        for place in places {
            let form = place.key();
            let Some(&index) = resolved.of.get(&form) else { continue };
            let entity = &resolved.entities[index];
            let [left, right] = &place.context;
            mentions.row([
                &document.id,
                &document.path,
                &place.sentence.to_string(),
                &place.start.to_string(),
                &place.end.to_string(),
                &place.surface,
                &form.1,
                &place.title_or_role,
                place.label.as_str(),
                &place.score,
                &entity.id,
                &entity.name,
                left,
                right,
            ])?;
            if let Some(context) = open.get_mut(&form).filter(|known| known.is_empty()) {
                *context = line(&document.id, left, &one_line(&place.surface), right);
            }
            *summary.mentions.entry(place.label.as_str()).or_default() += 1;
            *here.entry(index).or_default() += 1;
            sentences.entry(place.sentence).or_default().insert(index);
            let known = forms.entry((index, form.1)).or_default();
            known.mentions += 1;
            known.documents += u64::from(known.last != summary.documents);
            known.last = summary.documents;
            *known.languages.entry(place.language.clone()).or_default() += 1;
        }
        for (&index, &count) in &here {
            seen[index].add(&document, count, copy.is_some());
        }
        pairs.add(&sentences);
        let is_shown = !copies.are_left_out(number);
        if let Some(whole) = document.document()?.filter(|_| is_shown) {
            let named = |place| Some((place, &resolved.entities[*resolved.of.get(&Place::key(place))?]));
            annotations.add(&whole, &places.iter().filter_map(named).collect::<Vec<_>>())?;
        }
        Ok(())
    })?;

    let mut order: Vec<usize> = (0..seen.len()).collect();
    order.sort_by_key(|&index| (std::cmp::Reverse(seen[index].mentions), &resolved.entities[index].id));
    for &index in &order {
        let (entity, seen) = (&resolved.entities[index], &seen[index]);
        *summary.entities.entry(entity.label.as_str()).or_default() += 1;
        if summary.most_named.len() < MOST_NAMED {
            summary.most_named.push((entity.name.clone(), seen.mentions));
        }
        let top: Vec<&str> = seen.top.iter().map(|(_, id)| id.as_str()).collect();
        entities.row([
            entity.id.as_str(),
            &entity.name,
            entity.label.as_str(),
            &seen.mentions.to_string(),
            &seen.documents.to_string(),
            &entity.forms.len().to_string(),
            &seen.first_date,
            &seen.last_date,
            &top.join(" | "),
            entity.wikidata.as_deref().unwrap_or_default(),
            &entity.geonames.map(|number| number.to_string()).unwrap_or_default(),
            &seen.mentions_once.to_string(),
            &seen.documents_once.to_string(),
        ])?;
        for (form, score, reason) in &entity.forms {
            let none = Form::default();
            let known = forms.get(&(index, form.clone())).unwrap_or(&none);
            let usual = known.languages.iter().max_by_key(|&(_, count)| *count);
            let (count, in_documents) = (known.mentions.to_string(), known.documents.to_string());
            let score = format!("{score:.3}");
            let language = usual.map_or("", |(code, _)| code);
            let cells = [&entity.id, form, script(form), language, &count, &in_documents, &score, reason];
            forms_table.row(cells)?;
            ids.row([entity.id.as_str(), entity.label.as_str(), form, &count])?;
        }
    }
    for ((a, b), (sentences, documents)) in pairs.rows() {
        let (a, b) = (&resolved.entities[a].id, &resolved.entities[b].id);
        together.row([a, b, &sentences.to_string(), &documents.to_string()])?;
    }
    for pair in &resolved.candidates {
        let entity = |form: &str| resolved.of.get(&(pair.label, form.to_owned()));
        let (Some(&a), Some(&b)) = (entity(&pair.a), entity(&pair.b)) else { continue };
        if a != b {
            let (score, label) = (format!("{:.3}", pair.score), pair.label.as_str());
            let ids = [&resolved.entities[a].id, &resolved.entities[b].id];
            let [context_a, context_b] = [&pair.a, &pair.b].map(|form| &open[&(pair.label, form.clone())]);
            let pair = [label, &pair.a, &pair.b, &score, &pair.reason, ids[0], ids[1], context_a, context_b];
            candidates.row(pair)?;
            summary.candidates += 1;
        }
    }
    for change in changed {
        changes.row([&change.old, &change.new, &change.form, &change.reason])?;
    }
    let mut merged: Vec<_> = order.iter().map(|&index| &resolved.entities[index]).collect();
    merged.sort_by_key(|entity| std::cmp::Reverse(entity.forms.len()));
    let merged = merged.into_iter().take(MOST_MERGED).filter(|entity| entity.forms.len() > 2);
    summary.most_forms = merged.map(|entity| (entity.name.clone(), entity.forms.len() as u64)).collect();
    summary.suspicious =
        resolved.suspicious.iter().map(|&index| resolved.entities[index].name.clone()).collect();
    summary.pairs_capped = pairs.capped;
    let tables = vec![documents, mentions, entities, forms_table, together, candidates, ids, changes];
    Ok((summary, tables))
}

impl Seen {
    fn add(&mut self, document: &Excerpt, mentions: u64, is_copy: bool) {
        self.mentions += mentions;
        self.documents += 1;
        if !is_copy {
            self.mentions_once += mentions;
            self.documents_once += 1;
        }
        if let Some(date) = &document.date {
            if self.first_date.is_empty() || *date < self.first_date {
                self.first_date.clone_from(date);
            }
            if *date > self.last_date {
                self.last_date.clone_from(date);
            }
        }
        self.top.push((mentions, document.id.clone()));
        // Stable: of equals, the first in order stays first.
        self.top.sort_by_key(|(mentions, _)| std::cmp::Reverse(*mentions));
        self.top.truncate(TOP_DOCUMENTS);
    }
}

fn document_row(
    table: &mut impl Sink,
    document: &Excerpt,
    mentions: usize,
    copy: Option<(&str, f64)>,
    metadata: &metadata::Columns,
) -> Result<()> {
    let (mentions, likeness) =
        (mentions.to_string(), copy.map(|(_, likeness)| format!("{likeness:.3}")).unwrap_or_default());
    let head = [&document.id, &document.path].map(String::as_str).into_iter();
    let cells = head.chain(document.cells.iter().map(String::as_str)).chain([
        mentions.as_str(),
        copy.map_or("", |(first, _)| first),
        if document.fault.is_none() { "ok" } else { "faulty" },
        &document.reason,
        &likeness,
    ]);
    table.row(cells.chain(metadata.cells(&document.metadata)))
}

/// Where a form of an open pair stands, for a person who decides.
pub(super) fn line(document: &str, left: &str, surface: &str, right: &str) -> String {
    format!("{document}: {}", format!("{left} [{surface}] {right}").trim())
}

/// The script of a form's first letter (ISO 15924).
pub(super) fn script(form: &str) -> &'static str {
    form.chars().find(|c| c.is_alphabetic()).map_or("", |letter| letter.script().short_name())
}
