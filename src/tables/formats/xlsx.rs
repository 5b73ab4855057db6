//! One workbook with a sheet for each table, written row by row, so that memory does not grow with them.

use super::{
    WORKBOOK,
    cells::{MOST_ROWS, Source, Value, fitting},
};
use crate::{
    Result,
    tables::{
        cannot_write,
        partial::Partial,
        schema::{ENTITIES, Kind, MENTIONS, SHOWN, Schema},
    },
};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Formula, IgnoreError, Workbook, Worksheet, XlsxError,
};
use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufWriter, Seek, SeekFrom, Write},
    path::Path,
    thread,
};

const FILE: &str = "namenlese.xlsx";
/// The column of the entities that leads to their mentions.
const LINK: &str = "go to mentions";
const WIDEST: usize = 60;
const NARROWEST: usize = 9;

/// Writes the workbook on a thread of its own: its crate panics where the disk is full.
pub(super) fn write(folder: &Path) -> Result<Vec<String>> {
    let path = folder.join(FILE);
    thread::scope(|scope| {
        let writer = thread::Builder::new().name(WORKBOOK.to_owned());
        let writer = writer.spawn_scoped(scope, || write_split(folder, MOST_ROWS));
        writer.map_err(|error| cannot_write(&path, error))?.join().unwrap_or_else(|panic| {
            let cause = panic.downcast_ref::<String>().map_or("its writer gave up", String::as_str);
            Err(cannot_write(&path, cause))
        })
    })
}

/// Writes the workbook with at most so many rows in a sheet, the header left out.
fn write_split(folder: &Path, most: u64) -> Result<Vec<String>> {
    let (partial, file) = Partial::file(folder.join(FILE))?;
    let failed = |error: XlsxError| cannot_write(partial.path(), error);
    let mut book = Book::new(folder, most).map_err(failed)?;
    let order = MentionOrder::read(folder)?;
    for schema in SHOWN {
        let mut source = Source::open(folder, schema)?;
        let is = |other: Schema| schema.name == other.name;
        let mut sheet = Sheet::new(schema.name, &source.columns, is(ENTITIES));
        if is(MENTIONS) {
            for &(_, place) in &order.places {
                source.at(place, |row| sheet.row(&mut book, row.values(), None).map_err(failed))?;
            }
        } else {
            source.read(|row| {
                let link = is(ENTITIES).then(|| order.first.get(row.text("entity_id")).copied()).flatten();
                sheet.row(&mut book, row.values(), link).map_err(failed)
            })?;
        }
        sheet.finish(&mut book).map_err(failed)?;
    }
    let notices = book.notices;
    let mut file = BufWriter::new(Postponing { file, error: None });
    book.workbook.save_to_writer(&mut file).map_err(failed)?;
    let written = file.into_inner().map_err(io::IntoInnerError::into_error);
    written
        .and_then(|to| to.error.map_or(Ok(()), Err))
        .map_err(|error| cannot_write(partial.path(), error))?;
    partial.finish()?;
    Ok(notices)
}

/// A file whose first error is told at the end: the crate that packs the workbook prints to standard error when it is dropped
/// before all is written.
struct Postponing {
    file: File,
    error: Option<io::Error>,
}

impl Write for Postponing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.file.write(bytes) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                self.error.get_or_insert(error);
                self.file.seek_relative(bytes.len() as i64)?;
                Ok(bytes.len())
            }
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Postponing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// The mentions of an entity stand together in the workbook, so that a link leads to all of them.
struct MentionOrder {
    /// The entity's rank and the row's place in mentions.csv.
    places: Vec<(u32, u64)>,
    /// For each entity the number of its first row among the mentions, from 0.
    first: HashMap<String, u64>,
}

impl MentionOrder {
    fn read(folder: &Path) -> Result<Self> {
        let (mut ids, mut ranks) = (Vec::new(), HashMap::new());
        Source::open(folder, ENTITIES)?.read(|row| {
            let id = row.text("entity_id").to_owned();
            ranks.insert(id.clone(), ranks.len() as u32);
            ids.push(id);
            Ok(())
        })?;
        let mut places = Vec::new();
        Source::open(folder, MENTIONS)?.read(|row| {
            places.push((ranks.get(row.text("entity_id")).copied().unwrap_or(u32::MAX), row.place()));
            Ok(())
        })?;
        places.sort_unstable();
        let mut first = HashMap::new();
        for (number, (rank, _)) in (0..).zip(&places) {
            if let Some(id) = ids.get(*rank as usize) {
                first.entry(id.clone()).or_insert(number);
            }
        }
        Ok(Self { places, first })
    }
}

struct Book {
    workbook: Workbook,
    /// Rows of a sheet.
    most: u64,
    head: Format,
    date: Format,
    score: Format,
    link: Format,
    notices: Vec<String>,
}

impl Book {
    fn new(folder: &Path, most: u64) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        // What waits on disk while sheets are written stays where the tables are.
        workbook.set_tempdir(folder)?;
        // The same tables make the same bytes, whenever they are written.
        let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        Ok(Self {
            workbook,
            most,
            head: Format::new().set_bold(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            score: Format::new().set_num_format("0.000"),
            link: Format::new().set_hyperlink(),
            notices: Vec::new(),
        })
    }
}

/// A table in as many sheets as its rows need.
struct Sheet {
    name: &'static str,
    columns: Vec<(String, Kind)>,
    has_links: bool,
    sheet: Option<Worksheet>,
    parts: u64,
    /// Rows of this part, without the header.
    rows: u64,
    widths: Vec<usize>,
}

