//! Checkpoints in Hugging Face layout through rust-bert, and the only place that names it or tch.
//!
//! Of rust-bert only the encoders with their heads are used. Its pipeline cuts, batches and decodes by itself, and from
//! the second batch on it decodes against the sentences of the first (`tests/rust_bert.rs` shows it); cutting, windows
//! and decoding here are our own.
//!
//! libtorch panics where it is not pleased, and a tensor is no thing to share. So each encoder sits on a plain thread of
//! its own, which takes sentences from a channel and answers with numbers or an error; the weights are shared.

use super::{
    Recognizer,
    checkpoint::{Checkpoint, Weights},
    scheme::{LabelMap, Scheme},
    seen::{self, Seen},
    tokenizer::{Marks, Pieces},
    windows::stretches,
};
use crate::{Error, ErrorKind, Mention, Result, Span, error::said};
use rayon::prelude::*;
use rust_bert::{
    RustBertError, albert::AlbertForTokenClassification, bert::BertForTokenClassification,
    distilbert::DistilBertForTokenClassification, electra::ElectraForTokenClassification,
    fnet::FNetForTokenClassification, mobilebert::MobileBertForTokenClassification,
    roberta::RobertaForTokenClassification, xlnet::XLNetForTokenClassification,
};
use safetensors::{Dtype, SafeTensors};
use serde::de::DeserializeOwned;
use std::{
    any::Any,
    collections::{BTreeMap, HashMap},
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};
use tch::{Kind, TchError, Tensor, nn, no_grad};

/// The name of the threads that call libtorch: a panic of theirs becomes an error.
pub const ENGINE: &str = "namenlese-rust-bert";

/// What the encoder runs on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Device {
    /// The processor.
    #[default]
    Cpu,
    /// The first graphics card of NVIDIA's; libtorch has to be one that knows it.
    Cuda,
}

/// A checkpoint behind rust-bert, shared by all threads.
///
/// Every sentence goes through the encoder by itself, unpadded, so that what is found in it depends on nothing else.
pub struct RustBert {
    id: String,
    words: String,
    scheme: Scheme,
    pieces: Pieces,
    marks: Marks,
    room: usize,
    jobs: mpsc::Sender<Job>,
}

/// Pieces with their segments, of which some are asked for.
struct Job {
    pieces: Vec<i64>,
    segments: Vec<i64>,
    wanted: Vec<i64>,
    answer: mpsc::Sender<Result<Vec<f32>>>,
}

impl RustBert {
    /// Reads a checkpoint's folder. A label map says what labels mean whose names do not say it.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] if something is missing or damaged, does not fit together, or is nothing rust-bert can load;
    /// [`ErrorKind::Settings`] if the labels mean nothing, or there is no such device.
    pub fn read(folder: &Path, labels: &LabelMap, device: Device) -> Result<Self> {
        let checkpoint = Checkpoint::read(folder, labels)?;
        if device == Device::Cuda && !tch::Cuda::is_available() {
            return Err(Error::new(ErrorKind::Settings, "this libtorch finds no CUDA device"));
        }
        let words = checkpoint.in_words();
        let suffix = if device == Device::Cuda { "-cuda" } else { "" };
        let id = format!("rust-bert-{}{suffix}-{}", checkpoint.encoder, &checkpoint.checksum[..16]);
        let Checkpoint { config, encoder, scheme, pieces, marks, room, weights, .. } = checkpoint;
        let jobs = start(encoder, config, weights, device)
            .map_err(|error| error.in_document(folder.to_string_lossy()))?;
        let read = Self { id, words, scheme, pieces, marks, room, jobs };
        // What only a first sentence shows.
        read.logits(&[read.pieces.last()], &[0])?;
        Ok(read)
    }

    /// What it is, in a line.
    pub fn in_words(&self) -> &str {
        &self.words
    }

