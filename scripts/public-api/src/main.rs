//! Prints the public surface of a crate, out of the JSON of its rustdoc: `public-api-of FILE`. An item is a line.

use std::process::ExitCode;

/// Methods that say no more than the impl which they come with.
const IMPLIED: [&str; 6] = ["clone", "cmp", "eq", "fmt", "hash", "partial_cmp"];
/// Traits that nobody promises by having them; `Send` and `Sync` are promises.
const UNPROMISED: [&str; 6] =
    ["Freeze", "RefUnwindSafe", "StructuralPartialEq", "Unpin", "UnsafeUnpin", "UnwindSafe"];

fn is_told(item: &str) -> bool {
    if item.starts_with("impl") {
        let path = item.split_once(" for ").map_or("", |(path, _)| path);
        return !UNPROMISED.contains(&path.rsplit("::").next().unwrap_or_default());
    }
    let head = item.split('(').next().unwrap_or_default();
    let is = |method: &&str| head.ends_with(&format!("::{method}")) || head.contains(&format!("::{method}<"));
    !(item.starts_with("pub fn") && IMPLIED.iter().any(|method| is(method)))
}

fn main() -> ExitCode {
    let Some(json) = std::env::args_os().nth(1) else {
        eprintln!("usage: public-api-of FILE");
        return ExitCode::from(2);
    };
    match public_api::Builder::from_rustdoc_json(json).omit_blanket_impls(true).build() {
        Ok(api) => {
            let items = api.items().map(ToString::to_string).filter(|item| is_told(item));
            items.for_each(|item| println!("{item}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
