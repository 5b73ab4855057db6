//! The stage over all backends: who reads what, and what stands where they disagree.

use super::Recognizer;
use crate::{Document, Error, ErrorKind, Layer, Mention, Span, Stage};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// The stage that adds [`Document::mentions`].
///
/// Every backend gets the sentences in the languages it reads. Where two backends find names that overlap, the earlier
/// backend wins, unless a list means exactly the same words, and its score is higher. A language that nobody reads is no fault: the document carries a note.
pub struct Recognize {
    backends: Vec<Box<dyn Recognizer>>,
    /// Backends that read every language and so do not make up for a missing recogniser of running text.
    lists: usize,
    calls: Arc<AtomicU64>,
}

impl Recognize {
    /// A stage over backends, the most trusted first.
    ///
    /// Of them, the last `lists` look only for what is known beforehand: names of a list, numbers of a certain look. They do
    /// not make up for a recogniser of running text: of a language that no other reads the document carries a note. Where
    /// one of them finds exactly the words of an earlier backend, with another label and a higher score, its label counts.
    pub fn new(backends: Vec<Box<dyn Recognizer>>, lists: usize) -> Self {
        let lists = lists.min(backends.len());
        Self { backends, lists, calls: Arc::default() }
    }

    /// What the backends are, in order.
    pub fn ids(&self) -> Vec<String> {
        self.backends.iter().map(|backend| backend.id()).collect()
    }

    /// How often backends were given a text so far; it goes on counting.
    pub fn calls(&self) -> Arc<AtomicU64> {
        self.calls.clone()
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
        for (number, backend) in self.backends.iter().enumerate() {
            let is_list = number >= self.trained().len();
            let read: Vec<Span> =
                sentences.iter().copied().filter(|&span| backend.reads(language(span))).collect();
            if read.is_empty() {
                continue;
            }
            self.calls.fetch_add(1, Ordering::Relaxed);
            let mut found = match words {
                Some(words) => backend.recognize_words(text, &read, words)?,
                None => backend.recognize(text, &read)?,
            };
            found.sort_by_key(|mention| (mention.span, mention.label));
            for mention in &found {
                check(text, &read, mention, &**backend)?;
            }
            // Those before are sorted and disjoint.
            let from = |mention: &Mention, mentions: &[Mention]| {
                mentions.partition_point(|earlier| earlier.span.end() <= mention.span.start())
            };
            for mention in &found {
                let at = from(mention, &mentions);
                if is_list
                    && let Some(earlier) = mentions.get_mut(at)
                    && earlier.span == mention.span
                    && earlier.label != mention.label
                    && earlier.score < mention.score
                {
                    *earlier = mention.clone();
                }
            }
            found.retain(|mention| {
                mentions.get(from(mention, &mentions)).is_none_or(|next| !next.span.overlaps(mention.span))
            });
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
        // A document that comes a second time has been told.
        for note in unread.iter().map(|code| format!("no recogniser for {code}")) {
            if !document.notes.contains(&note) {
                document.notes.push(note);
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Label, Sentence};

    /// Finds its word everywhere.
    struct Finds(&'static str, Label, f64);

    impl Recognizer for Finds {
        fn id(&self) -> String {
            "finds".into()
        }

        fn reads(&self, _: &str) -> bool {
            true
        }

        fn recognize(&self, text: &str, _: &[Span]) -> Result<Vec<Mention>, Error> {
            let found = text
                .match_indices(self.0)
                .map(|(at, word)| Ok(Mention::new(Span::new(text, at, at + word.len())?, self.1, self.2)));
            found.collect()
        }
    }

    fn labels(first: Finds, second: Finds) -> Vec<(String, Label)> {
        let text = "Kiew schwieg.";
        let mut document = Document::new("a", text);
        document.sentences = Some(vec![Sentence { span: Span::whole(text) }]);
        let stage = Recognize::new(vec![Box::new(first), Box::new(second)], 1);
        stage.apply(&mut document).expect("both keep their promises");
        let mentions = document.mentions.unwrap_or_default();
        mentions.iter().map(|mention| (mention.span.of(text).to_owned(), mention.label)).collect()
    }

    #[test]
    fn a_list_knows_the_label_better_only_where_the_first_is_unsure_of_the_same_words() {
        let listed = || Finds("Kiew", Label::Loc, 0.9);
        assert_eq!(labels(Finds("Kiew", Label::Per, 0.6), listed()), [("Kiew".into(), Label::Loc)]);
        assert_eq!(labels(Finds("Kiew", Label::Per, 0.9), listed()), [("Kiew".into(), Label::Per)]);
        assert_eq!(
            labels(Finds("Kiew schwieg", Label::Per, 0.6), listed()),
            [("Kiew schwieg".into(), Label::Per)]
        );
    }
}
