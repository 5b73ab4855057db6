//! `evaluate`: figures against gold data.

use super::{Outcome, filter};
use crate::{
    Error, ErrorKind, Result,
    cli::{evaluate_ner, settings::Settings},
    evaluate::names,
};
use clap::{Args, Subcommand};
use std::{fmt::Write, fs::File, path::PathBuf};

#[derive(Debug, Subcommand)]
pub enum Evaluate {
    /// Resolve a table of people's names and compare the rows with who they are
    #[command(
        after_help = "FILE is TSV or CSV with the columns entity (or entity_id), name and, if you like, script."
    )]
    Names(Gold),
    /// Recognise names in gold data and compare
    #[command(after_help = "Example: namenlese evaluate ner gold.conll --labels PER,LOC,ORG")]
    Ner(evaluate_ner::Gold),
}

#[derive(Debug, Args)]
pub struct Gold {
    /// The gold data
    file: PathBuf,
    /// Print figures as JSON
    #[arg(long)]
    json: bool,
}

/// Errors of either kind that are shown.
const WORST: usize = 12;

pub fn evaluate(evaluate: Evaluate, settings: Settings) -> Result<Outcome> {
    match evaluate {
        Evaluate::Names(gold) => evaluate_names(&gold),
        Evaluate::Ner(gold) => evaluate_ner::evaluate(gold, settings),
    }
}

fn evaluate_names(gold: &Gold) -> Result<Outcome> {
    let shown = gold.file.display().to_string();
    let file = File::open(&gold.file).map_err(|error| {
        Error::new(ErrorKind::Io, "cannot be read").caused_by(error).in_document(shown.clone())
    })?;
    let report = names::Gold::read(file).map_err(|error| error.in_document(shown))?.evaluate();
    let text = if gold.json { serde_json::json!(report).to_string() + "\n" } else { for_people(&report) };
    filter::print(&text)?;
    Ok(Outcome::Well)
}

fn for_people(report: &names::Report) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    for (name, scores) in [("pairwise", report.pairwise), ("B³", report.b_cubed)] {
        line(format!(
            "{name:<9} precision {:.3}  recall {:.3}  F1 {:.3}",
            scores.precision, scores.recall, scores.f1
        ));
    }
    line(format!(
        "people    {}, of these whole {}; rows with two or more people {}",
        report.entities, report.entities_whole, report.wrong_merges
    ));
    for (scripts, scores) in &report.by_script {
        line(format!("{scripts:<9} precision {:.3}  recall {:.3}", scores.precision, scores.recall));
    }
    for people in report.merged.iter().take(WORST) {
        let people = people.iter().map(|(person, names)| format!("{person} ({})", names.join(", ")));
        line(format!("merged    {}", people.collect::<Vec<_>>().join("  +  ")));
    }
    for (person, parts) in report.split.iter().take(WORST) {
        let parts = parts.iter().map(|names| names.join(", "));
        line(format!("split     {person}: {}", parts.collect::<Vec<_>>().join("  |  ")));
    }
    out
}
