"""A model folder of the program as a tagger again: the weights that int8 left, in f32."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file

from encoder import Tagger
from labels import LABELS

FAST = "fast.safetensors"
# The parts of a layer, by their names in the file and in the encoder.
LAYERS = [("attention.qkv", "qkv"), ("attention.out", "out"), ("ffn.in", "widen"), ("ffn.out", "narrow")]
NORMS = [("attention.norm", "attention_norm"), ("ffn.norm", "output_norm")]


def load(folder: Path, fast: bool = False) -> tuple[Tagger, list]:
    """The model and its vocabulary, as `evaluate.load` gives those of a state."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    stored = load_file(folder / "model.safetensors")
    if fast:
        stored |= load_file(folder / FAST)
        config |= config["fast"]
    pieces = [tuple(one) for one in json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]]
    sizes = {name: config[name] for name in ("hidden", "heads", "intermediate", "positions", "layers")}

    def whole(name: str) -> torch.Tensor:
        return stored[f"{name}.weight"].float() * stored[f"{name}.scale"][:, None]

    hidden, root = sizes["hidden"], (sizes["hidden"] // sizes["heads"]) ** 0.5
    state = {
        "word.weight": whole("embeddings.word"),
        "position.weight": stored["embeddings.position.weight"],
        "norm.weight": stored["embeddings.norm.weight"],
        "norm.bias": stored["embeddings.norm.bias"],
        "head.weight": stored["head.weight"],
        "head.bias": stored["head.bias"],
    }
    for i in range(sizes["layers"]):
        for ours, theirs in LAYERS:
            weight, bias = whole(f"layers.{i}.{ours}"), stored[f"layers.{i}.{ours}.bias"].clone()
            if theirs == "qkv":
                weight[:hidden] *= root
                bias[:hidden] *= root
            state |= {f"layers.{i}.{theirs}.weight": weight, f"layers.{i}.{theirs}.bias": bias}
        for ours, theirs in NORMS:
            for part in ("weight", "bias"):
                state[f"layers.{i}.{theirs}.{part}"] = stored[f"layers.{i}.{ours}.{part}"]
    model = Tagger(len(pieces), sizes, len(LABELS))
    model.load_state_dict(state)
    return model.eval(), pieces
