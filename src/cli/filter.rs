//! Stages as filters over JSON Lines, and `read`, which begins the chain.

use super::{Outcome, interrupted, settings::Settings, stopped};
use crate::{
    Document, Error, ErrorKind, Layer, Pipeline, Result, Stage, corpus::Corpus, document::Fault, wire,
};
use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
};

pub fn read(inputs: &[PathBuf], settings: &Settings) -> Result<Outcome> {
    let corpus = Corpus::open(inputs, &settings.corpus(Vec::new()))?;
    write(corpus.documents().map(Ok))
}

/// One stage over standard input. Which layers are there, every document shows for itself.
pub fn filter(stage: Box<dyn Stage>) -> Result<Outcome> {
    let all = [Layer::Language, Layer::Sentences, Layer::Mentions, Layer::NormalForms];
    let (name, needed) = (stage.name(), stage.reads());
    let pipeline = Pipeline::new(vec![stage], &all)?;
    // A failure to read ends the stream and is told after it.
    let mut failure = None;
    let given = documents().map_while(|document| {
        let mut document = document.map_err(|error| failure = Some(error)).ok()?;
        if let Some(layer) =
            needed.iter().find(|&&layer| document.faults.is_empty() && !has(&document, layer))
        {
            let message = format!("the layer {layer} is missing; run the filter that adds it first");
            document.faults.push(Fault::new(name, &Error::new(ErrorKind::Pipeline, message)));
        }
        Some(document)
    });
    let outcome = write(pipeline.stream(given).map(Ok))?;
    failure.map_or(Ok(outcome), Err)
}

fn has(document: &Document, layer: Layer) -> bool {
    match layer {
        Layer::Language => document.language.is_some(),
        Layer::Sentences => document.sentences.is_some(),
        Layer::Mentions => document.mentions.is_some(),
        Layer::NormalForms => document.mentions.iter().flatten().all(|mention| mention.normal.is_some()),
    }
}

/// The documents of standard input; a malformed line is told and becomes a document with a fault.
pub fn documents() -> impl Iterator<Item = Result<Document>> {
    let mut reader = wire::Reader::new(io::stdin().lock());
    std::iter::from_fn(move || {
        let document = reader.next()?;
        Some(document.or_else(|error| {
            if error.kind() != ErrorKind::Malformed {
                return Err(error);
            }
            eprintln!("namenlese: standard input: {error}");
            Ok(Document::unreadable(format!("line {}", reader.line()), &error))
        }))
    })
    .take_while(|_| !stopped())
}

fn write(documents: impl Iterator<Item = Result<Document>>) -> Result<Outcome> {
    let mut to = BufWriter::new(io::stdout().lock());
    let mut outcome = Outcome::Well;
    for document in documents {
        let document = document?;
        if !document.faults.is_empty() {
            outcome = Outcome::SomeFaulty;
        }
        wire::write_line(&document, &mut to)?;
        if stopped() {
            break;
        }
    }
    to.flush()?;
    if stopped() { Err(interrupted()) } else { Ok(outcome) }
}

/// Prints to standard output.
pub fn print(text: &str) -> Result<()> {
    let mut to = io::stdout().lock();
    to.write_all(text.as_bytes())?;
    Ok(to.flush()?)
}
