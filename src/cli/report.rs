//! `report`: one HTML file over the tables of a folder.

use super::{Outcome, filter, settings::Settings, tell};
use crate::{Error, ErrorKind, Result, corpus::Corpus, report};
use clap::Args;
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
pub struct Report {
    /// The folder with the tables
    #[arg(default_value = "output")]
    folder: PathBuf,
    /// The file to write [default: report.html in the folder]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

pub fn report(options: &Report) -> Result<Outcome> {
    let (inputs, settings) = of_run(&options.folder)?;
    let to = options.to.clone().unwrap_or_else(|| options.folder.join("report.html"));
    write(&options.folder, &inputs, &settings, &to)?;
    filter::print(&format!("report: {}\n", to.display()))?;
    Ok(Outcome::Well)
}

/// Writes the report of a folder whose tables were made of these inputs. Texts are read anew, for tables do not hold them.
pub fn write(folder: &Path, inputs: &[PathBuf], settings: &Settings, to: &Path) -> Result<()> {
    let mut report = report::Report::of(folder)?;
    if !settings.no_text.unwrap_or(false) {
        match Corpus::open(inputs, &settings.corpus(Some(folder))) {
            Ok(corpus) => {
                for document in corpus.documents() {
                    report.add_text(&document);
                    if report.is_complete() {
                        break;
                    }
                }
            }
            Err(error) => tell(format!("namenlese: the report shows no texts: {error}")),
        }
    }
    report.write(to)
}

/// The inputs and settings of the run that made the tables.
fn of_run(folder: &Path) -> Result<(Vec<PathBuf>, Settings)> {
    let path = folder.join("run.json");
    let failed = || Error::new(ErrorKind::Io, format!("no tables of a run: cannot read {}", path.display()));
    let text = fs::read_to_string(&path).map_err(|error| failed().caused_by(error))?;
    let run: serde_json::Value = serde_json::from_str(&text).map_err(|error| failed().caused_by(error))?;
    let inputs = serde_json::from_value(run["inputs"].clone()).map_err(|error| failed().caused_by(error))?;
    let settings =
        serde_json::from_value(run["settings"].clone()).map_err(|error| failed().caused_by(error))?;
    Ok((inputs, settings))
}
