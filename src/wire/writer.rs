//! Documents to lines.

use super::{
    FOREIGN,
    fields::{ExceptionField, FaultField, LanguageField, MentionField, NormalField, SourceField},
    is_taken,
};
use crate::{Document, Error, ErrorKind, Mention, Result, document::CodePoints, document::Source};
use serde::Serialize;
use std::io::Write;

/// Writes a document as one line.
///
/// ```
/// use namenlese::{Document, wire::write_line};
/// let mut line = Vec::new();
/// write_line(&Document::new("a", "Wien"), &mut line)?;
/// assert_eq!(line, b"{\"id\":\"a\",\"text\":\"Wien\"}\n");
/// # Ok::<(), namenlese::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Io`] if writing fails, [`ErrorKind::Interrupted`] if the reader went away.
pub fn write_line(document: &Document, to: &mut impl Write) -> Result<()> {
    let points = CodePoints::new(document.text());
    let mut line = Line(b"{".to_vec());
    line.field("id", document.id())?;
    line.field("text", document.text())?;
    if let Some(title) = &document.title {
        line.field("title", title)?;
    }
    if let Some(date) = &document.date {
        line.field("date", date)?;
    }
    if document.source != Source::default() {
        let Source { path, format, encoding, bytes, sha256 } = document.source.clone();
        line.field("source", &SourceField { path, format, encoding, bytes, sha256 })?;
    }
    if let Some(languages) = &document.language {
        let finite = |confidence: f32| if confidence.is_finite() { confidence } else { 0.0 };
        let own = &languages.document;
        let exceptions = languages.exceptions.iter().map(|(span, language)| ExceptionField {
            start: points.of_byte(span.start()),
            end: points.of_byte(span.end()),
            code: language.code.clone(),
            confidence: finite(language.confidence),
            script: language.script.clone(),
            assumed: language.assumed,
        });
        let field = LanguageField {
            code: own.code.clone(),
            confidence: finite(own.confidence),
            script: own.script.clone(),
            assumed: own.assumed,
            exceptions: exceptions.collect(),
        };
        line.field("language", &field)?;
    }
    if let Some(sentences) = &document.sentences {
        let ends = |span: crate::Span| [points.of_byte(span.start()), points.of_byte(span.end())];
        let spans: Vec<_> = sentences.iter().map(|sentence| ends(sentence.span)).collect();
        line.field("sentences", &spans)?;
    }
    if let Some(mentions) = &document.mentions {
        let mentions: Vec<_> =
            mentions.iter().map(|mention| mention_field(mention, document.text(), &points)).collect();
        line.field("mentions", &mentions)?;
    }
    if !document.notes.is_empty() {
        line.field("notes", &document.notes)?;
    }
    if !document.faults.is_empty() {
        let faults = document.faults.iter().map(|fault| FaultField {
            stage: fault.stage.clone(),
            kind: fault.kind.as_str().to_owned(),
            reason: fault.reason.clone(),
        });
        line.field("faults", &faults.collect::<Vec<_>>())?;
    }
    for (name, value) in &document.foreign {
        let name = if is_taken(name) { format!("{FOREIGN}{name}") } else { name.clone() };
        line.field(&name, value)?;
    }
    line.0.extend(b"}\n");
    to.write_all(&line.0).map_err(Error::from)
}

fn mention_field(mention: &Mention, text: &str, points: &CodePoints<'_>) -> MentionField {
    MentionField {
        start: points.of_byte(mention.span.start()),
        end: points.of_byte(mention.span.end()),
        surface: Some(mention.span.of(text).to_owned()),
        label: mention.label.as_str().to_owned(),
        score: mention.score.value(),
        form: mention.form.as_str().to_owned(),
        normal: mention.normal.as_ref().map(|normal| NormalField {
            candidates: normal.candidates.clone(),
            title_or_role: normal.title_or_role.clone(),
            chain: normal.chain.clone(),
        }),
    }
}

/// A record as far as it is written.
struct Line(Vec<u8>);

impl Line {
    fn field(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Result<()> {
        let failed = |error| Error::new(ErrorKind::Invalid, "a value that JSON cannot hold").caused_by(error);
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        serde_json::to_writer(&mut self.0, name).map_err(failed)?;
        self.0.push(b':');
        serde_json::to_writer(&mut self.0, value).map_err(failed)
    }
}
