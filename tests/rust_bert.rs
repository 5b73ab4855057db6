//! Checkpoints through rust-bert, held to what transformers finds with them: tiny random ones of every kind that the program
//! takes (`scripts/rust-bert/tiny.py`), and a whole one where `NAMENLESE_CHECKPOINT` names a folder that also holds
//! `sentences.jsonl` and `reference.jsonl` (`scripts/rust-bert/prove`).

use assert_cmd::Command;
use namenlese::{
    Span,
    recognize::{Device, LabelMap, Recognizer, RustBert},
};
use serde::Deserialize;
use std::{
    fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// start, end, label, form, score
type Name = (usize, usize, String, String, f64);

#[derive(Deserialize)]
struct Sentence {
    text: String,
    words: Vec<(usize, usize)>,
}

fn checkpoints() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/checkpoints")
}

fn label_map(kind: &str) -> LabelMap {
    let pairs: &[(&str, &str)] = match kind {
        "distilbert" => &[("product", "OTH")],
        "mobilebert" => &[("DATE", "OTH"), ("PER", "O")],
        _ => &[],
    };
    pairs.iter().map(|&(from, to)| (from.to_owned(), to.to_owned())).collect()
}

fn tiny(kind: &str) -> RustBert {
    RustBert::read(&checkpoints().join(kind), &label_map(kind), Device::Cpu).unwrap()
}

fn lines<T: serde::de::DeserializeOwned>(path: &Path) -> Vec<T> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn found(model: &RustBert, Sentence { text, words }: &Sentence) -> Vec<Name> {
    let words: Vec<Span> = words.iter().map(|&(start, end)| Span::new(text, start, end).unwrap()).collect();
    let mentions = model.recognize_words(text, &[Span::whole(text)], &words).unwrap();
    let name = |one: &namenlese::Mention| {
        let (label, form) = (one.label.as_str().to_owned(), one.form.as_str().to_owned());
        (one.span.start(), one.span.end(), label, form, one.score.value())
    };
    mentions.iter().map(name).collect()
}

/// In how many sentences anything but a score differs, and by how much scores differ at most.
fn compare(model: &RustBert, sentences: &[Sentence], reference: &[Vec<Name>]) -> (usize, f64) {
    assert_eq!(sentences.len(), reference.len());
    let (mut differing, mut most) = (0, 0.0f64);
    for (sentence, expected) in sentences.iter().zip(reference) {
        let found = found(model, sentence);
        let plain = |names: &[Name]| -> Vec<_> {
            names
                .iter()
                .map(|(start, end, label, form, _)| (*start, *end, label.clone(), form.clone()))
                .collect()
        };
        if plain(&found) != plain(expected) {
            println!("{}: {found:?}, but should be {expected:?}", sentence.text);
            differing += 1;
            continue;
        }
        for (one, other) in found.iter().zip(expected) {
            most = most.max((one.4 - other.4).abs());
        }
    }
    (differing, most)
}

#[test]
fn every_kind_finds_what_transformers_finds() {
    let sentences: Vec<Sentence> = lines(&checkpoints().join("sentences.jsonl"));
    assert!(sentences.len() > 64);
    let (mut kinds, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(checkpoints()).unwrap().map(|entry| entry.unwrap().path()) {
        if !entry.is_dir() {
            continue;
        }
        let kind = entry.file_name().unwrap().to_str().unwrap();
        let reference: Vec<Vec<Name>> = lines(&entry.join("reference.jsonl"));
        assert!(reference.iter().map(Vec::len).sum::<usize>() >= 100, "{kind}");
        let (differing, most) = compare(&tiny(kind), &sentences, &reference);
        println!("{kind}: {differing} sentences differ, scores by {most:.1e} at most");
        wrong.extend((differing > 0 || most >= 1e-3).then(|| kind.to_owned()));
        kinds += 1;
    }
    assert_eq!(wrong, [""; 0]);
    assert_eq!(kinds, 10);
}

#[test]
fn a_whole_checkpoint_finds_what_transformers_finds() {
    let Some(folder) = std::env::var_os("NAMENLESE_CHECKPOINT").map(PathBuf::from) else {
        println!("skipped: NAMENLESE_CHECKPOINT names no checkpoint");
        return;
    };
    let model = RustBert::read(&folder, &LabelMap::new(), Device::Cpu).unwrap();
    let sentences: Vec<Sentence> = lines(&folder.join("sentences.jsonl"));
    let reference: Vec<Vec<Name>> = lines(&folder.join("reference.jsonl"));
    let names: usize = reference.iter().map(Vec::len).sum();
    let (differing, most) = compare(&model, &sentences, &reference);
    let count = sentences.len();
    println!("{count} sentences, {names} names: {differing} sentences differ, scores by {most:.1e} at most");
    assert!(differing == 0 && most < 1e-3);
}

#[test]
fn neither_neighbours_nor_threads_change_anything() {
    let sentences: Vec<Sentence> = lines(&checkpoints().join("sentences.jsonl"));
    let text: String = sentences.iter().map(|sentence| sentence.text.clone() + "\n").collect();
    let mut spans = Vec::new();
    let mut at = 0;
    for sentence in &sentences {
        spans.push(Span::new(&text, at, at + sentence.text.len()).unwrap());
        at += sentence.text.len() + 1;
    }
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| tiny("bert").recognize(&text, &spans).unwrap())
    };
    let all = with(1);
    assert!(all.len() > 100);
    assert_eq!(all, with(3));
    let model = tiny("bert");
    let alone: usize = spans.iter().map(|&span| model.recognize(&text, &[span]).unwrap().len()).sum();
    assert_eq!(alone, all.len());
}

