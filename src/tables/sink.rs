//! Where the rows of a table go: a CSV file, or whatever a program makes of them in memory.

use super::{
    cannot_write,
    partial::Partial,
    schema::{Kind, Schema},
};
use crate::Result;
use std::{
    fs::{self, File},
    path::Path,
};

/// A table on its way, one row after another.
///
/// ```
/// use namenlese::{Document, tables::{InMemory, Sink}};
/// struct Count(&'static str, usize);
/// impl Sink for Count {
///     fn row<S: AsRef<str>>(&mut self, _cells: impl IntoIterator<Item = S>) -> namenlese::Result<()> {
///         self.1 += 1;
///         Ok(())
///     }
/// }
/// let mut tables = InMemory::new(Default::default());
/// tables.add(&Document::new("a", "Wien bleibt Wien."))?;
/// let (_, counted) = tables.finish(|name, _columns| Ok(Count(name, 0)))?;
/// assert!(counted.iter().any(|table| (table.0, table.1) == ("documents", 1)));
/// # Ok::<(), namenlese::Error>(())
/// ```
pub trait Sink {
    /// Takes a row: the text of a cell for each column, empty where it holds nothing.
    ///
    /// # Errors
    /// Where the row cannot be kept.
    fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) -> Result<()>;
}

/// A table in memory, its cells as they stand in the CSV files.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// The name of the table, such as `entities`.
    pub name: &'static str,
    /// What its columns are called, and what they hold.
    pub columns: Vec<(String, Kind)>,
    /// A cell for each column.
    pub rows: Vec<Vec<String>>,
}

impl Rows {
    /// A table without rows, as [`InMemory::finish`](super::InMemory::finish) asks for it.
    ///
    /// # Errors
    /// None.
    pub fn begin(name: &'static str, columns: &[(String, Kind)]) -> Result<Self> {
        Ok(Self { name, columns: columns.to_vec(), rows: Vec::new() })
    }
}

impl Sink for Rows {
    fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) -> Result<()> {
        self.rows.push(cells.into_iter().map(|cell| cell.as_ref().to_owned()).collect());
        Ok(())
    }
}

/// A CSV file, which bears its name when all tables are whole.
pub(super) struct Csv {
    partial: Partial,
    writer: csv::Writer<File>,
}

impl Csv {
    /// The table of a folder, with its header.
    pub fn create(folder: &Path, schema: Schema, columns: &[(String, Kind)]) -> Result<Self> {
        let (partial, file) = Partial::file(folder.join(format!("{}.csv", schema.name)))?;
        let writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file);
        let mut table = Self { partial, writer };
        table.row(columns.iter().map(|(name, _)| name))?;
        Ok(table)
    }

    /// Puts the tables into their places, once all of them are on disk: last the `ids`, for which those from before step
    /// aside, unless an earlier run that was killed has left others there.
    pub fn finish(mut tables: Vec<Self>, ids: &Path, before: &Path) -> Result<()> {
        for table in &mut tables {
            table.writer.flush().map_err(|error| cannot_write(table.partial.path(), error))?;
        }
        let (last, others): (Vec<_>, Vec<_>) =
            tables.into_iter().partition(|table| table.partial.path() == ids);
        let failed = |error| cannot_write(ids, error);
        // Ids alone cannot be made anew: they survive a power cut, too.
        last.iter().try_for_each(|table| table.writer.get_ref().sync_all()).map_err(failed)?;
        others.into_iter().try_for_each(|table| table.partial.finish())?;
        if ids.exists() && !before.exists() {
            fs::rename(ids, before).map_err(failed)?;
        }
        last.into_iter().try_for_each(|table| table.partial.finish())
    }
}

impl Sink for Csv {
    fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) -> Result<()> {
        // A record is bytes to the writer.
        let cells = cells.into_iter().map(Bytes);
        self.writer.write_record(cells).map_err(|error| cannot_write(self.partial.path(), error))
    }
}

struct Bytes<S>(S);

impl<S: AsRef<str>> AsRef<[u8]> for Bytes<S> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref().as_bytes()
    }
}
