//! Arguments as typed become settings ready to work; one file per subcommand; progress.

mod compare;
mod decide;
mod estimate;
mod evaluate;
mod evaluate_ner;
mod filter;
mod flags;
mod formats;
mod licenses;
mod models;
mod progress;
#[cfg(feature = "report")]
mod report;
mod run;
mod settings;
mod shell;
mod show;
mod show_entity;
mod size;
mod summary;

use crate::{Error, ErrorKind, Result, corpus, tables, wire};
use clap::{Args, Parser, Subcommand};
use flags::Flags;
use settings::Settings;
use std::{
    fmt::Display,
    io::Write,
    path::PathBuf,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
};

/// Reads documents and writes tables of the people, places and organisations in them.
#[derive(Debug, Parser)]
#[command(
    name = "namenlese",
    version,
    after_help = "`run` does all the work. `read`, `detect`, `segment`, `recognize`, `normalize` and `tabulate` are its steps as \
filters over JSON Lines.\nA namenlese.toml in the working folder may hold any flag under its own name.\nExit status: 0 all \
well; 1 done, but some documents are faulty; 2 failed, misused or stopped.\nExample: namenlese run articles -o tables"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    general: flags::General,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read documents and write all tables
    #[command(after_help = "Example: namenlese run articles -o tables --gazetteer names.csv")]
    Run(run::Run),
    /// Read documents and write them as JSON Lines
    #[command(after_help = "Example: namenlese read articles | namenlese detect > documents.jsonl")]
    Read {
        #[command(flatten)]
        inputs: Inputs,
        #[command(flatten)]
        reading: flags::Reading,
    },
    /// Add the language to JSON Lines from standard input
    #[command(
        after_help = "Example: namenlese read articles | namenlese detect --assume de > documents.jsonl"
    )]
    Detect(flags::Detecting),
    /// Add sentences to JSON Lines from standard input
    #[command(after_help = "Example: namenlese segment < detected.jsonl > segmented.jsonl")]
    Segment,
    /// Add mentions to JSON Lines from standard input
    #[command(after_help = "Example: namenlese recognize < segmented.jsonl > recognized.jsonl")]
    Recognize(flags::Recognizing),
    /// Add normal forms to JSON Lines from standard input
    #[command(after_help = "Example: namenlese normalize < recognized.jsonl > normalized.jsonl")]
    Normalize,
    /// Resolve the names of JSON Lines from standard input and write all tables
    #[command(after_help = "Example: namenlese tabulate -o tables < normalized.jsonl")]
    Tabulate {
        #[command(flatten)]
        output: Output,
        #[command(flatten)]
        tabulating: flags::Tabulating,
    },
    /// Show the text of a document, its mentions in place, or what the tables say of a name
    #[command(
        after_help = "Example: namenlese show --text articles/a.txt\n         namenlese show 'articles/b.jsonl#17'\n         namenlese show tables Weber"
    )]
    Show(show::Show),
    /// Say whether two names of persons are one, and why
    #[command(after_help = "Example: namenlese compare \"Sergej Schoigu\" \"Sergueï Choïgou\"")]
    Compare(compare::Compare),
    /// Settle the pairs of candidates.csv one by one
    #[command(after_help = "Example: namenlese decide tables   (answers go to decisions.csv)")]
    Decide(Decide),
    /// Write one HTML page over the tables of a folder: names, documents with their mentions, who stands with whom
    #[cfg(feature = "report")]
    #[command(after_help = "Example: namenlese report tables   (writes tables/report.html)")]
    Report(report::Report),
    /// Measure against gold data
    #[command(subcommand, after_help = "Example: namenlese evaluate names people.tsv --json")]
    Evaluate(evaluate::Evaluate),
    /// Look at models in folders
    #[command(subcommand, after_help = "Example: namenlese models check ner-german-large")]
    Models(models::Models),
    /// List the formats that are read
    Formats,
    /// Print the JSON Schema of the lines that the filters exchange
    #[command(after_help = "Example: namenlese schema > schema.json")]
    Schema,
    /// List what the program contains, data and weights included, and under which terms
    #[command(after_help = "Example: namenlese licenses --texts > LICENSES.txt")]
    Licenses(licenses::Licenses),
    /// Write the completions for a shell
    #[command(
        after_help = "Example: namenlese completions bash > ~/.local/share/bash-completion/completions/namenlese"
    )]
    Completions(shell::Completions),
    /// Write the man pages into a folder
    #[command(after_help = "Example: namenlese man ~/.local/share/man/man1")]
    Man(shell::Man),
}

#[derive(Debug, Args)]
struct Inputs {
    /// Folders, files, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
}

#[derive(Debug, Args)]
struct Output {
    /// The folder for the tables; made if it is not there
    #[arg(short, long, value_name = "FOLDER", default_value = "output")]
    output: PathBuf,
}

#[derive(Debug, Args)]
#[group(skip)]
struct Decide {
    #[command(flatten)]
    decide: decide::Decide,
    #[command(flatten)]
    deciding: flags::Deciding,
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

fn interrupted(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Interrupted, message.into())
}

