//! Sentences and tokens: line structure first, then the ends of sentences in running text, with the German
//! abbreviations as data. `docs/sentences.md` says how often it errs.

mod boundaries;
mod lines;
mod tokens;
mod words;

pub use tokens::{Tokens, tokens};

use crate::{Document, Error, Layer, Sentence, Span, Stage};

/// The most characters a sentence can have. What is longer is a table or a list, and is cut at line ends or blanks.
pub const LONGEST_SENTENCE: usize = 2000;

/// The stage that adds [`Document::sentences`]: every paragraph by the rules of its language.
#[derive(Debug, Clone, Copy, Default)]
pub struct Segment;

impl Stage for Segment {
    fn name(&self) -> &'static str {
        "segment"
    }

    fn reads(&self) -> &'static [Layer] {
        &[Layer::Language]
    }

    fn writes(&self) -> Layer {
        Layer::Sentences
    }

    fn apply(&self, document: &mut Document) -> Result<(), Error> {
        let text = document.text();
        let mut found = Vec::new();
        let mut done = 0;
        let language = document.language.as_ref();
        let exceptions = language.map_or(&[][..], |languages| &languages.exceptions);
        let own = language.map_or("de", |languages| languages.document.code.as_str());
        for (span, language) in exceptions {
            if done <= span.start() {
                found.extend(sentences(text, Span::new(text, done, span.start())?, own));
                found.extend(sentences(text, *span, &language.code));
                done = span.end();
            }
        }
        found.extend(sentences(text, Span::new(text, done, text.len())?, own));
        document.sentences = Some(found.into_iter().map(|span| Sentence { span }).collect());
        Ok(())
    }
}

/// The sentences of a span of `text`: trimmed, ordered, disjoint, and together covering every character in it that is
/// not white space. `language` is a code such as `de`.
///
/// ```
/// use namenlese::{Span, segment::sentences};
/// let text = "Am 3. Oktober sprach Dr. Weber. Danach war Ruhe.";
/// let found = sentences(text, Span::whole(text), "de");
/// assert_eq!(found.last().map(|span| span.of(text)), Some("Danach war Ruhe."));
/// ```
pub fn sentences(text: &str, span: Span, language: &str) -> Vec<Span> {
    let mut sentences = Vec::new();
    for stretch in lines::stretches(text, span, language) {
        for piece in boundaries::split(text, stretch, language) {
            let Ok(piece) = Span::new(text, piece.start, piece.end) else { continue };
            push_cut(text, piece.trimmed(text), &mut sentences);
        }
    }
    sentences
}

/// Adds a sentence, in pieces if it is too long.
fn push_cut(text: &str, mut sentence: Span, sentences: &mut Vec<Span>) {
    while sentence.len() > LONGEST_SENTENCE
        && let Some((limit, _)) = sentence.of(text).char_indices().nth(LONGEST_SENTENCE)
    {
        let window = &sentence.of(text)[..limit];
        let cut = window.rfind(['\n', '\r']).or_else(|| window.rfind(char::is_whitespace)).unwrap_or(limit);
        let middle = sentence.start() + cut;
        let (Ok(head), Ok(rest)) =
            (Span::new(text, sentence.start(), middle), Span::new(text, middle, sentence.end()))
        else {
            break;
        };
        sentences.push(head.trimmed(text));
        sentence = rest.trimmed(text);
    }
    if !sentence.is_empty() {
        sentences.push(sentence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_table_is_cut_and_nothing_is_lost() {
        let text = "Spalte Wert \n".repeat(1000) + &"x".repeat(5000);
        let found = sentences(&text, Span::whole(&text), "de");
        assert!(found.iter().all(|span| span.of(&text).chars().count() <= LONGEST_SENTENCE));
        let joined: String = found.iter().flat_map(|span| span.of(&text).split_whitespace()).collect();
        assert_eq!(joined, text.split_whitespace().collect::<String>());
    }

    #[test]
    fn a_paragraph_follows_its_own_language() {
        use crate::document::{Language, Languages};
        let language = |code: &str| Language {
            code: code.into(),
            confidence: 1.0,
            script: "Latn".into(),
            assumed: false,
        };
        let text = "Er kam.\n\nHe saw Gov. The end.\n\nSie ging.";
        let mut document = Document::new("a", text);
        let paragraph = Span::new(text, 9, 30).expect("a span");
        document.language =
            Some(Languages { document: language("de"), exceptions: vec![(paragraph, language("en"))] });
        Segment.apply(&mut document).expect("no faults");
        let found: Vec<_> =
            document.sentences.iter().flatten().map(|sentence| sentence.span.of(text)).collect();
        assert_eq!(found, ["Er kam.", "He saw Gov. The end.", "Sie ging."]);
    }

    proptest! {
        #[test]
        fn sentences_are_ordered_trimmed_and_lose_nothing(
            text in "([a-zäA-ZÄ]{1,6}|[0-9]{1,3}|z\\. ?B|Dr|[.!?…:;,–()\\[\\]„“\"»«'-]|[ \t\u{a0}]|\n|\r\n|\n\n|。|彼|؟|\u{308}|\u{0}){0,60}",
            language in "de|en|el|fr|zh",
        ) {
            let mut last = 0;
            let mut joined = String::new();
            for span in sentences(&text, Span::whole(&text), &language) {
                prop_assert!(span.start() >= last && !span.is_empty());
                prop_assert_eq!(span, span.trimmed(&text));
                last = span.end();
                joined.extend(span.of(&text).split_whitespace());
            }
            prop_assert_eq!(joined, text.split_whitespace().collect::<String>());
        }
    }
}
