//! The user's own names.

use crate::{Error, ErrorKind, Label, Position, Result};
use std::path::Path;

/// One name of a [`UserList`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserName {
    /// The name as it is looked for.
    pub name: String,
    /// What it names.
    pub label: Label,
    /// The name it stands for, if the list gives one.
    pub canonical: Option<String>,
}

/// Names the user wants found, read from a file.
///
/// The file is UTF-8: one name a line (`.txt`), or a table with the columns name, label and canonical name, of which
/// the last two may be missing, separated by commas (`.csv`) or tabs (`.tsv`). A first row that begins with `name` is
/// a header. Without a label a name is a place (`LOC`). Empty lines, and lines that begin with `#`, say nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserList {
    /// The names in the order of the file.
    pub names: Vec<UserName>,
}

impl UserList {
    /// Reads a list.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if the file cannot be read, [`ErrorKind::Malformed`] with line and column for a row without a
    /// name, with an unknown label, or with too many columns.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| {
            Error::new(ErrorKind::Io, "cannot read the list of names")
                .caused_by(error)
                .in_document(shown.clone())
        })?;
        let separator = match path.extension().and_then(|extension| extension.to_str()) {
            Some(extension) if extension.eq_ignore_ascii_case("csv") => Some(b','),
            Some(extension) if extension.eq_ignore_ascii_case("tsv") => Some(b'\t'),
            _ => None,
        };
        Self::parse(&bytes, separator).map_err(|error| error.in_document(shown))
    }

    /// Reads a list from bytes: a table with a separator, or one name a line.
    ///
    /// # Errors
    /// As [`read`](Self::read), without those of the file.
    pub fn parse(bytes: &[u8], separator: Option<u8>) -> Result<Self> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count() as u64;
            let column = 1 + before.iter().rev().take_while(|&&byte| byte != b'\n').count() as u64;
            malformed("the list of names is not UTF-8", line, column)
        })?;
        match separator {
            Some(separator) => Self::table(text, separator),
            None => Ok(Self { names: text.lines().filter_map(line_of_text).collect() }),
        }
    }

    fn table(text: &str, separator: u8) -> Result<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .quoting(separator == b',')
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        let mut names = Vec::new();
        for (index, row) in reader.records().enumerate() {
            let row = row.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                malformed("a row that cannot be read", line, 1).caused_by(error)
            })?;
            let line = row.position().map_or(0, csv::Position::line);
            let field = |column: usize| row.get(column).unwrap_or_default().trim();
            if index == 0 && field(0).eq_ignore_ascii_case("name") {
                continue;
            }
            if row.len() > 3 {
                let message = format!("{} columns; name, label and canonical name are three", row.len());
                return Err(malformed(message, line, column_of(&row, 3)));
            }
            if field(0).is_empty() {
                if row.iter().all(|field| field.trim().is_empty()) {
                    continue;
                }
                return Err(malformed("a row without a name", line, 1));
            }
            let label = match field(1) {
                "" => Label::Loc,
                label => label.parse().map_err(|error: Error| {
                    let choices = Label::ALL.map(Label::as_str).join(", ");
                    let message = format!("{}; the labels are {choices}", error.reason());
                    malformed(message, line, column_of(&row, 1))
                })?,
            };
            let canonical = Some(field(2).to_owned()).filter(|name| !name.is_empty());
            names.push(UserName { name: field(0).to_owned(), label, canonical });
        }
        Ok(Self { names })
    }
}

fn line_of_text(line: &str) -> Option<UserName> {
    let name = line.trim();
    let says_something = !name.is_empty() && !name.starts_with('#');
    says_something.then(|| UserName { name: name.to_owned(), label: Label::Loc, canonical: None })
}

/// The byte in its line at which a field of a plain row begins, from 1. Quotes before it are not counted.
fn column_of(row: &csv::StringRecord, field: usize) -> u64 {
    1 + row.iter().take(field).map(|before| before.len() as u64 + 1).sum::<u64>()
}

fn malformed(message: impl Into<std::borrow::Cow<'static, str>>, line: u64, column: u64) -> Error {
    Error::new(ErrorKind::Malformed, message).at(Position::Line { line, column })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tables_and_plain_lines() {
        let list = UserList::parse(
            "\u{FEFF}name,label,canonical\n\"Bad Wort, Ort\",LOC\n\n# Bemerkung\nHAW,ORG,Hochschule\n"
                .as_bytes(),
            Some(b','),
        )
        .unwrap();
        assert_eq!(list.names.len(), 2);
        assert_eq!(list.names[0].name, "Bad Wort, Ort");
        assert_eq!(list.names[1].label, Label::Org);
        assert_eq!(list.names[1].canonical.as_deref(), Some("Hochschule"));
        let plain = UserList::parse(b"# Orte\nObertal\n\n Untertal \n", None).unwrap();
        assert_eq!(
            plain.names.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
            ["Obertal", "Untertal"]
        );
        assert!(UserList::parse(b"", Some(b'\t')).unwrap().names.is_empty());
    }

    #[test]
    fn errors_name_line_and_column() {
        for (bytes, at) in [
            (&b"a\tLOC\nb\tTIER\n"[..], "line 2, column 3"),
            (b"a\tLOC\tA\tmehr\n", "line 1, column 9"),
            (b"a\n\tLOC\n", "line 2, column 1"),
            (b"ab\nc\xFF\n", "line 2, column 2"),
        ] {
            let error = UserList::parse(bytes, Some(b'\t')).unwrap_err();
            assert!(error.to_string().starts_with(at), "{error}");
        }
        let error = UserList::read(Path::new("no such list.csv")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().starts_with("no such list.csv: "), "{error}");
    }
}
