"""Other recognisers behind one face: `ENGINES[name](folder)` loads one, `find(sentences)` yields its names of each sentence as
(start, end, label), half-open in characters.

A sentence is a dictionary: `text`, `words` as (start, end) in characters, and `document`; sentences of one document may share
a window.
"""

import json
from itertools import groupby
from pathlib import Path

import labels
import numpy as np

TYPES = ["PER", "LOC", "ORG", "OTH"]


def names(words, tags) -> list[tuple[int, int, str]]:
    """The names that BIO tags say, as conlleval reads them, without derived words and parts."""
    found, before = [], "O"
    for (start, end), tag in zip(words, tags):
        kind = tag[2:]
        if kind in TYPES:
            if tag[0] == "I" and before[2:] == kind:
                found[-1][1] = end
            else:
                found.append([start, end, kind])
        before = tag
    return [tuple(name) for name in found]


class Crf:
    """python-crfsuite with the features of sklearn-crfsuite's tutorial, one word further on both sides."""

    FILE = "crf.model"

    def __init__(self, folder: Path):
        import pycrfsuite

        self.tagger = pycrfsuite.Tagger()
        self.tagger.open(str(folder / self.FILE))

    @staticmethod
    def train(folder: Path, train, dev):
        import pycrfsuite

        trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
        trainer.set_params({"c1": 0.1, "c2": 0.01, "max_iterations": 120, "feature.possible_transitions": True})
        for sentence in train:
            trainer.append(Crf.features(sentence["tokens"]), sentence["tags"])
        trainer.train(str(folder / Crf.FILE))

    @staticmethod
    def features(words: list[str]) -> list[list[str]]:
        def shape(word):
            made = "".join("X" if c.isupper() else "x" if c.islower() else "d" if c.isdigit() else c for c in word)
            return "".join(c for c, _ in groupby(made))

        about = [(word.lower(), shape(word), word.istitle(), word.isupper()) for word in words]
        rows = []
        for at, word in enumerate(words):
            low = about[at][0]
            row = ["bias", "w=" + low, "s3=" + low[-3:], "s2=" + low[-2:], "p3=" + low[:3], "p2=" + low[:2]]
            for step in (-2, -1, 0, 1, 2):
                if 0 <= at + step < len(words):
                    lower, form, title, upper = about[at + step]
                    row += [f"{step}:w={lower}", f"{step}:shape={form}", f"{step}:t={title}", f"{step}:u={upper}"]
                else:
                    row.append(f"{step}:none")
            rows.append(row)
        return rows

    def find(self, sentences):
        for sentence in sentences:
            text, words = sentence["text"], sentence["words"]
            tags = self.tagger.tag(self.features([text[start:end] for start, end in words]))
            yield names(words, tags)


class Spacy:
    """spaCy's small pipeline as `spacy init config --optimize efficiency` writes it: hashed embeddings, a CNN of width 96,
    transitions. It cuts the text into words itself."""

    FOLDER = "spacy"

    def __init__(self, folder: Path):
        import spacy

        self.pipeline = spacy.load(folder / self.FOLDER / "model-best")

    @staticmethod
    def train(folder: Path, train, dev):
        from spacy.cli.init_config import init_config
        from spacy.cli.train import train as fit
        from spacy.tokens import Doc, DocBin
        from spacy.vocab import Vocab

        vocab = Vocab()
        home = folder / Spacy.FOLDER
        home.mkdir(parents=True, exist_ok=True)
        for name, part in (("train", train), ("dev", dev)):
            made = DocBin()
            for sentence in part:
                ends = [following[0] > end for (_, end), following in zip(sentence["words"], sentence["words"][1:])] + [False]
                made.add(Doc(vocab, sentence["tokens"], ends, ents=sentence["tags"]))
            made.to_disk(home / f"{name}.spacy")
        init_config(lang="de", pipeline=["ner"], optimize="efficiency").to_disk(home / "config.cfg")
        paths = {f"paths.{name}": str(home / f"{name}.spacy") for name in ("train", "dev")}
        fit(home / "config.cfg", home, overrides=paths | {"training.max_steps": 12_000})

    def find(self, sentences):
        for document in self.pipeline.pipe(sentence["text"] for sentence in sentences):
            yield [(name.start_char, name.end_char, name.label_) for name in document.ents]


def decoded(sentence, offsets, logits):
    """Names from the logits of pieces: a word has those of its first piece, and the best allowed path wins, as in the program."""
    firsts, at = [], 0
    for start, _ in sentence["words"]:
        while at < len(offsets) - 1 and offsets[at][1] <= start:
            at += 1
        firsts.append(at)
    if not firsts or not len(offsets):
        return []
    rows = logits[firsts]
    rows = rows - np.logaddexp.reduce(rows, axis=1, keepdims=True)
    return names(sentence["words"], [labels.LABELS[i] for i in labels.viterbi(rows)])


class Transformers:
    """Our German recogniser as a checkpoint (scripts/rust-bert/export_checkpoint.py) in f32: batches of 16, padded, sorted by
    length."""

    FOLDER = "checkpoint"

    def __init__(self, folder: Path):
        import torch
        from transformers import AutoModelForTokenClassification, AutoTokenizer

        torch.set_num_threads(1)
        self.tokenizer = AutoTokenizer.from_pretrained(folder / self.FOLDER, use_fast=True)
        self.model = AutoModelForTokenClassification.from_pretrained(folder / self.FOLDER, dtype=torch.float32).eval()

    def find(self, sentences):
        import torch

        order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]["text"]))
        found = [[]] * len(sentences)
        with torch.inference_mode():
            for at in range(0, len(order), 16):
                batch = order[at : at + 16]
                texts = [sentences[i]["text"] for i in batch]
                given = self.tokenizer(
                    texts, padding=True, truncation=True, max_length=512, return_offsets_mapping=True, return_tensors="pt"
                )
                offsets = given.pop("offset_mapping").numpy()
                logits = self.model(**given).logits.numpy()
                for i, row, pieces, mask in zip(batch, logits, offsets, given["attention_mask"].numpy()):
                    inside = slice(1, int(mask.sum()) - 1)
                    found[i] = decoded(sentences[i], pieces[inside], row[inside])
        yield from found


class OnnxRuntime:
    """The same weights in int8 (weights per channel, dynamic activations), packed into windows as the program packs them."""

    FILE = "int8.onnx"

    def __init__(self, folder: Path):
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(folder / self.FILE), options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(folder / "model/tokenizer.json"))
        self.most = json.loads((folder / "model/config.json").read_text())["max_pieces"]

    def find(self, sentences):
        for _, document in groupby(sentences, key=lambda sentence: sentence["document"]):
            document = list(document)
            cut = self.tokenizer.encode_batch([sentence["text"] for sentence in document], add_special_tokens=False)
            window, held = [0], []
            for sentence, pieces in zip(document, cut):
                if held and len(window) + len(pieces.ids) + 1 > self.most:
                    yield from self.window(window, held)
                    window, held = [0], []
                held.append((sentence, pieces.offsets[: self.most - 2], len(window)))
                window += [*pieces.ids[: self.most - 2], 2]
            yield from self.window(window, held)

    def window(self, window, held):
        logits = self.session.run(None, {"ids": np.array(window)})[0]
        for sentence, offsets, at in held:
            yield decoded(sentence, offsets, logits[at : at + len(offsets)])


ENGINES = {
    "spaCy, small CNN": Spacy,
    "CRF (python-crfsuite)": Crf,
    "transformers, our weights in f32": Transformers,
    "ONNX Runtime, our weights in int8": OnnxRuntime,
}