/// A line on standard error. Nobody may be there to read it, which is no reason to fail.
fn tell(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A number with its noun, which takes an `s` for more than one.
fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The first Ctrl-C lets the documents in hand be finished, the second ends the program; so does SIGTERM.
fn stop_when_asked() {
    // Without a handler Ctrl-C ends the program at once, which is no worse.
    let _ = ctrlc::set_handler(|| stop("press Ctrl-C again to stop at once"));
    #[cfg(unix)]
    if let Ok(mut signals) = signal_hook::iterator::Signals::new([signal_hook::consts::SIGTERM]) {
        std::thread::spawn(move || signals.forever().for_each(|_| stop("another SIGTERM stops at once")));
    }
}

fn stop(how_at_once: &str) {
    if STOP.swap(true, Ordering::Relaxed) {
        std::process::exit(2);
    }
    tell(format!("namenlese: stopping after the documents in hand; {how_at_once}"));
}

/// A parser that gives up on a damaged file is told in the file's row, an engine or the writer of a workbook in an error;
/// their panic is no news for a person.
fn keep_workers_quiet() {
    #[cfg(feature = "rust-bert")]
    const QUIET: &[&str] = &[corpus::READER, tables::WORKBOOK, crate::recognize::ENGINE];
    #[cfg(not(feature = "rust-bert"))]
    const QUIET: &[&str] = &[corpus::READER, tables::WORKBOOK];
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name().is_none_or(|name| !QUIET.contains(&name)) {
            usual(panic);
        }
    }));
}

/// Runs the program on its arguments.
pub fn main() -> ExitCode {
    keep_workers_quiet();
    let arguments = Arguments::parse();
    match dispatch(arguments) {
        Ok(Outcome::Well) => ExitCode::SUCCESS,
        Ok(Outcome::SomeFaulty) => ExitCode::from(1),
        // The reader went away: it has what it wanted.
        Err(error) if error.kind() == ErrorKind::Interrupted && !stopped() => ExitCode::SUCCESS,
        Err(error) => {
            tell(format!("namenlese: {error}"));
            ExitCode::from(2)
        }
    }
}

/// The most threads that are started; more help nobody.
const MOST_THREADS: usize = 1024;

fn dispatch(Arguments { command, general }: Arguments) -> Result<Outcome> {
    let mut settings = Settings::from_file(general.config.as_deref())?;
    general.over(&mut settings);
    let threads = settings.threads.unwrap_or(0);
    if threads > MOST_THREADS {
        return Err(Error::new(ErrorKind::Settings, format!("threads is more than {MOST_THREADS}")));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool =
        pool.map_err(|error| Error::new(ErrorKind::Settings, "cannot start the threads").caused_by(error))?;
    pool.install(|| work(command, settings))
}

fn work(command: Command, mut settings: Settings) -> Result<Outcome> {
    match command {
        Command::Run(run) => run::run(run, settings),
        Command::Read { inputs, reading } => {
            reading.over(&mut settings);
            filter::read(&inputs.inputs, &settings)
        }
        Command::Detect(detecting) => {
            detecting.over(&mut settings);
            filter::filter(settings.detect()?, &settings)
        }
        Command::Segment => filter::filter(settings::segment(), &settings),
        Command::Recognize(recognizing) => {
            recognizing.over(&mut settings);
            filter::filter(settings.recognize()?, &settings)
        }
        Command::Normalize => filter::filter(settings::normalize(), &settings),
        Command::Tabulate { output, tabulating } => {
            tabulating.over(&mut settings);
            run::tabulate(&output.output, &settings)
        }
        Command::Show(show) => show::show(show, settings),
        Command::Compare(pair) => compare::compare(&pair),
        Command::Decide(Decide { decide, deciding }) => {
            deciding.over(&mut settings);
            decide::decide(&decide, &settings)
        }
        #[cfg(feature = "report")]
        Command::Report(report) => report::report(&report),
        Command::Evaluate(evaluate) => evaluate::evaluate(evaluate, settings),
        Command::Models(models) => models::models(models, &settings),
        Command::Formats => formats::formats(),
        Command::Schema => filter::print(wire::SCHEMA).map(|()| Outcome::Well),
        Command::Licenses(licenses) => licenses::licenses(&licenses),
        Command::Completions(completions) => shell::completions(&completions),
        Command::Man(man) => shell::man(&man),
    }
}

/// What fuzz targets need: a settings file read, and all of it worked out that opens no other file.
#[cfg(fuzzing)]
#[doc(hidden)]
pub fn check_settings(file: &std::path::Path) -> Result<()> {
    let settings = Settings::from_file(Some(file))?;
    settings.corpus(None);
    settings.effective();
    settings.detect().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_flag_and_subcommand_explains_itself() {
        let mut command = Arguments::command();
        command.clone().debug_assert();
        command.build();
        for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
            assert!(part.get_about().is_some(), "{}", part.get_name());
            for flag in part.get_arguments() {
                assert!(flag.get_help().is_some(), "{} {}", part.get_name(), flag.get_id());
            }
        }
    }

    #[test]
    fn whatever_can_be_set_can_be_typed_under_the_same_name() {
        let command = Arguments::command();
        let typed: Vec<&str> = command
            .get_subcommands()
            .chain([&command])
            .flat_map(|part| part.get_arguments().filter_map(clap::Arg::get_long))
            .collect();
        for name in Settings::names() {
            assert!(typed.contains(&name.as_str()), "{name}");
        }
    }
}