    fn find(&self, text: &str, sentences: &[Span], words: Option<&[Span]>) -> Result<Vec<Mention>> {
        let see = |&sentence: &Span| {
            let seen = Seen::new(text, sentence, words);
            let mut encoded = self.pieces.encode(seen.bridged.text())?;
            for (range, &piece) in encoded.ranges.iter_mut().zip(&encoded.ids) {
                if self.pieces.is_blank(piece) {
                    range.end = range.start;
                }
            }
            let of_words = encoded.first_of_words(&seen.words).unwrap_or_default();
            let found = self.scheme.decode(&self.logits(&encoded.ids, &of_words)?);
            Ok((seen, found))
        };
        let (seen, found): (Vec<_>, Vec<_>) =
            sentences.par_iter().map(see).collect::<Result<Vec<_>>>()?.into_iter().unzip();
        Ok(seen::mentions(text, &seen, &found))
    }

    /// The logits of some pieces of a sentence, which are given by their numbers in order.
    fn logits(&self, pieces: &[u32], wanted: &[usize]) -> Result<Vec<f32>> {
        let whole = [(0..pieces.len(), 0..pieces.len())];
        let stretches = match pieces.len() > self.room {
            true => stretches(pieces.len(), self.room),
            false => whole.into(),
        };
        let mut logits = Vec::with_capacity(wanted.len() * self.scheme.count());
        for (seen, kept) in stretches {
            let at = |piece: &usize| (self.marks.before.len() + piece - seen.start) as i64;
            let wanted: Vec<i64> = wanted.iter().filter(|piece| kept.contains(piece)).map(at).collect();
            if wanted.is_empty() {
                continue;
            }
            let inner = pieces[seen].iter().map(|&piece| (piece, 0));
            let marked =
                self.marks.before.iter().copied().chain(inner).chain(self.marks.after.iter().copied());
            let (pieces, segments) =
                marked.map(|(piece, segment)| (i64::from(piece), i64::from(segment))).unzip();
            let (answer, answered) = mpsc::channel();
            let gone = |_| broken("rust-bert has stopped".into());
            self.jobs.send(Job { pieces, segments, wanted, answer }).map_err(|_| gone(mpsc::RecvError))?;
            logits.extend(answered.recv().map_err(gone)??);
        }
        Ok(logits)
    }
}

impl Recognizer for RustBert {
    fn id(&self) -> String {
        self.id.clone()
    }

    /// A checkpoint does not say what it reads; who chooses it knows.
    fn reads(&self, _: &str) -> bool {
        true
    }

    fn recognize(&self, text: &str, sentences: &[Span]) -> Result<Vec<Mention>> {
        self.find(text, sentences, None)
    }

    fn recognize_words(&self, text: &str, sentences: &[Span], words: &[Span]) -> Result<Vec<Mention>> {
        self.find(text, sentences, Some(words))
    }
}

impl std::fmt::Debug for RustBert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RustBert").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Starts as many encoders as there are threads to feed them; a graphics card is one.
fn start(encoder: String, config: Vec<u8>, weights: Weights, device: Device) -> Result<mpsc::Sender<Job>> {
    let (count, device) = match device {
        Device::Cpu => (rayon::current_num_threads(), tch::Device::Cpu),
        Device::Cuda => (1, tch::Device::Cuda(0)),
    };
    let (jobs, waiting) = mpsc::channel();
    let (weights, waiting) = (Mutex::new(weights), Arc::new(Mutex::new(waiting)));
    let tensors = Arc::new(Mutex::new(on_engine(move || {
        // One call, one thread: calls run side by side, and no sum depends on how many there are.
        tch::set_num_threads(1);
        tensors(&weights.into_inner().unwrap_or_else(PoisonError::into_inner), device)
    })?));
    let (encoder, config) = (Arc::new(encoder), Arc::new(config));
    // One after the other: each is filled with random numbers before it takes the weights.
    for _ in 0..count {
        let (ready, begun) = mpsc::channel();
        let (waiting, tensors) = (waiting.clone(), tensors.clone());
        let (encoder, config) = (encoder.clone(), config.clone());
        thread::Builder::new()
            .name(ENGINE.into())
            .spawn(move || {
                let built = caught(|| {
                    let tensors = tensors.lock().unwrap_or_else(PoisonError::into_inner);
                    build(&encoder, &config, &tensors, device)
                });
                match built {
                    Ok(forward) => {
                        let _ = ready.send(Ok(()));
                        serve(&waiting, &forward, device);
                    }
                    Err(error) => drop(ready.send(Err(error))),
                }
            })
            .map_err(|error| broken("cannot start a thread for rust-bert".into()).caused_by(error))?;
        begun.recv().unwrap_or_else(|_| Err(broken("rust-bert has stopped".into())))?;
    }
    Ok(jobs)
}

