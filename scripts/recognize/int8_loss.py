"""What 8 bits cost: the held-out sentences through f32 in PyTorch and through the program's encoder, F1 of both, the
paired bootstrap interval of the difference, and the share of sentences in which anything differs.

    cargo build --release --example tag_words
    python scripts/recognize/int8_loss.py --shared SHARED --state WORK/accurate-12-1/state.pt --model models/german \
        --program target/release/examples/tag_words [--simulate]

--simulate also rounds activations in PyTorch, in three ways: by the range of each row (as the program does), by that of
the whole window (as engines that read ONNX do), and by a fixed range of each product, seen in training sentences.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[1] / "train"))
import data as sources
import evaluate
import train
import vocabulary
from compare import f1, interval
from export import quantized
from labels import TYPES, spans, viterbi


def by_program(program: Path, model: Path, documents) -> list[set]:
    """The names of each sentence as (first word, word after the last, label)."""
    lines, places = [], []
    for document in documents:
        text, cut = "", {"sentences": [], "words": []}
        begins, ends = {}, {}
        for number, sentence in enumerate(document):
            plain, starts = sentence.text()
            base = len(text.encode())
            at = [base + len(plain[:start].encode()) for start in starts]
            until = [start + len(word.encode()) for start, word in zip(at, sentence.words)]
            begins |= {start: (number, i) for i, start in enumerate(at)}
            ends |= {end: (number, i + 1) for i, end in enumerate(until)}
            cut["words"] += zip(at, until)
            cut["sentences"].append((base, base + len(plain.encode())))
            text += plain + "\n"
        lines.append(json.dumps({"text": text, **cut}))
        places.append((begins, ends))
    done = subprocess.run([program, model], input="\n".join(lines), capture_output=True, text=True, check=True)
    found = []
    for document, (begins, ends), line in zip(documents, places, done.stdout.splitlines(), strict=True):
        names = [set() for _ in document]
        for start, end, label, form, _ in json.loads(line):
            if form == "name" and start in begins and end in ends:
                (sentence, first), (_, after) = begins[start], ends[end]
                names[sentence].add((first, after, label))
        found += names
    return found


def by_torch(model, windows, documents) -> list[set]:
    found = []
    for _, logits in evaluate.predict(model, windows, documents):
        path = viterbi(evaluate.log_softmax(logits)) if len(logits) else []
        found.append({s for s in spans(path) if s[2] in TYPES})
    return found


def counts(sentences, found) -> np.ndarray:
    """[sentences, (right, said, true)], as evaluate.py counts."""
    rows = []
    for sentence, names in zip(sentences, found, strict=True):
        want, silent = evaluate.gold(sentence)
        names = {s for s in names if s[2] not in sentence.unmarked and not silent & set(range(s[0], s[1]))}
        rows.append((len(names & want), len(names), len(want)))
    return np.array(rows, float)


class Rounded:
    """Int8 weights, and 256 steps for what goes into each product."""

    def __init__(self, model, way: str):
        self.model, self.way, self.seen = model, way, {}
        for layer in model.layers:
            for module in (layer.qkv, layer.out, layer.widen, layer.narrow):
                weight, scale = quantized(module.weight.data)
                module.weight.data = weight.float() * scale[:, None]
                module.register_forward_pre_hook(self.round)

    def watch(self, windows, documents):
        """Learns the range of each product."""
        way, self.way = self.way, "watch"
        evaluate.predict(self.model, windows, documents)
        self.way = way
        return self.model

    def round(self, module: nn.Module, given):
        x = given[0]
        if self.way == "row":
            least, most = x.amin(-1, keepdim=True), x.amax(-1, keepdim=True)
        else:
            least, most = x.min(), x.max()
        if self.way == "watch":
            before = self.seen.get(module, (least, most))
            self.seen[module] = (torch.minimum(before[0], least), torch.maximum(before[1], most))
            return given
        if self.way == "fixed":
            least, most = self.seen[module]
        least, most = least.clamp(max=0), most.clamp(min=0)
        scale = (most - least).clamp(min=1e-12) / 255
        zero = (-least / scale).round()
        return (((x / scale).round() + zero).clamp(0, 255).sub(zero) * scale,)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--simulate", action="store_true")
    options = parser.parse_args()
    data = sources.load(options.shared / "data/ner")
    documents = [d for source, found in data.dev.items() if source != "smartdata-tweet" for d in found]
    sentences = [sentence for document in documents for sentence in document]
    load = lambda: evaluate.load(options.state, True)
    model, pieces = load()
    windows = train.Windows(vocabulary.tokenizer(pieces))
    exact = by_torch(model, windows, documents)
    old = counts(sentences, exact)
    print(f"{len(sentences)} sentences, {old[:, 2].sum():.0f} names; f32 in PyTorch: F1 {f1(old.sum(0)):.2f}", flush=True)

    def report(name, found):
        new = counts(sentences, found)
        low, high = interval(old[None], new[None], np.random.default_rng(1))
        differ = np.mean([a != b for a, b in zip(exact, found, strict=True)])
        change = f1(new.sum(0)) - f1(old.sum(0))
        print(
            f"{name}: F1 {f1(new.sum(0)):.2f}, {change:+.2f} (95 %: {low:+.2f} to {high:+.2f}), {differ:.2%} of the"
            " sentences differ",
            flush=True,
        )

    report("int8, the program's encoder", by_program(options.program, options.model, documents))
    if options.simulate:
        for way, name in (
            ("row", "int8 in PyTorch, a range for each row"),
            ("window", "int8 in PyTorch, a range for each window"),
            ("fixed", "int8 in PyTorch, fixed ranges"),
        ):
            rounded = Rounded(load()[0], way)
            if way == "fixed":
                rounded.watch(windows, data.train["germeval"][:300])
            report(name, by_torch(rounded.model, windows, documents))


if __name__ == "__main__":
    main()
