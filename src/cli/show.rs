//! `show`: a text, or its mentions in place.

use super::{Outcome, filter, settings, settings::Settings};
use crate::{Error, ErrorKind, Pipeline, Result, corpus::Corpus};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Show {
    /// Print exactly the text that all offsets refer to
    #[arg(long)]
    text: bool,
    /// The file, or - for standard input
    document: PathBuf,
}

pub fn show(show: &Show, settings: &Settings) -> Result<Outcome> {
    let corpus = Corpus::open(std::slice::from_ref(&show.document), &settings.corpus(Vec::new()))?;
    let stages = match show.text {
        true => vec![],
        false => {
            vec![settings.detect()?, settings::segment(), settings.recognize()?, settings::normalize()]
        }
    };
    let pipeline = Pipeline::new(stages, &[])?;
    for document in pipeline.stream(corpus.documents()) {
        if let Some(fault) = document.faults.first() {
            let error = Error::new(ErrorKind::Malformed, fault.reason.clone());
            return Err(error.in_document(document.id().to_owned()));
        }
        let text = document.text();
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for mention in document.mentions.iter().flatten() {
            out.push_str(text.get(done..mention.span.start()).unwrap_or_default());
            out.push_str(&format!("[{} {}]", mention.span.of(text), mention.label));
            done = mention.span.end();
        }
        out.push_str(&text[done..]);
        filter::print(&out)?;
    }
    Ok(Outcome::Well)
}
