"""Writes tests/data/seqeval: made-up gold and guessed tags, and seqeval's scores of them.

    python scripts/recognize/seqeval_reference.py        (needs seqeval)
"""

import json
import random
from pathlib import Path

from seqeval.metrics import classification_report

FOLDER = Path(__file__).parents[2] / "tests/data/seqeval"
LABELS = ["PER", "LOC", "ORG", "OTH"]
WORDS = "Anna Bert kam nach Hausen und Dorfau , wo der Bund tagte .".split()


def sentence(rng):
    tags = []
    while len(tags) < rng.randrange(1, 14):
        if rng.random() < 0.6:
            tags.append("O")
        else:
            label = rng.choice(LABELS)
            tags += ["B-" + label] + ["I-" + label] * rng.randrange(3)
    return tags


def guess(tags, rng):
    """The same with errors of every kind, broken tags among them."""
    every = ["O"] + [f"{begin}-{label}" for label in LABELS for begin in "BI"]
    return [rng.choice(every) if rng.random() < 0.15 else tag for tag in tags]


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    rng = random.Random(11)
    gold = [sentence(rng) for _ in range(200)]
    found = [guess(tags, rng) for tags in gold]
    words = [[rng.choice(WORDS) for _ in tags] for tags in gold]
    for name, tagged in (("gold", gold), ("found", found)):
        rows = ["".join(f"{w} {t}\n" for w, t in zip(ws, tags)) for ws, tags in zip(words, tagged)]
        (FOLDER / f"{name}.conll").write_text("\n".join(rows))
    report = classification_report(gold, found, output_dict=True, digits=6)
    scores = {
        name: {"precision": report[key]["precision"], "recall": report[key]["recall"], "f1": report[key]["f1-score"]}
        for name, key in [("micro", "micro avg"), *((label, label) for label in LABELS)]
    }
    (FOLDER / "scores.json").write_text(json.dumps(scores, indent=1, default=float) + "\n")


main()
