//! Whole texts with their mentions: CoNLL (a token and its BIO tag a line) and brat (stand-off annotations).

use super::Format;
use crate::{
    Document, Result,
    document::CodePoints,
    resolve::Entity,
    segment,
    tables::{cannot_write, excerpt::Place, partial::Partial},
};
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

/// What brat has to know of the labels.
const CONFIGURATION: &str = "[entities]\nPER\nLOC\nORG\nOTH\n\n[relations]\n\n[events]\n\n[attributes]\n";

/// The forms that show texts, on their way.
#[derive(Debug, Default)]
pub(in crate::tables) struct Annotations {
    conll: Option<(Partial, BufWriter<File>)>,
    brat: Option<Brat>,
}

impl Annotations {
    pub fn create(folder: &Path, formats: &[Format]) -> Result<Self> {
        let is_wanted = |format| formats.contains(&format).then_some(());
        let conll = is_wanted(Format::Conll).map(|()| Partial::file(folder.join("mentions.conll")));
        let conll = conll.transpose()?.map(|(partial, file)| (partial, BufWriter::new(file)));
        let brat = is_wanted(Format::Brat).map(|()| Brat::create(folder)).transpose()?;
        Ok(Self { conll, brat })
    }

    /// Adds a document with the mentions that entered the tables, in text order, and what they name.
    pub fn add(&mut self, document: &Document, mentions: &[(&Place, &Entity)]) -> Result<()> {
        if let Some((partial, file)) = &mut self.conll {
            let places: Vec<&Place> = mentions.iter().map(|(place, _)| *place).collect();
            let written = file.write_all(conll(document, &places).as_bytes());
            written.map_err(|error| cannot_write(partial.path(), error))?;
        }
        match &mut self.brat {
            Some(brat) => brat.add(document, mentions),
            None => Ok(()),
        }
    }

    pub fn finish(self) -> Result<()> {
        if let Some((partial, mut file)) = self.conll {
            file.flush().map_err(|error| cannot_write(partial.path(), error))?;
            partial.finish()?;
        }
        self.brat.map_or(Ok(()), |brat| brat.partial.finish())
    }
}

/// A document line by line; sentences are parted by an empty line.
fn conll(document: &Document, places: &[&Place]) -> String {
    let text = document.text();
    let points = CodePoints::new(text);
    let mut lines = String::from("-DOCSTART-\tO\n\n");
    let (mut left, mut begun) = (places.iter().peekable(), false);
    for sentence in document.sentences.iter().flatten() {
        for token in segment::tokens(text, sentence.span) {
            let (start, end) = (points.of_byte(token.start()), points.of_byte(token.end()));
            while left.next_if(|place| place.end <= start).is_some() {
                begun = false;
            }
            let place = left.peek().filter(|place| place.start < end);
            let tag =
                place.map(|place| format!("{}-{}", if begun { "I" } else { "B" }, place.label.as_str()));
            begun = place.is_some();
            let _ = writeln!(lines, "{}\t{}", token.of(text), tag.as_deref().unwrap_or("O"));
        }
        lines.push('\n');
    }
    lines
}

/// A folder of texts and annotations.
#[derive(Debug)]
struct Brat {
    partial: Partial,
    names: BTreeSet<PathBuf>,
}

impl Brat {
    fn create(folder: &Path) -> Result<Self> {
        let partial = Partial::folder(folder.join("brat"))?;
        let path = partial.now().join("annotation.conf");
        fs::write(&path, CONFIGURATION).map_err(|error| cannot_write(&path, error))?;
        Ok(Self { partial, names: BTreeSet::new() })
    }

    fn add(&mut self, document: &Document, mentions: &[(&Place, &Entity)]) -> Result<()> {
        let name = file_name(document.id());
        let mut free = (1u64..).map(|number| match number {
            1 => PathBuf::from(&name),
            _ => PathBuf::from(format!("{name}~{number}")),
        });
        let Some(name) = free.find(|name| self.names.insert(name.clone())) else { return Ok(()) };
        let place = self.partial.now().join(&name);
        let failed = |error| cannot_write(&place, error);
        fs::create_dir_all(place.parent().unwrap_or(&place)).map_err(failed)?;
        let ending = |ending: &str| PathBuf::from(format!("{}.{ending}", place.display()));
        fs::write(ending("txt"), document.text()).map_err(failed)?;
        fs::write(ending("ann"), annotations(mentions)).map_err(failed)
    }
}

/// A path below the folder: letters, digits and a few marks; none of its parts begins with a dot.
fn file_name(id: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "._-~".contains(c) { c } else { '_' };
    let parts = id.split('/').filter(|part| !part.is_empty());
    let parts = parts.map(|part| {
        let part: String = part.chars().map(plain).collect();
        // Most file systems hold 255 bytes; an ending and a number still have to fit.
        let part = &part[..part.floor_char_boundary(200)];
        part.strip_prefix('.').map_or_else(|| part.to_owned(), |rest| format!("_{rest}"))
    });
    parts.collect::<Vec<_>>().join("/")
}

fn annotations(mentions: &[(&Place, &Entity)]) -> String {
    let mut lines = String::new();
    for (number, (place, entity)) in (1..).zip(mentions) {
        let pieces = pieces(&place.surface);
        let offsets = pieces.iter().map(|(at, piece)| {
            let start = place.start + at;
            format!("{start} {}", start + piece.chars().count())
        });
        let (offsets, words): (Vec<String>, Vec<&str>) =
            offsets.zip(pieces.iter().map(|(_, piece)| *piece)).unzip();
        let (label, offsets, words) = (place.label.as_str(), offsets.join(";"), words.join(" "));
        let _ = writeln!(lines, "T{number}\t{label} {offsets}\t{words}");
        let _ = writeln!(lines, "#{number}\tAnnotatorNotes T{number}\t{} {}", entity.id, entity.name);
    }
    lines
}

/// The lines of a surface without blanks around them, and where they begin in it, in code points: brat writes what goes on
/// in another line as several pieces.
fn pieces(surface: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in surface.split_inclusive(['\n', '\r']) {
        let inner = line.trim_start();
        let start = at + line[..line.len() - inner.len()].chars().count();
        if !inner.trim_end().is_empty() {
            found.push((start, inner.trim_end()));
        }
        at += line.chars().count();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_surface_are_pieces() {
        assert_eq!(pieces("Köln"), [(0, "Köln")]);
        assert_eq!(pieces("Bad\r\n  Köln\nMitte"), [(0, "Bad"), (7, "Köln"), (12, "Mitte")]);
    }

    #[test]
    fn ids_become_paths_that_stay_in_the_folder() {
        assert_eq!(file_name("a/b.txt"), "a/b.txt");
        assert_eq!(file_name("../../etc/passwd"), "_./_./etc/passwd");
        assert_eq!(file_name("2023.zip#neu: 1.jsonl#7"), "2023.zip_neu__1.jsonl_7");
        assert_eq!(file_name("/tmp/.x"), "tmp/_x");
        assert!(file_name(&"ä".repeat(400)).len() <= 200);
    }
}