/// Answers jobs until nobody can send any.
fn serve(waiting: &Mutex<mpsc::Receiver<Job>>, forward: &Forward, device: tch::Device) {
    loop {
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { pieces, segments, wanted, answer }) = job else { return };
        let answered = caught(|| {
            let row = |numbers: &[i64]| Tensor::from_slice(numbers).unsqueeze(0).to_device(device);
            let logits = no_grad(|| forward(&row(&pieces), &row(&segments)))?.squeeze_dim(0);
            let wanted = Tensor::from_slice(&wanted).to_device(device);
            let logits = logits.index_select(0, &wanted).to_kind(Kind::Float).contiguous().view(-1);
            let logits = Vec::<f32>::try_from(logits)?;
            match logits.iter().all(|value| value.is_finite()) {
                true => Ok(logits),
                false => Err(Trouble("the encoder gives no numbers for a sentence".into())),
            }
        });
        // Who asked may have gone.
        let _ = answer.send(answered);
    }
}

/// Runs something on a thread of its own by the name that keeps panics quiet.
fn on_engine<T: Send>(work: impl FnOnce() -> Result<T, Trouble> + Send) -> Result<T> {
    thread::scope(|scope| {
        let started = thread::Builder::new().name(ENGINE.into()).spawn_scoped(scope, || caught(work));
        let started =
            started.map_err(|error| broken("cannot start a thread for rust-bert".into()).caused_by(error))?;
        started.join().unwrap_or_else(|_| Err(broken("rust-bert has stopped".into())))
    })
}

/// What libtorch and rust-bert complain of, as text.
struct Trouble(String);

impl<E: std::fmt::Display> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// What panics gives an error, too. libtorch adds a stack to its message, which helps nobody here.
fn caught<T>(work: impl FnOnce() -> Result<T, Trouble>) -> Result<T> {
    let panicked = |panic: Box<dyn Any + Send>| Trouble(format!("rust-bert gave up: {}", said(&*panic)));
    let done = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(panicked(panic)));
    done.map_err(|Trouble(text)| broken(text.lines().next().unwrap_or_default().to_owned()))
}

/// Pieces and segments of one sentence, [1, pieces] → logits, [1, pieces, labels].
type Forward = Box<dyn Fn(&Tensor, &Tensor) -> Result<Tensor, RustBertError>>;

