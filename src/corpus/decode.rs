//! Bytes become text. In this order: a byte-order mark, the encoding the user names, valid UTF-8, UTF-16 by its
//! pattern of zeros, what a page declares, the guess of chardetng (Firefox's detector, with German as a hint).
//!
//! Nothing is replaced: bytes that are not what their encoding allows are an error with their position.

use crate::{Error, ErrorKind, Position, Result};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// A decoded text and the name of its encoding in lower case.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub text: String,
    pub encoding: String,
}

/// The encoding of a label such as `latin1`.
pub(super) fn encoding_of(label: &str) -> Result<&'static Encoding> {
    let encoding = Encoding::for_label_no_replacement(label.as_bytes());
    encoding.ok_or_else(|| Error::new(ErrorKind::Settings, format!("unknown encoding {label:?}")))
}

/// The encoding of bytes whose line ends and separators are not those of ASCII: UTF-16, by its mark or as the user says.
pub(super) fn wide(head: &[u8], chosen: Option<&'static Encoding>) -> Option<&'static Encoding> {
    let encoding = Encoding::for_bom(head).map(|(encoding, _)| encoding).or(chosen);
    encoding.filter(|encoding| *encoding == UTF_16LE || *encoding == UTF_16BE)
}

/// What an encoding is called in tables.
pub(super) fn name_of(encoding: &'static Encoding) -> String {
    encoding.name().to_ascii_lowercase()
}

/// Decodes a whole document; `declared` looks for a declaration inside it.
pub(super) fn decode(
    bytes: &[u8],
    chosen: Option<&'static Encoding>,
    declared: fn(&[u8]) -> Option<&'static Encoding>,
) -> Result<Decoded> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, bytes.get(mark..).unwrap_or_default(), mark);
    }
    if let Some(encoding) = chosen {
        return decode_as(encoding, bytes, 0);
    }
    let has_zeros = bytes.contains(&0);
    if has_zeros && let Some(encoding) = utf_16(bytes) {
        return decode_as(encoding, bytes, 0);
    }
    let broken_at = match std::str::from_utf8(bytes) {
        Ok(text) => return looks_like_text(Decoded { text: text.to_owned(), encoding: "utf-8".into() }),
        Err(error) => error.valid_up_to(),
    };
    if is_mostly_utf_8(bytes) {
        return Err(invalid("utf-8", broken_at));
    }
    let encoding = declared(bytes).filter(|encoding| *encoding != UTF_8).unwrap_or_else(|| guess(bytes));
    decode_as(encoding, bytes, 0)
}

/// So much of the lines that are not ASCII is enough to tell an encoding by; the detector is slow.
const SAMPLE: usize = 128 << 10;

pub(super) fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut fed = 0;
    // No encoding that is told here has a line end inside a character.
    let lines = bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r'));
    for line in lines.filter(|line| !line.is_ascii()) {
        detector.feed(line, false);
        fed += line.len();
        if fed > SAMPLE {
            break;
        }
    }
    detector.feed(b"", true);
    detector.guess(Some(b"de"), Utf8Detection::Deny)
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8], offset: usize) -> Result<Decoded> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let longest = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(longest.unwrap_or_default());
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    let name = name_of(encoding);
    match result {
        DecoderResult::InputEmpty => {
            text.shrink_to_fit();
            looks_like_text(Decoded { text, encoding: name })
        }
        DecoderResult::Malformed(length, after) => {
            Err(invalid(&name, offset + read.saturating_sub(usize::from(length) + usize::from(after))))
        }
        DecoderResult::OutputFull => Err(Error::new(ErrorKind::Malformed, "the text is too long to decode")),
    }
}

fn invalid(encoding: &str, at: usize) -> Error {
    Error::new(ErrorKind::Malformed, format!("not valid {encoding}")).at(Position::Byte(at as u64))
}

/// Text may hold a few control characters; what is full of them is something else.
fn looks_like_text(decoded: Decoded) -> Result<Decoded> {
    let is_odd = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0C');
    let odd = decoded.text.bytes().filter(is_odd).count();
    if odd > 3 && odd * 20 > decoded.text.len() {
        return Err(Error::new(ErrorKind::Malformed, "binary data, not text"));
    }
    Ok(decoded)
}

/// UTF-16 without a mark: of European scripts, nearly all high bytes are 0 (Latin) or 3 or 4 (Greek, Cyrillic).
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(4096) & !1).filter(|sample| sample.len() >= 4)?;
    let pairs = sample.len() / 2;
    let high =
        |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| matches!(byte, 0 | 3 | 4)).count();
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    [(UTF_16LE, 1), (UTF_16BE, 0)].into_iter().find_map(|(encoding, odd)| {
        let fits = high(odd) * 10 >= pairs * 9 && zeros(odd) > 0 && zeros(1 - odd) * 50 < pairs;
        fits.then_some(encoding)
    })
}

