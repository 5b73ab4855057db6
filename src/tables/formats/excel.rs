//! CSV for a double click: byte-order mark, the separator and decimal mark of the country, nothing that is taken for a formula.

use super::cells::{MOST_ROWS, Source, Value, fitting};
use crate::{
    Result,
    tables::{
        cannot_write, one_line,
        partial::Partial,
        schema::{SHOWN, Schema},
    },
};
use std::{borrow::Cow, fs::File, io::Write, path::Path};

/// By whose conventions a spreadsheet reads CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    English,
    German,
}

/// What stands before a cell that a spreadsheet would take for a formula, and before one that begins with this very mark.
pub(in crate::tables) const GUARD: char = '\'';

/// First characters that make a formula of a cell, in some spreadsheet or other.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Whether a text gets a guard.
pub(in crate::tables) fn is_guarded(text: &str) -> bool {
    text.starts_with(FORMULA) || text.starts_with(GUARD)
}

pub(super) fn write(folder: &Path, dialect: Dialect) -> Result<Vec<String>> {
    let name = if dialect == Dialect::German { "excel-de" } else { "excel" };
    let partial = Partial::folder(folder.join(name))?;
    let mut notices = Vec::new();
    for schema in SHOWN {
        let parts = table(folder, partial.now(), schema, dialect, MOST_ROWS)?;
        if parts > 1 {
            let table = schema.name;
            let last = if parts > 2 { format!(" to {table}-{parts}.csv") } else { String::new() };
            notices.push(format!(
                "{name}/{table}.csv holds {MOST_ROWS} rows, as many as a sheet can; the others are in {table}-2.csv{last}"
            ));
        }
    }
    partial.finish()?;
    Ok(notices)
}

/// Writes a table in as many files as its rows need, and says how many.
fn table(folder: &Path, to: &Path, schema: Schema, dialect: Dialect, most: u64) -> Result<u64> {
    let mut source = Source::open(folder, schema)?;
    let columns = source.columns.clone();
    let (mut rows, mut parts) = (0, 1);
    let mut file = Part::create(to, schema.name, parts, dialect, &columns)?;
    source.read(|row| {
        if rows == most {
            file.finish()?;
            (rows, parts) = (0, parts + 1);
            file = Part::create(to, schema.name, parts, dialect, &columns)?;
        }
        rows += 1;
        file.row(row.values().map(|value| shown(value, dialect)))
    })?;
    file.finish()?;
    Ok(parts)
}

struct Part {
    path: std::path::PathBuf,
    writer: csv::Writer<File>,
}

impl Part {
    fn create<K>(
        to: &Path,
        name: &str,
        part: u64,
        dialect: Dialect,
        columns: &[(String, K)],
    ) -> Result<Self> {
        let path = to.join(if part == 1 { format!("{name}.csv") } else { format!("{name}-{part}.csv") });
        let mut file = File::create(&path).map_err(|error| cannot_write(&path, error))?;
        file.write_all("\u{feff}".as_bytes()).map_err(|error| cannot_write(&path, error))?;
        let mut builder = csv::WriterBuilder::new();
        builder.terminator(csv::Terminator::CRLF).delimiter(if dialect == Dialect::German {
            b';'
        } else {
            b','
        });
        let mut part = Self { path, writer: builder.from_writer(file) };
        part.row(columns.iter().map(|(name, _)| shown(Value::Text(name), dialect)))?;
        Ok(part)
    }

    fn row<'c>(&mut self, cells: impl Iterator<Item = Cow<'c, str>>) -> Result<()> {
        let written = self.writer.write_record(cells.map(|cell| cell.into_owned()));
        written.map_err(|error| cannot_write(&self.path, error))
    }

    fn finish(&mut self) -> Result<()> {
        self.writer.flush().map_err(|error| cannot_write(&self.path, error))
    }
}

fn shown(value: Value<'_>, dialect: Dialect) -> Cow<'_, str> {
    match value {
        Value::Empty => "".into(),
        Value::Date { text, .. } => text.into(),
        Value::Integer(number) => number.to_string().into(),
        Value::Number(number) if dialect == Dialect::German => {
            format!("{number:.3}").replace('.', ",").into()
        }
        Value::Number(number) => format!("{number:.3}").into(),
        Value::Text(text) => guarded(text),
    }
}

/// A text as one line that no spreadsheet takes for a formula, and none for too long.
fn guarded(text: &str) -> Cow<'_, str> {
    let line: Cow<str> = if text.contains(['\n', '\r']) { one_line(text).into() } else { text.into() };
    let line = if is_guarded(&line) { format!("{GUARD}{line}").into() } else { line };
    match fitting(&line) {
        Cow::Owned(cut) => cut.into(),
        Cow::Borrowed(_) => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::{
        formats::tests::{folder, rows},
        schema::FORMS,
    };

    #[test]
    fn formulas_are_guarded_and_lines_are_one() {
        assert_eq!(guarded("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(guarded("'s-Hertogenbosch"), "''s-Hertogenbosch");
        assert_eq!(guarded("Wien\r\nStadt"), "Wien Stadt");
        assert_eq!(guarded("0012"), "0012");
    }

    #[test]
    fn more_rows_than_a_sheet_holds_go_into_more_files() {
        let at = folder(&[(FORMS, &rows(5, 8))]);
        let to = tempfile::tempdir().expect("a folder");
        assert_eq!(table(at.path(), to.path(), FORMS, Dialect::German, 2).expect("written"), 3);
        let text = std::fs::read_to_string(to.path().join("forms-3.csv")).expect("a third file");
        assert!(text.starts_with("\u{feff}entity_id;form;"), "{text}");
        assert_eq!(text.lines().count(), 2);
    }
}
