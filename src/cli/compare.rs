//! `compare`: whether two names are one, and why.

use super::{Outcome, filter};
use crate::{Result, names};
use clap::Args;

#[derive(Debug, Args)]
pub struct Compare {
    /// A name
    a: String,
    /// Another name
    b: String,
}

pub fn compare(pair: &Compare) -> Result<Outcome> {
    let (a, b) = (names::Name::new(&pair.a), names::Name::new(&pair.b));
    let compared = names::compare(&a, &b);
    let mut out = String::new();
    for name in [&a, &b] {
        out.push_str(&format!("{}: {}\n", name.form(), name.readings().join(", ")));
    }
    for part in &compared.aligned {
        out.push_str(&format!("  {} = {}  {:.2}\n", part.left, part.right, part.similarity));
    }
    out.push_str(&format!("score {:.3}: {}\n{}\n", compared.score, compared.verdict, compared.reason));
    filter::print(&out)?;
    Ok(Outcome::Well)
}
