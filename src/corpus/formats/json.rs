//! JSON: an array of records, one record, or records one after another. They are cut apart before they are parsed, so that a
//! long array takes no memory and a broken record costs no other.

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
use std::io::{self, BufRead};

pub(super) const FORMAT: Format = Format {
    name: "json",
    endings: &["json"],
    signature: Signature::Text(begins),
    about: "an array of such records, or a single one",
    read: HowRead::Stream(read),
};

fn begins(head: &[u8]) -> bool {
    let record = match head.strip_prefix(b"[") {
        Some(inside) => inside.trim_ascii_start(),
        None => head,
    };
    record.strip_prefix(b"{").is_some_and(|inside| inside.trim_ascii_start().starts_with(b"\""))
}

fn read(source: Source<'_>, reading: &mut Reading<'_>) -> Flow {
    let (file, source) = File::of(source, reading.rules)?;
    let mut pieces = Pieces::new(source.reader(), reading.rules.most_bytes);
    let mut number = 0;
    while let Some(piece) = pieces.next()? {
        number += 1;
        let raw = Raw { bytes: piece.map(|()| pieces.piece.as_slice()), at: pieces.began, number };
        record::give(raw, &file, FORMAT.name, reading)?;
    }
    match pieces.wrong {
        Some(wrong) => Err(wrong.into()),
        None => Ok(()),
    }
}

/// Cuts the values of one outer array, or of the top level, apart.
struct Pieces<R> {
    reader: R,
    most: u64,
    line: u64,
    column: u64,
    /// Whether the outer array is open.
    in_array: bool,
    piece: Vec<u8>,
    /// Line and column of its first byte.
    began: (u64, u64),
    /// What ends the file before its end.
    wrong: Option<Error>,
}

impl<R: BufRead> Pieces<R> {
    fn new(reader: R, most: u64) -> Self {
        let (piece, began) = (Vec::new(), (1, 1));
        Self { reader, most, line: 1, column: 1, in_array: false, piece, began, wrong: None }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.reader.fill_buf()?.first().copied();
        if let Some(byte) = byte {
            self.reader.consume(1);
            (self.line, self.column) =
                if byte == b'\n' { (self.line + 1, 1) } else { (self.line, self.column + 1) };
        }
        Ok(byte)
    }

    fn malformed(&self, message: String) -> Error {
        let (line, column) = self.began;
        Error::new(ErrorKind::Malformed, message).at(Position::Line { line, column })
    }

    /// The next value is in `piece`; it is wrong if it is too long. `None` at the end, or where there is no value.
    fn next(&mut self) -> io::Result<Option<Result<(), Error>>> {
        loop {
            self.began = (self.line, self.column);
            let Some(byte) = self.byte()? else {
                if self.in_array {
                    self.wrong = Some(self.malformed("the file ends inside an array".into()));
                }
                return Ok(None);
            };
            match byte {
                b'[' if !self.in_array => self.in_array = true,
                b']' if self.in_array => self.in_array = false,
                // A byte-order mark, and what stands between values.
                b',' | b' ' | b'\t' | b'\r' | b'\n' | 0xEF | 0xBB | 0xBF => {}
                b'{' | b'[' => return self.value(byte).map(Some),
                b'"' | b'-' | b'0'..=b'9' | b'a'..=b'z' => return self.value(byte).map(Some),
                _ => {
                    self.wrong = Some(self.malformed("this is not JSON".into()));
                    return Ok(None);
                }
            }
        }
    }

    /// The rest of a value: until its brackets are closed, or until what ends a word.
    fn value(&mut self, first: u8) -> io::Result<Result<(), Error>> {
        self.piece.clear();
        self.piece.push(first);
        let mut depth = usize::from(matches!(first, b'{' | b'['));
        let is_nested = depth > 0;
        let (mut in_string, mut escaped) = (first == b'"', false);
        let mut length = 1u64;
        loop {
            if is_nested && depth == 0 {
                break;
            }
            let Some(&byte) = self.reader.fill_buf()?.first() else { break };
            if !is_nested && !in_string && matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n') {
                break;
            }
            self.byte()?;
            length += 1;
            if length <= self.most {
                self.piece.push(byte);
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if length > self.most {
            let message = format!("the record is longer than {}", in_words(self.most));
            return Ok(Err(self.malformed(message)));
        }
        Ok(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::documents;
    use proptest::prelude::*;

    fn read(json: impl AsRef<[u8]>) -> Vec<(String, String)> {
        let documents = documents("a.json", json.as_ref());
        let told = |document: &crate::Document| match document.faults.first() {
            Some(fault) => fault.reason.clone(),
            None => document.text().to_owned(),
        };
        documents.iter().map(|document| (document.id().to_owned(), told(document))).collect()
    }

    fn expect(json: &str, expected: &[(&str, &str)]) {
        let read = read(json);
        let read: Vec<_> = read.iter().map(|(id, told)| (&**id, &**told)).collect();
        assert_eq!(read, expected, "{json}");
    }

    #[test]
    fn arrays_single_records_and_sequences() {
        let many = [("a.json#1", "x"), ("a.json#b", "y ] }")];
        expect("\u{feff}[{\"text\":\"x\"},\r\n {\"id\": \"b\", \"text\": \"y ] }\"}]\n", &many);
        expect("{\"text\":\"x\"}\n{\"id\":\"b\",\"text\":\"y ] }\"}", &many);
        expect("{\n \"text\": \"mit \\\"Zitat\\\"\",\n \"n\": [[1]]\n}", &[("a.json#1", "mit \"Zitat\"")]);
        expect("[]", &[("a.json", "")]);
    }

    #[test]
    fn a_broken_record_costs_no_other_and_has_its_place() {
        expect(
            "[{\"text\":\"x\"},\n {\"text\": oops},\n7,\n{\n\"text\":\n1},{\"text\":\"z\"}]",
            &[
                ("a.json#1", "x"),
                ("a.json#2", "line 2, column 11: expected value"),
                (
                    "a.json#3",
                    "line 3, column 1: invalid type: integer `7`, expected a JSON object with a field text",
                ),
                ("a.json#4", "line 6, column 2: text is not a string"),
                ("a.json#5", "z"),
            ],
        );
        expect(
            "[{\"text\":\"x\"},",
            &[("a.json#1", "x"), ("a.json", "line 1, column 15: the file ends inside an array")],
        );
        expect("[?]", &[("a.json", "line 1, column 2: this is not JSON")]);
        let half = "line 1, column 18: text holds half of a character (a lone surrogate)";
        expect("[{\"text\":\"\\ud800\"}]", &[("a.json#1", half)]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[\\[{\"text:,1e}\\]\n\\\\ ]{0,80}") {
            let _ = (read(bytes), read(text));
        }
    }
}
