"""Resolution of persons' names side by side; see scripts/bench-peers."""

import argparse
import csv
import hashlib
import json
import subprocess
import time
from collections import Counter, defaultdict
from pathlib import Path

import jellyfish
import numpy as np
from normality import ascii_text
from rapidfuzz import fuzz, process, utils


def people(shared: Path) -> tuple[list, list]:
    """(person, name) of the half to tune on and of the half to report on, as scripts/names/split.py parts them."""
    halves: tuple[set, set] = set(), set()
    with open(shared / "data/names/persons/dev.tsv", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            half = hashlib.sha256(row["entity_id"].encode()).digest()[1] % 2
            halves[half].add((row["entity_id"], row["name"]))
    return sorted(halves[0]), sorted(halves[1])


def scores(rows: list, clusters: list) -> tuple[float, float, float]:
    """Pairwise precision, recall and F1 of a cluster's number for each row."""
    pairs = lambda counted: sum(n * (n - 1) // 2 for n in counted.values())
    both = pairs(Counter((person, cluster) for (person, _), cluster in zip(rows, clusters, strict=True)))
    precision = both / max(1, pairs(Counter(clusters)))
    recall = both / max(1, pairs(Counter(person for person, _ in rows)))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def components(count: int, edges) -> list[int]:
    """Connected components: single linkage, as pairs of matches are usually joined."""
    parent = list(range(count))

    def root(at):
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for a, b in edges:
        parent[root(a)] = root(b)
    return [root(at) for at in range(count)]


def latin(rows: list) -> list[str]:
    return [utils.default_process(ascii_text(name) or name) for _, name in rows]


def similar(scorer, threshold: float, names: list[str]) -> list[tuple[int, int]]:
    found = process.cdist(names, names, scorer=scorer, score_cutoff=threshold, dtype=np.uint8, workers=1)
    return [(a, b) for a, b in zip(*np.nonzero(found)) if a < b]


def fuzzy(scorer):
    def cluster(rows, threshold):
        names = latin(rows)
        return components(len(names), similar(scorer, threshold, names))

    return cluster, (60, 64, 68, 72, 76, 80, 84, 88, 92)


def coded(code):
    """Names are one if the codes of their words are, in any order."""

    def cluster(rows, _):
        key = [" ".join(sorted(code(word) for word in name.split() if word.isascii())) for name in latin(rows)]
        numbers: dict[str, int] = defaultdict(lambda: len(numbers))
        return [numbers[one] for one in key]

    return cluster, (None,)


def nomenklatura():
    """Its name matcher (LogicV2's name part) over pairs that rapidfuzz finds alike from 60 on; it says that .7 is a match."""
    from followthemoney import model
    from nomenklatura.matching import get_algorithm

    matcher = get_algorithm("logic-v2") or get_algorithm("logic-v1")
    settings = matcher.default_config()

    def cluster(rows, threshold):
        made = [model.make_entity("Person") for _ in rows]
        for number, (entity, (_, name)) in enumerate(zip(made, rows)):
            entity.id = f"p{number}"
            entity.add("name", name)
        pairs = similar(fuzz.token_sort_ratio, 60, latin(rows))
        return components(len(rows), [(a, b) for a, b in pairs if matcher.compare(made[a], made[b], settings).score >= threshold])

    return cluster, (0.7,)


def measure(options: argparse.Namespace):
    tuning, reporting = people(options.shared)
    peers = {
        "rapidfuzz, token_sort_ratio": fuzzy(fuzz.token_sort_ratio),
        "rapidfuzz, token_set_ratio": fuzzy(fuzz.token_set_ratio),
        "rapidfuzz, WRatio": fuzzy(fuzz.WRatio),
        "jellyfish, Soundex": coded(jellyfish.soundex),
        "jellyfish, Metaphone": coded(jellyfish.metaphone),
        "jellyfish, NYSIIS": coded(jellyfish.nysiis),
        "nomenklatura": nomenklatura(),
    }
    distinct = len({person for person, _ in reporting})
    print(f"{len(reporting)} names of {distinct} persons\n\n| | threshold | precision | recall | F1 | seconds |\n|---|---|---|---|---|---|")
    gold = options.work / "people.tsv"
    gold.write_text("entity_id\tname\n" + "".join(f"{person}\t{name}\n" for person, name in reporting), encoding="utf-8")
    begun = time.perf_counter()
    told = subprocess.run([options.program, "evaluate", "names", gold, "--json"], capture_output=True, check=True)
    seconds = time.perf_counter() - begun
    ours = json.loads(told.stdout)["pairwise"]
    print(f"| namenlese | | {ours['precision']:.3f} | {ours['recall']:.3f} | {ours['f1']:.3f} | {seconds:.1f} |", flush=True)
    for name, (cluster, thresholds) in peers.items():
        chosen = max(thresholds, key=lambda threshold: scores(tuning, cluster(tuning, threshold))[2]) if thresholds[1:] else thresholds[0]
        begun = time.perf_counter()
        clusters = cluster(reporting, chosen)
        seconds = time.perf_counter() - begun
        precision, recall, f1 = scores(reporting, clusters)
        print(f"| {name} | {chosen or ''} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {seconds:.1f} |", flush=True)
