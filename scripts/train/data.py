"""The sources as sentences of words with labels, and what each source is silent about.

A sentence is a list of words, whether a blank stands before each, and a label each. `unmarked` are the kinds that a
source does not mark though they occur in it: there, an O on a word with a capital may stand for one of them.
A label of None carries no loss.
"""

import json
import random
import re
import tarfile
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from labels import KINDS

FORMS = frozenset(kind for kind in KINDS if kind.endswith(("deriv", "part")))
OTH = frozenset(kind for kind in KINDS if kind.startswith("OTH"))


@dataclass
class Sentence:
    words: list[str]
    blanks: list[bool]
    labels: list[str | None]
    unmarked: frozenset[str] = frozenset()
    source: str = ""

    def text(self) -> tuple[str, list[int]]:
        """The running text, and where each word begins in it."""
        text, starts = "", []
        for word, blank in zip(self.words, self.blanks):
            if blank and text:
                text += " "
            starts.append(len(text))
            text += word
        return text, starts


@dataclass
class Data:
    """Documents, each a list of consecutive sentences."""

    train: dict[str, list[list[Sentence]]] = field(default_factory=dict)
    dev: dict[str, list[list[Sentence]]] = field(default_factory=dict)


CLOSING = set(",.;:!?)]}“”»%…'’") | {"..."}
OPENING = set("([{„«‚‹")


def blanks(words: list[str]) -> list[bool]:
    """Where running text has blanks between words that were cut apart."""
    found, straight = [], 0
    for i, word in enumerate(words):
        before = words[i - 1] if i else ""
        blank = word not in CLOSING and before not in OPENING
        if word == '"':
            straight += 1
            blank = straight % 2 == 1 and before not in OPENING
        elif before == '"':
            blank = straight % 2 == 0 and word not in CLOSING
        if word in "“" and before and not any(w == "„" for w in words[:i]):
            blank = True
        found.append(blank)
    return found


WORD = re.compile(r"\w+(?:[-./&'’@+*]\w+)*|[^\w\s]")
ABBREVIATION = re.compile(
    r"(?:[A-ZÄÖÜ]|Dr|Prof|bzw|ca|Nr|St|Mio|Mrd|Co|Str|str|Abs|Art|vgl|inkl|usw|etc|evtl|ggf|Tel|Min|Max|Jan|Feb|Aug|Sept?|Okt|Nov|Dez|z|u|d|h|a|B)$"
)


def cut(text: str) -> list[tuple[int, int]]:
    """Words of running text, roughly as GermEval cuts them: offsets of characters, half-open."""
    found: list[tuple[int, int]] = []
    for match in WORD.finditer(text):
        start, end = match.span()
        if match.group() == "." and found and found[-1][1] == start:
            before = text[slice(*found[-1])]
            ordinal = before.isdigit() and len(before) < 3 and re.match(r" [A-ZÄÖÜ]", text[end : end + 2])
            if ABBREVIATION.match(before) or ordinal:
                found[-1] = (found[-1][0], end)
                continue
        found.append((start, end))
    return found


def sentence_ends(text: str, words: list[tuple[int, int]]) -> list[int]:
    """Indexes of words after which a sentence is over."""
    ends = []
    for i, (start, end) in enumerate(words):
        gap = text[end : words[i + 1][0]] if i + 1 < len(words) else "\n"
        mark = text[start:end] in ".!?…"
        follows = text[words[i + 1][0]] if i + 1 < len(words) else "A"
        if "\n" in gap or (mark and gap and not follows.islower()):
            ends.append(i)
    return ends


TREEBANK = {"-LRB-": "(", "-RRB-": ")", "--": "–", "``": "„", "''": "“"}


def conll(path: Path, word: int, tag: int, separator: str | None, comment: str = "\0"):
    """Sentences of (word, tag)."""
    rows: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        cells = line.rstrip("\r").split(separator)
        if not line.strip() or line.startswith(comment):
            if rows:
                yield rows
            rows = []
        elif len(cells) > max(word, tag):
            form = unicodedata.normalize("NFC", cells[word])
            rows.append((TREEBANK.get(form, form), cells[tag]))
    if rows:
        yield rows


def bio(rows: list[tuple[str, str]], mapping) -> tuple[list[str], list[str | None]]:
    """Words and labels after a mapping of kinds; what it maps to None carries no loss."""
    words, labels, before = [], [], None
    for word, tag in rows:
        words.append(word)
        if tag == "O":
            labels.append("O")
        else:
            begin, kind = tag[0], mapping(tag[2:], word)
            if kind in (None, "O"):
                labels.append(kind)
            else:
                goes_on = begin == "I" and before == tag[2:] and labels[-1] not in (None, "O")
                labels.append(("I-" if goes_on else "B-") + kind)
        before = None if tag == "O" else tag[2:]
    return words, labels


