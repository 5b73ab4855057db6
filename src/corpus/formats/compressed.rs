//! Compression: what is inside is read as if it stood there, under the name without the ending.

use super::{Format, Read as HowRead, Signature};
use crate::corpus::{
    reading::{Flow, Reading},
    source::Source,
};
use ::bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use ruzstd::decoding::{
    BlockDecodingStrategy, FrameDecoder,
    errors::{FrameDecoderError, ReadFrameHeaderError},
};
use std::io::{self, BufRead, BufReader, Read};

pub(super) const GZIP: Format = Format {
    name: "gz",
    endings: &["gz", "tgz"],
    signature: Signature::Binary(|head| head.starts_with(b"\x1F\x8B")),
    about: "any other format, gzip compressed: .txt.gz, .jsonl.gz, .tar.gz",
    read: HowRead::Stream(|source, reading| unpack(source, reading, MultiGzDecoder::new)),
};

pub(super) const BZIP2: Format = Format {
    name: "bz2",
    endings: &["bz2", "tbz2", "tbz"],
    signature: Signature::Binary(|head| head.starts_with(b"BZh")),
    about: "the same by bzip2",
    read: HowRead::Stream(|source, reading| unpack(source, reading, MultiBzDecoder::new)),
};

pub(super) const ZSTD: Format = Format {
    name: "zst",
    endings: &["zst", "tzst"],
    signature: Signature::Binary(|head| head.starts_with(b"\x28\xB5\x2F\xFD") || skips(head)),
    about: "the same by Zstandard",
    read: HowRead::Stream(|source, reading| unpack(source, reading, Frames::new)),
};

fn unpack<'s, R: Read + 's>(
    source: Source<'s>,
    reading: &mut Reading<'_>,
    decoder: impl FnOnce(Box<dyn BufRead + 's>) -> R,
) -> Flow {
    let (id, name) = (source.id.clone(), inner_name(&source.name));
    let decoder = reading.allowance.unpacking(Told(decoder(source.reader())));
    reading.read(Source::stream(id, name, BufReader::with_capacity(64 << 10, decoder)))
}

/// Says in words of ours what is wrong with compressed bytes.
struct Told<R>(R);

impl<R: Read> Read for Told<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            // Of a file around this one.
            io::ErrorKind::QuotaExceeded => error,
            _ => io::Error::new(error.kind(), "the compressed data are damaged or end too early"),
        })
    }
}

/// `a.txt` of `a.txt.gz`, `a.tar` of `a.tgz`.
fn inner_name(name: &str) -> String {
    let Some((stem, ending)) = name.rsplit_once('.') else { return name.to_owned() };
    match ending.to_ascii_lowercase().as_str() {
        "tgz" | "tbz" | "tbz2" | "tzst" => format!("{stem}.tar"),
        "gz" | "bz2" | "zst" => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// Whether a file begins with a frame that says nothing, as those of parallel compressors do.
fn skips(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..])
}

/// The largest window that `zstd --long` makes without being asked for more.
const LARGEST_WINDOW: u64 = 1 << 27;

/// All frames of a Zstandard file, one after another.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    begun: bool,
}

impl<R: BufRead> Frames<R> {
    fn new(source: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(LARGEST_WINDOW);
        Self { source, decoder, begun: false }
    }

    /// Begins the next frame, if there is one.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut self.source.by_ref().take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }

    fn is_damaged(&self) -> bool {
        let stated = self.decoder.get_checksum_from_data();
        stated.is_some() && stated != self.decoder.get_calculated_checksum()
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.begun {
                while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                    let step = BlockDecodingStrategy::UptoBlocks(1);
                    self.decoder.decode_blocks(&mut self.source, step).map_err(io::Error::other)?;
                }
                let read = self.decoder.read(buffer)?;
                if read > 0 || buffer.is_empty() {
                    return Ok(read);
                }
                if self.is_damaged() {
                    return Err(io::Error::other("the checksum is not that of the content"));
                }
            }
            self.begun = self.begin()?;
            if !self.begun {
                return Ok(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::inner_name;

    #[test]
    fn names_without_compression() {
        for (name, inner) in [
            ("a/b.txt.gz", "a/b.txt"),
            ("b.TGZ", "b.tar"),
            ("b.tar.zst", "b.tar"),
            ("b", "b"),
            ("b.bin", "b.bin"),
        ] {
            assert_eq!(inner_name(name), inner);
        }
    }
}
