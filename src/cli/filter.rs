//! Stages as filters over JSON Lines, and `read`, which begins the chain.

use super::{Outcome, interrupted, progress::Meter, settings::Settings, stop_when_asked, stopped, tell};
use crate::{
    Document, Error, ErrorKind, Layer, Pipeline, Result, Stage, corpus::Corpus, document::Fault, wire,
};
use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::mpsc::{RecvTimeoutError, sync_channel},
    thread,
    time::Duration,
};

pub fn read(inputs: &[PathBuf], settings: &Settings) -> Result<Outcome> {
    stop_when_asked();
    let corpus = corpus(inputs, settings, None)?;
    let meter = Meter::of_filter(settings.progress, corpus.plan().bytes);
    write(corpus.documents().take_while(|_| !stopped()).inspect(|document| meter.step(document)))
}

/// What is to be read, folders of tables left out with a word; nothing is ever read of the one that is written to.
pub fn corpus(inputs: &[PathBuf], settings: &Settings, output: Option<&Path>) -> Result<Corpus> {
    let corpus = Corpus::open(inputs, &settings.corpus(output))?;
    for folder in corpus.skipped() {
        tell(format!("namenlese: {} holds tables of namenlese and is not read", folder.display()));
    }
    Ok(corpus)
}

/// One stage over standard input. Which layers are there, every document shows for itself.
pub fn filter(stage: Box<dyn Stage>, settings: &Settings) -> Result<Outcome> {
    stop_when_asked();
    let all = [Layer::Language, Layer::Sentences, Layer::Mentions, Layer::NormalForms];
    let (name, needed) = (stage.name(), stage.reads());
    let pipeline = Pipeline::new(vec![stage], &all)?;
    let meter = Meter::of_filter(settings.progress, 0);
    // A failure to read ends the stream and is told after it.
    let mut failure = None;
    let given = documents().map_while(|document| {
        let mut document = document.map_err(|error| failure = Some(error)).ok()?;
        if let Some(layer) = needed.iter().find(|layer| document.faults.is_empty() && !layer.is_on(&document))
        {
            let message = format!("the layer {layer} is missing; run the filter that adds it first");
            document.faults.push(Fault::new(name, &Error::new(ErrorKind::Pipeline, message)));
        }
        Some(document)
    });
    let outcome = write(pipeline.stream(given).until(stopped).watched(|document| meter.step(document)))?;
    failure.map_or(Ok(outcome), Err)
}

/// The documents of standard input; a malformed line is told and becomes a document with a fault.
///
/// They are read on a thread of their own, so that Ctrl-C is heard while the input keeps silent.
pub fn documents() -> impl Iterator<Item = Result<Document>> {
    let (sender, receiver) = sync_channel(4);
    thread::spawn(move || {
        let mut reader = wire::Reader::new(io::stdin().lock());
        while let Some(document) = reader.next() {
            let document = document.or_else(|error| {
                if error.kind() != ErrorKind::Malformed {
                    return Err(error);
                }
                tell(format!("namenlese: standard input: {error}"));
                Ok(Document::unreadable(format!("line {}", reader.line()), &error))
            });
            if sender.send(document).is_err() {
                break;
            }
        }
    });
    std::iter::from_fn(move || {
        while !stopped() {
            match receiver.recv_timeout(Duration::from_millis(50)) {
                Ok(document) => return Some(document),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        None
    })
}

fn write(documents: impl Iterator<Item = Document>) -> Result<Outcome> {
    let mut to = BufWriter::new(io::stdout().lock());
    let mut outcome = Outcome::Well;
    for document in documents {
        if !document.faults.is_empty() {
            outcome = Outcome::SomeFaulty;
        }
        wire::write_line(&document, &mut to).map_err(cannot_print)?;
    }
    to.flush().map_err(|error| cannot_print(error.into()))?;
    if stopped() { Err(interrupted("stopped; what was written are whole lines")) } else { Ok(outcome) }
}

/// Prints to standard output.
pub fn print(text: &str) -> Result<()> {
    let mut to = io::stdout().lock();
    to.write_all(text.as_bytes()).and_then(|()| to.flush()).map_err(|error| cannot_print(error.into()))
}

/// That a reader went away stays what it is.
fn cannot_print(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Interrupted => error,
        kind => Error::new(kind, "cannot write to standard output").caused_by(error),
    }
}
