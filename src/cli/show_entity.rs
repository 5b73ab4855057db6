//! `show FOLDER NAME`: what the tables say of a name.

use super::{Outcome, counted, filter};
use crate::{
    Error, ErrorKind, Result,
    tables::{Source, schema},
};
use std::{collections::HashMap, fmt::Write, path::Path};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Entities, and mentions of each, that are shown.
const MOST_ENTITIES: usize = 10;
const MOST_MENTIONS: usize = 20;

#[derive(Default)]
struct Entity {
    head: String,
    forms: Vec<String>,
    mentions: Vec<String>,
    count: u64,
}

pub fn show(folder: &Path, name: &str) -> Result<Outcome> {
    let wanted = plain(name);
    let mut found: Vec<String> = Vec::new();
    let mut forms: HashMap<String, Vec<String>> = HashMap::new();
    Source::open(folder, schema::FORMS)?.read(|row| {
        let id = row.text("entity_id");
        if plain(row.text("form")).contains(&wanted) && !found.iter().any(|known| known == id) {
            found.push(id.to_owned());
        }
        let (form, reason) = (row.text("form"), row.text("reason"));
        let parted = if reason.is_empty() { "" } else { ": " };
        let times = counted(row.text("mentions").parse().unwrap_or(0), "time");
        forms.entry(id.to_owned()).or_default().push(format!("  {form} ({times}){parted}{reason}"));
        Ok(())
    })?;
    let mut entities: HashMap<&str, Entity> =
        found.iter().map(|id| (id.as_str(), Entity::default())).collect();
    Source::open(folder, schema::ENTITIES)?.read(|row| {
        if let Some(entity) = entities.get_mut(row.text("entity_id")) {
            let text = |column| row.text(column);
            let count = |column, noun| counted(row.text(column).parse().unwrap_or(0), noun);
            let (mentions, documents) = (count("mentions", "mention"), count("documents", "document"));
            entity.head = format!("{}  {}  {}", text("name"), text("label"), text("entity_id"));
            if !text("wikidata").is_empty() {
                entity.head += &format!("  {}", text("wikidata"));
            }
            entity.head += &format!("\n{mentions} in {documents}");
            entity.forms = forms.remove(text("entity_id")).unwrap_or_default();
        }
        Ok(())
    })?;
    Source::open(folder, schema::MENTIONS)?.read(|row| {
        if let Some(entity) = entities.get_mut(row.text("entity_id")) {
            entity.count += 1;
            if entity.mentions.len() < MOST_MENTIONS {
                let surface = row.text("surface").split_whitespace().collect::<Vec<_>>().join(" ");
                let line = format!("{} [{surface}] {}", row.text("context_left"), row.text("context_right"));
                entity.mentions.push(format!("  {}: {}", row.text("doc_id"), line.trim()));
            }
        }
        Ok(())
    })?;
    if found.is_empty() {
        return Err(Error::new(
            ErrorKind::Settings,
            format!("no name in {} has {name:?} in it", folder.display()),
        ));
    }
    let mut text = String::new();
    for entity in found.iter().take(MOST_ENTITIES).filter_map(|id| entities.get(id.as_str())) {
        let _ = writeln!(text, "{}\n\nforms\n{}\n\nmentions", entity.head, entity.forms.join("\n"));
        let _ = writeln!(text, "{}", entity.mentions.join("\n"));
        let more = entity.count - entity.mentions.len() as u64;
        if more > 0 {
            let _ = writeln!(text, "  and {more} more in mentions.csv");
        }
        text.push('\n');
    }
    if found.len() > MOST_ENTITIES {
        let _ = writeln!(
            text,
            "and {} with that name",
            counted((found.len() - MOST_ENTITIES) as u64, "more row")
        );
    }
    filter::print(&text)?;
    Ok(Outcome::Well)
}

/// Lower case, without marks on letters.
fn plain(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}
