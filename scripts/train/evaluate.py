"""Strict F1 on the held-out sentences, decoded as the program decodes; and what makes scores honest."""

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
import torch

import calibration
import data as sources
import folder
import train
import vocabulary
from encoder import Tagger
from labels import LABELS, span_probabilities, spans, viterbi


def load(path: Path, average: bool) -> tuple[Tagger, list]:
    """A model and its vocabulary: of a state that train.py or distil.py wrote, or of a model folder."""
    if path.is_dir():
        return folder.load(path)
    saved = torch.load(path, weights_only=False)
    model = Tagger(len(saved["pieces"]), saved["sizes"], len(LABELS))
    model.load_state_dict(saved["average"]["weights"] if average and saved["average"] else saved["model"])
    return model.eval(), saved["pieces"]


@torch.no_grad()
def predict(model: Tagger, windows: train.Windows, documents: list[list[sources.Sentence]]):
    """(sentence, [words, labels] of logits) of every sentence, in windows of consecutive sentences."""
    found = []
    for document in documents:
        for ids, batch in packed(windows, document):
            logits = model(torch.tensor([ids]))[0].numpy()
            found += [(sentence, logits[[min(a, len(logits) - 1) for a in at]]) for sentence, at in batch]
    return found


def held_out(state: Path, average: bool, data: sources.Data) -> dict[str, list]:
    """What a state says of every held-out source."""
    model, pieces = load(state, average)
    windows = train.Windows(vocabulary.tokenizer(pieces))
    return {source: predict(model, windows, documents) for source, documents in data.dev.items()}


def halves(predicted: dict[str, list]) -> tuple[list, list]:
    """One half of the sentences sets what is to be set, the other reports. Tweets are in neither."""
    everything = [one for source, found in predicted.items() if source != "smartdata-tweet" for one in found]
    return everything[::2], everything[1::2]


def packed(windows: train.Windows, document: list[sources.Sentence]):
    """Windows: their pieces, and each of their sentences with the first piece of every word."""
    ids, batch = [0], []
    for sentence in document:
        pieces, first, _, _ = windows.encode(sentence)
        pieces = pieces[: train.WINDOW - 2]
        if len(ids) + len(pieces) + 1 > train.WINDOW and batch:
            yield ids, batch
            ids, batch = [0], []
        batch.append((sentence, [len(ids) + f for f in first]))
        ids = ids + pieces + [2]
    if batch:
        yield ids, batch


def log_softmax(logits: np.ndarray) -> np.ndarray:
    scaled = logits.astype(np.float64)
    return scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)


def gold(sentence: sources.Sentence):
    """Spans of names; and words of which the source does not say what they are."""
    found, start = [], None
    labels = [label or "O" for label in sentence.labels] + ["O"]
    for i, label in enumerate(labels):
        if start is not None and not label.startswith("I-"):
            found.append((start, i, labels[start][2:]))
            start = None
        if label.startswith("B-"):
            start = i
    silent = {i for i, label in enumerate(sentence.labels) if label is None}
    return {s for s in found if s[2] in ("PER", "LOC", "ORG", "OTH")}, silent


def score(predicted):
    """Counts by label, and for each predicted name its probability, label and whether it is right."""
    right, said, true = Counter(), Counter(), Counter()
    reliability = []
    for sentence, logits in predicted:
        if not len(logits):
            continue
        log = log_softmax(logits)
        found = [s for s in spans(viterbi(log)) if s[2] in ("PER", "LOC", "ORG", "OTH")]
        if "OTH" in sentence.unmarked:
            found = [s for s in found if s[2] != "OTH"]
        want, silent = gold(sentence)
        found = [s for s in found if not silent & set(range(s[0], s[1]))]
        for span, probability in zip(found, span_probabilities(log, found) if found else []):
            reliability.append((probability, span[2], span in want))
        for span in found:
            said[span[2]] += 1
            right[span[2]] += span in want
        for span in want:
            true[span[2]] += 1
    return right, said, true, reliability


def f1(right, said, true) -> dict[str, float]:
    r, s, t = sum(right.values()), sum(said.values()), sum(true.values())
    return {"precision": r / max(s, 1), "recall": r / max(t, 1), "f1": 2 * r / max(s + t, 1)}


def report(predicted, title: str) -> dict:
    right, said, true, reliability = score(predicted)
    line = {"what": title, **f1(right, said, true), "names": sum(true.values())}
    for kind in ("PER", "LOC", "ORG", "OTH"):
        line[kind] = f1({0: right[kind]}, {0: said[kind]}, {0: true[kind]})["f1"]
    line["calibration_error"] = calibration.error(reliability)
    print(json.dumps({k: round(v, 4) if isinstance(v, float) else v for k, v in line.items()}), flush=True)
    return line


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("state", type=Path)
    parser.add_argument("--average", action="store_true")
    options = parser.parse_args()
    predicted = held_out(options.state, options.average, sources.load(options.shared / "data/ner"))
    for source, found in predicted.items():
        report(found, source)
        if source == "germeval":
            report(found[-500:], "germeval, last 500")
    tune, rest = halves(predicted)
    report(tune, "tuning half")
    report(rest, "reporting half")
    fitted = calibration.fit(score(tune)[3])
    scored = calibration.apply(fitted, score(rest)[3])
    line = {"what": "reporting half, calibrated on the tuning half", "calibration_error": calibration.error(scored)}
    line |= {"error if the scores were exact": calibration.least_error(scored), **fitted}
    print(json.dumps({k: round(v, 4) if isinstance(v, float) else v for k, v in line.items()}))
    print(calibration.table(scored))
    # Where export.py looks for it.
    options.state.with_name("calibration.json").write_text(json.dumps(fitted) + "\n")


if __name__ == "__main__":
    main()
