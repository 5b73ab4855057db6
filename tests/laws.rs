//! Laws that every document obeys, whatever its text: checked on made-up texts through all stages.

use namenlese::{
    Document, Pipeline, Span,
    detect::Detect,
    normalize::Normalize,
    recognize::{Lists, Recognize},
    segment::Segment,
    wire,
};
use proptest::prelude::*;
use std::sync::LazyLock;

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let stages: Vec<Box<dyn namenlese::Stage>> = vec![
        Box::new(Detect::new(Default::default()).unwrap()),
        Box::new(Segment),
        Box::new(Recognize::new(vec![Box::new(Lists::packaged())])),
        Box::new(Normalize),
    ];
    Pipeline::new(stages, &[]).unwrap()
});

/// Texts that are full of what makes trouble: names, broken words, marks, line ends, other scripts, odd characters.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "Die Regierung Nordkoreas schwieg. ",
            "In Wien",
            "der Demokratischen Volks-\r\nrepublik Korea",
            " am 3. Oktober ",
            "Präsident",
            "„So“, sagte er",
            "\n\n",
            "\r",
            "\u{feff}",
            "\u{ad}",
            "U.S.A. ",
            "Москва",
            "中国",
            "😀",
            "z. B. ",
            "\0",
            "Frank-\nreich",
            "FRANKREICH",
            "Chinas ",
            "(Beifall)",
            "EU-Staaten",
            "ﬁnnisch ",
            "\u{2028}",
            "Zu\u{308}rich",
            " ",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,8}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn finished(id: &str, text: &str) -> Document {
    let mut document = Document::new(id, text);
    PIPELINE.apply(&mut document);
    document
}

fn line(document: &Document) -> Vec<u8> {
    let mut line = Vec::new();
    wire::write_line(document, &mut line).unwrap();
    line
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn layers_fit_the_text_and_one_another(text in text()) {
        let document = finished("a", &text);
        prop_assert!(document.faults.is_empty(), "{:?}", document.faults);
        prop_assert_eq!(document.text(), &text);
        let sentences = document.sentences.as_deref().unwrap();
        let mut end = 0;
        for sentence in sentences {
            let span = sentence.span;
            prop_assert!(span.start() >= end && Span::new(&text, span.start(), span.end()).is_ok());
            prop_assert_eq!(span.of(&text).trim(), span.of(&text));
            end = span.end();
        }
        let mut end = 0;
        for mention in document.mentions.as_deref().unwrap() {
            let span = mention.span;
            prop_assert!(span.start() >= end && !span.is_empty());
            prop_assert!(sentences.iter().any(|sentence| sentence.span.contains(span)), "{:?}", span.of(&text));
            let normal = mention.normal.as_ref().unwrap();
            prop_assert!(!normal.candidates.is_empty());
            prop_assert!(normal.candidates.iter().all(|form| !form.trim().is_empty() && !form.contains('\n')), "{normal:?}");
            end = span.end();
        }
    }

    #[test]
    fn neighbours_and_order_change_nothing(texts in proptest::collection::vec(text(), 1..6)) {
        let alone: Vec<Vec<u8>> = texts.iter().map(|text| line(&finished("a", text))).collect();
        let together = PIPELINE.stream(texts.iter().map(|text| Document::new("a", text)));
        prop_assert_eq!(&together.map(|document| line(&document)).collect::<Vec<_>>(), &alone);
        let turned = PIPELINE.stream(texts.iter().rev().map(|text| Document::new("a", text)));
        prop_assert_eq!(turned.map(|document| line(&document)).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>(), alone);
    }

    #[test]
    fn a_finished_document_comes_back_as_it_went(text in text()) {
        let once = line(&finished("a", &text));
        let back = wire::read_line(once.trim_ascii_end(), 1).unwrap();
        prop_assert_eq!(line(&back), once);
    }
}
