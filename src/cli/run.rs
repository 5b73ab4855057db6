//! `run` and `tabulate`: from documents to tables.

use super::{Outcome, filter, interrupted, progress::Meter, settings, settings::Settings, stopped};
use crate::{
    Document, Error, ErrorKind, Pipeline, Result,
    corpus::Corpus,
    tables::{Summary, Tables},
};
use clap::Args;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    inputs: super::Inputs,
    #[command(flatten)]
    output: super::Output,
    /// Say what would be read and how long it may take; write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Documents that a dry run reads to guess the time.
const TRIED: usize = 20;

pub fn run(run: &Run, settings: &Settings) -> Result<Outcome> {
    let output = &run.output.output;
    let corpus = Corpus::open(&run.inputs.inputs, &settings.corpus(vec![output.clone()]))?;
    let recognizer = settings.recognizer()?;
    let ids = recognizer.ids();
    let stages =
        vec![settings.detect()?, settings::segment(), Box::new(recognizer) as _, settings::normalize()];
    let pipeline = Pipeline::new(stages, &[])?;
    if run.dry_run {
        return dry_run(&corpus, &pipeline, run.inputs.inputs.iter().any(|input| input.as_os_str() == "-"));
    }
    let documents = corpus.documents().take_while(|_| !stopped());
    let mut meter = Meter::new(settings.progress, corpus.plan().files as u64);
    let tabulated = tables(pipeline.stream(documents).map(Ok), output, settings, &mut meter, &ids)?;
    meter.finish();
    Ok(tabulated)
}

pub fn tabulate(output: &Path, settings: &Settings) -> Result<Outcome> {
    let mut meter = Meter::new(settings.progress, 0);
    let outcome = tables(filter::documents(), output, settings, &mut meter, &settings.recognizer()?.ids())?;
    meter.finish();
    Ok(outcome)
}

fn tables(
    documents: impl Iterator<Item = Result<Document>>,
    output: &Path,
    settings: &Settings,
    meter: &mut Meter,
    recognizers: &[String],
) -> Result<Outcome> {
    let begun = Instant::now();
    let mut tables = Tables::create(output, settings.tables()?)?;
    for document in documents {
        let document = document?;
        meter.step(!document.faults.is_empty());
        tables.add(&document)?;
    }
    if stopped() {
        return Err(interrupted());
    }
    let summary = tables.finish()?;
    let record = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "recognizers": recognizers,
        "settings": settings,
        "counts": summary,
        "times": { "seconds": begun.elapsed().as_secs_f64() },
    });
    let (path, partial) = (output.join("run.json"), output.join(".run.json.partial"));
    fs::write(&partial, format!("{record:#}\n")).and_then(|()| fs::rename(&partial, &path)).map_err(
        |error| Error::new(ErrorKind::Io, format!("cannot write {}", path.display())).caused_by(error),
    )?;
    tell(&summary, output);
    if recognizers.iter().all(|id| id.starts_with("lists-")) {
        eprintln!("warning:   no trained recogniser: only listed names were looked for");
    }
    Ok(if summary.faulty > 0 { Outcome::SomeFaulty } else { Outcome::Well })
}

/// The summary for people.
fn tell(summary: &Summary, output: &Path) {
    let list = |counts: Vec<String>| if counts.is_empty() { "none".to_owned() } else { counts.join(", ") };
    eprintln!("documents: {} ({} faulty)", summary.documents, summary.faulty);
    eprintln!("languages: {}", list(summary.languages.iter().map(|(k, n)| format!("{k} {n}")).collect()));
    eprintln!("mentions:  {}", list(summary.mentions.iter().map(|(k, n)| format!("{k} {n}")).collect()));
    eprintln!("entities:  {}", list(summary.entities.iter().map(|(k, n)| format!("{k} {n}")).collect()));
    if summary.candidates > 0 {
        eprintln!("undecided: {} pairs; namenlese decide {}", summary.candidates, output.display());
    }
    for name in &summary.suspicious {
        eprintln!("warning:   {name} has very many forms; look at them in forms.csv");
    }
    if summary.pairs_capped {
        eprintln!("warning:   only the first {} pairs of entities were followed", crate::tables::MOST_PAIRS);
    }
    eprintln!("tables:    {}", PathBuf::from(output).display());
}

fn dry_run(corpus: &Corpus, pipeline: &Pipeline, has_stdin: bool) -> Result<Outcome> {
    let plan = corpus.plan();
    filter::print(&format!("{} files, {} bytes\n", plan.files, plan.bytes))?;
    for (name, format) in &plan.formats {
        let unread = if format.readable { "" } else { " (not read)" };
        filter::print(&format!("{name}: {} files, {} bytes{unread}\n", format.files, format.bytes))?;
    }
    if has_stdin {
        return filter::print("time: unknown for standard input\n").map(|()| Outcome::Well);
    }
    let begun = Instant::now();
    let tried: u64 = pipeline.stream(corpus.documents().take(TRIED)).map(|one| one.source.bytes).sum();
    let seconds = begun.elapsed().as_secs_f64() * plan.bytes as f64 / tried.max(1) as f64;
    filter::print(&format!("time: about {seconds:.0} s\n"))?;
    Ok(Outcome::Well)
}
