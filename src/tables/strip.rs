//! Bytes one behind the other, in a file or in memory, to be read again at any place.

use super::cannot_write;
use crate::Result;
use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

#[derive(Debug)]
pub(super) struct Strip {
    bytes: Bytes,
    end: u64,
}

#[derive(Debug)]
enum Bytes {
    File(PathBuf, BufWriter<File>),
    Memory(Vec<u8>),
}

impl Strip {
    /// An empty one in a folder that is ours.
    pub fn create(folder: &Path, name: &str) -> Result<Self> {
        let path = folder.join(name);
        // What a killed run has left is written over.
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&path);
        let file = file.map_err(|error| cannot_write(&path, error))?;
        Ok(Self { bytes: Bytes::File(path, BufWriter::new(file)), end: 0 })
    }

    /// An empty one that nobody sees.
    pub fn in_memory() -> Self {
        Self { bytes: Bytes::Memory(Vec::new()), end: 0 }
    }

    /// Adds bytes, and says where they begin.
    pub fn add(&mut self, more: &[u8]) -> Result<u64> {
        match &mut self.bytes {
            Bytes::File(path, file) => file.write_all(more).map_err(|error| cannot_write(path, error))?,
            Bytes::Memory(bytes) => bytes.extend_from_slice(more),
        }
        let begin = self.end;
        self.end += more.len() as u64;
        Ok(begin)
    }

    /// What stands from a place on; nothing can be added while it is read.
    pub fn reader(&mut self) -> Result<Reader<'_>> {
        Ok(match &mut self.bytes {
            Bytes::File(path, file) => {
                file.flush().map_err(|error| cannot_write(path, error))?;
                let mut file = file.get_ref();
                file.seek(SeekFrom::Start(0))?;
                Reader::File(BufReader::new(file), 0)
            }
            Bytes::Memory(bytes) => Reader::Memory(bytes),
        })
    }
}

/// Reads at any place; best in order.
pub(super) enum Reader<'s> {
    /// A file, and where in it we are: to ask it takes a system call.
    File(BufReader<&'s File>, u64),
    Memory(&'s [u8]),
}

impl Reader<'_> {
    /// Fills a buffer with what stands from a place on.
    pub fn read(&mut self, at: u64, buffer: &mut [u8]) -> Result<()> {
        match self {
            Self::File(file, here) => {
                // What is in the buffer already is not read again.
                file.seek_relative(at as i64 - *here as i64)?;
                *here = at;
                file.read_exact(buffer)?;
                *here += buffer.len() as u64;
            }
            Self::Memory(bytes) => {
                let from = bytes.get(at as usize..).unwrap_or_default();
                (&*from).read_exact(buffer)?;
            }
        }
        Ok(())
    }
}

impl Drop for Strip {
    fn drop(&mut self) {
        if let Bytes::File(path, _) = &self.bytes {
            // Nobody needs it any more; what cannot be removed is overwritten next time.
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_read_in_any_order() {
        let folder = tempfile::tempdir().expect("a folder");
        for mut strip in [Strip::in_memory(), Strip::create(folder.path(), ".strip").expect("a file")] {
            let parts: Vec<Vec<u8>> = (0..200).map(|number| vec![number as u8; number * 7 % 300]).collect();
            let begins: Vec<u64> = parts.iter().map(|part| strip.add(part).expect("room")).collect();
            let mut reader = strip.reader().expect("it is written");
            for number in (0..200).chain((0..200).rev()).chain([3, 190, 4]) {
                let mut buffer = vec![0; parts[number].len()];
                reader.read(begins[number], &mut buffer).expect("it is there");
                assert_eq!(buffer, parts[number]);
            }
            assert!(reader.read(begins[199], &mut [0; 1000]).is_err());
        }
        assert!(!folder.path().join(".strip").exists());
    }
}
