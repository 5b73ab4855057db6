"""Adds a tokenizer to tests/data/tokenizer-digests.json: what Python's `tokenizers` makes of 10,000 generated lines.

    python scripts/recognize/tokenizer_digest.py MODEL…        (folders with a tokenizer.json; needs tokenizers)

The lines come from a linear congruential generator over tests/data/fragments.json; the test generates the same.
"""

import hashlib
import json
import sys
from pathlib import Path

from tokenizers import Tokenizer

DATA = Path(__file__).parents[2] / "tests/data"
LINES, SEED = 10_000, 2024


def lines(fragments):
    state = SEED

    def below(count):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 33) % count

    for _ in range(LINES):
        line = ""
        for _ in range(1 + below(16)):
            line += fragments[below(len(fragments))] + (" " if below(3) else "")
        yield line


def main():
    fragments = json.loads((DATA / "fragments.json").read_text())
    path = DATA / "tokenizer-digests.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    for folder in sys.argv[1:]:
        file = Path(folder) / "tokenizer.json"
        tokenizer = Tokenizer.from_file(str(file))
        digest = hashlib.sha256()
        for line in lines(fragments):
            ids = tokenizer.encode(line, add_special_tokens=False).ids
            digest.update((" ".join(map(str, ids)) + "\n").encode())
        known[hashlib.sha256(file.read_bytes()).hexdigest()] = digest.hexdigest()
    path.write_text(json.dumps(known, indent=1) + "\n")


main()