/// rust-bert's own pipeline labels everything after its first batch with what it keeps of the first. Should this fail, it
/// was mended there; nothing of ours depends on it.
#[test]
fn the_pipeline_of_rust_bert_decodes_later_batches_against_the_first() {
    use rust_bert::{
        pipelines::{
            common::{ModelResource, ModelType},
            token_classification::{
                LabelAggregationOption, TokenClassificationConfig, TokenClassificationModel,
            },
        },
        resources::LocalResource,
    };
    let folder = TempDir::new().unwrap();
    copy(&checkpoints().join("bert"), folder.path());
    vocabulary(folder.path());
    let resource = |name: &str| LocalResource::from(folder.path().join(name));
    let pipeline = |batch_size| {
        let mut config = TokenClassificationConfig::new(
            ModelType::Bert,
            ModelResource::Torch(Box::new(resource("model.safetensors"))),
            resource("config.json"),
            resource("vocab.txt"),
            None,
            false,
            None,
            None,
            LabelAggregationOption::First,
        );
        config.batch_size = batch_size;
        TokenClassificationModel::new(config).unwrap()
    };
    let sentences: Vec<Sentence> = lines(&checkpoints().join("sentences.jsonl"));
    // Short ones, so that each is one feature.
    let texts: Vec<&str> =
        sentences.iter().map(|sentence| sentence.text.as_str()).filter(|text| text.len() < 30).collect();
    assert!(texts.len() > 16);
    let labels = |batch_size: usize| {
        // It may also give up, where a sentence of a later batch is shorter than that of the first whose place it takes.
        catch_unwind(|| {
            let tokens = pipeline(batch_size).predict(&texts, false, false);
            tokens.iter().map(|tokens| tokens.len()).collect::<Vec<_>>()
        })
        .ok()
    };
    let whole = labels(texts.len()).expect("one batch is fine");
    assert!(whole.iter().all(|&tokens| tokens > 0));
    assert_ne!(labels(4), Some(whole));
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        fs::copy(&entry, to.join(entry.file_name().unwrap())).unwrap();
    }
}

/// Puts `vocab.txt` in the place of `tokenizer.json`.
fn vocabulary(folder: &Path) {
    let file = fs::read(folder.join("tokenizer.json")).unwrap();
    let tokenizer: serde_json::Value = serde_json::from_slice(&file).unwrap();
    let vocabulary = tokenizer["model"]["vocab"].as_object().unwrap();
    let mut pieces: Vec<(u64, &str)> =
        vocabulary.iter().map(|(piece, number)| (number.as_u64().unwrap(), piece.as_str())).collect();
    pieces.sort_unstable();
    let text: String = pieces.iter().map(|(_, piece)| format!("{piece}\n")).collect();
    fs::write(folder.join("vocab.txt"), text).unwrap();
    fs::write(folder.join("tokenizer_config.json"), r#"{"do_lower_case": false, "strip_accents": false}"#)
        .unwrap();
    fs::remove_file(folder.join("tokenizer.json")).unwrap();
}

#[test]
fn a_vocabulary_of_word_pieces_is_as_good_as_a_tokenizer() {
    let folder = TempDir::new().unwrap();
    copy(&checkpoints().join("bert"), folder.path());
    vocabulary(folder.path());
    let model = RustBert::read(folder.path(), &LabelMap::new(), Device::Cpu).unwrap();
    let sentences: Vec<Sentence> = lines(&checkpoints().join("sentences.jsonl"));
    let reference: Vec<Vec<Name>> = lines(&checkpoints().join("bert/reference.jsonl"));
    assert_eq!(compare(&model, &sentences, &reference).0, 0);
}

/// What the program says of a folder: exit status and the one line.
fn check(folder: &Path) -> (i32, String) {
    let output =
        Command::cargo_bin("namenlese").unwrap().args(["models", "check"]).arg(folder).output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    (output.status.code().unwrap(), text)
}

/// What it says of a checkpoint in which something was changed.
fn refused(kind: &str, change: impl Fn(&Path)) -> String {
    let folder = TempDir::new().unwrap();
    copy(&checkpoints().join(kind), folder.path());
    change(folder.path());
    let (status, text) = check(folder.path());
    assert_eq!(status, 2, "{text}");
    // A run says the same.
    let mut run = Command::cargo_bin("namenlese").unwrap();
    run.current_dir(folder.path())
        .args(["recognize", "--recognizer", "rust-bert", "--model"])
        .arg(folder.path());
    let output = run.write_stdin("").output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(2), text.clone()));
    text
}

