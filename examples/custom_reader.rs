//! A format of the reader's own: a press review, several clippings in one file, each under a headline of its own.
//!
//! Run with `cargo run --example custom_reader`.

use namenlese::{
    Document, Error, ErrorKind,
    corpus::{Corpus, Reader, Settings},
};
use std::{fs, sync::Arc};

/// `# 2023-09-14 Headline`, and below it the text, up to the next headline.
struct Clippings;

impl Reader for Clippings {
    fn name(&self) -> &'static str {
        "clippings"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["clippings"]
    }

    fn read(&self, id: &str, bytes: &[u8]) -> Result<Vec<Document>, Error> {
        let file = str::from_utf8(bytes)
            .map_err(|error| Error::new(ErrorKind::Malformed, "clippings in UTF-8").caused_by(error))?;
        let clippings = file.split("\n# ").filter(|clipping| !clipping.trim().is_empty()).zip(1..);
        let document = |(clipping, number): (&str, u32)| {
            let (head, text) = clipping.split_once('\n').unwrap_or((clipping, ""));
            let mut document = Document::new(format!("{id}#{number}"), text);
            if let Some((date, title)) = head.trim_start_matches("# ").split_once(' ') {
                (document.date, document.title) = (Some(date.to_owned()), Some(title.to_owned()));
            }
            document
        };
        Ok(clippings.map(document).collect())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let review =
        "# 2023-09-13 Anreise\nKim war mit dem Zug unterwegs.\n# 2023-09-14 Gipfel\nPutin empfing Kim.\n";
    fs::write(folder.path().join("september.clippings"), review)?;
    fs::write(folder.path().join("damaged.clippings"), b"# 2023-09-15 \xFF")?;
    fs::write(folder.path().join("note.txt"), "Alle anderen Formate werden gelesen wie sonst.")?;

    let settings = Settings { readers: vec![Arc::new(Clippings)], ..Settings::default() };
    for document in Corpus::open(&[folder.path().to_owned()], &settings)?.documents() {
        let title = document.title.as_deref().unwrap_or("no title");
        let state = document.faults.first().map_or("read", |fault| &fault.reason);
        println!("{} ({}): {title}, {state}", document.id(), document.source.format);
    }
    Ok(())
}
