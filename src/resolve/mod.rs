//! From many names to entities: candidates, blocks, scores, components, ids, the chosen name, the user's decisions.

mod founders;

pub use founders::{Counts, Entity, Pair, Resolved, Verdicts, resolve};
