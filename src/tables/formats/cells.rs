//! The CSV tables of a folder as rows of values.

use crate::{
    Error, ErrorKind, Result,
    tables::schema::{Kind, Schema},
};
use serde::{Serialize, Serializer};
use std::{
    fs::File,
    path::{Path, PathBuf},
};

/// What a cell holds. What is not what its column promises stays text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value<'c> {
    Empty,
    Text(&'c str),
    Integer(i64),
    Number(f64),
    /// A whole date; others are text.
    Date {
        text: &'c str,
        year: u16,
        month: u8,
        day: u8,
    },
}

impl<'c> Value<'c> {
    pub fn new(cell: &'c str, kind: Kind) -> Self {
        let typed = match kind {
            _ if cell.is_empty() => Some(Self::Empty),
            Kind::Text => None,
            Kind::Integer => cell.parse().ok().map(Self::Integer),
            Kind::Number => cell.parse().ok().filter(|number: &f64| number.is_finite()).map(Self::Number),
            Kind::Date => date(cell),
        };
        typed.unwrap_or(Self::Text(cell))
    }
}

/// A date of ten characters, after 1900, where spreadsheets begin to count.
fn date(text: &str) -> Option<Value<'_>> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let [year, month, day] = [(year, 4), (month, 2), (day, 2)]
        .map(|(part, width)| part.parse::<u16>().ok().filter(|_| part.len() == width));
    let (year, month, day) = (year?, u8::try_from(month?).ok()?, u8::try_from(day?).ok()?);
    let is_date =
        parts.next().is_none() && year > 1900 && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_date.then_some(Value::Date { text, year, month, day })
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match *self {
            Self::Empty => serializer.serialize_none(),
            Self::Text(text) | Self::Date { text, .. } => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(number),
            Self::Number(number) => serializer.serialize_f64(number),
        }
    }
}

/// A table that can be read again and again.
pub(crate) struct Source {
    /// Names of the columns, those included that the corpus brought, and what they hold.
    pub columns: Vec<(String, Kind)>,
    path: PathBuf,
    reader: csv::Reader<File>,
}

/// A row of a table.
pub(crate) struct Row<'r> {
    columns: &'r [(String, Kind)],
    record: &'r csv::StringRecord,
}

impl<'r> Row<'r> {
    pub fn values(&self) -> impl Iterator<Item = Value<'r>> {
        self.columns.iter().zip(self.record).map(|((_, kind), cell)| Value::new(cell, *kind))
    }

    /// The values with the names of their columns.
    pub fn fields(&self) -> impl Iterator<Item = (&'r str, Value<'r>)> {
        self.columns.iter().map(|(name, _)| name.as_str()).zip(self.values())
    }

    /// The text of a column; nothing where there is no such column.
    pub fn text(&self, column: &str) -> &'r str {
        let at = self.columns.iter().position(|(name, _)| name == column);
        at.and_then(|at| self.record.get(at)).unwrap_or_default()
    }

    /// Where the row stands in its file, for [`Source::at`].
    #[cfg(any(feature = "report", feature = "xlsx"))]
    pub fn place(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::byte)
    }
}

impl Source {
    pub fn open(folder: &Path, schema: Schema) -> Result<Self> {
        let path = folder.join(format!("{}.csv", schema.name));
        let mut reader = csv::Reader::from_path(&path).map_err(|error| cannot_read(&path, error))?;
        let header = reader.headers().map_err(|error| cannot_read(&path, error))?;
        let kind = |name: &str| {
            let known = schema.columns.iter().find(|(column, _)| *column == name);
            known.map_or(Kind::Text, |(_, kind)| *kind)
        };
        let columns = header.iter().map(|name| (name.to_owned(), kind(name))).collect();
        Ok(Self { columns, path, reader })
    }

    /// Calls `each` with every row.
    pub fn read(&mut self, mut each: impl FnMut(Row<'_>) -> Result<()>) -> Result<()> {
        let mut record = csv::StringRecord::new();
        let failed = |error| cannot_read(&self.path, error);
        while self.reader.read_record(&mut record).map_err(failed)? {
            each(Row { columns: &self.columns, record: &record })?;
        }
        Ok(())
    }

    /// Calls `with` with the row that stands at a place.
    #[cfg(any(feature = "report", feature = "xlsx"))]
    pub fn at<T>(&mut self, place: u64, with: impl FnOnce(Row<'_>) -> Result<T>) -> Result<T> {
        let mut position = csv::Position::new();
        position.set_byte(place);
        let mut record = csv::StringRecord::new();
        let failed = |error| cannot_read(&self.path, error);
        self.reader.seek(position).and_then(|()| self.reader.read_record(&mut record)).map_err(failed)?;
        with(Row { columns: &self.columns, record: &record })
    }
}

fn cannot_read(path: &Path, error: csv::Error) -> Error {
    Error::new(ErrorKind::Io, format!("cannot read {}", path.display())).caused_by(error)
}

/// The text up to the most UTF-16 units that a cell of a spreadsheet may hold; if it is cut, a mark says so.
pub(super) fn fitting(text: &str) -> std::borrow::Cow<'_, str> {
    const MOST: usize = 32_767;
    const MARK: &str = " […]";
    if text.len() <= MOST || text.encode_utf16().count() <= MOST {
        return text.into();
    }
    let mut left = MOST - MARK.encode_utf16().count();
    let end = text.char_indices().find(|(_, c)| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        !fits
    });
    format!("{}{MARK}", &text[..end.map_or(text.len(), |(at, _)| at)]).into()
}

/// The most rows of a sheet, the header left out.
pub(super) const MOST_ROWS: u64 = 1_048_575;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_dates_are_dates() {
        let whole = Value::Date { text: "2023-09-14", year: 2023, month: 9, day: 14 };
        assert_eq!(Value::new("2023-09-14", Kind::Date), whole);
        for partial in ["2023", "2023-09", "1871-01-18", "2023-9-14", "2023-13-01"] {
            assert_eq!(Value::new(partial, Kind::Date), Value::Text(partial));
        }
    }

    #[test]
    fn numbers_are_numbers_and_nothing_is_lost() {
        assert_eq!(Value::new("12", Kind::Integer), Value::Integer(12));
        assert_eq!(Value::new("0.250", Kind::Number), Value::Number(0.25));
        assert_eq!(Value::new("NaN", Kind::Number), Value::Text("NaN"));
        assert_eq!(Value::new("0012", Kind::Text), Value::Text("0012"));
        assert_eq!(Value::new("", Kind::Integer), Value::Empty);
    }

    #[test]
    fn a_long_text_is_cut_at_a_character_with_a_mark() {
        assert_eq!(fitting("kurz"), "kurz");
        let long = "a".repeat(32_762) + "😀😀😀";
        let cut = fitting(&long);
        assert_eq!(cut.encode_utf16().count(), 32_766);
        assert!(cut.ends_with("a […]"), "{}", &cut[32_750..]);
    }
}
