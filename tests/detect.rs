//! How often languages are told rightly, on data of the shared folder where it is there. The figures are printed with
//! `cargo test --test detect -- --nocapture`.

mod shared;

use namenlese::{
    Document, Stage,
    corpus::{Corpus, Settings as Reading},
    detect::{Detect, Settings},
};
use shared::shared;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

fn read(path: PathBuf) -> Vec<Document> {
    Corpus::open(&[path], &Reading::default()).expect("it exists").documents().collect()
}

fn told(detect: &Detect, text: &str) -> Document {
    let mut document = Document::new("t", text);
    detect.apply(&mut document).expect("any text is told");
    document
}

fn letters(text: &str) -> usize {
    text.chars().filter(|letter| letter.is_alphabetic()).count()
}

/// How many texts, each a document of its own, are sent away from German; the share must be at most 0.5 %.
fn assert_german<'t>(what: &str, texts: impl Iterator<Item = &'t str>) {
    let detect = Detect::new(Settings::default()).expect("settings");
    let (mut all, mut assumed, mut bytes, mut away) =
        (0usize, 0usize, 0usize, BTreeMap::<String, usize>::new());
    let start = Instant::now();
    for text in texts {
        let languages = told(&detect, text).language.expect("the layer is there");
        all += 1;
        bytes += text.len();
        assumed += usize::from(languages.document.assumed);
        let exception = languages.exceptions.into_iter().map(|(_, language)| language);
        if let Some(language) =
            [languages.document].into_iter().chain(exception).find(|told| told.code != "de")
        {
            *away.entry(language.code).or_default() += 1;
        }
    }
    let wrong: usize = away.values().sum();
    let share = wrong as f64 / all as f64 * 100.0;
    let speed = bytes as f64 / 1e6 / start.elapsed().as_secs_f64();
    println!(
        "{what}: {wrong} of {all} sent away ({share:.3} %) {away:?}, {assumed} assumed, {speed:.1} MB/s"
    );
    assert!(share <= 0.5, "{what}: {share} %");
}

#[test]
fn german_paragraphs_and_headlines_stay() {
    if let Some(path) = shared("corpus/bundestag") {
        let protocols = read(path);
        let lines = protocols.iter().flat_map(|protocol| protocol.text().split(['\n', '\r']).map(str::trim));
        assert_german("paragraphs of protocols", lines.filter(|line| letters(line) > 0));
    }
    if let Some(path) = shared("data/text/wikinews/articles.jsonl") {
        let articles = read(path);
        assert_german("headlines", articles.iter().filter_map(|article| article.title.as_deref()));
        let paragraphs = articles.iter().flat_map(|article| article.text().split("\n\n"));
        assert_german("paragraphs of articles", paragraphs.filter(|paragraph| letters(paragraph) > 0));
        assert_german("articles", articles.iter().map(Document::text));
    }
}

#[test]
fn protocols_are_german_and_told_fast() {
    let Some(path) = shared("corpus/bundestag") else { return };
    let detect = Detect::new(Settings::default()).expect("settings");
    let mut protocols = read(path);
    let start = Instant::now();
    for protocol in &mut protocols {
        detect.apply(protocol).expect("any text is told");
    }
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = protocols.iter().map(|protocol| protocol.text().len()).sum::<usize>() as f64 / 1e6;
    let languages = protocols.iter().filter_map(|protocol| protocol.language.as_ref());
    let exceptions = languages.clone().map(|languages| languages.exceptions.len()).sum::<usize>();
    println!("protocols: {megabytes:.1} MB in {seconds:.2} s, {exceptions} paragraphs in another language");
    for languages in languages {
        assert_eq!((&*languages.document.code, languages.document.assumed), ("de", false));
    }
}

/// Sentences of a CoNLL file as texts, joined until they have 150 letters.
fn paragraphs(path: &Path) -> Vec<String> {
    let lines = fs::read_to_string(path).expect("a corpus file");
    let (mut paragraphs, mut text) = (Vec::new(), String::new());
    for line in lines.lines().map(str::trim) {
        // Either `number word label` or `word label`; one language has its code before every word.
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

const FOREIGN: [(&str, &[&str]); 7] = [
    ("en", &["wikiann/en/train.conllu", "europarl/en-europarl.test.conll02"]),
    ("es", &["wikiann/es/train.conllu", "europarl/es-europarl.test.conll02"]),
    ("fr", &["wikiann/fr/train.conll"]),
    ("it", &["europarl/it-europarl.test.conll02"]),
    ("nl", &["wikiann/nl/train.conllu"]),
    ("pl", &["wikiann/pl/train.conllu"]),
    ("ru", &["wikiann/ru/train.conllu"]),
];
const GERMAN: &str = "Der Rat der Stadt hat am Abend beschlossen, die alte Brücke über den Fluss zu erneuern. Das \
    Geld dafür kommt zum größten Teil vom Land, den Rest zahlt die Gemeinde selbst.";

#[test]
fn foreign_paragraphs_are_found() {
    let Some(folder) = shared("data/ner") else { return };
    let detect = Detect::new(Settings::default()).expect("settings");
    for (language, files) in FOREIGN {
        let (mut all, mut alone, mut inside) = (0usize, 0usize, 0usize);
        for file in files {
            let (mut of_file, mut found) = (0usize, 0usize);
            for paragraph in paragraphs(&folder.join(file)) {
                of_file += 1;
                let code = |text: &str, at: usize| {
                    told(&detect, text).language.expect("the layer is there").at(at).code.clone()
                };
                alone += usize::from(code(&paragraph, 0) == language);
                let text = format!("{GERMAN} {GERMAN}\n\n{paragraph}\n\n{GERMAN} {GERMAN}");
                found += usize::from(code(&text, 2 * GERMAN.len() + 10) == language);
            }
            println!("  {file}: {found} of {of_file} ({:.1} %)", found as f64 / of_file as f64 * 100.0);
            all += of_file;
            inside += found;
        }
        let share = |count: usize| count as f64 / all as f64 * 100.0;
        let (alone, inside) = (share(alone), share(inside));
        println!(
            "{language}: {all} paragraphs, {alone:.1} % found alone, {inside:.1} % inside a German document"
        );
        assert!(alone >= 95.0 && inside >= 95.0, "{language}: {alone} %, {inside} %");
    }
}
