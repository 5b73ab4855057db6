//! What the layers of a document keep to, whoever added them.

use super::Document;
use crate::{Error, ErrorKind, Span};

impl Document {
    /// Whether the layers fit the text: all spans are spans of it; sentences, and paragraphs in another language, are in text
    /// order and disjoint; mentions are in text order, and none is empty. [`Pipeline`](crate::Pipeline) asks after every stage,
    /// and [`tables`](crate::tables) of every document.
    ///
    /// ```
    /// use namenlese::{Document, Label, Mention, Span};
    /// let mut document = Document::new("a", "Wien");
    /// document.mentions = Some(vec![Mention::new(Span::whole("Wien bleibt Wien."), Label::Loc, 1.0)]);
    /// assert!(document.check_layers().is_err(), "a span of another text");
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] with the first span that does not fit.
    pub fn check_layers(&self) -> Result<(), Error> {
        let exceptions = self.language.iter().flat_map(|languages| &languages.exceptions);
        self.check_disjoint("the paragraph", exceptions.map(|(span, _)| *span))?;
        self.check_disjoint("the sentence", self.sentences.iter().flatten().map(|sentence| sentence.span))?;
        let mut last = 0;
        for span in self.mentions.iter().flatten().map(|mention| mention.span) {
            self.check_span("the mention", span)?;
            let wrong = match span.start() < last {
                true => "stands before the one before it",
                false if span.is_empty() => "is empty",
                false => {
                    last = span.start();
                    continue;
                }
            };
            return Err(invalid("the mention", span, wrong));
        }
        Ok(())
    }

    fn check_disjoint(&self, what: &str, spans: impl Iterator<Item = Span>) -> Result<(), Error> {
        let mut done = 0;
        for span in spans {
            self.check_span(what, span)?;
            if span.start() < done {
                return Err(invalid(what, span, "begins before the one before it ends"));
            }
            done = span.end();
        }
        Ok(())
    }

    fn check_span(&self, what: &str, span: Span) -> Result<(), Error> {
        match Span::new(self.text(), span.start(), span.end()) {
            Ok(_) => Ok(()),
            Err(error) => {
                Err(Error::new(error.kind(), format!("{what} is of another text: {}", error.reason())))
            }
        }
    }
}

fn invalid(what: &str, span: Span, wrong: &str) -> Error {
    Error::new(ErrorKind::Invalid, format!("{what} {}..{} {wrong}", span.start(), span.end()))
}

#[cfg(test)]
mod tests {
    use crate::{Document, Label, Mention, Sentence, Span};

    fn told(sentences: &[(usize, usize)], mentions: &[(usize, usize)]) -> String {
        let span =
            |&(start, end): &(usize, usize)| Span::new("Wien bleibt Wien.", start, end).expect("a span");
        let mut document = Document::new("a", "Wien bleibt");
        document.sentences = Some(sentences.iter().map(|at| Sentence { span: span(at) }).collect());
        document.mentions = Some(mentions.iter().map(|at| Mention::new(span(at), Label::Loc, 1.0)).collect());
        document.check_layers().map_or_else(|error| error.reason(), |()| "well".into())
    }

    #[test]
    fn the_first_span_that_does_not_fit_is_told() {
        assert_eq!(told(&[(0, 4), (5, 11)], &[(0, 4), (0, 11), (5, 11)]), "well");
        assert_eq!(told(&[(0, 5), (4, 11)], &[]), "the sentence 4..11 begins before the one before it ends");
        assert_eq!(told(&[], &[(5, 11), (0, 4)]), "the mention 0..4 stands before the one before it");
        assert_eq!(told(&[], &[(4, 4)]), "the mention 4..4 is empty");
        let other = told(&[], &[(12, 16)]);
        assert_eq!(
            other,
            "the mention is of another text: bytes 12..16 are not a span of a text of 11 bytes"
        );
    }
}
