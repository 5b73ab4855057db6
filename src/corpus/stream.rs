//! From reading, which pushes documents out of nested containers, to an iterator that hands them out: a thread reads and is
//! a few documents ahead of who takes them.

use super::{
    Rules,
    reading::{Flow, Halt, Reading},
    walk::Entry,
};
use crate::Document;
use std::{
    sync::{
        Arc,
        mpsc::{SyncSender, sync_channel},
    },
    thread,
};

/// The name of the threads that read. A parser that panics there costs one document and is told in its row, so that a
/// program may keep such panics from standard error.
pub const READER: &str = "namenlese-reader";

/// Pages and office files nest, and so do their parsers; only what is used takes memory.
pub(super) const STACK: usize = 256 << 20;
/// Documents are handed over in batches of so many, or of so many bytes of text: whichever is reached first.
const BATCH_DOCUMENTS: usize = 64;
const BATCH_BYTES: usize = 1 << 20;

/// The documents of the entries with these numbers, at most so many of each.
pub(super) fn documents(
    entries: Arc<[Entry]>,
    rules: Rules,
    chosen: impl Iterator<Item = usize> + Send + 'static,
    most: usize,
) -> impl Iterator<Item = Document> + Send {
    let (sender, receiver) = sync_channel(1);
    let read = move || {
        let mut batch = Batch { sender, documents: Vec::new(), bytes: 0 };
        for entry in chosen.filter_map(|at| entries.get(at)) {
            let mut left = most;
            let mut take = |document| {
                batch.push(document)?;
                left = left.saturating_sub(1);
                if left == 0 { Err(Halt::Enough) } else { Ok(()) }
            };
            let ended = Reading::new(&rules, entry, &mut take).all();
            if ended.is_err() && left > 0 {
                return;
            }
        }
        // Whoever went away has what they wanted.
        let _ = batch.hand_over();
    };
    let started = thread::Builder::new().name(READER.into()).stack_size(STACK).spawn(read);
    let failed = started.err().map(|error| Document::unreadable("-", &error.into()));
    failed.into_iter().chain(receiver.into_iter().flatten())
}

struct Batch {
    sender: SyncSender<Vec<Document>>,
    documents: Vec<Document>,
    bytes: usize,
}

impl Batch {
    fn push(&mut self, document: Document) -> Flow {
        self.bytes += document.text().len();
        self.documents.push(document);
        if self.documents.len() < BATCH_DOCUMENTS && self.bytes < BATCH_BYTES {
            return Ok(());
        }
        self.hand_over()
    }

    fn hand_over(&mut self) -> Flow {
        self.bytes = 0;
        self.sender.send(std::mem::take(&mut self.documents)).map_err(|_| Halt::Enough)
    }
}
