//! The stage over all backends: who reads what, and what stands where they disagree.

use super::Recognizer;
use crate::{Document, Error, ErrorKind, Layer, Mention, Span, Stage};
use std::{
    cmp::Reverse,
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// The stage that adds [`Document::mentions`].
///
/// Every backend gets the sentences in the languages it reads. Where two backends find names that overlap, the earlier
/// backend wins; but where a [list](Recognizer::is_list) that comes later finds exactly the same words with a higher score, its
/// label counts. Of names of one backend that overlap the one that begins first is kept, of those the longest, of those the
/// likeliest.
///
/// A language that only lists read is no fault: the document carries a note, unless all backends are lists.
pub struct Recognize {
    backends: Vec<Box<dyn Recognizer>>,
    calls: Arc<AtomicU64>,
}

impl Recognize {
    /// A stage over backends, the most trusted first.
    pub fn new(backends: Vec<Box<dyn Recognizer>>) -> Self {
        Self { backends, calls: Arc::default() }
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
        for backend in &self.backends {
            let read: Vec<Span> =
                sentences.iter().copied().filter(|&span| backend.reads(language(span))).collect();
            if read.is_empty() {
                continue;
            }
            self.calls.fetch_add(1, Ordering::Relaxed);
            let found = match words {
                Some(words) => backend.recognize_words(text, &read, words),
                None => backend.recognize(text, &read),
            };
            let checked = found
                .and_then(|found| found.iter().try_for_each(|one| check(text, &read, one)).map(|()| found));
            let mut found = checked.map_err(|error| error.of(&backend.id()))?;
            let rank = |mention: &Mention| {
                (mention.span.start(), Reverse(mention.span.end()), Reverse(mention.score), mention.label)
            };
            found.sort_by_key(rank);
            // Those before are sorted and disjoint.
            let from = |mention: &Mention, mentions: &[Mention]| {
                mentions.partition_point(|earlier| earlier.span.end() <= mention.span.start())
            };
            for mention in &found {
                let at = from(mention, &mentions);
                if backend.is_list()
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
        let of_running_text: Vec<_> = self.backends.iter().filter(|backend| !backend.is_list()).collect();
        let unread: BTreeSet<String> = sentences
            .iter()
            .map(|&sentence| language(sentence))
            .filter(|code| !of_running_text.is_empty() && !of_running_text.iter().any(|one| one.reads(code)))
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
fn check(text: &str, sentences: &[Span], mention: &Mention) -> Result<(), Error> {
    let span = Span::new(text, mention.span.start(), mention.span.end())?;
    let after = sentences.partition_point(|sentence| sentence.start() <= span.start());
    let inside = after.checked_sub(1).is_some_and(|index| sentences[index].contains(span));
    let wrong = match inside {
        _ if span.is_empty() => "is empty",
        true => return Ok(()),
        false => "does not lie inside one sentence",
    };
    Err(Error::new(ErrorKind::Invalid, format!("the span {}..{} {wrong}", span.start(), span.end())))
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

    /// Finds its words everywhere.
    struct Finds {
        words: &'static [&'static str],
        label: Label,
        score: f64,
        is_list: bool,
    }

    impl Recognizer for Finds {
        fn id(&self) -> String {
            "finds".into()
        }

        fn reads(&self, _: &str) -> bool {
            true
        }

        fn is_list(&self) -> bool {
            self.is_list
        }

        fn recognize(&self, text: &str, _: &[Span]) -> Result<Vec<Mention>, Error> {
            let places = |word: &&'static str| text.match_indices(*word).collect::<Vec<_>>();
            let found = self.words.iter().flat_map(places).map(|(at, word)| {
                Ok(Mention::new(Span::new(text, at, at + word.len())?, self.label, self.score))
            });
            found.collect()
        }
    }

    fn finds(words: &'static [&'static str], label: Label, score: f64) -> Box<Finds> {
        Box::new(Finds { words, label, score, is_list: false })
    }

    fn listed(words: &'static [&'static str], label: Label, score: f64) -> Box<Finds> {
        Box::new(Finds { words, label, score, is_list: true })
    }

    fn found(backends: Vec<Box<dyn Recognizer>>) -> Result<Vec<(String, Label)>, Error> {
        let text = "Kiew schwieg.";
        let mut document = Document::new("a", text);
        document.sentences = Some(vec![Sentence { span: Span::whole(text) }]);
        Recognize::new(backends).apply(&mut document)?;
        let mentions = document.mentions.unwrap_or_default();
        Ok(mentions.iter().map(|mention| (mention.span.of(text).to_owned(), mention.label)).collect())
    }

    #[test]
    fn a_list_knows_the_label_better_only_where_the_first_is_unsure_of_the_same_words() {
        for (words, score, whole, label) in [
            (&["Kiew"], 0.6, "Kiew", Label::Loc),
            (&["Kiew"], 0.9, "Kiew", Label::Per),
            (&["Kiew schwieg"], 0.6, "Kiew schwieg", Label::Per),
        ] {
            let both: Vec<Box<dyn Recognizer>> =
                vec![finds(words, Label::Per, score), listed(&["Kiew"], Label::Loc, 0.9)];
            assert_eq!(found(both).ok(), Some(vec![(whole.to_owned(), label)]));
        }
        // One that stands first is believed, however sure the others are.
        let both: Vec<Box<dyn Recognizer>> =
            vec![listed(&["Kiew"], Label::Loc, 0.1), finds(&["Kiew"], Label::Per, 0.9)];
        assert_eq!(found(both).ok(), Some(vec![("Kiew".to_owned(), Label::Loc)]));
    }

    #[test]
    fn of_overlapping_names_of_one_backend_the_first_and_longest_is_kept() {
        let one: Vec<Box<dyn Recognizer>> =
            vec![finds(&["Kiew", "Kiew schwieg", "schwieg."], Label::Oth, 0.5)];
        assert_eq!(found(one).ok(), Some(vec![("Kiew schwieg".to_owned(), Label::Oth)]));
    }

    #[test]
    fn a_broken_promise_is_told_with_whose_it_is() {
        let told = |words| found(vec![finds(words, Label::Oth, 0.5)]).map_err(|error| error.reason());
        assert_eq!(told(&[""]), Err("finds: the span 0..0 is empty".to_owned()));
    }
}
