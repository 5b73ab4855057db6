"""Tables in memory and in a folder."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pytest

import namenlese
from namenlese import Document, Pipeline, Table, Tables

NAMES = ["documents", "mentions", "entities", "forms", "cooccurrences", "candidates"]


@pytest.fixture(scope="module")
def documents(pipeline: Pipeline, sample: Path) -> list[Document]:
    return pipeline.recognize(namenlese.read(sample))


@pytest.fixture(scope="module")
def tables(documents: list[Document]) -> Tables:
    return namenlese.tabulate(documents)


def test_they_are_those_of_the_folder(documents: list[Document], tables: Tables, tmp_path: Path) -> None:
    counts = namenlese.write_tables(documents, tmp_path, ["jsonl"])
    assert counts["documents"] == len(documents)
    assert (tmp_path / "jsonl" / "mentions.jsonl").exists()
    for name in NAMES:
        table: Table = getattr(tables, name)
        with open(tmp_path / f"{name}.csv", encoding="utf-8", newline="") as file:
            written = list(csv.reader(file))
        assert table.columns == written[0]
        rows = [["" if cell is None else cell for cell in row.values()] for row in table.rows()]
        typed = [
            [type(ours)(theirs) for ours, theirs in zip(row, line, strict=True)]
            for row, line in zip(rows, written[1:], strict=True)
        ]
        assert rows == typed, name
        assert len(table) == len(written) - 1


def test_pyarrow_takes_them(tables: Tables) -> None:
    mentions = pyarrow.table(tables.mentions)
    assert mentions.num_rows == len(tables.mentions) > 10
    assert mentions.schema.field("start").type == pyarrow.int64()
    assert mentions.schema.field("score").type == pyarrow.float64()
    assert mentions.schema.field("surface").type == pyarrow.string()
    assert mentions.to_pylist() == tables.mentions.rows()
    assert pyarrow.schema(tables.mentions) == mentions.schema
    mentions.validate(full=True)


def test_polars_takes_them(tables: Tables) -> None:
    entities = polars.DataFrame(tables.entities)
    assert entities.height == len(tables.entities)
    assert entities["mentions"].sum() == len(tables.mentions)
    assert entities.to_dicts() == tables.entities.rows()


def test_pandas_takes_them(tables: Tables) -> None:
    mentions = pandas.DataFrame.from_arrow(tables.mentions)
    assert list(mentions["entity_id"]) == [row["entity_id"] for row in tables.mentions.rows()]


def test_duckdb_takes_them(tables: Tables) -> None:
    found = duckdb.from_arrow(tables.mentions).filter("label = 'PER'").count("*").fetchall()
    assert found == [(sum(row["label"] == "PER" for row in tables.mentions.rows()),)]


def test_they_outlive_what_they_came_from(documents: list[Document]) -> None:
    table = pyarrow.table(namenlese.tabulate(documents).forms)
    assert table.num_rows == len(table.to_pylist()) > 0


def test_no_documents_make_empty_tables() -> None:
    tables = namenlese.tabulate([])
    for name in NAMES:
        table = pyarrow.table(getattr(tables, name))
        assert table.num_rows == 0 and table.num_columns > 3


def test_many_rows_come_in_several_pieces(pipeline: Pipeline) -> None:
    [wien] = pipeline.recognize(["Wien"])
    copies = [Document.from_json(wien.to_json().replace('"id":"0"', f'"id":"{n:06}"')) for n in range(70_000)]
    documents = pyarrow.table(namenlese.tabulate(copies, duplicates="keep").documents)
    assert documents.num_rows == 70_000
    assert documents.column("doc_id").num_chunks == 2


def test_settings_are_followed(documents: list[Document], tables: Tables) -> None:
    strict = namenlese.tabulate(documents, min_score=0.9, no_text=True)
    assert 0 < len(strict.mentions) < len(tables.mentions)
    assert {row["context_left"] for row in strict.mentions.rows()} == {None}
    assert len(namenlese.tabulate(documents, forms="all").mentions) >= len(tables.mentions)
    for wrong in [{"min_score": 7.0}, {"duplicates": "burn"}, {"decisions": "nowhere.csv"}]:
        with pytest.raises(namenlese.Error) as refused:
            namenlese.tabulate(documents, **wrong)  # type: ignore[arg-type]
        assert refused.value.kind == "settings"
    with pytest.raises(TypeError):
        namenlese.tabulate(["Wien"])  # type: ignore[list-item]


def test_the_same_id_twice_is_a_fault(documents: list[Document]) -> None:
    twice = namenlese.tabulate([documents[0], documents[0]])
    assert [row["status"] for row in twice.documents.rows()] == ["ok", "faulty"]
