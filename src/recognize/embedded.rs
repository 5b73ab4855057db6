//! The embedded recogniser: our own encoder over weights that are part of the program or lie in a folder.

use super::{
    Recognizer, agree,
    checkpoint::is_checkpoint,
    decode::Decoder,
    encoder::Encoder,
    genitives,
    model::{Config, ModelFiles, Size},
    neighbours, qualifiers,
    seen::{self, Seen},
    surnames,
    tokenizer::{Encoded, Pieces},
    windows::{self, Part, Window},
};
use crate::{Error, ErrorKind, Mention, Result, Span};
use rayon::prelude::*;
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Windows whose scores are held at a time, so that a long document takes little more memory than a short one.
const WINDOWS_AT_ONCE: usize = 256;

/// A trained recogniser, shared by all threads.
///
/// It reads a document's sentences as [`Bridged`](crate::document::Bridged) text in windows of consecutive sentences, scores every word, takes
/// the best allowed sequence of labels, and looks over the document as a whole: genitives and qualifiers of places, what it labelled
/// differently, people who stand side by side, lone surnames of people named in full. What it finds in a document
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
            _ if !model.exists() => {
                let message =
                    format!("no model {}: accurate, fast, none, or the folder of one", model.display());
                return Err(Error::new(ErrorKind::Model, message));
            }
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
        Ok(self.find(text, sentences, None)?.1)
    }

    /// The mentions of a text, and how long the three steps to them took.
    fn find(
        &self,
        text: &str,
        sentences: &[Span],
        words: Option<&[Span]>,
    ) -> Result<(Vec<Mention>, [Duration; 3])> {
        let begun = Instant::now();
        let cut = |&sentence| {
            let seen = Seen::new(text, sentence, words);
            let cut = Cut::new(self.pieces.encode(seen.bridged.text())?, &seen);
            Ok((seen, cut))
        };
        let (seen, cut): (Vec<Seen>, Vec<Cut>) =
            sentences.par_iter().map(cut).collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let windows = windows::pack(cut.iter().map(|cut| &*cut.pieces), self.config.max_pieces);
        let (was_cut, mut scoring) = (begun.elapsed(), Duration::ZERO);

        let mut found = vec![Vec::new(); seen.len()];
        for run in windows::runs(&windows, WINDOWS_AT_ONCE) {
            let begun = Instant::now();
            let scored = self.logits(run, &cut)?;
            scoring += begun.elapsed();
            let decoded =
                scored.into_par_iter().map(|(number, logits)| (number, self.decoder.decode(&logits)));
            for (number, names) in decoded.collect::<Vec<_>>() {
                found[number] = names;
            }
        }
        genitives::restore(&seen, &mut found);
        qualifiers::widen(&seen, &mut found);
        agree::settle(&seen, &mut found);
        neighbours::part(&seen, &mut found);
        let lone = surnames::lone(&seen, &found);
        found.iter_mut().zip(lone).for_each(|(found, lone)| found.extend(lone));
        let mentions = seen::mentions(text, &seen, &found);
        let deciding = begun.elapsed().saturating_sub(was_cut + scoring);
        Ok((mentions, [was_cut, scoring, deciding]))
    }

    /// The logits of every word of the sentences in a run of windows.
    fn logits(&self, run: &[Window], cut: &[Cut]) -> Result<Vec<(usize, Vec<f32>)>> {
        let score = |window: &Window| {
            let wanted = window.parts.iter().flat_map(|part| {
                cut[part.sentence].words_in(part).map(|piece| part.at + piece - part.kept.start)
            });
            self.encoder.logits(&window.pieces, &wanted.collect::<Vec<_>>())
        };
        let scored = run.par_iter().map(score).collect::<Result<Vec<_>>>()?;
        let labels = self.config.labels.len();
        let mut of_sentences: Vec<(usize, Vec<f32>)> = Vec::new();
        for (window, scored) in run.iter().zip(scored) {
            let mut rows = scored.as_slice();
            for part in &window.parts {
                let (own, others) = rows.split_at(labels * cut[part.sentence].words_in(part).count());
                rows = others;
                match of_sentences.last_mut() {
                    Some((last, logits)) if *last == part.sentence => logits.extend_from_slice(own),
                    _ => of_sentences.push((part.sentence, own.to_vec())),
                }
            }
        }
        Ok(of_sentences)
    }
}

/// A sentence as the encoder gets it.
struct Cut {
    pieces: Vec<u32>,
    /// For every word in order, the piece whose result it takes.
    of_words: Vec<u32>,
}

impl Cut {
    fn new(encoded: Encoded, seen: &Seen) -> Self {
        let of_words = encoded.of_words(&seen.words).unwrap_or_default();
        Self { pieces: encoded.ids, of_words: of_words.into_iter().map(|piece| piece as u32).collect() }
    }

    /// The pieces of the words whose results a part gives.
    fn words_in(&self, part: &Part) -> impl Iterator<Item = usize> {
        self.of_words.iter().map(|&piece| piece as usize).filter(|piece| part.kept.contains(piece))
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
        Ok(self.find(text, sentences, None)?.0)
    }

    fn recognize_words(&self, text: &str, sentences: &[Span], words: &[Span]) -> Result<Vec<Mention>> {
        Ok(self.find(text, sentences, Some(words))?.0)
    }
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded").field("id", &self.id).finish_non_exhaustive()
    }
}
