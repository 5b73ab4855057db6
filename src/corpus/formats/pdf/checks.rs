//! What a PDF may ask of its reader. A small file can be made to fill the memory or the stack: by streams that unpack a
//! thousandfold, tables of letters with billions of rows, drawings that draw themselves. Such a file is told before it
//! is read.

use crate::{Error, ErrorKind, Result, corpus::source::too_large};
use flate2::read::{DeflateDecoder, ZlibDecoder};
use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};
use std::{
    collections::HashMap,
    io::{self, Write},
    ptr, str,
};
use weezl::{BitOrder, decode::Decoder};

/// Drawings inside one another, and folders of pages.
const DEEPEST: usize = 64;
/// Bytes that one page draws: some forty times as much is held while it is read.
const MOST_DRAWN: u64 = 16_000_000;
/// Rows of all ranges in a table of letters: there are not so many letters.
const MOST_MAPPED: u64 = 1 << 21;
/// Bytes in a row of what is packed by rows.
const LONGEST_ROW: i64 = 1 << 20;

fn unreasonable(what: &'static str) -> Error {
    Error::new(ErrorKind::Limit, what)
}

/// Whether what is unpacked when a file is opened is too much: tables of objects, and objects in streams. The parser
/// has no limit of its own, so they are looked for in the bytes.
pub(super) fn check_objects(bytes: &[u8], most: u64) -> Result<()> {
    const WORD: &[u8] = b"stream";
    let (mut rest, mut left) = (bytes, most);
    while let Some(at) = rest.windows(WORD.len()).position(|word| word == WORD) {
        let (head, data) = rest.split_at(at);
        rest = data.get(WORD.len()..).unwrap_or_default();
        let names = Names::of(head);
        if !names.hold_objects() {
            continue;
        }
        if names.number("Columns") > LONGEST_ROW {
            return Err(unreasonable("the rows of its table of objects are too long"));
        }
        let mut unpacked = Limited { bytes: Vec::new(), most: left };
        inflate(rest.trim_ascii_start(), &mut unpacked);
        left = left.checked_sub(unpacked.bytes.len() as u64).ok_or_else(|| too_large(None, most))?;
        // A header of zlib, which objects never begin with.
        let is_packed_twice = unpacked.bytes.starts_with(b"x") && unpacked.bytes.len() > 1;
        if is_packed_twice || names.any(&["LZWDecode", "ASCII85Decode", "ASCIIHexDecode"]) {
            return Err(unreasonable("its objects are packed as no program packs them"));
        }
    }
    Ok(())
}

/// Whether something in a parsed file unpacks to too much. Pictures are taken out, for they hold no text.
pub(super) fn check_streams(pdf: &mut Document, most: u64) -> Result<()> {
    for object in pdf.objects.values_mut() {
        let Object::Stream(stream) = object else { continue };
        if stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Image") {
            stream.set_plain_content(Vec::new());
            continue;
        }
        if stream.dict.get(b"DecodeParms").and_then(Object::as_dict).is_ok_and(|rows| row(rows) > LONGEST_ROW)
        {
            return Err(unreasonable("it has rows that are too long"));
        }
        if mapped(&unpacked(stream, most)?) > MOST_MAPPED {
            return Err(unreasonable("a font has a table of more letters than there are"));
        }
    }
    Ok(())
}

fn row(rows: &Dictionary) -> i64 {
    let number = |name: &[u8], usual| rows.get(name).and_then(Object::as_i64).unwrap_or(usual).max(1);
    number(b"Columns", 1).saturating_mul(number(b"Colors", 1)).saturating_mul(number(b"BitsPerComponent", 8))
}

/// Drawings that were looked at: how many are inside one another below each, `None` while one is being looked at. What
/// a name stands for depends on who draws, so a drawing goes with its names.
pub(super) type Heights = HashMap<(ObjectId, *const Dictionary), Option<usize>>;

/// Whether a page draws too much, or drawings inside drawings without end.
pub(super) fn check_page(pdf: &Document, page: ObjectId, most: u64, heights: &mut Heights) -> Result<()> {
    let most = most.min(MOST_DRAWN);
    let mut drawn = Vec::new();
    for id in pdf.get_page_contents(page) {
        let Ok(Object::Stream(stream)) = pdf.get_object(id) else { continue };
        drawn.extend(unpacked(stream, most.saturating_sub(drawn.len() as u64))?);
    }
    let none = Dictionary::new();
    let names = resources(pdf, page)?.unwrap_or(&none);
    height(pdf, &drawn, names, 0, heights).map(drop)
}

