//! The embedded recogniser: our own encoder over weights that are part of the program or lie in a folder.

use super::{
    Recognizer, agree,
    checkpoint::is_checkpoint,
    decode::{Decoder, Found},
    encoder::Encoder,
    model::{Config, ModelFiles, Size},
    neighbours,
    seen::{self, Seen},
    surnames,
    tokenizer::Pieces,
    windows,
};
use crate::{Error, ErrorKind, Mention, Result, Span};
use rayon::prelude::*;
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// A trained recogniser, shared by all threads.
///
/// It reads a document's sentences as [`Bridged`](crate::document::Bridged) text in windows of consecutive sentences, scores every word, takes
/// the best allowed sequence of labels, and looks over the document as a whole: what it labelled differently, people who
/// stand side by side, lone surnames of people named in full. What it finds in a document
/// depends on the text, the sentences and the model alone.
pub struct Embedded {
    config: Config,
    id: String,
    encoder: Encoder,
    pieces: Pieces,
    decoder: Decoder,
}

impl Embedded {
    /// Makes a recogniser from a model's files, after checking layout and checksums.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] if the files are damaged, of another layout or do not fit together.
    pub fn new(files: ModelFiles) -> Result<Self> {
        let config = files.checked()?;
        let id = files.id(&config);
        let encoder = || Encoder::read(files.weights, files.fast.as_deref(), &config);
        let (encoder, pieces) = rayon::join(encoder, || Pieces::read(&files.tokenizer));
        let (encoder, pieces) = (encoder?, pieces?);
        if encoder.vocabulary() < pieces.vocabulary() {
            let message = format!(
                "the tokenizer of model {} knows {} pieces, its weights only {}",
                config.name,
                pieces.vocabulary(),
                encoder.vocabulary()
            );
            return Err(Error::new(ErrorKind::Model, message));
        }
        if config.max_pieces < 3 || config.max_pieces > config.positions || config.calibration.slope <= 0.0 {
            let message = format!("model {} has impossible settings", config.name);
            return Err(Error::new(ErrorKind::Model, message));
        }
        let decoder = Decoder::new(&config.labels, config.calibration.clone());
        Ok(Self { config, id, encoder, pieces, decoder })
    }

    /// The recogniser of a name that people type: `accurate` or `fast` for the German model, the folder of another one or
    /// its `fast.safetensors`; nothing for `none`.
    ///
    /// # Errors
    /// As [`new`](Self::new), and where the files cannot be read; [`ErrorKind::Settings`] for a checkpoint of another engine.
    pub fn named(model: &Path) -> Result<Option<Self>> {
        if is_checkpoint(model) {
            let message = format!("{} is a checkpoint for --recognizer rust-bert", model.display());
            return Err(Error::new(ErrorKind::Settings, message));
        }
        let files = match (model.to_str(), model.parent()) {
            (Some("none"), _) => return Ok(None),
            (Some("accurate"), _) => ModelFiles::german(Size::Accurate)?,
            (Some("fast"), _) => ModelFiles::german(Size::Fast)?,
            (_, Some(folder)) if model.ends_with("fast.safetensors") => ModelFiles::read(folder, Size::Fast)?,
            _ => ModelFiles::read(model, Size::Accurate)?,
        };
        Self::new(files).map(Some)
    }

    /// How long a text takes to be cut into pieces, to go through the encoder, and to become mentions.
    ///
    /// # Errors
    /// As [`recognize`](Recognizer::recognize).
    pub fn step_times(&self, text: &str, sentences: &[Span]) -> Result<[Duration; 3]> {
        let begun = Instant::now();
        let seen = self.cut(text, sentences, None)?;
        let cut = begun.elapsed();
        let logits = self.logits(&seen)?;
        let scored = begun.elapsed();
        self.mentions(text, &seen, &logits);
        Ok([cut, scored - cut, begun.elapsed() - scored])
    }

    fn find(&self, text: &str, sentences: &[Span], words: Option<&[Span]>) -> Result<Vec<Mention>> {
        let seen = self.cut(text, sentences, words)?;
        let logits = self.logits(&seen)?;
        Ok(self.mentions(text, &seen, &logits))
    }

    /// Sentences as words and pieces.
    fn cut(&self, text: &str, sentences: &[Span], words: Option<&[Span]>) -> Result<Vec<Seen>> {
        let see = |&sentence| Seen::new(text, sentence, words, |plain| self.pieces.encode(plain));
        sentences.par_iter().map(see).collect()
    }

    /// From the logits of every word to mentions.
    fn mentions(&self, text: &str, seen: &[Seen], logits: &[Vec<f32>]) -> Vec<Mention> {
        let mut found: Vec<Vec<Found>> = logits.iter().map(|logits| self.decoder.decode(logits)).collect();
        agree::settle(seen, &mut found);
        neighbours::part(seen, &mut found);
        let lone = surnames::lone(seen, &found);
        found.iter_mut().zip(lone).for_each(|(found, lone)| found.extend(lone));
        seen::mentions(text, seen, &found)
    }

    /// The logits of every word, sentence by sentence.
    fn logits(&self, seen: &[Seen]) -> Result<Vec<Vec<f32>>> {
        let pieces: Vec<Vec<u32>> = seen.iter().map(|seen| seen.encoded.ids.clone()).collect();
        let of_words: Vec<Vec<usize>> =
            seen.iter().map(|seen| seen.encoded.of_words(&seen.words).unwrap_or_default()).collect();
        let windows = windows::pack(&pieces, self.config.max_pieces);
        let scored = windows.par_iter().map(|window| {
            let mut wanted = Vec::new();
            for part in &window.parts {
                let words = of_words[part.sentence].iter().filter(|piece| part.kept.contains(piece));
                wanted.extend(words.map(|piece| part.at + piece - part.kept.start));
            }
            self.encoder.logits(&window.pieces, &wanted)
        });
        let scored = scored.collect::<Result<Vec<_>>>()?;
        let mut of_sentences = vec![Vec::new(); seen.len()];
        for (window, scored) in windows.iter().zip(scored) {
            let mut rows = scored.chunks_exact(self.config.labels.len());
            for part in &window.parts {
                let count = of_words[part.sentence].iter().filter(|piece| part.kept.contains(piece)).count();
                for row in rows.by_ref().take(count) {
                    of_sentences[part.sentence].extend_from_slice(row);
                }
            }
        }
        Ok(of_sentences)
    }
}

impl Recognizer for Embedded {
    fn id(&self) -> String {
        self.id.clone()
    }

    fn reads(&self, language: &str) -> bool {
        self.config.languages.iter().any(|one| one == language)
    }

    fn recognize(&self, text: &str, sentences: &[Span]) -> Result<Vec<Mention>> {
        self.find(text, sentences, None)
    }

    fn recognize_words(&self, text: &str, sentences: &[Span], words: &[Span]) -> Result<Vec<Mention>> {
        self.find(text, sentences, Some(words))
    }
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded").field("id", &self.id).finish_non_exhaustive()
    }
}
