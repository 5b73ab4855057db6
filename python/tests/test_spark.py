"""namenlese.spark on a cluster of two executors, each a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark")

import pyarrow as pa
import pyarrow.parquet
from pyspark.sql import SparkSession

import namenlese
from namenlese import Document, spark as job

NAMES = ["documents", "mentions", "entities", "forms", "cooccurrences", "candidates"]
OPTIONS = job.Options(model="none")
# Beside the sample: initials that fit one or several, families, lone names, scripts, a crowd in one block.
TEXTS = [
    "A. Mustermann traf Anna Mustermann und Andreas Mustermann. Später kam Bill Beispiel.",
    "William Beispiel und Ralf Beispiel reisten nach Wien. Beispiel schwieg.",
    "Anton Tschechow las. Антон Чехов писал. Anton Chekhov wrote to Leo Tolstoi.",
    "Christina Steiner und Christine Steiner sind zwei. Mustermann blieb in Wien.",
    "Zacharias Einzigmann kam. Er, Zacharias Einzigmann, blieb.",
    "Einzigmann schwieg.",
    "A. Mustermann schrieb.",
    "Eva van der Berg kam.",
    "Dort blieb van der Berg.",
    "Nordkorea und die Demokratische Volksrepublik Korea, die NATO und Siemens AG.",
    *(f"{given}a Krug{ending} sprach." for given in ("Ann", "Ev", "Mari") for ending in ("", "e", "er", "a", "o", "i", "s", "t", "en")),
]


@pytest.fixture(scope="module")
def documents(sample: Path) -> list[Document]:
    own = [Document(f"text-{number:02}", text, date=f"20{number:02}") for number, text in enumerate(TEXTS)]
    return [*namenlese.read(sample), *own]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A list of the names in the texts, which no packaged list knows."""
    words = [word.strip(".,") for text in TEXTS for word in text.split()]
    pairs = zip(words, words[1:], strict=False)
    names = {f"{one} {other}" for one, other in pairs if one[:1].isupper() and other[:1].isupper()}
    names |= {"Mustermann", "Beispiel", "Einzigmann", "A. Mustermann", "Eva van der Berg", "van der Berg"}
    file = tmp_path_factory.mktemp("lists") / "people.csv"
    file.write_text("name,label\n" + "".join(f"{name},PER\n" for name in sorted(names)), encoding="utf-8")
    return str(file)


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    built = SparkSession.builder.master("local-cluster[2,1,1024]").appName("test")
    session = built.config("spark.sql.shuffle.partitions", 4).config("spark.ui.showConsoleProgress", False).getOrCreate()
    yield session
    session.stop()


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """Rows with what the corpus says of a document as columns, where it says anything."""
    table = pa.parquet.read_table(folder / "tables" / name).to_pylist()
    return [row | dict(row.pop("metadata", ())) for row in table]


def in_order(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(repr(sorted(item for item in row.items() if item[1] is not None)) for row in rows)


def test_the_tables_are_those_of_one_machine(
    documents: list[Document], people: str, session: SparkSession, tmp_path: Path
) -> None:
    lines = tmp_path / "lines"
    lines.mkdir()
    for part in range(3):
        text = "".join(document.to_json() + "\n" for document in documents[part::3])
        (lines / f"{part}.jsonl").write_text(text, encoding="utf-8")
    options = job.Options(model="none", gazetteer=(people,))
    metrics = job.run(session, str(lines), str(tmp_path / "output"), options)
    pipeline = namenlese.Pipeline("none", gazetteer=[people])
    tables = namenlese.tabulate(pipeline.stream(documents), duplicates="keep")
    for name in NAMES:
        expected = getattr(tables, name).rows()
        assert in_order(rows(tmp_path / "output", name)) == in_order(expected), name
    assert len(tables.candidates) > 2 and len(tables.cooccurrences) > 10
    assert any(row["reason"].startswith("a lone") for row in tables.forms.rows())
    by_step = {step["step"].split("-")[0]: step for step in metrics}
    assert by_step["steps/documents"]["rows"] == len(documents)
    assert by_step["steps/candidates"]["shuffle_bytes"] > 0
    # What documents came to is there: nothing is recognised again.
    again = job.Job(session, str(tmp_path / "output"), options)
    assert again.documents(str(lines)).count() == len(documents) and not again.metrics


def test_parquet_is_read_too(session: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    table = {"id": ["a", "b"], "text": ["Wien bleibt Wien.", "Paris"], "date": ["2023", None], "path": ["x/a", None]}
    pa.parquet.write_table(pa.table(table), tmp_path / "input" / "one.parquet")
    read = job.Job(session, str(tmp_path / "output"), OPTIONS).documents(str(tmp_path / "input")).collect()
    documents = {row.doc_id: row for row in read}
    assert (documents["a"].path, documents["a"].date, documents["a"].mentions) == ("x/a", "2023", 2)
    assert [place.surface for place in documents["b"].places] == ["Paris"]


def test_an_id_is_one_documents(session: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    line = '{"id":"a","text":"Wien"}\n'
    (tmp_path / "input" / "one.jsonl").write_text(line * 2, encoding="utf-8")
    with pytest.raises(ValueError, match="two documents have the id 'a'"):
        job.Job(session, str(tmp_path / "output"), OPTIONS).documents(str(tmp_path / "input"))


def test_a_line_that_is_no_record_is_a_faulty_document(session: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / "one.jsonl").write_text('{"id":"a","text":"Wien"}\nno record\n', encoding="utf-8")
    documents = job.Job(session, str(tmp_path / "output"), OPTIONS).documents(str(tmp_path / "input"))
    assert sorted(row.status for row in documents.collect()) == ["faulty", "ok"]


def test_spark_submit_takes_the_job(tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / "one.jsonl").write_text('{"id":"a","text":"Wien bleibt Wien."}\n', encoding="utf-8")
    submit = shutil.which("spark-submit", path=Path(sys.executable).parent)
    assert submit
    script = Path(__file__).parents[2] / "scripts" / "spark" / "job.py"
    command = [submit, "--master", "local[1]", str(script), *(str(tmp_path / name) for name in ["input", "output"]), "--model", "none"]
    ran = subprocess.run(command, env={**os.environ, "PYSPARK_PYTHON": sys.executable}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert len(rows(tmp_path / "output", "mentions")) == 2
