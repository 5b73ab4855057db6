//! E-mail: the text of the message, its headers as metadata, its attachments as documents of their own.

use super::{Content, Format, Part, Read, Signature, html};
use crate::{
    Error, ErrorKind, Result,
    corpus::{Rules, date::field_date, decode},
};
use mail_parser::{
    Address, Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType,
    decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode},
};
use std::borrow::Cow;

pub(super) const FORMAT: Format = Format {
    name: "eml",
    endings: &["eml"],
    signature: Signature::Text(begins),
    about: "e-mail: text, subject, date; from, to, cc, message_id are metadata; attachments are read like files",
    read: Read::Watched(read),
};

/// Headers of which a message that is not named so must have two at its beginning.
const HEADERS: &[&str] = &[
    "received:",
    "return-path:",
    "delivered-to:",
    "from:",
    "to:",
    "subject:",
    "date:",
    "message-id:",
    "mime-version:",
    "x-",
];

fn begins(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(1024)).unwrap_or_default().to_ascii_lowercase();
    let is_header = |line: &&[u8]| HEADERS.iter().any(|header| line.starts_with(header.as_bytes()));
    let mut lines =
        head.split(|&byte| byte == b'\n').filter(|line| !line.starts_with(b" ") && !line.starts_with(b"\t"));
    lines.next().is_some_and(|line| is_header(&line)) && lines.next().is_some_and(|line| is_header(&line))
}

/// A mail of more parts is none; the parser takes more than a kilobyte for each.
const MOST_PARTS: usize = 100_000;

/// What the parser makes of a mail; nothing of what is none.
///
/// # Errors
/// [`ErrorKind::Malformed`] if it could have so many parts that they would fill the memory.
pub(super) fn parsed(bytes: &[u8]) -> Result<Option<Message<'_>>> {
    let begins_part = |line: &&[u8]| {
        let rest = line.trim_ascii_end().strip_prefix(b"--").unwrap_or_default();
        !rest.starts_with(b" ") && rest.iter().any(|&byte| byte != b'-')
    };
    if bytes.split(|&byte| byte == b'\n').filter(begins_part).nth(MOST_PARTS).is_some() {
        let message = format!("it has more than {MOST_PARTS} parts");
        return Err(Error::new(ErrorKind::Malformed, message));
    }
    Ok(MessageParser::default().parse(bytes))
}

fn read(bytes: &[u8], _: &Rules) -> Result<Content> {
    let message = parsed(bytes)?.filter(is_mail);
    let message =
        message.ok_or_else(|| Error::new(ErrorKind::Malformed, "there are no mail headers in it"))?;
    let mut content = Content { encoding: "utf-8".into(), ..Content::default() };
    for part in message.text_body.iter().filter_map(|&at| message.part(at)) {
        let text = match &part.body {
            PartType::Text(text) => decoded(&message, part, text).into_owned(),
            PartType::Html(page) => html::all_text(&decoded(&message, part, page))?,
            _ => continue,
        };
        if text.contains(char::REPLACEMENT_CHARACTER) {
            content.notes.push("some of its letters are damaged".into());
        }
        if !content.text.is_empty() && !text.is_empty() {
            content.text.push_str("\n\n");
        }
        content.text.push_str(&text);
    }
    content.title = message.subject().map(str::to_owned);
    let day = message.date().map(|date| format!("{}-{:02}-{:02}", date.year, date.month, date.day));
    content.date = day.and_then(|day| field_date(&day));
    for (name, people) in [("from", message.from()), ("to", message.to()), ("cc", message.cc())] {
        if let Some(people) = people.map(in_words).filter(|people| !people.is_empty()) {
            content.metadata.push((name.into(), people));
        }
    }
    content.metadata.extend(message.message_id().map(|id| ("message_id".into(), id.into())));
    if is_encrypted(&message) {
        content.notes.push("the message is encrypted; only its headers were read".into());
    }
    let attached = message.attachments().filter(|part| !is_furniture(part)).enumerate();
    content.parts = attached.map(|(index, part)| attachment(&message, part, index + 1)).collect();
    Ok(content)
}