def adjective(word: str) -> bool:
    return word[:1].islower() and re.search(r"isch(e[nrsm]?)?$", word) is not None


def misc(kind: str, word: str) -> str | None:
    """CoNLL's four classes: MISC holds adjectives of nations, which are derived places here."""
    if kind != "MISC":
        return kind
    return "LOCderiv" if adjective(word) else "O" if word[:1].islower() else "OTH"


def germeval(folder: Path) -> list[Sentence]:
    found = []
    for rows in conll(folder / "pool.tsv", 1, 2, "\t", "#\t"):
        words, labels = bio(rows, lambda kind, _: kind)
        found.append(Sentence(words, blanks(words), labels, source="germeval"))
    return found


def smartdata(path: Path) -> dict[str, list[list[Sentence]]]:
    documents: dict[str, list[list[Sentence]]] = {}
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    places = {
        record["text"][e["start"] : e["end"]]
        for record in records
        for e in record["entities"]
        if e["label"] == "LOC" and e["fine"] == "location-city"
    }
    for record in records:
        text = record["text"]
        words = cut(text)
        labels: list[str | None] = ["O"] * len(words)
        for entity in record["entities"]:
            inside = [i for i, (a, b) in enumerate(words) if a < entity["end"] and b > entity["start"]]
            if not inside:
                continue
            surface = text[entity["start"] : entity["end"]]
            kind: str | None = entity["label"]
            whole = words[inside[0]][0] == entity["start"] and words[inside[-1]][1] in (
                entity["end"],
                entity["end"] + 1,
            )
            if surface[:1].islower():
                kind = "LOCderiv" if kind == "LOC" and len(inside) == 1 else None
            elif kind == "LOC" and len(inside) == 1 and surface.endswith("er") and surface[:-2] in places:
                kind = "LOCderiv"
            elif entity["fine"] == "location-route" or not whole:
                kind = None
            for n, i in enumerate(inside):
                labels[i] = None if kind is None else ("I-" if n else "B-") + kind
        document, first = [], 0
        for end in sentence_ends(text, words):
            part = words[first : end + 1]
            if part:
                document.append(
                    Sentence(
                        [text[a:b] for a, b in part],
                        [i == 0 or part[i - 1][1] < a for i, (a, _) in enumerate(part)],
                        labels[first : end + 1],
                        FORMS | OTH,
                        "smartdata-" + record["source"],
                    )
                )
            first = end + 1
        documents.setdefault(record["source"], []).append(document)
    return documents


