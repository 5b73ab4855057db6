//! A stage of the reader's own: it looks for words in capitals and calls them organisations.
//!
//! Run with `cargo run --example custom_stage`.

use namenlese::{
    Document, Error, Label, Layer, Mention, Pipeline, Stage, detect::Detect, segment::Segment,
    segment::tokens,
};

struct Capitals;

impl Stage for Capitals {
    fn name(&self) -> &'static str {
        "capitals"
    }

    fn reads(&self) -> &'static [Layer] {
        &[Layer::Sentences]
    }

    fn writes(&self) -> Layer {
        Layer::Mentions
    }

    fn apply(&self, document: &mut Document) -> Result<(), Error> {
        let text = document.text();
        let mut mentions = Vec::new();
        for sentence in document.sentences.iter().flatten() {
            for token in tokens(text, sentence.span) {
                let word = token.of(text);
                if word.chars().count() > 2 && word.chars().all(char::is_uppercase) {
                    mentions.push(Mention::new(token, Label::Org, 0.5));
                }
            }
        }
        document.mentions = Some(mentions);
        Ok(())
    }
}

fn main() -> Result<(), Error> {
    let stages: Vec<Box<dyn Stage>> =
        vec![Box::new(Detect::new(Default::default())?), Box::new(Segment), Box::new(Capitals)];
    let pipeline = Pipeline::new(stages, &[])?;
    let documents = [Document::new("a", "Die NATO tagte. Auch die OSZE war dort.")];
    for document in pipeline.stream(documents) {
        for mention in document.mentions.iter().flatten() {
            println!("{}: {} {}", document.id(), mention.span.of(document.text()), mention.label);
        }
    }
    Ok(())
}
