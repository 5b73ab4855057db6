//! A file of JSON Lines for each table: a row is an object, numbers are numbers, empty cells `null`.

use super::cells::Source;
use crate::{
    Result,
    tables::{cannot_write, partial::Partial, schema::SHOWN},
};
use serde::Serializer;
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

pub(super) fn write(folder: &Path) -> Result<()> {
    let partial = Partial::folder(folder.join("jsonl"))?;
    for schema in SHOWN {
        let path = partial.now().join(format!("{}.jsonl", schema.name));
        let failed = |error: std::io::Error| cannot_write(&path, error);
        let mut file = BufWriter::new(File::create(&path).map_err(failed)?);
        Source::open(folder, schema)?.read(|row| {
            let written = serde_json::Serializer::new(&mut file).collect_map(row.fields());
            written.map_err(Into::into).and_then(|()| file.write_all(b"\n")).map_err(failed)
        })?;
        file.flush().map_err(failed)?;
    }
    partial.finish()
}
