#!/usr/bin/env python3
"""Compares the pairs of people's names in a namebench table, and prints precision, recall and F1 beside a peer's.

    scripts/names/namebench.py cases.csv peer.csv [namenlese]

Each pair is asked of `namenlese compare`: it counts as found if the verdict is `same`.
"""

import argparse
import csv
import subprocess


def scores(rows):
    both = sum(found and right for found, right in rows)
    found, right = sum(found for found, _ in rows), sum(right for _, right in rows)
    precision, recall = both / max(found, 1), both / max(right, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  ({len(rows)} pairs)"


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("cases", help="the pairs, with the columns schema, name1, name2, is_match")
parser.add_argument("peer", help="what the peer made of them, with the columns schema, predicted_match, is_match")
parser.add_argument("program", nargs="?", default="namenlese")
arguments = parser.parse_args()
rows, missed = [], []
for case in csv.DictReader(open(arguments.cases, encoding="utf-8")):
    if case["schema"] == "Person":
        names = [case["name1"], case["name2"]]
        told = subprocess.run([arguments.program, "compare", "--", *names], capture_output=True, text=True, check=True).stdout
        found, right = ": same\n" in told, case["is_match"] == "true"
        rows.append((found, right))
        if found != right:
            missed.append(("wrong " if found else "missed", *names, told.strip().splitlines()[-1]))
print("namenlese", scores(rows))
frozen = [(case["predicted_match"] == "true", case["is_match"] == "true") for case in csv.DictReader(open(arguments.peer, encoding="utf-8")) if case["schema"] == "Person"]
print("the peer ", scores(frozen))
for error in missed:
    print(*error, sep=" | ")
