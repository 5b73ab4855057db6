//! The embedded recogniser held to its laws, over a tiny random model: what it finds makes no sense, where and how it
//! finds it must.
#![cfg(feature = "embedded-model")]

use namenlese::{
    ErrorKind, Mention, Span,
    recognize::{Embedded, ModelFiles, Recognizer, Size},
    segment::sentences,
};
use proptest::prelude::*;
use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    sync::LazyLock,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny-model")
}

static TINY: LazyLock<Embedded> =
    LazyLock::new(|| Embedded::new(ModelFiles::read(&folder(), Size::Accurate).unwrap()).unwrap());

fn found(text: &str) -> Vec<Mention> {
    TINY.recognize(text, &sentences(text, Span::whole(text), "de")).unwrap()
}

/// What makes trouble: words broken over lines, soft hyphens, decomposed letters, controls, emoji, other scripts.
const PIECES: &str = "([A-ZÄa-zäöß]{1,9}|[0-9]{1,3}|[.!?,:;–()„“\"-]| |-\n|\n|\r\n\r\n|\t|\u{ad}|\u{301}|o\u{308}|\u{200b}|\u{7f}|😀|Київ|中国|ﬁ|½|…){0,80}";

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mentions_are_spans_inside_sentences_in_order(text in PIECES) {
        let all = sentences(&text, Span::whole(&text), "de");
        let mut last = 0;
        for mention in TINY.recognize(&text, &all).unwrap() {
            prop_assert!(Span::new(&text, mention.span.start(), mention.span.end()).is_ok());
            prop_assert!(!mention.span.is_empty() && mention.span.start() >= last);
            prop_assert!(all.iter().any(|sentence| sentence.contains(mention.span)));
            prop_assert_eq!(mention.span.trimmed(&text), mention.span);
            last = mention.span.end();
        }
    }

    #[test]
    fn neither_threads_nor_neighbours_change_anything(texts in prop::collection::vec(PIECES, 1..6)) {
        let alone: Vec<_> = texts.iter().map(|text| found(text)).collect();
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let together: Vec<_> = pool.install(|| {
                use rayon::prelude::*;
                texts.par_iter().map(|text| found(text)).collect()
            });
            prop_assert_eq!(&together, &alone);
        }
    }

    #[test]
    fn words_given_from_outside_are_the_borders(words in prop::collection::vec("[A-Za-zäö]{1,6}|[.,-]", 1..40)) {
        let text = words.join(" ");
        let mut at = 0;
        let spans: Vec<Span> = words.iter().map(|word| {
            let span = Span::new(&text, at, at + word.len()).unwrap();
            at += word.len() + 1;
            span
        }).collect();
        let mentions = TINY.recognize_words(&text, &[Span::whole(&text)], &spans).unwrap();
        for mention in mentions {
            prop_assert!(spans.iter().any(|word| word.start() == mention.span.start()));
            prop_assert!(spans.iter().any(|word| word.end() == mention.span.end()));
        }
    }
}

#[test]
fn layout_does_not_change_what_is_found() {
    let plain = "Die Verteidigung von Münster lobte Herrn Öztürk, sagte Anna Weber.";
    let broken = "Die Ver-\r\nteidi\u{ad}gung  von\tMu\u{308}nster lobte Her\u{200b}rn O\u{308}zt\u{fc}rk,\nsagte Anna Weber.";
    let surfaces = |text: &str| {
        let found = TINY.recognize(text, &[Span::whole(text)]).unwrap();
        found
            .iter()
            .map(|one| {
                let bridged = namenlese::document::Bridged::new(text, one.span).text().to_owned();
                (bridged, one.label, one.form, one.score)
            })
            .collect::<Vec<_>>()
    };
    assert!(!surfaces(plain).is_empty());
    assert_eq!(surfaces(broken), surfaces(plain));
}

#[test]
fn a_sentence_longer_than_all_windows_is_read_to_its_end() {
    let text = "Anna Weber und Köln ".repeat(400);
    let mentions = TINY.recognize(&text, &[Span::whole(&text)]).unwrap();
    // Each repetition looks the same but for what stands at the windows' edges, so none may be without names.
    let length = "Anna Weber und Köln ".len();
    for repetition in 0..400 {
        let inside = |mention: &&Mention| mention.span.start() / length == repetition;
        assert!(mentions.iter().any(|mention| inside(&mention)), "nothing in repetition {repetition}");
    }
}

