//! JSON Lines: one record a line, one document a record. A line that is no record is a document with a fault, and reading
//! goes on.

use super::{
    Format, Read as HowRead, Signature,
    record::{self, File, Raw},
};
use crate::{
    Error, ErrorKind, Position,
    corpus::{
        reading::{Flow, Reading},
        source::{Source, in_words},
    },
};
use std::io::{BufRead, Read};

pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    endings: &["jsonl", "ndjson"],
    signature: Signature::Text(begins),
    about: "one JSON record a line: text (or body, content), title, date, id; all else is metadata",
    read: HowRead::Stream(read),
};

/// A text may begin with a brace, but then no string follows.
fn begins(head: &[u8]) -> bool {
    let inside = head.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    let lines = head.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    inside.is_some_and(|inside| inside.starts_with(b"\""))
        && (lines.ends_with(b"}") || lines.len() == head.len())
}

const MARK: &[u8] = b"\xEF\xBB\xBF";

fn read(source: Source<'_>, reading: &mut Reading<'_>) -> Flow {
    let most = reading.rules.most_bytes;
    let (file, source) = File::of(source, reading.rules)?;
    let mut reader = source.reader();
    let mut buffer = Vec::new();
    for number in 1.. {
        buffer.clear();
        let at = Position::Line { line: number, column: 1 };
        // Two more for the end of the line.
        let read = reader.by_ref().take(most.saturating_add(2)).read_until(b'\n', &mut buffer);
        if read.map_err(|error| Error::from(error).at(at))? == 0 {
            break;
        }
        let ended = buffer.last() == Some(&b'\n');
        let mut line = buffer.as_slice();
        if number == 1 {
            line = line.strip_prefix(MARK).unwrap_or(line);
        }
        line = line.strip_suffix(b"\n").unwrap_or(line);
        line = line.strip_suffix(b"\r").unwrap_or(line);
        let is_long = line.len() as u64 > most;
        if line.trim_ascii().is_empty() && !is_long {
            continue;
        }
        let bytes = if is_long {
            let message = format!("the line is longer than {}", in_words(most));
            Err(Error::new(ErrorKind::Malformed, message).at(at))
        } else {
            Ok(line)
        };
        record::give(Raw { bytes, at: (number, 1), number }, &file, FORMAT.name, reading)?;
        if is_long && !ended {
            reader.skip_until(b'\n')?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{documents, documents_by, rules};
    use crate::Document;
    use proptest::prelude::*;

    fn read(lines: impl AsRef<[u8]>) -> Vec<Document> {
        documents("in/a.jsonl", lines.as_ref())
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
    fn utf_16_is_decoded_before_it_is_cut_into_lines() {
        let wide = "\u{feff}{\"text\":\"Köln Ċ\"}\r\n{\"text\":\"Bonn\"}\r\n".encode_utf16();
        let documents = read(wide.flat_map(u16::to_le_bytes).collect::<Vec<_>>());
        let told: Vec<_> = documents.iter().map(|one| (one.text(), &*one.source.encoding)).collect();
        assert_eq!(told, [("Köln Ċ", "utf-16le"), ("Bonn", "utf-16le")]);
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
        assert!(
            reason(&documents[3])
                .contains("there is no field text, body or content; --text-column can name one of: "),
            "{}",
            reason(&documents[3])
        );
        assert_eq!(reason(&documents[4]), "line 5, column 10: not valid utf-8");
        assert!(reason(&documents[5]).contains("text is not a string"));
        assert!(reason(&documents[6]).contains("duplicate field `text`"));
        assert!(reason(&documents[7]).starts_with("line 8, column "));
    }

    #[test]
    fn ids_that_come_twice_are_told_apart() {
        let documents = read("{\"text\":\"\"}\n{\"id\":\"1\",\"text\":\"\"}\n{\"id\":\"1\",\"text\":\"\"}\n");
        let ids: Vec<_> = documents.iter().map(Document::id).collect();
        assert_eq!(ids, ["a.jsonl#1", "a.jsonl#1~2", "a.jsonl#1~3"]);
    }

    #[test]
    fn a_record_of_countless_fields_is_a_fault() {
        let record = |fields: usize| format!("{{\"text\":\"Wien\"{}}}\n", ",\"a\":0".repeat(fields));
        let documents = read(record(99_999) + &record(100_000));
        assert_eq!(documents[0].text(), "Wien");
        assert_eq!(reason(&documents[1]), "line 2, column 600015: it has more than 100000 fields");
    }

    #[test]
    fn an_endless_line_is_one_fault() {
        let lines = format!("{}\n{{\"text\":\"after\"}}\n", "x".repeat(2005));
        let rules = crate::corpus::Rules { most_bytes: 2000, ..rules() };
        let documents = documents_by("s.jsonl", lines.as_bytes(), &rules);
        assert_eq!(documents.len(), 2);
        assert_eq!(reason(&documents[0]), "line 1, column 1: the line is longer than 2 kB");
        assert_eq!(documents[1].text(), "after");
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in "[\\[{\"text:,1e}\\]\n\\\\ ]{0,120}") {
            let _ = (read(bytes), read(text));
        }
    }
}
