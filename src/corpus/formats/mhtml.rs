//! Web pages that a browser saved as a single file (MHTML): a mail whose first page is the one that was shown.

use super::{Content, Format, Read, Signature, html, mail};
use crate::{Error, ErrorKind, Result, corpus::Rules};
use mail_parser::PartType;

pub(super) const FORMAT: Format = Format {
    name: "mhtml",
    endings: &["mhtml", "mht"],
    signature: Signature::Text(begins),
    about: "web pages saved as a single file: as html, and where they were",
    read: Read::Watched(read),
};

/// Browsers say where they found the page.
const PLACE: &str = "Snapshot-Content-Location";

fn begins(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head.get(..head.len().min(1024)).unwrap_or_default());
    head.starts_with("From: <Saved by") || head.lines().any(|line| line.starts_with(PLACE))
}

fn read(bytes: &[u8], _: &Rules) -> Result<Content> {
    let none = || Error::new(ErrorKind::Malformed, "there is no page in it");
    let message = mail::parsed(bytes)?.ok_or_else(none)?;
    let page = message.parts.iter().find_map(|part| match &part.body {
        PartType::Html(page) => Some(mail::decoded(&message, part, page)),
        _ => None,
    });
    let mut content = html::article(&page.ok_or_else(none)?)?;
    content.encoding = "utf-8".into();
    content.title = content.title.or_else(|| message.subject().map(str::to_owned));
    if let Some(place) = message.header_raw(PLACE) {
        content.metadata.push(("url".into(), place.trim().into()));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::super::tests::documents;

    #[test]
    fn the_page_is_read_and_not_its_pictures_and_frames() {
        let saved = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/a\r\nSubject: =?utf-8?Q?=C3=9Cbersicht?=\r\n\
            Date: Tue, 12 Sep 2023 10:00:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n\
            --b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://example.org/a\r\n\r\n\
            <html><head><title>Blatt</title></head><body><nav>Start</nav><article><p>K=C3=B6ln liegt am =\r\nRhein.</p></article></body></html>\r\n\
            --b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n\
            --b\r\nContent-Type: text/html\r\n\r\n<p>Werbung\r\n--b--\r\n";
        for name in ["a.mht", "a.mhtml", "gespeichert"] {
            let documents = documents(name, saved.as_bytes());
            let [document] = &documents[..] else { panic!("{documents:?}") };
            assert!(document.text().contains("Köln liegt am Rhein.") && !document.text().contains("Werbung"));
            assert_eq!((document.title.as_deref(), &*document.source.format), (Some("Blatt"), "mhtml"));
            assert_eq!(document.date, None, "when it was saved says nothing");
            assert_eq!(document.foreign[0].1.get(), "\"https://example.org/a\"");
        }
        assert_eq!(documents("a.mht", b"Nur Text.")[0].faults[0].reason, "there is no page in it");
    }
}
