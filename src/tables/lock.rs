//! One run at a time in one folder.

use super::cannot_write;
use crate::{Error, ErrorKind, Result};
use std::{
    fs::{File, TryLockError},
    path::Path,
};

/// The operating system lets go of it when the process ends, however it ends. The file stays: whoever removed it could
/// take it from under a third.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "it is held, not read")] File);

impl Lock {
    pub fn of(folder: &Path) -> Result<Self> {
        let path = folder.join(".lock");
        let file = File::create(&path).map_err(|error| cannot_write(&path, error))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let message = format!("another run is writing to {}", folder.display());
                Err(Error::new(ErrorKind::Io, message))
            }
            // Where files cannot be locked, nobody can tell.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Self(file)),
        }
    }
}
