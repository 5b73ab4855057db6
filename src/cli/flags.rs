//! Flags as typed, grouped by the work they belong to, so that a subcommand's help shows what it heeds and no more.

use super::{
    settings::{Backend, Device, Duplicates, Forms, NamesAs, Progress, Settings, TableForm},
    size::Size,
};
use clap::Args;
use std::path::PathBuf;

/// Every flag a stage heeds may stand in the settings file, too; what is typed outranks it.
pub trait Flags {
    /// Puts what was typed over what is set.
    fn over(self, settings: &mut Settings);
}

fn replace<T>(set: &mut Option<T>, typed: Option<T>) {
    if typed.is_some() {
        *set = typed;
    }
}

fn replace_list<T>(set: &mut Vec<T>, typed: Vec<T>) {
    if !typed.is_empty() {
        *set = typed;
    }
}

/// `MISC=OTH`
fn pair(text: &str) -> Result<(String, String), String> {
    let (name, label) = text.split_once('=').ok_or_else(|| format!("{text:?} is not NAME=LABEL"))?;
    Ok((name.to_owned(), label.to_owned()))
}

#[derive(Debug, Args)]
#[command(next_help_heading = "General options")]
pub struct General {
    /// A settings file instead of ./namenlese.toml
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The recogniser: the German one as accurate or as fast as may be, that in another folder (or its fast.safetensors for
    /// its fast size), or none to look for listed names only [default: accurate]
    #[arg(long, global = true, value_name = "accurate|fast|none|FOLDER")]
    model: Option<PathBuf>,
    /// What the model is for: the program's own encoder, or rust-bert for checkpoints in Hugging Face layout, of which
    /// --model then names the folder [default: embedded]
    #[arg(long, global = true, value_name = "embedded|rust-bert", hide_possible_values = true)]
    recognizer: Option<Backend>,
    /// What rust-bert runs on [default: cpu]
    #[arg(long, global = true, value_name = "cpu|cuda", hide_possible_values = true)]
    device: Option<Device>,
    /// What labels of a checkpoint mean whose names do not say it: PER, LOC, ORG, OTH, or O for nothing, as in
    /// MISC=OTH,person=PER (repeatable)
    #[arg(long, global = true, value_name = "NAME=LABEL", value_delimiter = ',', value_parser = pair)]
    label_map: Vec<(String, String)>,
    /// Threads to work with [default: one for each core]
    #[arg(long, global = true, value_name = "NUMBER")]
    threads: Option<usize>,
    /// How progress is told on standard error [default: auto, a bar on a terminal and else nothing]
    #[arg(long, global = true, value_name = "FORM")]
    progress: Option<Progress>,
}

impl Flags for General {
    fn over(self, settings: &mut Settings) {
        replace(&mut settings.recognizer, self.recognizer);
        replace(&mut settings.model, self.model);
        replace(&mut settings.device, self.device);
        settings.label_map.extend(self.label_map);
        replace(&mut settings.threads, self.threads);
        replace(&mut settings.progress, self.progress);
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub struct Reading {
    /// The encoding of all texts instead of detecting it, such as windows-1252
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Read only files that match this glob, such as '*.txt' (repeatable)
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// Leave out files and folders that match this glob (repeatable)
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// Read at most so many documents
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,
    /// The most a document may take in its source; a longer one becomes a faulty row [default: 64MB]
    #[arg(long, value_name = "SIZE")]
    max_document_size: Option<Size>,
    /// The most seconds that parsing a document may take; one that takes longer becomes a faulty row [default: 120]
    #[arg(long, value_name = "SECONDS")]
    max_document_time: Option<u64>,
    /// The column of a table or field of a JSON record that holds the text [default: text, body or content]
    #[arg(long, value_name = "NAME")]
    text_column: Option<String>,
    /// The same for the title [default: title]
    #[arg(long, value_name = "NAME")]
    title_column: Option<String>,
    /// The same for the date [default: date]
    #[arg(long, value_name = "NAME")]
    date_column: Option<String>,
    /// The same for what names a record [default: id]
    #[arg(long, value_name = "NAME")]
    id_column: Option<String>,
}

impl Flags for Reading {
    fn over(self, settings: &mut Settings) {
        replace(&mut settings.encoding, self.encoding);
        replace_list(&mut settings.include, self.include);
        replace_list(&mut settings.exclude, self.exclude);
        replace(&mut settings.limit, self.limit);
        replace(&mut settings.max_document_size, self.max_document_size);
        replace(&mut settings.max_document_time, self.max_document_time);
        replace(&mut settings.text_column, self.text_column);
        replace(&mut settings.title_column, self.title_column);
        replace(&mut settings.date_column, self.date_column);
        replace(&mut settings.id_column, self.id_column);
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Languages")]
pub struct Detecting {
    /// The only languages to tell apart, such as de,en,ru [default: all that are usual in Europe]
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    languages: Vec<String>,
    /// The language of a text that does not decide it [default: de]
    #[arg(long, value_name = "CODE")]
    assume: Option<String>,
}

impl Flags for Detecting {
    fn over(self, settings: &mut Settings) {
        replace_list(&mut settings.languages, self.languages);
        replace(&mut settings.assume, self.assume);
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Recognising")]
pub struct Recognizing {
    /// A list of names of your own: .txt, .csv or .tsv (repeatable)
    #[arg(long, value_name = "FILE")]
    gazetteer: Vec<PathBuf>,
}

impl Flags for Recognizing {
    fn over(self, settings: &mut Settings) {
        replace_list(&mut settings.gazetteer, self.gazetteer);
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Tables")]
pub struct Tabulating {
    /// Which mentions enter the tables: name, or all for words derived from names and parts of compounds, too
    /// [default: name]
    #[arg(long, value_name = "name|all", hide_possible_values = true)]
    forms: Option<Forms>,
    /// The least score of a mention in the tables, from 0 to 1 [default: 0]
    #[arg(long, value_name = "SCORE")]
    min_score: Option<f64>,
    /// How entities are called: as the German or English press writes, or in the script of the original if the corpus
    /// has it [default: de]
    #[arg(long, value_name = "de|en|original", hide_possible_values = true)]
    names_as: Option<NamesAs>,
    /// Documents with the text of another, or nearly: not looked for, marked in documents.csv, or their mentions left
    /// out of all tables [default: mark]
    #[arg(long, value_name = "keep|mark|drop", hide_possible_values = true)]
    duplicates: Option<Duplicates>,
    /// Forms of the tables beside plain CSV, parted by commas: excel, excel-de, xlsx, jsonl, parquet, sqlite, conll, brat,
    /// ftm, gexf, graphml [default: csv alone]
    #[arg(long, value_name = "FORMS", value_delimiter = ',', hide_possible_values = true)]
    tables: Vec<TableForm>,
    /// Write no line of context into any table: of the texts, names and titles alone are kept
    #[arg(long)]
    no_text: bool,
    #[command(flatten)]
    deciding: Deciding,
}

impl Flags for Tabulating {
    fn over(self, settings: &mut Settings) {
        replace(&mut settings.forms, self.forms);
        replace(&mut settings.min_score, self.min_score);
        replace(&mut settings.names_as, self.names_as);
        replace(&mut settings.duplicates, self.duplicates);
        replace_list(&mut settings.tables, self.tables);
        replace(&mut settings.no_text, self.no_text.then_some(true));
        self.deciding.over(settings);
    }
}

#[derive(Debug, Args)]
pub struct Deciding {
    /// Your decisions [default: ./decisions.csv, if it is there]
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
}

impl Flags for Deciding {
    fn over(self, settings: &mut Settings) {
        replace(&mut settings.decisions, self.decisions);
    }
}

/// The flags of the stages that work on one document.
#[derive(Debug, Args)]
pub struct Working {
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    detecting: Detecting,
    #[command(flatten)]
    recognizing: Recognizing,
}

impl Flags for Working {
    fn over(self, settings: &mut Settings) {
        self.reading.over(settings);
        self.detecting.over(settings);
        self.recognizing.over(settings);
    }
}