/// The names that a page may use: its own, or those of the folder it is in. The parser looks for other things, too, up
/// to the last folder.
fn resources(pdf: &Document, page: ObjectId) -> Result<Option<&Dictionary>> {
    let (mut folder, mut found) = (pdf.get_dictionary(page).ok(), None);
    for _ in 0..DEEPEST {
        let Some(here) = folder else { return Ok(found) };
        found = found.or_else(|| dictionary(pdf, here, b"Resources"));
        folder =
            here.get(b"Parent").and_then(Object::as_reference).and_then(|id| pdf.get_dictionary(id)).ok();
    }
    Err(unreasonable("its pages are in folders without end"))
}

fn dictionary<'p>(pdf: &'p Document, of: &'p Dictionary, name: &[u8]) -> Option<&'p Dictionary> {
    pdf.dereference(of.get(name).ok()?).ok()?.1.as_dict().ok()
}

/// How many drawings are inside one another in a drawing.
fn height(
    pdf: &Document,
    drawn: &[u8],
    resources: &Dictionary,
    depth: usize,
    heights: &mut Heights,
) -> Result<usize> {
    let endless = || unreasonable("it holds drawings inside drawings without end");
    let Some(drawings) = dictionary(pdf, resources, b"XObject") else { return Ok(0) };
    if depth > DEEPEST {
        return Err(endless());
    }
    let used = Names::of(drawn);
    let mut highest = 0;
    for (name, drawing) in drawings {
        let Ok((Some(id), Object::Stream(stream))) = pdf.dereference(drawing) else { continue };
        if !used.0.iter().any(|(used, _)| used == name) {
            continue;
        }
        let own = dictionary(pdf, &stream.dict, b"Resources").unwrap_or(resources);
        let key = (id, ptr::from_ref(own));
        let below = match heights.insert(key, None) {
            Some(Some(known)) => known,
            // It draws itself.
            Some(None) => return Err(endless()),
            None => height(pdf, &unpacked(stream, MOST_DRAWN)?, own, depth + 1, heights)?,
        };
        heights.insert(key, Some(below));
        highest = highest.max(below + 1);
    }
    if highest > DEEPEST { Err(endless()) } else { Ok(highest) }
}

/// The content of a stream as the parser unpacks it, if it is not too much.
fn unpacked(stream: &Stream, most: u64) -> Result<Vec<u8>> {
    let mut bytes = stream.content.clone();
    for filter in stream.filters().unwrap_or_default() {
        let mut to = Limited { bytes: Vec::new(), most };
        match filter {
            b"FlateDecode" => inflate(&bytes, &mut to),
            b"LZWDecode" => {
                // The other way of counting comes to nearly the same.
                let mut decoder = Decoder::with_tiff_size_switch(BitOrder::Msb, 8);
                // What is damaged is told by the parser.
                let _ = decoder.into_stream(&mut to).decode_all(&*bytes);
            }
            b"ASCII85Decode" => {
                let mut alone = Stream::new(Dictionary::new(), bytes);
                alone.dict.set("Filter", Object::Name(filter.to_vec()));
                to.bytes = alone.decompressed_content().unwrap_or_default();
            }
            // The parser gives up on what it does not know, and takes the content as it is.
            _ => return Ok(stream.content.clone()),
        }
        if to.is_too_much() {
            return Err(too_large(None, most));
        }
        bytes = to.bytes;
    }
    Ok(bytes)
}

/// Inflates as the parser does: what has a damaged head without it.
fn inflate(bytes: &[u8], to: &mut Limited) {
    // What is damaged is told by the parser.
    let _ = io::copy(&mut ZlibDecoder::new(bytes), to);
    if to.bytes.is_empty() {
        let _ = io::copy(&mut DeflateDecoder::new(bytes.get(2..).unwrap_or_default()), to);
    }
}

/// Bytes, of which a little more is taken than there may be.
struct Limited {
    bytes: Vec<u8>,
    most: u64,
}

