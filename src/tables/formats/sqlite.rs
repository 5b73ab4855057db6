//! One relational database: a table for each of ours, keys, indexes, and views that join them for reading.

use super::cells::{Source, Value};
use crate::{
    Result,
    tables::{
        cannot_write,
        partial::Partial,
        schema::{Kind, SHOWN, Schema},
    },
};
use rusqlite::{Connection, ToSql, types::ToSqlOutput, types::ValueRef};
use std::path::Path;

/// What the schema of tables does not say: keys, made when all rows are in.
const KEYS: &str = "
CREATE UNIQUE INDEX documents_by_id ON documents(doc_id);
CREATE UNIQUE INDEX entities_by_id ON entities(entity_id);
CREATE INDEX entities_by_name ON entities(name);
CREATE INDEX mentions_by_document ON mentions(doc_id, start);
CREATE INDEX mentions_by_entity ON mentions(entity_id);
CREATE INDEX forms_by_entity ON forms(entity_id);
CREATE INDEX forms_by_form ON forms(form);
CREATE INDEX cooccurrences_by_a ON cooccurrences(entity_a);
CREATE INDEX cooccurrences_by_b ON cooccurrences(entity_b);

CREATE VIEW people AS SELECT * FROM entities WHERE label = 'PER';
CREATE VIEW places AS SELECT * FROM entities WHERE label = 'LOC';
CREATE VIEW organisations AS SELECT * FROM entities WHERE label = 'ORG';
CREATE VIEW mentions_in_context AS
  SELECT m.entity, m.label, d.date, d.title, m.context_left, m.surface, m.context_right, m.score, m.doc_id, m.entity_id
  FROM mentions m JOIN documents d USING (doc_id);
CREATE VIEW entities_by_document AS
  SELECT doc_id, entity_id, entity, label, count(*) AS mentions FROM mentions GROUP BY doc_id, entity_id;
CREATE VIEW network AS
  SELECT a.name AS name_a, b.name AS name_b, c.sentences, c.documents, c.entity_a, c.entity_b
  FROM cooccurrences c JOIN entities a ON a.entity_id = c.entity_a JOIN entities b ON b.entity_id = c.entity_b;
";

/// Columns that name a row of another table.
const REFERENCES: [(&str, &str); 5] = [
    ("mentions.doc_id", "documents(doc_id)"),
    ("mentions.entity_id", "entities(entity_id)"),
    ("forms.entity_id", "entities(entity_id)"),
    ("cooccurrences.entity_a", "entities(entity_id)"),
    ("cooccurrences.entity_b", "entities(entity_id)"),
];

pub(super) fn write(folder: &Path) -> Result<()> {
    let path = folder.join("namenlese.sqlite");
    let (partial, file) = Partial::file(path.clone())?;
    drop(file);
    let failed = |error: rusqlite::Error| cannot_write(&path, error);
    let mut database = Connection::open(partial.now()).map_err(failed)?;
    // Nobody else sees this file before it is whole, so that it needs no journal; references come before what they name.
    database
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;")
        .map_err(failed)?;
    let transaction = database.transaction().map_err(failed)?;
    for schema in SHOWN {
        let mut source = Source::open(folder, schema)?;
        transaction.execute_batch(&definition(schema, &source.columns)).map_err(failed)?;
        let places = vec!["?"; source.columns.len()].join(", ");
        let insert = format!("INSERT INTO {} VALUES ({places})", schema.name);
        let mut statement = transaction.prepare(&insert).map_err(failed)?;
        source.read(|row| {
            statement.execute(rusqlite::params_from_iter(row.values())).map(drop).map_err(failed)
        })?;
    }
    transaction.execute_batch(KEYS).and_then(|()| transaction.commit()).map_err(failed)?;
    database.close().map_err(|(_, error)| failed(error))?;
    partial.finish()
}

fn definition(schema: Schema, columns: &[(String, Kind)]) -> String {
    let column = |(name, kind): &(String, Kind)| {
        let of = match kind {
            Kind::Text | Kind::Date => "TEXT",
            Kind::Integer => "INTEGER",
            Kind::Number => "REAL",
        };
        let full = format!("{}.{name}", schema.name);
        let to = REFERENCES.iter().find(|(from, _)| *from == full);
        let to = to.map(|(_, to)| format!(" REFERENCES {to}")).unwrap_or_default();
        format!("\"{}\" {of}{to}", name.replace('"', "\"\""))
    };
    let columns: Vec<String> = columns.iter().map(column).collect();
    format!("CREATE TABLE {} ({});", schema.name, columns.join(", "))
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Empty => ValueRef::Null,
            Self::Text(text) | Self::Date { text, .. } => ValueRef::Text(text.as_bytes()),
            Self::Integer(number) => ValueRef::Integer(number),
            Self::Number(number) => ValueRef::Real(number),
        }))
    }
}
