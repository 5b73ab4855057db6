//! `evaluate ner`: recognised names against gold data.

use super::{
    Outcome, filter,
    flags::{Flags, Recognizing},
    settings::Settings,
};
use crate::{
    Error, ErrorKind, Label, Result,
    evaluate::ner::{self, Mistake, Report, Tally},
};
use clap::Args;
use std::{fmt::Write, fs, path::PathBuf};

#[derive(Debug, Args)]
pub struct Gold {
    /// CoNLL (token first, tag last), GermEval TSV, or JSON Lines with offsets
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The labels that the data has, if not all four
    #[arg(long, value_delimiter = ',', value_name = "PER,LOC,ORG,OTH")]
    labels: Vec<Label>,
    /// The language of the data [default: de]
    #[arg(long, value_name = "CODE")]
    assume: Option<String>,
    /// Print figures as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    recognizing: Recognizing,
}

/// Errors that are shown.
const SHOWN: usize = 30;

pub fn evaluate(gold: Gold, mut settings: Settings) -> Result<Outcome> {
    gold.recognizing.over(&mut settings);
    let (mut documents, mut left_out) = (Vec::new(), std::collections::BTreeMap::new());
    for file in &gold.files {
        let shown = || file.display().to_string();
        let text = fs::read_to_string(file).map_err(|error| {
            Error::new(ErrorKind::Io, "cannot be read").caused_by(error).in_document(shown())
        })?;
        let read = ner::read(&text).map_err(|error| error.in_document(shown()))?;
        documents.extend(read.documents);
        for (label, count) in read.left_out {
            *left_out.entry(label).or_default() += count;
        }
    }
    let language = gold.assume.or(settings.assume.clone()).unwrap_or_else(|| "de".into());
    let report = ner::evaluate(&documents, &settings.recognizer()?, &gold.labels, &language)?;
    let text = match gold.json {
        true => serde_json::json!(report.figures()).to_string() + "\n",
        false => for_people(&report, &left_out),
    };
    filter::print(&text)?;
    Ok(Outcome::Well)
}

fn for_people(report: &Report, left_out: &std::collections::BTreeMap<String, u64>) -> String {
    let mut out = String::from(
        "          strict                      partial                     names\n\
         label     precision  recall    F1     precision  recall    F1     gold  found  right\n",
    );
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    let row = |name: &str, tally: &Tally| {
        let (strict, partial, counts) = (tally.strict.scores(), tally.partial(), tally.strict);
        format!(
            "{name:<10}{:>9.4}{:>8.4}{:>8.4}  {:>9.4}{:>8.4}{:>8.4}  {:>6} {:>6} {:>6}",
            strict.precision,
            strict.recall,
            strict.f1,
            partial.precision,
            partial.recall,
            partial.f1,
            counts.gold,
            counts.found,
            counts.both
        )
    };
    for (label, tally) in &report.labels {
        line(row(label.as_str(), tally));
    }
    line(row("all", &report.micro()));
    line(format!("\n{} sentences, {} tokens", report.sentences, report.tokens));
    if !left_out.is_empty() {
        let counts = left_out.iter().map(|(label, count)| format!("{label} {count}"));
        line(format!("counted as O: {}", counts.collect::<Vec<_>>().join(", ")));
    }
    let columns: Vec<Option<Label>> = report.labels.keys().copied().map(Some).chain([None]).collect();
    let name = |label: &Option<Label>| label.map_or("none", Label::as_str);
    line(format!(
        "\nright \\ found{}",
        columns.iter().map(|label| format!("{:>7}", name(label))).collect::<String>()
    ));
    for right in &columns {
        let cell =
            |found: &Option<Label>| report.confusion.get(&(*right, *found)).copied().unwrap_or_default();
        let cells = columns.iter().map(|found| format!("{:>7}", cell(found))).collect::<String>();
        line(format!("{:<13}{cells}", name(right)));
    }
    if !report.mistakes.is_empty() {
        line("\ncommonest errors".into());
    }
    for mistake in report.mistakes.iter().take(SHOWN) {
        line(told(mistake));
    }
    out
}

fn told(mistake: &Mistake) -> String {
    let said = |name: &Option<(String, Label)>| match name {
        Some((name, label)) => format!("{name} {label}"),
        None => "–".into(),
    };
    format!(
        "{:>5} {:<22} {} → {}   … {} …",
        mistake.count,
        mistake.kind.as_str(),
        said(&mistake.gold),
        said(&mistake.found),
        mistake.context
    )
}