/// An encoder of a kind with the weights.
fn build(
    encoder: &str,
    config: &[u8],
    weights: &HashMap<String, Tensor>,
    device: tch::Device,
) -> Result<Forward, Trouble> {
    let store = nn::VarStore::new(device);
    let root = store.root();
    let forward: Forward = match encoder {
        "albert" => {
            let model = AlbertForTokenClassification::new(&root, &read(config)?)?;
            Box::new(move |ids, segments| {
                Ok(model.forward_t(Some(ids), None, Some(segments), None, None, false).logits)
            })
        }
        "bert" => {
            let model = BertForTokenClassification::new(&root, &read(config)?)?;
            Box::new(move |ids, segments| {
                Ok(model.forward_t(Some(ids), None, Some(segments), None, None, false).logits)
            })
        }
        "camembert" | "roberta" | "xlm-roberta" => {
            let model = RobertaForTokenClassification::new(&root, &read(config)?)?;
            Box::new(move |ids, segments| {
                Ok(model.forward_t(Some(ids), None, Some(segments), None, None, false).logits)
            })
        }
        "distilbert" => {
            // transformers no longer writes what rust-bert still asks for, and neither heeds it here.
            let mut config: serde_json::Map<String, serde_json::Value> = read(config)?;
            config.entry("tie_weights_").or_insert(true.into());
            let config = read(&serde_json::to_vec(&config)?)?;
            let model = DistilBertForTokenClassification::new(&root, &config)?;
            Box::new(move |ids, _| Ok(model.forward_t(Some(ids), None, None, false)?.logits))
        }
        "electra" => {
            let model = ElectraForTokenClassification::new(&root, &read(config)?)?;
            Box::new(move |ids, segments| {
                Ok(model.forward_t(Some(ids), None, Some(segments), None, None, false).logits)
            })
        }
        "fnet" => {
            let model = FNetForTokenClassification::new(&root, &read(config)?)?;
            Box::new(move |ids, segments| {
                Ok(model.forward_t(Some(ids), Some(segments), None, None, false)?.logits)
            })
        }
        "mobilebert" => {
            let model = MobileBertForTokenClassification::new(&root, &read(config)?)?;
            Box::new(move |ids, segments| {
                Ok(model.forward_t(Some(ids), Some(segments), None, None, None, false)?.logits)
            })
        }
        "xlnet" => {
            let model = XLNetForTokenClassification::new(&root, &read(config)?)?;
            Box::new(move |ids, segments| {
                Ok(model.forward_t(Some(ids), None, None, None, None, Some(segments), None, false).logits)
            })
        }
        other => return Err(Trouble(format!("rust-bert has no {other}"))),
    };
    // In order, so that the first to complain is always the same.
    for (name, mut variable) in BTreeMap::from_iter(store.variables()) {
        let Some(weight) = weights.get(&name) else {
            // A head that these models have for other tasks.
            if name.contains("pooler") {
                continue;
            }
            return Err(Trouble(format!(
                "the weights have no {name}; scripts/rust-bert/convert.py may name them right"
            )));
        };
        let (asked, has) = (variable.size(), weight.size());
        if asked != has {
            return Err(Trouble(format!(
                "{name} should be {asked:?} by config.json, but is {has:?} in the weights"
            )));
        }
        // Not copied: all encoders share them.
        no_grad(|| variable.set_data(weight));
    }
    Ok(forward)
}

fn read<C: DeserializeOwned>(config: &[u8]) -> Result<C, Trouble> {
    serde_json::from_slice(config)
        .map_err(|error| Trouble(format!("config.json is not what rust-bert asks for: {error}")))
}

/// The weights as 32-bit numbers on the device, by their names.
fn tensors(weights: &Weights, device: tch::Device) -> Result<HashMap<String, Tensor>, Trouble> {
    let named = match weights {
        Weights::Ot(bytes) => Tensor::load_multi_from_stream_with_device(Cursor::new(bytes), device)?,
        Weights::Safetensors(bytes) => {
            let file = SafeTensors::deserialize(bytes)?;
            let tensor = |(name, view): (&str, safetensors::tensor::TensorView)| {
                let kind = match view.dtype() {
                    Dtype::F64 => Kind::Double,
                    Dtype::F32 => Kind::Float,
                    Dtype::F16 => Kind::Half,
                    Dtype::BF16 => Kind::BFloat16,
                    // Numbers of positions, which the encoder makes itself.
                    _ => return None,
                };
                let shape: Vec<i64> = view.shape().iter().map(|&length| length as i64).collect();
                Some(
                    Tensor::f_from_data_size(view.data(), &shape, kind)
                        .map(|tensor| (name.to_owned(), tensor)),
                )
            };
            file.iter().filter_map(tensor).collect::<Result<Vec<_>, TchError>>()?
        }
    };
    let ready = |(name, tensor): (String, Tensor)| (name, tensor.to_kind(Kind::Float).to_device(device));
    Ok(named.into_iter().map(ready).collect())
}

fn broken(message: String) -> Error {
    Error::new(ErrorKind::Model, message)
}
