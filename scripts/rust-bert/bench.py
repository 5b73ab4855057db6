"""Words a second of rust-bert in the program beside transformers, and the embedded recogniser, on the same checkpoint and
sentences, in turns, in seconds of processor time, which other work on the machine hardly changes. Loading is measured with one sentence and
taken off.

    python scripts/rust-bert/bench.py --rounds 3 --threads 1 target/release/examples/tag_words models/german CHECKPOINT < sentences.jsonl

transformers runs as its users run it: its own batches of 16, padded, sorted by length; and one sentence at a time, as rust-bert does here.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

# Runs a command and prints the most memory it took, in MB.
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def transformers(checkpoint: str, threads: int, batch: int):
    import torch
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    torch.set_num_threads(threads)
    tokenizer = AutoTokenizer.from_pretrained(checkpoint, use_fast=True)
    model = AutoModelForTokenClassification.from_pretrained(checkpoint, dtype=torch.float32).eval()
    texts = sorted((json.loads(line)["text"] for line in sys.stdin), key=len)
    with torch.no_grad():
        for i in range(0, len(texts), batch):
            model(**tokenizer(texts[i : i + batch], padding=True, return_tensors="pt")).logits.softmax(-1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--as-transformers", type=int, metavar="BATCH", help=argparse.SUPPRESS)
    parser.add_argument("program")
    parser.add_argument("model", help="the program's model")
    parser.add_argument("checkpoint")
    options = parser.parse_args()
    if options.as_transformers:
        return transformers(options.checkpoint, options.threads, options.as_transformers)
    lines = sys.stdin.readlines()
    sentences = [json.loads(line) for line in lines]
    words = sum(len(sentence["words"]) for sentence in sentences)
    # The whole as one document, whose sentences go side by side.
    text, cut = b"", {"sentences": [], "words": []}
    for sentence in sentences:
        cut["sentences"].append((len(text), len(text) + len(sentence["text"].encode())))
        cut["words"] += [(len(text) + start, len(text) + end) for start, end in sentence["words"]]
        text += sentence["text"].encode() + b"\n"
    document = json.dumps({"text": text.decode(), **cut})
    short = json.dumps({"text": "Kiel", "sentences": [(0, 4)], "words": [(0, 4)]})
    again = [sys.executable, __file__, "--threads", str(options.threads), options.program, options.model, options.checkpoint]
    ways = {
        "transformers, batches of 16": ([*again, "--as-transformers", "16"], lines[0], "".join(lines)),
        "transformers, one at a time": ([*again, "--as-transformers", "1"], lines[0], "".join(lines)),
        "rust-bert in the program": ([options.program, options.checkpoint], short, document),
        "the embedded recogniser": ([options.program, options.model], short, document),
    }
    env = os.environ | {"RAYON_NUM_THREADS": str(options.threads), "OMP_NUM_THREADS": str(options.threads)}

    def seconds(command, given: str) -> float:
        begun = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, input=given, env=env, text=True, check=True, stdout=subprocess.DEVNULL)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime

    taken = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way, (command, little, all) in ways.items():
            taken[way].append(seconds(command, all) - seconds(command, little))
    reference = taken["transformers, batches of 16"]
    print(f"{len(lines)} sentences, {words} words; threads: {options.threads}; {options.rounds} rounds, medians")
    for way, times in taken.items():
        ratio = statistics.median(b / a for a, b in zip(times, reference))
        print(f"{way}: {words / statistics.median(times):.0f} words a second of processor time, {ratio:.2f} of transformers in batches")
    for way, (command, _, all) in ways.items():
        done = subprocess.run(
            [sys.executable, "-c", PEAK, *command], input=all, env=env, text=True, check=True, stdout=subprocess.PIPE
        )
        print(f"{way}: {done.stdout.strip()} MB of memory at most")


if __name__ == "__main__":
    main()
