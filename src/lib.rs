//! **namenlese** reads documents and finds the people, places and organisations named in them.
//!
//! Values: [`Document`], [`Span`], [`Mention`], [`Label`]. Work: a [`Stage`] adds one layer to a document, a
//! [`Pipeline`] streams documents through stages in parallel and hands them out in order.
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
pub mod resolve;
pub mod segment;
pub mod stage;
pub mod tables;
pub mod wire;

pub use document::{Document, Form, Label, Mention, Sentence, Span};
pub use error::{Error, ErrorKind, Position, Result};
pub use stage::{Layer, Pipeline, Stage};
