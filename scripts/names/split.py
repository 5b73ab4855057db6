#!/usr/bin/env python3
"""Splits a table of people into a half to tune on and a half to report on, by a hash of the entity (its second byte: the first
may have made the table).

    scripts/names/split.py people.tsv tuning.tsv reporting.tsv
"""

import hashlib
import sys

if len(sys.argv) != 4:
    raise SystemExit(__doc__)
source, tuning, reporting = sys.argv[1:]
with open(source, encoding="utf-8") as rows, open(tuning, "w", encoding="utf-8") as even, open(reporting, "w", encoding="utf-8") as odd:
    header = next(rows)
    even.write(header)
    odd.write(header)
    for row in rows:
        digest = hashlib.sha256(row.split("\t")[0].encode()).digest()
        (odd if digest[1] % 2 else even).write(row)
