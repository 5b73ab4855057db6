//! A recogniser of the reader's own beside the packaged lists: it finds the numbers of tickets, such as `NL-2041`.
//!
//! Run with `cargo run --example custom_recognizer`.

use namenlese::{
    Document, Error, Label, Mention, Pipeline, Span,
    detect::Detect,
    normalize::Normalize,
    recognize::{Lists, Recognize, Recognizer},
    segment::{Segment, tokens},
};

/// Finds numbers of tickets of one project.
struct Tickets {
    project: &'static str,
}

impl Tickets {
    fn is_ticket(&self, word: &str) -> bool {
        let number = word.strip_prefix(self.project).and_then(|rest| rest.strip_prefix('-'));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

impl Recognizer for Tickets {
    // Whatever changes what is found belongs into the id: results are kept under it.
    fn id(&self) -> String {
        format!("tickets-1-{}", self.project)
    }

    fn reads(&self, _language: &str) -> bool {
        true
    }

    fn is_list(&self) -> bool {
        true
    }

    fn recognize(&self, text: &str, sentences: &[Span]) -> Result<Vec<Mention>, Error> {
        let words = sentences.iter().flat_map(|&sentence| tokens(text, sentence));
        let tickets = words.filter(|word| self.is_ticket(word.of(text)));
        Ok(tickets.map(|word| Mention::new(word, Label::Oth, 1.0)).collect())
    }
}

fn main() -> Result<(), Error> {
    // The most trusted comes first. Both look for names known beforehand, in any language.
    let tickets = Tickets { project: "NL" };
    let recognize = Recognize::new(vec![Box::new(tickets), Box::new(Lists::packaged())]);
    let pipeline = Pipeline::new(
        vec![
            Box::new(Detect::new(Default::default())?),
            Box::new(Segment),
            Box::new(recognize),
            Box::new(Normalize),
        ],
        &[],
    )?;

    let mut document =
        Document::new("mail", "Aus Österreichs Büro kam NL-2041. NL-neu und XNL-7 sind keine.");
    pipeline.apply(&mut document);
    for mention in document.mentions.iter().flatten() {
        let name = mention.normal.as_ref().and_then(|normal| normal.name()).unwrap_or_default();
        println!("{} {} {name}", mention.span.of(document.text()), mention.label);
    }
    Ok(())
}