/// The text of a part. The parser replaces letters where the encoding is not stated, or not truly: it is guessed then.
pub(super) fn decoded<'t>(message: &Message<'_>, part: &MessagePart<'_>, parsed: &'t str) -> Cow<'t, str> {
    let guessed = misread(message, part, parsed)
        .and_then(|bytes| decode::decode(&bytes, None, html::declared_encoding).ok());
    guessed.map_or(Cow::Borrowed(parsed), |guessed| Cow::Owned(guessed.text))
}

/// The bytes of a part in which the parser has replaced letters.
fn misread(message: &Message<'_>, part: &MessagePart<'_>, parsed: &str) -> Option<Vec<u8>> {
    if !parsed.contains(char::REPLACEMENT_CHARACTER) {
        return None;
    }
    let raw = message.raw_message.get(part.offset_body as usize..part.offset_end as usize)?;
    match part.encoding {
        Encoding::None => Some(raw.to_owned()),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
        Encoding::Base64 => base64_decode(raw),
    }
}

/// Whether there is a header that every mail has one or the other of.
fn is_mail(message: &Message<'_>) -> bool {
    message.from().is_some()
        || message.to().is_some()
        || message.subject().is_some()
        || message.date().is_some()
        || message.received().is_some()
        || message.content_type().is_some()
}

/// Names and addresses as they are written.
fn in_words(people: &Address<'_>) -> String {
    let one = |person: &mail_parser::Addr<'_>| match (person.name(), person.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_default().to_owned(),
    };
    people.iter().map(one).filter(|person| !person.is_empty()).collect::<Vec<_>>().join(", ")
}

fn is_encrypted(message: &Message<'_>) -> bool {
    let root = message.root_part();
    root.is_content_type("multipart", "encrypted")
        || root.is_content_type("application", "pkcs7-mime")
        || root.is_content_type("application", "x-pkcs7-mime")
}

/// Whether a part is no document that somebody attached: pictures inside the text, signatures.
fn is_furniture(part: &MessagePart<'_>) -> bool {
    let kind = part.content_type();
    let is_picture = kind.is_some_and(|kind| kind.c_type.eq_ignore_ascii_case("image"));
    let is_inside = part.content_id().is_some() || matches!(part.body, PartType::InlineBinary(_));
    let subtype = kind.and_then(|kind| kind.subtype()).unwrap_or_default().to_ascii_lowercase();
    (is_picture && is_inside)
        || matches!(
            &*subtype,
            "pgp-signature"
                | "pkcs7-signature"
                | "x-pkcs7-signature"
                | "pgp-encrypted"
                | "pkcs7-mime"
                | "x-pkcs7-mime"
        )
}

fn attachment(message: &Message<'_>, part: &MessagePart<'_>, number: usize) -> Part {
    let bytes = |text: &str| misread(message, part, text).unwrap_or_else(|| text.as_bytes().to_owned());
    let subtype =
        part.content_type().and_then(|kind| kind.subtype()).unwrap_or_default().to_ascii_lowercase();
    let (bytes, ending) = match &part.body {
        PartType::Message(message) => (message.raw_message().to_owned(), "eml"),
        PartType::Text(text) => (bytes(text), if subtype == "csv" { "csv" } else { "txt" }),
        PartType::Html(page) => (bytes(page), "html"),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => (bytes.to_vec(), ""),
        PartType::Multipart(_) => (Vec::new(), ""),
    };
    // A name may hold a path of the sender's machine; only its last part says something.
    let named = part.attachment_name().and_then(|name| name.rsplit(['/', '\\']).next()).map(str::trim);
    let name = match named.filter(|name| !name.is_empty()) {
        Some(name) => name.replace(char::is_control, " "),
        None if ending.is_empty() => format!("part-{number}"),
        None => format!("part-{number}.{ending}"),
    };
    Part { name, bytes }
}

#[cfg(test)]
mod tests {
    use super::super::tests::documents;
    use proptest::prelude::*;

    const MAIL: &str = "From: =?UTF-8?Q?J=C3=B6rg_M=C3=BCller?= <joerg@example.org>\r\nTo: a@example.org, Berta <b@example.org>\r\n\
        Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\nDate: Thu, 14 Sep 2023 08:30:00 +0200\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n\
        --y\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nSch=C3=B6ne Gr=C3=BC=C3=9Fe aus =\r\nWien.\r\n\
        --y\r\nContent-Type: text/html\r\n\r\n<p>Anders</p>\r\n--y--\r\n\
        --x\r\nContent-Type: application/octet-stream; name=\"C:\\\\b.txt\"\r\nContent-Disposition: attachment; filename*=UTF-8''w%C3%BC.txt\r\nContent-Transfer-Encoding: base64\r\n\r\nQmVybGlu\r\n\
        --x\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n\
        --x\r\nContent-Type: message/rfc822\r\n\r\nSubject: Innen\r\nFrom: c@example.org\r\n\r\nGraz.\r\n--x--\r\n";

