//! A model on disk or in the program: what it is, and that it is whole.

use crate::{Error, ErrorKind, Form, Label, Result};
use rayon::prelude::*;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{borrow::Cow, collections::BTreeMap, fs, path::Path};

/// The layout of model folders that this version reads; `config.json` may state it as `layout`.
pub const LAYOUT: u32 = 1;

const WEIGHTS: &str = "model.safetensors";
const TOKENIZER: &str = "tokenizer.json";
const FAST: &str = "fast.safetensors";

/// How large a model is. All sizes of a model have tokenizer, embeddings and labels in common.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Size {
    /// All layers.
    #[default]
    Accurate,
    /// Fewer layers, taught by those of the accurate size.
    Fast,
}

/// The files of a model, as bytes.
#[derive(Debug, Clone)]
pub struct ModelFiles {
    /// `config.json`: sizes, labels and the checksums of the others.
    pub config: Cow<'static, [u8]>,
    /// `model.safetensors`
    pub weights: Cow<'static, [u8]>,
    /// `tokenizer.json`
    pub tokenizer: Cow<'static, [u8]>,
    /// `fast.safetensors` for the fast size: layers and head that stand for those of `weights`, which holds the rest.
    pub fast: Option<Cow<'static, [u8]>>,
}

impl ModelFiles {
    /// The German model that comes with the program: inside a release build; other builds read it from the source tree.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] if the files have to be read and cannot be.
    pub fn german(size: Size) -> Result<Self> {
        Self::from(size, |name| {
            let failed = |error| broken(format!("cannot read {name} of the German model")).caused_by(error);
            namenlese_german::file(name).map_err(failed)
        })
    }

    /// Reads a model's folder.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] if one of the files that the size needs cannot be read.
    pub fn read(folder: &Path, size: Size) -> Result<Self> {
        Self::from(size, |name| {
            let path = folder.join(name);
            let failed = |error| broken(format!("cannot read {}", path.display())).caused_by(error);
            fs::read(&path).map(Cow::Owned).map_err(failed)
        })
    }

    fn from(size: Size, file: impl Fn(&str) -> Result<Cow<'static, [u8]>>) -> Result<Self> {
        let fast = match size {
            Size::Accurate => None,
            Size::Fast => Some(file(FAST)?),
        };
        Ok(Self { config: file("config.json")?, weights: file(WEIGHTS)?, tokenizer: file(TOKENIZER)?, fast })
    }

    /// The settings of this size, once the checksums are found right.
    pub(super) fn checked(&self) -> Result<Config> {
        let mut config: Config = serde_json::from_slice(&self.config)
            .map_err(|error| broken("config.json of the model cannot be read".into()).caused_by(error))?;
        if config.layout != LAYOUT {
            return Err(broken(format!(
                "model {} {} has layout {}; this program reads layout {LAYOUT}",
                config.name, config.version, config.layout
            )));
        }
        if self.fast.is_some() {
            let Some(Sized { layers, calibration }) = config.fast.take() else {
                return Err(broken(format!("model {} {} has no fast size", config.name, config.version)));
            };
            config = Config { layers, calibration, ..config };
        }
        let files = [(WEIGHTS, &self.weights), (TOKENIZER, &self.tokenizer)];
        let files: Vec<_> = files.into_iter().chain(self.fast.iter().map(|fast| (FAST, fast))).collect();
        let differs = files.par_iter().find_first(|(name, file)| {
            config.files.get(*name).is_none_or(|checksum| *checksum != hexadecimal(&[file]))
        });
        match differs {
            None => Ok(config),
            Some((name, _)) => {
                let message = format!("{name} of model {} is damaged: its checksum differs", config.name);
                Err(broken(message))
            }
        }
    }

    /// What the model is: name, size, version and the beginning of a checksum, which covers all files by way of theirs.
    pub(super) fn id(&self, config: &Config) -> String {
        let size = if self.fast.is_some() { "-fast" } else { "" };
        let checksum = hexadecimal(&[&self.config, size.as_bytes()]);
        format!("{}{size}-{}-{}", config.name, config.version, &checksum[..16])
    }
}

