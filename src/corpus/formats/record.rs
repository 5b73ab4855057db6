//! A JSON record becomes a document.
//!
//! Read are `text` (or else `body`, or else `content`), `title`, `date` and `id`, or the fields that the settings name;
//! every other field is kept with the document as the bytes it was written in.

use crate::{
    Document, Error, ErrorKind, Position,
    corpus::{
        Columns, Rules,
        date::{field_date, name_date},
        decode,
        reading::{Flow, Reading},
        sha256,
        source::Source,
    },
    document,
};
use encoding_rs::{Encoding, UTF_8};
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Where a text may stand, the best first.
pub(super) const TEXTS: [&str; 3] = ["text", "body", "content"];

/// A record of more fields is none, and each takes memory of its own.
const MOST_FIELDS: usize = 100_000;

/// One record, read field by field so that the fields we do not know keep their order and their bytes.
struct Record {
    text: String,
    title: Option<String>,
    date: Option<String>,
    id: Option<String>,
    foreign: Vec<(String, Box<RawValue>)>,
}

/// A file of records.
pub(super) struct File {
    id: String,
    name: String,
    /// What it is in.
    encoding: &'static Encoding,
    /// What is still to be decoded; UTF-8 if nothing is said.
    left: Option<&'static Encoding>,
}

impl File {
    /// The file and its bytes; UTF-16 is decoded first, for its line ends are not those of other encodings.
    pub fn of<'s>(mut source: Source<'s>, rules: &Rules) -> Result<(Self, Source<'s>), Error> {
        let (id, name) = (source.id.clone(), source.name.clone());
        let chosen = rules.encoding;
        match decode::wide(&source.head(4)?, chosen) {
            None => Ok((Self { id, name, encoding: chosen.unwrap_or(UTF_8), left: chosen }, source)),
            Some(encoding) => {
                let text = decode::decode(&source.whole(rules.most_bytes)?, chosen, |_| None)?.text;
                let source = Source::memory(id.clone(), name.clone(), text.into_bytes());
                Ok((Self { id, name, encoding, left: None }, source))
            }
        }
    }
}

/// A record of a file, as it stands there.
pub(super) struct Raw<'a> {
    pub bytes: Result<&'a [u8], Error>,
    /// Line and column at which it begins, from 1.
    pub at: (u64, u64),
    /// What it is called if it has no id of its own.
    pub number: u64,
}

/// Hands out the document that a record becomes; what is wrong with it is a fault.
pub(super) fn give(raw: Raw<'_>, file: &File, format: &str, reading: &mut Reading<'_>) -> Flow {
    let File { id, name, encoding, left } = file;
    let bytes = *raw.bytes.as_ref().unwrap_or(&&[][..]);
    let rules = reading.rules;
    let record = raw.bytes.and_then(|bytes| parse(bytes, raw.at, *left, rules));
    let (own_id, record) = match record {
        Ok(mut record) => (record.id.take(), Ok(record)),
        Err(error) => (None, Err(error)),
    };
    let own_id = own_id.unwrap_or_else(|| raw.number.to_string());
    let id = reading.unique(format!("{id}#{own_id}"), raw.number);
    let mut document = match record {
        Ok(record) => {
            let mut document = Document::new(id, record.text);
            document.title = record.title;
            document.date = record.date.or_else(|| name_date(name.rsplit('/').next().unwrap_or_default()));
            document.foreign = record.foreign;
            document
        }
        Err(error) => Document::unreadable(id, &error),
    };
    let sha256 = if bytes.is_empty() { String::new() } else { sha256(bytes) };
    let encoding = decode::name_of(encoding);
    document.source =
        document::Source { encoding, bytes: bytes.len() as u64, sha256, ..reading.source(format) };
    reading.give(document)
}

