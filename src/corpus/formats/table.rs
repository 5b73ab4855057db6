//! CSV and TSV: one document a row. The text stands in a column; title, date and id, too; all other columns are metadata.
//! Separator and quoting are told by the first rows.

use super::{Content, Format, Read as HowRead, Signature, record};
use crate::{
    Error, ErrorKind, Position, Result,
    corpus::{
        Columns,
        date::{field_date, name_date},
        decode,
        reading::{Flow, Halt, Reading},
        sha256,
        source::{Source, in_words},
    },
    document,
};
use csv::ByteRecord;
use encoding_rs::{Encoding, UTF_8};
use std::{
    cell::Cell,
    io::{self, Cursor, Read},
    rc::Rc,
};

pub(super) const CSV: Format = Format {
    name: "csv",
    endings: &["csv"],
    signature: Signature::Unknown,
    about: "a row is a document; columns text (or body, content), title, date, id; all else is metadata",
    read: HowRead::Stream(read_csv),
};

pub(super) const TSV: Format = Format {
    name: "tsv",
    endings: &["tsv", "tab"],
    signature: Signature::Unknown,
    about: "the same, parted by tabs",
    read: HowRead::Stream(read_tsv),
};

fn read_csv(source: Source<'_>, reading: &mut Reading<'_>) -> Flow {
    read(source, reading, CSV.name)
}

fn read_tsv(source: Source<'_>, reading: &mut Reading<'_>) -> Flow {
    read(source, reading, TSV.name)
}

/// Enough of a table to tell its encoding, separator and quoting by.
const SAMPLE: usize = 64 << 10;

fn read(mut source: Source<'_>, reading: &mut Reading<'_>, format: &'static str) -> Flow {
    let (id, name) = (source.id.clone(), source.name.clone());
    let most = reading.rules.most_bytes;
    let head = source.head(SAMPLE)?;
    let mut cells = Cells { encoding: reading.rules.encoding, chosen: reading.rules.encoding.is_some() };
    let wide = decode::wide(&head, cells.encoding);
    let (head, reader): (Vec<u8>, Box<dyn Read + '_>) = if wide.is_some() {
        // Its bytes are not those of the separators: it is decoded first.
        let text = decode::decode(&source.whole(most)?, cells.encoding, |_| None)?.text.into_bytes();
        cells = Cells { encoding: Some(UTF_8), chosen: true };
        (text.get(..text.len().min(SAMPLE)).unwrap_or_default().to_owned(), Box::new(Cursor::new(text)))
    } else {
        (head, Box::new(source.reader()))
    };
    cells.learn(&head);
    let shape = Shape::of(&head, format == TSV.name);
    let (taken, reader) = Bounded::new(reader, most);
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(shape.separator)
        .quoting(shape.quoted)
        .from_reader(reader);
    let mut row = ByteRecord::new();
    let mut header: Option<Header> = None;
    let mut number = 0;
    loop {
        taken.set(0);
        if !rows.read_byte_record(&mut row).map_err(broken)? {
            break;
        }
        // Spreadsheets are told the separator by a line of its own.
        if number == 0 && row.len() <= 2 && row.get(0).is_some_and(|cell| cell.starts_with(b"sep=")) {
            continue;
        }
        number += 1;
        let Some(header) = &header else {
            if row.len() > MOST_COLUMNS {
                let message = format!("it has {} columns, more than {MOST_COLUMNS}", row.len());
                return Err(Error::new(ErrorKind::Malformed, message).into());
            }
            let names = row.iter().map(|cell| {
                cells.decode(cell).map(|name| name.trim_matches(['\u{feff}', ' ', '\t']).to_owned())
            });
            header = Some(Header::new(names.collect::<Result<_>>()?, &reading.rules.columns)?);
            continue;
        };
        let line = row.position().map_or(0, csv::Position::line);
        let content = header.content(&row, &mut cells);
        let content = content.map_err(|error| error.at(Position::Line { line, column: 1 }));
        let (own_id, content) = match content {
            Ok((own_id, content)) => (own_id, Ok(content)),
            Err(error) => (None, Err(error)),
        };
        let own_id = own_id.unwrap_or_else(|| number.to_string());
        let id = reading.unique(format!("{id}#{own_id}"), number);
        let mut document = match content {
            Ok(content) => content.into_document(id).0,
            Err(error) => crate::Document::unreadable(id, &error),
        };
        let of_name = || name_date(name.rsplit('/').next().unwrap_or_default());
        document.date = document.date.take().or_else(of_name);
        document.source = document::Source {
            encoding: wide.map_or_else(|| cells.name(), decode::name_of),
            bytes: row.as_slice().len() as u64,
            sha256: sha256(row.as_slice()),
            ..reading.source(format)
        };
        reading.give(document)?;
    }
    Ok(())
}

