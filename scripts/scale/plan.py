#!/usr/bin/env python3
"""What a corpus of any size would need, out of recorded distributions: prints the tables of docs/scale.md.

    scripts/scale/plan.py [--documents 1e9]
    scripts/scale/plan.py --check docs/scale.md     fails if a row that it prints is not on the page

recorded/*.json are figures of corpora that were run, without a name in them:

    namenlese run CORPUS -o TABLES
    cargo run --manifest-path scripts/scale/record/Cargo.toml -- TABLES "what it is" >scripts/scale/recorded/NAME.json

recorded/rates.json is what the steps were measured to do, each with the page that says so.

The number of names follows Heaps' law, K * mentions ** beta, fitted by least squares on logarithms to the last power of ten of
the curves of growth, since they bend: a corpus has ten, begun at ten places. Blocks grow as the tables of a Chinese restaurant do
(Pitman and Yor, 1997): a block that is there grows in proportion to its size, as an urn does, with the spread of one; new
ones come by Heaps' law of the keys. Both are tried on what is known: the first tenth of a corpus, treated in the same
manner, says what the whole should be.
"""

import argparse
import contextlib
import io
import json
import math
import random
import statistics
import sys
from pathlib import Path

# Fewer documents are no more than what was recorded, and nothing is to be computed.
BEYOND = 2e6
RECORDED = Path(__file__).resolve().parent / "recorded"
LABELS = ["all", "PER", "LOC", "ORG", "OTH"]
# As in src/resolve/blocks.rs.
LARGE, WINDOW = 24, 8
# Of the hash in an entity's id.
ID_BITS = 48
# Curves of fewer mentions say nothing of a law.
LEAST = 3_000
# Births of blocks are simulated in so many ages, each by so many blocks that stand for all of it.
AGES, STANDING_FOR = 120, 200


def fit(points: list) -> tuple[float, float]:
    """K and beta."""
    slope, cut = statistics.linear_regression(*zip(*[(math.log(x), math.log(y)) for x, y in points], strict=True))
    return math.exp(cut), slope


def tail(curve: list, end: float) -> list:
    """The last power of ten of a curve that ends there."""
    return [point for point in curve if end / 10 <= point[0] <= end]


class Heaps:
    """The law of one corpus and label, and how well the first tenth tells the rest."""

    def __init__(self, curves: list):
        self.mentions, self.names = curves[0][-1]
        laws = [fit(tail(curve, self.mentions)) for curve in curves]
        self.k, self.beta = (statistics.mean(part) for part in zip(*laws, strict=True))
        self.spread = 2 * statistics.stdev(beta for _, beta in laws)
        self.misses = []
        for curve in curves:
            known = tail(curve, self.mentions / 10)
            mentions, names = known[-1]
            self.misses.append(names * (self.mentions / mentions) ** fit(known)[1] / self.names - 1)

    def at(self, mentions: float, beta: float | None = None) -> float:
        """Names among so many mentions, by the law from the recorded end on."""
        return self.names * (mentions / self.mentions) ** (self.beta if beta is None else beta)


