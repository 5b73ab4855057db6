//! Documents to lines.

use super::{
    FOREIGN,
    fields::{ExceptionField, FaultField, LanguageField, MentionField, NormalField, SourceField},
    is_taken,
};
use crate::{
    Document, Error, ErrorKind, Layer, Mention, Result, Span,
    document::{CodePoints, Languages, Source},
};
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
    for layer in [Layer::Language, Layer::Sentences, Layer::Mentions] {
        line.layer(document, &points, layer, true)?;
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

/// Layers and notes of a document without its text, as one JSON object in the fields of a line and without surfaces: what
/// [`read_layers`](super::read_layers) puts back. Mentions take their normal forms along.
///
/// # Errors
/// [`ErrorKind::Invalid`] for a value that JSON cannot hold.
pub fn write_layers(document: &Document, layers: &[Layer], notes: &[String]) -> Result<Vec<u8>> {
    let points = CodePoints::new(document.text());
    let mut line = Line(b"{".to_vec());
    for &layer in layers {
        line.layer(document, &points, layer, false)?;
    }
    if !notes.is_empty() {
        line.field("notes", notes)?;
    }
    line.0.push(b'}');
    Ok(line.0)
}

fn language_field(languages: &Languages, points: &CodePoints<'_>) -> LanguageField {
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
    LanguageField {
        code: own.code.clone(),
        confidence: finite(own.confidence),
        script: own.script.clone(),
        assumed: own.assumed,
        exceptions: exceptions.collect(),
    }
}

fn mention_field(mention: &Mention, surface: Option<String>, points: &CodePoints<'_>) -> MentionField {
    MentionField {
        start: points.of_byte(mention.span.start()),
        end: points.of_byte(mention.span.end()),
        surface,
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
    /// A layer, if the document has it. Normal forms are part of the mentions.
    fn layer(
        &mut self,
        document: &Document,
        points: &CodePoints<'_>,
        layer: Layer,
        surfaces: bool,
    ) -> Result<()> {
        match layer {
            Layer::Language => document
                .language
                .iter()
                .try_for_each(|languages| self.field("language", &language_field(languages, points))),
            Layer::Sentences => document.sentences.iter().try_for_each(|sentences| {
                let ends = |span: Span| [points.of_byte(span.start()), points.of_byte(span.end())];
                let spans: Vec<_> = sentences.iter().map(|sentence| ends(sentence.span)).collect();
                self.field("sentences", &spans)
            }),
            Layer::Mentions => document.mentions.iter().try_for_each(|mentions| {
                let surface =
                    |mention: &Mention| surfaces.then(|| mention.span.of(document.text()).to_owned());
                let fields = mentions.iter().map(|mention| mention_field(mention, surface(mention), points));
                self.field("mentions", &fields.collect::<Vec<_>>())
            }),
            Layer::NormalForms => Ok(()),
        }
    }

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
