"""A component for spaCy: ``nlp.add_pipe("namenlese")`` sets ``doc.ents``.

>>> import spacy
>>> nlp = spacy.blank("de")
>>> _ = nlp.add_pipe("namenlese")
>>> doc = nlp("Schoigu traf Kim. Sergei Schoigu reiste ab.")
>>> [(ent.text, ent.label_, ent.kb_id_) for ent in doc.ents]  # doctest: +SKIP
[('Schoigu', 'PER', 'per-…'), ('Kim', 'PER', 'per-…'), ('Sergei Schoigu', 'PER', 'per-…')]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Literal

from spacy.language import Language
from spacy.tokens import Doc, Span

from . import Document, Pipeline, tabulate

__all__ = ["Namenlese", "create"]


class Namenlese:
    """Sets the entities of spaCy's documents.

    Labels are those of namenlese: ``PER``, ``LOC``, ``ORG`` and ``OTH``. The name that an entity is called by, of all those
    that it has in its document, is ``ent._.entity_name``; its id is ``ent.kb_id_`` and ``ent.ent_id_``. Ids come from resolving the
    names **within one document**, since spaCy hands over documents one by one: an entity whose spellings differ from
    document to document may have two ids. Who wants them joined over a corpus takes :func:`namenlese.tabulate`.

    An entity covers whole tokens: one that ends inside a token of spaCy is widened to its end, and left out if it then
    meets the one before. Entities that are there already stay, and win.
    """

    def __init__(
        self, pipeline: Pipeline, forms: Literal["name", "all"] = "name", min_score: float = 0.0
    ) -> None:
        self.pipeline = pipeline
        self.forms = forms
        self.min_score = min_score

    def __call__(self, doc: Doc) -> Doc:
        """Sets the entities of one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Sets the entities of many, a batch at a time in parallel."""
        docs = iter(stream)
        while batch := list(islice(docs, max(batch_size, 1))):
            for doc, document in zip(batch, self.pipeline.recognize(doc.text for doc in batch), strict=True):
                self._annotate(doc, document)
                yield doc

    def _annotate(self, doc: Doc, document: Document) -> None:
        tables = tabulate([document], forms=self.forms, min_score=self.min_score, duplicates="keep", no_text=True)
        ents = list(doc.ents)
        taken = {token.i for ent in ents for token in ent}
        for row in tables.mentions.rows():
            span = doc.char_span(
                row["start"],
                row["end"],
                label=row["label"],
                kb_id=row["entity_id"],
                span_id=row["entity_id"],
                alignment_mode="expand",
            )
            if span is not None and not taken.intersection(range(span.start, span.end)):
                taken.update(range(span.start, span.end))
                span._.entity_name = row["entity"]
                ents.append(span)
        doc.ents = tuple(sorted(ents, key=lambda ent: ent.start))


if not Span.has_extension("entity_name"):
    Span.set_extension("entity_name", default=None)


@Language.factory(
    "namenlese",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type", "token.ent_kb_id", "token.ent_id", "span._.entity_name"],
    default_config={
        "model": "accurate",
        "gazetteer": [],
        "languages": [],
        "assume": "de",
        "threads": 0,
        "forms": "name",
        "min_score": 0.0,
    },
)
def create(
    nlp: Language,
    name: str,
    model: str,
    gazetteer: Sequence[str],
    languages: Sequence[str],
    assume: str,
    threads: int,
    forms: Literal["name", "all"],
    min_score: float,
) -> Namenlese:
    """Makes the component; its settings are those of :class:`namenlese.Pipeline` and :func:`namenlese.tabulate`."""
    pipeline = Pipeline(
        model, gazetteer=list(gazetteer), languages=list(languages), assume=assume, threads=threads
    )
    return Namenlese(pipeline, forms, min_score)
