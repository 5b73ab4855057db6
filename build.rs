//! Tells the store when rules have changed: a checksum of the sources that decide what becomes of a text.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::Path,
};

/// What language and sentences depend on, and what mentions and normal forms depend on beside that.
const RULES: [(&str, &[&str]); 2] = [
    ("PREPARING", &["src/document", "src/detect", "src/segment"]),
    (
        "FINDING",
        &["src/recognize", "src/gazetteer", "src/names", "src/normalize", "models/names", "models/places"],
    ),
];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    for (name, paths) in RULES {
        let mut hasher = DefaultHasher::new();
        for path in paths {
            println!("cargo::rerun-if-changed={path}");
            hash(Path::new(path), &mut hasher)?;
        }
        println!("cargo::rustc-env=NAMENLESE_RULES_OF_{name}={:016x}", hasher.finish());
    }
    Ok(())
}

/// All files below a folder, in the order of their names.
fn hash(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    if !path.is_dir() {
        path.hash(hasher);
        fs::read(path)?.hash(hasher);
        return Ok(());
    }
    let mut entries =
        fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| hash(entry, hasher))
}
