//! Work without the interpreter's lock, on pools of threads.

use crate::error::raise;
use namenlese::{Error, ErrorKind, Result, corpus, tables};
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::{
    any::Any,
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
    process,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{RecvTimeoutError, sync_channel},
    },
    thread,
    time::Duration,
};

/// How long Ctrl-C may stay unheard.
const PATIENCE: Duration = Duration::from_millis(50);

/// The pool of so many threads, 0 for one on each core; shared, and started when it is first needed. A process that was
/// forked off has none of the threads of its parent, and so gets pools of its own.
pub fn pool(threads: usize) -> Result<Arc<ThreadPool>> {
    static POOLS: Mutex<BTreeMap<(u32, usize), Arc<ThreadPool>>> = Mutex::new(BTreeMap::new());
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (process::id(), threads);
    if let Some(pool) = pools.get(&key) {
        return Ok(pool.clone());
    }
    let failed = |error| Error::new(ErrorKind::Settings, "cannot start the threads").caused_by(error);
    let pool = Arc::new(ThreadPoolBuilder::new().num_threads(threads).build().map_err(failed)?);
    pools.insert(key, pool.clone());
    Ok(pool)
}

/// Does work on a pool while Python goes on, and listens for Ctrl-C meanwhile: then the work is told to stop and left
/// behind.
pub fn interruptible<T: Send + 'static>(
    py: Python<'_>,
    threads: usize,
    work: impl FnOnce(&AtomicBool) -> Result<T> + Send + 'static,
) -> PyResult<T> {
    let pool = pool(threads).map_err(raise)?;
    let (sender, receiver) = sync_channel(1);
    let stop = Arc::new(AtomicBool::new(false));
    let told = stop.clone();
    pool.spawn(move || {
        let done = panic::catch_unwind(AssertUnwindSafe(|| work(&told)));
        // After an interrupt nobody waits for it.
        let _ = sender.send(done.unwrap_or_else(|panic| Err(gave_up(&*panic))));
    });
    py.detach(move || {
        loop {
            match receiver.recv_timeout(PATIENCE) {
                Ok(done) => return done.map_err(raise),
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(interrupt) = Python::attach(|py| py.check_signals()) {
                        stop.store(true, Ordering::Relaxed);
                        return Err(interrupt);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return Err(raise(gave_up(&"its thread is gone"))),
            }
        }
    })
}

/// A fault of the program's own.
fn gave_up(panic: &(dyn Any + Send)) -> Error {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or(panic.downcast_ref::<&str>().copied()).unwrap_or("no reason was given");
    Error::new(ErrorKind::Invalid, format!("a fault in namenlese, please report it: {said}"))
}

/// A parser that gives up on a damaged file is told in the faults of its document, a workbook that cannot be written in an
/// error; their panic is no news for a person.
pub fn keep_workers_quiet() {
    const QUIET: &[&str] = &[corpus::READER, tables::WORKBOOK];
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if thread::current().name().is_none_or(|name| !QUIET.contains(&name)) {
            usual(panic);
        }
    }));
}