fn broken(error: csv::Error) -> Halt {
    let at = error.position().map(csv::Position::line);
    let error = match error.into_kind() {
        csv::ErrorKind::Io(error) => Error::from(error),
        other => Error::new(ErrorKind::Malformed, format!("{other:?}")),
    };
    Halt::Failed(match at {
        Some(line) => error.at(Position::Line { line, column: 1 }),
        None => error,
    })
}

/// A table of more columns is none, and each takes memory of its own.
const MOST_COLUMNS: usize = 100_000;

/// How cells are parted.
struct Shape {
    separator: u8,
    quoted: bool,
}

impl Shape {
    fn of(head: &[u8], is_tsv: bool) -> Self {
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        let mut lines = head.split(|&byte| byte == b'\n');
        let first = lines.next().unwrap_or_default().trim_ascii_end();
        let separator = match first.strip_prefix(b"sep=") {
            Some(&[separator]) => separator,
            _ if is_tsv => b'\t',
            _ => {
                let count = |separator: u8| {
                    let mut quoted = false;
                    let seen = |&&byte: &&u8| {
                        quoted ^= byte == b'"';
                        byte == separator && !quoted
                    };
                    first.iter().filter(seen).count()
                };
                // Of equals the last is meant: the comma.
                [b'|', b'\t', b';', b',']
                    .into_iter()
                    .max_by_key(|&separator| count(separator))
                    .unwrap_or(b',')
            }
        };
        // Tables parted by tabs mostly know no quotes: a cell that begins with one is a text that does.
        let lone = |cell: &[u8]| {
            let cell = cell.strip_suffix(b"\r").unwrap_or(cell);
            cell.strip_prefix(b"\"").is_some_and(|rest| {
                let inside = rest.strip_suffix(b"\"");
                inside.is_none_or(|inside| inside.iter().filter(|&&byte| byte == b'"').count() % 2 == 1)
            })
        };
        let columns = first.iter().filter(|&&byte| byte == separator).count();
        let is_even = |line: &&[u8]| line.iter().filter(|&&byte| byte == separator).count() == columns;
        let mut even = lines.filter(is_even).flat_map(|line| line.split(|&byte| byte == separator));
        Self { separator, quoted: separator != b'\t' || !even.any(lone) }
    }
}

/// Which column is what.
struct Header {
    names: Vec<String>,
    text: usize,
    title: Option<usize>,
    date: Option<usize>,
    id: Option<usize>,
}

impl Header {
    fn new(names: Vec<String>, columns: &Columns) -> Result<Self> {
        let find = |name: &str| names.iter().position(|known| known.to_lowercase() == name.to_lowercase());
        let chosen = |column: &Option<String>, usual: &str| find(column.as_deref().unwrap_or(usual));
        let text = match &columns.text {
            Some(name) => find(name),
            None => record::TEXTS.iter().find_map(|name| find(name)),
        };
        let Some(text) = text else {
            let message = record::no_text("column", columns, names.iter().map(String::as_str));
            return Err(Error::new(ErrorKind::Malformed, message));
        };
        let title = chosen(&columns.title, "title");
        let (date, id) = (chosen(&columns.date, "date"), chosen(&columns.id, "id"));
        Ok(Self { names, text, title, date, id })
    }

