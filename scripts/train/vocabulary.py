"""The vocabulary: of the base's 250,000 pieces those that European text needs, and the tokenizer over them."""

import json
import lzma
import tarfile
import unicodedata
from collections import Counter
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from base import SPECIAL

SIZE = 72_000
# Single characters of other scripts, the likeliest first.
CHARACTERS = 6_000
# Scripts whose pieces may fill what the corpora leave free.
EUROPEAN = ("LATIN", "CYRILLIC", "GREEK")
# Scripts of which single characters stay.
FOREIGN = ("ARABIC", "HEBREW", "ARMENIAN", "GEORGIAN", "HANGUL", "HIRAGANA", "KATAKANA", "CJK", "DEVANAGARI")


def tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    built = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    built.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    built.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    return built


def script(piece: str) -> str:
    """The script of a piece's letters; empty without letters, `mixed` for several."""
    scripts = {unicodedata.name(c, "?").split()[0] for c in piece if c.isalpha()}
    return "" if not scripts else scripts.pop() if len(scripts) == 1 else "mixed"


def texts(shared: Path):
    """Raw text of the kind that will be read, and names in many scripts."""
    with open(shared / "data/text/wikinews/articles.jsonl", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]
    with tarfile.open(fileobj=lzma.open(shared / "data/text/bundestag/protocols.tar.xz")) as archive:
        for i, member in enumerate(archive):
            if member.isfile() and i % 6 == 0:
                raw = archive.extractfile(member).read()
                try:
                    yield raw.decode("utf-8")
                except UnicodeDecodeError:
                    yield raw.decode("cp1252", "replace")
    for path in sorted((shared / "data/ner").rglob("*")):
        if path.suffix in {".tsv", ".conll", ".conll02", ".jsonl", ".txt"} and "wikiann" not in path.parts:
            yield path.read_text(encoding="utf-8", errors="replace")
    yield (shared / "data/names/persons/dev.tsv").read_text(encoding="utf-8")
    for path in sorted((shared / "data/names/cldr-territories").rglob("*.json")):
        yield "\n".join(
            json.loads(path.read_text(encoding="utf-8"))["main"]
            .popitem()[1]["localeDisplayNames"]["territories"]
            .values()
        )


def pruned(pieces: list[tuple[str, float]], shared: Path) -> list[int]:
    """Indexes of the pieces to keep, in their old order: special ones, those seen, single characters, then the likeliest."""
    whole = tokenizer(pieces)
    seen: Counter[int] = Counter()
    for text in texts(shared):
        for part in whole.encode_batch(text.split("\n"), add_special_tokens=False):
            seen.update(part.ids)
    kept = set(range(len(SPECIAL))) | {i for i, n in seen.items() if n >= 2 and script(pieces[i][0]) != "mixed"}
    # Pieces come in the order of their probability.
    single = [i for i, (piece, _) in enumerate(pieces) if len(piece.lstrip("▁")) <= 1]
    kept.update(i for i in single if script(pieces[i][0]) in EUROPEAN + ("",))
    kept.update([i for i in single if script(pieces[i][0]) in FOREIGN][:CHARACTERS])
    for i, (piece, _) in enumerate(pieces):
        if len(kept) >= SIZE:
            break
        if script(piece) in EUROPEAN + ("",):
            kept.add(i)
    return sorted(kept)
