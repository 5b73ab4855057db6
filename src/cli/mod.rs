//! Arguments as typed become settings ready to work; one file per subcommand; progress.

mod compare;
mod decide;
mod evaluate;
mod evaluate_ner;
mod filter;
mod formats;
mod progress;
mod run;
mod settings;
mod show;

use crate::{Error, ErrorKind, Result};
use clap::{Args, Parser, Subcommand};
use std::{
    path::PathBuf,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
};

/// Reads documents and writes tables of the people, places and organisations in them.
#[derive(Debug, Parser)]
#[command(
    name = "namenlese",
    version,
    after_help = "Exit status: 0 all well; 1 done, but some documents are \
faulty; 2 failed, misused or stopped.\nExample: namenlese run articles -o tables"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    flags: settings::Flags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read documents and write all tables
    #[command(after_help = "Example: namenlese run articles -o tables --gazetteer names.csv")]
    Run(run::Run),
    /// Read documents and write them as JSON Lines
    #[command(after_help = "Example: namenlese read articles | namenlese detect > documents.jsonl")]
    Read(Inputs),
    /// Add the language to JSON Lines from standard input
    Detect,
    /// Add sentences to JSON Lines from standard input
    Segment,
    /// Add mentions to JSON Lines from standard input
    Recognize,
    /// Add normal forms to JSON Lines from standard input
    Normalize,
    /// Resolve the names of JSON Lines from standard input and write all tables
    #[command(after_help = "Example: namenlese tabulate -o tables < normalized.jsonl")]
    Tabulate(Output),
    /// Show the text of a document, or its mentions in place
    #[command(after_help = "Example: namenlese show --text articles/a.txt")]
    Show(show::Show),
    /// Say whether two names of persons are one, and why
    #[command(after_help = "Example: namenlese compare \"Sergej Schoigu\" \"Sergueï Choïgou\"")]
    Compare(compare::Compare),
    /// Settle the pairs of candidates.csv one by one
    #[command(after_help = "Example: namenlese decide tables   (answers go to decisions.csv)")]
    Decide(decide::Decide),
    /// Measure against gold data
    #[command(subcommand, after_help = "Example: namenlese evaluate names people.tsv --json")]
    Evaluate(evaluate::Evaluate),
    /// List the formats that are read
    Formats,
}

#[derive(Debug, Args)]
struct Inputs {
    /// Folders, files, or - for standard input
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
}

#[derive(Debug, Args)]
struct Output {
    /// The folder for the tables
    #[arg(short, long, default_value = "output")]
    output: PathBuf,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Well,
    SomeFaulty,
}

static STOP: AtomicBool = AtomicBool::new(false);

/// Whether the user asked to stop.
fn stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}

fn interrupted() -> Error {
    Error::new(ErrorKind::Interrupted, "stopped; nothing was written")
}

/// Runs the program on its arguments.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match dispatch(arguments) {
        Ok(Outcome::Well) => ExitCode::SUCCESS,
        Ok(Outcome::SomeFaulty) => ExitCode::from(1),
        // The reader went away: it has what it wanted.
        Err(error) if error.kind() == ErrorKind::Interrupted && !stopped() => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("namenlese: {error}");
            ExitCode::from(2)
        }
    }
}

fn dispatch(arguments: Arguments) -> Result<Outcome> {
    let settings = settings::Settings::new(arguments.flags)?;
    // Without a handler Ctrl-C ends the program at once, which is no worse.
    let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads.unwrap_or(0)).build();
    let pool =
        pool.map_err(|error| Error::new(ErrorKind::Settings, "cannot start the threads").caused_by(error))?;
    pool.install(|| match &arguments.command {
        Command::Run(run) => run::run(run, &settings),
        Command::Read(inputs) => filter::read(&inputs.inputs, &settings),
        Command::Detect => filter::filter(settings.detect()?),
        Command::Segment => filter::filter(settings::segment()),
        Command::Recognize => filter::filter(settings.recognize()?),
        Command::Normalize => filter::filter(settings::normalize()),
        Command::Tabulate(output) => run::tabulate(&output.output, &settings),
        Command::Show(show) => show::show(show, &settings),
        Command::Compare(pair) => compare::compare(pair),
        Command::Decide(decide) => decide::decide(decide, &settings),
        Command::Evaluate(evaluate) => evaluate::evaluate(evaluate, &settings),
        Command::Formats => formats::formats(),
    })
}
