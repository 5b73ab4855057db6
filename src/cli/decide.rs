//! `decide`: the undecided pairs one by one, or what was changed in a copy of the tables.

use super::{Outcome, counted, filter, settings::Settings, tell};
use crate::{
    Error, ErrorKind, Label, Result,
    resolve::{Decision, Verdict, separator},
    tables,
};
use clap::Args;
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
pub struct Decide {
    /// The folder with the tables
    #[arg(default_value = "output")]
    folder: PathBuf,
    /// A copy of entities.csv or forms.csv that you edited, or a workbook with both: what you changed becomes decisions
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

pub fn decide(decide: &Decide, settings: &Settings) -> Result<Outcome> {
    match &decide.from {
        Some(edited) => take_over(decide, edited, settings),
        None => ask(decide, settings),
    }
}

/// What was changed in a copy of the tables.
fn take_over(decide: &Decide, edited: &Path, settings: &Settings) -> Result<Outcome> {
    let mut decided = settings.decided()?;
    let tables::Corrections { mut decisions, notices } = tables::corrections(&decide.folder, edited)?;
    for notice in notices {
        tell(format!("namenlese: {notice}"));
    }
    decisions.retain(|decision| !decided.holds(decision));
    let to = settings.decisions_file();
    decided.extend(&decisions).map_err(|error| error.in_document(to.display().to_string()))?;
    let mut file = Decided::open(&to)?;
    let mut shown = String::new();
    for decision in &decisions {
        let Decision { verdict, label, a, b } = decision;
        let (verdict, label) = (verdict.as_str(), label.as_str());
        shown +=
            format!("{verdict:<9}  {label}  {a}{}{b}\n", if b.is_empty() { "" } else { "  –  " }).as_str();
        file.add(decision)?;
    }
    let count = counted(decisions.len() as u64, "new decision");
    filter::print(&format!("{shown}{count} in {}\n", to.display()))?;
    Ok(Outcome::Well)
}

/// The file of decisions, to add to.
struct Decided {
    path: PathBuf,
    writer: csv::Writer<File>,
}

impl Decided {
    fn open(path: &Path) -> Result<Self> {
        let file = File::options().append(true).create(true).open(path)?;
        let is_new = file.metadata()?.len() == 0;
        // As a spreadsheet may have saved it.
        let separator = separator(&fs::read(path)?);
        let writer = csv::WriterBuilder::new().delimiter(separator).from_writer(file);
        let mut decided = Self { path: path.to_owned(), writer };
        if is_new {
            decided.row(Decision::HEADER)?;
        }
        Ok(decided)
    }

    fn add(&mut self, decision: &Decision) -> Result<()> {
        self.row(decision.cells())
    }

    fn row(&mut self, cells: [&str; 4]) -> Result<()> {
        self.writer.write_record(cells).map_err(|error| not_a_table(&self.path, error))?;
        Ok(self.writer.flush()?)
    }
}

fn not_a_table(path: &Path, error: csv::Error) -> Error {
    let failed = Error::new(ErrorKind::Io, "not a table that can be used");
    failed.caused_by(error).in_document(path.display().to_string())
}

/// The undecided pairs one by one.
fn ask(decide: &Decide, settings: &Settings) -> Result<Outcome> {
    let decided = settings.decided()?;
    let (from, to) = (decide.folder.join("candidates.csv"), settings.decisions_file());
    let mut reader = csv::Reader::from_path(&from).map_err(|error| not_a_table(&from, error))?;
    let mut file = Decided::open(&to)?;
    for row in reader.records() {
        let row = row.map_err(|error| not_a_table(&from, error))?;
        let cell = |index: usize| row.get(index).unwrap_or_default().to_owned();
        let (label, a, b): (Label, _, _) = (cell(0).parse()?, cell(1), cell(2));
        if decided.verdict(label, &a, &b).is_some() {
            continue;
        }
        filter::print(&format!(
            "\n{}  {a}  –  {b}\n  {} ({})\n  {}\n  {}\nsame, different, later or quit? [s/d/l/q] ",
            label.as_str(),
            cell(4),
            cell(3),
            cell(7),
            cell(8)
        ))?;
        let mut answer = String::new();
        if io::stdin().read_line(&mut answer)? == 0 {
            break;
        }
        let verdict = match answer.trim() {
            "s" | "same" => Verdict::Same,
            "d" | "different" => Verdict::Different,
            "q" | "quit" => break,
            _ => continue,
        };
        file.add(&Decision { verdict, label, a, b })?;
    }
    filter::print(&format!("\ndecisions: {}\n", to.display()))?;
    Ok(Outcome::Well)
}
