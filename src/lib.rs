#![doc = include_str!("guide.md")]
#![deny(missing_docs)]
#![forbid(unsafe_code)]

#[cfg(feature = "cli")]
pub mod cli;
pub mod corpus;
pub mod detect;
pub mod document;
mod error;
pub mod evaluate;
pub mod gazetteer;
pub mod names;
pub mod normalize;
pub mod recognize;
#[cfg(feature = "report")]
pub mod report;
pub mod resolve;
pub mod segment;
pub mod stage;
#[cfg(feature = "store")]
pub mod store;
pub mod tables;
pub mod wire;

pub use document::{Document, Form, Label, Mention, Sentence, Span};
pub use error::{Error, ErrorKind, Position, Result};
pub use stage::{Layer, Pipeline, Stage};
