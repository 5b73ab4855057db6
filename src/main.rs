//! The `namenlese` program.

fn main() {
    eprintln!("namenlese {}", env!("CARGO_PKG_VERSION"));
}
