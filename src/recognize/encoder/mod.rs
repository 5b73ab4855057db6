//! A post-norm BERT encoder with a linear head, our own forward pass: int8 weights and activations in the products,
//! f32 everywhere else. `docs/recognition.md` says why, and how fast.

mod attention;
mod kernels;
#[cfg(test)]
mod tests;
mod weights;

use super::model::Config;
use crate::{Error, ErrorKind, Result};
use kernels::{Activate, AddNormalise, Bytes, Normalise, Quantise, Quantised, Sums, Values};
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_simd::SimdOp;
use rten_tensor::Matrix;
use std::borrow::Cow;
use weights::{Linear, Weights};

/// Rows that go through a product at a time, so that its sums stay in the cache.
const ROWS: usize = 64;

/// An encoder ready to work, shared by all threads.
pub(super) struct Encoder {
    weights: Weights,
    hidden: usize,
    heads: usize,
}

impl Encoder {
    /// Reads `model.safetensors`; layers and head from `fast.safetensors`, if that is given.
    pub fn read(file: Cow<'static, [u8]>, fast: Option<&[u8]>, config: &Config) -> Result<Self> {
        if config.heads == 0 || !config.hidden.is_multiple_of(16 * config.heads) {
            let message =
                format!("{} heads do not divide {} into multiples of 16", config.heads, config.hidden);
            return Err(Error::new(ErrorKind::Model, message));
        }
        let weights = Weights::read(file, fast, config)?;
        Ok(Self { weights, hidden: config.hidden, heads: config.heads })
    }

    /// How many pieces the vocabulary has.
    pub fn vocabulary(&self) -> usize {
        self.weights.vocabulary()
    }

    /// The logits of all labels at the positions `wanted` of one window of pieces, row after row.
    ///
    /// One window is one piece of work: what it gives depends on these pieces alone.
    pub fn logits(&self, pieces: &[u32], wanted: &[usize]) -> Result<Vec<f32>> {
        let window = Window::new(&self.weights, pieces, self.hidden)?;
        window.run(self.heads)?.head(wanted)
    }
}

/// The state of one window on its way through the layers.
struct Window<'w> {
    weights: &'w Weights,
    gemm: GemmExecutor<u8, i8, i32>,
    levels: f32,
    rows: usize,
    /// The hidden state, a row for every piece, as numbers and as bytes.
    state: Vec<f32>,
    bytes: Bytes,
}

impl<'w> Window<'w> {
    fn new(weights: &'w Weights, pieces: &[u32], hidden: usize) -> Result<Self> {
        let gemm = GemmExecutor::<u8, i8, i32>::default();
        let levels = if gemm.may_saturate() { 127.0 } else { 255.0 };
        let rows = pieces.len();
        let mut state = vec![0.0; rows * hidden];
        for (position, (&piece, row)) in pieces.iter().zip(state.chunks_exact_mut(hidden)).enumerate() {
            weights.embed(piece, position, row);
        }
        let mut bytes = Bytes::new(rows, hidden);
        let to = bytes.block(0, rows, levels);
        Normalise { rows: &mut state, norm: &weights.embeddings_norm, to }.dispatch();
        Ok(Self { weights, gemm, levels, rows, state, bytes })
    }

