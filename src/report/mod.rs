//! The report: one HTML file, without anything from elsewhere, over the tables of a folder and the texts they come from.
//!
//! ```no_run
//! use namenlese::{corpus::{Corpus, Settings}, report::Report};
//! use std::path::Path;
//!
//! let mut report = Report::of(Path::new("output"))?;
//! for document in Corpus::open(&["corpus".into()], &Settings::default())?.documents() {
//!     report.add_text(&document);
//! }
//! report.write(Path::new("report.html"))?;
//! # Ok::<(), namenlese::Error>(())
//! ```

mod data;

use crate::{Document, Error, ErrorKind, Result};
use data::Data;
use std::{collections::HashMap, fs, path::Path};

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const WORDS: &str = include_str!("page/words.js");
const SCRIPT: &str = include_str!("page/page.js");
const CHARTS: &str = include_str!("page/charts.min.js");

/// What the page shows of a large corpus: those with most mentions.
pub const MOST_DOCUMENTS: usize = 1_000;
/// Rows of mentions.csv that the page shows: those of the documents it shows, in their order.
pub const MOST_MENTIONS: usize = 50_000;
/// Entities that the page shows.
pub const MOST_ENTITIES: usize = 5_000;
/// Pairs of entities that the page shows: the closest.
pub const MOST_PAIRS: usize = 5_000;
/// Bytes of texts that the page holds; documents beyond stand there without their text.
pub const MOST_TEXT: usize = 20 << 20;

/// A report on its way.
#[derive(Debug)]
pub struct Report {
    data: Data,
    /// Where each document stands that still lacks its text.
    waiting: HashMap<String, usize>,
    /// Bytes of texts that may still be added.
    left: usize,
}

impl Report {
    /// Reads the tables of a folder.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if one of them, or `run.json`, cannot be read.
    pub fn of(folder: &Path) -> Result<Self> {
        let data = Data::read(folder)?;
        let waiting = data.documents.iter().enumerate();
        let waiting = waiting.map(|(number, document)| (document.id.clone(), number)).collect();
        Ok(Self { data, waiting, left: MOST_TEXT })
    }

    /// Adds the text of a document that the report shows; a text that is another one now is left out, for the offsets of
    /// its mentions would be wrong.
    pub fn add_text(&mut self, document: &Document) {
        let Some(number) = self.waiting.remove(document.id()) else { return };
        let known = &mut self.data.documents[number];
        if known.sha256 == document.source.sha256 && document.text().len() <= self.left {
            self.left -= document.text().len();
            known.cut(document.text());
        }
    }

    /// Whether all texts are there that the report can hold.
    pub fn is_complete(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Writes the page: beside its place, and there when it is whole.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if it cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let failed = |error: std::io::Error| {
            Error::new(ErrorKind::Io, format!("cannot write {}", path.display())).caused_by(error)
        };
        let data = serde_json::to_string(&self.data).map_err(|error| failed(error.into()))?;
        let mut page = String::with_capacity(PAGE.len() + CHARTS.len() + data.len() + (64 << 10));
        let mut rest = PAGE;
        // The parts may hold what looks like a mark; so each mark is looked for in the page alone.
        for (mark, part) in [
            ("/*STYLE*/", STYLE),
            ("/*DATA*/", &escaped(&data)),
            ("/*CHARTS*/", CHARTS),
            ("/*WORDS*/", WORDS),
            ("/*SCRIPT*/", SCRIPT),
        ] {
            let (before, after) = rest.split_once(mark).unwrap_or((rest, ""));
            page += before;
            page += part;
            rest = after;
        }
        page += rest;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let partial = path.with_file_name(format!(".{name}.partial"));
        let written = fs::write(&partial, page).and_then(|()| fs::rename(&partial, path));
        written.map_err(|error| {
            // Nothing half-written stays.
            let _ = fs::remove_file(&partial);
            failed(error)
        })
    }
}

/// JSON inside an HTML script: no `<` that could end it, no line separator that old scripts stumble over.
fn escaped(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_place() {
        let marks = ["/*STYLE*/", "/*DATA*/", "/*CHARTS*/", "/*WORDS*/", "/*SCRIPT*/"];
        let places: Vec<_> = marks.iter().map(|mark| PAGE.find(mark).expect("a mark")).collect();
        assert!(places.is_sorted());
        assert!([CHARTS, WORDS, SCRIPT].iter().all(|script| !script.contains("</script")));
        assert!(!SCRIPT.contains("innerHTML"), "texts of documents are never taken for HTML");
    }

    #[test]
    fn a_text_cannot_end_the_script() {
        assert_eq!(escaped(r#"["</script><script>"]"#), r#"["\u003c/script>\u003cscript>"]"#);
    }
}
