"""Finds the people, places and organisations in German texts, and tells which names are one.

>>> import namenlese
>>> [document] = namenlese.recognize(["Angela Merkel sprach in Paris."])
>>> [(mention.surface, mention.label) for mention in document.mentions]
[('Angela Merkel', 'PER'), ('Paris', 'LOC')]
>>> namenlese.compare("Sergej Schoigu", "Sergueï Choïgou").verdict
'same'

All of the work is done by the library namenlese, in parallel and without Python's lock. Offsets count code points, as
Python does. What is wrong with one document is in its ``faults``; what breaks a promise raises :class:`Error`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from os import PathLike, fspath
from typing import Any, Literal, TypeAlias

from . import _namenlese
from ._namenlese import Document, Pipeline, Reading, Stream, Table, Tables, __version__, compare, read, resolve
from ._values import AlignedParts, Comparison, Entity, Error, Fault, Form, Mention

__all__ = [
    "AlignedParts",
    "Comparison",
    "Document",
    "Entity",
    "Error",
    "Fault",
    "Form",
    "Mention",
    "Pipeline",
    "Reading",
    "Stream",
    "Table",
    "Tables",
    "__version__",
    "compare",
    "read",
    "recognize",
    "resolve",
    "tabulate",
    "write_tables",
]

_Path: TypeAlias = "str | PathLike[str]"


def recognize(
    texts: Iterable[str | tuple[str, str] | Document],
    model: _Path = "accurate",
    *,
    gazetteer: Sequence[_Path] = (),
    languages: Sequence[str] = (),
    assume: str = "de",
    threads: int = 0,
) -> list[Document]:
    """The documents that texts become, in their order. See :class:`Pipeline`, which is kept for the next call."""
    lists = tuple(fspath(path) for path in gazetteer)
    return _pipeline(fspath(model), lists, tuple(languages), assume, threads).recognize(texts)


@lru_cache(maxsize=2)
def _pipeline(
    model: str, gazetteer: tuple[str, ...], languages: tuple[str, ...], assume: str, threads: int
) -> Pipeline:
    return Pipeline(model, gazetteer=gazetteer, languages=languages, assume=assume, threads=threads)


def tabulate(
    documents: Iterable[Document],
    *,
    forms: Literal["name", "all"] = "name",
    min_score: float = 0.0,
    decisions: _Path | None = None,
    names_as: Literal["de", "en", "original"] = "de",
    duplicates: Literal["keep", "mark", "drop"] = "mark",
    no_text: bool = False,
) -> Tables:
    """Resolves the names of documents, and makes the tables of all in memory, as Arrow.

    ``documents`` are taken one by one and not kept, so they may come from :meth:`Pipeline.stream`. The options are those
    of ``namenlese tabulate``, and so are the tables, but that there are no ids of an earlier run to be kept.
    """
    options = {
        "forms": forms,
        "min_score": min_score,
        "decisions": decisions,
        "names_as": names_as,
        "duplicates": duplicates,
        "no_text": no_text,
    }
    return _namenlese.tabulate(documents, options)


def write_tables(
    documents: Iterable[Document],
    folder: _Path,
    formats: Sequence[str] = (),
    *,
    fresh: bool = False,
    forms: Literal["name", "all"] = "name",
    min_score: float = 0.0,
    decisions: _Path | None = None,
    names_as: Literal["de", "en", "original"] = "de",
    duplicates: Literal["keep", "mark", "drop"] = "mark",
    no_text: bool = False,
) -> dict[str, Any]:
    """Resolves the names of documents, and writes the tables into a folder as ``namenlese tabulate`` does; gives counts.

    ``formats`` are forms beside CSV, such as ``"xlsx"`` or ``"parquet"``. Entities keep the ids they have in the folder,
    unless it is to be done ``fresh``.
    """
    options = {
        "forms": forms,
        "min_score": min_score,
        "decisions": decisions,
        "names_as": names_as,
        "duplicates": duplicates,
        "no_text": no_text,
    }
    return _namenlese.write_tables(documents, folder, list(formats), fresh, options)
