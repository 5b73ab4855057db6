//! Recognises names in text that is already cut into words, as corpora are.
//!
//! Reads JSON Lines on standard input, each a text with its sentences and words as pairs of byte offsets, and prints the
//! mentions of each as `[start, end, label, form, score]`:
//!
//! `echo '{"text":"Anna mag Wien.","sentences":[[0,14]],"words":[[0,4],[5,8],[9,13],[13,14]]}' | cargo run --example tag_words`
//!
//! An argument is the folder of another model: one of the program's own, or, in a build with the feature `rust-bert`, a
//! checkpoint in Hugging Face layout.

use namenlese::{
    Span,
    recognize::{Embedded, ModelFiles, Recognizer, Size},
};
use serde::Deserialize;
use std::{error::Error, io::stdin, path::Path};

#[derive(Deserialize)]
struct Cut {
    text: String,
    sentences: Vec<(usize, usize)>,
    words: Vec<(usize, usize)>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let model: Box<dyn Recognizer> = match std::env::args_os().nth(1) {
        #[cfg(feature = "rust-bert")]
        Some(folder) if namenlese::recognize::is_checkpoint(Path::new(&folder)) => {
            use namenlese::recognize::{Device, LabelMap, RustBert};
            Box::new(RustBert::read(Path::new(&folder), &LabelMap::new(), Device::Cpu)?)
        }
        Some(folder) => Box::new(Embedded::new(ModelFiles::read(Path::new(&folder), Size::Accurate)?)?),
        None => Box::new(Embedded::new(ModelFiles::german(Size::Accurate)?)?),
    };
    for line in stdin().lines() {
        let Cut { text, sentences, words } = serde_json::from_str(&line?)?;
        let spans = |pairs: Vec<(usize, usize)>| {
            pairs.into_iter().map(|(start, end)| Span::new(&text, start, end)).collect::<Result<Vec<_>, _>>()
        };
        let mentions = model.recognize_words(&text, &spans(sentences)?, &spans(words)?)?;
        let rows: Vec<_> = mentions
            .iter()
            .map(|one| {
                (one.span.start(), one.span.end(), one.label.as_str(), one.form.as_str(), one.score.value())
            })
            .collect();
        println!("{}", serde_json::to_string(&rows)?);
    }
    Ok(())
}
