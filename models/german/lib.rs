//! The files of the German recogniser, as bytes: part of the program in release builds, read from this folder in others,
//! so that nobody waits for a linker over fifty megabytes.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

use std::{borrow::Cow, io};

/// `config.json`, `model.safetensors` and `tokenizer.json`, in this order.
///
/// # Errors
/// If they have to be read and cannot be.
#[cfg(not(debug_assertions))]
pub fn files() -> io::Result<[Cow<'static, [u8]>; 3]> {
    let bytes: [&[u8]; 3] = [
        include_bytes!("config.json"),
        include_bytes!("model.safetensors"),
        include_bytes!("tokenizer.json"),
    ];
    Ok(bytes.map(Cow::Borrowed))
}

/// `config.json`, `model.safetensors` and `tokenizer.json`, in this order.
///
/// # Errors
/// If they have to be read and cannot be.
#[cfg(debug_assertions)]
pub fn files() -> io::Result<[Cow<'static, [u8]>; 3]> {
    let read = |name| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        std::fs::read(&path)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    };
    Ok([read("config.json")?.into(), read("model.safetensors")?.into(), read("tokenizer.json")?.into()])
}
