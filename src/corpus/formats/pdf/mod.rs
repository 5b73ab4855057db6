//! PDF with a text layer: the text of all pages, without the running heads and page numbers that they repeat.
//!
//! Ligatures become letters, and an umlaut that was set as two signs becomes one. A word broken at a line end stays as it
//! is printed: reading it as one word is left to who reads the text.

mod checks;
mod layout;

use super::{Content, Format, Read, Signature, protected, text};
use crate::{
    Error, ErrorKind, Result,
    corpus::{Rules, source::too_large},
};
use checks::{Heights, check_objects, check_page, check_streams};
use layout::Page;
use pdf_extract::{Dictionary, Document, Object, decode_text_string, output_doc_page};
use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

pub(super) const FORMAT: Format = Format {
    name: "pdf",
    endings: &["pdf"],
    signature: Signature::Binary(begins),
    about: "the text layer of all pages, without running heads; a scan is told from it",
    read: Read::Watched(read),
};

fn begins(head: &[u8]) -> bool {
    head.trim_ascii_start().starts_with(b"%PDF-")
}

fn read(bytes: &[u8], rules: &Rules) -> Result<Content> {
    let damaged = |error| Error::new(ErrorKind::Malformed, "the PDF is damaged").caused_by(error);
    check_objects(bytes, rules.most_bytes)?;
    let mut pdf = match Document::load_mem(bytes) {
        Ok(pdf) => pdf,
        Err(pdf_extract::Error::Decryption(_) | pdf_extract::Error::InvalidPassword) => {
            return Err(protected());
        }
        Err(error) => return Err(damaged(error)),
    };
    if pdf.is_encrypted() && pdf.decrypt("").is_err() {
        return Err(protected());
    }
    check_streams(&mut pdf, rules.most_bytes)?;
    spell_out_widths(&mut pdf);
    let (begun, mut heights) = (Instant::now(), Heights::new());
    let late = || begun.elapsed() > rules.timed.most;
    let mut pages: Vec<Result<String>> = Vec::new();
    for (number, page) in pdf.get_pages() {
        let checked = check_page(&pdf, page, rules.most_bytes, &mut heights);
        pages.push(checked.and_then(|()| page_text(&pdf, number, rules.most_bytes, &late)));
        if late() {
            return Err(rules.timed.over());
        }
    }
    let failed: Vec<usize> =
        (1..).zip(&pages).filter(|(_, page)| page.is_err()).map(|(number, _)| number).collect();
    if let Some(error) = pages.iter().find_map(|page| page.as_ref().err())
        && failed.len() == pages.len()
    {
        let message = format!("none of its pages can be read: {}", error.reason());
        return Err(Error::new(error.kind(), message));
    }
    let pages: Vec<String> = pages.into_iter().map(Result::unwrap_or_default).collect();
    let has_text = |page: &&String| page.contains(char::is_alphanumeric);
    let with_text = pages.iter().filter(has_text).count();
    if with_text == 0 {
        let message = "its pages are pictures without a text layer; OCR can add one, see docs/formats.md";
        return Err(Error::new(ErrorKind::Malformed, message));
    }
    let mut content = text::of_text(joined(&pages));
    content.encoding = "utf-8".into();
    let without = pages.len() - with_text - failed.len();
    if without > 0 {
        content.notes.push(format!("{without} of {} pages have no text", pages.len()));
    }
    if !failed.is_empty() {
        let numbers: Vec<String> = failed.iter().take(20).map(usize::to_string).collect();
        content.notes.push(format!(
            "{} of {} pages cannot be read: {}",
            failed.len(),
            pages.len(),
            numbers.join(", ")
        ));
    }
    for (key, name) in [("Title", "title"), ("Author", "author"), ("CreationDate", "created")] {
        match (name, stated(&pdf, key)) {
            (_, None) => {}
            ("title", title) => content.title = title,
            (_, Some(value)) => content.metadata.push((name.into(), value)),
        }
    }
    Ok(content)
}

