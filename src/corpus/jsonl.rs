//! JSON Lines: one record a line, one document a record.
//!
//! Read are `text` (or else `body`, or else `content`), `title`, `date` and `id`; every other field is kept with the
//! document as the bytes it was written in. A line that is no record is a document with a fault, and reading goes on.

use super::date::{field_date, name_date};
use crate::{Document, Error, ErrorKind, Position, document::Source};
use encoding_rs::Encoding;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::{
    collections::HashSet,
    fmt,
    io::{BufRead, Read},
};

/// A longer line is no record that anyone meant; it is skipped, not held in memory.
const LONGEST_LINE: u64 = 64 << 20;
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The documents of a stream of records.
pub(super) struct Records<R> {
    pub reader: R,
    /// Id and path of the container.
    pub id: String,
    pub path: String,
    pub encoding: Option<&'static Encoding>,
    /// The line read last, from 1.
    line: u64,
    /// Ids given so far: a record's own id may come twice.
    given: HashSet<String>,
    over: bool,
}

impl<R: BufRead> Records<R> {
    pub fn new(reader: R, id: &str, path: &str, encoding: Option<&'static Encoding>) -> Self {
        let (id, path) = (id.to_owned(), path.to_owned());
        Self { reader, id, path, encoding, line: 0, given: HashSet::new(), over: false }
    }

    /// The next line with its end, if it is not too long; `None` at the end of the stream.
    fn next_line(&mut self) -> Option<Result<Vec<u8>, Error>> {
        self.line += 1;
        let mut line = Vec::new();
        let read = self.reader.by_ref().take(LONGEST_LINE + 1).read_until(b'\n', &mut line);
        match read {
            Ok(0) => None,
            Ok(_) if line.len() as u64 > LONGEST_LINE && line.last() != Some(&b'\n') => {
                let error =
                    Error::new(ErrorKind::Malformed, "the line is longer than 64 MiB").at(self.place(1));
                // What is left of the line is passed over; a failure here comes again with the next line.
                let _ = self.reader.skip_until(b'\n');
                Some(Err(error))
            }
            Ok(_) => {
                if self.line == 1 && line.starts_with(MARK) {
                    line.drain(..MARK.len());
                }
                Some(Ok(line))
            }
            Err(error) => {
                self.over = true;
                Some(Err(Error::from(error).at(self.place(1))))
            }
        }
    }

    fn place(&self, column: u64) -> Position {
        Position::Line { line: self.line, column }
    }

    fn document(&mut self, line: Result<&[u8], Error>) -> Document {
        let bytes = *line.as_ref().unwrap_or(&&[][..]);
        let record = line.and_then(|line| self.record(line));
        let (own_id, record) = match record {
            Ok(mut record) => (record.id.take(), Ok(record)),
            Err(error) => (None, Err(error)),
        };
        let id = self.unique(own_id);
        let mut document = match record {
            Ok(record) => {
                let mut document = Document::new(id, record.text);
                document.title = record.title;
                document.date =
                    record.date.or_else(|| name_date(self.path.rsplit('/').next().unwrap_or_default()));
                document.foreign = record.foreign;
                document
            }
            Err(error) => Document::unreadable(id, &error),
        };
        let encoding =
            self.encoding.map_or("utf-8".to_owned(), |encoding| encoding.name().to_ascii_lowercase());
        let sha256 = if bytes.is_empty() { String::new() } else { super::sha256(bytes) };
        document.source = Source {
            path: self.path.clone(),
            format: "jsonl".into(),
            encoding,
            bytes: bytes.len() as u64,
            sha256,
        };
        document
    }

    fn record(&self, line: &[u8]) -> Result<Record, Error> {
        let decoded = match self.encoding {
            Some(encoding) => {
                encoding.decode_without_bom_handling_and_without_replacement(line).ok_or_else(|| {
                    let message = format!("not valid {}", encoding.name().to_ascii_lowercase());
                    Error::new(ErrorKind::Malformed, message).at(self.place(1))
                })?
            }
            None => std::str::from_utf8(line)
                .map_err(|error| {
                    let at = self.place(error.valid_up_to() as u64 + 1);
                    Error::new(ErrorKind::Malformed, "not valid utf-8").at(at)
                })?
                .into(),
        };
        serde_json::from_str(&decoded).map_err(|error| {
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or(&reason).to_owned();
            Error::new(ErrorKind::Malformed, reason).at(self.place(error.column() as u64))
        })
    }

