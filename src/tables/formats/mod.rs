//! The tables in other forms than CSV. All are made from the CSV tables, which are always written, one row after another.

mod annotations;
mod cells;
mod excel;
mod ftm;
mod jsonl;
#[cfg(feature = "network")]
mod network;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "store")]
mod sqlite;
#[cfg(feature = "xlsx")]
mod xlsx;

pub(super) use annotations::Annotations;
#[cfg(feature = "report")]
pub(crate) use cells::Row;
pub(crate) use cells::Source;
pub(super) use excel::{GUARD, is_guarded};

use crate::{Error, ErrorKind, Result};
use std::path::Path;

/// The name of the thread that writes the workbook. What panics there is told as an error, so that a program may keep such
/// panics from standard error.
pub const WORKBOOK: &str = "namenlese-workbook";

/// A form of the tables beside plain CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// CSV that a spreadsheet opens right by a double click: comma and decimal point, in `excel/`.
    Excel,
    /// The same for German spreadsheets: semicolon and decimal comma, in `excel-de/`.
    ExcelDe,
    /// One workbook, `namenlese.xlsx`.
    Xlsx,
    /// JSON Lines, in `jsonl/`.
    Jsonl,
    /// Parquet, in `parquet/`.
    Parquet,
    /// One relational database, `namenlese.sqlite`.
    Sqlite,
    /// Tokens with BIO tags, `mentions.conll`.
    Conll,
    /// Texts with stand-off annotations, in `brat/`.
    Brat,
    /// FollowTheMoney entities, `entities.ftm.json`.
    Ftm,
    /// The network of entities for Gephi, `network.gexf`.
    Gexf,
    /// The network of entities for Cytoscape, yEd and networkx, `network.graphml`.
    Graphml,
}

impl Format {
    /// All forms, in the order in which they are written.
    pub const ALL: [Self; 11] = [
        Self::Excel,
        Self::ExcelDe,
        Self::Xlsx,
        Self::Jsonl,
        Self::Parquet,
        Self::Sqlite,
        Self::Conll,
        Self::Brat,
        Self::Ftm,
        Self::Gexf,
        Self::Graphml,
    ];

    /// The word that stands for it in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Excel => "excel",
            Self::ExcelDe => "excel-de",
            Self::Xlsx => "xlsx",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
            Self::Sqlite => "sqlite",
            Self::Conll => "conll",
            Self::Brat => "brat",
            Self::Ftm => "ftm",
            Self::Gexf => "gexf",
            Self::Graphml => "graphml",
        }
    }

    /// Whether it shows whole texts, and not only names in their context.
    pub fn shows_texts(self) -> bool {
        matches!(self, Self::Conll | Self::Brat)
    }

    /// Whether this build can write it.
    pub fn is_built(self) -> bool {
        match self {
            Self::Xlsx => cfg!(feature = "xlsx"),
            Self::Parquet => cfg!(feature = "parquet"),
            Self::Sqlite => cfg!(feature = "store"),
            Self::Gexf | Self::Graphml => cfg!(feature = "network"),
            _ => true,
        }
    }
}

/// Makes another form of the CSV tables of a folder; gives what a user should know of it.
///
/// What shows texts is written by [`Annotations`], which sees them.
pub(super) fn write(folder: &Path, format: Format) -> Result<Vec<String>> {
    match format {
        Format::Excel => excel::write(folder, excel::Dialect::English),
        Format::ExcelDe => excel::write(folder, excel::Dialect::German),
        #[cfg(feature = "xlsx")]
        Format::Xlsx => xlsx::write(folder),
        Format::Jsonl => jsonl::write(folder).map(|()| Vec::new()),
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::write(folder).map(|()| Vec::new()),
        #[cfg(feature = "store")]
        Format::Sqlite => sqlite::write(folder).map(|()| Vec::new()),
        Format::Ftm => ftm::write(folder).map(|()| Vec::new()),
        #[cfg(feature = "network")]
        Format::Gexf => network::write_gexf(folder).map(|()| Vec::new()),
        #[cfg(feature = "network")]
        Format::Graphml => network::write_graphml(folder).map(|()| Vec::new()),
        Format::Conll | Format::Brat => Ok(Vec::new()),
        #[allow(unreachable_patterns)] // Reached in builds without one of the features above.
        _ => {
            let message = format!("this build cannot write tables as {}", format.as_str());
            Err(Error::new(ErrorKind::Settings, message))
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use crate::tables::schema::Schema;
    use std::fmt::Write;

    /// A folder with CSV tables of these rows, the header left out.
    pub fn folder(tables: &[(Schema, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (schema, rows) in tables {
            let header: Vec<&str> = schema.columns.iter().map(|(name, _)| *name).collect();
            let path = folder.path().join(format!("{}.csv", schema.name));
            std::fs::write(path, format!("{}\r\n{rows}", header.join(","))).expect("a table");
        }
        folder
    }

    /// So many rows of a table of so many columns.
    pub fn rows(count: usize, columns: usize) -> String {
        (0..count).fold(String::new(), |mut rows, number| {
            let _ = write!(rows, "{number}{}\r\n", ",".repeat(columns - 1));
            rows
        })
    }
}
