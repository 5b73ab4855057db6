//! Tables in memory, as Arrow, and tables in a folder.

use crate::{
    document::Document,
    error::{raise, refuse},
    work::interruptible,
};
use arrow_array::{
    Array, ArrayRef, RecordBatch, RecordBatchIterator,
    builder::{Float64Builder, Int64Builder, StringBuilder},
    cast::AsArray,
    ffi::FFI_ArrowSchema,
    ffi_stream::FFI_ArrowArrayStream,
    types::{Float64Type, Int64Type},
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use namenlese::{
    Error, ErrorKind,
    resolve::{Decisions, Naming},
    tables::{self, Duplicates, Format, InMemory, Kind, Settings, Sink},
};
use pyo3::{
    prelude::*,
    types::{PyCapsule, PyDict},
};
use std::{fs::File, path::PathBuf, sync::Arc};

/// Rows that are handed over together.
const BATCH: usize = 1 << 16;

/// A table in memory. Whatever takes Arrow data takes it without a copy.
///
/// So do ``pyarrow.table(table)``, ``polars.DataFrame(table)`` and ``pandas.DataFrame.from_arrow(table)``.
#[pyclass(frozen, module = "namenlese")]
pub struct Table {
    /// What it is called, such as ``mentions``.
    #[pyo3(get)]
    name: &'static str,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

#[pymethods]
impl Table {
    /// The rows, by the Arrow PyCapsule interface.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // Who asks may be given other types than were asked for.
        let _ = requested_schema;
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, self.schema.clone());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }

    /// The columns, by the same.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(&*self.schema).map_err(|error| raise(failed(error)))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// The names of its columns.
    #[getter]
    fn columns(&self) -> Vec<&str> {
        self.schema.fields().iter().map(|field| field.name().as_str()).collect()
    }

    /// Its rows as dictionaries, where no other program is at hand.
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let mut rows = Vec::with_capacity(self.__len__());
        for batch in &self.batches {
            for number in 0..batch.num_rows() {
                let row = PyDict::new(py);
                for (field, column) in self.schema.fields().iter().zip(batch.columns()) {
                    row.set_item(field.name(), Cell::of(column, number))?;
                }
                rows.push(row);
            }
        }
        Ok(rows)
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __repr__(&self) -> String {
        format!("<Table {}: {} rows of {}>", self.name, self.__len__(), self.columns().join(", "))
    }
}

#[derive(IntoPyObject)]
enum Cell<'c> {
    Text(Option<&'c str>),
    Integer(Option<i64>),
    Number(Option<f64>),
}

impl<'c> Cell<'c> {
    fn of(column: &'c ArrayRef, row: usize) -> Self {
        let is_there = column.is_valid(row);
        match column.data_type() {
            DataType::Int64 => Self::Integer(is_there.then(|| column.as_primitive::<Int64Type>().value(row))),
            DataType::Float64 => {
                Self::Number(is_there.then(|| column.as_primitive::<Float64Type>().value(row)))
            }
            _ => Self::Text(is_there.then(|| column.as_string::<i32>().value(row))),
        }
    }
}

/// The tables of a corpus; docs/formats.md describes their columns.
#[pyclass(frozen, get_all, module = "namenlese")]
pub struct Tables {
    /// A row is a document.
    documents: Py<Table>,
    /// A row is a place where something is named, with its entity.
    mentions: Py<Table>,
    /// A row is a person, place, organisation or other name.
    entities: Py<Table>,
    /// A row is a spelling of an entity, and why it belongs to it.
    forms: Py<Table>,
    /// A row is a pair of entities that stand side by side.
    cooccurrences: Py<Table>,
    /// A row is a pair of names that could be one: a case for a person.
    candidates: Py<Table>,
}

#[pymethods]
impl Tables {
    fn __repr__(&self) -> String {
        let rows = |table: &Py<Table>| table.get().__len__();
        format!(
            "<Tables of {} documents, {} mentions, {} entities>",
            rows(&self.documents),
            rows(&self.mentions),
            rows(&self.entities)
        )
    }
}

/// A table on its way into memory.
struct Columns {
    name: &'static str,
    schema: SchemaRef,
    cells: Vec<Cells>,
    rows: usize,
    batches: Vec<RecordBatch>,
}

enum Cells {
    Texts(StringBuilder),
    Integers(Int64Builder),
    Numbers(Float64Builder),
}

impl Cells {
    /// An empty cell is null.
    fn push(&mut self, cell: &str) {
        match self {
            Self::Texts(texts) => texts.append_option(Some(cell).filter(|cell| !cell.is_empty())),
            Self::Integers(integers) => integers.append_option(cell.parse().ok()),
            Self::Numbers(numbers) => numbers.append_option(cell.parse().ok()),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Texts(texts) => Arc::new(texts.finish()),
            Self::Integers(integers) => Arc::new(integers.finish()),
            Self::Numbers(numbers) => Arc::new(numbers.finish()),
        }
    }
}

impl Columns {
    fn new(name: &'static str, columns: &[(String, Kind)]) -> Self {
        let (fields, cells): (Vec<_>, Vec<_>) = columns
            .iter()
            .map(|(name, kind)| {
                let (data_type, cells) = match kind {
                    // A date may be partial.
                    Kind::Text | Kind::Date => (DataType::Utf8, Cells::Texts(StringBuilder::new())),
                    Kind::Integer => (DataType::Int64, Cells::Integers(Int64Builder::new())),
                    Kind::Number => (DataType::Float64, Cells::Numbers(Float64Builder::new())),
                };
                (Field::new(name, data_type, true), cells)
            })
            .unzip();
        Self { name, schema: Arc::new(Schema::new(fields)), cells, rows: 0, batches: Vec::new() }
    }

