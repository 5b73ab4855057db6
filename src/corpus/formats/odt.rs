//! OpenDocument text: the text with tables, lists, frames and notes. Headers, footers, comments and what was deleted under
//! tracked changes are left out.

use super::{
    Content, Format, Read, Signature,
    package::{Blocks, Package, Step, attribute, properties, walk},
    protected, text,
};
use crate::{Result, corpus::Rules};

pub(super) const FORMAT: Format = Format {
    name: "odt",
    endings: &["odt", "ott"],
    signature: Signature::Zipped(b"application/vnd.oasis.opendocument.text"),
    about: "OpenDocument text: text, tables, notes; no headers, footers and comments",
    read: Read::Watched(read),
};

const SKIPPED: &[&str] = &[
    "annotation",
    "tracked-changes",
    "note-citation",
    "sequence-decls",
    "forms",
    "font-face-decls",
    "automatic-styles",
    "scripts",
    "title",
    "desc",
    "ruby-text",
];
/// More blanks in a row are an ornament.
const MOST_BLANKS: usize = 100;

fn read(bytes: &[u8], rules: &Rules) -> Result<Content> {
    let mut package = Package::open(bytes, rules)?;
    if package.xml("META-INF/manifest.xml")?.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(protected());
    }
    let xml = package.needed("content.xml")?;
    let (mut body, mut notes) = (Blocks::default(), Blocks::default());
    let (mut in_note, mut in_paragraph) = (false, 0usize);
    walk(&xml, SKIPPED, |step| {
        let blocks = if in_note { &mut notes } else { &mut body };
        match step {
            Step::Open("p" | "h", _) => in_paragraph += 1,
            Step::Close("p" | "h") => {
                in_paragraph = in_paragraph.saturating_sub(1);
                blocks.end_paragraph();
            }
            Step::Text(text) if in_paragraph > 0 => blocks.push_collapsed(&text),
            Step::Open("s", element) => {
                let count = attribute(element, "c").and_then(|count| count.parse().ok()).unwrap_or(1);
                blocks.push(&" ".repeat(count.min(MOST_BLANKS)));
            }
            Step::Open("tab", _) => blocks.push("\t"),
            Step::Open("line-break", _) => blocks.push("\n"),
            Step::Open("note-body", _) => in_note = true,
            Step::Close("note-body") => in_note = false,
            Step::Open("table-cell", _) => blocks.begin_cell(),
            Step::Close("table-cell") => blocks.end_cell(),
            Step::Close("table-row") => blocks.end_row(),
            Step::Close("table") => blocks.end_table(),
            _ => {}
        }
    })?;
    let mut content = text::of_text(body.finish(notes));
    content.encoding = "utf-8".into();
    if let Some(xml) = package.xml("meta.xml")? {
        for (name, value) in properties(&xml)? {
            match &*name {
                "title" => content.title = Some(value),
                "creator" => content.metadata.push(("author".into(), value)),
                "creation-date" => content.metadata.push(("created".into(), value)),
                _ => {}
            }
        }
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::super::{package::tests::zipped, tests::documents};

    #[test]
    fn paragraphs_tables_and_notes() {
        let content = "<office:document-content><office:body><office:text>\n  <text:tracked-changes><text:p>weg</text:p></text:tracked-changes>\n\
            <text:h>Eine  Über\n schrift</text:h><text:p>Ein<text:s text:c='2'/>Satz<text:note><text:note-citation>1</text:note-citation>\
            <text:note-body><text:p>Eine Note.</text:p></text:note-body></text:note> geht<text:tab/>weiter<text:line-break/>hier.\
            <office:annotation><text:p>Bemerkung</text:p></office:annotation></text:p>\
            <table:table><table:table-row><table:table-cell><text:p>Ort</text:p></table:table-cell><table:table-cell><text:p>Land</text:p>\
            </table:table-cell></table:table-row></table:table><text:p>Ende &lt;da&gt;.</text:p></office:text></office:body></office:document-content>";
        let meta = "<m><office:meta><dc:title>T</dc:title></office:meta></m>";
        let bytes = zipped(&[
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            ("content.xml", content),
            ("meta.xml", meta),
        ]);
        let document = documents("ohne-endung", &bytes).remove(0);
        assert_eq!((document.title.as_deref(), &*document.source.format), (Some("T"), "odt"));
        let expected =
            "Eine Über schrift\n\nEin  Satz geht\tweiter\nhier.\n\nOrt\tLand\n\nEnde <da>.\n\nEine Note.";
        assert_eq!(document.text(), expected);
    }

    #[test]
    fn a_password_is_told() {
        let bytes = zipped(&[
            ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
            ("content.xml", "\u{1}\u{2}"),
        ]);
        assert_eq!(documents("a.odt", &bytes)[0].faults[0].reason, "it is protected by a password");
    }
}
