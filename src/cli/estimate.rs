//! `run --dry-run`: what would be read, and how long it would take.

use super::{Outcome, counted, filter};
use crate::{Document, Pipeline, Result, corpus::Corpus};
use std::{
    fmt::Write,
    time::{Duration, Instant},
};

/// Files that are looked into, spread over the corpus.
const TRIED: usize = 64;
/// The most of a text that is worked on, in bytes: a long document would take the time that is to be told.
const PIECE: usize = 16 << 10;
/// After so long the answer is good enough.
const PATIENCE: Duration = Duration::from_secs(2);

/// `is_known` says of a document that earlier runs have worked on it.
pub fn dry_run(
    corpus: &Corpus,
    pipeline: &Pipeline,
    is_known: impl Fn(&Document) -> bool,
) -> Result<Outcome> {
    let plan = corpus.plan();
    let size = |files: usize, bytes| format!("{}, {}", counted(files as u64, "file"), counted(bytes, "byte"));
    let mut text = format!("{}\n", size(plan.files, plan.bytes));
    for (name, format) in &plan.formats {
        let unread = if format.readable { "" } else { " (not read)" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}: {}{unread}", size(format.files, format.bytes));
    }
    let readable: u64 =
        plan.formats.values().filter(|format| format.readable).map(|format| format.bytes).sum();
    let time = match (corpus.has_stdin(), readable) {
        (true, _) => "unknown for standard input".to_owned(),
        (false, 0) => in_words(0.0),
        (false, bytes) => {
            let (seconds, known) = seconds(corpus, pipeline, bytes, is_known);
            if known > 0.0 {
                let _ = writeln!(text, "known from earlier runs: about {:.0} % of the text", 100.0 * known);
            }
            in_words(seconds)
        }
    };
    filter::print(&format!("{text}time: {time}\n"))?;
    Ok(Outcome::Well)
}

/// How long so many bytes of the corpus would take: a part of it is read and worked on, with all threads. And which share
/// of the text is known.
fn seconds(
    corpus: &Corpus,
    pipeline: &Pipeline,
    bytes: u64,
    is_known: impl Fn(&Document) -> bool,
) -> (f64, f64) {
    let begun = Instant::now();
    let (mut source, mut text, mut known, mut pieces) = (0, 0, 0, Vec::new());
    for document in corpus.sample(TRIED) {
        source += document.source.bytes;
        text += document.text().len();
        if is_known(&document) {
            known += document.text().len();
            continue;
        }
        let piece = document.text().get(..document.text().floor_char_boundary(PIECE)).unwrap_or_default();
        pieces.push(Document::new(document.id(), piece));
        if begun.elapsed() > PATIENCE / 2 {
            break;
        }
    }
    let per_byte = |seconds: f64, bytes: usize| seconds / bytes.max(1) as f64;
    let reading = per_byte(begun.elapsed().as_secs_f64(), usize::try_from(source).unwrap_or(usize::MAX));
    // Lists and models are prepared with the first text.
    let begun = Instant::now();
    if let Some(first) = pieces.first() {
        pipeline.apply(&mut first.clone());
    }
    let preparing = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let mut done = 0;
    for some in pieces.chunks(4 * rayon::current_num_threads()) {
        done += pipeline.stream(some.iter().cloned()).map(|document| document.text().len()).sum::<usize>();
        if begun.elapsed() > PATIENCE {
            break;
        }
    }
    let working = per_byte(begun.elapsed().as_secs_f64(), done);
    let unknown = per_byte((text - known) as f64, usize::try_from(source).unwrap_or(usize::MAX));
    (preparing + bytes as f64 * (reading + unknown * working), per_byte(known as f64, text))
}

fn in_words(seconds: f64) -> String {
    match seconds {
        ..1.0 => "less than a second".to_owned(),
        ..90.0 => format!("about {seconds:.0} s"),
        ..5400.0 => format!("about {:.0} min", seconds / 60.0),
        _ => format!("about {:.1} h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn times_are_told_in_fitting_units() {
        let told: Vec<_> = [0.2, 1.0, 89.0, 90.0, 5400.0].into_iter().map(in_words).collect();
        assert_eq!(told, ["less than a second", "about 1 s", "about 89 s", "about 2 min", "about 1.5 h"]);
    }
}
