"""Texts, documents and mentions."""

from __future__ import annotations

import dataclasses
import json
import pickle
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

import namenlese
from namenlese import Document, Pipeline

MINISTERS = "Verteidigungsminister Sergei Schoigu und Präsident Putin reisten nach Nordkorea."


def test_mentions_are_found_with_label_and_normal_form(pipeline: Pipeline) -> None:
    [document] = pipeline.recognize([MINISTERS])
    assert (document.id, document.text, document.language) == ("0", MINISTERS, "de")
    found = [(mention.surface, mention.label, mention.normal) for mention in document.mentions]
    assert ("Sergei Schoigu", "PER", "Sergei Schoigu") in found
    assert ("Nordkorea", "LOC", "Nordkorea") in found
    assert document.sentences == ((0, len(MINISTERS)),)
    assert document.faults == ()


@pytest.mark.parametrize(
    "text",
    [
        "🇩🇪🥨 Angela Merkel 👩‍👩‍👧 traf in 𝔅erlin und Paris Emmanuel Macron 🤝.",
        unicodedata.normalize("NFD", "Jürgen Müller fuhr nach Köln, Präsident Selenskyj nach Düsseldorf."),
        "\ufeffIn Wien\r\nsprach\u00a0Sebastian Kurz.",
    ],
)
def test_offsets_count_as_python_does(pipeline: Pipeline, text: str) -> None:
    [document] = pipeline.recognize([text])
    assert document.text == text
    assert document.mentions
    for mention in document.mentions:
        assert text[mention.start : mention.end] == mention.surface
    for start, end in document.sentences:
        assert text[start:end] == text[start:end].strip()


def test_mentions_are_values(pipeline: Pipeline) -> None:
    [one], [other] = (pipeline.recognize([MINISTERS]) for _ in range(2))
    assert one.mentions == other.mentions
    assert one.mentions is not other.mentions
    assert len({*one.mentions, *other.mentions}) == len(one.mentions)
    mention = one.mentions[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        mention.start = 7  # type: ignore[misc]
    assert repr(mention).startswith("Mention(start=")
    assert mention.to_dict()["surface"] == mention.surface
    assert pickle.loads(pickle.dumps(mention)) == mention


def test_documents_are_values(pipeline: Pipeline) -> None:
    [document] = pipeline.recognize([("a.txt", MINISTERS)])
    again = Document.from_json(document.to_json())
    assert again == document and hash(again) == hash(document)
    assert again.mentions == document.mentions
    assert pickle.loads(pickle.dumps(document)) == document
    assert document != pipeline.recognize([("b.txt", MINISTERS)])[0]
    with pytest.raises(AttributeError):
        document.id = "b.txt"  # type: ignore[misc]
    assert repr(document).startswith("<Document 'a.txt', language=\"de\", 1 sentences")
    told = document.to_dict()
    assert json.loads(json.dumps(told))["mentions"][0] == json.loads(json.dumps(document.mentions[0].to_dict()))
    assert set(json.loads(document.to_json())) >= {"id", "text", "language", "sentences", "mentions"}


def test_ids_are_given_or_numbers(pipeline: Pipeline) -> None:
    given: list[str | tuple[str, str] | Document] = [
        "Wien",
        ("b", "Bonn"),
        Document("c", "Köln", title="Am Rhein", date="2023-09"),
    ]
    documents = pipeline.recognize(given)
    assert [document.id for document in documents] == ["0", "b", "c"]
    assert (documents[2].title, documents[2].date) == ("Am Rhein", "2023-09")


def test_a_document_that_comes_again_stays_as_it_is(pipeline: Pipeline) -> None:
    english = "The minister of defence spoke in London about what the government will do in the next few years."
    once = pipeline.recognize([MINISTERS, english])
    assert once[1].notes == ("no recogniser for en",)
    assert pipeline.recognize(once) == once


def test_the_order_is_that_of_the_texts(pipeline: Pipeline) -> None:
    texts = [f"Nummer {number} kommt aus Köln." * (1 + number % 3) for number in range(600)]
    assert [document.text for document in pipeline.stream(texts)] == texts


def test_a_stream_takes_no_more_than_it_needs(pipeline: Pipeline) -> None:
    taken = 0

    def texts() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "Wien"

    stream = pipeline.stream(texts())
    assert taken == 0
    next(stream)
    assert taken <= 256


def test_what_goes_wrong_in_the_texts_is_raised_behind_what_was_right(pipeline: Pipeline) -> None:
    def texts() -> Iterator[str]:
        yield "Wien"
        yield "Bonn"
        raise KeyError("no more")

    stream = pipeline.stream(texts())
    assert [next(stream).text, next(stream).text] == ["Wien", "Bonn"]
    with pytest.raises(KeyError, match="no more"):
        next(stream)
    with pytest.raises(StopIteration):
        next(stream)


@pytest.mark.parametrize("wrong", ["Wien", 7, [7], [("a",)], [b"Wien"]])
def test_what_is_no_text_is_a_type_error(pipeline: Pipeline, wrong: object) -> None:
    with pytest.raises(TypeError):
        pipeline.recognize(wrong)  # type: ignore[arg-type]


def test_half_a_character_is_no_text(pipeline: Pipeline) -> None:
    with pytest.raises(UnicodeEncodeError):
        pipeline.recognize(["\ud800"])


def test_nothing_and_little_are_no_fault(pipeline: Pipeline) -> None:
    assert pipeline.recognize([]) == []
    for document in pipeline.recognize(["", "\n", "\x00", "a" * 100_000, "🥨" * 1000]):
        assert document.faults == ()


def test_errors_have_kind_document_and_position(tmp_path: Path) -> None:

    with pytest.raises(namenlese.Error) as missing:
        Pipeline(tmp_path / "nowhere")
    assert missing.value.kind == "model"
    names = tmp_path / "names.csv"
    names.write_text("name,label\nKant,PER\nWien,STADT\n")
    with pytest.raises(namenlese.Error) as malformed:
        Pipeline("none", gazetteer=[names])
    assert (malformed.value.kind, malformed.value.document) == ("malformed", str(names))
    assert malformed.value.position == (3, 6)
    with pytest.raises(namenlese.Error) as line:
        Document.from_json('{"id": "a"')
    assert line.value.kind == "malformed"
    assert pickle.loads(pickle.dumps(malformed.value)).position == (3, 6)


def test_lists_of_names_are_looked_for(tmp_path: Path) -> None:

    (tmp_path / "names.csv").write_text("name,label\nFirma Beispiel,ORG\n")
    pipeline = Pipeline("none", gazetteer=[tmp_path / "names.csv"], threads=1)
    [document] = pipeline.recognize(["Die Firma Beispiel sitzt in Wien."])
    assert [(mention.surface, mention.label) for mention in document.mentions][0] == ("Firma Beispiel", "ORG")
    again = pickle.loads(pickle.dumps(pipeline))
    assert again.recognizers == pipeline.recognizers
    assert again.recognize([("0", document.text)]) == [document]


def test_the_module_keeps_its_pipeline() -> None:
    first = namenlese.recognize(["Wien"], "none")
    assert first == namenlese.recognize(["Wien"], "none")
    assert namenlese._pipeline.cache_info().hits >= 1


def test_files_are_read(sample: Path) -> None:
    documents = list(namenlese.read(sample))
    assert len(documents) > 3
    files = [document.id.split("#")[0] for document in documents]
    assert files == sorted(files)
    assert all(document.text for document in documents)
    with pytest.raises(namenlese.Error) as missing:
        namenlese.read(sample / "nowhere")
    assert missing.value.kind == "io"