fn edit(folder: &Path, name: &str, from: &str, to: &str) {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    assert!(text.contains(from), "{name} has no {from}");
    fs::write(folder.join(name), text.replace(from, to)).unwrap();
}

#[test]
fn what_cannot_work_is_told_in_one_line() {
    let (status, text) = check(Path::new("no-such-folder"));
    assert_eq!((status, text.contains("cannot read no-such-folder/config.json")), (2, true), "{text}");
    let remove = |name: &'static str| move |folder: &Path| fs::remove_file(folder.join(name)).unwrap();
    let says = |text: String, part: &str| assert!(text.contains(part), "{text}");
    says(refused("bert", remove("model.safetensors")), "cannot read model.safetensors");
    says(refused("bert", remove("tokenizer.json")), "cannot read tokenizer.json");
    let truncate = |folder: &Path| {
        let weights = fs::read(folder.join("model.safetensors")).unwrap();
        fs::write(folder.join("model.safetensors"), &weights[..weights.len() / 2]).unwrap();
    };
    says(refused("xlm-roberta", truncate), "model.safetensors is damaged");
    says(
        refused("bert", |folder| {
            edit(folder, "config.json", "\"8\": \"I-MISC\"", "\"8\": \"I-MISC\", \"9\": \"B-X\"")
        }),
        "config.json names 10 labels, but model.safetensors has 9",
    );
    says(
        refused("bert", |folder| edit(folder, "tokenizer.json", "\"WordPiece\"", "\"Syllables\"")),
        "tokenizer.json cannot be read",
    );
    let other_tokenizer = |folder: &Path| {
        fs::rename(folder.join("tokenizer.json"), folder.join("sentencepiece.bpe.model")).unwrap();
    };
    says(refused("camembert", other_tokenizer), "scripts/rust-bert/convert.py makes tokenizer.json of it");
    let pickled = |folder: &Path| {
        fs::rename(folder.join("model.safetensors"), folder.join("pytorch_model.bin")).unwrap();
    };
    says(refused("bert", pickled), "scripts/rust-bert/convert.py makes model.safetensors of it");
    says(
        refused("bert", |folder| edit(folder, "config.json", "\"bert\"", "\"deberta-v2\"")),
        "rust-bert 0.23 computes deberta-v2 wrongly",
    );
    says(
        refused("bert", |folder| edit(folder, "config.json", "\"bert\"", "\"t5\"")),
        "cannot label tokens with t5",
    );
    says(
        refused("bert", |folder| edit(folder, "config.json", "\"hidden_size\": 16", "\"hidden_size\": 18")),
        "by config.json",
    );
    says(
        refused("bert", |folder| {
            edit(folder, "config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3")
        }),
        "layer.2",
    );
    // An assertion of rust-bert's own.
    says(
        refused("bert", |folder| {
            edit(folder, "config.json", "\"num_attention_heads\": 2", "\"num_attention_heads\": 3")
        }),
        "rust-bert gave up",
    );
    says(
        refused("bert", |folder| edit(folder, "config.json", "\"gelu\"", "\"gelu_fast\"")),
        "unknown variant",
    );
    let nameless = |folder: &Path| edit(folder, "config.json", "person", "adverb");
    says(
        refused("distilbert", |folder| (nameless(folder), edit(folder, "config.json", "location", "verb")).0),
        "no label of the model means",
    );
}

#[test]
fn a_good_folder_is_told_in_one_line() {
    let (status, text) = check(&checkpoints().join("roberta"));
    assert_eq!(status, 0, "{text}");
    assert!(
        text.ends_with("works: --recognizer rust-bert, roberta of 2 layers, finds PER, GPE; ignores DATE\n"),
        "{text}"
    );
    let (status, text) = check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny-model"));
    assert_eq!(status, 0, "{text}");
    if !tch::Cuda::is_available() {
        let mut run = Command::cargo_bin("namenlese").unwrap();
        run.args(["recognize", "--recognizer", "rust-bert", "--device", "cuda", "--model"])
            .arg(checkpoints().join("bert"));
        run.assert().code(2).stderr("namenlese: this libtorch finds no CUDA device\n");
    }
}