    #[test]
    fn text_headers_and_attachments() {
        let documents = documents("in/a.eml", MAIL.as_bytes());
        let read: Vec<_> =
            documents.iter().map(|one| (one.id(), one.text().trim(), &*one.source.format)).collect();
        let expected = [
            ("a.eml", "Schöne Grüße aus Wien.", "eml"),
            ("a.eml#wü.txt", "Berlin", "text"),
            ("a.eml#part-2.eml", "Graz.", "eml"),
        ];
        assert_eq!(read, expected);
        assert_eq!(
            (documents[0].title.as_deref(), documents[0].date.as_deref()),
            (Some("Grüße"), Some("2023-09-14"))
        );
        let metadata: Vec<_> =
            documents[0].foreign.iter().map(|(name, value)| (&**name, value.get())).collect();
        let expected = [
            ("from", "\"Jörg Müller <joerg@example.org>\""),
            ("to", "\"a@example.org, Berta <b@example.org>\""),
            ("message_id", "\"1@example.org\""),
        ];
        assert_eq!(metadata, expected);
    }

    #[test]
    fn a_page_alone_is_read_and_mail_is_told_by_its_head() {
        let page = "Received: from x\nSubject: y\nContent-Type: text/html; charset=utf-8\n\n<p>Köln<p>Bonn";
        let documents = documents("ohne-endung", page.as_bytes());
        assert_eq!((documents[0].text(), &*documents[0].source.format), ("Köln\n\nBonn", "eml"));
        let none = super::super::tests::documents("a.eml", b"");
        assert_eq!(none[0].faults[0].reason, "there are no mail headers in it");
    }

    #[test]
    fn an_encoding_that_is_not_stated_is_guessed() {
        let latin = |text: &str| -> Vec<u8> { text.chars().map(|letter| u32::from(letter) as u8).collect() };
        let head = "From: a@example.org\nSubject: x\n";
        let attached = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nGrüße aus Köln\n--b\nContent-Type: text/plain\n\
            Content-Transfer-Encoding: quoted-printable\nContent-Disposition: attachment; filename=a.txt\n\nM=FCnchen und D=FCsseldorf\n--b--\n";
        for mail in [format!("{head}\nGrüße aus Köln\n"), format!("{head}{attached}")] {
            let documents = documents("a.eml", &latin(&mail));
            assert_eq!(documents[0].text().trim(), "Grüße aus Köln");
            assert!(
                documents.get(1).is_none_or(|one| one.text() == "München und Düsseldorf"),
                "{documents:?}"
            );
        }
        let damaged =
            [format!("{head}\n").as_bytes(), "Größe äöü ÄÖÜ ß und äöü ".as_bytes(), b"\xFF\n"].concat();
        let damaged = documents("a.eml", &damaged).remove(0);
        assert_eq!(damaged.text(), "Größe äöü ÄÖÜ ß und äöü \u{fffd}\n");
        assert_eq!(damaged.notes, ["some of its letters are damaged"]);
    }

    #[test]
    fn a_mail_of_ever_more_parts_is_refused_and_one_of_many_lines_is_not() {
        let head =
            "From: a@example.org\nSubject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\nKöln\n";
        let refused = documents("a.eml", (head.to_owned() + &"--a\n\n".repeat(100_001)).as_bytes());
        assert_eq!(refused[0].faults[0].reason, "it has more than 100000 parts");
        let lines = format!("{head}{}--a--\n", "-- \n-----\n".repeat(100_001));
        let read = documents("a.eml", lines.as_bytes());
        assert!(read[0].text().starts_with("Köln"), "{:?} {:.50}", read[0].faults, read[0].text());
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0..MAIL.len()) {
            let _ = (documents("a.eml", &bytes), documents("a.eml", &MAIL.as_bytes()[..cut]));
        }
    }
}
