"""The component for spaCy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from namenlese import Document, Pipeline

TEXT = "Sergei Schoigu flog nach Nordkorea. Schoigus Reise nach Pjöngjang dauerte drei Tage."


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("de")
    nlp.add_pipe("namenlese", config={"model": "fast"})
    return nlp


def test_entities_are_set_with_ids(nlp: Language) -> None:
    doc = nlp(TEXT)
    ents = {ent.text: ent for ent in doc.ents}
    assert ents["Sergei Schoigu"].label_ == "PER"
    assert ents["Nordkorea"].label_ == "LOC"
    one, other = ents["Sergei Schoigu"], ents["Schoigus"]
    assert one.kb_id_ == other.kb_id_ != ents["Nordkorea"].kb_id_
    assert one.kb_id_.startswith("per-")
    assert one.ent_id_ == one.kb_id_ == doc[0].ent_id_ == doc[0].ent_kb_id_
    assert other._.entity_name == "Sergei Schoigu"
    assert [token.ent_iob_ for token in doc[:3]] == ["B", "I", "O"]


def test_entities_cover_whole_tokens_and_never_overlap(nlp: Language, pipeline: Pipeline) -> None:
    text = "Berlin🥨 und Paris/London mit Angela Merkel."
    words = ["Berlin🥨", "und", "Paris/London", "mit", "Angela", "Merkel", "."]
    doc = Doc(nlp.vocab, words=words, spaces=[True, True, True, True, True, False, False])
    assert doc.text == text
    assert len(pipeline.recognize([text])[0].mentions) >= 3
    nlp.get_pipe("namenlese")(doc)
    found = [ent.text for ent in doc.ents]
    assert found.count("Paris/London") <= 1
    assert "Angela Merkel" in found
    ends = [0, *(ent.end for ent in doc.ents)]
    assert all(end <= ent.start for end, ent in zip(ends, doc.ents, strict=False))


def test_entities_that_are_there_stay(nlp: Language) -> None:
    doc = nlp.make_doc(TEXT)
    doc.ents = (Span(doc, 0, 2, label="PRODUCT"),)
    doc = nlp.get_pipe("namenlese")(doc)
    assert [(ent.text, ent.label_) for ent in doc.ents][:2] == [("Sergei Schoigu", "PRODUCT"), ("Nordkorea", "LOC")]


def test_many_documents_come_in_order(nlp: Language) -> None:
    texts = [f"{number} Briefe aus {'Köln' if number % 2 else 'Wien'}." for number in range(70)]
    docs = list(nlp.pipe(texts, batch_size=32))
    assert [doc.text for doc in docs] == texts
    assert {ent.text for doc in docs for ent in doc.ents} == {"Köln", "Wien"}
    pairs = list(nlp.pipe([(TEXT, 7)], as_tuples=True))
    assert [(context, doc[0].ent_type_) for doc, context in pairs] == [(7, "PER")]
    assert nlp("").ents == ()


def test_what_spacy_writes_is_read(nlp: Language) -> None:
    told = nlp("🥨 " + TEXT).to_json()
    mentions = [{name: ent[name] for name in ("start", "end", "label")} for ent in told["ents"]]
    document = Document.from_json(json.dumps({"id": "a", "text": told["text"], "mentions": mentions}))
    assert [mention.surface for mention in document.mentions][:2] == ["Sergei Schoigu", "Nordkorea"]


def test_it_goes_to_disk_and_comes_back(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    assert again.get_pipe_config("namenlese")["model"] == "fast"
    assert [(ent.text, ent.kb_id_) for ent in again(TEXT).ents] == [(ent.text, ent.kb_id_) for ent in nlp(TEXT).ents]


def test_it_works_in_several_processes(nlp: Language) -> None:
    docs = list(nlp.pipe([TEXT] * 4, n_process=2, batch_size=2))
    expected = [(ent.text, ent.label_, ent.kb_id_) for ent in nlp(TEXT).ents]
    assert [[(ent.text, ent.label_, ent.kb_id_) for ent in doc.ents] for doc in docs] == [expected] * 4


def test_settings_that_cannot_be_followed_are_told() -> None:
    with pytest.raises(Exception, match="nowhere"):
        spacy.blank("de").add_pipe("namenlese", config={"model": "nowhere"})


def test_the_pipeline_knows_what_it_assigns(nlp: Language) -> None:
    analysis = nlp.analyze_pipes()
    assert analysis is not None
    assert "doc.ents" in analysis["summary"]["namenlese"]["assigns"]
