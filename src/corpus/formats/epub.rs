//! EPUB books: the chapters in reading order as one document.

use super::{
    Content, Format, Read, Signature, html,
    package::{Package, Step, attribute, properties, walk},
};
use crate::{
    Error, ErrorKind, Result,
    corpus::{Rules, date::field_date, decode},
};
use std::collections::HashMap;

pub(super) const FORMAT: Format = Format {
    name: "epub",
    endings: &["epub"],
    signature: Signature::Zipped(b"application/epub+zip"),
    about: "books: all chapters as one document, title, date and author",
    read: Read::Watched(read),
};

fn read(bytes: &[u8], rules: &Rules) -> Result<Content> {
    let mut package = Package::open(bytes, rules)?;
    if package.xml("META-INF/encryption.xml")?.is_some_and(|files| files.contains("html\"")) {
        return Err(Error::new(ErrorKind::Malformed, "its chapters are encrypted (copy protection)"));
    }
    let mut root = None;
    walk(&package.needed("META-INF/container.xml")?, &[], |step| {
        if let Step::Open("rootfile", element) = step
            && root.is_none()
        {
            root = attribute(element, "full-path");
        }
    })?;
    let root = root.ok_or_else(|| Error::new(ErrorKind::Malformed, "its container names no book"))?;
    let book = package.needed(&root)?;
    let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut content = Content { encoding: "utf-8".into(), ..Content::default() };
    for chapter in chapters(&book)? {
        let path = resolved(folder, &chapter);
        let missing = || Error::new(ErrorKind::Malformed, format!("there is no {path} in it"));
        let bytes = package.bytes(&path)?.ok_or_else(missing)?;
        let text = html::all_text(&decode::decode(&bytes, None, html::declared_encoding)?.text)?;
        if !content.text.is_empty() && !text.is_empty() {
            content.text.push_str("\n\n");
        }
        content.text.push_str(&text);
    }
    for (name, value) in properties(&book)? {
        match &*name {
            "title" => content.title = Some(value),
            "date" => content.date = field_date(&value),
            "creator" => content.metadata.push(("author".into(), value)),
            _ => {}
        }
    }
    Ok(content)
}

/// The files of the chapters in reading order; a table of contents for machines is none.
fn chapters(book: &str) -> Result<Vec<String>> {
    let mut files = HashMap::new();
    let mut order = Vec::new();
    walk(book, &[], |step| match step {
        Step::Open("item", element) => {
            let is_text = attribute(element, "media-type").is_some_and(|kind| kind.contains("html"));
            let is_list =
                attribute(element, "properties").is_some_and(|all| all.split(' ').any(|one| one == "nav"));
            if let (Some(id), Some(file)) = (attribute(element, "id"), attribute(element, "href"))
                && is_text
                && !is_list
            {
                files.insert(id, file);
            }
        }
        Step::Open("itemref", element) => order.extend(attribute(element, "idref")),
        _ => {}
    })?;
    Ok(order.iter().filter_map(|id| files.remove(id)).collect())
}

/// A path as it is written in a book, from the folder of the book's list.
fn resolved(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let decoded = percent_decoded(path.split('#').next().unwrap_or_default());
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{package::tests::zipped, tests::documents},
        resolved,
    };

    #[test]
    fn chapters_in_reading_order() {
        let container = "<container><rootfiles><rootfile full-path='OEBPS/b.opf'/></rootfiles></container>";
        let book = "<package><metadata><dc:title>Ein Buch</dc:title><dc:creator>Sie</dc:creator><dc:date>2021-03</dc:date></metadata>\
            <manifest><item id='n' href='nav.xhtml' media-type='application/xhtml+xml' properties='nav'/>\
            <item id='two' href='text/zwei%20.xhtml' media-type='application/xhtml+xml'/>\
            <item id='one' href='../eins.xhtml' media-type='application/xhtml+xml'/><item id='c' href='c.png' media-type='image/png'/></manifest>\
            <spine><itemref idref='n'/><itemref idref='one'/><itemref idref='two'/></spine></package>";
        let page = |text: &str| {
            format!("<html><head><title>x</title></head><body><h1>{text}</h1><p>Ein Satz.</p></body></html>")
        };
        let bytes = zipped(&[
            ("mimetype", "application/epub+zip"),
            ("META-INF/container.xml", container),
            ("OEBPS/b.opf", book),
            ("OEBPS/text/zwei .xhtml", &page("Zwei")),
            ("eins.xhtml", &page("Eins")),
            ("OEBPS/nav.xhtml", &page("Inhalt")),
        ]);
        let document = documents("b.epub", &bytes).remove(0);
        assert!(document.faults.is_empty(), "{:?}", document.faults);
        assert_eq!(document.text(), "Eins\n\nEin Satz.\n\nZwei\n\nEin Satz.");
        assert_eq!(
            (document.title.as_deref(), document.date.as_deref()),
            (Some("Ein Buch"), Some("2021-03"))
        );
    }

    #[test]
    fn paths_stay_inside() {
        assert_eq!(resolved("a/b", "../c%C3%A4.xhtml#x"), "a/cä.xhtml");
        assert_eq!(resolved("", "../../x%zz"), "x%zz");
    }
}
