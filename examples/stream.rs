//! Texts from anywhere, here the lines of an article, become tables while they come in: an iterator of documents goes through
//! the stages a window at a time, and all of a window are given away before the next one is taken.
//!
//! Run with `cargo run --example stream`.

use namenlese::{
    Document, Error, Pipeline,
    detect::Detect,
    normalize::Normalize,
    recognize::{Lists, Recognize},
    segment::Segment,
    tables::{Settings, Tables},
};
use std::{env, fs};

fn main() -> Result<(), Error> {
    let pipeline = Pipeline::new(
        vec![
            Box::new(Detect::new(Default::default())?),
            Box::new(Segment),
            Box::new(Recognize::new(vec![Box::new(Lists::packaged())])),
            Box::new(Normalize),
        ],
        &[],
    )?;

    // Any iterator will do: rows of a database, messages of a queue, lines of a file.
    let file = fs::read_to_string("corpus/2023-07-28-pjoengjang.txt")?;
    let lines = file.lines().filter(|line| !line.is_empty()).zip(1..);
    let documents = lines.map(|(line, number)| Document::new(format!("line {number}"), line));

    let folder = env::temp_dir().join(format!("namenlese-stream-{}", std::process::id()));
    let mut tables = Tables::create(&folder, Settings::default())?;
    for document in pipeline.stream(documents) {
        for fault in &document.faults {
            println!("{}: {}", document.id(), fault.reason);
        }
        tables.add(&document)?;
    }
    let summary = tables.finish()?;
    println!("{} documents", summary.documents);
    for (name, mentions) in summary.most_named {
        println!("{name}: {mentions}");
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}
