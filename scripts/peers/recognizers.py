"""Recognisers side by side; see scripts/bench-peers.

Run as a program, this is one of the other engines: `recognizers.py WORK ENGINE < sentences.jsonl`.
"""

import argparse
import json
import os
import random
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts" / part) for part in ("train", "recognize")]

import data
from engines import ENGINES, Crf, Spacy, names

OURS = {"namenlese": [], "namenlese, fast": ["--model", "fast"], "namenlese, lists alone": ["--model", "none"]}
LABELS = ("PER", "LOC", "ORG", "OTH")


def plain(sentence) -> dict:
    """A sentence of the training data with the four classes alone; what carries no loss there is no name here."""
    text, starts = sentence.text()
    words = [(start, start + len(word)) for start, word in zip(starts, sentence.words)]
    tags = [tag if tag and tag[2:] in LABELS else "O" for tag in sentence.labels]
    # An inside whose beginning was left out begins the name.
    tags = [f"B-{tag[2:]}" if tag[0] == "I" and before[2:] != tag[2:] else tag for before, tag in zip(["O", *tags], tags)]
    return {"text": text, "words": words, "tokens": sentence.words, "tags": tags}


def german(shared: Path):
    """Sentences to learn from, to stop by, and to measure on."""
    loaded = data.load(shared / "data/ner")
    foreign = ("europarl-en", "europarl-es", "europarl-it", "factrueval")
    train = [plain(s) for source, found in loaded.train.items() if source not in foreign for part in found for s in part]
    random.Random(1).shuffle(train)
    gold = [plain(s) | {"document": i} for i, [s] in enumerate(loaded.dev["germeval"])]
    return train[len(train) // 10 :], train[: len(train) // 10], gold


def protocols(program: str, shared: Path, count: int) -> tuple[list[dict], list[dict]]:
    """Documents of so many sentences as the program cuts them, and the sentences with its words."""
    documents, sentences = [], []
    for number, file in enumerate(sorted((shared / "corpus/bundestag").iterdir())):
        line = subprocess.run([program, "read", file], capture_output=True, check=True).stdout
        for step in ("detect", "segment"):
            line = subprocess.run([program, step], input=line, capture_output=True, check=True).stdout
        document = json.loads(line)
        document["sentences"] = document["sentences"][: count - len(sentences)]
        documents.append(document)
        for sentence in document["sentences"]:
            start, end = (sentence["start"], sentence["end"]) if isinstance(sentence, dict) else sentence
            text = document["text"][start:end]
            words, at = [], 0
            for word in text.split():
                at = text.index(word, at)
                words.append((at, at + len(word)))
                at += len(word)
            sentences.append({"text": text, "words": words, "document": number})
        if len(sentences) == count:
            return documents, sentences
    return documents, sentences


def lines(rows) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


PEAK = """
import os, resource, subprocess, sys
child = subprocess.run(sys.argv[1:], stdin=sys.stdin, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, file=sys.stderr)
"""


def run(command: list, given: bytes) -> tuple[bytes, float, float]:
    """What a command prints, its seconds of processor time and its peak memory in MiB, on one thread. A small process starts
    it: a child's peak begins at its parent's size."""
    one = os.environ | {"RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run([sys.executable, "-S", "-c", PEAK, *command], input=given, capture_output=True, check=False, env=one)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stderr.decode()}")
    seconds, memory = done.stderr.decode().split("\n")[-2].split()
    return done.stdout, float(seconds), float(memory)


def f1(gold: list[list], found: list[list]) -> float:
    """Strict micro F1 in percent."""
    pairs = [(set(map(tuple, a)), set(map(tuple, b))) for a, b in zip(gold, found, strict=True)]
    both = sum(len(a & b) for a, b in pairs)
    return 200 * both / max(1, sum(len(a) + len(b) for a, b in pairs))


def prepare(options: argparse.Namespace):
    """Trains and exports what is missing in WORK."""
    work = options.work
    train, dev, gold = german(options.shared)
    (work / "gold.json").write_text(json.dumps(gold))
    if not (work / Crf.FILE).exists():
        print(f"CRF learns from {len(train)} sentences", flush=True)
        Crf.train(work, train, dev)
    if not (work / Spacy.FOLDER / "model-best").exists():
        print(f"spaCy learns from {len(train)} sentences", flush=True)
        Spacy.train(work, train, dev)
    if not (work / "model").exists():
        (work / "model").symlink_to(ROOT / "models/german")
    if not (work / "checkpoint").exists():
        export = ROOT / "scripts/rust-bert/export_checkpoint.py"
        subprocess.run([sys.executable, export, ROOT / "models/german", work / "checkpoint"], check=True)
    if not (work / "int8.onnx").exists():
        from to_onnx import exported

        exported(ROOT / "models/german", work)


def measure(options: argparse.Namespace):
    gold = json.loads((options.work / "gold.json").read_text())
    expected = [names(sentence["words"], sentence["tags"]) for sentence in gold]
    documents, sentences = protocols(options.program, options.shared, options.sentences)
    words = sum(len(sentence["words"]) for sentence in sentences)
    print(f"{len(sentences)} sentences, {words} words of protocols; {len(gold)} sentences with {sum(map(len, expected))} names")

    short = {"text": "Kiel", "sentences": [{"start": 0, "end": 4}], "words": [(0, 4)], "document": 0, "tags": []}
    first = documents[0] | {"text": "Kiel", "sentences": [[0, 4]]}
    if documents[0]["sentences"] and isinstance(documents[0]["sentences"][0], dict):
        first["sentences"] = [{"start": 0, "end": 4}]
    ways = {name: ([options.program, "recognize", "--threads", "1", *flags], lines([first]), lines(documents)) for name, flags in OURS.items()}
    again = [sys.executable, __file__, options.work]
    ways |= {name: ([*again, name], lines([short]), lines(sentences)) for name in ENGINES}
    taken = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, (command, little, all) in ways.items():
            loaded = run(command, little)[1]
            _, seconds, memory = run(command, all)
            taken[name].append((seconds - loaded, loaded, memory))

    score = {}
    gold_file = options.work / "gold.jsonl"
    rows = [{"text": g["text"], "entities": [{"start": s, "end": e, "label": l} for s, e, l in names]} for g, names in zip(gold, expected)]
    gold_file.write_bytes(lines(rows))
    for name, flags in OURS.items():
        told = subprocess.run([options.program, "evaluate", "ner", gold_file, "--json", *flags], capture_output=True, check=True)
        score[name] = 100 * json.loads(told.stdout)["micro"]["f1"]
    for name in ENGINES:
        found = run([*again, name], lines(gold))[0].decode().splitlines()
        score[name] = f1(expected, [json.loads(line) for line in found])

    best = {name: min(rounds) for name, rounds in taken.items()}
    ours = best["namenlese"][0]
    print("\n| | words a second | of namenlese | start, s | memory, MiB | F1 |\n|---|---|---|---|---|---|")
    for name, (seconds, loaded, memory) in best.items():
        rate = words / seconds
        print(f"| {name} | {rate:,.0f} | {ours / seconds:.2f} | {loaded:.1f} | {memory:,.0f} | {score[name]:.1f} |")


if __name__ == "__main__":
    _, work, engine = sys.argv
    for found in ENGINES[engine](Path(work)).find([json.loads(line) for line in sys.stdin]):
        print(json.dumps(found))