    /// The document of a row, and its own id.
    fn content(&self, row: &ByteRecord, cells: &mut Cells) -> Result<(Option<String>, Content)> {
        let count = |number: usize| format!("{number} cell{}", if number == 1 { "" } else { "s" });
        if row.iter().skip(self.names.len()).any(|cell| !cell.is_empty()) || row.len() <= self.text {
            let message = format!("the row has {}, the header {}", count(row.len()), self.names.len());
            return Err(Error::new(ErrorKind::Malformed, message));
        }
        let mut content = Content::default();
        let mut own_id = None;
        for (at, (name, cell)) in self.names.iter().zip(row).enumerate() {
            let cell = cells.decode(cell)?;
            if at == self.text {
                content.text = cell;
            } else if Some(at) == self.title {
                content.title = Some(cell);
            } else if Some(at) == self.date {
                content.date = field_date(&cell);
            } else if Some(at) == self.id && record::is_name(&cell) {
                own_id = Some(cell);
            } else if !cell.is_empty() {
                content.metadata.push((name.clone(), cell));
            }
        }
        Ok((own_id, content))
    }
}

/// Cells become text: as the user says, or UTF-8 until a cell is none.
struct Cells {
    /// Known by what was read so far.
    encoding: Option<&'static Encoding>,
    chosen: bool,
}

impl Cells {
    /// Looks at the first rows.
    fn learn(&mut self, head: &[u8]) {
        if self.encoding.is_some() || head.is_ascii() {
            return;
        }
        let broken = std::str::from_utf8(head).err().and_then(|error| error.error_len());
        let is_utf_8 = broken.is_none() || decode::is_mostly_utf_8(head);
        self.encoding = Some(if is_utf_8 { UTF_8 } else { decode::guess(head) });
    }

    fn decode(&mut self, cell: &[u8]) -> Result<String> {
        if !self.chosen {
            match std::str::from_utf8(cell) {
                Ok(text) => {
                    if !text.is_ascii() {
                        self.encoding.get_or_insert(UTF_8);
                    }
                    return Ok(text.to_owned());
                }
                Err(_) => self.learn(cell),
            }
        }
        let encoding = self.encoding.unwrap_or(UTF_8);
        let text = encoding.decode_without_bom_handling_and_without_replacement(cell);
        let invalid = || Error::new(ErrorKind::Malformed, format!("not valid {}", self.name()));
        text.map(Into::into).ok_or_else(invalid)
    }

    fn name(&self) -> String {
        decode::name_of(self.encoding.unwrap_or(UTF_8))
    }
}

/// Fails when too much is read without a row coming to its end.
struct Bounded<R> {
    reader: R,
    taken: Rc<Cell<u64>>,
    most: u64,
}

