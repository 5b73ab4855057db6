//! Tables as spreadsheets save them.

use crate::{Error, ErrorKind, Result, tables::formats};
use std::{fs, path::Path};

/// A table: its header and its rows.
pub(super) struct Sheet {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    fn new(mut rows: impl Iterator<Item = Vec<String>>) -> Self {
        let header = rows.next().unwrap_or_default();
        Self { header: header.into_iter().map(|name| name.trim().to_owned()).collect(), rows: rows.collect() }
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// Whether it has a column of entities' ids and this one.
    pub fn has(&self, column: &str) -> bool {
        self.column("entity_id").is_some() && self.column(column).is_some()
    }

    pub fn cells(&self, column: &str) -> impl Iterator<Item = String> {
        let at = self.column(column);
        self.rows.iter().map(move |row| at.and_then(|at| row.get(at)).cloned().unwrap_or_default())
    }
}

/// A cell without the mark that keeps a spreadsheet from taking it for a formula.
pub(super) fn unguarded(cell: &str) -> String {
    cell.strip_prefix(formats::GUARD).filter(|rest| formats::is_guarded(rest)).unwrap_or(cell).to_owned()
}

/// The sheets of a workbook, or the one table of a CSV file. What stands in sheets of one header is one table.
pub(super) fn read(path: &Path) -> Result<Vec<Sheet>> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match ending.as_str() {
        "xlsx" | "xlsm" | "ods" | "xls" => workbook(path),
        _ => table(path).map(|sheet| vec![sheet]),
    }
}

fn table(path: &Path) -> Result<Sheet> {
    let failed = || Error::new(ErrorKind::Io, format!("cannot read {}", path.display()));
    let bytes = fs::read(path).map_err(|error| failed().caused_by(error))?;
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        // What spreadsheets call CSV is in the code page of the country.
        Err(_) => encoding_rs::Encoding::for_bom(&bytes)
            .map_or(encoding_rs::WINDOWS_1252, |(encoding, _)| encoding)
            .decode(&bytes)
            .0
            .into_owned(),
    };
    let first = text.lines().next().unwrap_or_default();
    let comma = [b',', b';', b'\t'].into_iter().max_by_key(|comma| first.matches(char::from(*comma)).count());
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(comma.unwrap_or(b','));
    let rows = builder.from_reader(text.as_bytes()).into_records();
    let rows: csv::Result<Vec<Vec<String>>> =
        rows.map(|row| Ok(row?.iter().map(str::to_owned).collect())).collect();
    Ok(Sheet::new(rows.map_err(|error| failed().caused_by(error))?.into_iter()))
}

#[cfg(feature = "xlsx")]
fn workbook(path: &Path) -> Result<Vec<Sheet>> {
    use calamine::Reader;
    let failed = |error: calamine::Error| {
        Error::new(ErrorKind::Io, format!("cannot read {}", path.display())).caused_by(error)
    };
    let mut book = calamine::open_workbook_auto(path).map_err(failed)?;
    let mut sheets: Vec<Sheet> = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(failed)?;
        let rows = range.rows().map(|row| row.iter().map(ToString::to_string).collect());
        let sheet = Sheet::new(rows);
        match sheets.iter_mut().find(|other| other.header == sheet.header) {
            Some(first) => first.rows.extend(sheet.rows),
            None => sheets.push(sheet),
        }
    }
    Ok(sheets)
}

#[cfg(not(feature = "xlsx"))]
fn workbook(path: &Path) -> Result<Vec<Sheet>> {
    let message = format!("this build cannot read workbooks: {}", path.display());
    Err(Error::new(ErrorKind::Settings, message))
}