#[test]
fn a_damaged_model_is_told() {
    let good = ModelFiles::read(&folder(), Size::Accurate).unwrap();
    let error = |files: ModelFiles| {
        let error = Embedded::new(files).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Model);
        error.to_string()
    };
    let mut weights = good.weights.to_vec();
    weights[5000] ^= 1;
    let message = error(ModelFiles { weights: Cow::Owned(weights), ..good.clone() });
    assert!(message.contains("model.safetensors of model tiny is damaged"), "{message}");
    let config = |from: &str, to: &str| {
        let config = String::from_utf8(good.config.to_vec()).unwrap();
        assert!(config.contains(from));
        Cow::Owned(config.replace(from, to).into_bytes())
    };
    let fast = || ModelFiles::read(&folder(), Size::Fast).unwrap();
    let message = error(ModelFiles { fast: Some(Cow::Borrowed(b"")), ..fast() });
    assert!(message.contains("fast.safetensors of model tiny is damaged"), "{message}");
    let message = error(ModelFiles { config: config("\"fast\": {", "\"slow\": {"), ..fast() });
    assert!(message.contains("model tiny 1 has no fast size"), "{message}");
    let message = error(ModelFiles { config: config("\"layout\": 1", "\"layout\": 2"), ..good.clone() });
    assert!(message.contains("layout 2"), "{message}");
    let message = error(ModelFiles { config: config("\"hidden\": 64", "\"hidden\": 128"), ..good.clone() });
    assert!(message.contains("tensor"), "{message}");
    error(ModelFiles { config: config("\"O\"", "\"P\""), ..good.clone() });
    error(ModelFiles { config: config("\"heads\": 2", "\"heads\": 3"), ..good.clone() });
    let message = ModelFiles::read(Path::new("nowhere"), Size::Accurate).unwrap_err().to_string();
    assert!(message.contains("config.json"), "{message}");
}

#[test]
fn sizes_of_a_model_have_ids_and_opinions_of_their_own() {
    let fast = Embedded::new(ModelFiles::read(&folder(), Size::Fast).unwrap()).unwrap();
    let text = "Frau Anna Weber kam am Montag aus Köln nach Straßburg. ".repeat(3);
    let scores = |model: &Embedded| {
        let found = model.recognize(&text, &sentences(&text, Span::whole(&text), "de")).unwrap();
        found.iter().map(|one| one.score).collect::<Vec<_>>()
    };
    assert_ne!(scores(&fast), scores(&TINY));
    let (fast, tiny) = (fast.id(), TINY.id());
    assert!(fast.starts_with("tiny-fast-1-") && tiny.starts_with("tiny-1-"), "{fast} {tiny}");
    assert_ne!(fast[12..], tiny[7..]);
}

#[test]
fn the_program_takes_another_model() {
    let program = || assert_cmd::Command::new(env!("CARGO_BIN_EXE_namenlese"));
    let mut line = program()
        .arg("read")
        .arg("-")
        .write_stdin("{\"id\":\"a\",\"text\":\"Anna Weber kam aus Köln.\"}")
        .output()
        .unwrap()
        .stdout;
    for filter in ["detect", "segment"] {
        line = program().arg(filter).write_stdin(line).output().unwrap().stdout;
    }
    let run = |model: &Path| {
        program().arg("recognize").arg("--model").arg(model).write_stdin(line.clone()).output().unwrap()
    };
    let (with, without) = (run(&folder()), run(Path::new("none")));
    assert!(with.status.success() && without.status.success());
    assert!(String::from_utf8_lossy(&with.stdout).matches("\"label\"").count() > 0);
    assert_ne!(with.stdout, without.stdout);
    let fast = run(&folder().join("fast.safetensors"));
    assert!(fast.status.success());
    assert_ne!(fast.stdout, with.stdout);
    for path in ["nowhere", "nowhere/fast.safetensors"] {
        let missing = run(Path::new(path));
        assert_eq!(missing.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&missing.stderr).contains(path));
    }
}

#[test]
fn the_shipped_model_reads_german_in_every_dress() {
    let german = Embedded::new(ModelFiles::german(Size::Accurate).unwrap()).unwrap();
    let text = "ANNA BERGER BESUCHT HAMBURG\n\nDie Ministerin Anna Berger reiste am Montag nach Ham-\nburg. Dort lobte \
        Berger die NATO, sagte ihr Sprecher Ju\u{308}r\u{ad}gen Klose. Die polnische Regierung schwieg.";
    let all = sentences(text, Span::whole(text), "de");
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let found = pool(1).install(|| german.recognize(text, &all)).unwrap();
    assert_eq!(pool(2).install(|| german.recognize(text, &all)).unwrap(), found);
    let told: Vec<String> = found
        .iter()
        .map(|one| format!("{} {} {}", one.span.of(text).replace('\n', "⏎"), one.label, one.form))
        .collect();
    let expected = [
        "ANNA BERGER PER name",
        "HAMBURG LOC name",
        "Anna Berger PER name",
        "Ham-⏎burg LOC name",
        "Berger PER name",
        "NATO ORG name",
        "Ju\u{308}r\u{ad}gen Klose PER name",
        "polnische LOC derived",
    ];
    assert_eq!(told, expected);
    assert!(found.iter().all(|one| one.score.value() > 0.5));
}
