//! Tar archives, read as a stream: each member is read as the file that it would be.

use super::{Format, Read as HowRead, Signature};
use crate::{
    Error, ErrorKind,
    corpus::{
        reading::{Flow, Reading},
        source::Source,
        walk::escaped,
    },
};
use ::tar::{Archive, EntryType};
use std::io::{self, BufReader, Read};

pub(super) const FORMAT: Format = Format {
    name: "tar",
    endings: &["tar"],
    signature: Signature::Binary(|head| head.get(257..).is_some_and(|magic| magic.starts_with(b"ustar"))),
    about: "the same for .tar, and .tar.gz .tgz .tar.bz2 .tar.zst",
    read: HowRead::Stream(read),
};

fn read(source: Source<'_>, reading: &mut Reading<'_>) -> Flow {
    let id = source.id.clone();
    let mut archive = Archive::new(source.reader());
    for (index, member) in archive.entries().map_err(damaged)?.enumerate() {
        let member = member.map_err(damaged)?;
        let is_file = matches!(
            member.header().entry_type(),
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse
        );
        if is_file {
            let name = escaped(&member.path_bytes());
            let left = member.size();
            reading.member(&id, &name, index as u64 + 1, BufReader::new(Whole { member, left }))?;
        }
    }
    Ok(())
}

fn damaged(error: io::Error) -> Error {
    Error::new(ErrorKind::Malformed, "the tar archive is damaged").caused_by(error)
}

/// A member that must have its length: an archive may end too early.
struct Whole<R> {
    member: R,
    left: u64,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.member.read(buffer)?;
        self.left = self.left.saturating_sub(read as u64);
        if read == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive ends inside this file"));
        }
        Ok(read)
    }
}
