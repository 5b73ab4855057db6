#!/usr/bin/env python3
"""Learns how units of a script are written in Latin letters, from pairs of a native and a romanised name.

    scripts/names/train.py han pairs... > models/names/han.tsv

Each pair is a line `romanised<TAB>n a t i v e<TAB>count`. A native name is a row of units (a Chinese character, a Korean
syllable, a kana with its small one); every unit writes 0 to 6 of the Latin letters, in order. The chances
p(letters | unit) are learned by expectation maximisation over all alignments (Dempster, Laird and Rubin, 1977; the
many-to-many alignment of Jiampojamarn, Kondrak and Sherif, 2007). Letters that are read alike are one reading. The
output has a line for each unit: its readings, most likely first, each with -10 ln(p / p of the first).
"""

import math
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

ROUNDS = 6
LONGEST = {"han": 6, "hangul": 5, "kana": 4}
SMALL = set("ャュョァィゥェォゃゅょぁぃぅぇぉー")
MOST_READINGS = 8
LEAST_CHANCE = 0.02
LEAST_SEEN = 2.0
ROOT = Path(__file__).parents[2]
LATIN = ROOT / "src/names/scripts/latin.tsv"
SIMPLIFIED = (ROOT / "models/names/simplified.txt").read_text(encoding="utf-8").strip()
SIMPLE = dict(zip(SIMPLIFIED[::2], SIMPLIFIED[1::2]))


def units(script, native):
    """The units of a native name; None if it is not of the script."""
    found = []
    for letter in native:
        name = unicodedata.name(letter, "")
        if script == "kana" and letter in SMALL and found:
            found[-1] += letter
        elif (
            script == "han" and "CJK UNIFIED" in name
            or script == "hangul" and "HANGUL SYLLABLE" in name
            or script == "kana" and ("KATAKANA" in name or "HIRAGANA" in name)
        ):
            found.append(SIMPLE.get(letter, letter))
        else:
            return None
    return tuple(found)


def pairs(script, paths):
    for path in paths:
        for line in open(path, encoding="utf-8"):
            latin, native, count = line.rstrip("\n").split("\t")
            found = units(script, native.replace(" ", ""))
            letters = "".join(letter for letter in latin.lower() if letter.isalpha())
            longest = LONGEST[script]
            if found and len(letters) <= len(found) * longest and len(letters) <= 16:
                yield found, letters, 1 + math.log(int(count))


def steps(row, letters, longest):
    """(unit, from, to) of every way a unit may write letters, near the diagonal."""
    n, m = len(row), len(letters)
    for i in range(n):
        low, high = max(0, int(i * m / n) - 4), min(m, int((i + 1) * m / n) + 4)
        for start in range(low if i else 0, min(high, m) + 1 if i else 1):
            for end in range(start, min(m, start + longest) + 1):
                if i + 1 < n or end == m:
                    yield i, start, end


def learn(data, longest):
    prior = [0.02, 1, 1, 0.5, 0.3, 0.15, 0.1]
    chance = None
    for _ in range(ROUNDS):
        counts = defaultdict(lambda: defaultdict(float))
        for row, letters, weight in data:
            n, m = len(row), len(letters)
            forward = [[0.0] * (m + 1) for _ in range(n + 1)]
            backward = [[0.0] * (m + 1) for _ in range(n + 1)]
            forward[0][0] = backward[n][m] = 1.0
            ways = []
            for i, start, end in steps(row, letters, longest):
                if forward[i][start]:
                    chunk = letters[start:end]
                    p = chance.get(row[i], {}).get(chunk, 0.0) if chance else prior[end - start]
                    if p:
                        forward[i + 1][end] += forward[i][start] * p
                        ways.append((i, start, end, p, chunk))
            total = forward[n][m]
            if not total:
                continue
            for i, start, end, p, _ in reversed(ways):
                backward[i][start] += p * backward[i + 1][end]
            for i, start, end, p, chunk in ways:
                share = forward[i][start] * p * backward[i + 1][end] / total
                if share > 1e-4:
                    counts[row[i]][chunk] += weight * share
        chance = {}
        for unit, chunks in counts.items():
            total = sum(chunks.values())
            chance[unit] = {chunk: count / total for chunk, count in chunks.items() if count / total > 1e-4}
    return chance, {unit: sum(chunks.values()) for unit, chunks in counts.items()}


def latin_table():
    table = {}
    for line in open(LATIN, encoding="utf-8"):
        unit, tab, readings = line.rstrip("\n").partition("\t")
        if tab and not line.startswith("#"):
            table[unit] = readings.split()
    return table


def sound(chunk, table):
    """What letters are read as, taking the longest units; letters read alike give the same sound."""
    sounds, at = [], 0
    while at < len(chunk):
        for length in (5, 4, 3, 2, 1):
            readings = table.get(chunk[at : at + length])
            if readings and at + length <= len(chunk):
                sounds.append(readings[0])
                at += length
                break
        else:
            at += 1
    return " ".join(sounds)


def main():
    script, paths = sys.argv[1], sys.argv[2:]
    data = list(pairs(script, paths))
    chance, seen = learn(data, LONGEST[script])
    table = latin_table()
    print(f"# A unit, its readings in Latin letters with -10 ln(p / p of the first); from {len(data)} pairs, see README.md.")
    for unit in sorted(chance):
        if seen[unit] < LEAST_SEEN:
            continue
        alike = defaultdict(list)
        for chunk, p in chance[unit].items():
            plain = chunk if all(c in table for c in chunk) else "".join(
                c for c in unicodedata.normalize("NFD", chunk) if c.isascii())
            alike[sound(plain, table)].append((p, plain))
        merged = sorted(((sum(p for p, _ in chunks), max(chunks)[1]) for chunks in alike.values()), reverse=True)
        best = merged[0][0]
        least = max(LEAST_CHANCE, LEAST_SEEN / seen[unit])
        kept = [(p, chunk) for p, chunk in merged if p >= least][:MOST_READINGS] or merged[:1]
        print(unit, " ".join(f"{chunk or '-'}:{-10 * math.log(p / best):.0f}" for p, chunk in kept), sep="\t")


main()
