//! A model on disk or in the program: what it is, and that it is whole.

use crate::{Error, ErrorKind, Form, Label, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{borrow::Cow, collections::BTreeMap, fs, path::Path};

/// The layout of model folders that this version reads; `config.json` may state it as `layout`.
pub const LAYOUT: u32 = 1;

pub(super) const WEIGHTS: &str = "model.safetensors";
pub(super) const TOKENIZER: &str = "tokenizer.json";

/// The three files of a model, as bytes.
#[derive(Debug, Clone)]
pub struct ModelFiles {
    /// `config.json`: sizes, labels and the checksums of the other two.
    pub config: Cow<'static, [u8]>,
    /// `model.safetensors`
    pub weights: Cow<'static, [u8]>,
    /// `tokenizer.json`
    pub tokenizer: Cow<'static, [u8]>,
}

impl ModelFiles {
    /// The German model that comes with the program: inside a release build; other builds read it from the source tree.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] if the files have to be read and cannot be.
    pub fn german() -> Result<Self> {
        let [config, weights, tokenizer] = namenlese_german::files()
            .map_err(|error| Error::new(ErrorKind::Model, "cannot read the German model").caused_by(error))?;
        Ok(Self { config, weights, tokenizer })
    }

    /// Reads a model's folder.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] if one of the files cannot be read.
    pub fn read(folder: &Path) -> Result<Self> {
        let read = |name: &str| {
            let path = folder.join(name);
            let failed = |error| {
                Error::new(ErrorKind::Model, format!("cannot read {}", path.display())).caused_by(error)
            };
            fs::read(&path).map(Cow::Owned).map_err(failed)
        };
        Ok(Self { config: read("config.json")?, weights: read(WEIGHTS)?, tokenizer: read(TOKENIZER)? })
    }

    /// The settings, once the checksums are found right.
    pub(super) fn checked(&self) -> Result<Config> {
        let config: Config = serde_json::from_slice(&self.config)
            .map_err(|error| broken("config.json of the model cannot be read".into()).caused_by(error))?;
        if config.layout != LAYOUT {
            return Err(broken(format!(
                "model {} {} has layout {}; this program reads layout {LAYOUT}",
                config.name, config.version, config.layout
            )));
        }
        let (weights, tokenizer) =
            rayon::join(|| hexadecimal(&self.weights), || hexadecimal(&self.tokenizer));
        for (name, found) in [(WEIGHTS, weights), (TOKENIZER, tokenizer)] {
            if config.files.get(name) != Some(&found) {
                return Err(broken(format!(
                    "{name} of model {} is damaged: its checksum differs",
                    config.name
                )));
            }
        }
        Ok(config)
    }
}

/// SHA-256 in lower-case hexadecimal.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
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
    /// What logits are divided by, so that scores are probabilities.
    pub temperature: f64,
    /// SHA-256 of the other files by name.
    pub files: BTreeMap<String, String>,
    /// Languages that the model reads.
    #[serde(default = "german")]
    pub languages: Vec<String>,
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
}