impl<R: Read> Bounded<R> {
    fn new(reader: R, most: u64) -> (Rc<Cell<u64>>, Self) {
        let taken = Rc::new(Cell::new(0));
        (taken.clone(), Self { reader, taken, most })
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.taken.set(self.taken.get() + read as u64);
        if self.taken.get() > self.most.saturating_add(buffer.len() as u64) {
            let most = in_words(self.most);
            let message = format!("a row is longer than {most}, perhaps because a quote is never closed");
            return Err(io::Error::other(message));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{documents, documents_by, rules};
    use crate::{
        Document,
        corpus::{Columns, Rules},
    };
    use proptest::prelude::*;

    /// Id and text, or what is wrong.
    fn told(documents: &[Document]) -> Vec<(&str, &str)> {
        let told = |one: &'_ Document| one.faults.is_empty();
        documents
            .iter()
            .map(|one| (one.id(), if told(one) { one.text() } else { one.faults[0].reason.as_str() }))
            .collect()
    }

    #[test]
    fn rows_with_their_metadata() {
        let csv = "\u{feff}ID,Titel,Text,date,Zeitung\r\n7,Ein Titel,\"Wien, \"\"nah\"\"\r\nund fern\",14.9.2023,Blatt\r\n,,Graz,,\r\n";
        let rules =
            Rules { columns: Columns { title: Some("titel".into()), ..Columns::default() }, ..rules() };
        let documents = documents_by("2020-01-01.csv", csv.as_bytes(), &rules);
        let expected = [("2020-01-01.csv#7", "Wien, \"nah\"\r\nund fern"), ("2020-01-01.csv#3", "Graz")];
        assert_eq!(told(&documents), expected);
        assert_eq!(documents[0].title.as_deref(), Some("Ein Titel"));
        assert_eq!(documents[0].date.as_deref(), Some("2023-09-14"));
        assert_eq!(documents[1].date.as_deref(), Some("2020-01-01"));
        let metadata: Vec<_> =
            documents[0].foreign.iter().map(|(name, value)| (&**name, value.get())).collect();
        assert_eq!(metadata, [("Zeitung", "\"Blatt\"")]);
        assert!(documents[1].title.is_none() && documents[1].foreign.is_empty());
    }

    #[test]
    fn separators_quotes_and_encodings_are_told() {
        let wide: Vec<u8> = "\u{feff}id\ttext\nx\tKöln".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin = [b"id;text\nx;K\xF6ln".to_vec(), b"\ny;Bonn".to_vec()].concat();
        for (name, bytes) in [
            ("a.csv", "id;text\nx;Köln".as_bytes()),
            ("a.csv", "sep=|\r\nid|text\r\nx|Köln".as_bytes()),
            ("a.csv", "id\ttext\nx\tKöln".as_bytes()),
            ("a.csv", &latin),
            ("a.tsv", &wide),
        ] {
            let documents = documents(name, bytes);
            assert_eq!(documents[0].text(), "Köln", "{name} {:?}", told(&documents));
            assert!(documents[0].id().ends_with("#x"));
        }
        let unquoted = documents("a.tsv", "id\ttext\nx\t\"So\", sagt er\ny\tEin \"Wort\"\n".as_bytes());
        assert_eq!(told(&unquoted), [("a.tsv#x", "\"So\", sagt er"), ("a.tsv#y", "Ein \"Wort\"")]);
        let quoted = documents("a.tsv", "id\ttext\nx\t\"Ein \"\"Wort\"\"\"\n".as_bytes());
        assert_eq!(told(&quoted), [("a.tsv#x", "Ein \"Wort\"")]);
    }

    #[test]
    fn what_is_wrong_is_told_and_the_rest_is_read() {
        let rows = b"id,text\n1,Wien\n2\n3,Graz,,\n4,Linz,mehr\n5,\"\xFF\"\n6,Gr\xC3\xBC\xC3\x9Fe\n";
        let rows = [&rows[..], "7,äöüÄÖÜßäöü\n".as_bytes()].concat();
        let expected = [
            ("a.csv#1", "Wien"),
            ("a.csv#3", "line 3, column 1: the row has 1 cell, the header 2"),
            ("a.csv#3~4", "Graz"),
            ("a.csv#5", "line 5, column 1: the row has 3 cells, the header 2"),
            ("a.csv#6", "line 6, column 1: not valid utf-8"),
            ("a.csv#6~7", "Grüße"),
            ("a.csv#7", "äöüÄÖÜßäöü"),
        ];
        assert_eq!(told(&documents("a.csv", &rows)), expected);
        let reason = "there is no column text, body or content; --text-column can name one of: id, inhalt";
        assert_eq!(told(&documents("a.csv", b"id,inhalt\n1,Wien\n")), [("a.csv", reason)]);
        assert_eq!(documents("a.csv", b"id,text\n")[0].notes, ["there is no document in it"]);
        let wide = format!("text{}\nWien\n", ",a".repeat(super::MOST_COLUMNS));
        let told = &documents("a.csv", wide.as_bytes())[0].faults[0];
        assert_eq!(told.reason, "it has 100001 columns, more than 100000");
    }

    proptest! {
        #[test]
        fn any_table_is_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "(text)?[,;\t\"a-c\n\r=|]{0,60}") {
            let _ = (documents("a.csv", &bytes), documents("a.tsv", text.as_bytes()));
        }
    }
}
