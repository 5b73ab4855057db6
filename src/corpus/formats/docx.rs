//! Word documents (Office Open XML): the text with tables, lists, text boxes, footnotes and endnotes. Headers, footers,
//! comments and what was deleted under tracked changes are left out.

use super::{
    Content, Format, Read, Signature,
    package::{Blocks, Package, Step, attribute, properties, walk},
    text,
};
use crate::{Result, corpus::Rules};

pub(super) const FORMAT: Format = Format {
    name: "docx",
    endings: &["docx", "docm", "dotx"],
    signature: Signature::Zipped(b"word/"),
    about: "Word: text, tables, notes; no headers, footers and comments",
    read: Read::Watched(read),
};

/// Properties, deleted text, field codes, and the second form of what has two.
const SKIPPED: &[&str] = &[
    "pPr",
    "rPr",
    "sectPr",
    "tblPr",
    "trPr",
    "tcPr",
    "tblGrid",
    "sdtPr",
    "del",
    "moveFrom",
    "delText",
    "instrText",
    "Fallback",
    "footnoteRef",
    "endnoteRef",
];

fn read(bytes: &[u8], rules: &Rules) -> Result<Content> {
    let mut package = Package::open(bytes, rules)?;
    let mut body = Blocks::default();
    let main = main_part(&mut package)?.unwrap_or_else(|| "word/document.xml".into());
    add(&package.needed(&main)?, &mut body)?;
    let mut notes = Blocks::default();
    for part in ["word/footnotes.xml", "word/endnotes.xml"] {
        if let Some(xml) = package.xml(part)? {
            add(&xml, &mut notes)?;
        }
    }
    let mut content = text::of_text(body.finish(notes));
    content.encoding = "utf-8".into();
    if let Some(xml) = package.xml("docProps/core.xml")? {
        for (name, value) in properties(&xml)? {
            match &*name {
                "title" => content.title = Some(value),
                "creator" => content.metadata.push(("author".into(), value)),
                "created" => content.metadata.push(("created".into(), value)),
                _ => {}
            }
        }
    }
    Ok(content)
}

/// Where the package says that its text is: some programs call it otherwise.
fn main_part(package: &mut Package<'_>) -> Result<Option<String>> {
    let Some(parts) = package.xml("_rels/.rels")? else { return Ok(None) };
    let mut found = None;
    walk(&parts, &[], |step| {
        if let Step::Open("Relationship", part) = step
            && attribute(part, "Type").is_some_and(|kind| kind.ends_with("/officeDocument"))
        {
            found = attribute(part, "Target").map(|target| target.trim_start_matches('/').to_owned());
        }
    })?;
    Ok(found)
}

fn add(xml: &str, blocks: &mut Blocks) -> Result<()> {
    let mut in_text = false;
    walk(xml, SKIPPED, |step| match step {
        Step::Open("t", _) => in_text = true,
        Step::Close("t") => in_text = false,
        Step::Text(text) if in_text => blocks.push(&text),
        Step::Open("tab", _) => blocks.push("\t"),
        Step::Open("br" | "cr", _) => blocks.push("\n"),
        Step::Open("noBreakHyphen", _) => blocks.push("\u{2011}"),
        Step::Open("softHyphen", _) => blocks.push("\u{ad}"),
        Step::Close("p") => blocks.end_paragraph(),
        // A box stands anywhere in a paragraph.
        Step::Open("txbxContent", _) => blocks.end_paragraph(),
        Step::Open("tc", _) => blocks.begin_cell(),
        Step::Close("tc") => blocks.end_cell(),
        Step::Close("tr") => blocks.end_row(),
        Step::Close("tbl") => blocks.end_table(),
        _ => {}
    })
}

#[cfg(test)]
mod tests {
    use super::super::{package::tests::zipped, tests::documents};

    fn read(body: &str) -> String {
        let document = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
        let notes = "<w:footnotes><w:footnote><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>Eine Fußnote.</w:t></w:r></w:p>\
            </w:footnote></w:footnotes>";
        let core = "<c><dc:title>Ein Titel</dc:title><dc:creator>Verfasserin</dc:creator></c>";
        let bytes = zipped(&[
            ("[Content_Types].xml", ""),
            ("word/document.xml", &document),
            ("word/footnotes.xml", notes),
            ("docProps/core.xml", core),
        ]);
        let document = documents("a.docx", &bytes).remove(0);
        assert!(document.faults.is_empty(), "{:?}", document.faults);
        assert_eq!((document.title.as_deref(), &*document.source.format), (Some("Ein Titel"), "docx"));
        assert_eq!(document.foreign[0].1.get(), "\"Verfasserin\"");
        document.text().to_owned()
    }

    #[test]
    fn paragraphs_tables_and_notes() {
        let paragraph =
            |text: &str| format!("<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r>{text}</w:r></w:p>");
        let text = |text: &str| paragraph(&format!("<w:t xml:space='preserve'>{text}</w:t>"));
        let cell = |content: &str| format!("<w:tc>{}</w:tc>", text(content));
        let row = |a: &str, b: &str| format!("<w:tr>{}{}</w:tr>", cell(a), cell(b));
        let body = [
            text("Erster Absatz &amp; mehr."),
            paragraph(
                "<w:t>Ver</w:t><w:softHyphen/><w:t>wal</w:t><w:tab/><w:t>tung</w:t><w:br/><w:t>neue Zeile</w:t>",
            ),
            paragraph(
                "<w:del><w:r><w:t>weg</w:t></w:r></w:del><w:ins><w:r><w:t>da</w:t></w:r></w:ins><w:instrText>PAGE</w:instrText>",
            ),
            format!("<w:tbl>{}{}</w:tbl>", row("Ort", "Land"), row("Graz", "")),
            text("Ende."),
        ];
        assert_eq!(
            read(&body.concat()),
            "Erster Absatz & mehr.\n\nVer\u{ad}wal\ttung\nneue Zeile\n\nda\n\nOrt\tLand\nGraz\n\nEnde.\n\nEine Fußnote."
        );
    }

    #[test]
    fn the_text_is_where_the_package_says() {
        let parts = "<Relationships><Relationship Type='http://x/relationships/officeDocument' Target='/word/document2.xml'/></Relationships>";
        let text = "<d><p><t>Vor </t><txbxContent><p><t>Kasten</t></p></txbxContent><t>nach</t></p></d>";
        let files = [("_rels/.rels", parts), ("word/document2.xml", text)];
        assert_eq!(documents("a.docx", &zipped(&files))[0].text(), "Vor\n\nKasten\n\nnach");
    }

    #[test]
    fn what_is_no_document_says_so() {
        let reason = |bytes: &[u8]| documents("a.docx", bytes)[0].faults[0].reason.clone();
        assert_eq!(reason(b"\xD0\xCF\x11\xE0 and so on"), "it is protected by a password");
        assert_eq!(reason(&zipped(&[("word/x", "")])), "there is no word/document.xml in it");
        assert!(
            reason(&zipped(&[("word/document.xml", "<a><b></a>")])).contains("the XML inside is damaged")
        );
        assert!(
            reason(b"PK\x03\x04word/ nothing more").starts_with("the zip archive is damaged"),
            "{}",
            reason(b"PK\x03\x04word/ nothing more")
        );
    }
}