/// Whether damaged bytes are UTF-8 all the same: far more whole sequences than broken ones.
pub(super) fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole >= 10 && whole > broken * 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nothing_declared(_: &[u8]) -> Option<&'static Encoding> {
        None
    }

    fn decoded(bytes: &[u8]) -> (String, String) {
        let decoded = decode(bytes, None, nothing_declared).expect("it is text");
        (decoded.text, decoded.encoding)
    }

    fn utf_16_bytes(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    #[test]
    fn each_encoding_is_told_and_marks_are_removed() {
        let text = "Größe und Maß – so schrieb es die „Zeitung“.\r\nZweite Zeile …";
        assert_eq!(decoded(text.as_bytes()), (text.into(), "utf-8".into()));
        assert_eq!(decoded(format!("\u{feff}{text}").as_bytes()), (text.into(), "utf-8".into()));
        let (bytes, encoding, _) = encoding_rs::WINDOWS_1252.encode(text);
        assert_eq!(encoding.name(), "windows-1252");
        assert_eq!(decoded(&bytes), (text.into(), "windows-1252".into()));
        for big in [false, true] {
            let name = if big { "utf-16be" } else { "utf-16le" };
            for text in [text, "Встреча на космодроме, сообщает агентство."]
            {
                assert_eq!(decoded(&utf_16_bytes(text, big)), (text.into(), name.into()));
                assert_eq!(
                    decoded(&utf_16_bytes(&format!("\u{feff}{text}"), big)),
                    (text.into(), name.into())
                );
            }
        }
    }

    #[test]
    fn short_german_texts_are_windows_1252() {
        for text in
            ["Präsident", "Müller trifft Böhm", "Straße", "Köln (dpa) – Früh", "§ 5 Absatz 2 gilt für Länder"]
        {
            let bytes = encoding_rs::WINDOWS_1252.encode(text).0;
            assert_eq!(decoded(&bytes), (text.into(), "windows-1252".into()));
        }
    }

    #[test]
    fn control_characters_stay_and_nothing_is_replaced() {
        assert_eq!(decoded(b"a\x1eb\x0bc\0d\r").0, "a\u{1e}b\u{b}c\0d\r");
        let (text, _) = decoded(b"Stra\xDFe \x81\x8D \x80 \x9F, gr\xF6\xDFer und l\xE4nger");
        assert_eq!(text, "Straße \u{81}\u{8d} € Ÿ, größer und länger");
        let error = decode(
            "äöü äöü äöü äöü\u{1f600}".as_bytes().split_last().expect("bytes").1,
            None,
            nothing_declared,
        );
        assert_eq!(error.expect_err("cut").to_string(), "byte 27: not valid utf-8");
        let chosen = decode(b"a\xFFb", Some(UTF_8), nothing_declared).expect_err("no UTF-8");
        assert_eq!(chosen.position(), Some(Position::Byte(1)));
        assert!(decode(b"\x00\x01\x02\x03\x04\x05 data", None, nothing_declared).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_give_text_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(decoded) = decode(&bytes, None, nothing_declared) {
                let holds_replacement = decoded.text.contains('\u{fffd}');
                prop_assert!(!holds_replacement || decoded.encoding.starts_with("utf"));
            }
            for label in ["windows-1252", "utf-16le", "gb18030", "shift_jis", "iso-8859-15"] {
                let _ = decode(&bytes, Some(encoding_of(label).expect("a known label")), nothing_declared);
            }
        }

        #[test]
        fn utf_8_and_marked_utf_16_come_back(text in "[^\u{feff}\\pC]\\PC{0,200}") {
            let with = |bytes: &[u8]| decode(bytes, None, nothing_declared).map(|decoded| decoded.text).ok();
            prop_assert_eq!(with(text.as_bytes()), Some(text.clone()));
            prop_assert_eq!(with(&utf_16_bytes(&format!("\u{feff}{text}"), true)), Some(text.clone()));
            prop_assert_eq!(with(&utf_16_bytes(&format!("\u{feff}{text}"), false)), Some(text));
        }

        #[test]
        fn a_chosen_encoding_comes_back(text in "[A-Za-zÄÖÜäöüß€„“–…0-9 .,\r\n]{0,200}") {
            let chosen = encoding_of("cp1252").expect("a known label");
            let bytes = chosen.encode(&text).0;
            let decoded = decode(&bytes, Some(chosen), nothing_declared).expect("text");
            prop_assert_eq!(decoded.text, text);
            prop_assert_eq!(decoded.encoding, "windows-1252");
        }
    }
}