/// SHA-256 of what these parts make together, in lower-case hexadecimal.
pub(super) fn hexadecimal(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What `config.json` says.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Config {
    pub name: String,
    /// The model's own version, for its id.
    pub version: String,
    #[serde(default = "first_layout")]
    pub layout: u32,
    pub hidden: usize,
    pub layers: usize,
    pub heads: usize,
    pub intermediate: usize,
    pub positions: usize,
    pub layer_norm_eps: f32,
    /// The most pieces of a window, the marks between sentences included.
    pub max_pieces: usize,
    #[serde(deserialize_with = "tags")]
    pub labels: Vec<Tag>,
    #[serde(default)]
    pub calibration: Calibration,
    /// What is other in the fast size, if there is one.
    pub fast: Option<Sized>,
    /// SHA-256 of the other files by name.
    pub files: BTreeMap<String, String>,
    /// Languages that the model reads.
    #[serde(default = "german")]
    pub languages: Vec<String>,
}

/// What a size has of its own.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Sized {
    pub layers: usize,
    #[serde(default)]
    pub calibration: Calibration,
}

/// What turns the probability of a span into how often such spans are right: logistic regression on its log odds (Platt,
/// "Probabilistic outputs for support vector machines", 1999), fitted by `scripts/train/evaluate.py`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Calibration {
    pub slope: f64,
    /// By label; 0 where there is none.
    #[serde(default)]
    pub offsets: BTreeMap<String, f64>,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { slope: 1.0, offsets: BTreeMap::new() }
    }
}

impl Calibration {
    /// How often spans of this label and probability are right.
    pub fn apply(&self, label: Label, probability: f64) -> f64 {
        let probability = probability.clamp(1e-6, 1.0 - 1e-6);
        let offset = self.offsets.get(label.as_str()).copied().unwrap_or_default();
        let odds = self.slope * (probability / (1.0 - probability)).ln() + offset;
        1.0 / (1.0 + (-odds).exp())
    }
}

fn first_layout() -> u32 {
    LAYOUT
}

fn german() -> Vec<String> {
    vec!["de".into()]
}

/// What stands at one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Outside,
    Begin(Label, Form),
    Inside(Label, Form),
}

fn tags<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Tag>, D::Error> {
    let names = Vec::<String>::deserialize(from)?;
    let tag =
        |name: &String| tag(name).ok_or_else(|| serde::de::Error::custom(format!("unknown label {name:?}")));
    let tags = names.iter().map(tag).collect::<Result<Vec<_>, D::Error>>()?;
    match tags.first() {
        Some(Tag::Outside) => Ok(tags),
        _ => Err(serde::de::Error::custom("the first label is not O")),
    }
}

/// Reads `O`, `B-PER`, `I-LOCderiv` or `B-ORGpart`.
fn tag(name: &str) -> Option<Tag> {
    if name == "O" {
        return Some(Tag::Outside);
    }
    let (position, class) = name.split_once('-')?;
    let (label, form) = match class {
        _ if class.ends_with("deriv") => (class.strip_suffix("deriv")?, Form::Derived),
        _ if class.ends_with("part") => (class.strip_suffix("part")?, Form::Part),
        _ => (class, Form::Name),
    };
    let label = label.parse().ok()?;
    match position {
        "B" => Some(Tag::Begin(label, form)),
        "I" => Some(Tag::Inside(label, form)),
        _ => None,
    }
}

fn broken(message: String) -> Error {
    Error::new(ErrorKind::Model, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_hold_form_and_class() {
        assert_eq!(tag("B-PER"), Some(Tag::Begin(Label::Per, Form::Name)));
        assert_eq!(tag("I-LOCderiv"), Some(Tag::Inside(Label::Loc, Form::Derived)));
        assert_eq!(tag("B-ORGpart"), Some(Tag::Begin(Label::Org, Form::Part)));
        assert_eq!([tag("B-XYZ"), tag("E-PER"), tag("PER")], [None; 3]);
    }

    #[test]
    fn calibration_keeps_the_order_and_shifts_by_label() {
        let same = Calibration::default();
        assert!((same.apply(Label::Per, 0.3) - 0.3).abs() < 1e-12);
        let doubts: Calibration =
            serde_json::from_str(r#"{"slope": 0.5, "offsets": {"ORG": -1.0}}"#).unwrap();
        assert!((doubts.apply(Label::Per, 0.9) - 0.75).abs() < 1e-12);
        assert!(doubts.apply(Label::Org, 0.9) < 0.6);
        let scores = [0.0, 0.2, 0.7, 1.0].map(|probability| doubts.apply(Label::Org, probability));
        assert!(scores.is_sorted() && scores[0] > 0.0 && scores[3] < 1.0);
    }
}
