"""Writes the held-out sentences as CoNLL files (word, tag), for `namenlese evaluate ner`. They stay out of the project."""

import argparse
from pathlib import Path

import data as sources

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--shared", type=Path, required=True)
parser.add_argument("folder", type=Path)
options = parser.parse_args()
options.folder.mkdir(parents=True, exist_ok=True)
held_out = sources.load(options.shared / "data/ner").dev
held_out["germeval-last-500"] = held_out["germeval"][-500:]
for source, documents in held_out.items():
    with open(options.folder / f"{source}.conll", "w", encoding="utf-8") as file:
        for document in documents:
            file.write("-DOCSTART-\tO\n\n")
            for sentence in document:
                file.writelines(f"{word}\t{label or 'O'}\n" for word, label in zip(sentence.words, sentence.labels))
                file.write("\n")
