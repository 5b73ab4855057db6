//! A folder with a checkpoint for token classification in Hugging Face layout, read and looked over as far as that goes
//! without an engine: configuration, labels, tokenizer, weights as bytes.

use super::{
    model::hexadecimal,
    scheme::{LabelMap, Scheme},
    tokenizer::{Marks, Pieces},
};
use crate::{Error, ErrorKind, Result};
use safetensors::SafeTensors;
use serde::Deserialize;
use serde_json::json;
use std::{collections::BTreeMap, fs, path::Path};

const CONFIG: &str = "config.json";
const WEIGHTS: &str = "model.safetensors";
const OT_WEIGHTS: &str = "rust_model.ot";
const TOKENIZER: &str = "tokenizer.json";
const VOCABULARY: &str = "vocab.txt";
const SETTINGS: &str = "tokenizer_config.json";
/// What makes a folder loadable that is not.
const CONVERTER: &str = "scripts/rust-bert/convert.py";

/// The encoders that rust-bert has with a head for token classification, by `model_type`.
const ENCODERS: [&str; 10] = [
    "albert",
    "bert",
    "camembert",
    "distilbert",
    "electra",
    "fnet",
    "mobilebert",
    "roberta",
    "xlm-roberta",
    "xlnet",
];
/// Those that it has, too, but does not compute as transformers does; docs/rust-bert.md has the figures.
const WRONG: [&str; 3] = ["deberta", "deberta-v2", "longformer"];
/// Whose position 0 comes after the padding's number.
const POSITIONS_AFTER_PADDING: [&str; 3] = ["camembert", "roberta", "xlm-roberta"];
/// The padding's number there, which rust-bert takes for granted.
const PADDING: usize = 1;
/// Whose `vocab.txt` is one of BERT's word pieces.
const WORD_PIECES: [&str; 4] = ["bert", "distilbert", "electra", "mobilebert"];
/// The most pieces of a window; attention takes the square of it.
const MOST_PIECES: usize = 512;

/// A checkpoint that fits together.
pub(super) struct Checkpoint {
    /// `config.json`, for the engine.
    pub config: Vec<u8>,
    /// Which encoder it is, as `model_type` says.
    pub encoder: String,
    pub layers: usize,
    pub scheme: Scheme,
    pub pieces: Pieces,
    pub marks: Marks,
    /// The most pieces of a sentence that go through the encoder at once, without marks.
    pub room: usize,
    pub weights: Weights,
    /// Where the engine is known to differ from what the checkpoint asks for.
    pub caution: Option<String>,
    /// SHA-256 of its files and the label map.
    pub checksum: String,
}

/// The bytes of a file with weights.
pub(super) enum Weights {
    Safetensors(Vec<u8>),
    /// libtorch's own format, as rust-bert's hub folders have it.
    Ot(Vec<u8>),
}

#[derive(Deserialize)]
struct Config {
    model_type: String,
    #[serde(default)]
    id2label: BTreeMap<usize, String>,
    vocab_size: usize,
    max_position_embeddings: Option<usize>,
    pad_token_id: Option<usize>,
    position_embedding_type: Option<String>,
    layer_norm_eps: Option<f64>,
    #[serde(alias = "num_hidden_layers", alias = "n_layers", alias = "n_layer")]
    layers: usize,
}

/// Whether a folder's `config.json` is that of a checkpoint in Hugging Face layout, not that of a model of ours.
pub fn is_checkpoint(folder: &Path) -> bool {
    let config = fs::read(folder.join(CONFIG)).unwrap_or_default();
    serde_json::from_slice::<serde_json::Value>(&config)
        .is_ok_and(|config| config.get("model_type").is_some())
}

/// What the checkpoint in a folder is, in a line, as far as that can be told without rust-bert.
///
/// # Errors
/// [`ErrorKind::Model`] or [`ErrorKind::Settings`] with the reason why rust-bert would not take it.
pub fn look_at_checkpoint(folder: &Path, map: &LabelMap) -> Result<String> {
    Ok(Checkpoint::read(folder, map)?.in_words())
}

impl Checkpoint {
    pub fn read(folder: &Path, map: &LabelMap) -> Result<Self> {
        Self::of(folder, map).map_err(|error| error.in_document(folder.to_string_lossy()))
    }

