"""What the program's int8 encoder loses against the same weights in f32 through rust-bert, sentence by sentence: the share of
sentences with the same names, strict F1 of both, and the paired bootstrap interval of the difference.

    cargo build --release --features rust-bert --example tag_words
    python scripts/rust-bert/int8.py --shared SHARED --count 1000 target/release/examples/tag_words models/german CHECKPOINT
"""

import argparse
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path += [str(HERE.parent / "train"), str(HERE.parent / "recognize")]
import data
from compare import f1, interval
from int8_loss import by_program, counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("program", type=Path)
    parser.add_argument("models", type=Path, nargs=2, help="the program's model, and the checkpoint made of it")
    options = parser.parse_args()
    documents = data.load(options.shared / "data/ner").dev["germeval"]
    sentences = [sentence for document in documents for sentence in document][-options.count :]
    # Each sentence is a document, so that both see the same.
    ours, theirs = (by_program(options.program, model, [[one] for one in sentences]) for model in options.models)
    same = np.mean([a == b for a, b in zip(ours, theirs, strict=True)])
    new, old = counts(sentences, ours), counts(sentences, theirs)
    low, high = interval(old[None], new[None], np.random.default_rng(1))
    print(f"{len(sentences)} sentences, {old[:, 2].sum():.0f} names; {same:.1%} of the sentences have the same names in both")
    print(f"F1: rust-bert (f32) {f1(old.sum(0)):.2f}, embedded (int8) {f1(new.sum(0)):.2f}", end="; ")
    print(f"difference {f1(new.sum(0)) - f1(old.sum(0)):+.2f} (95 %: {low:+.2f} to {high:+.2f})")


if __name__ == "__main__":
    main()
