//! `formats`: what is read.

use super::{Outcome, filter};
use crate::{Result, corpus};

pub fn formats() -> Result<Outcome> {
    let formats: Vec<_> = corpus::formats().collect();
    let endings = |format: &corpus::FormatInfo| format!(".{}", format.endings.join(" ."));
    let widest = formats.iter().map(|format| endings(format).len()).max().unwrap_or(0);
    let row = |format: &corpus::FormatInfo| {
        format!("{:<6} {:<widest$} {}\n", format.name, endings(format), format.about)
    };
    filter::print(&formats.iter().map(row).collect::<String>())?;
    Ok(Outcome::Well)
}