/// The widths of letters one by one. Of ranges `first last width` the parser makes nothing, so that letters seem to
/// stand apart.
fn spell_out_widths(pdf: &mut Document) {
    let listed = |font: &Dictionary| pdf.dereference(font.get(b"W").ok()?).ok()?.1.as_array().ok().cloned();
    let fonts = pdf.objects.iter().filter_map(|(&id, object)| Some((id, listed(object.as_dict().ok()?)?)));
    for (id, widths) in fonts.collect::<Vec<_>>() {
        let Ok(Object::Dictionary(font)) = pdf.get_object_mut(id) else { continue };
        let (mut spelled, mut left) = (Vec::new(), MOST_LETTERS);
        let mut rest = widths.as_slice();
        while let [first, second, after @ ..] = rest {
            if matches!(second, Object::Array(_) | Object::Reference(_)) {
                spelled.extend([first.clone(), second.clone()]);
                rest = after;
                continue;
            }
            let [width, after @ ..] = after else { break };
            if let (Ok(first @ 0..), Ok(last)) = (first.as_i64(), second.as_i64()) {
                let count =
                    usize::try_from(last.saturating_sub(first)).unwrap_or(0).saturating_add(1).min(left);
                left -= count;
                spelled.extend([Object::Integer(first), Object::Array(vec![width.clone(); count])]);
            }
            rest = after;
        }
        font.set("W", spelled);
    }
}

/// Letters of a font: each has a number of two bytes.
const MOST_LETTERS: usize = 1 << 16;

/// What the document says of itself.
fn stated(pdf: &Document, key: &str) -> Option<String> {
    let info = pdf.dereference(pdf.trailer.get(b"Info").ok()?).ok()?.1.as_dict().ok()?;
    let value = decode_text_string(pdf.dereference(info.get(key.as_bytes()).ok()?).ok()?.1).ok()?;
    Some(value.trim_matches(['\0', ' ']).to_owned()).filter(|value| !value.is_empty())
}

fn page_text(pdf: &Document, number: u32, most: u64, late: &dyn Fn() -> bool) -> Result<String> {
    let mut page = Page::new(most, late);
    match catch_unwind(AssertUnwindSafe(|| output_doc_page(pdf, &mut page, number))) {
        Ok(Ok(())) => Ok(letters(&page.text())),
        _ if page.is_full() => Err(too_large(None, most)),
        Ok(Err(error)) => Err(Error::new(ErrorKind::Malformed, "the page is damaged").caused_by(error)),
        Err(_) => Err(Error::new(ErrorKind::Malformed, "the page is damaged")),
    }
}

/// Letters as they are written, not as they are set.
fn letters(set: &str) -> String {
    let mut text = String::with_capacity(set.len());
    let mut all = set.chars().peekable();
    while let Some(letter) = all.next() {
        match letter {
            '\u{FB00}' => text.push_str("ff"),
            '\u{FB01}' => text.push_str("fi"),
            '\u{FB02}' => text.push_str("fl"),
            '\u{FB03}' => text.push_str("ffi"),
            '\u{FB04}' => text.push_str("ffl"),
            '\u{FB05}' | '\u{FB06}' => text.push_str("st"),
            // Some typesetting sets the dots first and the letter below them.
            '¨' => match all.next_if(|next| "aouAOU".contains(*next)) {
                Some(next) => text.extend([next, '\u{308}']),
                None => text.push(letter),
            },
            '\0' => {}
            letter => text.push(letter),
        }
    }
    text
}

/// Lines at either end of a page that may be its running head.
const EDGE: usize = 2;

