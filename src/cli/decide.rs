//! `decide`: the undecided pairs one by one.

use super::{Outcome, filter, settings::Settings};
use crate::{Error, ErrorKind, Result};
use clap::Args;
use std::{io, path::PathBuf};

#[derive(Debug, Args)]
pub struct Decide {
    /// The folder with the tables
    #[arg(default_value = "output")]
    folder: PathBuf,
}

pub fn decide(decide: &Decide, settings: &Settings) -> Result<Outcome> {
    let decided = settings.decided()?;
    let (from, to) = (decide.folder.join("candidates.csv"), settings.decisions_file());
    let failed = |path: &PathBuf| {
        let path = path.display().to_string();
        move |error: csv::Error| {
            Error::new(ErrorKind::Io, "not a table that can be used").caused_by(error).in_document(path)
        }
    };
    let mut reader = csv::Reader::from_path(&from).map_err(failed(&from))?;
    let file = std::fs::File::options().append(true).create(true).open(&to)?;
    let is_new = file.metadata()?.len() == 0;
    let mut writer = csv::Writer::from_writer(file);
    if is_new {
        writer.write_record(["verdict", "label", "form_a", "form_b"]).map_err(failed(&to))?;
    }
    for row in reader.records() {
        let row = row.map_err(failed(&from))?;
        let cell = |index: usize| row.get(index).unwrap_or_default().to_owned();
        let (label, a, b) = (cell(0), cell(1), cell(2));
        if decided.verdict(label.parse()?, &a, &b).is_some() {
            continue;
        }
        filter::print(&format!(
            "\n{label}  {a}  –  {b}\n  {} ({})\n  {}\n  {}\nsame, different, later or quit? [s/d/l/q] ",
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
            "s" | "same" => "same",
            "d" | "different" => "different",
            "q" | "quit" => break,
            _ => continue,
        };
        writer.write_record([verdict, &label, &a, &b]).map_err(failed(&to))?;
        writer.flush()?;
    }
    filter::print(&format!("\ndecisions: {}\n", to.display()))?;
    Ok(Outcome::Well)
}
