//! Data that lie beside the project and are no part of it.

use std::path::{Path, PathBuf};

/// Where the project's shared data lie, if they do; what is skipped is said.
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !found.exists() {
        println!("skipped: no ../shared/{path}");
    }
    found.exists().then_some(found)
}
