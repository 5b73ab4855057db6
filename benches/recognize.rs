//! Words per second of the recogniser's steps on the sample corpus: `cargo bench --bench recognize`, on one thread unless
//! RAYON_NUM_THREADS says otherwise. `scripts/bench-recognize` measures the whole program against other engines.

use namenlese::{
    Span,
    recognize::{Embedded, ModelFiles, Size},
    segment::{sentences, tokens},
};
use std::{fs, path::Path, time::Duration};

const ROUNDS: u32 = 5;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut files: Vec<_> = [folder.clone(), folder.join("ausland"), folder.join("meldungen")]
        .iter()
        .flat_map(|folder| fs::read_dir(folder).into_iter().flatten())
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|kind| kind == "txt" || kind == "md"))
        .collect();
    files.sort();
    let text: String = files.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    let all = sentences(&text, Span::whole(&text), "de");
    let words = all.iter().flat_map(|&sentence| tokens(&text, sentence)).count();
    println!("{} sentences, {words} words, best of {ROUNDS}", all.len());
    for (name, size) in [("accurate", Size::Accurate), ("fast", Size::Fast)] {
        let Ok(model) = ModelFiles::german(size).and_then(Embedded::new) else {
            println!("{name}: there is no such size");
            continue;
        };
        let mut best = [Duration::MAX; 3];
        for _ in 0..ROUNDS {
            let taken = model.step_times(&text, &all).expect("the sample corpus can be read");
            best = std::array::from_fn(|step| best[step].min(taken[step]));
        }
        for (step, taken) in ["tokenise", "encode", "decode"].iter().zip(best) {
            println!("{name}: {step:<9}{:>12.0} words/s", words as f64 / taken.as_secs_f64());
        }
    }
}
