//! The JSON Lines form comes back as it went, and says where it is wrong.

use namenlese::{
    Document, Label, Mention, Sentence, Span,
    wire::{LONGEST_LINE, Reader, read_line, write_line},
};
use proptest::prelude::*;
use std::io::Read;

fn line(document: &Document) -> Vec<u8> {
    let mut line = Vec::new();
    write_line(document, &mut line).unwrap();
    line
}

proptest! {
    #[test]
    fn written_read_and_written_is_the_same(
        id in "\\PC{1,20}", text in "\\PC{1,40}", title in proptest::option::of("\\PC{0,9}"), score in 0.0f64..1.0,
        names in proptest::collection::vec("(foreign:){0,2}(id|text|source|x|\\PC{1,5})", 0..4),
        value in "(1\\.50|\\{\"x\" : \\[1,  2\\]\\}|\"\\\\u00e9\"|null)",
    ) {
        let mut document = Document::new(id, text);
        document.title = title;
        let span = Span::whole(document.text());
        document.sentences = Some(vec![Sentence { span }]);
        document.mentions = Some(vec![Mention::new(span, Label::Per, score)]);
        for name in &names {
            document.foreign.push((name.clone(), serde_json::value::RawValue::from_string(value.clone()).unwrap()));
        }
        let once = line(&document);
        let back = read_line(once.trim_ascii_end(), 1).unwrap();
        let kept: Vec<&String> = back.foreign.iter().map(|(name, _)| name).collect();
        prop_assert_eq!(kept, names.iter().collect::<Vec<_>>());
        prop_assert_eq!(line(&back), once);
    }

    #[test]
    fn nothing_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Reader::new(&*bytes).count();
    }
}

#[test]
fn errors_name_line_and_column() {
    for (record, place) in [
        ("{\"id\":\"a\"}", "line 3, column 1: "),
        ("{\"id\":\"a\",\"text\":\"x\",\"id\":\"b\"}", "line 3, column 27: "),
        ("{\"id\":\"a\",\"text\":\"x\",\"sentences\":[[0,2]]}", "line 3, column 34: "),
        ("{\"id\":\"a\",\"text\":", "line 3, column 17: "),
        (
            "{\"id\":\"a\",\"text\":\"x\",\"mentions\":[{\"start\":0,\"end\":1,\"surface\":\"y\",\"label\":\"PER\"}]}",
            "line 3, column 33: ",
        ),
    ] {
        let error = read_line(record.as_bytes(), 3).unwrap_err().to_string();
        assert!(error.starts_with(place), "{record}: {error}");
    }
}

#[test]
fn an_endless_line_is_an_error_with_its_place_and_the_next_is_read() {
    let long = std::io::repeat(b'x').take(LONGEST_LINE + 10);
    let lines = "\r\n".as_bytes().chain(long).chain("\n{\"id\":\"a\",\"text\":\"\"}".as_bytes());
    let mut documents = Reader::new(std::io::BufReader::new(lines));
    let error = documents.next().unwrap().unwrap_err().to_string();
    assert_eq!(error, "line 2, column 67108865: the line is longer than 64 MiB");
    assert_eq!(documents.next().unwrap().unwrap().id(), "a");
    assert!(documents.next().is_none());
}
