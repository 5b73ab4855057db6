//! The steps of `namenlese.spark`: rows in, rows out, each a stream in Arrow's IPC format.

use crate::{
    error::{raise, refuse},
    pipeline::Pipeline,
    tables::Options,
    work::interruptible,
};
use arrow_array::RecordBatch;
use arrow_ipc::{reader::StreamReader, writer::StreamWriter};
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema};
use namenlese::{
    Error, ErrorKind, Result,
    resolve::steps::{
        Alone, BEARERS, Blocks, Called, Candidate, Component, Counted, Evident, FITTING, Forms, Joined, Key,
        Member, Named, Open, Placed, Scored, Weighed,
    },
    tables::{
        Settings,
        steps::{
            self as tables, CandidateRow, DocumentRow, FormRow, OpenAt, Standing, TOP_DOCUMENTS, Together,
        },
    },
};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_arrow::schema::{SchemaLike, TracingOptions};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

#[derive(Serialize, Deserialize)]
struct Line {
    line: String,
}

#[derive(Serialize, Deserialize)]
struct Initialed {
    name: Key,
    partners: Vec<Key>,
}

#[derive(Serialize, Deserialize)]
struct Ambiguous {
    name: Key,
}

#[derive(Serialize, Deserialize)]
struct Identical {
    members: Vec<Key>,
}

#[derive(Serialize, Deserialize)]
struct Between {
    pairs: Vec<Weighed>,
}

#[derive(Serialize, Deserialize)]
struct InDocument {
    standing: Vec<Standing>,
}

/// The steps by name.
#[derive(Clone, Copy)]
enum Step {
    Document,
    Name,
    Block,
    Score,
    Ambiguous,
    Weigh,
    Solve,
    Identify,
    Open,
    Lone,
    Entity,
    Form,
    Cooccurrence,
    Close,
    Candidate,
}

impl Step {
    fn named(name: &str) -> PyResult<Self> {
        Ok(match name {
            "document" => Self::Document,
            "name" => Self::Name,
            "block" => Self::Block,
            "score" => Self::Score,
            "ambiguous" => Self::Ambiguous,
            "weigh" => Self::Weigh,
            "solve" => Self::Solve,
            "identify" => Self::Identify,
            "open" => Self::Open,
            "lone" => Self::Lone,
            "entity" => Self::Entity,
            "form" => Self::Form,
            "cooccurrence" => Self::Cooccurrence,
            "close" => Self::Close,
            "candidate" => Self::Candidate,
            _ => return Err(refuse(format!("{name:?} is no step"))),
        })
    }

    /// The columns of what it comes to.
    fn columns(self) -> Result<Vec<FieldRef>> {
        match self {
            Self::Document => columns::<DocumentRow>(),
            Self::Name => columns::<Named>(),
            Self::Block => columns::<Candidate>(),
            Self::Score => columns::<Scored>(),
            Self::Ambiguous => columns::<Ambiguous>(),
            Self::Weigh => columns::<Weighed>(),
            Self::Solve | Self::Identify => columns::<Placed>(),
            Self::Open => columns::<Open>(),
            Self::Lone => columns::<Joined>(),
            Self::Entity => columns::<Called>(),
            Self::Form => columns::<FormRow>(),
            Self::Cooccurrence | Self::Close => columns::<Together>(),
            Self::Candidate => columns::<CandidateRow>(),
        }
    }
}

/// The steps of a job in one process, with what they remember of words and names. Rows are batches of Arrow data.
#[pyclass(frozen, module = "namenlese")]
pub struct Steps(Arc<Work>);

struct Work {
    steps: namenlese::resolve::steps::Steps,
    settings: Settings,
    stages: Option<Arc<namenlese::Pipeline>>,
    /// The blocks that pass by.
    blocks: Mutex<Blocks>,
}

#[pymethods]
impl Steps {
    #[new]
    #[pyo3(signature = (options, pipeline=None))]
    fn new(options: Options, pipeline: Option<PyRef<'_, Pipeline>>) -> PyResult<Self> {
        let settings = options.settings()?;
        Ok(Self(Arc::new(Work {
            steps: namenlese::resolve::steps::Steps::new(settings.naming),
            settings,
            stages: pipeline.map(|pipeline| pipeline.stages.clone()),
            blocks: Mutex::default(),
        })))
    }

    /// The rows that a step makes of rows.
    fn run<'py>(&self, py: Python<'py>, step: &str, rows: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let (step, rows, work) = (Step::named(step)?, rows.to_vec(), self.0.clone());
        let made = interruptible(py, 1, move |stop| work.run(step, &rows, stop))?;
        Ok(PyBytes::new(py, &made))
    }

    /// Candidates of the last block that passed by ``run("block", …)``.
    fn close<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let mut found = Vec::new();
        self.0.blocks.lock().unwrap_or_else(PoisonError::into_inner).close(&self.0.steps, &mut found);
        Ok(PyBytes::new(py, &write(Step::Block, &found).map_err(raise)?))
    }

    /// The columns of the rows that a step makes, as a stream without rows.
    #[staticmethod]
    fn schema<'py>(py: Python<'py>, step: &str) -> PyResult<Bound<'py, PyBytes>> {
        let columns = Step::named(step)?.columns().map_err(raise)?;
        Ok(PyBytes::new(py, &stream(columns, None).map_err(raise)?))
    }

    /// How many rows of a kind a step needs at least: ``bearers`` of a family name, people ``fitting`` a lone name, the top
    /// ``documents`` of an entity.
    #[staticmethod]
    fn least(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
        let least = PyDict::new(py);
        least.set_item("bearers", BEARERS)?;
        least.set_item("fitting", FITTING)?;
        least.set_item("documents", TOP_DOCUMENTS)?;
        Ok(least)
    }
}

