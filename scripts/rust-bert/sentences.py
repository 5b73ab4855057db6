"""Sentences for reference.py: made of `tests/data/fragments.json`, or those of gold data.

    python scripts/rust-bert/sentences.py [--count 100] > sentences.jsonl
    python scripts/rust-bert/sentences.py --gold SHARED [--count 1000] > sentences.jsonl

Each is a line {"text": …, "words": [[start, end], …]} with offsets in bytes. Lengths differ widely on purpose, and one made sentence in
ten is longer than a small encoder's positions.
"""

import argparse
import json
import random
import re
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).parents[2]


def made(count: int):
    fragments = json.loads((ROOT / "tests/data/fragments.json").read_text("utf-8"))
    # Marks of tokenizers would become marks of the tiny ones.
    fragments = [one for one in fragments if not re.fullmatch("<.+>", one)]
    # The program composes letters and drops what is not seen before it cuts a sentence into pieces; transformers does not.
    unseen = {"Mn", "Me", "Cf", "Cc", "Zs"}
    fragments = [one for one in fragments if not any(unicodedata.category(letter) in unseen for letter in one)]
    fragments = [one for one in fragments if unicodedata.is_normalized("NFC", one)]
    rng = random.Random(2024)
    for number in range(count):
        length = rng.randint(40, 60) if number % 10 == 9 else rng.randint(1, 16)
        words = [rng.choice(fragments) for _ in range(length)]
        yield words, [rng.random() < 0.8 for _ in words]


def gold(shared: Path, count: int):
    sys.path.insert(0, str(ROOT / "scripts/train"))
    import data

    found = data.load(shared / "data/ner").dev["germeval"]
    sentences = [sentence for document in found for sentence in document]
    return ((sentence.words, sentence.blanks) for sentence in sentences[-count:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--gold", type=Path, metavar="SHARED")
    options = parser.parse_args()
    for words, blanks in gold(options.gold, options.count) if options.gold else made(options.count):
        text, offsets = b"", []
        for word, blank in zip(words, blanks):
            text += b" " if blank and text else b""
            offsets.append((len(text), len(text) + len(word.encode())))
            text += word.encode()
        print(json.dumps({"text": text.decode(), "words": offsets}, ensure_ascii=False))


if __name__ == "__main__":
    main()