impl Limited {
    fn is_too_much(&self) -> bool {
        self.bytes.len() as u64 > self.most
    }
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_too_much() {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Rows that the ranges of a table of letters stand for: `<first> <last> <letter>`, or `[<letter> …]` for the third.
fn mapped(table: &[u8]) -> u64 {
    let Ok(table) = str::from_utf8(table) else { return 0 };
    let mut rows = 0u64;
    for section in table.split("beginbfrange").skip(1) {
        let section = section.split("endbfrange").next().unwrap_or_default();
        let mut codes = Vec::new();
        let mut lists = 0;
        for token in section.split_inclusive(['<', '>', '[', ']']) {
            match token.chars().next_back() {
                Some('[') => lists += 1,
                Some(']') => {
                    lists -= 1;
                    codes.push(0);
                }
                Some('>') if lists == 0 => {
                    let code: String = token.chars().filter(char::is_ascii_hexdigit).collect();
                    // A letter of several units is longer than any code.
                    codes.push(u64::from_str_radix(&code, 16).unwrap_or(0));
                }
                _ => {}
            }
        }
        for row in codes.chunks(3) {
            if let [first, last, ..] = row {
                rows = rows.saturating_add(last.saturating_sub(*first));
            }
        }
    }
    rows
}

/// The names in some part of a PDF, and what stands after each.
struct Names<'b>(Vec<(Vec<u8>, &'b [u8])>);

impl<'b> Names<'b> {
    fn of(bytes: &'b [u8]) -> Self {
        let is_regular = |byte: &u8| !byte.is_ascii_whitespace() && !b"\0()<>[]{}/%".contains(byte);
        let parts = bytes.split(|&byte| byte == b'/').skip(1);
        let name = |part: &'b [u8]| {
            let end = part.iter().position(|byte| !is_regular(byte)).unwrap_or(part.len());
            let (name, after) = part.split_at(end);
            (without_escapes(name), after)
        };
        Self(parts.map(name).collect())
    }

    fn any(&self, names: &[&str]) -> bool {
        self.0.iter().any(|(name, _)| names.iter().any(|known| known.as_bytes() == name))
    }

    /// The greatest number after a name.
    fn number(&self, name: &str) -> i64 {
        let after = self.0.iter().filter(|(known, _)| known == name.as_bytes()).map(|(_, after)| *after);
        after.filter_map(|after| numbers(after).next()).max().unwrap_or(0)
    }

    /// Whether a stream with such a dictionary is unpacked when the file is opened: it says so, or it has the three
    /// widths of a table of objects.
    fn hold_objects(&self) -> bool {
        let has_widths = |(name, after): &(Vec<u8>, &[u8])| {
            name == b"W" && {
                let list = after.trim_ascii_start().strip_prefix(b"[").unwrap_or_default();
                let list = list.split(|&byte| byte == b']').next().unwrap_or_default();
                !list.contains(&b'[') && numbers(list).count() == 3
            }
        };
        self.any(&["ObjStm", "XRef"]) || self.0.iter().any(has_widths)
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = i64> {
    let words = bytes.split(|byte| !byte.is_ascii_digit()).filter(|word| !word.is_empty());
    words.map(|word| str::from_utf8(word).ok().and_then(|word| word.parse().ok()).unwrap_or(i64::MAX))
}

/// A name may hold any letter as `#` and its number.
fn without_escapes(name: &[u8]) -> Vec<u8> {
    let mut letters = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| first == b'#').and_then(|hex| str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(letter) => {
                letters.push(letter);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                letters.push(first);
                rest = after;
            }
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_tables_of_letters_are_counted() {
        let table = "2 beginbfrange\n<0041> <005A> <0061>\n<00> <02> [<0041> <0042> <0043>]\n<05><09><D83DDE00>\nendbfrange";
        assert_eq!(mapped(table.as_bytes()), 25 + 2 + 4);
        assert_eq!(mapped(b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange"), u64::from(u32::MAX));
        assert_eq!(mapped(b"<00> <FF> <00>"), 0);
    }

    #[test]
    fn names_are_found_with_what_stands_after_them() {
        let names = Names::of(b"1 0 obj <</Type/Obj#53tm /W [1 2 1]/Columns 4/N 2>> ");
        assert!(names.hold_objects() && names.any(&["ObjStm"]) && !names.any(&["XRef"]));
        assert_eq!(names.number("Columns"), 4);
        assert!(Names::of(b"<< /W[ 1 3 1 ] >>").hold_objects());
        assert!(!Names::of(b"<< /W [3 [277 300] 7 [1]] /Width 3 >>").hold_objects());
    }
}
