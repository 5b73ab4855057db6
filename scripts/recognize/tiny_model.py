"""Writes tests/data/tiny-model: a random encoder small enough for git, in two sizes, and what PyTorch makes of some texts
with it.

    python scripts/recognize/tiny_model.py        (needs torch, tokenizers, safetensors)
"""

import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from torch.nn import functional as F

FOLDER = Path(__file__).parents[2] / "tests/data/tiny-model"
HIDDEN, LAYERS, FAST_LAYERS, HEADS, INNER, POSITIONS, MOST = 64, 2, 1, 2, 128, 64, 48
LABELS = ["O"] + [f"{b}-{k}{f}" for k in ("PER", "LOC", "ORG", "OTH") for f in ("", "deriv", "part") for b in "BI"]
TEXTS = [
    "Frau Weber kam aus Köln nach Straßburg.",
    "Der Ausschuss (19. Sitzung) tagte: „Ja!“, sagte Herr Łukasz Ö.",
    "Москва",
    "Heute " * 7,
    "x",
]


def pieces():
    """Single characters and pairs of them that German text has often, with made-up scores."""
    letters = "abcdefghijklmnopqrstuvwxyzäöüßABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ0123456789.,:;!?()-–\"'„“…/&%@#+абвгдежзийклмнопрстуМ"
    pairs = "en er ch de ei te in nd ie ge st ne be es un re an he au ss Sch ung lich keit der die und Der Die ver Ver".split()
    found = ["<s>", "<pad>", "</s>", "<unk>", "▁", *letters, *pairs, *("▁" + pair for pair in pairs)]
    return [(piece, 0.0 if i < 4 else -5.0 - i / 100 + len(piece)) for i, piece in enumerate(found)]


def tokenizer():
    built = Tokenizer(models.Unigram(pieces(), unk_id=3, byte_fallback=False))
    built.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    built.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    return built


def quantised(matrix):
    scale = matrix.abs().amax(1) / 127
    return (matrix / scale[:, None]).round().to(torch.int8), scale


class Weights(dict):
    """Tensors by name, made up."""

    def linear(self, name, outputs, inputs):
        self[name + ".weight"], self[name + ".scale"] = quantised(torch.randn(outputs, inputs) * inputs**-0.5)
        self[name + ".bias"] = torch.randn(outputs) * 0.1

    def norm(self, name):
        self[name + ".weight"] = 1 + torch.randn(HIDDEN) * 0.1
        self[name + ".bias"] = torch.randn(HIDDEN) * 0.1

    def embeddings(self, vocabulary):
        self["embeddings.word.weight"], self["embeddings.word.scale"] = quantised(torch.randn(vocabulary, HIDDEN))
        self["embeddings.position.weight"] = torch.randn(POSITIONS, HIDDEN) * 0.3
        self.norm("embeddings.norm")
        return self

    def layers(self, count):
        for i in range(count):
            self.linear(f"layers.{i}.attention.qkv", 3 * HIDDEN, HIDDEN)
            self.linear(f"layers.{i}.attention.out", HIDDEN, HIDDEN)
            self.norm(f"layers.{i}.attention.norm")
            self.linear(f"layers.{i}.ffn.in", INNER, HIDDEN)
            self.linear(f"layers.{i}.ffn.out", HIDDEN, INNER)
            self.norm(f"layers.{i}.ffn.norm")
        self["head.weight"], self["head.bias"] = torch.randn(len(LABELS), HIDDEN) * 0.3, torch.randn(len(LABELS))
        return self


def by_row(x):
    """What is left of numbers after 256 steps a row."""
    least, most = x.amin(1, keepdim=True).clamp(max=0), x.amax(1, keepdim=True).clamp(min=0)
    scale = (most - least) / 255
    zero = (-least / scale).round()
    return ((x / scale).round() + zero).clamp(0, 255).sub(zero) * scale


def logits(t, layers, ids, rounded):
    """The forward pass in f32; `rounded`: with activations as the program has them."""
    step = by_row if rounded else lambda x: x

    def linear(name, x):
        return step(x) @ (t[name + ".weight"].float() * t[name + ".scale"][:, None]).T + t[name + ".bias"]

    def norm(name, x):
        return F.layer_norm(x, (HIDDEN,), t[name + ".weight"], t[name + ".bias"], 1e-12)

    word = t["embeddings.word.weight"][ids].float() * t["embeddings.word.scale"][ids][:, None]
    x = norm("embeddings.norm", word + t["embeddings.position.weight"][: len(ids)])
    for i in range(layers):
        q, k, v = linear(f"layers.{i}.attention.qkv", x).view(len(ids), 3, HEADS, HIDDEN // HEADS).permute(1, 2, 0, 3)
        mixed = (q @ k.transpose(1, 2)).softmax(-1) @ v
        x = norm(f"layers.{i}.attention.norm", x + linear(f"layers.{i}.attention.out", mixed.transpose(0, 1).reshape(len(ids), HIDDEN)))
        inner = F.gelu(linear(f"layers.{i}.ffn.in", x))
        x = norm(f"layers.{i}.ffn.norm", x + linear(f"layers.{i}.ffn.out", inner))
    return x @ t["head.weight"].T + t["head.bias"]


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    built = tokenizer()
    torch.manual_seed(7)
    tensors = Weights().embeddings(built.get_vocab_size()).layers(LAYERS)
    fast = Weights().layers(FAST_LAYERS)
    save_file(tensors, FOLDER / "model.safetensors")
    save_file(fast, FOLDER / "fast.safetensors")
    built.save(str(FOLDER / "tokenizer.json"), pretty=False)
    files = {
        name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
        for name in ("model.safetensors", "tokenizer.json", "fast.safetensors")
    }
    config = {
        "name": "tiny", "version": "1", "layout": 1, "hidden": HIDDEN, "layers": LAYERS, "heads": HEADS, "intermediate": INNER,
        "positions": POSITIONS, "layer_norm_eps": 1e-12, "activation": "gelu", "max_pieces": MOST, "labels": LABELS,
        "fast": {"layers": FAST_LAYERS, "calibration": {"slope": 0.5, "offsets": {"PER": 0.1}}}, "files": files,
    }  # fmt: skip
    (FOLDER / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    reference = []
    for text in TEXTS:
        ids = [0, *built.encode(text, add_special_tokens=False).ids, 2]
        row = {"text": text, "ids": ids}
        for name, weights, layers, rounded in (
            ("exact", tensors, LAYERS, False),
            ("rounded", tensors, LAYERS, True),
            ("fast", tensors | fast, FAST_LAYERS, True),
        ):
            made = logits(weights, layers, torch.tensor(ids), rounded)
            row[name] = [[round(value, 4) for value in values] for values in made.tolist()]
        reference.append(row)
    (FOLDER / "reference.json").write_text(json.dumps(reference, ensure_ascii=False) + "\n")


main()
