//! A limit of time for parsers of others, which cannot be asked to stop: each works on a thread of its own, which is left
//! to itself when its time is over and ends with the process at the latest.

use super::stream::{READER, STACK};
use crate::{Error, ErrorKind, Result};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::sync_channel,
    },
    thread,
    time::Duration,
};

/// So many parsers may be at work beyond their time, for each takes a processor and its memory.
const MOST_LATE: usize = 4;

/// How long a parser may take. Clones count the late ones together.
#[derive(Debug, Clone)]
pub(super) struct Timed {
    pub most: Duration,
    at_work: Arc<AtomicUsize>,
}

impl Timed {
    pub fn new(most: Duration) -> Self {
        Self { most, at_work: Arc::default() }
    }

    /// What the work comes to, if it ends in time.
    pub fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        // Documents of one corpus are read one after another: whoever is at work now is late.
        if self.at_work.load(Ordering::Acquire) >= MOST_LATE {
            let message = format!(
                "not read: {MOST_LATE} documents before it are still being read after their time; leave them out with --exclude"
            );
            return Err(Error::new(ErrorKind::Limit, message));
        }
        let (sender, receiver) = sync_channel(1);
        let at_work = AtWork::count(&self.at_work);
        let work = move || {
            let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(gave_up()));
            drop(at_work);
            // If time is over, nobody waits.
            let _ = sender.send(result);
        };
        thread::Builder::new().name(READER.into()).stack_size(STACK).spawn(work)?;
        receiver.recv_timeout(self.most).unwrap_or_else(|_| Err(self.over()))
    }

    /// What is said of a document that takes too long.
    pub fn over(&self) -> Error {
        let most = self.most.as_secs();
        let message =
            format!("reading it takes longer than a document may take ({most} s, see --max-document-time)");
        Error::new(ErrorKind::Limit, message)
    }
}

/// What is said of a file whose parser panics.
pub(super) fn gave_up() -> Error {
    Error::new(ErrorKind::Malformed, "its reader gave up: the file is damaged")
}

/// Counts as at work until it is dropped.
struct AtWork(Arc<AtomicUsize>);

impl AtWork {
    fn count(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(count.clone())
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn late_work_is_left_and_no_more_than_a_few_of_it() {
        let timed = Timed::new(Duration::from_secs(1));
        assert_eq!(timed.run(|| Ok(1)).ok(), Some(1));
        let reason = |result: Result<()>| result.map_err(|error| error.reason()).unwrap_err();
        assert!(reason(timed.run(|| panic!("a parser"))).contains("its reader gave up"));
        let ends: Vec<_> = (0..MOST_LATE)
            .map(|_| {
                let (end, wait) = channel::<()>();
                let late = timed.run(move || {
                    // Until the other side is dropped.
                    let _ = wait.recv();
                    Ok(())
                });
                assert!(reason(late).contains("longer than a document may take"));
                end
            })
            .collect();
        assert!(reason(timed.run(|| Ok(()))).starts_with("not read: 4 documents before it"));
        drop(ends);
        while timed.at_work.load(Ordering::Acquire) > 0 {
            thread::yield_now();
        }
        assert_eq!(timed.run(|| Ok(1)).ok(), Some(1));
    }
}