fn parse(
    bytes: &[u8],
    (line, column): (u64, u64),
    encoding: Option<&'static Encoding>,
    rules: &Rules,
) -> Result<Record, Error> {
    let at = |lines: u64, columns: u64| match lines {
        0 => Position::Line { line, column: column + columns },
        _ => Position::Line { line: line + lines, column: columns + 1 },
    };
    let decoded = match encoding {
        Some(encoding) => {
            encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
                let message = format!("not valid {}", decode::name_of(encoding));
                Error::new(ErrorKind::Malformed, message).at(at(0, 0))
            })?
        }
        None => std::str::from_utf8(bytes)
            .map_err(|error| {
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let mut lines = valid.split(|&byte| byte == b'\n').rev();
                let columns = lines.next().map_or(0, <[u8]>::len) as u64;
                Error::new(ErrorKind::Malformed, "not valid utf-8").at(at(lines.count() as u64, columns))
            })?
            .into(),
    };
    let mut deserializer = serde_json::Deserializer::from_str(&decoded);
    let record = InOrder(&rules.columns).deserialize(&mut deserializer);
    record.and_then(|record| deserializer.end().map(|()| record)).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or(&reason).to_owned();
        let place = at(error.line().saturating_sub(1) as u64, (error.column() as u64).saturating_sub(1));
        Error::new(ErrorKind::Malformed, reason).at(place)
    })
}

struct InOrder<'c>(&'c Columns);

impl<'de> DeserializeSeed<'de> for InOrder<'_> {
    type Value = Record;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Record, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for InOrder<'_> {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a JSON object with a field {}", self.0.text.as_deref().unwrap_or(TEXTS[0]))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let columns = self.0;
        let mut fields: Vec<(String, Box<RawValue>)> = Vec::new();
        while let Some(field) = map.next_entry()? {
            if fields.len() == MOST_FIELDS {
                return Err(de::Error::custom(format!("it has more than {MOST_FIELDS} fields")));
            }
            fields.push(field);
        }
        let mut take = |name: &str| -> Result<Option<Box<RawValue>>, A::Error> {
            let Some(at) = fields.iter().position(|(field, _)| field == name) else { return Ok(None) };
            let (_, value) = fields.remove(at);
            if fields.iter().any(|(field, _)| field == name) {
                return Err(de::Error::custom(format!("duplicate field `{name}`")));
            }
            Ok(Some(value).filter(|value| value.get() != "null"))
        };
        let named =
            |column: &'_ Option<String>, usual: &str| column.clone().unwrap_or_else(|| usual.to_owned());
        let title = take(&named(&columns.title, "title"))?;
        let date = take(&named(&columns.date, "date"))?;
        let id = take(&named(&columns.id, "id"))?;
        let texts = columns.text.as_deref().map_or(TEXTS.to_vec(), |text| vec![text]);
        let mut text = None;
        for name in &texts {
            if text.is_none()
                && let Some(value) = take(name)?
            {
                let wrong = match value.get().starts_with('"') {
                    // JSON allows escapes that stand for no character.
                    true => format!("{name} holds half of a character (a lone surrogate)"),
                    false => format!("{name} is not a string"),
                };
                text = Some(string(&value).ok_or_else(|| de::Error::custom(wrong))?);
            }
        }
        let Some(text) = text else {
            let known = fields.iter().map(|(name, _)| name.as_str());
            return Err(de::Error::custom(no_text("field", columns, known)));
        };
        Ok(Record {
            text,
            title: title.and_then(|title| string(&title)).filter(|title| !title.trim().is_empty()),
            date: date.and_then(|date| field_date(&string(&date).unwrap_or_else(|| date.get().to_owned()))),
            id: id.map(|id| string(&id).unwrap_or_else(|| id.get().to_owned())).filter(|id| is_name(id)),
            foreign: fields,
        })
    }
}

fn string(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// What is said where no field or column has the text, with those that there are.
pub(super) fn no_text<'n>(what: &str, columns: &Columns, known: impl Iterator<Item = &'n str>) -> String {
    let wanted = columns.text.as_deref().unwrap_or("text, body or content");
    let known: String = known.collect::<Vec<_>>().join(", ").chars().take(200).collect();
    format!("there is no {what} {wanted}; --text-column can name one of: {known}")
}

/// Whether a record's id can be part of a document's: one short line.
pub(super) fn is_name(id: &str) -> bool {
    !id.trim().is_empty() && id.len() <= 200 && !id.contains(char::is_control) && !id.starts_with(['{', '['])
}
