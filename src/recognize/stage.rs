//! The stage over all backends: who reads what, and what stands where they disagree.

use super::Recognizer;
use crate::{Document, Error, ErrorKind, Layer, Mention, Span, Stage};
use std::collections::BTreeSet;

/// The stage that adds [`Document::mentions`].
///
/// Every backend gets the sentences in the languages it reads. Where two backends find names that overlap, the earlier
/// backend wins. A language that nobody reads is no fault: the document carries a note.
pub struct Recognize {
    backends: Vec<Box<dyn Recognizer>>,
    /// Backends that read every language and so do not make up for a missing recogniser of running text.
    lists: usize,
}

impl Recognize {
    /// A stage over backends, the most trusted first. Of them, the last `lists` only look for names known beforehand.
    pub fn new(backends: Vec<Box<dyn Recognizer>>, lists: usize) -> Self {
        let lists = lists.min(backends.len());
        Self { backends, lists }
    }

    /// What the backends are, in order.
    pub fn ids(&self) -> Vec<String> {
        self.backends.iter().map(|backend| backend.id()).collect()
    }

    /// The mentions of all backends in sentences of a text, in order and disjoint. `language` gives the language of a
    /// sentence; `words`, where they are known, are the words of all sentences in order.
    ///
    /// # Errors
    /// Those of the backends, and [`ErrorKind::Invalid`] if one breaks its promises.
    pub fn mentions<'l>(
        &self,
        text: &str,
        sentences: &[Span],
        language: impl Fn(Span) -> &'l str,
        words: Option<&[Span]>,
    ) -> Result<Vec<Mention>, Error> {
        let mut mentions: Vec<Mention> = Vec::new();
        for backend in &self.backends {
            let read: Vec<Span> =
                sentences.iter().copied().filter(|&span| backend.reads(language(span))).collect();
            if read.is_empty() {
                continue;
            }
            let mut found = match words {
                Some(words) => backend.recognize_words(text, &read, words)?,
                None => backend.recognize(text, &read)?,
            };
            found.sort_by_key(|mention| (mention.span, mention.label));
            for mention in &found {
                check(text, &read, mention, &**backend)?;
            }
            let free = |mention: &Mention| {
                // Those before are sorted and disjoint.
                let after = mentions.partition_point(|earlier| earlier.span.end() <= mention.span.start());
                mentions.get(after).is_none_or(|next| !next.span.overlaps(mention.span))
            };
            let mut found: Vec<Mention> = found.into_iter().filter(free).collect();
            found.dedup_by(|later, earlier| earlier.span.overlaps(later.span));
            mentions.extend(found);
            mentions.sort_by_key(|mention| mention.span);
        }
        Ok(mentions)
    }

    fn trained(&self) -> &[Box<dyn Recognizer>] {
        &self.backends[..self.backends.len() - self.lists]
    }
}

impl Stage for Recognize {
    fn name(&self) -> &'static str {
        "recognize"
    }

    fn reads(&self) -> &'static [Layer] {
        &[Layer::Language, Layer::Sentences]
    }

    fn writes(&self) -> Layer {
        Layer::Mentions
    }

    fn apply(&self, document: &mut Document) -> Result<(), Error> {
        let text = document.text();
        let sentences: Vec<Span> =
            document.sentences.iter().flatten().map(|sentence| sentence.span).collect();
        let language = |span: Span| {
            document.language.as_ref().map_or("", |languages| languages.at(span.start()).code.as_str())
        };
        let mentions = self.mentions(text, &sentences, language, None)?;
        let unread: BTreeSet<String> = sentences
            .iter()
            .map(|&sentence| language(sentence))
            .filter(|&code| !self.trained().is_empty() && !self.trained().iter().any(|one| one.reads(code)))
            .map(str::to_owned)
            .collect();
        document.mentions = Some(mentions);
        document.notes.extend(unread.iter().map(|code| format!("no recogniser for {code}")));
        Ok(())
    }
}

/// A backend keeps its promises: spans of the text, inside one sentence, not empty.
fn check(text: &str, sentences: &[Span], mention: &Mention, backend: &dyn Recognizer) -> Result<(), Error> {
    let span = Span::new(text, mention.span.start(), mention.span.end())?;
    let after = sentences.partition_point(|sentence| sentence.start() <= span.start());
    let inside = after.checked_sub(1).is_some_and(|index| sentences[index].contains(span));
    if span.is_empty() || !inside {
        let message =
            format!("{} gave the span {}..{} outside a sentence", backend.id(), span.start(), span.end());
        return Err(Error::new(ErrorKind::Invalid, message));
    }
    Ok(())
}

impl std::fmt::Debug for Recognize {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.ids()).finish()
    }
}
