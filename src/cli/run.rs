//! `run` and `tabulate`: from documents to tables.

use super::{
    Outcome, counted, estimate, filter,
    flags::{Flags, Tabulating, Working},
    interrupted,
    progress::Meter,
    settings::{self, Settings},
    stop_when_asked, stopped, summary, tell,
};
use crate::{
    Document, Error, ErrorKind, Pipeline, Result,
    store::{self, Cached, Store},
    tables::{self, Tables},
};
use clap::Args;
use serde_json::json;
use std::{
    fs,
    path::Path,
    sync::{Arc, atomic::Ordering},
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
    /// Forget what earlier runs into this folder have worked out: documents and ids, not decisions
    #[arg(long)]
    fresh: bool,
    /// Write report.html, too: one page over the tables and texts
    #[cfg(feature = "report")]
    #[arg(long)]
    report: bool,
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
    let corpus = filter::corpus(inputs, &settings, Some(output))?;
    let recognizer = settings.recognizer()?;
    let (ids, calls) = (recognizer.ids(), recognizer.calls());
    let stages =
        vec![settings.detect()?, settings::segment(), Box::new(recognizer) as _, settings::normalize()];
    let mut pipeline = Pipeline::new(stages, &[])?;
    let tables = tables::Settings { afresh: run.fresh, ..settings.tables()? };
    let keys = settings.keys(&ids);
    if run.dry_run {
        let store = if run.fresh { None } else { Store::there(output) };
        let is_known = |document: &Document| store.as_ref().is_some_and(|store| store.holds(keys, document));
        return estimate::dry_run(&corpus, &pipeline, is_known);
    }
    stop_when_asked();
    // From here on the folder is ours.
    let tables = Tables::create(output, tables)?;
    let (store, notice) = Store::open(output, run.fresh)?;
    notice.iter().for_each(|notice| tell(format!("namenlese: {notice}")));
    let store = Arc::new(store);
    let cached = Cached::new(store.clone(), keys, pipeline);
    pipeline = Pipeline::new(vec![Box::new(cached)], &[])?;
    let mut job = Job::begin(output, &settings, tables);
    let meter = Meter::new(settings.progress, corpus.plan().bytes);
    let documents = corpus.documents().take_while(|_| !stopped());
    for document in pipeline.stream(documents).until(stopped).watched(|document| meter.step(document)) {
        job.add(&document)?;
        store.check()?;
    }
    drop(meter);
    store.flush()?;
    let from_store = store.used();
    if from_store.damaged > 0 {
        let records = counted(from_store.damaged, "document");
        tell(format!(
            "namenlese: what {} knew of {records} was damaged: worked on again; --fresh makes a new store",
            output.join(store::FILE).display()
        ));
    }
    job.work = Some(Work { recognizers: ids, calls: calls.load(Ordering::Relaxed), from_store });
    let outcome =
        job.finish(json!(inputs.iter().map(|input| input.to_string_lossy()).collect::<Vec<_>>()))?;
    #[cfg(feature = "report")]
    if run.report {
        super::report::write(output, inputs, &settings, &output.join("report.html"))?;
    }
    Ok(outcome)
}

pub fn tabulate(output: &Path, settings: &Settings) -> Result<Outcome> {
    stop_when_asked();
    let mut job = Job::begin(output, settings, Tables::create(output, settings.tables()?)?);
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
    work: Option<Work>,
    tables: Tables,
    documents: u64,
    begun: Instant,
}

/// What was done to documents, if it was this process that did it.
struct Work {
    recognizers: Vec<String>,
    calls: u64,
    from_store: store::Use,
}

impl<'a> Job<'a> {
    fn begin(output: &'a Path, settings: &'a Settings, tables: Tables) -> Self {
        Self { output, settings, work: None, tables, documents: 0, begun: Instant::now() }
    }

    fn add(&mut self, document: &Document) -> Result<()> {
        self.documents += 1;
        self.tables.add(document)
    }

    fn finish(self, inputs: serde_json::Value) -> Result<Outcome> {
        let output = self.output.display();
        if stopped() {
            let done = counted(self.documents, "document");
            let goes_on = if self.work.is_some() { ", and the next run goes on from here" } else { "" };
            let message = format!("stopped after {done}; the tables in {output} are as they were{goes_on}");
            return Err(interrupted(message));
        }
        let documents_done = self.begun.elapsed().as_secs_f64();
        let summary = self.tables.finish()?;
        let all_done = self.begun.elapsed().as_secs_f64();
        let record = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "recognizers": self.work.as_ref().map(|work| &work.recognizers),
            "inputs": inputs,
            "settings": self.settings.effective(),
            "counts": summary,
            "work": self.work.as_ref().map(|work| {
                json!({ "recognizer_calls": work.calls, "from_store": work.from_store })
            }),
            "times": { "documents": documents_done, "tables": all_done - documents_done, "seconds": all_done },
        });
        let (path, partial) = (self.output.join("run.json"), self.output.join(".run.json.partial"));
        fs::write(&partial, format!("{record:#}\n")).and_then(|()| fs::rename(&partial, &path)).map_err(
            |error| {
                let _ = fs::remove_file(&partial);
                Error::new(ErrorKind::Io, format!("cannot write {}", path.display())).caused_by(error)
            },
        )?;
        let is_list = |id: &String| id.starts_with("lists-");
        let only_lists = self.work.as_ref().is_some_and(|work| work.recognizers.iter().all(is_list));
        let known = self.work.map_or(0, |work| work.from_store.documents);
        filter::print(&summary::in_words(&summary, self.output, known, only_lists, all_done))?;
        Ok(if summary.faulty > 0 { Outcome::SomeFaulty } else { Outcome::Well })
    }
}
