"""Writes a model folder that the program loads: int8 weights, tokenizer, configuration with checksums.

With --fast it adds the fast size to a folder that is there: the layers and head of a state that has tokenizer and
embeddings in common with the folder's model.
"""

import argparse
import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

import vocabulary
from evaluate import load
from folder import FAST, LAYERS, NORMS
from labels import LABELS


def quantized(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Symmetric int8, one scale a row."""
    scale = weight.abs().amax(dim=1).clamp(min=1e-12) / 127
    return (weight / scale[:, None]).round().clamp(-127, 127).to(torch.int8), scale


def tensors(model) -> dict[str, torch.Tensor]:
    """The weights under the names of the file; queries come divided by the root of the head's width."""
    state = {k: v.detach().float() for k, v in model.state_dict().items()}
    hidden = state["norm.weight"].shape[0]
    root = (hidden // model.layers[0].heads) ** 0.5
    out = {
        "embeddings.position.weight": state["position.weight"],
        "embeddings.norm.weight": state["norm.weight"],
        "embeddings.norm.bias": state["norm.bias"],
        "head.weight": state["head.weight"],
        "head.bias": state["head.bias"],
    }
    out["embeddings.word.weight"], out["embeddings.word.scale"] = quantized(state["word.weight"])
    for i in range(len(model.layers)):
        for ours, theirs in LAYERS:
            weight, bias = (state[f"layers.{i}.{theirs}.{part}"].clone() for part in ("weight", "bias"))
            if theirs == "qkv":
                weight[:hidden] /= root
                bias[:hidden] /= root
            name = f"layers.{i}.{ours}"
            out[f"{name}.weight"], out[f"{name}.scale"] = quantized(weight)
            out[f"{name}.bias"] = bias
        for ours, theirs in NORMS:
            for part in ("weight", "bias"):
                out[f"layers.{i}.{ours}.{part}"] = state[f"layers.{i}.{theirs}.{part}"]
    return {k: v.contiguous() for k, v in out.items()}


def write(model, pieces, folder: Path, name: str, version: str, calibration: dict, window: int):
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors(model), folder / "model.safetensors")
    vocabulary.tokenizer([tuple(p) for p in pieces]).save(str(folder / "tokenizer.json"), pretty=False)
    files = ("model.safetensors", "tokenizer.json")
    config = {
        "layout": 1,
        "name": name,
        "version": version,
        "hidden": model.norm.weight.shape[0],
        "layers": len(model.layers),
        "heads": model.layers[0].heads,
        "intermediate": model.layers[0].widen.weight.shape[0],
        "positions": model.position.weight.shape[0],
        "layer_norm_eps": 1e-12,
        "activation": "gelu",
        "max_pieces": window,
        # Where strict F1 is at least 75 on held-out gold data; docs/model.md has the figures.
        "languages": ["de", "ru"],
        "labels": LABELS,
        "calibration": calibration,
        "files": {f: checksum(folder / f) for f in files},
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")


def write_fast(model, pieces, folder: Path, calibration: dict):
    whole, made = load_file(folder / "model.safetensors"), tensors(model)
    same = vocabulary.tokenizer([tuple(p) for p in pieces]).to_str() == (folder / "tokenizer.json").read_text("utf-8")
    for name in (name for name in made if name.startswith("embeddings.")):
        same = same and torch.equal(made[name], whole[name])
    if not same:
        raise SystemExit(f"the state does not have its tokenizer and embeddings in common with {folder}")
    save_file({k: v for k, v in made.items() if not k.startswith("embeddings.")}, folder / FAST)
    config = json.loads((folder / "config.json").read_text())
    config["fast"] = {"layers": len(model.layers), "calibration": calibration}
    config["files"][FAST] = checksum(folder / FAST)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")


def checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--name", default="german")
    parser.add_argument("--version", default="1")
    parser.add_argument("--window", type=int, default=128)
    parser.add_argument("--average", action="store_true")
    parser.add_argument("--fast", action="store_true", help="add the fast size to the folder")
    options = parser.parse_args()
    model, pieces = load(options.state, options.average)
    # As evaluate.py found it.
    calibration = json.loads(options.state.with_name("calibration.json").read_text())
    if options.fast:
        return write_fast(model, pieces, options.folder, calibration)
    write(model, pieces, options.folder, options.name, options.version, calibration, options.window)


if __name__ == "__main__":
    main()
