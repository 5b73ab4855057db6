//! `completions` and `man`: what packages of the program bring for shells and readers, made from the arguments themselves.

use super::{Arguments, Outcome, filter};
use crate::{Error, ErrorKind, Result};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::{fs, path::PathBuf};

#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

#[derive(Debug, Args)]
pub struct Man {
    /// The folder for the pages; made if it is not there
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

pub fn completions(completions: &Completions) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Arguments::command(), "namenlese", &mut script);
    filter::print(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Well)
}

/// One page for the program and one for each subcommand.
pub fn man(man: &Man) -> Result<Outcome> {
    let failed = |error| {
        Error::new(ErrorKind::Io, "cannot write the pages")
            .in_document(man.folder.display().to_string())
            .caused_by(error)
    };
    fs::create_dir_all(&man.folder)
        .and_then(|()| clap_mangen::generate_to(Arguments::command(), &man.folder))
        .map_err(failed)?;
    Ok(Outcome::Well)
}
