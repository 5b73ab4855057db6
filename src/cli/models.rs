//! `models check`: whether the model in a folder will work.

use super::{Outcome, filter, settings::Settings};
use crate::{Error, Result};
use clap::Subcommand;
use std::path::{Path, PathBuf};

/// What a build without the feature says.
#[cfg(not(feature = "rust-bert"))]
pub const WITHOUT_RUST_BERT: &str =
    "this build lacks rust-bert: cargo build --release --features rust-bert (docs/rust-bert.md)";

#[derive(Debug, Subcommand)]
pub enum Models {
    /// Say in one line whether the model in a folder will work, and if not, why: one of the program's own or a
    /// checkpoint in Hugging Face layout
    #[command(after_help = "Example: namenlese models check ner-german-large")]
    Check {
        /// The model's folder
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

pub fn models(models: Models, settings: &Settings) -> Result<Outcome> {
    let Models::Check { folder } = models;
    let found = look(&folder, settings)?;
    filter::print(&format!("{}: works: {found}\n", folder.display()))?;
    Ok(Outcome::Well)
}

#[cfg(feature = "embedded-model")]
fn look(folder: &Path, settings: &Settings) -> Result<String> {
    use crate::recognize::{Embedded, ModelFiles, Recognizer, Size, is_checkpoint};
    if is_checkpoint(folder) {
        return look_at_checkpoint(folder, settings);
    }
    let size = |size| Ok::<_, Error>(Embedded::new(ModelFiles::read(folder, size)?)?.id());
    let named = |error: Error| error.in_document(folder.display().to_string());
    let whole = size(Size::Accurate).map_err(named)?;
    match folder.join("fast.safetensors").exists() {
        true => Ok(format!("{whole}, and fast.safetensors: {}", size(Size::Fast).map_err(named)?)),
        false => Ok(whole),
    }
}

#[cfg(not(feature = "embedded-model"))]
fn look(_: &Path, _: &Settings) -> Result<String> {
    Err(Error::new(crate::ErrorKind::Settings, "this build has no encoder"))
}

/// Loads it all, as a run would.
#[cfg(feature = "rust-bert")]
fn look_at_checkpoint(folder: &Path, settings: &Settings) -> Result<String> {
    let found = settings.checkpoint(folder)?;
    Ok(format!("--recognizer rust-bert, {}", found.in_words()))
}

#[cfg(all(feature = "embedded-model", not(feature = "rust-bert")))]
fn look_at_checkpoint(folder: &Path, settings: &Settings) -> Result<String> {
    let found = crate::recognize::look_at_checkpoint(folder, &settings.label_map)?;
    let message = format!("{found}; but {WITHOUT_RUST_BERT}");
    Err(Error::new(crate::ErrorKind::Settings, message).in_document(folder.display().to_string()))
}
