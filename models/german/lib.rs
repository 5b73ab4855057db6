//! The files of the German recogniser, as bytes: part of the program in release builds, read from this folder in others,
//! so that nobody waits for a linker over sixty megabytes.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

use std::{borrow::Cow, io};

/// One of `config.json`, `model.safetensors`, `tokenizer.json` and `fast.safetensors`.
///
/// # Errors
/// If there is no file of this name, or if it has to be read and cannot be.
#[cfg(not(debug_assertions))]
pub fn file(name: &str) -> io::Result<Cow<'static, [u8]>> {
    let bytes: &[u8] = match name {
        "config.json" => include_bytes!("config.json"),
        "model.safetensors" => include_bytes!("model.safetensors"),
        "tokenizer.json" => include_bytes!("tokenizer.json"),
        "fast.safetensors" => include_bytes!("fast.safetensors"),
        _ => return Err(io::ErrorKind::NotFound.into()),
    };
    Ok(bytes.into())
}

/// One of `config.json`, `model.safetensors`, `tokenizer.json` and `fast.safetensors`.
///
/// # Errors
/// If there is no file of this name, or if it has to be read and cannot be.
#[cfg(debug_assertions)]
pub fn file(name: &str) -> io::Result<Cow<'static, [u8]>> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let bytes = std::fs::read(&path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    Ok(bytes.into())
}
