"""Our German recogniser as a checkpoint in Hugging Face layout, which transformers and rust-bert load.

    python scripts/rust-bert/export_checkpoint.py models/german FOLDER [--fast]

Its encoder is BERT's with a SentencePiece vocabulary, so it is an XLM-RoBERTa: position embeddings begin after the padding's
number, there is one token type, which adds nothing, and <mask> comes last. The weights are those that int8 left, in f32.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import sentencepiece
import torch
from safetensors.torch import save_file
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Tokenizer, processors

sys.path.insert(0, str(Path(__file__).parents[1] / "train"))
import folder
import vocabulary
from labels import LABELS

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
PADDING = 1


def weights(model) -> dict[str, torch.Tensor]:
    state = model.state_dict()
    hidden = state["norm.weight"].shape[0]
    embeddings = "roberta.embeddings"
    out = {
        f"{embeddings}.word_embeddings.weight": torch.cat([state["word.weight"], torch.zeros(1, hidden)]),
        f"{embeddings}.position_embeddings.weight": torch.cat([torch.zeros(PADDING + 1, hidden), state["position.weight"]]),
        f"{embeddings}.token_type_embeddings.weight": torch.zeros(1, hidden),
        f"{embeddings}.LayerNorm.weight": state["norm.weight"],
        f"{embeddings}.LayerNorm.bias": state["norm.bias"],
        "classifier.weight": state["head.weight"],
        "classifier.bias": state["head.bias"],
    }
    names = {
        "out": "attention.output.dense",
        "attention_norm": "attention.output.LayerNorm",
        "widen": "intermediate.dense",
        "narrow": "output.dense",
        "output_norm": "output.LayerNorm",
    }
    for i in range(len(model.layers)):
        for part in ("weight", "bias"):
            parts = state[f"layers.{i}.qkv.{part}"].split(hidden)
            for name, tensor in zip(("query", "key", "value"), parts, strict=True):
                out[f"roberta.encoder.layer.{i}.attention.self.{name}.{part}"] = tensor
            for ours, theirs in names.items():
                out[f"roberta.encoder.layer.{i}.{theirs}.{part}"] = state[f"layers.{i}.{ours}.{part}"]
    return {name: tensor.detach().clone().contiguous() for name, tensor in out.items()}


def tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    built = vocabulary.tokenizer([*pieces, ("<mask>", 0.0)])
    built.add_special_tokens([AddedToken(name, normalized=False, lstrip=name == "<mask>") for name in SPECIAL])
    built.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return built


def sentencepiece_model(pieces: list[tuple[str, float]]) -> bytes:
    """The vocabulary as SentencePiece has it, for tokenizers that know no other: without <pad>, <unk> first. How text is
    normalised (NFKC) is taken from a model that SentencePiece makes itself, of nothing in particular."""
    with tempfile.TemporaryDirectory() as work:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(["eins zwei drei vier fünf sechs sieben acht neun zehn"] * 10),
            model_prefix=f"{work}/any", vocab_size=40, hard_vocab_limit=False, normalization_rule_name="nfkc", minloglevel=2,
        )  # fmt: skip
        made = sentencepiece_model_pb2.ModelProto.FromString(Path(f"{work}/any.model").read_bytes())
    kind = sentencepiece_model_pb2.ModelProto.SentencePiece
    del made.pieces[:]
    for name, type_ in (("<unk>", kind.UNKNOWN), ("<s>", kind.CONTROL), ("</s>", kind.CONTROL)):
        made.pieces.add(piece=name, score=0.0, type=type_)
    for piece, score in pieces[4:]:
        made.pieces.add(piece=piece, score=score, type=kind.NORMAL)
    made.trainer_spec.vocab_size = len(made.pieces)
    return made.SerializeToString()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fast", action="store_true", help="the fast size")
    options = parser.parse_args()
    model, pieces = folder.load(options.model, options.fast)
    options.folder.mkdir(parents=True, exist_ok=True)
    save_file(weights(model), options.folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer(pieces).save(str(options.folder / "tokenizer.json"), pretty=False)
    (options.folder / "sentencepiece.bpe.model").write_bytes(sentencepiece_model(pieces))
    positions, hidden = model.position.weight.shape
    config = {
        "architectures": ["XLMRobertaForTokenClassification"],
        "model_type": "xlm-roberta",
        "vocab_size": len(pieces) + 1,
        "hidden_size": hidden,
        "num_hidden_layers": len(model.layers),
        "num_attention_heads": model.layers[0].heads,
        "intermediate_size": model.layers[0].widen.weight.shape[0],
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "max_position_embeddings": positions + PADDING + 1,
        "type_vocab_size": 1,
        "initializer_range": 0.02,
        "layer_norm_eps": 1e-12,
        "bos_token_id": 0,
        "pad_token_id": PADDING,
        "eos_token_id": 2,
        "position_embedding_type": "absolute",
        "id2label": {str(i): label for i, label in enumerate(LABELS)},
        "label2id": {label: i for i, label in enumerate(LABELS)},
    }
    settings = {
        "tokenizer_class": "XLMRobertaTokenizer",
        "model_max_length": positions,
        **dict(zip(("bos_token", "pad_token", "eos_token", "unk_token", "mask_token"), SPECIAL)),
        "cls_token": "<s>",
        "sep_token": "</s>",
    }
    for name, content in (("config.json", config), ("tokenizer_config.json", settings)):
        (options.folder / name).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
