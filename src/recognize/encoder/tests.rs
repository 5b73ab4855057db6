use super::*;
use crate::recognize::model::{ModelFiles, Size};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny-model")
}

fn encoder(size: Size) -> Encoder {
    let files = ModelFiles::read(&tiny(), size).unwrap();
    let config = files.checked().unwrap();
    Encoder::read(files.weights, files.fast.as_deref(), &config).unwrap()
}

/// The texts of the reference with their pieces and logits: `exact` (f32), `rounded` (activations in 256 steps a row),
/// or `fast` (rounded, in the fast size).
fn reference(kind: &str) -> Vec<(Vec<u32>, Vec<f32>)> {
    let text = std::fs::read_to_string(tiny().join("reference.json")).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    let ids =
        |row: &Value| row["ids"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap() as u32).collect();
    let floats = |row: &Value| {
        let rows = row[kind].as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap());
        rows.map(|value| value.as_f64().unwrap() as f32).collect()
    };
    rows.iter().map(|row| (ids(row), floats(row))).collect()
}

/// Largest and mean distance of our logits from the reference's.
fn distance(size: Size, kind: &str) -> (f32, f32) {
    let encoder = encoder(size);
    let (mut most, mut sum, mut count) = (0.0f32, 0.0, 0);
    for (ids, expected) in reference(kind) {
        let wanted: Vec<usize> = (0..ids.len()).collect();
        let found = encoder.logits(&ids, &wanted).unwrap();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(&expected) {
            most = most.max((found - expected).abs());
            sum += (found - expected).abs();
            count += 1;
        }
    }
    (most, sum / count as f32)
}

#[test]
fn agrees_with_the_reference() {
    // The logits' standard deviation is about 2.3. Numbers on the edge between two bytes may fall to either side.
    for (size, kind) in [(Size::Accurate, "rounded"), (Size::Fast, "fast")] {
        let (most, mean) = distance(size, kind);
        assert!(most < 0.05 && mean < 0.002, "{kind}: {most} {mean}");
    }
    // What 8 bits a number cost.
    let (most, mean) = distance(Size::Accurate, "exact");
    assert!(most < 0.4 && mean < 0.06, "{most} {mean}");
}

#[test]
fn rows_do_not_depend_on_what_else_is_asked() {
    let encoder = encoder(Size::Accurate);
    let (ids, _) = reference("exact").swap_remove(0);
    let all: Vec<usize> = (0..ids.len()).collect();
    let rows = encoder.logits(&ids, &all).unwrap();
    let some = encoder.logits(&ids, &[3, 5, 8]).unwrap();
    let labels = rows.len() / ids.len();
    for (row, at) in some.chunks_exact(labels).zip([3, 5, 8]) {
        assert_eq!(row, &rows[at * labels..][..labels]);
    }
    assert!(encoder.logits(&ids, &[]).unwrap().is_empty());
    assert!(encoder.logits(&[], &[]).unwrap().is_empty());
    // A piece that nobody knows does no harm.
    assert_eq!(encoder.logits(&[0, u32::MAX, 2], &[0]).unwrap().len(), labels);
}

#[test]
fn one_thread_or_two_give_the_same_bits() {
    let encoder = encoder(Size::Accurate);
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    for (ids, _) in reference("exact") {
        let wanted: Vec<usize> = (0..ids.len()).collect();
        let one = pool(1).install(|| encoder.logits(&ids, &wanted)).unwrap();
        let four = pool(4).install(|| encoder.logits(&ids, &wanted)).unwrap();
        assert_eq!(
            one.iter().map(|x| x.to_bits()).collect::<Vec<_>>(),
            four.iter().map(|x| x.to_bits()).collect::<Vec<_>>()
        );
    }
}