impl Work {
    fn run(&self, step: Step, rows: &[u8], stop: &AtomicBool) -> Result<Vec<u8>> {
        let steps = &self.steps;
        match step {
            Step::Document => {
                let no_pipeline = || Error::new(ErrorKind::Settings, "documents need a pipeline");
                let stages = self.stages.as_ref().ok_or_else(no_pipeline)?;
                let lines = read::<Line>(rows)?.into_iter();
                let documents = lines.map(|line| tables::read_line(&line.line));
                let seen = stages.stream(documents).until(|| stop.load(Ordering::Relaxed));
                write(step, &seen.map(|seen| tables::document(&seen, &self.settings)).collect::<Vec<_>>())
            }
            Step::Name => each(step, rows, |row: Counted| Ok([steps.name(&row)])),
            Step::Block => {
                let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
                let mut found = Vec::new();
                for member in read::<Member>(rows)? {
                    blocks.push(steps, member, &mut found)?;
                }
                write(step, &found)
            }
            Step::Score => each(step, rows, |row: Candidate| steps.score(&row)),
            Step::Ambiguous => each(step, rows, |row: Initialed| {
                Ok(steps.is_ambiguous(&row.partners)?.then_some(Ambiguous { name: row.name }))
            }),
            Step::Weigh => each(step, rows, |row: Evident| Ok([steps.weigh(&row)?])),
            Step::Solve => each(step, rows, |row: Component| steps.solve(&row)),
            Step::Identify => each(step, rows, |row: Identical| steps.identify(&row.members)),
            Step::Open => each(step, rows, |row: Between| steps.open(&row.pairs)),
            Step::Lone => each(step, rows, |row: Alone| Ok([steps.lone(&row)?])),
            Step::Entity => each(step, rows, |row: Forms| Ok([steps.entity(&row)?])),
            Step::Form => each(step, rows, |row: FormRow| Ok([tables::form(row)])),
            Step::Cooccurrence => {
                each(step, rows, |row: InDocument| Ok(tables::cooccurrences(&row.standing)))
            }
            Step::Close => each(step, rows, |row: Together| Ok(Some(row).filter(tables::is_close))),
            Step::Candidate => each(step, rows, |row: OpenAt| Ok([tables::candidate(row)])),
        }
    }
}

fn each<I: DeserializeOwned, O: Serialize, M: IntoIterator<Item = O>>(
    step: Step,
    rows: &[u8],
    make: impl Fn(I) -> Result<M>,
) -> Result<Vec<u8>> {
    let mut made = Vec::new();
    for row in read(rows)? {
        made.extend(make(row)?);
    }
    write(step, &made)
}

fn read<T: DeserializeOwned>(mut rows: &[u8]) -> Result<Vec<T>> {
    let mut read = Vec::new();
    for batch in StreamReader::try_new(&mut rows, None).map_err(failed)? {
        read.extend(serde_arrow::from_record_batch::<Vec<T>>(&batch.map_err(failed)?).map_err(failed)?);
    }
    Ok(read)
}

fn write<T: Serialize>(step: Step, rows: &[T]) -> Result<Vec<u8>> {
    let columns = step.columns()?;
    let batch = serde_arrow::to_record_batch(&columns, &rows).map_err(failed)?;
    stream(columns, Some(batch))
}

fn stream(columns: Vec<FieldRef>, batch: Option<RecordBatch>) -> Result<Vec<u8>> {
    let schema = Schema::new(columns);
    let mut writer = StreamWriter::try_new(Vec::new(), &schema).map_err(failed)?;
    batch.iter().try_for_each(|batch| writer.write(batch)).map_err(failed)?;
    writer.into_inner().map_err(failed)
}

fn columns<T: DeserializeOwned>() -> Result<Vec<FieldRef>> {
    let options = TracingOptions::default()
        .strings_as_large_utf8(false)
        .sequence_as_large_list(false)
        .enums_without_data_as_strings(true)
        .map_as_struct(false);
    let fields: Vec<FieldRef> = SchemaLike::from_type::<T>(options).map_err(failed)?;
    Ok(fields.iter().map(plain).collect())
}

/// Spark knows neither integers without a sign nor dictionaries.
fn plain(field: &FieldRef) -> FieldRef {
    let data_type = match field.data_type() {
        DataType::UInt32 | DataType::UInt64 => DataType::Int64,
        DataType::Dictionary(_, value) => (**value).clone(),
        DataType::List(item) => DataType::List(plain(item)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(plain).collect::<Fields>()),
        other => other.clone(),
    };
    Arc::new(Field::new(field.name(), data_type, field.is_nullable()))
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Invalid, "these are not the rows of the step").caused_by(error)
}
