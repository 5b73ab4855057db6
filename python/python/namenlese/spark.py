"""Documents of a corpus that no machine holds, on Apache Spark: recognised, resolved, written as tables in Parquet.

    spark-submit --master URL spark.py INPUT OUTPUT
    python -m namenlese.spark INPUT OUTPUT --master "local[*]"

The tables are those that ``namenlese run --fresh --duplicates keep`` makes of the same documents, row for row. Whatever is
decided about texts and names is decided by the library, one document, block, pair or component at a time; here rows are
brought together for it. docs/spark.md has the steps and what is left out.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import io
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from . import Pipeline, __version__
from ._namenlese import Steps

__all__ = ["Job", "Options", "main", "run"]


@dataclass(frozen=True)
class Options:
    """What is recognised and tabulated, as for :class:`namenlese.Pipeline` and :func:`namenlese.tabulate`.

    Lists and models are read by every worker: their paths must lead there on all machines.
    """

    model: str = "accurate"
    gazetteer: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    assume: str = "de"
    forms: str = "name"
    min_score: float = 0.0
    names_as: str = "de"
    no_text: bool = False


@functools.lru_cache(maxsize=1)
def _pipeline(options: Options) -> Pipeline:
    """The stages of this worker process, which outlives its tasks."""
    return Pipeline(
        options.model,
        gazetteer=options.gazetteer,
        languages=options.languages,
        assume=options.assume,
        threads=1,
    )


def _steps(options: Options, step: str) -> Steps:
    settings = {
        "forms": options.forms,
        "min_score": options.min_score,
        "decisions": None,
        "names_as": options.names_as,
        "duplicates": "keep",
        "no_text": options.no_text,
    }
    return Steps(settings, _pipeline(options) if step == "document" else None)


def _schema(step: str) -> StructType:
    return from_arrow_schema(pa.ipc.open_stream(Steps.schema(step)).schema)


def _work(options: Options, step: str) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What a task does: the rows of a step, a batch at a time."""

    def work(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        steps = _steps(options, step)
        for batch in batches:
            rows = io.BytesIO()
            with pa.ipc.new_stream(rows, batch.schema) as stream:
                stream.write_batch(batch)
            yield from pa.ipc.open_stream(steps.run(step, rows.getvalue()))
        if step == "block":
            yield from pa.ipc.open_stream(steps.close())

    return work


class Job:
    """One corpus on its way into tables.

    Each step is written before the next begins, so nothing is done twice because an executor was lost. What documents came
    to stays for the next job over the same input with the same options.
    """

    def __init__(self, spark: SparkSession, output: str, options: Options = Options()) -> None:
        self.spark = spark
        self.output = output.rstrip("/")
        self.options = options
        self.metrics: list[dict[str, Any]] = []

    def step(self, name: str, rows: DataFrame) -> DataFrame:
        """What the library makes of rows."""
        return rows.mapInArrow(_work(self.options, name), _schema(name))

    def written(self, name: str, rows: DataFrame, folder: str = "steps", by: Sequence[str] = ()) -> DataFrame:
        """The same rows, read from where they were written to."""
        path = f"{self.output}/{folder}/{name}"
        self.spark.sparkContext.setJobGroup(path, name)
        began = time.monotonic()
        rows.write.mode("overwrite").partitionBy(*by).parquet(path)
        seconds = time.monotonic() - began
        again = self.spark.read.parquet(path)
        self.metrics.append({"step": f"{folder}/{name}", "seconds": round(seconds, 2), "rows": again.count(), **self._stages(path)})
        return again

    def _stages(self, group: str) -> dict[str, int]:
        """What Spark tells of the stages of a step: bytes and records shuffled, tasks, how many failed."""
        context = self.spark.sparkContext
        told = {"shuffle_bytes": 0, "shuffle_records": 0, "tasks": 0, "failed_tasks": 0, "task_ms": 0}
        if not context.uiWebUrl:
            return told
        port = context.uiWebUrl.rsplit(":", 1)[1]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/applications/{context.applicationId}/stages") as page:
            stages = json.load(page)
        tracker = context.statusTracker()
        jobs = map(tracker.getJobInfo, tracker.getJobIdsForGroup(group))
        ours = {stage for job in jobs if job for stage in job.stageIds}
        for stage in stages:
            if stage["stageId"] in ours and stage["status"] != "SKIPPED":
                told["shuffle_bytes"] += stage["shuffleWriteBytes"]
                told["shuffle_records"] += stage["shuffleWriteRecords"]
                told["tasks"] += stage["numCompleteTasks"]
                told["failed_tasks"] += stage["numFailedTasks"] + stage["numKilledTasks"]
                told["task_ms"] += stage["executorRunTime"]
        return told

    def run(self, source: str) -> None:
        """Reads documents and writes all tables."""
        documents = self.documents(source)
        names = self.names(documents)
        weighed = self.pairs(documents, names)
        placed = self.clusters(names, weighed)
        lone = self.lone(documents, names, placed)
        forms = self.entities(names, placed, lone)
        self.tables(documents, forms, placed, weighed, lone)

    # Documents

    def documents(self, source: str) -> DataFrame:
        """What each document comes to: its row, its mentions, lone names beside full ones."""
        told = json.dumps([__version__, source, asdict(self.options)])
        name = f"documents-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
        path = f"{self.output}/steps/{name}"
        if self._is_there(f"{path}/_SUCCESS"):
            documents = self.spark.read.parquet(path)
        else:
            documents = self.written(name, self.step("document", self.lines(source)))
        twice = documents.groupBy("doc_id").count().filter("count > 1").select("doc_id").head()
        if twice:
            raise ValueError(f"two documents have the id {twice.doc_id!r}")
        return documents

    def lines(self, source: str) -> DataFrame:
        """Documents as lines of JSON: as they are, or the rows of Parquet files."""
        if not any(name.endswith(".parquet") for name in self._names(source)):
            return self.spark.read.text(source, lineSep="\n").filter("trim(value) != ''").select(F.col("value").alias("line"))
        rows = self.spark.read.parquet(source)
        if "path" in rows.columns and "source" not in rows.columns:
            unknown = [F.lit("").alias(name) for name in ("format", "encoding", "sha256")]
            place = F.struct(F.coalesce("path", F.lit("")).alias("path"), F.lit(0).alias("bytes"), *unknown)
            rows = rows.withColumn("source", place).drop("path")
        return rows.select(F.to_json(F.struct("*")).alias("line"))

    def _names(self, folder: str) -> list[str]:
        path = self.spark._jvm.org.apache.hadoop.fs.Path(folder)  # type: ignore[union-attr]
        files = path.getFileSystem(self.spark._jsc.hadoopConfiguration())
        return [entry.getPath().getName() for entry in files.listStatus(path)]

    def _is_there(self, file: str) -> bool:
        path = self.spark._jvm.org.apache.hadoop.fs.Path(file)  # type: ignore[union-attr]
        return bool(path.getFileSystem(self.spark._jsc.hadoopConfiguration()).exists(path))

    # Names

    def names(self, documents: DataFrame) -> DataFrame:
        """The distinct names with their counts, their blocks and what else joins them."""
        places = documents.select(F.explode("places").alias("place")).select("place.label", "place.normal_form")
        counted = places.groupBy("label", F.col("normal_form").alias("form")).count()
        return self.written("names", self.step("name", counted))

    def pairs(self, documents: DataFrame, names: DataFrame) -> DataFrame:
        """Pairs of people's names that could be one, weighed by what the corpus says of them."""
        people = names.filter("label = 'PER'")
        members = people.select(F.explode("blocks").alias("block"), "order", "name")
        blocks = members.repartition("block").sortWithinPartitions("block", "order", "name")
        candidates = self.written("candidates", self.step("block", blocks.select("block", "name")).distinct())
        scored = self.written("scored", self.step("score", candidates))

        used = documents.select("doc_id", F.explode("places").alias("place")).filter("place.label = 'PER'")
        used = used.select("doc_id", F.col("place.normal_form").alias("form")).distinct()
        doubts = scored.filter("is_doubtful").select("a", "b", "a_form", "b_form")
        doubtful = doubts.select(F.explode(F.array("a_form", "b_form")).alias("form")).distinct()
        used = self.written("doubtful", used.join(doubtful, "form", "left_semi"))
        one, other = (used.withColumnRenamed("form", f"{side}_form") for side in "ab")
        together = doubts.join(one, "a_form").join(other, ["doc_id", "b_form"]).select("a", "b").distinct()

        initialed = scored.filter("is_initialed").groupBy(F.col("b").alias("name"))
        ambiguous = self.step("ambiguous", initialed.agg(F.collect_list("a").alias("partners")))

        kin = scored.select("a", "b", F.explode("families").alias("family")).distinct()
        first = Window.partitionBy("family").orderBy("name")
        bearers = people.select("name", "family").join(kin.select("family").distinct(), "family", "left_semi")
        bearers = bearers.withColumn("nth", F.row_number().over(first)).filter(F.col("nth") <= Steps.least()["bearers"])
        bearers = kin.join(bearers, "family").groupBy("a", "b").agg(F.collect_set("name").alias("bearers"))

        known = scored.select("a", "b", "score", "is_likely")
        known = known.join(together.withColumn("is_together", F.lit(True)), ["a", "b"], "left")
        for side in "ab":
            marked = ambiguous.select(F.col("name").alias(side), F.lit(True).alias(f"{side}_ambiguous"))
            known = known.join(marked, side, "left")
        known = known.join(bearers, ["a", "b"], "left").select(
            "a",
            "b",
            "score",
            "is_likely",
            F.coalesce("is_together", F.lit(False)).alias("is_together"),
            F.coalesce("a_ambiguous", "b_ambiguous", F.lit(False)).alias("is_ambiguous"),
            F.coalesce("bearers", F.array().cast("array<string>")).alias("bearers"),
        )
        return self.written("weighed", self.step("weigh", known))

    # Clusters

    def clusters(self, names: DataFrame, weighed: DataFrame) -> DataFrame:
        """Each name in its cluster: people by components of pairs, all others by what they are known to be."""
        # Two names with one hash are solved as one group, in which pairs alone join: that changes nothing.
        joins = weighed.filter("joins").withColumn("node", F.xxhash64("a"))
        component_of = self.components(joins.select(F.xxhash64("a").alias("u"), F.xxhash64("b").alias("v")))
        pairs = joins.join(component_of, "node").groupBy("component")
        pairs = pairs.agg(F.collect_list(F.struct("a", "b", "score", "joins", "objection")).alias("pairs"))
        people = names.filter("label = 'PER'").select("name", F.xxhash64("name").alias("node"))
        joined = people.join(component_of, "node").groupBy("component").agg(F.collect_list("name").alias("members"))
        none = F.array().cast(pairs.schema["pairs"].dataType)
        alone = people.join(component_of, "node", "left_anti").select(F.array("name").alias("members"), none.alias("pairs"))
        solved = self.step("solve", joined.join(pairs, "component").select("members", "pairs").unionByName(alone))
        others = names.filter("label != 'PER'").groupBy("label", "identity").agg(F.collect_list("name").alias("members"))
        return self.written("placed", solved.unionByName(self.step("identify", others.select("members"))))

    def components(self, edges: DataFrame) -> DataFrame:
        """For every node of a graph the least of its connected component, by alternating large and small stars (Kiveris
        and others, *Connected Components in MapReduce and Beyond*, 2014)."""
        state = None
        edges = edges.filter("u != v").select(F.greatest("u", "v").alias("u"), F.least("u", "v").alias("v")).distinct()
        for round in range(1, 100):
            both = edges.union(edges.select("v", "u"))
            least = F.least("u", F.min("v").over(Window.partitionBy("u")))
            # Every larger neighbour is joined to the least of all neighbours …
            large = both.withColumn("least", least).filter("v > u").select(F.col("v").alias("u"), F.col("least").alias("v"))
            # … and every smaller one, with the node itself, to the least of the smaller.
            small = large.distinct().withColumn("least", F.min("v").over(Window.partitionBy("u")))
            small = small.select("v", "least").union(small.select("u", "least")).toDF("u", "v")
            edges = self.written(f"components-{round:02}", small.filter("u != v").distinct())
            now = edges.agg(F.count("*"), F.expr("bit_xor(xxhash64(u, v))")).first()
            if now == state:
                break
            state = now
        roots = edges.select(F.col("v").alias("node"), F.col("v").alias("component")).distinct()
        return edges.toDF("node", "component").union(roots)

    # Lone names

    def lone(self, documents: DataFrame, names: DataFrame, placed: DataFrame) -> DataFrame:
        """What becomes of people's names of one word: whom they join, or who they may be."""
        people = placed.select("name", "founder").join(names.filter("label = 'PER'"), "name")
        mentions = people.groupBy("founder").agg(F.sum("count").alias("mentions"), F.max("is_full").alias("is_full"))
        lone = people.join(mentions.filter("not is_full").select("founder"), "founder", "left_semi")
        full = people.filter("is_full")

        beside = documents.select(F.explode("open").alias("open")).groupBy("open.lone", "open.full").count()
        beside = beside.join(lone.select(F.col("form").alias("lone"), F.col("founder").alias("alone")), "lone")
        beside = beside.join(full.select(F.col("form").alias("full"), "founder"), "full")
        beside = beside.groupBy("alone", "founder").agg(F.sum("count").alias("beside"))
        words = lone.select(F.col("founder").alias("alone"), F.explode("words").alias("word")).distinct()
        words = words.join(beside.select("alone"), "alone", "left_anti")
        bearers = words.join(full.select("founder", F.explode("words").alias("word")).distinct(), "word")
        bearers = bearers.select("alone", "founder").distinct().withColumn("beside", F.lit(0).cast("long"))
        fitting = beside.union(bearers).join(mentions.select("founder", "mentions"), "founder")
        fitting = self.written("fitting", fitting)

        order = Window.partitionBy("alone").orderBy(F.desc("mentions"), "founder")
        first = fitting.withColumn("nth", F.row_number().over(order)).filter(F.col("nth") <= Steps.least()["fitting"])
        all_of = fitting.groupBy("alone").agg(
            F.count("*").alias("people"), F.sum("mentions").alias("mentions"), F.max(F.col("beside") > 0).alias("is_beside")
        )
        only = all_of.filter("people = 1 and not is_beside").select("alone").join(first, "alone")
        fulls = only.select("alone", "founder").join(full.select("founder", "form"), "founder")
        fulls = fulls.groupBy("alone").agg(F.collect_list("form").alias("fulls"))
        first = first.join(fulls, "alone", "left").withColumn("fulls", F.coalesce("fulls", F.array().cast("array<string>")))
        first = first.groupBy("alone").agg(
            F.collect_list(F.struct("founder", "mentions", "beside", "fulls")).alias("first")
        )
        others = names.filter("label != 'PER'").select("form", F.lit(True).alias("other")).distinct()
        forms = lone.select("founder", "name", "form").join(others, "form", "left")
        forms = forms.groupBy(F.col("founder").alias("alone")).agg(
            F.collect_list(F.struct("name", F.coalesce("other", F.lit(False)).alias("is_other"))).alias("forms")
        )
        alone = all_of.join(first, "alone").join(forms, "alone").withColumnRenamed("alone", "founder")
        return self.written("lone", self.step("lone", alone))

    def entities(self, names: DataFrame, placed: DataFrame, lone: DataFrame) -> DataFrame:
        """Each name with its entity."""
        joined = lone.filter("joins is not null").select(
            "founder", "joins", F.col("score").alias("lone_score"), F.col("reason").alias("lone_reason")
        )
        forms = placed.join(joined, "founder", "left").select(
            "name",
            F.coalesce("joins", "founder").alias("founder"),
            F.coalesce("lone_score", "score").alias("score"),
            F.coalesce("lone_reason", "reason").alias("reason"),
            "called",
            "wikidata",
            "geonames",
        )
        grouped = forms.groupBy("founder").agg(
            F.collect_list("name").alias("forms"),
            F.max("called").alias("called"),
            F.max("wikidata").alias("wikidata"),
            F.max("geonames").alias("geonames"),
        )
        called = self.step("entity", grouped.select("founder", "forms", "called"))
        called = called.select("founder", "entity_id", F.col("name").alias("entity"))
        called = called.join(grouped.select("founder", "wikidata", "geonames"), "founder")
        forms = forms.select("name", "founder", "score", "reason").join(called, "founder")
        return self.written("forms", forms.join(names.select("name", "label", "form"), "name"))

    # Tables

    def table(self, name: str, rows: DataFrame, by: Sequence[str] = ()) -> DataFrame:
        return self.written(name, rows, "tables", by)

    def tables(
        self, documents: DataFrame, forms: DataFrame, placed: DataFrame, weighed: DataFrame, lone: DataFrame
    ) -> None:
        """The tables of docs/formats.md."""
        nothing = F.lit(None).cast("string")
        self.table(
            "documents",
            documents.drop("places", "open")
            .withColumn("duplicate_of", nothing)
            .withColumn("similarity", nothing.cast("double")),
        )
        places = documents.select("doc_id", "path", "date", F.explode("places").alias("place"))
        places = places.select("doc_id", "path", "date", "place.*")
        of = forms.select("label", F.col("form").alias("normal_form"), "name", "founder", "entity_id", "entity")
        mentions = self.written("mentions", places.join(of, ["label", "normal_form"]))
        self.table("mentions", mentions.drop("date", "language", "name", "founder"), by=["label"])

        here = mentions.groupBy("entity_id", "doc_id").agg(
            F.count("*").alias("mentions"), F.max(F.when(F.col("date") != "", F.col("date"))).alias("date")
        )
        most = Window.partitionBy("entity_id").orderBy(F.desc("mentions"), "doc_id")
        top = here.withColumn("nth", F.row_number().over(most)).filter(F.col("nth") <= Steps.least()["documents"])
        top = top.groupBy("entity_id").agg(F.array_sort(F.collect_list(F.struct("nth", "doc_id"))).alias("top"))
        seen = here.groupBy("entity_id").agg(
            F.sum("mentions").alias("mentions"),
            F.count("*").alias("documents"),
            F.min("date").alias("first_date"),
            F.max("date").alias("last_date"),
        )
        entities = forms.groupBy("entity_id", F.col("entity").alias("name"), "label", "wikidata", "geonames")
        entities = entities.agg(F.count("*").alias("forms")).join(seen, "entity_id").join(top, "entity_id")
        entities = entities.withColumn("top_documents", F.array_join("top.doc_id", " | ")).drop("top")
        for counted in ["mentions", "documents"]:
            entities = entities.withColumn(f"{counted}_without_duplicates", F.col(counted))
        self.table("entities", entities, by=["label"])

        spoken = mentions.groupBy("name", "language").agg(F.count("*").alias("times")).groupBy("name").agg(
            F.sum("times").alias("mentions"), F.max(F.struct("times", "language")).alias("usual")
        )
        within = mentions.select("name", "doc_id").distinct().groupBy("name").agg(F.count("*").alias("documents"))
        rows = forms.join(spoken, "name").join(within, "name").withColumn("language", F.col("usual.language"))
        wanted = ["entity_id", "form", "language", "mentions", "documents", "score", "reason"]
        self.table("forms", self.step("form", rows.select(*wanted, nothing.alias("script"))))

        standing = F.collect_set(F.struct("sentence", "founder", "entity_id")).alias("standing")
        near = self.step("cooccurrence", mentions.groupBy("doc_id").agg(standing).select("standing"))
        near = near.groupBy("entity_a", "entity_b").agg(
            F.sum("sentences").alias("sentences"), F.sum("documents").alias("documents")
        )
        self.table("cooccurrences", self.step("close", near))
        self.table("candidates", self.candidates(mentions, forms, placed, weighed, lone))

    def candidates(
        self, mentions: DataFrame, forms: DataFrame, placed: DataFrame, weighed: DataFrame, lone: DataFrame
    ) -> DataFrame:
        """Pairs that a person should decide."""
        for side in "ab":
            of = placed.select(F.col("name").alias(side), F.col("founder").alias(f"{side}_founder"))
            weighed = weighed.join(of, side)
        apart = weighed.filter("a_founder != b_founder")
        founders = [F.col("a_founder"), F.col("b_founder")]
        between = apart.groupBy(F.least(*founders).alias("one"), F.greatest(*founders).alias("other"))
        pairs = between.agg(F.collect_list(F.struct("a", "b", "score", "joins", "objection")).alias("pairs"))
        open = self.step("open", pairs.select("pairs"))
        listed = lone.select(F.explode("open").alias("open")).select("open.*")
        rows = open.unionByName(listed).select(F.struct("*").alias("pair"))
        people = forms.filter("label = 'PER'").select("form", "name", "entity_id")
        for side in "ab":
            of = people.select(*(F.col(column).alias(f"{side}_{column}") for column in people.columns))
            rows = rows.join(of, F.col(f"pair.{side}") == F.col(f"{side}_form"))
        rows = rows.filter("a_entity_id != b_entity_id")
        shown = rows.select(F.explode(F.array("a_name", "b_name")).alias("name")).distinct()
        place = F.struct("doc_id", "start", "surface", "context_left", "context_right")
        first = mentions.join(shown, "name", "left_semi").groupBy("name").agg(F.min_by(place, F.struct("doc_id", "start")).alias("place"))
        for side in "ab":
            rows = rows.join(first.select(F.col("name").alias(f"{side}_name"), F.col("place").alias(f"place_{side}")), f"{side}_name")
        entity = [F.col(f"{side}_entity_id").alias(f"entity_{side}") for side in "ab"]
        return self.step("candidate", rows.select("pair", *entity, "place_a", "place_b"))


def run(spark: SparkSession, source: str, output: str, options: Options = Options()) -> list[dict[str, Any]]:
    """Writes the tables of the documents in ``source`` into ``output``/tables, and tells what each step took."""
    job = Job(spark, output, options)
    job.run(source)
    return job.metrics


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m namenlese.spark", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", help="a folder of Parquet files or of JSON Lines as `namenlese read` writes them")
    parser.add_argument("output", help="a folder that all machines reach: tables/ and steps/ are written there")
    parser.add_argument("--master", help="the cluster, where spark-submit does not say it")
    parser.add_argument("--model", default="accurate")
    parser.add_argument("--gazetteer", action="append", default=[])
    parser.add_argument("--languages", type=lambda codes: codes.split(","), default=[])
    parser.add_argument("--assume", default="de")
    parser.add_argument("--forms", choices=["name", "all"], default="name")
    parser.add_argument("--min-score", type=float, default=0.0)
    parser.add_argument("--names-as", choices=["de", "en", "original"], default="de")
    parser.add_argument("--no-text", action="store_true")
    parser.add_argument("--metrics", metavar="FILE", help="what each step took, as JSON")
    typed = parser.parse_args(arguments)
    options = Options(
        typed.model,
        tuple(typed.gazetteer),
        tuple(typed.languages),
        typed.assume,
        typed.forms,
        typed.min_score,
        typed.names_as,
        typed.no_text,
    )
    if (typed.master or "").startswith("local"):
        # Workers of this machine are of the Python that runs this, not of the one that is first in the path.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("namenlese")
    spark = (builder.master(typed.master) if typed.master else builder).getOrCreate()
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "1000")
    job = Job(spark, typed.output, options)
    job.run(typed.input)
    if typed.metrics:
        with open(typed.metrics, "w", encoding="utf-8") as file:
            json.dump(job.metrics, file, indent=1)
    spark.stop()


if __name__ == "__main__":
    # Workers import the module by its name; what is in __main__ would reach them as a copy for each task.
    from namenlese import spark as module

    sys.exit(module.main())
