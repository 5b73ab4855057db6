//! The encoder written with candle's tensors: products in f32, or in Q8_0 (blocks of 32 weights with a scale, as GGUF has).

use crate::{Result, Run};
use candle_core::{
    Device, Module, Tensor,
    quantized::{GgmlDType, QMatMul, QTensor},
};
use candle_nn::{LayerNorm, Linear, ops::softmax_last_dim};
use safetensors::{Dtype, SafeTensors};
use std::{fs, path::Path};

enum Product {
    Whole(Linear),
    Rounded(QMatMul, Tensor),
}

impl Product {
    fn forward(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        match self {
            Self::Whole(linear) => linear.forward(x),
            Self::Rounded(product, bias) => product.forward(x)?.broadcast_add(bias),
        }
    }
}

struct Layer {
    qkv: Product,
    out: Product,
    widen: Product,
    narrow: Product,
    first: LayerNorm,
    second: LayerNorm,
}

pub fn load(folder: &Path, rounded: bool) -> Result<Run> {
    let config: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("config.json"))?)?;
    let number = |key: &str| config[key].as_u64().map(|n| n as usize).ok_or(format!("no {key} in config.json"));
    let (hidden, heads, layers) = (number("hidden")?, number("heads")?, number("layers")?);
    let epsilon = config["layer_norm_eps"].as_f64().ok_or("no layer_norm_eps in config.json")?;
    let bytes = fs::read(folder.join("model.safetensors"))?;
    let stored = SafeTensors::deserialize(&bytes)?;
    // candle has no int8 of its own.
    let part = |name: String| -> Result<Tensor> {
        let found = stored.tensor(&name)?;
        let numbers: Vec<f32> = match found.dtype() {
            Dtype::I8 => found.data().iter().map(|&byte| f32::from(byte as i8)).collect(),
            _ => found.data().chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect(),
        };
        Ok(Tensor::from_vec(numbers, found.shape(), &Device::Cpu)?)
    };
    let weight = |name: &str| -> Result<Tensor> {
        let scale = part(format!("{name}.scale"))?.unsqueeze(1)?;
        Ok(part(format!("{name}.weight"))?.broadcast_mul(&scale)?)
    };
    let norm = |name: &str| -> Result<LayerNorm> {
        Ok(LayerNorm::new(part(format!("{name}.weight"))?, part(format!("{name}.bias"))?, epsilon))
    };
    let product = |name: String| -> Result<Product> {
        let (weight, bias) = (weight(&name)?, part(format!("{name}.bias"))?);
        Ok(match rounded {
            false => Product::Whole(Linear::new(weight, Some(bias))),
            true => Product::Rounded(QMatMul::from_qtensor(QTensor::quantize(&weight, GgmlDType::Q8_0)?)?, bias),
        })
    };
    let layers = (0..layers)
        .map(|i| {
            Ok(Layer {
                qkv: product(format!("layers.{i}.attention.qkv"))?,
                out: product(format!("layers.{i}.attention.out"))?,
                widen: product(format!("layers.{i}.ffn.in"))?,
                narrow: product(format!("layers.{i}.ffn.out"))?,
                first: norm(&format!("layers.{i}.attention.norm"))?,
                second: norm(&format!("layers.{i}.ffn.norm"))?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let (word, position) = (weight("embeddings.word")?, part("embeddings.position.weight".into())?);
    let start = norm("embeddings.norm")?;
    let head = Linear::new(part("head.weight".into())?, Some(part("head.bias".into())?));
    Ok(Box::new(move |window| {
        let n = window.len();
        let ids = Tensor::new(window, &Device::Cpu)?;
        let mut x = start.forward(&(word.index_select(&ids, 0)? + position.narrow(0, 0, n)?)?)?;
        for layer in &layers {
            let qkv = layer.qkv.forward(&x)?.reshape((n, 3, heads, hidden / heads))?.permute((1, 2, 0, 3))?;
            let [q, k, v] = [0, 1, 2].map(|i| qkv.get(i).and_then(|t| t.contiguous()));
            let weights = softmax_last_dim(&q?.matmul(&k?.t()?.contiguous()?)?)?;
            let mixed = weights.matmul(&v?)?.transpose(0, 1)?.reshape((n, hidden))?;
            x = layer.first.forward(&(&x + layer.out.forward(&mixed)?)?)?;
            x = layer.second.forward(&(&x + layer.narrow.forward(&layer.widen.forward(&x)?.gelu_erf()?)?)?)?;
        }
        Ok(f64::from(head.forward(&x)?.sum_all()?.to_scalar::<f32>()?))
    }))
}
