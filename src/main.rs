//! The `namenlese` program.

#[cfg(feature = "cli")]
fn main() -> std::process::ExitCode {
    namenlese::cli::main()
}

#[cfg(not(feature = "cli"))]
fn main() {}
