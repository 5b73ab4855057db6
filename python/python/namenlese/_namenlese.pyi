from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, final

from ._values import Comparison, Entity, Fault, Mention

__all__ = [
    "Document",
    "Pipeline",
    "Reading",
    "Steps",
    "Stream",
    "Table",
    "Tables",
    "__version__",
    "compare",
    "read",
    "resolve",
    "tabulate",
    "write_tables",
]

__version__: str

@final
class Document:
    """A text and what was found in it. It never changes, compares by value, and can be pickled.

    A new one has been seen by no stage. ``date`` is in ISO 8601 and may be partial, such as ``2023-09``.
    """

    def __new__(cls, id: str, text: str, *, title: str | None = None, date: str | None = None) -> Document: ...

    @property
    def id(self) -> str:
        """Its name, unique in a corpus."""

    @property
    def text(self) -> str:
        """The text, to which all offsets refer."""

    @property
    def title(self) -> str | None:
        """The title, if it states one."""

    @property
    def date(self) -> str | None:
        """The date, if it states one: ISO 8601, perhaps partial."""

    @property
    def language(self) -> str | None:
        """ISO 639-1 code of its language, or ISO 639-3 where there is none; ``None`` if nobody has looked."""

    @property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each sentence, in code points."""

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Where something is named, in text order; they do not overlap."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing though nothing is wrong, such as a language that nobody reads."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with it. A document with a fault has no mentions."""

    def to_dict(self) -> dict[str, Any]:
        """Its properties by name, with mentions and faults as dictionaries."""

    def to_json(self) -> str:
        """One line of JSON Lines, in the form that the filters of the command line exchange."""

    @staticmethod
    def from_json(line: str) -> Document:
        """A document of one such line."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, tuple[str]]: ...

@final
class Pipeline:
    """Language, sentences, mentions and normal forms for any number of texts, in parallel.

    ``model`` is ``accurate``, ``fast`` (twice as fast, two points of F1 less), ``none`` to look for listed names only, or a
    folder with another one. ``gazetteer`` are lists of names of your own, files of .txt, .csv or .tsv. ``languages`` are
    the only ones to tell apart (all that are usual in Europe if there are none), ``assume`` is the language of a text that
    does not decide it, and ``threads`` how many work (0: one for each core).
    """

    def __new__(
        cls,
        model: str | PathLike[str] = "accurate",
        *,
        gazetteer: Sequence[str | PathLike[str]] = (),
        languages: Sequence[str] = (),
        assume: str = "de",
        threads: int = 0,
    ) -> Pipeline: ...
    @property
    def recognizers(self) -> list[str]:
        """What recognises: names, versions and checksums."""

    def recognize(self, texts: Iterable[str | tuple[str, str] | Document]) -> list[Document]:
        """The documents that texts become, in their order.

        A text is a ``str``, which is called by its number from 0, an id and a text, or a :class:`Document`, such as
        :func:`read` gives.
        """

    def stream(self, texts: Iterable[str | tuple[str, str] | Document]) -> Stream:
        """The same one after the other. Held at a time are 256 documents, or 4 MiB of text, and what is in hand."""

    def __getnewargs_ex__(self) -> tuple[tuple[str | PathLike[str]], dict[str, Any]]: ...

@final
class Stream(Iterator[Document]):
    """Documents in the order of their texts."""

    def __iter__(self) -> Stream: ...
    def __next__(self) -> Document: ...

@final
class Reading(Iterator[Document]):
    """Documents as they are read."""

    def __iter__(self) -> Reading: ...
    def __next__(self) -> Document: ...

def read(
    *inputs: str | PathLike[str],
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    encoding: str | None = None,
    text_column: str | None = None,
    title_column: str | None = None,
    date_column: str | None = None,
    id_column: str | None = None,
) -> Reading:
    """The documents in folders, files and archives, of all formats that the command line reads.

    ``include`` and ``exclude`` are globs of files. ``encoding`` is that of all texts, instead of detecting it. The columns
    are those of tables and fields of JSON records. A file that cannot be read is a document with a fault.
    """

def compare(a: str, b: str) -> Comparison:
    """Whether two names are one person's, and why."""

def resolve(
    names: Iterable[str] | Mapping[str, int],
    label: str = "PER",
    *,
    names_as: Literal["de", "en", "original"] = "de",
) -> list[Entity]:
    """The entities that names of one label come to, when nothing is known of the documents they stand in.

    ``names`` may repeat themselves, or be a mapping to how often each was meant. ``names_as`` is the convention by which
    the name to show is chosen.
    """

@final
class Steps:
    """The steps of a job in one process, with what they remember of words and names. Rows are batches of Arrow data."""

    def __new__(cls, options: dict[str, Any], pipeline: Pipeline | None = None) -> Steps: ...

    def run(self, step: str, rows: bytes) -> bytes:
        """The rows that a step makes of rows."""

    def close(self) -> bytes:
        """Candidates of the last block that passed by ``run("block", …)``."""

    @staticmethod
    def schema(step: str) -> bytes:
        """The columns of the rows that a step makes, as a stream without rows."""

    @staticmethod
    def least() -> dict[str, int]:
        """How many rows of a kind a step needs at least: ``bearers`` of a family name, people ``fitting`` a lone name, the top
        ``documents`` of an entity."""

@final
class Table:
    """A table in memory. Whatever takes Arrow data takes it without a copy.

    So do ``pyarrow.table(table)``, ``polars.DataFrame(table)`` and ``pandas.DataFrame.from_arrow(table)``.
    """

    @property
    def name(self) -> str:
        """What it is called, such as ``mentions``."""

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""

    def rows(self) -> list[dict[str, Any]]:
        """Its rows as dictionaries, where no other program is at hand."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows, by the Arrow PyCapsule interface."""

    def __arrow_c_schema__(self) -> object:
        """The columns, by the same."""

    def __len__(self) -> int: ...

@final
class Tables:
    """The tables of a corpus; docs/formats.md describes their columns."""

    @property
    def documents(self) -> Table:
        """A row is a document."""

    @property
    def mentions(self) -> Table:
        """A row is a place where something is named, with its entity."""

    @property
    def entities(self) -> Table:
        """A row is a person, place, organisation or other name."""

    @property
    def forms(self) -> Table:
        """A row is a spelling of an entity, and why it belongs to it."""

    @property
    def cooccurrences(self) -> Table:
        """A row is a pair of entities that stand side by side."""

    @property
    def candidates(self) -> Table:
        """A row is a pair of names that could be one: a case for a person."""

def tabulate(documents: Iterable[Document], options: dict[str, Any], /) -> Tables:
    """What :func:`namenlese.tabulate` calls."""

def write_tables(
    documents: Iterable[Document],
    folder: str | PathLike[str],
    formats: list[str],
    fresh: bool,
    options: dict[str, Any],
    /,
) -> dict[str, Any]:
    """What :func:`namenlese.write_tables` calls."""
