"""Distils a tagger into one of fewer layers (or as many), over the training data and over raw text that the teachers label.

The student keeps the first teacher's embeddings as they are and starts from evenly spaced layers of its encoder, so that
both sizes can share one table of words. It learns the teachers' probabilities (their mean; Hinton et al. 2015) and, from
the first teacher, what the layers it was taken from give (as in TinyBERT, Jiao et al. 2020).
"""

import argparse
import random
from pathlib import Path

import torch

import data as sources
import train
import vocabulary
from encoder import Tagger
from evaluate import load
from fit import fit
from labels import LABELS

# What the gold labels weigh beside the teachers' probabilities.
GOLD = 0.3


def slices(documents: list, share: int, rng: random.Random) -> list[list]:
    """The documents in `share` random parts of about equal number."""
    shuffled = documents[:]
    rng.shuffle(shuffled)
    return [shuffled[i::share] for i in range(share)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder with data/ner, data/text and data/names")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints, outside git")
    parser.add_argument("--name", default="fast")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("teachers", type=Path, nargs="+", help="states that train.py wrote, or model folders")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    loaded = [load(path, True) for path in options.teachers]
    teachers, pieces = [model for model, _ in loaded], loaded[0][1]
    sizes = teachers[0].sizes
    step = sizes["layers"] / options.layers
    chosen = [round((i + 1) * step) - 1 for i in range(options.layers)]
    student = Tagger(len(pieces), sizes | {"layers": options.layers}, len(LABELS))
    student.load_state_dict(train.layers_of(teachers[0].state_dict(), chosen))
    for part in (student.word, student.position, student.norm):
        part.requires_grad_(False)

    windows = train.Windows(vocabulary.tokenizer(pieces))
    data = sources.load(options.shared / "data/ner")
    names = sources.persons(options.shared / "data/names/persons/dev.tsv")
    raw = slices(sources.raw(options.shared / "data/text"), options.epochs, random.Random(options.seed))
    epochs = [
        train.epoch_windows(data, windows, names, random.Random(options.seed * 1000 + epoch), raw[epoch])
        for epoch in range(options.epochs)
    ]

    def loss_of_batch(batch):
        ids, real, at, targets, hidden = train.collate(batch)
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                taught = [teacher.states(ids, real) for teacher in teachers]
                soft = torch.stack(
                    [
                        teacher.head(states[-1]).view(-1, len(LABELS))[at].float().softmax(-1)
                        for teacher, states in zip(teachers, taught)
                    ]
                ).mean(0)
            states = student.states(ids, real)
            logits = student.head(student.dropout(states[-1])).view(-1, len(LABELS))[at]
        near = -(soft * logits.float().log_softmax(-1)).sum(-1).mean()
        apart = 0.0
        for ours, theirs in zip(states, (taught[0][i] for i in chosen)):
            ours, theirs = ours[real].float(), theirs[real].float()
            apart += (ours - theirs).square().sum() / theirs.square().sum() / len(chosen)
        gold = train.loss_of(logits, targets, hidden)
        return near + apart + GOLD * gold, int(real.sum())

    folder = options.work / f"{options.name}-{options.layers}-{options.seed}"
    settings = {name: value for name, value in vars(options).items() if isinstance(value, (int, float, str))}
    keep = {"sizes": sizes | {"layers": options.layers}, "pieces": pieces}
    fit(student, epochs, loss_of_batch, options.rate, folder, keep, settings)


if __name__ == "__main__":
    main()