/// The pages one after another, without running heads: lines at their edges that come again with other numbers.
fn joined(pages: &[String]) -> String {
    let pages: Vec<Vec<&str>> = pages.iter().map(|page| page.lines().map(str::trim_end).collect()).collect();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for page in &pages {
        let mut here: Vec<String> = edges(page).map(|at| key(page[at])).collect();
        here.sort_unstable();
        here.dedup();
        for key in here {
            *seen.entry(key).or_default() += 1;
        }
    }
    let is_head = |line: &str| {
        let key = key(line);
        let count = seen.get(&key).copied().unwrap_or(0);
        let is_number = !key.contains(char::is_alphabetic);
        (count >= 3 || (count == 2 && is_number)) && count * 3 >= pages.len()
    };
    let mut text = String::new();
    for page in &pages {
        let heads: Vec<usize> = edges(page).filter(|&at| is_head(page[at])).collect();
        let kept = page.iter().enumerate().filter(|(at, _)| !heads.contains(at)).map(|(_, line)| *line);
        let kept = kept.collect::<Vec<_>>().join("\n");
        let kept = kept.trim_matches('\n');
        if !kept.is_empty() && !text.is_empty() {
            // A sentence may go on overleaf.
            text.push_str(if text.ends_with(['.', '!', '?', '“', '"', ':']) { "\n\n" } else { "\n" });
        }
        text.push_str(kept);
    }
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text.trim().to_owned()
}

/// Where the outermost lines of a page stand that hold something.
fn edges(page: &[&str]) -> impl Iterator<Item = usize> {
    let filled: Vec<usize> =
        page.iter().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(|(at, _)| at).collect();
    let last = filled.len().saturating_sub(EDGE).max(EDGE);
    filled.into_iter().enumerate().filter(move |&(order, _)| order < EDGE || order >= last).map(|(_, at)| at)
}

/// A line whatever its numbers.
fn key(line: &str) -> String {
    let mut key = String::new();
    for letter in line.trim().chars() {
        match letter {
            digit if digit.is_numeric() => {
                if !key.ends_with('#') {
                    key.push('#');
                }
            }
            letter => key.push(letter),
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::{super::tests::documents, *};
    use proptest::prelude::*;

    #[test]
    fn letters_as_they_are_written() {
        assert_eq!(
            letters("Schi\u{FB00}fahrt, o\u{FB03}ziell, \u{FB02}ach, M¨unchen, ¨"),
            "Schifffahrt, offiziell, flach, Mu\u{308}nchen, ¨"
        );
    }

    #[test]
    fn running_heads_are_dropped_and_sentences_go_on_overleaf() {
        let page = |number: usize, text: &str| {
            format!("\nJahresbericht der Stadt\n\n{text}\n\nSeite {number} von 3\n")
        };
        let pages = [
            page(1, "Der Rat von Köln beschloss am\nAbend viel und ver-"),
            page(2, "tagte sich.\nBonn ist nah."),
            page(3, "Ende."),
        ];
        let expected =
            "Der Rat von Köln beschloss am\nAbend viel und ver-\ntagte sich.\nBonn ist nah.\n\nEnde.";
        assert_eq!(joined(&pages), expected);
        let twice = ["Wien\n1".to_owned(), "Wien\n2".to_owned()];
        assert_eq!(joined(&twice), "Wien\nWien");
    }

    #[test]
    fn what_is_damaged_says_so() {
        let reason = |bytes: &[u8]| documents("a.pdf", bytes)[0].faults[0].reason.clone();
        assert!(reason(b"%PDF-1.7\n").starts_with("the PDF is damaged"), "{}", reason(b"%PDF-1.7\n"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn damaged_files_are_survived(at in 0usize..15_000, byte: u8, end in 100usize..15_000) {
            let whole = include_bytes!("../../../../tests/data/article/libreoffice.pdf");
            let mut bytes = whole[..end.min(whole.len())].to_owned();
            let _ = documents("a.pdf", &bytes);
            bytes = whole.to_vec();
            bytes[at.min(whole.len() - 1)] = byte;
            let _ = documents("a.pdf", &bytes);
        }

        #[test]
        fn any_pages_are_joined(pages in proptest::collection::vec("([a-z1-9 ]{0,6}\n){0,5}", 0..6)) {
            let _ = joined(&pages);
        }
    }
}
