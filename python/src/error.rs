//! Errors of the library as `namenlese.Error`.

use namenlese::{Error, ErrorKind, Position};
use pyo3::{prelude::*, sync::PyOnceLock, types::PyType};

/// The exception that an error becomes.
pub fn raise(error: Error) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    Python::attach(|py| {
        let position = error.position().map(Place::from);
        let given = (error.to_string(), error.kind().as_str(), error.document(), position);
        let made = CLASS.import(py, "namenlese._values", "Error").and_then(|class| class.call1(given));
        made.map_or_else(|failed| failed, PyErr::from_value)
    })
}

/// The exception for a setting that cannot be followed.
pub fn refuse(message: impl Into<String>) -> PyErr {
    raise(Error::new(ErrorKind::Settings, message.into()))
}

/// A byte offset, or a line and a column.
#[derive(IntoPyObject)]
enum Place {
    Byte(u64),
    Line(u64, u64),
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        match position {
            Position::Line { line, column } => Self::Line(line, column),
            Position::Byte(at) => Self::Byte(at),
            // The library may come to know others.
            _ => Self::Byte(0),
        }
    }
}
