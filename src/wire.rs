//! The JSON Lines form of a document: what the stages say to one another when they run as filters.
//!
//! A stream is UTF-8; one line is one JSON object (RFC 8259) and one document; lines end in `\n`, and `\r\n` is read,
//! too. Empty lines are passed over. A line has at most 64 MiB ([`LONGEST_LINE`]). Offsets count **Unicode code points**
//! of `text` (what Python counts), from 0, half-open.
//!
//! | field | value |
//! |---|---|
//! | `id` | string, required: the name of the document, unique in the stream |
//! | `text` | string, required: the text; every offset refers to it |
//! | `title` | string |
//! | `date` | string: an ISO 8601 date, perhaps partial (`2023`, `2023-09`, `2023-09-14`) |
//! | `source` | object: `path`, `format`, `encoding` (strings), `bytes` (integer), `sha256` (string, hexadecimal) |
//! | `language` | object: `code` (ISO 639-1 or 639-3), `confidence` (0 to 1), `script` (ISO 15924), `assumed` (bool), and `exceptions`: an array of objects with `start`, `end` and the same four fields, in order, disjoint |
//! | `sentences` | array of `[start, end]`, in order, disjoint |
//! | `mentions` | array of objects, in text order: `start`, `end`, `surface` (the text between the two), `label` (`PER`, `LOC`, `ORG`, `OTH`), `score` (0 to 1, three decimals), `form` (`name`, `derived`, `part`), `normal` |
//! | `normal` | in a mention: object with `candidates` (array of strings, the best first, not empty), `title_or_role` (string), `chain` (string: the full name it stands for) |
//! | `notes` | array of strings: what is worth knowing, though nothing is wrong |
//! | `faults` | array of objects: `stage`, `kind`, `reason` (strings); stages leave a document with a fault alone |
//!
//! A field that is absent or `null` says that its stage has not run; an empty array says that it found nothing. Our
//! fields are written first, in the order above, without white space; `title_or_role` is left out if it is empty.
//!
//! **Foreign fields**, all others, follow in the order they came in. Their values pass through byte for byte, whatever
//! white space, escapes or digits they hold; their names are written with as few escapes as JSON allows. A foreign field
//! that came from elsewhere (a JSON Lines corpus) under a name of ours is written with `foreign:` before its name, and
//! read back without it. A field that is unknown *inside* one of our objects is an error, for it would be lost.
//!
//! [`SCHEMA`] says all this to programs. A line that is not such a record is an [`Error`](crate::Error) of kind [`Malformed`](crate::ErrorKind::Malformed) with
//! line and column (bytes, from 1). [`Reader`] goes on with the next line; so do the filters, which report it, pass on in
//! its place a record with the id `line N` and a fault, and exit with 1. Failing to read or write stops them.

mod fields;
mod reader;
mod writer;

pub use reader::{Reader, read_layers, read_line};
pub use writer::{write_layers, write_line};

/// The most bytes a line may have, its end not counted: 64 MiB.
pub const LONGEST_LINE: u64 = 64 << 20;

/// The JSON Schema (2020-12) of a line, as far as a schema can say it: that offsets lie in the text, that what is to be in
/// order is, and that a surface is the text between its offsets is for [`Reader`] to check.
pub const SCHEMA: &str = include_str!("wire/schema.json");

/// Names of our fields, in the order they are written in.
const OURS: [&str; 10] =
    ["id", "text", "title", "date", "source", "language", "sentences", "mentions", "notes", "faults"];

/// What stands before the name of a foreign field that would be taken for ours.
const FOREIGN: &str = "foreign:";

/// Whether a foreign name needs one more `foreign:`: so that taking one off always gives the name back.
fn is_taken(name: &str) -> bool {
    let mut bare = name;
    while let Some(rest) = bare.strip_prefix(FOREIGN) {
        bare = rest;
    }
    OURS.contains(&bare)
}

#[cfg(test)]
mod tests {
    use super::{OURS, SCHEMA};
    use std::collections::BTreeSet;

    #[test]
    fn the_schema_knows_every_field() {
        let schema: serde_json::Value = serde_json::from_str(SCHEMA).expect("it is JSON");
        let fields = schema["properties"].as_object().expect("a record has fields");
        assert_eq!(fields.keys().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(OURS));
    }
}
