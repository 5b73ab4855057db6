//! Zip archives: each member is read as the file that it would be.

use super::{Format, Read as HowRead, Signature};
use crate::{
    Error, ErrorKind,
    corpus::{
        reading::{Flow, Reading},
        source::Source,
    },
};
use ::zip::{ZipArchive, result::ZipError};
use std::io::BufReader;

pub(super) const FORMAT: Format = Format {
    name: "zip",
    endings: &["zip"],
    signature: Signature::Binary(|head| super::is_zip(head) || head.starts_with(b"PK\x05\x06")),
    about: "archives; members are read like files, and named FILE.zip#MEMBER",
    read: HowRead::Stream(read),
};

fn read(source: Source<'_>, reading: &mut Reading<'_>) -> Flow {
    let id = source.id.clone();
    let mut archive = ZipArchive::new(source.seekable(reading.rules.most_bytes)?).map_err(damaged)?;
    for index in 0..archive.len() {
        let number = index as u64 + 1;
        let failed = match archive.by_index(index) {
            Ok(member) if member.is_dir() || member.is_symlink() => continue,
            Ok(member) => {
                let name = member.name().map(|name| name.into_owned()).unwrap_or_default();
                let bytes = BufReader::new(reading.allowance.unpacking(member));
                reading.member(&id, &name, number, bytes)?;
                continue;
            }
            Err(error) => damaged(error),
        };
        let name = archive.name_for_index(index).and_then(Result::ok).unwrap_or_default().into_owned();
        let member = reading.unique(format!("{id}#{name}"), number);
        let format = reading.rules.of_name(&name).name();
        reading.give(reading.faulty(&member, format, &failed))?;
    }
    Ok(())
}

/// What is wrong with an archive or one of its members.
pub(super) fn damaged(error: ZipError) -> Error {
    let message = match &error {
        ZipError::Io(_) | ZipError::InvalidArchive(_) => "the zip archive is damaged".to_owned(),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => return super::protected(),
        ZipError::CompressionMethodNotSupported(method) => {
            format!("compression method {method} is not read by this version")
        }
        other => other.to_string(),
    };
    Error::new(ErrorKind::Malformed, message).caused_by(error)
}
