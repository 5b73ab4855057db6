//! Lines to documents.

use super::{
    FOREIGN, LONGEST_LINE, OURS,
    fields::{FaultField, LanguageField, MentionField, NormalField, SourceField},
    is_taken,
};
use crate::{
    Document, Error, ErrorKind, Label, Mention, Position, Result, Sentence, Span,
    document::{CodePoints, Fault, Language, Languages, NormalForm, Source},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{
    fmt,
    io::{BufRead, Read},
};

/// The documents of a stream. A malformed line is an error, and the next line is read after it; after a failure to
/// read there is nothing more.
///
/// ```
/// use namenlese::wire::Reader;
/// let lines = "{\"id\":\"a\",\"text\":\"Wien\"}\n{\"id\":7}\n";
/// let mut documents = Reader::new(lines.as_bytes());
/// assert_eq!(documents.next().expect("a line")?.text(), "Wien");
/// let error = documents.next().expect("a line").expect_err("its id is a number");
/// assert!(error.to_string().starts_with("line 2, column 7: "), "{error}");
/// # Ok::<(), namenlese::Error>(())
/// ```
#[derive(Debug)]
pub struct Reader<R> {
    reader: R,
    /// The line read last, from 1.
    line: u64,
    over: bool,
}

impl<R: BufRead> Reader<R> {
    /// Reads a stream from its beginning.
    pub fn new(reader: R) -> Self {
        Self { reader, line: 0, over: false }
    }

    /// The number of the line read last, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    fn next_line(&mut self) -> Option<Result<Vec<u8>>> {
        self.line += 1;
        let mut line = Vec::new();
        let read = self.reader.by_ref().take(LONGEST_LINE + 2).read_until(b'\n', &mut line);
        if let Err(error) = read {
            self.over = true;
            return Some(Err(Error::from(error).at(Position::Line { line: self.line, column: 1 })));
        }
        if line.is_empty() {
            self.over = true;
            return None;
        }
        let ended = line.last() == Some(&b'\n');
        while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            line.pop();
        }
        if line.len() as u64 > LONGEST_LINE {
            if !ended && let Err(error) = self.reader.skip_until(b'\n') {
                self.over = true;
                return Some(Err(error.into()));
            }
            let at = Position::Line { line: self.line, column: LONGEST_LINE + 1 };
            return Some(Err(Error::new(ErrorKind::Malformed, "the line is longer than 64 MiB").at(at)));
        }
        if self.line == 1 && line.starts_with(b"\xEF\xBB\xBF") {
            line.drain(..3);
        }
        Some(Ok(line))
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Document>;

    fn next(&mut self) -> Option<Result<Document>> {
        while !self.over {
            match self.next_line()? {
                Ok(line) if line.trim_ascii().is_empty() => {}
                Ok(line) => return Some(read_line(&line, self.line)),
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}

/// Reads one line, without its end; `number` is what errors call it.
///
/// # Errors
/// [`ErrorKind::Malformed`] with line and column if it is not a record as this module describes.
pub fn read_line(line: &[u8], number: u64) -> Result<Document> {
    let record = Record { line: number };
    let text =
        std::str::from_utf8(line).map_err(|error| record.error(error.valid_up_to(), "not valid UTF-8"))?;
    let fields: Fields<'_> = serde_json::from_str(text).map_err(|error| record.json(0, &error))?;
    record.document(text, fields.0)
}

/// Puts the layers that [`write_layers`](super::write_layers) wrote into a document of the same text, and adds the notes.
///
/// ```
/// use namenlese::{Document, Layer, Sentence, Span, wire::{read_layers, write_layers}};
/// let mut document = Document::new("a", "Wien.");
/// document.sentences = Some(vec![Sentence { span: Span::whole(document.text()) }]);
/// let layers = write_layers(&document, &[Layer::Sentences], &[])?;
/// let mut same = Document::new("b", "Wien.");
/// read_layers(&mut same, &layers)?;
/// assert_eq!(same.sentences, document.sentences);
/// # Ok::<(), namenlese::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Malformed`] for anything else, as far as the text shows it; the document is then as it was.
pub fn read_layers(document: &mut Document, layers: &[u8]) -> Result<()> {
    let record = Record { line: 1 };
    let fields: Fields<'_> = serde_json::from_slice(layers).map_err(|error| record.json(0, &error))?;
    let mut found = [None; 4];
    for (name, value) in fields.0 {
        let known = ["language", "sentences", "mentions", "notes"].iter().position(|&one| one == name);
        let known = known.ok_or_else(|| record.error(0, format!("unknown layer {name}")))?;
        found[known] = Some((0, value));
    }
    let [language, sentences, mentions, notes] = found;
    let notes = notes.map(|value| record.parse::<Vec<String>>(value)).transpose()?;
    record.layers(document, [language, sentences, mentions])?;
    document.notes.extend(notes.into_iter().flatten());
    Ok(())
}

/// The fields of a record in their order, with their values as they were written.
struct Fields<'l>(Vec<(String, &'l RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object with the fields id and text")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// A value and the byte of the line it begins at.
type Value<'l> = (usize, &'l RawValue);

/// What errors of one line have in common.
struct Record {
    line: u64,
}

impl Record {
    /// `at` is a byte of the line, from 0.
    fn error(&self, at: usize, message: impl Into<String>) -> Error {
        let position = Position::Line { line: self.line, column: at as u64 + 1 };
        Error::new(ErrorKind::Malformed, message.into()).at(position)
    }

    fn json(&self, offset: usize, error: &serde_json::Error) -> Error {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or(&reason).to_owned();
        self.error(offset + error.column().saturating_sub(1), reason)
    }

    fn parse<T: DeserializeOwned>(&self, (at, value): Value<'_>) -> Result<T> {
        serde_json::from_str(value.get()).map_err(|error| {
            let at = if error.is_data() { at } else { at + error.column().saturating_sub(1) };
            let reason = error.to_string();
            self.error(at, reason.split(" at line ").next().unwrap_or(&reason))
        })
    }

    fn document(&self, line: &str, fields: Vec<(String, &RawValue)>) -> Result<Document> {
        let mut ours: [Option<Value<'_>>; OURS.len()] = [None; OURS.len()];
        let mut foreign = Vec::new();
        for (name, value) in fields {
            let at = value.get().as_ptr().addr().saturating_sub(line.as_ptr().addr());
            if let Some(index) = OURS.iter().position(|&one| one == name) {
                if ours[index].is_some() {
                    return Err(self.error(at, format!("the field {name} stands here twice")));
                }
                // A null says that the stage has not run.
                ours[index] = Some((at, value));
            } else {
                let bare = name.strip_prefix(FOREIGN).filter(|_| is_taken(&name)).map(str::to_owned);
                foreign.push((bare.unwrap_or(name), value.to_owned()));
            }
        }
        let [id, text, title, date, source, language, sentences, mentions, notes, faults] =
            ours.map(|value| value.filter(|(_, raw)| raw.get() != "null"));
        let required = |value: Option<Value<'_>>, name: &str| match value {
            Some(value) => self.parse::<String>(value),
            None => Err(self.error(0, format!("the record has no field {name}"))),
        };
        let mut document = Document::new(required(id, "id")?, required(text, "text")?);
        document.foreign = foreign;
        document.title = title.map(|value| self.parse(value)).transpose()?;
        document.date = date.map(|value| self.parse(value)).transpose()?;
        if let Some(value) = source {
            let SourceField { path, format, encoding, bytes, sha256 } = self.parse(value)?;
            document.source = Source { path, format, encoding, bytes, sha256 };
        }
        document.notes = notes.map(|value| self.parse(value)).transpose()?.unwrap_or_default();
        if let Some(value) = faults {
            for FaultField { stage, kind, reason } in self.parse::<Vec<_>>(value)? {
                let kind = ErrorKind::from_name(&kind)
                    .ok_or_else(|| self.error(value.0, format!("unknown kind of fault {kind:?}")))?;
                document.faults.push(Fault { stage, kind, reason });
            }
        }
        self.layers(&mut document, [language, sentences, mentions])?;
        Ok(document)
    }

    /// Puts layers into a document; those that are not given stay what they are.
    fn layers(
        &self,
        document: &mut Document,
        [language, sentences, mentions]: [Option<Value<'_>>; 3],
    ) -> Result<()> {
        let points = CodePoints::new(document.text());
        let language = language.map(|value| self.languages(value, &points)).transpose()?;
        let sentences = sentences.map(|value| self.sentences(value, &points)).transpose()?;
        let mentions = mentions.map(|value| self.mentions(value, document.text(), &points)).transpose()?;
        document.language = language.or(document.language.take());
        document.sentences = sentences.or(document.sentences.take());
        document.mentions = mentions.or(document.mentions.take());
        Ok(())
    }

    fn span(&self, at: usize, points: &CodePoints<'_>, start: usize, end: usize) -> Result<Span> {
        points.span(start, end).map_err(|error| self.error(at, error.reason()))
    }

    fn languages(&self, value: Value<'_>, points: &CodePoints<'_>) -> Result<Languages> {
        let LanguageField { code, confidence, script, assumed, exceptions } = self.parse(value)?;
        let mut others: Vec<(Span, Language)> = Vec::with_capacity(exceptions.len());
        for one in exceptions {
            let span = self.span(value.0, points, one.start, one.end)?;
            if others.last().is_some_and(|(last, _)| last.end() > span.start()) {
                return Err(self.error(value.0, "exceptions are out of order or overlap"));
            }
            let (code, confidence) = (one.code, one.confidence);
            others.push((span, Language { code, confidence, script: one.script, assumed: one.assumed }));
        }
        Ok(Languages { document: Language { code, confidence, script, assumed }, exceptions: others })
    }

    fn sentences(&self, value: Value<'_>, points: &CodePoints<'_>) -> Result<Vec<Sentence>> {
        let mut sentences: Vec<Sentence> = Vec::new();
        for [start, end] in self.parse::<Vec<[usize; 2]>>(value)? {
            let span = self.span(value.0, points, start, end)?;
            if sentences.last().is_some_and(|last| last.span.end() > span.start()) {
                return Err(
                    self.error(value.0, format!("the sentence {start}..{end} overlaps the one before"))
                );
            }
            sentences.push(Sentence { span });
        }
        Ok(sentences)
    }

    fn mentions(&self, value: Value<'_>, text: &str, points: &CodePoints<'_>) -> Result<Vec<Mention>> {
        let fields: Vec<MentionField> = self.parse(value)?;
        let mut mentions: Vec<Mention> = Vec::with_capacity(fields.len());
        for field in fields {
            let (start, end) = (field.start, field.end);
            let wrong = |message: &str| self.error(value.0, format!("mention {start}..{end}: {message}"));
            let span = self.span(value.0, points, start, end)?;
            if span.is_empty() {
                return Err(wrong("it is empty"));
            }
            if field.surface.is_some_and(|surface| surface != span.of(text)) {
                return Err(wrong("its surface is not the text between its offsets"));
            }
            if mentions.last().is_some_and(|last| last.span.start() > span.start()) {
                return Err(wrong("it stands before the mention before it"));
            }
            let label: Label = field.label.parse().map_err(|error: Error| wrong(&error.reason()))?;
            let mut mention = Mention::new(span, label, field.score);
            mention.form = field.form.parse().map_err(|error: Error| wrong(&error.reason()))?;
            if let Some(NormalField { candidates, title_or_role, chain }) = field.normal {
                mention.normal = Some(NormalForm { candidates, title_or_role, chain });
            }
            mentions.push(mention);
        }
        Ok(mentions)
    }
}