    /// All layers.
    fn run(mut self, heads: usize) -> Result<Self> {
        let hidden = self.bytes.width;
        let inner = self.weights.layers.iter().map(|layer| layer.ffn_in.outputs()).max().unwrap_or_default();
        let mut projected = vec![0.0; self.rows * 3 * hidden];
        let mut context = vec![0.0; self.rows * hidden];
        let mut context_bytes = Bytes::new(ROWS, hidden);
        let mut inner_bytes = Bytes::new(ROWS, inner);
        let mut sums = vec![0; ROWS * inner.max(3 * hidden)];
        for layer in &self.weights.layers {
            for (from, rows) in blocks(self.rows) {
                let of = product(&self.gemm, &self.bytes, from, rows, &layer.qkv, &mut sums)?;
                Values { of, to: &mut projected[from * 3 * hidden..][..rows * 3 * hidden] }.dispatch();
            }
            attention::attend(&projected, self.rows, hidden, heads, &mut context)?;
            for (from, rows) in blocks(self.rows) {
                let kept = from * hidden..(from + rows) * hidden;
                Quantise { rows: &context[kept.clone()], to: context_bytes.block(0, rows, self.levels) }
                    .dispatch();
                let of = product(&self.gemm, &context_bytes, 0, rows, &layer.attention_out, &mut sums)?;
                let to = self.bytes.block(from, rows, self.levels);
                AddNormalise { of, kept: &mut self.state[kept.clone()], norm: &layer.attention_norm, to }
                    .dispatch();
                let of = product(&self.gemm, &self.bytes, from, rows, &layer.ffn_in, &mut sums)?;
                Activate { of, to: inner_bytes.block(0, rows, self.levels) }.dispatch();
                let of = product(&self.gemm, &inner_bytes, 0, rows, &layer.ffn_out, &mut sums)?;
                let to = self.bytes.block(from, rows, self.levels);
                AddNormalise { of, kept: &mut self.state[kept], norm: &layer.ffn_norm, to }.dispatch();
            }
        }
        Ok(self)
    }

    fn head(&self, wanted: &[usize]) -> Result<Vec<f32>> {
        let (hidden, labels) = (self.bytes.width, self.weights.head_bias.len());
        let mut rows = Vec::with_capacity(wanted.len() * hidden);
        for &at in wanted {
            rows.extend_from_slice(&self.state[at * hidden..][..hidden]);
        }
        let mut logits = vec![0.0; wanted.len() * labels];
        let weight = view([hidden, labels], &self.weights.head, [1, hidden])?;
        let rows = view([wanted.len(), hidden], &rows, [hidden, 1])?;
        let options = GemmOptions {
            bias: Some(rten_gemm::BiasVector::Row(&self.weights.head_bias)),
            ..GemmOptions::default()
        };
        let (rows, weight) = (GemmInputA::Unpacked(rows), GemmInputB::Unpacked(weight));
        GemmExecutor::<f32>::default().gemm(&mut logits, rows, weight, options).map_err(mismatch)?;
        Ok(logits)
    }
}

impl Bytes {
    /// Rows to write to.
    fn block(&mut self, from: usize, rows: usize, levels: f32) -> Quantised<'_> {
        Quantised {
            values: &mut self.values[from * self.width..][..rows * self.width],
            zeros: &mut self.zeros[from..][..rows],
            scales: &mut self.scales[from..][..rows],
            levels,
        }
    }
}

/// Blocks of rows as first row and count.
fn blocks(rows: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).step_by(ROWS).map(move |from| (from, ROWS.min(rows - from)))
}

/// The product of a block of rows with a matrix. The sums are whole numbers, so no order of adding changes them.
fn product<'a>(
    gemm: &GemmExecutor<u8, i8, i32>,
    bytes: &'a Bytes,
    from: usize,
    rows: usize,
    by: &'a Linear,
    sums: &'a mut [i32],
) -> Result<Sums<'a>> {
    let width = bytes.width;
    let left = view([rows, width], &bytes.values[from * width..][..rows * width], [width, 1])?;
    let sums = &mut sums[..rows * by.outputs()];
    // The product would lay out its left side anew for every block of columns.
    let left = gemm.prepack_a(left);
    let (left, right) = (GemmInputA::Packed(&left), GemmInputB::Packed(&by.packed));
    gemm.gemm(sums, left, right, GemmOptions::default()).map_err(mismatch)?;
    let (zeros, scales) = (&bytes.zeros[from..from + rows], &bytes.scales[from..from + rows]);
    Ok(Sums { sums, zeros, scales, by })
}

fn view<'a, T>(shape: [usize; 2], data: &'a [T], strides: [usize; 2]) -> Result<Matrix<'a, T>> {
    Matrix::from_slice_with_strides(shape, data, strides).map_err(mismatch)
}

/// Shapes are checked when the weights are read, so this is a bug; it still ends as a fault of one document.
fn mismatch(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Model, "the encoder's matrices do not fit").caused_by(error)
}
