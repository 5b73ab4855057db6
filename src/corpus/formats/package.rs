//! What DOCX, ODT and EPUB have in common: a zip archive of XML files.

use crate::{
    Error, ErrorKind, Result,
    corpus::{Rules, decode, source::too_large},
};
use ::zip::{ZipArchive, result::ZipError};
use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};
use std::{
    borrow::Cow,
    io::{Cursor, Read},
};

/// An opened archive.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// The most that may be unpacked.
    most: u64,
}

impl<'b> Package<'b> {
    pub fn open(bytes: &'b [u8], rules: &Rules) -> Result<Self> {
        // Office programs pack a protected document into a container of another kind.
        if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            return Err(super::protected());
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(super::zip::damaged)?;
        Ok(Self { archive, most: rules.most_bytes })
    }

    /// The bytes of a file, if it is there.
    pub fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(super::zip::damaged(error)),
        };
        let mut bytes = Vec::new();
        let read = file.take(self.most.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| super::zip::damaged(error.into()))?;
        if bytes.len() as u64 > self.most {
            return Err(too_large(None, self.most));
        }
        // Several parts make one document.
        self.most -= bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// The text of an XML file, if it is there.
    pub fn xml(&mut self, name: &str) -> Result<Option<String>> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        Ok(Some(decode::decode(&bytes, None, |_| None)?.text))
    }

    /// The text of an XML file without which there is no document.
    pub fn needed(&mut self, name: &str) -> Result<String> {
        let missing = || Error::new(ErrorKind::Malformed, format!("there is no {name} in it"));
        self.xml(name)?.ok_or_else(missing)
    }
}

/// A step through XML.
pub(super) enum Step<'x> {
    Open(&'x str, &'x BytesStart<'x>),
    Close(&'x str),
    Text(Cow<'x, str>),
}

/// Steps through XML, names without their prefixes; elements that `skipped` names are left out with all that is in them.
pub(super) fn walk(xml: &str, skipped: &[&str], mut step: impl FnMut(Step<'_>)) -> Result<()> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.allow_dangling_amp = true;
    let mut depth_skipped = 0usize;
    loop {
        let event = reader.read_event().map_err(|error| {
            let at = crate::Position::Byte(reader.error_position());
            Error::new(ErrorKind::Malformed, "the XML inside is damaged").caused_by(error).at(at)
        })?;
        match event {
            Event::Start(_) if depth_skipped > 0 => depth_skipped += 1,
            Event::Start(start) if skipped.contains(&start.local_name().as_ref()) => depth_skipped = 1,
            Event::Start(start) => step(Step::Open(start.local_name().as_ref(), &start)),
            Event::End(_) if depth_skipped > 0 => depth_skipped -= 1,
            Event::End(end) => step(Step::Close(end.local_name().as_ref())),
            Event::Eof => return Ok(()),
            _ if depth_skipped > 0 => {}
            Event::Text(text) => step(Step::Text(text.xml10_content())),
            Event::CData(text) => step(Step::Text(text.xml10_content())),
            Event::GeneralRef(entity) => match entity.resolve_char_ref() {
                Ok(Some(letter)) => step(Step::Text(letter.to_string().into())),
                _ => step(Step::Text(resolve_predefined_entity(&entity).unwrap_or_default().into())),
            },
            _ => {}
        }
    }
}

/// The value of an attribute by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = element.attributes();
    let found =
        all.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name);
    found.and_then(|attribute| Some(attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned()))
}

/// The texts of elements by name, such as `title` and `creator`: the first of each.
pub(super) fn properties(xml: &str) -> Result<Vec<(String, String)>> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut open: Option<(String, String)> = None;
    walk(xml, &[], |step| match step {
        Step::Open(name, _) => open = Some((name.to_owned(), String::new())),
        Step::Text(text) => {
            if let Some((_, value)) = &mut open {
                value.push_str(&text);
            }
        }
        Step::Close(_) => {
            if let Some((name, value)) = open.take() {
                let value = value.trim().to_owned();
                if !value.is_empty() && !found.iter().any(|(known, _)| *known == name) {
                    found.push((name, value));
                }
            }
        }
    })?;
    Ok(found)
}

/// Text in paragraphs that are set off by blank lines; the cells of a table are parted by tabs, its rows by line ends.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    text: String,
    /// Cells that are open: tables nest.
    cells: usize,
}

impl Blocks {
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds text whose white space means nothing but a blank.
    pub fn push_collapsed(&mut self, text: &str) {
        for letter in text.chars() {
            if !letter.is_ascii_whitespace() {
                self.text.push(letter);
            } else if !self.text.is_empty() && !self.text.ends_with([' ', '\n', '\t']) {
                self.text.push(' ');
            }
        }
    }

    pub fn end_paragraph(&mut self) {
        if self.cells > 0 {
            self.text.push(' ');
        } else {
            self.end_with("\n\n");
        }
    }

    pub fn begin_cell(&mut self) {
        self.cells += 1;
    }

    pub fn end_cell(&mut self) {
        self.cells = self.cells.saturating_sub(1);
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\t');
    }

    pub fn end_row(&mut self) {
        self.text.truncate(self.text.trim_end_matches(['\t', ' ']).len());
        self.end_with("\n");
    }

    pub fn end_table(&mut self) {
        self.end_with(if self.cells > 0 { "\n" } else { "\n\n" });
    }

    /// Ends a line or a paragraph, once.
    fn end_with(&mut self, end: &str) {
        let content = self.text.trim_end_matches([' ', '\n']).len();
        let kept = self.text.get(content..).unwrap_or_default();
        let ends = kept.matches('\n').count().max(end.len());
        self.text.truncate(content);
        if content > 0 {
            self.text.extend(std::iter::repeat_n('\n', ends.min(2)));
        }
    }

    /// The text, and notes after it.
    pub fn finish(mut self, notes: Self) -> String {
        self.end_with("\n\n");
        self.text.push_str(&notes.text);
        self.text.truncate(self.text.trim_end().len());
        self.text
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::io::Write;

    /// A zip archive of these files.
    pub fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
        // First bytes tell a format only where the first member stands there as it is.
        let stored =
            ::zip::write::SimpleFileOptions::default().compression_method(::zip::CompressionMethod::Stored);
        for (name, content) in files {
            zip.start_file(*name, stored).expect("a new file");
            zip.write_all(content.as_bytes()).expect("memory");
        }
        zip.finish().expect("memory").into_inner()
    }

    #[test]
    fn xml_is_walked_with_its_entities() {
        let mut steps = String::new();
        let xml =
            "<a:b x='&lt;1&gt;'>Ä &amp; &#xF6;&#223; &unbekannt;<![CDATA[<c>]]><s><a:b>x</a:b></s><e/></a:b>";
        walk(xml, &["s"], |step| match step {
            Step::Open(name, element) => {
                steps.push_str(&format!("({name} {}", attribute(element, "x").unwrap_or_default()));
            }
            Step::Close(_) => steps.push(')'),
            Step::Text(text) => steps.push_str(&text),
        })
        .expect("well-formed");
        assert_eq!(steps, "(b <1>Ä & öß <c>(e ))");
        assert!(walk("<a><b></a>", &[], |_| {}).is_err());
    }
}
