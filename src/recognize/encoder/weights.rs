//! The weights of an encoder, read from a safetensors file.

use super::kernels::{LANES, Norm};
use crate::{Error, ErrorKind, Result, recognize::model::Config};
use rayon::prelude::*;
use rten_gemm::{GemmExecutor, PackedBMatrix};
use rten_tensor::Matrix;
use safetensors::{Dtype, SafeTensors};
use std::borrow::Cow;

/// A matrix of bytes, laid out for this processor's kernel, with one scale for every output.
pub(super) struct Linear {
    pub packed: PackedBMatrix<i8>,
    pub scales: Vec<f32>,
    pub bias: Vec<f32>,
    /// The sum of the bytes of every output.
    pub totals: Vec<f32>,
}

impl Linear {
    pub fn outputs(&self) -> usize {
        self.packed.cols()
    }
}

/// One layer: attention and feed-forward, each followed by its norm.
pub(super) struct Layer {
    pub qkv: Linear,
    pub attention_out: Linear,
    pub attention_norm: Norm,
    pub ffn_in: Linear,
    pub ffn_out: Linear,
    pub ffn_norm: Norm,
}

/// All weights. The word embeddings stay where they lie if the file is part of the program; the layers are laid out
/// anew once.
pub(super) struct Weights {
    words: Cow<'static, [u8]>,
    word_scales: Vec<f32>,
    positions: Vec<f32>,
    pub embeddings_norm: Norm,
    pub layers: Vec<Layer>,
    pub head: Vec<f32>,
    pub head_bias: Vec<f32>,
}

impl Weights {
    pub fn read(file: Cow<'static, [u8]>, fast: Option<&[u8]>, config: &Config) -> Result<Self> {
        for (name, width) in [("hidden", config.hidden), ("intermediate", config.intermediate)] {
            if width == 0 || !width.is_multiple_of(LANES) {
                return Err(broken(format!("{name} is {width}, not a multiple of {LANES}")));
            }
        }
        let epsilon = config.layer_norm_eps;
        let whole = tensors(&file)?;
        let read = Reader { tensors: &whole, epsilon };
        let fast = fast.map(tensors).transpose()?;
        let body = Reader { tensors: fast.as_ref().unwrap_or(read.tensors), epsilon };
        let (hidden, inner) = (config.hidden, config.intermediate);
        let layer = |index: usize| {
            let name = |part: &str| format!("layers.{index}.{part}");
            Ok(Layer {
                qkv: body.linear(&name("attention.qkv"), 3 * hidden, hidden)?,
                attention_out: body.linear(&name("attention.out"), hidden, hidden)?,
                attention_norm: body.norm(&name("attention.norm"), hidden)?,
                ffn_in: body.linear(&name("ffn.in"), inner, hidden)?,
                ffn_out: body.linear(&name("ffn.out"), hidden, inner)?,
                ffn_norm: body.norm(&name("ffn.norm"), hidden)?,
            })
        };
        let word_scales = read.all_floats("embeddings.word.scale")?;
        let words = read.bytes("embeddings.word.weight", &[word_scales.len(), hidden])?;
        let words = match &file {
            Cow::Borrowed(file) => {
                let start = words.as_ptr().addr() - file.as_ptr().addr();
                Cow::Borrowed(&file[start..start + words.len()])
            }
            Cow::Owned(_) => Cow::Owned(words.to_vec()),
        };
        Ok(Self {
            words,
            word_scales,
            positions: read.floats("embeddings.position.weight", &[config.positions, hidden])?,
            embeddings_norm: read.norm("embeddings.norm", hidden)?,
            layers: (0..config.layers).into_par_iter().map(layer).collect::<Result<_>>()?,
            head: body.floats("head.weight", &[config.labels.len(), hidden])?,
            head_bias: body.floats("head.bias", &[config.labels.len()])?,
        })
    }

    /// How many pieces have an embedding.
    pub fn vocabulary(&self) -> usize {
        self.word_scales.len()
    }

    /// Word and position embedding of a piece, added. A piece outside the vocabulary gives the position alone.
    pub fn embed(&self, piece: u32, position: usize, to: &mut [f32]) {
        let width = to.len();
        to.copy_from_slice(&self.positions[position * width..][..width]);
        let piece = piece as usize;
        let Some(scale) = self.word_scales.get(piece) else { return };
        let word = bytemuck::cast_slice::<u8, i8>(&self.words[piece * width..][..width]);
        for (to, &value) in to.iter_mut().zip(word) {
            *to += scale * f32::from(value);
        }
    }
}

fn tensors(file: &[u8]) -> Result<SafeTensors<'_>> {
    SafeTensors::deserialize(file)
        .map_err(|error| broken("the weights cannot be read".into()).caused_by(error))
}

struct Reader<'f> {
    tensors: &'f SafeTensors<'f>,
    epsilon: f32,
}

impl<'f> Reader<'f> {
    /// The bytes of a tensor of a type and shape.
    fn tensor(&self, name: &str, dtype: Dtype, shape: Option<&[usize]>) -> Result<&'f [u8]> {
        let tensor = self
            .tensors
            .tensor(name)
            .map_err(|error| broken(format!("the weights have no tensor {name}")).caused_by(error))?;
        if tensor.dtype() != dtype || shape.is_some_and(|shape| tensor.shape() != shape) {
            let wanted = shape.map(|shape| format!(" {shape:?}")).unwrap_or_default();
            return Err(broken(format!(
                "tensor {name} is {} {:?}, not {dtype}{wanted}",
                tensor.dtype(),
                tensor.shape()
            )));
        }
        Ok(tensor.data())
    }

    fn bytes(&self, name: &str, shape: &[usize]) -> Result<&'f [u8]> {
        self.tensor(name, Dtype::I8, Some(shape))
    }

    fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.tensor(name, Dtype::F32, Some(shape)).map(floats)
    }

    fn all_floats(&self, name: &str) -> Result<Vec<f32>> {
        self.tensor(name, Dtype::F32, None).map(floats)
    }

    fn linear(&self, name: &str, outputs: usize, inputs: usize) -> Result<Linear> {
        let weight = self.bytes(&format!("{name}.weight"), &[outputs, inputs])?;
        let weight = bytemuck::cast_slice::<u8, i8>(weight);
        let total = |row: &[i8]| row.iter().map(|&value| i32::from(value)).sum::<i32>() as f32;
        // The file has a row for every output; the product wants a column.
        let view = Matrix::from_slice_with_strides([inputs, outputs], weight, [1, inputs]);
        let view = view.map_err(|error| broken(format!("tensor {name}")).caused_by(error))?;
        Ok(Linear {
            packed: GemmExecutor::<u8, i8, i32>::default().prepack_b(view),
            scales: self.floats(&format!("{name}.scale"), &[outputs])?,
            bias: self.floats(&format!("{name}.bias"), &[outputs])?,
            totals: weight.chunks_exact(inputs).map(total).collect(),
        })
    }

    fn norm(&self, name: &str, width: usize) -> Result<Norm> {
        Ok(Norm {
            weight: self.floats(&format!("{name}.weight"), &[width])?,
            bias: self.floats(&format!("{name}.bias"), &[width])?,
            epsilon: self.epsilon,
        })
    }
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four)).collect()
}

fn broken(message: String) -> Error {
    Error::new(ErrorKind::Model, message)
}
