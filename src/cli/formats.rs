//! `formats`: what is read.

use super::{Outcome, filter};
use crate::Result;

pub fn formats() -> Result<Outcome> {
    filter::print("text   .txt .md and files without an ending; YAML front matter\n")?;
    #[cfg(feature = "html")]
    filter::print("html   .html .htm .xhtml: the main text\n")?;
    filter::print("jsonl  .jsonl .ndjson: one record a line; text (or body, content), title, date, id\n")?;
    Ok(Outcome::Well)
}
