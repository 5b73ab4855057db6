//! `compare-engines ENGINE MODEL WINDOWS.json`: every window of pieces through one engine, one a call, on one thread.
//! ENGINE is rten or tract (MODEL is an ONNX file), candle-f32 or candle-q8 (MODEL is a model's folder).
//!
//! Prints the sum of all logits, by which engines can be told to have done the same work.

mod candle;

use rten::ModelOptions;
use rten_tensor::{NdTensor, prelude::*};
use std::{error::Error, fs};
use tract_onnx::prelude::{
    Datum, Framework, InferenceFact, InferenceModelExt, IntoRunnable, IntoTValue, Tensor, tvec,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;
/// The sum of the logits of one window.
type Run = Box<dyn Fn(&[u32]) -> Result<f64>>;

fn rten(path: &str) -> Result<Run> {
    let model = ModelOptions::with_all_ops().prepack_weights(true).load_file(path)?;
    Ok(Box::new(move |window| {
        let (input, output) = (model.input_ids()[0], model.output_ids()[0]);
        let ids = NdTensor::from_data([window.len()], window.iter().map(|&id| id as i32).collect::<Vec<_>>());
        let found = model.run(vec![(input, ids.into())], &[output], None)?;
        let logits: NdTensor<f32, 2> = found.into_iter().next().ok_or("no logits")?.try_into()?;
        Ok(logits.iter().map(|&x| f64::from(x)).sum())
    }))
}

fn tract(path: &str) -> Result<Run> {
    let mut model = tract_onnx::onnx().model_for_path(path)?;
    // As scripts/bench-recognize calls the number of pieces.
    let pieces = model.symbols.sym("n");
    model.set_input_fact(0, InferenceFact::dt_shape(i64::datum_type(), &[pieces]))?;
    let model = model.into_optimized()?.into_runnable()?;
    Ok(Box::new(move |window| {
        let ids = Tensor::from_shape(&[window.len()], &window.iter().map(|&id| i64::from(id)).collect::<Vec<_>>())?;
        let found = model.run(tvec!(ids.into_tvalue()))?;
        Ok(found[0].to_plain_array_view::<f32>()?.iter().map(|&x| f64::from(x)).sum())
    }))
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, engine, model, windows] = arguments.as_slice() else { return Err("needs an engine, a model and windows".into()) };
    let windows: Vec<Vec<u32>> = serde_json::from_str(&fs::read_to_string(windows)?)?;
    let run = match engine.as_str() {
        "rten" => rten(model)?,
        "tract" => tract(model)?,
        "candle-f32" => candle::load(model.as_ref(), false)?,
        "candle-q8" => candle::load(model.as_ref(), true)?,
        _ => return Err(format!("no engine is called {engine}").into()),
    };
    let mut sum = 0.0;
    for window in &windows {
        sum += run(window)?;
    }
    println!("{sum:.1}");
    Ok(())
}
