//! `compare-engines MODEL.onnx WINDOWS.json`: every window of pieces through rten, one a call. RTEN_NUM_THREADS sets the
//! threads.

use rten::ModelOptions;
use rten_tensor::NdTensor;
use std::{error::Error, fs, time::Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, model, windows] = arguments.as_slice() else { return Err("needs a model and windows".into()) };
    let model = ModelOptions::with_all_ops().prepack_weights(true).load_file(model)?;
    let windows: Vec<Vec<i32>> = serde_json::from_str(&fs::read_to_string(windows)?)?;
    let (input, output) = (model.input_ids()[0], model.output_ids()[0]);
    let begun = Instant::now();
    for window in windows {
        let ids = NdTensor::from_data([window.len()], window);
        model.run(vec![(input, ids.into())], &[output], None)?;
    }
    println!("{:.3} s", begun.elapsed().as_secs_f64());
    Ok(())
}
