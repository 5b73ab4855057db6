//! Flags over `namenlese.toml` over defaults, and the stages they ask for.

use crate::{
    Error, ErrorKind, Result, Stage, corpus, detect,
    gazetteer::UserList,
    normalize::Normalize,
    recognize,
    resolve::{Decisions, Naming},
    segment::Segment,
    tables,
};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// How progress is told, on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    /// A bar on a terminal, else nothing
    Auto,
    /// A bar
    Bar,
    /// A line now and then
    Plain,
    /// A JSON object now and then
    Json,
    /// Nothing
    None,
}

#[derive(Debug, Args)]
pub struct Flags {
    /// A settings file instead of ./namenlese.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    values: Settings,
}

/// What can be set, by flag or in the settings file under the same name.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Settings {
    /// Threads to work with [default: all cores]
    #[arg(long, global = true)]
    pub threads: Option<usize>,
    /// The only languages to tell apart, such as de,en,ru
    #[arg(long, global = true, value_delimiter = ',')]
    pub languages: Vec<String>,
    /// The language of a text that does not decide it [default: de]
    #[arg(long, global = true)]
    pub assume: Option<String>,
    /// The encoding of all texts instead of detecting it, such as windows-1252
    #[arg(long, global = true)]
    pub encoding: Option<String>,
    /// Read only files that match this glob (repeatable)
    #[arg(long, global = true, value_name = "GLOB")]
    pub include: Vec<String>,
    /// Leave out files that match this glob (repeatable)
    #[arg(long, global = true, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Read at most so many documents
    #[arg(long, global = true)]
    pub limit: Option<usize>,
    /// The folder of another recogniser, or none to look for listed names only [default: the German one]
    #[arg(long, global = true, value_name = "DIR|none")]
    pub model: Option<PathBuf>,
    /// A list of names of your own: .txt, .csv or .tsv (repeatable)
    #[arg(long, global = true, value_name = "FILE")]
    pub gazetteer: Vec<PathBuf>,
    /// Which forms enter the tables: name or all [default: name]
    #[arg(long, global = true, value_name = "name|all")]
    pub forms: Option<Forms>,
    /// The least score of a mention in the tables, from 0 to 1 [default: 0]
    #[arg(long, global = true)]
    pub min_score: Option<f64>,
    /// Your decisions [default: ./decisions.csv, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// By whose convention entities are called: de, en or original [default: de]
    #[arg(long, global = true, value_name = "de|en|original")]
    pub names_as: Option<NamesAs>,
    /// How progress is told on standard error [default: auto]
    #[arg(long, global = true)]
    pub progress: Option<Progress>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Forms {
    /// Names only
    Name,
    /// Words derived from names and parts of compounds, too
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NamesAs {
    /// As the German press writes
    De,
    /// As the English press writes
    En,
    /// In the script of the original, if the corpus has it
    Original,
}

const DEFAULT_FILE: &str = "namenlese.toml";
const DEFAULT_DECISIONS: &str = "decisions.csv";

impl Settings {
    /// Flags over the settings file.
    pub fn new(flags: Flags) -> Result<Self> {
        let file = match flags.config {
            Some(path) => Self::read(&path)?,
            None if Path::new(DEFAULT_FILE).exists() => Self::read(Path::new(DEFAULT_FILE))?,
            None => Self::default(),
        };
        let over = flags.values;
        let list = |over: Vec<String>, under| if over.is_empty() { under } else { over };
        let settings = Self {
            threads: over.threads.or(file.threads),
            languages: list(over.languages, file.languages),
            assume: over.assume.or(file.assume),
            encoding: over.encoding.or(file.encoding),
            include: list(over.include, file.include),
            exclude: list(over.exclude, file.exclude),
            limit: over.limit.or(file.limit),
            model: over.model.or(file.model),
            gazetteer: if over.gazetteer.is_empty() { file.gazetteer } else { over.gazetteer },
            forms: over.forms.or(file.forms),
            min_score: over.min_score.or(file.min_score),
            decisions: over.decisions.or(file.decisions),
            names_as: over.names_as.or(file.names_as),
            progress: over.progress.or(file.progress),
        };
        if !settings.min_score.is_none_or(|least| (0.0..=1.0).contains(&least)) {
            return Err(Error::new(ErrorKind::Settings, "min-score is not between 0 and 1"));
        }
        Ok(settings)
    }

    fn read(path: &Path) -> Result<Self> {
        let failed = |message: String| {
            Error::new(ErrorKind::Settings, message).in_document(path.display().to_string())
        };
        let text = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        let mut unknown = Vec::new();
        let parsed = toml::Deserializer::parse(&text).map_err(|error| failed(error.to_string()))?;
        let settings: Self = serde_ignored::deserialize(parsed, |key| unknown.push(key.to_string()))
            .map_err(|error| failed(error.to_string().trim().to_owned()))?;
        match unknown.first() {
            None => Ok(settings),
            Some(key) => {
                let known = serde_json::to_value(Self::default()).unwrap_or_default();
                let near = known
                    .as_object()
                    .into_iter()
                    .flat_map(|fields| fields.keys())
                    .max_by(|a, b| strsim::jaro_winkler(a, key).total_cmp(&strsim::jaro_winkler(b, key)));
                let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                Err(failed(format!("unknown key {key}{near}")))
            }
        }
    }

    pub fn corpus(&self, skip: Vec<PathBuf>) -> corpus::Settings {
        corpus::Settings {
            encoding: self.encoding.clone(),
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            limit: self.limit,
            skip,
        }
    }

    pub fn detect(&self) -> Result<Box<dyn Stage>> {
        let assume = self.assume.clone().unwrap_or_else(|| "de".into());
        let settings = detect::Settings { assume, languages: self.languages.clone() };
        Ok(Box::new(detect::Detect::new(settings)?))
    }

    /// The stage over all recognisers: the trained one, if there is one, then the lists.
    pub fn recognizer(&self) -> Result<recognize::Recognize> {
        let mut lists = recognize::Lists::packaged();
        for path in &self.gazetteer {
            lists = lists.with(&UserList::read(path)?);
        }
        let mut backends = self.trained()?;
        backends.push(Box::new(lists));
        Ok(recognize::Recognize::new(backends, 1))
    }

    #[cfg(feature = "embedded-model")]
    fn trained(&self) -> Result<Vec<Box<dyn recognize::Recognizer>>> {
        let files = match &self.model {
            Some(none) if none.as_os_str() == "none" => return Ok(Vec::new()),
            Some(folder) => recognize::ModelFiles::read(folder)?,
            None => match default_model()? {
                Some(files) => files,
                None => return Ok(Vec::new()),
            },
        };
        Ok(vec![Box::new(recognize::Embedded::new(files)?)])
    }

    #[cfg(not(feature = "embedded-model"))]
    fn trained(&self) -> Result<Vec<Box<dyn recognize::Recognizer>>> {
        match &self.model {
            Some(model) if model.as_os_str() != "none" => Err(Error::new(
                ErrorKind::Settings,
                "this build has no encoder; --model none is all it can do",
            )),
            _ => Ok(Vec::new()),
        }
    }

    pub fn recognize(&self) -> Result<Box<dyn Stage>> {
        Ok(Box::new(self.recognizer()?))
    }

    pub fn tables(&self) -> Result<tables::Settings> {
        Ok(tables::Settings {
            all_forms: self.forms == Some(Forms::All),
            min_score: self.min_score.unwrap_or(0.0),
            decisions: self.decided()?,
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

/// The German model: part of a release build; other builds read it from the source tree.
#[cfg(feature = "embedded-model")]
fn default_model() -> Result<Option<recognize::ModelFiles>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/german");
    match cfg!(debug_assertions) && folder.join("config.json").exists() {
        true => recognize::ModelFiles::read(&folder).map(Some),
        false => Ok(None),
    }
}

pub fn segment() -> Box<dyn Stage> {
    Box::new(Segment)
}

pub fn normalize() -> Box<dyn Stage> {
    Box::new(Normalize)
}