    fn of(folder: &Path, map: &LabelMap) -> Result<Self> {
        let config_file = read(folder, CONFIG)?;
        let config: Config = serde_json::from_slice(&config_file)
            .map_err(|error| broken(format!("cannot read {CONFIG}")).caused_by(error))?;
        let encoder = config.model_type.as_str();
        if WRONG.contains(&encoder) {
            return Err(broken(format!(
                "rust-bert 0.23 computes {encoder} wrongly; docs/rust-bert.md says how"
            )));
        }
        if !ENCODERS.contains(&encoder) {
            return Err(broken(format!(
                "rust-bert cannot label tokens with {encoder}; it can with {}",
                ENCODERS.join(", ")
            )));
        }
        let after_padding = POSITIONS_AFTER_PADDING.contains(&encoder);
        if after_padding && config.pad_token_id.is_some_and(|padding| padding != PADDING) {
            return Err(broken(format!(
                "rust-bert takes pad_token_id for {PADDING} in {encoder}; config.json has another"
            )));
        }
        if config.position_embedding_type.as_deref().is_some_and(|positions| positions != "absolute") {
            return Err(broken(format!(
                "rust-bert has only absolute positions for {encoder}; config.json asks for others"
            )));
        }
        let labels: Vec<String> = config.id2label.values().cloned().collect();
        if labels.is_empty() || config.id2label.keys().ne((0..labels.len()).collect::<Vec<_>>().iter()) {
            return Err(broken("id2label in config.json does not name the labels from 0 on".into()));
        }
        let scheme = Scheme::new(&labels, map)?;
        let tokenizer_file = tokenizer(folder, encoder)?;
        let pieces = Pieces::read(&tokenizer_file)?;
        let (known, embedded) = (pieces.last() as usize + 1, config.vocab_size);
        if known > embedded {
            return Err(broken(format!("the tokenizer knows {known} pieces, the encoder only {embedded}")));
        }
        let marks = pieces.marks()?;
        let positions = config.max_position_embeddings.unwrap_or(MOST_PIECES);
        let positions = positions.saturating_sub(if after_padding { PADDING + 1 } else { 0 });
        let room = positions.min(MOST_PIECES).saturating_sub(marks.before.len() + marks.after.len());
        if room == 0 {
            return Err(broken(
                "max_position_embeddings in config.json leaves no room for a sentence".into(),
            ));
        }
        let weights = weights(folder)?;
        weights.check_labels(labels.len())?;
        let of_labels = format!("{map:?}");
        let parts = [&config_file, &tokenizer_file, weights.bytes(), of_labels.as_bytes()];
        let checksum = hexadecimal(&parts);
        Ok(Self {
            encoder: encoder.to_owned(),
            layers: config.layers,
            caution: caution(&config),
            config: config_file,
            scheme,
            pieces,
            marks,
            room,
            weights,
            checksum,
        })
    }

    /// What it is, in a line.
    pub fn in_words(&self) -> String {
        let caution = self.caution.as_ref().map(|caution| format!("; {caution}")).unwrap_or_default();
        format!("{} of {} layers, {}{caution}", self.encoder, self.layers, self.scheme.in_words())
    }
}

/// rust-bert computes some encoders with one constant in place of what `config.json` says.
fn caution(config: &Config) -> Option<String> {
    let constant =
        matches!(config.model_type.as_str(), "bert" | "camembert" | "electra" | "roberta" | "xlm-roberta");
    let other = config.layer_norm_eps.filter(|&epsilon| constant && epsilon > 1e-12)?;
    Some(format!("rust-bert computes its norms with 1e-12 for {other:e}"))
}

impl Weights {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Safetensors(bytes) | Self::Ot(bytes) => bytes,
        }
    }

    /// Compares the head with the labels that `config.json` names.
    fn check_labels(&self, labels: usize) -> Result<()> {
        let Self::Safetensors(bytes) = self else { return Ok(()) };
        let tensors = SafeTensors::deserialize(bytes)
            .map_err(|error| broken(format!("{WEIGHTS} is damaged")).caused_by(error))?;
        let Ok(head) = tensors.tensor("classifier.weight") else {
            return Err(broken(format!(
                "{WEIGHTS} has no classifier.weight: it is no model for token classification"
            )));
        };
        match head.shape().first() {
            Some(&rows) if rows == labels => Ok(()),
            rows => {
                let rows = rows.copied().unwrap_or_default();
                Err(broken(format!("config.json names {labels} labels, but {WEIGHTS} has {rows}")))
            }
        }
    }
}

fn weights(folder: &Path) -> Result<Weights> {
    if folder.join(OT_WEIGHTS).exists() && !folder.join(WEIGHTS).exists() {
        return Ok(Weights::Ot(read(folder, OT_WEIGHTS)?));
    }
    for other in
        ["pytorch_model.bin", "model.safetensors.index.json", "pytorch_model.bin.index.json", "tf_model.h5"]
    {
        if folder.join(other).exists() && !folder.join(WEIGHTS).exists() {
            let message = format!("{other} cannot be loaded; {CONVERTER} makes {WEIGHTS} of it");
            return Err(broken(message));
        }
    }
    Ok(Weights::Safetensors(read(folder, WEIGHTS)?))
}

