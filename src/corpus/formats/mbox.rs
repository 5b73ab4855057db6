//! Mailboxes (mbox): messages one after another, each begun by a line `From …` after an empty one.

use super::{Format, Read as HowRead, Signature, mail};
use crate::{
    Error, ErrorKind,
    corpus::{
        reading::{Flow, Reading},
        source::{Source, too_large},
    },
};
use std::io::{BufRead, Read};

pub(super) const FORMAT: Format = Format {
    name: "mbox",
    endings: &["mbox", "mbx"],
    signature: Signature::Text(begins),
    about: "mailboxes: each message is read as .eml",
    read: HowRead::Stream(read),
};

fn begins(head: &[u8]) -> bool {
    let mut lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
    let first =
        lines.next().is_some_and(|line| is_separator(line) && line.last().is_some_and(u8::is_ascii_digit));
    first && lines.next().is_some_and(|line| line.contains(&b':'))
}

fn is_separator(line: &[u8]) -> bool {
    line.starts_with(b"From ")
}

/// A piece of a line that is held at once: nobody says how long a line is.
const PIECE: u64 = 1 << 20;

fn read(source: Source<'_>, reading: &mut Reading<'_>) -> Flow {
    let id = source.id.clone();
    let most = reading.rules.most_bytes;
    let mut reader = source.reader();
    let (mut message, mut length) = (Vec::new(), 0u64);
    let (mut after_blank, mut at_start, mut number) = (true, true, 0u64);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader.by_ref().take(PIECE).read_until(b'\n', &mut line)?;
        if number == 0 && read > 0 && !is_separator(&line) {
            return Err(Error::new(ErrorKind::Malformed, "it does not begin with a line From …").into());
        }
        if read == 0 || (at_start && after_blank && is_separator(&line)) {
            if number > 0 {
                let id = format!("{id}#{number}");
                if length > most {
                    reading.give(reading.faulty(&id, mail::FORMAT.name, &too_large(Some(length), most)))?;
                } else {
                    reading.read(Source::memory(
                        id,
                        format!("{number}.eml"),
                        std::mem::take(&mut message),
                    ))?;
                }
            }
            if read == 0 {
                return Ok(());
            }
            (number, length) = (number + 1, 0);
            message.clear();
        } else {
            // What looks like a separator inside a message was written with a mark before it.
            let marks = line.iter().take_while(|&&byte| byte == b'>').count();
            let is_marked = at_start && marks > 0 && line.get(marks..).is_some_and(is_separator);
            let kept = line.get(usize::from(is_marked)..).unwrap_or_default();
            length += kept.len() as u64;
            if length <= most {
                message.extend_from_slice(kept);
            }
        }
        after_blank = at_start && line.trim_ascii().is_empty();
        at_start = line.ends_with(b"\n");
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{documents, documents_by, rules};
    use crate::{Document, corpus::Rules};

    const BOX: &str = "From a@example.org Thu Sep 14 08:30:00 2023\nFrom: a@example.org\nSubject: Eins\n\nWien.\n\n>From hier an.\nFrom da.\n\n\
        From b@example.org Fri Sep 15 08:30:00 2023\r\nSubject: Zwei\r\n\r\nGraz.\r\n";

    fn told(documents: &[Document]) -> Vec<(&str, &str)> {
        documents.iter().map(|one| (one.id(), one.text().trim_end())).collect()
    }

    #[test]
    fn messages_are_parted() {
        let expected = [("a.mbox#1", "Wien.\n\nFrom hier an.\nFrom da."), ("a.mbox#2", "Graz.")];
        assert_eq!(told(&documents("a.mbox", BOX.as_bytes())), expected);
        assert_eq!(documents("Posteingang", BOX.as_bytes()).len(), 2, "told by its first lines");
    }

    #[test]
    fn a_message_that_is_too_long_is_one_fault() {
        let rules = Rules { most_bytes: 60, ..rules() };
        let documents = documents_by("a.mbox", BOX.as_bytes(), &rules);
        assert_eq!(told(&documents), [("a.mbox#1", ""), ("a.mbox#2", "Graz.")]);
        assert!(documents[0].faults[0].reason.contains("larger than a document may be"));
    }

    #[test]
    fn what_is_no_mailbox_is_one_fault() {
        let documents = documents("a.mbox", b"Nur Text.");
        assert_eq!(documents.len(), 1);
        assert_eq!(documents[0].faults[0].reason, "it does not begin with a line From …");
        assert_eq!(super::super::tests::documents("a.mbox", b"")[0].notes, ["there is no document in it"]);
    }
}
