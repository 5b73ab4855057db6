//! Tells the store when rules have changed: a checksum of the sources that decide what becomes of a text. With the feature
//! `rust-bert`, links libtorch.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
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
    if env::var_os("CARGO_FEATURE_RUST_BERT").is_some() {
        link_libtorch();
    }
    Ok(())
}

/// The version of libtorch that rust-bert 0.23 is written for.
const LIBTORCH: &str = "2.4";

/// Lets the program find the libtorch it was built with, before any that LD_LIBRARY_PATH knows; refuses another version.
fn link_libtorch() {
    println!("cargo::rerun-if-env-changed=LIBTORCH");
    // Without it torch-sys says what to do.
    let Some(folder) = env::var_os("LIBTORCH").map(PathBuf::from) else { return };
    let header = folder.join("include/torch/csrc/api/include/torch/version.h");
    println!("cargo::rerun-if-changed={}", header.display());
    let Ok(text) = fs::read_to_string(header) else {
        println!("cargo::error=there is no libtorch in {}: run scripts/fetch-libtorch", folder.display());
        return;
    };
    let number = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(&format!("#define TORCH_VERSION_{name} ")))
    };
    let version = format!("{}.{}", number("MAJOR").unwrap_or("?"), number("MINOR").unwrap_or("?"));
    if version != LIBTORCH {
        println!(
            "cargo::error=libtorch {version} is in {}; rust-bert 0.23 needs {LIBTORCH}",
            folder.display()
        );
    }
    println!("cargo::rustc-link-arg=-Wl,--disable-new-dtags,-rpath,{}", folder.join("lib").display());
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
