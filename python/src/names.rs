//! Names without a text.

use crate::{error::raise, tables::NAMING, work::interruptible};
use namenlese::{
    Label, names,
    resolve::{Counts, Evidence, Resolver},
};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyMapping, PyString, PyTuple, PyType},
};

/// Whether two names are one person's, and why.
#[pyfunction]
pub fn compare<'py>(py: Python<'py>, a: &str, b: &str) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static PARTS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let (class, parts) = (
        CLASS.import(py, "namenlese._values", "Comparison")?,
        PARTS.import(py, "namenlese._values", "AlignedParts")?,
    );
    let compared = py.detach(|| names::compare(&names::Name::new(a), &names::Name::new(b)));
    let aligned = compared.aligned.iter().map(|pair| parts.call1((&pair.left, &pair.right, pair.similarity)));
    let aligned = PyTuple::new(py, aligned.collect::<PyResult<Vec<_>>>()?)?;
    class.call1((compared.score, compared.verdict.to_string(), compared.reason, aligned))
}

/// The entities that names of one label come to, when nothing is known of the documents they stand in.
///
/// ``names`` may repeat themselves, or be a mapping to how often each was meant. ``names_as`` is the convention by which
/// the name to show is chosen.
#[pyfunction]
#[pyo3(signature = (names, label="PER", *, names_as="de"))]
pub fn resolve<'py>(
    names: &Bound<'py, PyAny>,
    label: &str,
    names_as: &str,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static FORM: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = names.py();
    let label: Label = label.parse().map_err(raise)?;
    let naming = NAMING.read(names_as)?;
    let mut counts = Counts::new();
    if names.is_instance_of::<PyString>() {
        return Err(PyTypeError::new_err("names is one name; give an iterable of names"));
    }
    if let Ok(counted) = names.cast::<PyMapping>() {
        for item in counted.items()?.iter() {
            let (name, count): (String, u64) = item.extract()?;
            *counts.entry((label, name)).or_default() += count;
        }
    } else {
        for name in names.try_iter()? {
            *counts.entry((label, name?.extract()?)).or_default() += 1;
        }
    }
    let resolved = interruptible(py, 0, move |_| {
        Ok(Resolver::new(&counts, &Default::default()).solve(&Evidence::default(), naming))
    })?;
    let (class, form) =
        (CLASS.import(py, "namenlese._values", "Entity")?, FORM.import(py, "namenlese._values", "Form")?);
    let entities = resolved.entities.iter().map(|entity| {
        let forms = entity.forms.iter().map(|(name, score, reason)| form.call1((name, score, reason)));
        let forms = PyTuple::new(py, forms.collect::<PyResult<Vec<_>>>()?)?;
        let known = (entity.wikidata.as_deref(), entity.geonames);
        class.call1((&entity.id, &entity.name, entity.label.as_str(), forms, known.0, known.1))
    });
    entities.collect()
}
