//! **namenlese** reads documents and finds the people, places and organisations named in them.
//!
//! A [`Document`] is a text with layers; a [`Stage`] adds one layer; a [`Pipeline`] checks that stages fit together and
//! streams documents through them in parallel, in order. A [`Span`] counts bytes; what leaves the program counts code
//! points.
//!
//! ```
//! use namenlese::{
//!     Document, Pipeline, Stage, detect::Detect, normalize::Normalize, recognize::{Lists, Recognize}, segment::Segment,
//! };
//!
//! let lists = Recognize::new(vec![Box::new(Lists::packaged())], 1);
//! let stages: Vec<Box<dyn Stage>> =
//!     vec![Box::new(Detect::new(Default::default())?), Box::new(Segment), Box::new(lists), Box::new(Normalize)];
//! let pipeline = Pipeline::new(stages, &[])?;
//!
//! let mut document = Document::new("a", "Die Regierung Nordkoreas schwieg.");
//! pipeline.apply(&mut document);
//! let mentions = document.mentions.as_deref().expect("recognize has run");
//! assert_eq!(mentions[0].span.of(document.text()), "Nordkoreas");
//! let normal = mentions[0].normal.as_ref().expect("normalize has run");
//! assert!(normal.candidates.contains(&"Nordkorea".to_owned()));
//! # Ok::<(), namenlese::Error>(())
//! ```
//!
//! In the order of the work: [`corpus`] reads, [`detect`] tells languages, [`segment`] cuts sentences, [`recognize`] finds
//! mentions, [`normalize`] makes names of them with what [`names`] and the [`gazetteer`] know, [`resolve`] decides for the
//! whole corpus which names are one entity, [`tables`] writes; `report` shows. [`wire`] is the JSON Lines form between stages,
//! `store` keeps what is done, [`evaluate`] measures.
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
