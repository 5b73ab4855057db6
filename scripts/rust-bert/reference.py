"""What Hugging Face transformers finds with a checkpoint, for `tests/rust_bert.rs` to compare with.

    python scripts/rust-bert/reference.py CHECKPOINT < sentences.jsonl > reference.jsonl

Each line in is a text that is one sentence, with its words as pairs of byte offsets: {"text": …, "words": [[0, 4], …]}. Each
line out holds the names found in it: [start, end, label, form, score], offsets in bytes. Tokenizer, configuration and encoder are
those of transformers; how words, labels and names follow from them is written here a second time, to be compared.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModelForTokenClassification, AutoTokenizer

MOST_PIECES = 512
OVERLAP = 64
PADDED = {"camembert", "roberta", "xlm-roberta"}
USUAL = {"PER": "PER PERS PERSON", "LOC": "LOC GPE LOCATION PLACE", "ORG": "ORG ORGANISATION ORGANIZATION", "OTH": "OTH MISC OTHER"}
MEANING = {name: label for label, names in USUAL.items() for name in names.split()}
PLACES = {"B": "B", "I": "I", "M": "I", "E": "E", "L": "E", "S": "S", "U": "S"}


def meaning(kind: str):
    """Label and form of a kind of names; None for what is not looked for."""
    form = "name"
    for ending, other in (("deriv", "derived"), ("part", "part")):
        if kind.endswith(ending):
            kind, form = kind.removesuffix(ending), other
    label = MEANING.get(kind.upper())
    return label and (label, form)


def tag(name: str):
    """Place and kind of a label; None outside of names."""
    if name == "O":
        return None
    if name[:1] in PLACES and name[1:2] in ("-", "_") and name[2:]:
        return PLACES[name[0]], name[2:]
    if name[-2:-1] == "-" and name[-1] in PLACES and name[:-2]:
        return PLACES[name[-1]], name[:-2]
    return "I", name


class Checkpoint:
    def __init__(self, folder: Path, labels: dict[str, str]):
        self.tokenizer = AutoTokenizer.from_pretrained(folder, use_fast=True)
        self.model = AutoModelForTokenClassification.from_pretrained(folder, dtype=torch.float32).eval()
        config = self.model.config
        self.tags = [tag(config.id2label[i]) for i in range(config.num_labels)]
        kinds = {found[1] for found in self.tags if found}
        self.meanings = {kind: meaning(kind) for kind in kinds}
        self.meanings |= {kind: None if to == "O" else meaning(to) for kind, to in labels.items()}
        # XLNet has no limit, and says -1.
        positions = max(config.max_position_embeddings, 0) or MOST_PIECES
        positions -= config.pad_token_id + 1 if config.model_type in PADDED else 0
        marked = self.tokenizer("a", return_special_tokens_mask=True, return_token_type_ids=True)
        marks = list(zip(marked["input_ids"], marked["token_type_ids"]))
        first = marked["special_tokens_mask"].index(0)
        self.before = marks[:first]
        self.after = marks[first + marked["special_tokens_mask"].count(0) :]
        self.room = min(positions, MOST_PIECES) - len(self.before) - len(self.after)

    @torch.no_grad()
    def logits(self, ids: list[int]) -> np.ndarray:
        """[pieces, labels]; a long sentence goes through the encoder in windows that overlap."""
        found = np.empty((len(ids), len(self.tags)))
        for (start, end), (kept, until) in windows(len(ids), self.room):
            marked = [*self.before, *((piece, 0) for piece in ids[start:end]), *self.after]
            pieces, segments = (torch.tensor([one]) for one in zip(*marked))
            given = {"input_ids": pieces, "token_type_ids": segments}
            if self.model.config.model_type == "distilbert":
                del given["token_type_ids"]
            rows = self.model(**given).logits[0].numpy()
            at = len(self.before) - start
            found[kept:until] = rows[kept + at : until + at]
        return found

    def find(self, text: str, words: list[tuple[int, int]]):
        """Names as (start, end, label, form, score), offsets in characters."""
        encoded = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        ids, offsets = encoded["input_ids"], encoded["offset_mapping"]
        if not ids:
            return []
        blank = {self.tokenizer.convert_tokens_to_ids(mark) for mark in "▁Ġ"} - {self.tokenizer.unk_token_id}
        real = [i for i, (piece, (start, end)) in enumerate(zip(ids, offsets)) if piece not in blank and end > start]
        firsts = [next((i for i in real if offsets[i][1] > start), len(ids) - 1) for start, _ in words]
        logits = self.logits(ids)[firsts] if firsts else np.empty((0, len(self.tags)))
        rows = np.exp(logits - logits.max(1, keepdims=True)) if firsts else logits
        rows = rows / rows.sum(1, keepdims=True) if firsts else rows
        found = []
        for first, after, kind in chunks([self.tags[i] for i in rows.argmax(1)]) if firsts else []:
            if self.meanings[kind]:
                score = self.probability(rows, first, after, kind)
                found.append((words[first][0], words[after - 1][1], *self.meanings[kind], score))
        return found

    def probability(self, rows: np.ndarray, first: int, after: int, kind: str) -> float:
        """Of all ways to label the words next to and inside the name, the share that has exactly this name: by enumeration
        of what each word may be, from left to right. `open` is whether a name of this kind may be gone on with."""
        p = {place: np.zeros(len(rows)) for place in "BIES"}
        for label, one in enumerate(self.tags):
            if one and one[1] == kind:
                p[one[0]] = rows[:, label]
        is_open = p["B"][first - 1] + p["I"][first - 1] if first else 0.0
        # (probability that the name is open after the word, that it is closed)
        state = None
        for i in range(first, after):
            inside, end = p["I"][i], p["E"][i]
            if state is None:
                state = (p["B"][i] + inside * (1 - is_open), p["S"][i] + end * (1 - is_open))
            else:
                state = (state[0] * inside, state[0] * end)
        goes_on = p["I"][after] + p["E"][after] if after < len(rows) else 0.0
        return float(state[0] * (1 - goes_on) + state[1])


def chunks(tags):
    """(first word, word after the last, kind), as conlleval reads labels."""
    found, current = [], None
    for i, one in enumerate(tags):
        if one and current and one[1] == current and one[0] in "IE":
            found[-1][1] = i + 1
        elif one:
            found.append([i, i + 1, one[1]])
        current = one[1] if one and one[0] in "BI" else None
    return found


def windows(count: int, room: int):
    """((start, end), (kept from, kept to)) of windows over so many pieces."""
    if count <= room:
        return [((0, count), (0, count))]
    overlap = min(OVERLAP, room // 2)
    starts = list(range(0, count - room, room - overlap)) + [count - room]
    seams = [(after + start + room) // 2 for start, after in zip(starts, starts[1:])] + [count]
    return [((start, start + room), kept) for start, kept in zip(starts, zip([0] + seams, seams))]


def found(checkpoint: Checkpoint, line: str) -> list:
    given = json.loads(line)
    text, raw = given["text"], given["text"].encode()
    words = [tuple(len(raw[:at].decode()) for at in word) for word in given["words"]]
    in_bytes = lambda at: len(text[:at].encode())
    return [[in_bytes(start), in_bytes(end), label, form, round(score, 5)]
            for start, end, label, form, score in checkpoint.find(text, words)]  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--labels", nargs="*", default=[], metavar="KIND=LABEL", help="as the program's --labels")
    options = parser.parse_args()
    torch.set_num_threads(1)
    checkpoint = Checkpoint(options.checkpoint, dict(one.split("=") for one in options.labels))
    for line in sys.stdin:
        print(json.dumps(found(checkpoint, line)), flush=True)


if __name__ == "__main__":
    main()
