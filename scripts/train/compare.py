"""Strict F1 of two ways of training, each over several seeds, and the paired bootstrap interval of their difference.

    python compare.py --shared SHARED --average --old WORK/a-1/state.pt WORK/a-2/state.pt --new WORK/b-1/state.pt WORK/b-2/state.pt

Sentences are drawn with replacement, the same for every state, and so are the seeds of each way (in pairs where both
ways have as many). Prints a table in Markdown.
"""

import argparse
from pathlib import Path

import numpy as np

import data as sources
from evaluate import halves, held_out, score

DRAWS = 2000


def counts(predicted) -> np.ndarray:
    """[sentences, (right, said, true)]"""
    return np.array([[sum(c.values()) for c in score([one])[:3]] for one in predicted], float)


def parts(predicted: dict[str, list]) -> dict[str, np.ndarray]:
    """The counts of everything that gets a row of its own."""
    tune, rest = halves(predicted)
    found = {"tuning half": counts(tune), "reporting half": counts(rest)}
    for source, sentences in predicted.items():
        found[source] = counts(sentences)
    return found | {"germeval, last 500": found["germeval"][-500:]}


def f1(sums: np.ndarray) -> np.ndarray:
    return 200 * sums[..., 0] / np.maximum(sums[..., 1] + sums[..., 2], 1)


def interval(old: np.ndarray, new: np.ndarray, rng) -> tuple[float, float]:
    """95 % of the differences new − old, where each is [seeds, sentences, 3]."""
    sentences = old.shape[1]
    drawn = rng.multinomial(sentences, np.full(sentences, 1 / sentences), DRAWS)
    score = lambda way: np.stack([f1(drawn @ seed) for seed in way])  # [seeds, draws]
    seeds = lambda way: rng.integers(len(way), size=(len(way), DRAWS))
    of_old = seeds(old)
    of_new = of_old if len(old) == len(new) else seeds(new)
    mean = lambda way, chosen: np.take_along_axis(score(way), chosen, 0).mean(0)
    return tuple(np.percentile(mean(new, of_new) - mean(old, of_old), [2.5, 97.5]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--old", type=Path, nargs="+", required=True)
    parser.add_argument("--new", type=Path, nargs="+", required=True)
    parser.add_argument("--average", action="store_true", help="take the mean of the last quarter of all steps")
    parser.add_argument("--old-last", action="store_true", help="but of the old way the last step")
    options = parser.parse_args()
    data = sources.load(options.shared / "data/ner")
    ways = [(options.old, options.average and not options.old_last), (options.new, options.average)]
    found = [[parts(held_out(state, average, data)) for state in states] for states, average in ways]
    rng = np.random.default_rng(1)
    print("| sentences | names | old | new | difference, 95 % |\n|---|---|---|---|---|")
    for part in found[0][0]:
        old, new = (np.stack([seed[part] for seed in way]) for way in found)
        shown = [f1(way.sum(1)) for way in (old, new)]
        cells = [f"{way.mean():.1f} ({', '.join(f'{one:.1f}' for one in way)})" for way in shown]
        low, high = interval(old, new, rng)
        difference = f"{shown[1].mean() - shown[0].mean():+.1f} ({low:+.1f} to {high:+.1f})"
        print(f"| {part} | {old[0, :, 2].sum():.0f} | {' | '.join(cells)} | {difference} |")


if __name__ == "__main__":
    main()
