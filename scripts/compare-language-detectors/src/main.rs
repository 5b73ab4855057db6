//! Language detectors on the same texts: German headlines and paragraphs, foreign paragraphs of 150 letters and more.
//!
//! `cargo run --release -- ../../../shared`: the argument is the folder with `corpus/` and `data/`.

use lingua::{Language, LanguageDetectorBuilder};
use namenlese::{
    Document, Stage,
    corpus::{Corpus, Settings as Reading},
    detect::{Detect, Settings},
};
use std::{fs, path::Path, time::Instant};

type Detector = Box<dyn Fn(&str) -> String>;

/// Fourteen languages of Europe for lingua: the eight of the test and those most easily taken for them.
const LINGUA: [Language; 14] = [
    Language::Bulgarian,
    Language::Czech,
    Language::Danish,
    Language::Dutch,
    Language::English,
    Language::French,
    Language::German,
    Language::Italian,
    Language::Polish,
    Language::Portuguese,
    Language::Russian,
    Language::Spanish,
    Language::Swedish,
    Language::Ukrainian,
];

fn detectors() -> Vec<(&'static str, Detector)> {
    let lingua = LanguageDetectorBuilder::from_languages(&LINGUA).with_preloaded_language_models().build();
    let ours = Detect::new(Settings::default()).expect("default settings");
    let whatlang = |text: &str| whatlang::detect_lang(text).map_or(String::new(), |language| language.code().into());
    let lingua = move |text: &str| {
        let language = lingua.detect_language_of(text);
        language.map_or(String::new(), |language| language.iso_code_639_3().to_string())
    };
    let whichlang = |text: &str| whichlang::detect_language(text).three_letter_code().to_owned();
    let ours = move |text: &str| {
        let mut document = Document::new("t", text);
        ours.apply(&mut document).expect("any text is told");
        document.language.expect("the layer is there").document.code
    };
    vec![
        ("whatlang", Box::new(whatlang)),
        ("lingua", Box::new(lingua)),
        ("whichlang", Box::new(whichlang)),
        ("whatlang with our rule", Box::new(ours)),
    ]
}

fn letters(text: &str) -> usize {
    text.chars().filter(|letter| letter.is_alphabetic()).count()
}

fn documents(path: &Path) -> Vec<Document> {
    Corpus::open(&[path.to_owned()], &Reading::default()).expect("it exists").documents().collect()
}

/// Sentences of a CoNLL file, joined until they have 150 letters.
fn paragraphs(path: &Path) -> Vec<String> {
    let lines = fs::read_to_string(path).expect("a corpus file");
    let (mut paragraphs, mut text) = (Vec::new(), String::new());
    for line in lines.lines().map(str::trim) {
        let columns: Vec<_> = line.split_whitespace().collect();
        match columns[..] {
            [number, word, _] if number.bytes().all(|byte| byte.is_ascii_digit()) => text.push_str(word),
            [word, _] => text.push_str(word.strip_prefix("fr:").unwrap_or(word)),
            [] if letters(&text) >= 150 => paragraphs.push(std::mem::take(&mut text)),
            _ => {}
        }
        if !text.is_empty() {
            text.push(' ');
        }
    }
    paragraphs
}

fn main() {
    let shared = std::env::args().nth(1).unwrap_or_else(|| "../../../shared".into());
    let shared = Path::new(&shared);
    let articles = documents(&shared.join("data/text/wikinews/articles.jsonl"));
    let protocols = documents(&shared.join("corpus/bundestag"));
    let lines = protocols.iter().flat_map(|protocol| protocol.text().split(['\n', '\r'])).map(str::trim);
    let mut sets: Vec<(String, [&str; 2], Vec<String>)> = vec![
        ("de headlines".into(), ["de", "deu"], articles.iter().filter_map(|article| article.title.clone()).collect()),
        (
            "de protocols".into(),
            ["de", "deu"],
            lines.filter(|line| letters(line) > 0).step_by(20).map(str::to_owned).collect(),
        ),
    ];
    let ner = shared.join("data/ner");
    for (codes, file) in [
        (["en", "eng"], "wikiann/en/train.conllu"),
        (["en", "eng"], "europarl/en-europarl.test.conll02"),
        (["es", "spa"], "wikiann/es/train.conllu"),
        (["es", "spa"], "europarl/es-europarl.test.conll02"),
        (["fr", "fra"], "wikiann/fr/train.conll"),
        (["it", "ita"], "europarl/it-europarl.test.conll02"),
        (["nl", "nld"], "wikiann/nl/train.conllu"),
        (["pl", "pol"], "wikiann/pl/train.conllu"),
        (["ru", "rus"], "wikiann/ru/train.conllu"),
    ] {
        let name = format!("{} {}", codes[0], file.split('/').next().unwrap_or_default());
        sets.push((name, codes, paragraphs(&ner.join(file))));
    }
    let bytes: usize = sets.iter().flat_map(|(_, _, texts)| texts).map(String::len).sum();
    for (name, detector) in detectors() {
        println!("{name}");
        let start = Instant::now();
        for (set, codes, texts) in &sets {
            let right = texts.iter().filter(|text| codes.contains(&&*detector(text))).count();
            println!("  {set}: {right} of {} ({:.1} %)", texts.len(), right as f64 / texts.len() as f64 * 100.0);
        }
        println!("  {:.1} MB/s", bytes as f64 / 1e6 / start.elapsed().as_secs_f64());
    }
}
