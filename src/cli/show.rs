//! `show`: a text, or its mentions in place.

use super::{
    Outcome, filter,
    flags::{Flags, Working},
    settings::{self, Settings},
    show_entity,
};
use crate::{Document, Error, ErrorKind, Form, Pipeline, Result, corpus::Corpus};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct Show {
    /// Print exactly the text that all offsets refer to
    #[arg(long)]
    text: bool,
    /// A file, FILE#RECORD for a record of a JSON Lines file, - for standard input, or a folder of tables
    document: PathBuf,
    /// A name, or a part of one, in that folder: its forms, their reasons, and where it is mentioned
    #[arg(conflicts_with = "text")]
    name: Option<String>,
    #[command(flatten)]
    working: Working,
}

pub fn show(show: Show, mut settings: Settings) -> Result<Outcome> {
    if let Some(name) = &show.name {
        return show_entity::show(&show.document, name);
    }
    show.working.over(&mut settings);
    let (file, record) = file_and_record(&show.document);
    let corpus = Corpus::open(&[file.to_owned()], &settings.corpus(None))?;
    let stages = match show.text {
        true => vec![],
        false => {
            vec![settings.detect()?, settings::segment(), settings.recognize()?, settings::normalize()]
        }
    };
    let pipeline = Pipeline::new(stages, &[])?;
    let wanted = |document: &Document| record.is_none_or(|record| is_record(document.id(), file, record));
    let mut documents = corpus.documents().filter(wanted).peekable();
    let refused =
        |message: String| Error::new(ErrorKind::Settings, format!("{}: {message}", show.document.display()));
    let Some(mut document) = documents.next() else {
        return Err(refused("there is no such document".into()));
    };
    // A mail is its own document beside those attached to it.
    let is_file = file.file_name().is_some_and(|name| *name == *document.id());
    if let Some(next) = documents.peek().filter(|_| !is_file) {
        let shown = next.id();
        return Err(refused(format!("it holds several documents; name one, such as {shown}")));
    }
    pipeline.apply(&mut document);
    if let Some(fault) = document.faults.first() {
        let error = Error::new(ErrorKind::Malformed, fault.reason.clone());
        return Err(error.in_document(document.id().to_owned()));
    }
    filter::print(&marked(&document))?;
    Ok(Outcome::Well)
}

/// What is before the `#` that ends an existing file's name, and the record's name after it.
fn file_and_record(given: &Path) -> (&Path, Option<&str>) {
    if given.as_os_str() == "-" || given.exists() {
        return (given, None);
    }
    let name = given.to_str().unwrap_or_default();
    let parts = name.match_indices('#').map(|(at, _)| (Path::new(&name[..at]), Some(&name[at + 1..])));
    parts.rev().find(|(file, _)| file.is_file()).unwrap_or((given, None))
}

/// Whether an id is that of a record in a file whose own name may hold a `#`, too.
fn is_record(id: &str, file: &Path, record: &str) -> bool {
    let in_name = file.file_name().unwrap_or_default().to_string_lossy().matches('#').count();
    id.splitn(in_name + 2, '#').nth(in_name + 1) == Some(record)
}

/// The text with brackets round its mentions.
fn marked(document: &Document) -> String {
    let text = document.text();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for mention in document.mentions.iter().flatten() {
        out.push_str(text.get(done..mention.span.start()).unwrap_or_default());
        // What enters no table is told apart.
        let form = if mention.form == Form::Name { String::new() } else { format!(" {}", mention.form) };
        out.push_str(&format!("[{} {}{form}]", mention.span.of(text), mention.label));
        done = mention.span.end();
    }
    out.push_str(&text[done..]);
    out
}
