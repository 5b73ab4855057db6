//! Offsets, bridged text, and all stages over any text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use namenlese::{
    Document, Pipeline, Span, Stage,
    detect::Detect,
    document::{Bridged, CodePoints},
    normalize::Normalize,
    recognize::{Lists, Recognize},
    segment::Segment,
};
use namenlese_fuzz::sound;
use std::sync::LazyLock;

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let stages: Vec<Box<dyn Stage>> = vec![
        Box::new(Detect::new(Default::default()).expect("the defaults")),
        Box::new(Segment),
        Box::new(Recognize::new(vec![Box::new(Lists::packaged())])),
        Box::new(Normalize),
    ];
    Pipeline::new(stages, &[]).expect("they fit together")
});

fuzz_target!(|data: &[u8]| {
    let text = &*String::from_utf8_lossy(data);
    let points = CodePoints::new(text);
    assert_eq!(points.total(), text.chars().count());
    for (number, (at, _)) in text.char_indices().enumerate() {
        assert_eq!((points.of_byte(at), points.to_byte(number)), (number, Some(at)));
    }
    assert_eq!(points.to_byte(points.total()), Some(text.len()));
    assert_eq!(points.to_byte(points.total() + 1), None);

    let bridged = Bridged::new(text, Span::whole(text));
    let mut before = 0;
    for (at, letter) in bridged.text().char_indices() {
        let span = bridged.span(at..at + letter.len_utf8());
        assert!(Span::new(text, span.start(), span.end()).is_ok() && span.start() >= before, "{span:?}");
        before = span.start();
    }

    let mut document = Document::new("a", text);
    PIPELINE.apply(&mut document);
    assert!(document.faults.is_empty(), "{:?}", document.faults);
    sound(&document);
    let sentences = document.sentences.as_deref().expect("they were added");
    let mut end = 0;
    for mention in document.mentions.as_deref().expect("they were added") {
        let span = mention.span;
        assert!(span.start() >= end && !span.is_empty());
        assert!(sentences.iter().any(|sentence| sentence.span.contains(span)));
        assert!(mention.normal.as_ref().is_some_and(|normal| !normal.candidates.is_empty()));
        end = span.end();
    }
});