    fn close(&mut self) -> namenlese::Result<()> {
        if self.rows > 0 {
            let columns = self.cells.iter_mut().map(Cells::finish).collect();
            self.batches.push(RecordBatch::try_new(self.schema.clone(), columns).map_err(failed)?);
            self.rows = 0;
        }
        Ok(())
    }
}

impl Sink for Columns {
    fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) -> namenlese::Result<()> {
        for (column, cell) in self.cells.iter_mut().zip(cells) {
            column.push(cell.as_ref());
        }
        self.rows += 1;
        if self.rows == BATCH { self.close() } else { Ok(()) }
    }
}

fn failed(error: ArrowError) -> Error {
    Error::new(ErrorKind::Invalid, "cannot make a table").caused_by(error)
}

/// Words for a setting, and what they stand for.
pub struct Words<T: 'static> {
    name: &'static str,
    words: &'static [(&'static str, T)],
}

impl<T: Copy> Words<T> {
    pub fn read(&self, word: &str) -> PyResult<T> {
        let found = self.words.iter().find(|(known, _)| *known == word);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let known: Vec<&str> = self.words.iter().map(|(known, _)| *known).collect();
            refuse(format!("{} is {word:?}, which is none of {}", self.name, known.join(", ")))
        })
    }
}

pub const NAMING: Words<Naming> = Words {
    name: "names_as",
    words: &[("de", Naming::De), ("en", Naming::En), ("original", Naming::Original)],
};
const ALL_FORMS: Words<bool> = Words { name: "forms", words: &[("name", false), ("all", true)] };
const DUPLICATES: Words<Duplicates> = Words {
    name: "duplicates",
    words: &[("keep", Duplicates::Keep), ("mark", Duplicates::Mark), ("drop", Duplicates::Drop)],
};

/// Settings as Python gives them.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Options {
    forms: String,
    min_score: f64,
    decisions: Option<PathBuf>,
    names_as: String,
    duplicates: String,
    no_text: bool,
}

impl Options {
    pub fn settings(self) -> PyResult<Settings> {
        if !(0.0..=1.0).contains(&self.min_score) {
            return Err(refuse("min_score is not between 0 and 1"));
        }
        let read = |path: PathBuf| {
            let shown = path.display().to_string();
            let file = File::open(&path).map_err(|error| {
                Error::new(ErrorKind::Settings, "cannot read the decisions").caused_by(error)
            });
            file.and_then(Decisions::read).map_err(|error| raise(error.in_document(shown)))
        };
        Ok(Settings {
            all_forms: ALL_FORMS.read(&self.forms)?,
            min_score: self.min_score,
            decisions: self.decisions.map(read).transpose()?.unwrap_or_default(),
            naming: NAMING.read(&self.names_as)?,
            duplicates: DUPLICATES.read(&self.duplicates)?,
            no_text: self.no_text,
            ..Settings::default()
        })
    }
}

/// What :func:`namenlese.tabulate` calls.
#[pyfunction]
#[pyo3(signature = (documents, options, /))]
pub fn tabulate(documents: &Bound<'_, PyAny>, options: Options) -> PyResult<Tables> {
    let py = documents.py();
    let mut tables = InMemory::new(options.settings()?);
    each(documents, |document| tables.add(document))?;
    let columns = interruptible(py, 0, move |_| {
        let (_, mut columns) = tables.finish(|name, columns| Ok(Columns::new(name, columns)))?;
        columns.iter_mut().try_for_each(Columns::close)?;
        Ok(columns)
    })?;
    let table = |name| {
        let found = columns.iter().find(|columns| columns.name == name);
        let found = found.ok_or_else(|| refuse(format!("there is no table {name}")))?;
        let table = Table { name, schema: found.schema.clone(), batches: found.batches.clone() };
        Py::new(py, table)
    };
    Ok(Tables {
        documents: table("documents")?,
        mentions: table("mentions")?,
        entities: table("entities")?,
        forms: table("forms")?,
        cooccurrences: table("cooccurrences")?,
        candidates: table("candidates")?,
    })
}

/// What :func:`namenlese.write_tables` calls.
#[pyfunction]
#[pyo3(signature = (documents, folder, formats, fresh, options, /))]
pub fn write_tables<'py>(
    documents: &Bound<'py, PyAny>,
    folder: PathBuf,
    formats: Vec<String>,
    fresh: bool,
    options: Options,
) -> PyResult<Bound<'py, PyAny>> {
    let py = documents.py();
    let format = |word: &String| {
        let found = Format::ALL.into_iter().find(|format| format.as_str() == word);
        found.ok_or_else(|| refuse(format!("{word:?} is no form of the tables")))
    };
    let formats = formats.iter().map(format).collect::<PyResult<Vec<_>>>()?;
    let settings = Settings { formats, afresh: fresh, ..options.settings()? };
    let mut tables = tables::Tables::create(&folder, settings).map_err(raise)?;
    each(documents, |document| tables.add(document))?;
    let summary = interruptible(py, 0, move |_| tables.finish())?;
    let counts = serde_json::to_string(&summary).map_err(|error| refuse(error.to_string()))?;
    py.import("json")?.call_method1("loads", (counts,))
}

/// Hands over documents one by one.
fn each(
    documents: &Bound<'_, PyAny>,
    mut add: impl FnMut(&namenlese::Document) -> namenlese::Result<()> + Send,
) -> PyResult<()> {
    let py = documents.py();
    for item in documents.try_iter()? {
        let item = item?;
        let document = &item.cast::<Document>()?.get().inner;
        py.detach(|| add(document)).map_err(raise)?;
        py.check_signals()?;
    }
    Ok(())
}