def poisson(rng: random.Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def grown(sizes: list, beta: float, entries: float) -> list[tuple[int, float]]:
    """Sizes of blocks with how many have each, once there are so many entries."""
    rng = random.Random(1)
    now = sum(size * count for size, count in sizes)
    blocks = sum(count for _, count in sizes)
    found = []

    def grow(size: int, since: float, weight: float, many: int) -> None:
        for _ in range(many):
            share = rng.gammavariate(size - beta, 1) / since
            found.append((size + poisson(rng, (entries - since) * share), weight))

    for size, count in sizes:
        many = min(count, STANDING_FOR)
        grow(size, now, count / many, many)
    births = lambda at: blocks * (at / now) ** beta
    for age in range(AGES):
        begun, ended = (now * (entries / now) ** (step / AGES) for step in (age, age + 1))
        grow(1, math.sqrt(begun * ended), (births(ended) - births(begun)) / STANDING_FOR, STANDING_FOR)
    return found


def met(sizes: list) -> float:
    """Pairs that meet, by the rule of the program."""
    return sum(count * (size * (size - 1) / 2 if size <= LARGE else size * WINDOW) for size, count in sizes)


class Blocks:
    """Blocks of people's names, of one kind of key."""

    def __init__(self, people: list, kind: str):
        self.parts = [(part["names"], part["blocks"][kind]) for part in people]
        self.names, self.sizes = self.parts[-1]
        self.beta = fit([(self.entries(sizes), sum(count for _, count in sizes)) for _, sizes in self.parts])[1]

    @staticmethod
    def entries(sizes: list) -> int:
        return sum(size * count for size, count in sizes)

    def at(self, names: float, part: int = -1) -> dict:
        """What blocks of so many names are like, out of one of the parts."""
        known, sizes = self.parts[part]
        return figures(grown(sizes, self.beta, self.entries(sizes) * names / known))


def figures(sizes: list) -> dict:
    entries = sum(size * count for size, count in sizes)
    in_large = sum(size * count for size, count in sizes if size > LARGE)
    return {
        "blocks": sum(count for _, count in sizes),
        "entries": entries,
        "widest": max(size for size, _ in sizes),
        "in large": in_large / entries,
        "met": met(sizes),
    }


def short(value: float) -> str:
    """Three digits and a unit."""
    for unit, power in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= power:
            return f"{value / power:.3g} {unit}"
    return f"{value:.3g}"


def table(columns: str, rows: list) -> None:
    print(f"\n| {columns} |\n|{'---|' * len(columns.split('|'))}")
    for row in rows:
        print("|", " | ".join(str(cell) for cell in row), "|")


def resolving(names: float, rates: dict) -> float:
    """Seconds of a core."""
    return names * rates["microseconds_a_name"] / 1e6 * (names / 1e6) ** rates["microseconds_grow"]


def growth(corpora: dict) -> dict:
    print("## Names")
    laws, rows = {}, []
    for name, recorded in corpora.items():
        for label in LABELS:
            curves = recorded["growth"][label]
            mentions, names = curves[0][-1]
            if mentions < LEAST or names < 100:
                continue
            laws[name, label] = law = Heaps(curves)
            misses = f"{min(law.misses):+.0%} to {max(law.misses):+.0%}"
            rows.append(
                [recorded["about"], label, f"{law.mentions:,}", f"{law.names:,}", f"{law.k:.2f}", f"{law.beta:.3f} ± {law.spread:.3f}", misses]
            )
    table("corpus | label | mentions | names | K | beta | the whole out of its first tenth", rows)
    return laws


def blocks(corpora: dict) -> dict:
    print("\n## Blocks")
    found, rows, tried = {}, [], []
    for name, recorded in corpora.items():
        for kind in ("sizes", "sizes_for_initials"):
            found[name, kind] = known = Blocks(recorded["people"], kind)
            for number, (names, sizes) in enumerate(known.parts):
                now = figures(sizes)
                is_last = number == len(known.parts) - 1
                if kind == "sizes" and (is_last or number == len(known.parts) - 3):
                    of = recorded["people"][number]["blocks"]
                    most = of["components"][-1][0]
                    rows.append(
                        [recorded["about"], f"{names:,}", f"{now['entries'] / names:.1f}", f"{now['blocks']:,}", f"{now['widest']:,}"]
                        + [f"{now['in large']:.0%}", f"{of['candidates'] / names:.1f}", f"{of['same'] / names:.2f}", most]
                    )
            if kind == "sizes":
                told, true = known.at(known.names, -3), figures(known.sizes)
                misses = [f"{told[key] / true[key] - 1:+.0%}" for key in ("blocks", "widest", "met")]
                tried.append([recorded["about"], f"{known.parts[-3][0]:,} → {known.names:,}", f"{known.beta:.2f}", *misses])
    columns = "corpus | people's names | keys a name | blocks | widest | keys in large blocks | candidates a name | likely pairs a name"
    table(columns + " | largest component", rows)
    print("\nThe simulation, begun at a tenth of the documents, misses the whole by:")
    table("corpus | names | beta of keys | blocks | widest | pairs that meet", tried)
    return found


def plan(documents: float, corpora: dict, laws: dict, found: dict, rates: dict) -> None:
    print(f"\n## {short(documents)} documents")
    unit = corpora["wikinews"]
    characters = unit["characters"] / unit["documents"]
    words = characters / rates["characters_a_word"]
    mentions = documents * unit["mentions"] / unit["documents"]
    in_document = unit["names_in_documents"] / unit["documents"]
    print(f"\nA document is what it is among the {unit['about']}: {words:.0f} words, {mentions / documents:.1f} mentions of {in_document:.1f} names.")

    rows, scenarios = [], []
    for name in corpora:
        everything, people = laws[name, "all"], laws[name, "PER"]
        names = everything.at(mentions)
        band = [short(everything.at(mentions, everything.beta + by)) for by in (-everything.spread, everything.spread)]
        of_people = people.at(mentions * people.mentions / everything.mentions)
        full, initials = (found[name, kind].at(of_people) for kind in ("sizes", "sizes_for_initials"))
        of = corpora[name]["people"][-1]["blocks"]
        scenario = {
            "names": names,
            "people": of_people,
            "keys": full["entries"] + initials["entries"],
            "widest": max(full["widest"], initials["widest"]),
            "candidates": full["met"] * of["candidates"] / met(of["sizes"]),
            # Of the same share of the names as in what was recorded.
            "component": of_people * of["components"][-1][0] / found[name, "sizes"].names,
        }
        scenarios.append(scenario)
        figures = [short(scenario[key]) for key in ("people", "keys", "widest", "candidates", "component")]
        # Two of n ids are equal so often on average, if as many entities have each: the birthday problem.
        shared = short(names**2 / 2 ** (ID_BITS + 1))
        rows.append([corpora[name]["about"], f"{short(names)} ({band[0]} to {band[1]})", *figures, f"{full['in large']:.0%}", shared])
    columns = "if names grow as in | names | of people | keys | widest block | candidates | largest component | keys in large blocks"
    table(columns + " | pairs of names with one id", rows)
    ends = [min(scenarios, key=lambda one: one["keys"]), max(scenarios, key=lambda one: one["keys"])]

    def at_ends(what: str, value, unit: str = "") -> list:
        """One cell where both ends come to the same, or the range between them."""
        told = list(dict.fromkeys(short(value(end)) for end in ends))
        return [what, " to ".join(told) + unit]

    seconds = [
        ("read, detect, segment, normalize", lambda _: documents * characters / rates["other_stages_characters"]),
        ("recognize, accurate", lambda _: documents * words / rates["accurate_words"]),
        ("or recognize, fast", lambda _: documents * words / rates["fast_words"]),
        ("or recognize, lists alone", lambda _: documents * words / rates["lists_words"]),
        ("resolve people: keys, candidates, scores, components", lambda end: resolving(end["people"], rates)),
        ("write the tables", lambda _: documents * characters / rates["tabulate_characters"]),
    ]
    rows = [
        [*at_ends(step, lambda end, cost=cost: cost(end) / 3600), short(documents / cost(ends[0])) if "resolve" not in step else ""]
        for step, cost in seconds
    ]
    print("\nTime, and documents that a core does in a second:")
    table("step | core-hours | documents", rows)

    size = unit["name_bytes"] / unit["names"]
    tasks = documents / rates["documents_a_task"]
    per_task = laws["wikinews", "all"].at(mentions / tasks)
    stored = [
        (f"names and counts, from {short(tasks)} tasks, each name once a task", lambda _: tasks * per_task * (size + 9)),
        ("names of people with the keys of their blocks", lambda end: end["keys"] * (size + 18 + 8)),
        ("candidates, two names each", lambda end: end["candidates"] * 2 * (size + 18)),
        ("names of documents, to their entities and back", lambda _: 2 * documents * in_document * (size + 16)),
        ("pairs of entities in sentences", lambda _: documents * unit["pairs_in_sentences"] / unit["documents"] * 24),
        ("written: mentions, with their lines of context", lambda _: mentions * rates["bytes_a_mention"]),
        ("read: texts; or texts with all layers, as JSON Lines", lambda end: documents * characters * (1 if end is ends[0] else rates["layers_a_character"])),
    ]
    print(f"\nBytes that are sent between machines, read or written, computed from sizes of rows (a name has {size:.0f} bytes):")
    table("what | bytes", [at_ends(what, count, "B") for what, count in stored])

    held = [
        ("a block as it passes: 48 names", lambda _: 48 * (size + 18 + 64)),
        ("the widest block as a whole", lambda end: end["widest"] * (size + 18)),
        ("on one machine: what is kept of each document", lambda _: documents * rates["held_a_document"]),
        ("on one machine: names of people, taken apart, with their keys", lambda end: end["people"] * rates["held_a_name"]),
    ]
    print("\nMemory:")
    table("what | bytes", [at_ends(what, count, "B") for what, count in held])

    rows = []
    for memory, cores in rates["machines"]:
        fits = 1e3
        while needs(fits * 1.1, unit, laws, rates) < memory:
            fits *= 1.1
        days = [fits * words / rates[f"{which}_words"] / cores / 86400 for which in ("accurate", "fast")]
        rows.append([short(memory) + "B", cores, short(fits), *(f"{one:.1f}" for one in days)])
    print("\nHow far one machine goes before its memory is full, if names grow as in Wikinews:")
    table("memory | cores | documents | days for them, accurate | days, fast", rows)


def needs(documents: float, unit: dict, laws: dict, rates: dict) -> float:
    """Bytes that one machine holds of so many documents."""
    people = laws["wikinews", "PER"]
    of_people = people.at(documents * people.mentions / unit["documents"])
    return documents * rates["held_a_document"] + of_people * rates["held_a_name"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=float, default=1e9)
    parser.add_argument("--check", type=Path)
    options = parser.parse_args()
    if options.documents < BEYOND:
        parser.error(f"{options.documents:g} documents are no more than were recorded; a plan is for {BEYOND:g} or more")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        tables(options.documents)
    if options.check is None:
        print(printed.getvalue(), end="")
        return
    page = options.check.read_text().splitlines()
    rows = [line for line in printed.getvalue().splitlines() if line.startswith("|")]
    if missing := [row for row in rows if row not in page]:
        sys.exit(f"{options.check} lacks what {Path(__file__).name} prints:\n" + "\n".join(missing))
    print(f"{options.check}: {len(rows)} rows as computed")


def tables(documents: float) -> None:
    rates = {name: rate for name, (rate, _) in json.loads((RECORDED / "rates.json").read_text()).items()}
    corpora = {file.stem: json.loads(file.read_text()) for file in sorted(RECORDED.glob("*.json")) if file.stem != "rates"}
    laws = growth(corpora)
    plan(documents, corpora, laws, blocks(corpora), rates)


if __name__ == "__main__":
    main()