def raw(text: Path) -> list[list[Sentence]]:
    """Text without labels, a document of sentences each: news articles, and a page in twelve of every ninth protocol."""
    documents = []
    for line in (text / "wikinews/articles.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        documents.append(unlabelled(f"{record['title']}\n\n{record['text']}", "wikinews"))
    with tarfile.open(text / "bundestag/protocols.tar.xz") as protocols:
        for number, member in enumerate(m for m in protocols if m.isfile()):
            if number % 9 == 0:
                content = protocols.extractfile(member).read().decode("cp1252", errors="replace")
                documents += [
                    unlabelled(content[i : i + 4000].replace("\r", ""), "protocol")
                    for i in range(40_000, len(content) - 4000, 48_000)
                ]
    return documents


def unlabelled(text: str, source: str) -> list[Sentence]:
    """Sentences that carry no loss of their own."""
    words, document, first = cut(text), [], 0
    for end in sentence_ends(text, words):
        part = words[first : end + 1]
        blank = [i == 0 or part[i - 1][1] < a for i, (a, _) in enumerate(part)]
        document.append(Sentence([text[a:b] for a, b in part], blank, [None] * len(part), source=source))
        first = end + 1
    return document


COURT = {
    "PER": "PER", "RR": "PER", "AN": "PER",
    "LD": "LOC", "ST": "LOC", "STR": "LOC", "LDS": "LOC",
    "ORG": "ORG", "UN": "ORG", "INN": "ORG", "GRT": "ORG", "MRK": "ORG",
}  # fmt: skip


def sentences(path: Path, source: str, unmarked, mapping, *columns) -> list[Sentence]:
    found = []
    for rows in conll(path, *columns):
        words, labels = bio(rows, mapping)
        found.append(Sentence(words, blanks(words), labels, frozenset(unmarked), source))
    return found


def factrueval(folder: Path) -> list[list[Sentence]]:
    """Russian news: spans of tokens, and objects made of spans."""
    kinds = {"Person": "PER", "Org": "ORG", "Location": "LOC", "LocOrg": "LOC"}
    documents = []
    for path in sorted(folder.glob("*.tokens")):
        tokens, order, document = {}, [], []
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = line.split()
            if not cells:
                order.append(None)
            else:
                tokens[cells[0]] = len([t for t in order if t])
                order.append(cells[3])
        spans = {}
        for line in path.with_suffix(".spans").read_text(encoding="utf-8").splitlines():
            cells = line.split()
            if cells:
                spans[cells[0]] = (tokens[cells[4]], int(cells[5]))
        labels = ["O"] * len([t for t in order if t])
        for line in path.with_suffix(".objects").read_text(encoding="utf-8").splitlines():
            cells = line.split("#")[0].split()
            if len(cells) < 3 or cells[1] not in kinds:
                continue
            inside = sorted({i for s in cells[2:] if s in spans for i in range(spans[s][0], spans[s][0] + spans[s][1])})
            if inside and inside[-1] - inside[0] + 1 == len(inside) and all(labels[i] == "O" for i in inside):
                for n, i in enumerate(inside):
                    labels[i] = ("I-" if n else "B-") + kinds[cells[1]]
        words, here, at = [], [], 0
        for token in order + [None]:
            if token is None:
                if words:
                    document.append(Sentence(words, blanks(words), here, FORMS | OTH, "factrueval"))
                words, here = [], []
            else:
                words.append(token)
                here.append(labels[at])
                at += 1
        documents.append(document)
    return documents


def chunks(found: list[Sentence], size: int = 40) -> list[list[Sentence]]:
    return [found[i : i + size] for i in range(0, len(found), size)]


def load(ner: Path) -> Data:
    """All sources. Held out: the last 1,000 sentences of GermEval's pool, smartdata's dev file, 300 plenary sentences."""
    data = Data()
    pool = germeval(ner / "germeval2014")
    # GermEval's sentences are strangers to one another.
    data.train["germeval"] = [[s] for s in pool[:-1000]]
    data.dev["germeval"] = [[s] for s in pool[-1000:]]
    for source, documents in smartdata(ner / "smartdata/train.jsonl").items():
        data.train["smartdata-" + source] = documents
    for source, documents in smartdata(ner / "smartdata/dev.jsonl").items():
        data.dev["smartdata-" + source] = documents
    for path in sorted((ner / "plenar").glob("*.conll")):
        found = sentences(path, "plenar", FORMS, misc, 1, 4, "\t")
        data.dev.setdefault("plenar", []).extend(chunks(found[-150:]))
        data.train.setdefault("plenar", []).extend(chunks(found[:-150]))
    for language in ("de", "en", "es", "it"):
        found = sentences(ner / f"europarl/{language}-europarl.test.conll02", "europarl", FORMS, misc, 0, 1, None)
        data.train["europarl-" + language] = chunks(found)
    found = sentences(ner / "ler/ler_dev.conll", "ler", FORMS | OTH, lambda kind, _: COURT.get(kind), 0, 1, None)
    data.train["ler"] = chunks(found)
    data.train["factrueval"] = factrueval(ner / "factrueval2016/devset")
    return data


def shout(sentence: Sentence) -> Sentence:
    """The sentence as a heading in capitals."""
    return Sentence(
        [word.upper() for word in sentence.words], sentence.blanks, sentence.labels, sentence.unmarked, sentence.source
    )


def rename(sentence: Sentence, names: list[list[str]], rng: random.Random) -> Sentence:
    """The sentence with other people in it, full name for full name; genitives stay as they are."""
    words, spaces, labels = [], [], []
    i = 0
    while i < len(sentence.words):
        end = i + 1
        while end < len(sentence.words) and sentence.labels[end] == "I-PER":
            end += 1
        if sentence.labels[i] == "B-PER" and end - i > 1 and not sentence.words[end - 1].endswith(("s", "'", "’")):
            name = rng.choice(names)
            words += name
            spaces += [sentence.blanks[i]] + [True] * (len(name) - 1)
            labels += ["B-PER"] + ["I-PER"] * (len(name) - 1)
        else:
            words += sentence.words[i:end]
            spaces += sentence.blanks[i:end]
            labels += sentence.labels[i:end]
        i = end
    return Sentence(words, spaces, labels, sentence.unmarked, sentence.source)


def persons(path: Path) -> list[list[str]]:
    """Full names in Latin script and, one in twelve, in others: foreign names stand in German text, too."""
    names = []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        name = line.split("\t")[3]
        words = name.split()
        latin = all(ord(c) < 0x250 for c in name)
        cyrillic = all(0x400 <= ord(c) < 0x530 or c in " -" for c in name)
        if 2 <= len(words) <= 4 and "(" not in name and (latin or cyrillic and len(names) % 12 == 0):
            names.append(words)
    return names
