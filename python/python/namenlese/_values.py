"""Plain values that namenlese hands out. All of them are frozen, compare by value and go into a ``dict``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["AlignedParts", "Comparison", "Entity", "Error", "Fault", "Form", "Mention"]


class Error(Exception):
    """What went wrong, with its kind and, where they are known, document and position."""

    kind: str
    """``io``, ``malformed``, ``limit``, ``settings``, ``model``, ``pipeline``, ``invalid`` or ``interrupted``."""
    document: str | None
    """The document or file it happened in."""
    position: int | tuple[int, int] | None
    """A byte offset from 0, or a line and the byte in it, both from 1."""

    def __init__(
        self,
        message: str,
        kind: str = "invalid",
        document: str | None = None,
        position: int | tuple[int, int] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.document = document
        self.position = position

    def __reduce__(self) -> tuple[type[Error], tuple[Any, ...]]:
        return (type(self), (self.args[0], self.kind, self.document, self.position))


class _Value:
    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The fields by name; what they hold in turn, too."""
        return asdict(self)  # type: ignore[call-overload,no-any-return]


@dataclass(frozen=True, slots=True)
class Mention(_Value):
    """A place in a text where something is named: ``text[mention.start:mention.end] == mention.surface``."""

    start: int
    """The first code point, counted from 0 as Python counts."""
    end: int
    """The code point behind the last."""
    surface: str
    """What stands there."""
    label: str
    """``PER``, ``LOC``, ``ORG`` or ``OTH``."""
    score: float
    """How likely place and label are both right, from 0 to 1."""
    form: str
    """``name``, ``derived`` (*Berliner*) or ``part`` of a compound (*Ukraine-Krieg*)."""
    normal: str | None
    """The name it stands for, as far as its document tells: ``chain``, or else the first of ``candidates``."""
    candidates: tuple[str, ...]
    """Readings that could be shown, the best first: *Putins* gives *Putin* and *Putins*."""
    title_or_role: str
    """The title or role before the name, such as *Präsident*; empty if there is none."""
    chain: str | None
    """The full name in this document that a short or inflected form stands for, if exactly one fits."""


@dataclass(frozen=True, slots=True)
class Fault(_Value):
    """Something that is wrong with a document, which does not stop the others."""

    stage: str
    """The stage that noticed it, such as ``read``."""
    kind: str
    """As :attr:`Error.kind`."""
    reason: str
    """One line for people."""


@dataclass(frozen=True, slots=True)
class AlignedParts(_Value):
    """Two parts of names that were laid side by side."""

    left: str
    """From the first name."""
    right: str
    """From the second name."""
    similarity: float
    """How alike they sound, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Comparison(_Value):
    """What comparing two names comes to."""

    score: float
    """From 0 to 1; comparable between pairs."""
    verdict: str
    """``same``, ``undecided`` or ``different``."""
    reason: str
    """Why, in words."""
    aligned: tuple[AlignedParts, ...]
    """The parts laid side by side."""


@dataclass(frozen=True, slots=True)
class Form(_Value):
    """A spelling of an entity, and why it belongs to it."""

    form: str
    """The spelling."""
    score: float
    """From 0 to 1."""
    reason: str
    """Why, in words."""


@dataclass(frozen=True, slots=True)
class Entity(_Value):
    """A person, place, organisation or other name, with all of its spellings."""

    id: str
    """A hash of label and founding form."""
    name: str
    """The spelling to show."""
    label: str
    """``PER``, ``LOC``, ``ORG`` or ``OTH``."""
    forms: tuple[Form, ...]
    """Its spellings, the founding one first."""
    wikidata: str | None
    """Its item at Wikidata, if it is known."""
    geonames: int | None
    """Its number at GeoNames, if it is known."""
