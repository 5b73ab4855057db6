//! The Python module `namenlese._namenlese`: conversions between Python and the library, and nothing else. What users see
//! is described in `python/namenlese/`.
#![forbid(unsafe_code)]

mod document;
mod error;
mod names;
mod pipeline;
mod reading;
mod steps;
mod tables;
mod work;

use pyo3::prelude::*;

#[pymodule]
mod _namenlese {
    #[pymodule_export]
    use super::document::Document;
    #[pymodule_export]
    use super::names::{compare, resolve};
    #[pymodule_export]
    use super::pipeline::{Pipeline, Stream};
    #[pymodule_export]
    use super::reading::{Reading, read};
    #[pymodule_export]
    use super::steps::Steps;
    #[pymodule_export]
    use super::tables::{Table, Tables, tabulate, write_tables};
    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::work::keep_workers_quiet();
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