impl Sheet {
    fn new(name: &'static str, columns: &[(String, Kind)], has_links: bool) -> Self {
        Self {
            name,
            columns: columns.to_vec(),
            has_links,
            sheet: None,
            parts: 0,
            rows: 0,
            widths: columns.iter().map(|(name, _)| name.chars().count() + 3).collect(),
        }
    }

    fn begin(&mut self, book: &mut Book) -> Result<(), XlsxError> {
        self.parts += 1;
        self.rows = 0;
        let mut sheet = book.workbook.new_worksheet_with_constant_memory()?;
        sheet.set_name(part_name(self.name, self.parts))?;
        sheet.set_freeze_panes(1, 0)?;
        let names = self.columns.iter().map(|(name, _)| name.as_str());
        for (column, name) in (0..).zip(names.chain(self.has_links.then_some(LINK))) {
            sheet.write_string_with_format(0, column, name, &book.head)?;
        }
        self.sheet = Some(sheet);
        Ok(())
    }

    fn row<'c>(
        &mut self,
        book: &mut Book,
        values: impl Iterator<Item = Value<'c>>,
        link: Option<u64>,
    ) -> Result<(), XlsxError> {
        if self.sheet.is_none() || self.rows == book.most {
            self.end(book)?;
            self.begin(book)?;
        }
        self.rows += 1;
        let Some(sheet) = &mut self.sheet else { return Ok(()) };
        // A sheet has at most 1,048,576 rows.
        let row = self.rows as u32;
        for ((column, value), width) in (0..).zip(values).zip(&mut self.widths) {
            match value {
                Value::Empty => continue,
                Value::Integer(number) => sheet.write_number(row, column, number as f64)?,
                Value::Number(number) => sheet.write_number_with_format(row, column, number, &book.score)?,
                Value::Date { year, month, day, text } => match ExcelDateTime::from_ymd(year, month, day) {
                    Ok(date) => sheet.write_datetime_with_format(row, column, &date, &book.date)?,
                    Err(_) => sheet.write_string(row, column, text)?,
                },
                Value::Text(text) => {
                    *width = (*width).max(text.chars().take(WIDEST).count());
                    sheet.write_string(row, column, fitting(text))?
                }
            };
        }
        if let Some(first) = link {
            let (part, line) = (first / book.most + 1, first % book.most + 2);
            let formula = format!("HYPERLINK(\"#'{}'!A{line}\",\"→\")", part_name(MENTIONS.name, part));
            let column = self.columns.len() as u16;
            sheet.write_formula_with_format(
                row,
                column,
                Formula::new(formula).set_result("→"),
                &book.link,
            )?;
        }
        Ok(())
    }

    /// What is known of a sheet only when its last row is written.
    fn end(&mut self, book: &mut Book) -> Result<(), XlsxError> {
        let Some(mut sheet) = self.sheet.take() else { return Ok(()) };
        let (last, columns) = (self.rows as u32, (self.columns.len() + usize::from(self.has_links)) as u16);
        sheet.autofilter(0, 0, last, columns - 1)?;
        sheet.ignore_error_range(0, 0, last.max(1), columns - 1, IgnoreError::NumberStoredAsText)?;
        for (column, &width) in (0..).zip(&self.widths) {
            sheet.set_column_width(column, width.clamp(NARROWEST, WIDEST) as f64)?;
        }
        if self.has_links {
            sheet.set_column_width(columns - 1, (LINK.len() + 3) as f64)?;
        }
        book.workbook.push_worksheet(sheet);
        Ok(())
    }

    fn finish(mut self, book: &mut Book) -> Result<(), XlsxError> {
        if self.sheet.is_none() {
            self.begin(book)?;
        }
        self.end(book)?;
        if self.parts > 1 {
            book.notices.push(format!(
                "namenlese.xlsx: {} has more rows than a sheet can hold; they go on in {}",
                self.name,
                part_name(self.name, 2)
            ));
        }
        Ok(())
    }
}

fn part_name(table: &str, part: u64) -> String {
    if part == 1 { table.to_owned() } else { format!("{table} {part}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::formats::tests::folder;
    use calamine::{Reader, Xlsx, open_workbook};

    /// A row of a table that has its entity's id and no other cell.
    fn row(schema: Schema, id: &str) -> String {
        let cell = |(name, _): &(&str, Kind)| if *name == "entity_id" { id } else { "" };
        schema.columns.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n"
    }

    #[test]
    fn more_rows_than_a_sheet_holds_go_on_in_the_next() {
        let mentions = ["b", "a", "a", "b", "a"].map(|id| row(MENTIONS, id)).concat();
        let entities = ["a", "b"].map(|id| row(ENTITIES, id)).concat();
        let rows_of = |schema: Schema| match schema.name {
            name if name == MENTIONS.name => mentions.as_str(),
            name if name == ENTITIES.name => entities.as_str(),
            _ => "",
        };
        let at = folder(&SHOWN.map(|schema| (schema, rows_of(schema))));
        let notices = write_split(at.path(), 2).expect("written");
        let told = "namenlese.xlsx: mentions has more rows than a sheet can hold; they go on in mentions 2";
        assert_eq!(notices, [told]);
        let mut book: Xlsx<_> = open_workbook(at.path().join("namenlese.xlsx")).expect("a workbook");
        let heights = ["mentions", "mentions 2", "mentions 3"]
            .map(|name| book.worksheet_range(name).expect("a sheet").height());
        assert_eq!(heights, [3, 3, 2], "each has its header");
        let links = book.worksheet_formula("entities").expect("formulas");
        let links: Vec<&String> = links.used_cells().map(|(_, _, formula)| formula).collect();
        // Of a there are three, so that the first of b is the second of the second sheet.
        assert!(links[0].contains("#'mentions'!A2") && links[1].contains("#'mentions 2'!A3"), "{links:?}");
    }
}