    /// The container's id, `#`, and the record's own id or its line; a second time with the line added.
    fn unique(&mut self, own: Option<String>) -> String {
        let mut id = format!("{}#{}", self.id, own.unwrap_or_else(|| self.line.to_string()));
        while !self.given.insert(id.clone()) {
            id.push_str(&format!("#{}", self.line));
        }
        id
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Document;

    fn next(&mut self) -> Option<Document> {
        while !self.over {
            match self.next_line()? {
                Ok(line) if line.trim_ascii().is_empty() => {}
                Ok(line) => {
                    let line = line.strip_suffix(b"\n").unwrap_or(&line);
                    return Some(self.document(Ok(line.strip_suffix(b"\r").unwrap_or(line))));
                }
                Err(error) => return Some(self.document(Err(error))),
            }
        }
        None
    }
}

/// One record, read field by field so that the fields we do not know keep their order and their bytes.
struct Record {
    text: String,
    title: Option<String>,
    date: Option<String>,
    id: Option<String>,
    foreign: Vec<(String, Box<RawValue>)>,
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

struct RecordVisitor;

/// Where a text may stand, the best first.
const TEXTS: [&str; 3] = ["text", "body", "content"];

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object with a field text")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let mut fields: Vec<(String, Box<RawValue>)> = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        let mut take = |name: &'static str| -> Result<Option<Box<RawValue>>, A::Error> {
            let Some(at) = fields.iter().position(|(field, _)| field == name) else { return Ok(None) };
            let (_, value) = fields.remove(at);
            if fields.iter().any(|(field, _)| field == name) {
                return Err(de::Error::duplicate_field(name));
            }
            Ok(Some(value).filter(|value| value.get() != "null"))
        };
        let (title, date, id) = (take("title")?, take("date")?, take("id")?);
        let mut text = None;
        for name in TEXTS {
            if text.is_none()
                && let Some(value) = take(name)?
            {
                text =
                    Some(string(&value).ok_or_else(|| de::Error::custom(format!("{name} is not a string")))?);
            }
        }
        Ok(Record {
            text: text.ok_or_else(|| de::Error::missing_field("text"))?,
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

/// Whether a record's id can be part of a document's: one short line.
fn is_name(id: &str) -> bool {
    !id.trim().is_empty() && id.len() <= 200 && !id.contains(char::is_control) && !id.starts_with(['{', '['])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(lines: impl AsRef<[u8]>) -> Vec<Document> {
        Records::new(lines.as_ref(), "a.jsonl", "in/a.jsonl", None).collect()
    }

    fn reason(document: &Document) -> &str {
        &document.faults[0].reason
    }

    #[test]
    fn a_record_becomes_a_document_and_foreign_fields_keep_their_bytes() {
        let line = r#"{"zahl": 1.50 ,"id":"wien","text":"Wien bleibt\nWien.","b":{"x" : [1, 2]},"title":"T","date":"2023-09-14T08:00Z","u":"\u00e9"}"#;
        let documents = read(format!("\u{feff}{line}\r\n\r\n{{\"body\":\"x\",\"content\":\"y\",\"id\":7}}"));
        let document = &documents[0];
        assert_eq!((document.id(), document.text()), ("a.jsonl#wien", "Wien bleibt\nWien."));
        assert_eq!((document.title.as_deref(), document.date.as_deref()), (Some("T"), Some("2023-09-14")));
        let foreign: Vec<_> = document.foreign.iter().map(|(name, value)| (&**name, value.get())).collect();
        assert_eq!(foreign, [("zahl", "1.50"), ("b", r#"{"x" : [1, 2]}"#), ("u", r#""\u00e9""#)]);
        assert_eq!(document.source.bytes, line.len() as u64);
        assert_eq!(document.source.sha256, crate::corpus::sha256(line.as_bytes()));
        assert_eq!(document.source.path, "in/a.jsonl");
        assert_eq!((documents[1].id(), documents[1].text()), ("a.jsonl#7", "x"));
        assert_eq!(documents[1].foreign[0].0, "content");
    }

    #[test]
    fn bad_lines_are_faults_with_their_place_and_reading_goes_on() {
        let lines = b"{\"text\":\"a\"}\n{\"text\": oops}\n[1]\n{\"title\":\"t\"}\n{\"text\":\"\xFF\"}\n{\"text\":1}\n\
            {\"text\":\"a\",\"text\":\"b\"}\n{\"text\":\"z\"";
        let documents = read(lines);
        let ids: Vec<_> = documents.iter().map(Document::id).collect();
        assert_eq!(ids, (1..=8).map(|line| format!("a.jsonl#{line}")).collect::<Vec<_>>());
        assert!(documents[0].faults.is_empty());
        assert!(
            documents[1..].iter().all(|document| document.faults.len() == 1 && document.text().is_empty())
        );
        assert_eq!(reason(&documents[1]), "line 2, column 10: expected value");
        assert!(reason(&documents[2]).starts_with("line 3, column "), "{}", reason(&documents[2]));
        assert!(reason(&documents[3]).contains("missing field `text`"), "{}", reason(&documents[3]));
        assert_eq!(reason(&documents[4]), "line 5, column 10: not valid utf-8");
        assert!(reason(&documents[5]).contains("text is not a string"));
        assert!(reason(&documents[6]).contains("duplicate field `text`"));
        assert!(reason(&documents[7]).starts_with("line 8, column "));
    }

    #[test]
    fn ids_that_come_twice_are_told_apart() {
        let documents = read("{\"text\":\"\"}\n{\"id\":\"1\",\"text\":\"\"}\n{\"id\":\"1\",\"text\":\"\"}\n");
        let ids: Vec<_> = documents.iter().map(Document::id).collect();
        assert_eq!(ids, ["a.jsonl#1", "a.jsonl#1#2", "a.jsonl#1#3"]);
    }

    #[test]
    fn an_endless_line_is_one_fault() {
        let long = std::io::repeat(b'x').take(LONGEST_LINE + 5);
        let lines = long.chain(&b"\n{\"text\":\"after\"}\n"[..]);
        let documents: Vec<_> = Records::new(std::io::BufReader::new(lines), "s", "s", None).collect();
        assert_eq!(documents.len(), 2);
        assert_eq!(reason(&documents[0]), "line 1, column 1: the line is longer than 64 MiB");
        assert_eq!(documents[1].text(), "after");
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in "[\\[{\"text:,1e}\\]\n\\\\ ]{0,120}") {
            let _ = (read(bytes), read(text));
        }
    }
}
