//! A Parquet file for each table: texts (dates among them, which may be partial), 64-bit integers, doubles; empty cells are
//! null.

use super::cells::{Source, Value};
use crate::{
    Result,
    tables::{
        cannot_write,
        partial::Partial,
        schema::{Kind, SHOWN, Schema},
    },
};
use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical},
    data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type},
    errors::ParquetError,
    file::{
        properties::WriterProperties,
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::types::Type,
};
use std::{fs::File, path::Path, sync::Arc};

/// Rows that are held in memory and written together.
const GROUP: usize = 100_000;

pub(super) fn write(folder: &Path) -> Result<()> {
    let partial = Partial::folder(folder.join("parquet"))?;
    for schema in SHOWN {
        table(folder, &partial.now().join(format!("{}.parquet", schema.name)), schema)?;
    }
    partial.finish()
}

fn table(folder: &Path, path: &Path, schema: Schema) -> Result<()> {
    let failed = |error: ParquetError| cannot_write(path, error);
    let mut source = Source::open(folder, schema)?;
    let types = source.columns.iter().map(|(name, kind)| typed(name, *kind)).collect::<Result<_, _>>();
    let root = types.and_then(|fields| Type::group_type_builder(schema.name).with_fields(fields).build());
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let file = File::create(path).map_err(|error| cannot_write(path, error))?;
    let mut writer = SerializedFileWriter::new(file, Arc::new(root.map_err(failed)?), Arc::new(properties))
        .map_err(failed)?;
    let mut columns: Vec<Cells> = source.columns.iter().map(|(_, kind)| Cells::of(*kind)).collect();
    let mut rows = 0;
    source.read(|row| {
        for (column, value) in columns.iter_mut().zip(row.values()) {
            column.push(value);
        }
        rows += 1;
        if rows == GROUP {
            rows = 0;
            write_group(&mut writer, &mut columns).map_err(failed)?;
        }
        Ok(())
    })?;
    if rows > 0 {
        write_group(&mut writer, &mut columns).map_err(failed)?;
    }
    writer.close().map(drop).map_err(failed)
}

fn typed(name: &str, kind: Kind) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match kind {
        Kind::Text | Kind::Date => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Integer => (Physical::INT64, None),
        Kind::Number => (Physical::DOUBLE, None),
    };
    let builder = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
    builder.with_logical_type(logical).build().map(Arc::new)
}

/// The cells of a column that are not empty, and for every row whether it has one.
enum Cells {
    Texts(Vec<i16>, Vec<ByteArray>),
    Integers(Vec<i16>, Vec<i64>),
    Numbers(Vec<i16>, Vec<f64>),
}

impl Cells {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text | Kind::Date => Self::Texts(Vec::new(), Vec::new()),
            Kind::Integer => Self::Integers(Vec::new(), Vec::new()),
            Kind::Number => Self::Numbers(Vec::new(), Vec::new()),
        }
    }

    fn push(&mut self, value: Value<'_>) {
        fn add<T>(levels: &mut Vec<i16>, cells: &mut Vec<T>, cell: Option<T>) {
            levels.push(i16::from(cell.is_some()));
            cells.extend(cell);
        }
        match (self, value) {
            (Self::Texts(levels, cells), Value::Text(text) | Value::Date { text, .. }) => {
                add(levels, cells, Some(ByteArray::from(text)));
            }
            (Self::Texts(levels, cells), _) => add(levels, cells, None),
            (Self::Integers(levels, cells), Value::Integer(number)) => add(levels, cells, Some(number)),
            (Self::Integers(levels, cells), _) => add(levels, cells, None),
            (Self::Numbers(levels, cells), Value::Number(number)) => add(levels, cells, Some(number)),
            (Self::Numbers(levels, cells), _) => add(levels, cells, None),
        }
    }
}

fn write_group(writer: &mut SerializedFileWriter<File>, columns: &mut [Cells]) -> Result<(), ParquetError> {
    fn put<T: DataType>(
        mut writer: SerializedColumnWriter<'_>,
        levels: &mut Vec<i16>,
        cells: &mut Vec<T::T>,
    ) -> Result<(), ParquetError> {
        writer.typed::<T>().write_batch(cells, Some(levels), None)?;
        levels.clear();
        cells.clear();
        writer.close()
    }
    let mut group = writer.next_row_group()?;
    for column in columns {
        let Some(writer) = group.next_column()? else { break };
        match column {
            Cells::Texts(levels, cells) => put::<ByteArrayType>(writer, levels, cells)?,
            Cells::Integers(levels, cells) => put::<Int64Type>(writer, levels, cells)?,
            Cells::Numbers(levels, cells) => put::<DoubleType>(writer, levels, cells)?,
        }
    }
    group.close().map(drop)
}
