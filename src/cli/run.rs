//! `run` and `tabulate`: from documents to tables.

use super::{
    Outcome, counted, estimate, filter,
    flags::{Flags, Tabulating, Working},
    interrupted,
    progress::Meter,
    settings::{self, Settings},
    stop_on_ctrl_c, stopped, summary,
};
use crate::{Document, Error, ErrorKind, Pipeline, Result, corpus::Corpus, tables::Tables};
use clap::Args;
use serde_json::json;
use std::{fs, path::Path, time::Instant};

#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    inputs: super::Inputs,
    #[command(flatten)]
    output: super::Output,
    /// Say what would be read and how long it may take; write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    working: Working,
    #[command(flatten)]
    tabulating: Tabulating,
}

pub fn run(run: Run, mut settings: Settings) -> Result<Outcome> {
    run.working.over(&mut settings);
    run.tabulating.over(&mut settings);
    let (inputs, output) = (&run.inputs.inputs, &run.output.output);
    let is_output = |input: &Path| {
        fs::canonicalize(output)
            .is_ok_and(|output| fs::canonicalize(input).is_ok_and(|input| input == output))
    };
    if let Some(input) = inputs.iter().find(|input| is_output(input)) {
        let message =
            format!("{} cannot be both read and written to; give another folder with -o", input.display());
        return Err(Error::new(ErrorKind::Settings, message));
    }
    let corpus = Corpus::open(inputs, &settings.corpus(vec![output.clone()]))?;
    let recognizer = settings.recognizer()?;
    let recognizers = recognizer.ids();
    let stages =
        vec![settings.detect()?, settings::segment(), Box::new(recognizer) as _, settings::normalize()];
    let pipeline = Pipeline::new(stages, &[])?;
    let tables = settings.tables()?;
    if run.dry_run {
        return estimate::dry_run(&corpus, &pipeline);
    }
    stop_on_ctrl_c();
    let mut job = Job::begin(output, &settings, Some(recognizers), Tables::create(output, tables)?);
    let meter = Meter::new(settings.progress, corpus.plan().bytes);
    let documents = corpus.documents().take_while(|_| !stopped());
    for document in pipeline.stream(documents).until(stopped).watched(|document| meter.step(document)) {
        job.add(&document)?;
    }
    drop(meter);
    job.finish(json!(inputs.iter().map(|input| input.to_string_lossy()).collect::<Vec<_>>()))
}

pub fn tabulate(output: &Path, settings: &Settings) -> Result<Outcome> {
    stop_on_ctrl_c();
    let mut job = Job::begin(output, settings, None, Tables::create(output, settings.tables()?)?);
    let meter = Meter::new(settings.progress, 0);
    for document in filter::documents() {
        let document = document?;
        meter.step(&document);
        job.add(&document)?;
    }
    drop(meter);
    job.finish(json!(["-"]))
}

/// Tables on their way, and what run.json will say of them.
struct Job<'a> {
    output: &'a Path,
    settings: &'a Settings,
    /// Who looked for names, if it was this process.
    recognizers: Option<Vec<String>>,
    tables: Tables,
    documents: u64,
    begun: Instant,
}

impl<'a> Job<'a> {
    fn begin(
        output: &'a Path,
        settings: &'a Settings,
        recognizers: Option<Vec<String>>,
        tables: Tables,
    ) -> Self {
        Self { output, settings, recognizers, tables, documents: 0, begun: Instant::now() }
    }

    fn add(&mut self, document: &Document) -> Result<()> {
        self.documents += 1;
        self.tables.add(document)
    }

    fn finish(self, inputs: serde_json::Value) -> Result<Outcome> {
        let output = self.output.display();
        if stopped() {
            let message = format!(
                "stopped after {}; the tables in {output} are as they were",
                counted(self.documents, "document")
            );
            return Err(interrupted(message));
        }
        let documents_done = self.begun.elapsed().as_secs_f64();
        let summary = self.tables.finish()?;
        let all_done = self.begun.elapsed().as_secs_f64();
        let record = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "recognizers": self.recognizers,
            "inputs": inputs,
            "settings": self.settings.effective(),
            "counts": summary,
            "times": { "documents": documents_done, "tables": all_done - documents_done, "seconds": all_done },
        });
        let (path, partial) = (self.output.join("run.json"), self.output.join(".run.json.partial"));
        fs::write(&partial, format!("{record:#}\n")).and_then(|()| fs::rename(&partial, &path)).map_err(
            |error| Error::new(ErrorKind::Io, format!("cannot write {}", path.display())).caused_by(error),
        )?;
        let only_lists = self.recognizers.is_some_and(|all| all.iter().all(|id| id.starts_with("lists-")));
        filter::print(&summary::in_words(&summary, self.output, only_lists, all_done))?;
        Ok(if summary.faulty > 0 { Outcome::SomeFaulty } else { Outcome::Well })
    }
}
