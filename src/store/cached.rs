//! Stages with a memory.

use super::{Found, Key, Store, short};
use crate::{Document, Error, Layer, Pipeline, Stage};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Checksums of the sources that make language and sentences, and mentions; `build.rs` computes them.
const PREPARING: &str = env!("NAMENLESE_RULES_OF_PREPARING");
const FINDING: &str = env!("NAMENLESE_RULES_OF_FINDING");

/// What the result for a text depends on beside the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    /// For language and sentences: rules and settings.
    pub(super) prepared: [u8; 16],
    /// For mentions and normal forms, too: recognisers.
    pub(super) finished: [u8; 16],
}

impl Keys {
    /// Keys of the settings that language and sentences depend on, and of all recognisers by their ids, under the
    /// rules of this program.
    pub fn new<'s>(
        preparing: impl IntoIterator<Item = &'s str>,
        recognizers: impl IntoIterator<Item = &'s str>,
    ) -> Self {
        let hashed = |start: &[u8], rules: &'s str, parts: &mut dyn Iterator<Item = &'s str>| {
            let mut hash = Sha256::new_with_prefix(start);
            for part in std::iter::once(rules).chain(parts) {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
            short(hash)
        };
        let prepared = hashed(b"", PREPARING, &mut preparing.into_iter());
        Self { prepared, finished: hashed(&prepared, FINDING, &mut recognizers.into_iter()) }
    }
}

/// A pipeline as one stage that looks into a store before it works, and keeps there what it did.
///
/// ```
/// use namenlese::{
///     Document, Layer, Pipeline, Stage, detect::Detect, normalize::Normalize, recognize::{Lists, Recognize},
///     segment::Segment, store::{Cached, Keys, Store},
/// };
/// use std::sync::Arc;
///
/// let recognizer = Recognize::new(vec![Box::new(Lists::packaged())]);
/// let (ids, calls) = (recognizer.ids(), recognizer.calls());
/// let stages: Vec<Box<dyn Stage>> =
///     vec![Box::new(Detect::new(Default::default())?), Box::new(Segment), Box::new(recognizer), Box::new(Normalize)];
/// let folder = tempfile::tempdir()?;
/// let store = Arc::new(Store::open(folder.path(), false)?.0);
/// let keys = Keys::new(["de"], ids.iter().map(String::as_str));
/// let cached = Cached::new(store.clone(), keys, Pipeline::new(stages, &[])?);
///
/// cached.apply(&mut Document::new("a", "Kiew schwieg."))?;
/// store.flush()?;
/// let mut again = Document::new("b", "Kiew schwieg.");
/// cached.apply(&mut again)?;
/// assert_eq!(again.mentions.map(|mentions| mentions.len()), Some(1));
/// assert_eq!((store.used().documents, calls.load(std::sync::atomic::Ordering::Relaxed)), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Cached {
    store: Arc<Store>,
    keys: Keys,
    pipeline: Pipeline,
}

impl Cached {
    /// Stages from the language to normal forms, over a store. `keys` name all that they depend on.
    pub fn new(store: Arc<Store>, keys: Keys, pipeline: Pipeline) -> Self {
        Self { store, keys, pipeline: pipeline.only_missing() }
    }
}

impl Stage for Cached {
    fn name(&self) -> &'static str {
        "work"
    }

    fn reads(&self) -> &'static [Layer] {
        &[]
    }

    fn writes(&self) -> Layer {
        Layer::NormalForms
    }

    fn apply(&self, document: &mut Document) -> Result<(), Error> {
        let key = Key { text: Sha256::digest(document.text()).into(), keys: self.keys };
        let told = document.notes.len();
        if self.store.recall(&key, document) == Found::Whole {
            return Ok(());
        }
        self.pipeline.apply(document);
        if document.faults.is_empty() {
            self.store.keep(key, document, &document.notes[told..])?;
        }
        Ok(())
    }
}
