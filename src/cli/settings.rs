//! Flags over `namenlese.toml` over defaults, and the stages they ask for.

use super::size::Size;
use crate::{
    Error, ErrorKind, Position, Result, Stage, corpus, detect,
    normalize::Normalize,
    recognize,
    resolve::{Decisions, Naming},
    segment::Segment,
    store::{self, Keys},
    tables,
};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// How progress is told, on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    // No doc comments: they would make the help of each flag a page.
    Auto,
    Bar,
    Plain,
    Json,
    None,
}

/// What can be set, by flag or in the settings file under the same name. What is not set takes its default where it is
/// used, which [`Settings::effective`] shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Settings {
    /// The file that they stand in.
    #[serde(skip)]
    pub file: Option<PathBuf>,
    pub threads: Option<usize>,
    pub languages: Vec<String>,
    pub assume: Option<String>,
    pub encoding: Option<String>,
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub limit: Option<usize>,
    pub max_document_size: Option<Size>,
    pub max_document_time: Option<u64>,
    pub text_column: Option<String>,
    pub title_column: Option<String>,
    pub date_column: Option<String>,
    pub id_column: Option<String>,
    pub recognizer: Option<Backend>,
    pub model: Option<PathBuf>,
    pub device: Option<Device>,
    pub label_map: BTreeMap<String, String>,
    pub gazetteer: Vec<PathBuf>,
    pub forms: Option<Forms>,
    pub min_score: Option<f64>,
    pub decisions: Option<PathBuf>,
    pub names_as: Option<NamesAs>,
    pub duplicates: Option<Duplicates>,
    pub tables: Vec<TableForm>,
    pub no_text: Option<bool>,
    pub progress: Option<Progress>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Backend {
    // No doc comments: they would make the help of each flag a page.
    Embedded,
    RustBert,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    // No doc comments: they would make the help of each flag a page.
    Cpu,
    Cuda,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Forms {
    // No doc comments: they would make the help of each flag a page.
    Name,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NamesAs {
    // No doc comments: they would make the help of each flag a page.
    De,
    En,
    Original,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Duplicates {
    // No doc comments: they would make the help of each flag a page.
    Keep,
    Mark,
    Drop,
}

/// A form of the tables. CSV is always written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableForm {
    // No doc comments: they would make the help of each flag a page.
    Csv,
    Excel,
    ExcelDe,
    Xlsx,
    Jsonl,
    Parquet,
    Sqlite,
    Conll,
    Brat,
    Ftm,
    Gexf,
    Graphml,
}

impl TableForm {
    fn format(self) -> Option<tables::Format> {
        Some(match self {
            Self::Csv => return None,
            Self::Excel => tables::Format::Excel,
            Self::ExcelDe => tables::Format::ExcelDe,
            Self::Xlsx => tables::Format::Xlsx,
            Self::Jsonl => tables::Format::Jsonl,
            Self::Parquet => tables::Format::Parquet,
            Self::Sqlite => tables::Format::Sqlite,
            Self::Conll => tables::Format::Conll,
            Self::Brat => tables::Format::Brat,
            Self::Ftm => tables::Format::Ftm,
            Self::Gexf => tables::Format::Gexf,
            Self::Graphml => tables::Format::Graphml,
        })
    }
}

const DEFAULT_FILE: &str = "namenlese.toml";
const DEFAULT_DECISIONS: &str = "decisions.csv";
const DEFAULT_LANGUAGE: &str = "de";

impl Settings {
    /// What the settings file says: the one that was named, or else the usual one if it is there.
    pub fn from_file(named: Option<&Path>) -> Result<Self> {
        match named {
            Some(path) => Self::read(path),
            None if Path::new(DEFAULT_FILE).exists() => Self::read(Path::new(DEFAULT_FILE)),
            None => Ok(Self::default()),
        }
    }

    fn read(path: &Path) -> Result<Self> {
        let failed = |message: String| {
            Error::new(ErrorKind::Settings, message).in_document(path.display().to_string())
        };
        let text = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        let misread = |error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() as u64 + 1;
            let column = (before.len() - before.rfind('\n').map_or(0, |end| end + 1)) as u64 + 1;
            failed(error.message().to_owned()).at(Position::Line { line, column })
        };
        let mut unknown = Vec::new();
        let parsed = toml::Deserializer::parse(&text).map_err(misread)?;
        let settings: Self =
            serde_ignored::deserialize(parsed, |key| unknown.push(key.to_string())).map_err(misread)?;
        match unknown.first() {
            None => Ok(Self { file: Some(path.to_owned()), ..settings }),
            Some(key) => {
                let likeness = |name: &String| strsim::jaro_winkler(name, key);
                let near = Self::names().into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
                let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                Err(failed(format!("unknown key {key}{near}")))
            }
        }
    }

    /// Everything that can be set.
    pub fn names() -> Vec<String> {
        let all = serde_json::to_value(Self::default()).unwrap_or_default();
        all.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
    }

    /// The settings with every default filled in, as they are in force.
    pub fn effective(&self) -> Self {
        let decisions = self.decisions_file();
        Self {
            threads: Some(rayon::current_num_threads()),
            recognizer: Some(self.backend()),
            model: Some(self.model().into()),
            device: Some(self.device.unwrap_or(Device::Cpu)),
            assume: Some(self.assume.clone().unwrap_or_else(|| DEFAULT_LANGUAGE.into())),
            max_document_size: Some(self.max_document_size.unwrap_or(Size(corpus::MAX_DOCUMENT_SIZE))),
            max_document_time: Some(self.max_document_time.unwrap_or(corpus::MAX_DOCUMENT_TIME.as_secs())),
            forms: Some(self.forms.unwrap_or(Forms::Name)),
            min_score: Some(self.min_score.unwrap_or(0.0)),
            decisions: decisions.exists().then_some(decisions),
            names_as: Some(self.names_as.unwrap_or(NamesAs::De)),
            duplicates: Some(self.duplicates.unwrap_or(Duplicates::Mark)),
            no_text: Some(self.no_text.unwrap_or(false)),
            progress: Some(self.progress.unwrap_or(Progress::Auto)),
            ..self.clone()
        }
    }

    /// How to read; never read are output folders, the one given included, and what holds settings, decisions or names.
    pub fn corpus(&self, output: Option<&Path>) -> corpus::Settings {
        let own = [output.map(Path::to_owned), self.file.clone(), Some(self.decisions_file())];
        let skip = own.into_iter().flatten().chain(self.gazetteer.iter().cloned()).collect();
        corpus::Settings {
            encoding: self.encoding.clone(),
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            limit: self.limit,
            skip,
            skip_if: Some(holds_tables),
            max_document_size: self.max_document_size.map(|Size(bytes)| bytes),
            max_document_time: self.max_document_time.map(Duration::from_secs),
            columns: corpus::Columns {
                text: self.text_column.clone(),
                title: self.title_column.clone(),
                date: self.date_column.clone(),
                id: self.id_column.clone(),
            },
            readers: Vec::new(),
        }
    }

    fn detecting(&self) -> detect::Settings {
        let assume = self.assume.clone().unwrap_or_else(|| DEFAULT_LANGUAGE.into());
        detect::Settings { assume, languages: self.languages.clone() }
    }

    pub fn detect(&self) -> Result<Box<dyn Stage>> {
        Ok(Box::new(detect::Detect::new(self.detecting())?))
    }

    /// What the layers of a text depend on, recognisers by their ids.
    pub fn keys(&self, recognizers: &[String]) -> Keys {
        let detect::Settings { assume, languages } = self.detecting();
        let preparing = std::iter::once(&assume).chain(&languages).map(String::as_str);
        Keys::new(preparing, recognizers.iter().map(String::as_str))
    }

    /// The stage over all recognisers: the trained one, if there is one, then the lists.
    pub fn recognizer(&self) -> Result<recognize::Recognize> {
        let lists = || recognize::Lists::with_files(&self.gazetteer);
        let (backends, lists) = rayon::join(|| self.trained(), lists);
        let mut backends = backends?;
        backends.push(Box::new(lists?));
        Ok(recognize::Recognize::new(backends))
    }

    fn trained(&self) -> Result<Vec<Box<dyn recognize::Recognizer>>> {
        match self.backend() {
            Backend::Embedded if self.device == Some(Device::Cuda) => {
                let message = "device cuda is for recognizer rust-bert; the embedded one needs none";
                Err(Error::new(ErrorKind::Settings, message))
            }
            Backend::Embedded if !self.label_map.is_empty() => {
                Err(Error::new(ErrorKind::Settings, "label-map is for recognizer rust-bert"))
            }
            Backend::Embedded => self.embedded(),
            Backend::RustBert => {
                let message = "recognizer rust-bert needs the folder of a checkpoint: --model FOLDER";
                let folder = self.model.as_deref().ok_or_else(|| Error::new(ErrorKind::Settings, message))?;
                self.rust_bert(folder)
            }
        }
    }

    fn backend(&self) -> Backend {
        self.recognizer.unwrap_or(Backend::Embedded)
    }

    #[cfg(feature = "rust-bert")]
    fn rust_bert(&self, folder: &Path) -> Result<Vec<Box<dyn recognize::Recognizer>>> {
        Ok(vec![Box::new(self.checkpoint(folder)?)])
    }

    #[cfg(feature = "rust-bert")]
    pub fn checkpoint(&self, folder: &Path) -> Result<recognize::RustBert> {
        let device = match self.device {
            None | Some(Device::Cpu) => recognize::Device::Cpu,
            Some(Device::Cuda) => recognize::Device::Cuda,
        };
        recognize::RustBert::read(folder, &self.label_map, device)
    }

    #[cfg(not(feature = "rust-bert"))]
    fn rust_bert(&self, _: &Path) -> Result<Vec<Box<dyn recognize::Recognizer>>> {
        Err(Error::new(ErrorKind::Settings, super::models::WITHOUT_RUST_BERT))
    }

    #[cfg(feature = "embedded-model")]
    fn embedded(&self) -> Result<Vec<Box<dyn recognize::Recognizer>>> {
        let trained = recognize::Embedded::named(self.model())?;
        Ok(trained.into_iter().map(|trained| Box::new(trained) as _).collect())
    }

    #[cfg(not(feature = "embedded-model"))]
    fn embedded(&self) -> Result<Vec<Box<dyn recognize::Recognizer>>> {
        match self.model().to_str() {
            Some("none") => Ok(Vec::new()),
            _ => Err(Error::new(
                ErrorKind::Settings,
                "this build has no encoder; --model none is all it can do",
            )),
        }
    }

    /// The model that was asked for; by default the best that this build has.
    fn model(&self) -> &Path {
        let best = if cfg!(feature = "embedded-model") { "accurate" } else { "none" };
        self.model.as_deref().unwrap_or(Path::new(best))
    }

    pub fn recognize(&self) -> Result<Box<dyn Stage>> {
        Ok(Box::new(self.recognizer()?))
    }

    pub fn tables(&self) -> Result<tables::Settings> {
        let min_score = self.min_score.unwrap_or(0.0);
        if !(0.0..=1.0).contains(&min_score) {
            return Err(Error::new(ErrorKind::Settings, "min-score is not between 0 and 1"));
        }
        Ok(tables::Settings {
            all_forms: self.forms == Some(Forms::All),
            min_score,
            decisions: self.decided()?,
            afresh: false,
            duplicates: match self.duplicates {
                Some(Duplicates::Keep) => tables::Duplicates::Keep,
                None | Some(Duplicates::Mark) => tables::Duplicates::Mark,
                Some(Duplicates::Drop) => tables::Duplicates::Drop,
            },
            no_text: self.no_text.unwrap_or(false),
            formats: {
                let mut formats: Vec<_> = self.tables.iter().filter_map(|form| form.format()).collect();
                formats.sort();
                formats.dedup();
                formats
            },
            naming: match self.names_as {
                None | Some(NamesAs::De) => Naming::De,
                Some(NamesAs::En) => Naming::En,
                Some(NamesAs::Original) => Naming::Original,
            },
        })
    }

    /// Where decisions are read from and written to.
    pub fn decisions_file(&self) -> PathBuf {
        self.decisions.clone().unwrap_or_else(|| DEFAULT_DECISIONS.into())
    }

    /// The user's decisions; none if the usual file is not there.
    pub fn decided(&self) -> Result<Decisions> {
        let path = self.decisions_file();
        if self.decisions.is_none() && !path.exists() {
            return Ok(Decisions::default());
        }
        let shown = path.display().to_string();
        let file = fs::File::open(&path).map_err(|error| {
            let failed = Error::new(ErrorKind::Settings, "cannot read the decisions");
            failed.caused_by(error).in_document(shown.clone())
        })?;
        Decisions::read(file).map_err(|error| error.in_document(shown))
    }
}

/// Whether a folder is the output of a run, perhaps of one that was killed.
fn holds_tables(folder: &Path) -> bool {
    let has = |file: &str| folder.join(file).is_file();
    has(store::FILE) || (has("run.json") && has("mentions.csv"))
}

pub fn segment() -> Box<dyn Stage> {
    Box::new(Segment)
}

pub fn normalize() -> Box<dyn Stage> {
    Box::new(Normalize)
}
