//! FollowTheMoney: people, organisations and places as entities, documents, and a `Mention` for every row of mentions.csv.
//!
//! Other names have no schema there and are left out.

use super::cells::Source;
use crate::{
    Error, Label, Result,
    tables::{
        cannot_write,
        partial::Partial,
        schema::{DOCUMENTS, ENTITIES, FORMS, MENTIONS},
    },
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

pub(super) fn write(folder: &Path) -> Result<()> {
    let (partial, file) = Partial::file(folder.join("entities.ftm.json"))?;
    let mut lines = Lines { file: BufWriter::new(file), path: partial.path() };
    let mut aliases: HashMap<String, Vec<String>> = HashMap::new();
    Source::open(folder, FORMS)?.read(|row| {
        aliases.entry(row.text("entity_id").to_owned()).or_default().push(row.text("form").to_owned());
        Ok(())
    })?;
    Source::open(folder, ENTITIES)?.read(|row| {
        let (id, name) = (row.text("entity_id"), row.text("name"));
        let Some(schema) = schema_of(row.text("label")) else { return Ok(()) };
        let forms = aliases.remove(id).unwrap_or_default();
        let mut properties = Properties::default();
        properties.add("name", [name]);
        properties.add("alias", forms.iter().map(String::as_str).filter(|form| *form != name));
        properties.add("wikidataId", [row.text("wikidata")]);
        if schema == "Address" {
            properties.add("full", [name]);
        }
        lines.add(id, schema, properties)
    })?;
    Source::open(folder, DOCUMENTS)?.read(|row| {
        let mut properties = Properties::default();
        properties.add("fileName", [row.text("doc_id")]);
        properties.add("title", [row.text("title")]);
        properties.add("date", [row.text("date")]);
        lines.add(&document_id(row.text("doc_id")), "Document", properties)
    })?;
    Source::open(folder, MENTIONS)?.read(|row| {
        let Some(schema) = schema_of(row.text("label")) else { return Ok(()) };
        let document = row.text("doc_id");
        let mut properties = Properties::default();
        properties.add("document", [document_id(document).as_str()]);
        properties.add("resolved", [row.text("entity_id")]);
        properties.add("name", [row.text("normal_form")]);
        properties.add("detectedSchema", [schema]);
        let id =
            format!("mention-{}", hash(&format!("{document}\0{}\0{}", row.text("start"), row.text("end"))));
        lines.add(&id, "Mention", properties)
    })?;
    let ended = lines.file.flush();
    ended.map_err(|error| cannot_write(partial.path(), error))?;
    partial.finish()
}

fn schema_of(label: &str) -> Option<&'static str> {
    match label.parse().ok()? {
        Label::Per => Some("Person"),
        Label::Org => Some("Organization"),
        Label::Loc => Some("Address"),
        Label::Oth => None,
    }
}

/// An id of a document that FollowTheMoney takes: letters, digits and hyphens.
fn document_id(id: &str) -> String {
    format!("doc-{}", hash(id))
}

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}

/// Every property is a list of texts; one without any is left out.
#[derive(Default)]
struct Properties(Map<String, Value>);

impl Properties {
    fn add<'v>(&mut self, name: &str, values: impl IntoIterator<Item = &'v str>) {
        // What FollowTheMoney lets a value of this kind hold.
        let most = match name {
            "name" | "alias" => 384,
            "full" => 250,
            _ => 1024,
        };
        let values = values.into_iter().filter(|value| !value.is_empty());
        let values: Vec<String> = values.map(|value| value.chars().take(most).collect()).collect();
        if !values.is_empty() {
            self.0.insert(name.to_owned(), json!(values));
        }
    }
}

struct Lines<'p> {
    file: BufWriter<File>,
    path: &'p Path,
}

impl Lines<'_> {
    fn add(&mut self, id: &str, schema: &str, properties: Properties) -> Result<()> {
        let failed = |error: std::io::Error| -> Error { cannot_write(self.path, error) };
        let entity = json!({ "id": id, "schema": schema, "properties": properties.0 });
        writeln!(self.file, "{entity}").map_err(failed)
    }
}