/// `tokenizer.json`, or what it would be.
fn tokenizer(folder: &Path, encoder: &str) -> Result<Vec<u8>> {
    let has = |name: &str| folder.join(name).exists();
    if has(TOKENIZER) || !has(VOCABULARY) {
        let others = ["sentencepiece.bpe.model", "spiece.model", "spm.model", "vocab.json"];
        if let Some(other) = others.into_iter().find(|other| has(other) && !has(TOKENIZER)) {
            return Err(broken(format!("{other} cannot be loaded; {CONVERTER} makes {TOKENIZER} of it")));
        }
        return as_configured(folder, read(folder, TOKENIZER)?);
    }
    if !WORD_PIECES.contains(&encoder) {
        let message = format!(
            "{VOCABULARY} of a model of kind {encoder} cannot be loaded; {CONVERTER} makes {TOKENIZER} of it"
        );
        return Err(broken(message));
    }
    let settings = fs::read(folder.join(SETTINGS)).unwrap_or_default();
    word_pieces(&read(folder, VOCABULARY)?, &settings)
}

/// A tokenizer over bytes puts a blank before a sentence if `tokenizer_config.json` says so, whatever `tokenizer.json` says:
/// so does transformers.
fn as_configured(folder: &Path, tokenizer: Vec<u8>) -> Result<Vec<u8>> {
    #[derive(Deserialize)]
    struct Outline {
        pre_tokenizer: Option<PreTokenizer>,
    }
    #[derive(Deserialize)]
    struct PreTokenizer {
        #[serde(rename = "type")]
        kind: String,
        add_prefix_space: Option<bool>,
    }
    #[derive(Default, Deserialize)]
    struct Settings {
        #[serde(default)]
        add_prefix_space: bool,
    }
    let settings = fs::read(folder.join(SETTINGS)).unwrap_or_default();
    let settings: Settings = serde_json::from_slice(&settings).unwrap_or_default();
    // What is no tokenizer is told where it is read.
    let outline = serde_json::from_slice(&tokenizer).unwrap_or(Outline { pre_tokenizer: None });
    let is_other = outline.pre_tokenizer.is_some_and(|one| {
        one.kind == "ByteLevel" && one.add_prefix_space.is_some_and(|set| set != settings.add_prefix_space)
    });
    if !is_other {
        return Ok(tokenizer);
    }
    let changed = serde_json::from_slice(&tokenizer).and_then(|mut tokenizer: serde_json::Value| {
        tokenizer["pre_tokenizer"]["add_prefix_space"] = settings.add_prefix_space.into();
        serde_json::to_vec(&tokenizer)
    });
    changed.map_err(|error| broken(format!("{TOKENIZER} cannot be read")).caused_by(error))
}

/// BERT's tokenizer as `tokenizer.json` would tell it, from its vocabulary, one piece a line.
fn word_pieces(vocabulary: &[u8], settings: &[u8]) -> Result<Vec<u8>> {
    #[derive(Deserialize)]
    #[serde(default)]
    struct Settings {
        do_lower_case: bool,
        strip_accents: Option<bool>,
        tokenize_chinese_chars: bool,
    }
    impl Default for Settings {
        // Those of transformers.
        fn default() -> Self {
            Self { do_lower_case: true, strip_accents: None, tokenize_chinese_chars: true }
        }
    }
    let settings: Settings = match settings {
        [] => Settings::default(),
        json => serde_json::from_slice(json)
            .map_err(|error| broken(format!("{SETTINGS} cannot be read")).caused_by(error))?,
    };
    let text = std::str::from_utf8(vocabulary)
        .map_err(|error| broken(format!("{VOCABULARY} is no text")).caused_by(error))?;
    let pieces: BTreeMap<&str, usize> = text.lines().zip(0..).collect();
    let mark = |piece: &'static str| {
        let number = pieces.get(piece).ok_or_else(|| broken(format!("{VOCABULARY} has no {piece}")))?;
        Ok::<_, Error>((piece, *number))
    };
    let tokenizer = json!({
        "version": "1.0",
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": true,
            "handle_chinese_chars": settings.tokenize_chinese_chars,
            "strip_accents": settings.strip_accents,
            "lowercase": settings.do_lower_case,
        },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "post_processor": { "type": "BertProcessing", "sep": mark("[SEP]")?, "cls": mark("[CLS]")? },
        "model": {
            "type": "WordPiece",
            "unk_token": mark("[UNK]")?.0,
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": pieces,
        },
    });
    Ok(tokenizer.to_string().into_bytes())
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>> {
    fs::read(folder.join(name)).map_err(|error| broken(format!("cannot read {name}")).caused_by(error))
}

fn broken(message: String) -> Error {
    Error::new(ErrorKind::Model, message)
}
