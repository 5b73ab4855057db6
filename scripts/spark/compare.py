"""Runs namenlese.spark and one machine over one corpus, and compares all tables row for row; see scripts/check-spark."""

import argparse
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow.dataset

TABLES = ["documents", "mentions", "entities", "forms", "cooccurrences", "candidates"]
PER_FILE = 2_000
LONGEST_FILE = 4 << 20


def split(program: str, corpus: str, limit: list[str], lines: Path) -> None:
    """The documents of a corpus as `namenlese read` writes them, in several files."""
    lines.mkdir()
    file = None
    with subprocess.Popen([program, "read", corpus, *limit], stdout=subprocess.PIPE) as read:
        assert read.stdout
        for number, line in enumerate(read.stdout):
            if file is None or number % PER_FILE == 0 or file.tell() > LONGEST_FILE:
                file = (lines / f"{number:08}.jsonl").open("wb")
            file.write(line)
    if file:
        file.close()


def one_machine(folder: Path, table: str) -> Iterator[dict[str, str]]:
    with open(folder / f"{table}.csv", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def spark(folder: Path, table: str) -> Iterator[dict[str, str]]:
    """The rows of a table as the cells of CSV."""
    rows = pyarrow.dataset.dataset(folder / table, partitioning="hive")
    for batch in rows.to_batches():
        for row in batch.to_pylist():
            for name, value in dict(row.pop("metadata", None) or {}).items():
                row.setdefault(name, value)
            shown = {name: f"{cell:.3f}" if isinstance(cell, float) else str(cell) for name, cell in row.items() if cell is not None}
            yield shown


def same(single: Path, cluster: Path, table: str) -> bool:
    """Compares the rows of a table, in whatever order they stand."""
    with open(single / f"{table}.csv", encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    cells = lambda row: tuple(row.get(name, "") for name in columns)  # noqa: E731
    ours, theirs = Counter(map(cells, one_machine(single, table))), Counter(map(cells, spark(cluster, table)))
    lost, added = ours - theirs, theirs - ours
    print(f"{table}: {ours.total()} rows on one machine, {theirs.total()} by Spark, {lost.total()} lost, {added.total()} added", flush=True)
    for sign, rows in (("-", lost), ("+", added)):
        for row in list(rows)[:3]:
            print(sign, dict(zip(columns, row, strict=True)))
    return not lost and not added


def processes() -> tuple[dict[int, int], dict[int, bytes]]:
    """The parent and the command line of every process."""
    parents, names = {}, {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                stat = (process / "stat").read_text().rsplit(")", 1)[1].split()
                names[int(process.name)] = (process / "cmdline").read_bytes()
                parents[int(process.name)] = int(stat[1])
            except OSError:
                continue
    return parents, names


def at_work(driver: int) -> list[int]:
    """The executors of one job that have a worker in Python running."""
    parents, names = processes()

    def executor(process: int) -> int | None:
        while process > 1 and b"CoarseGrainedExecutorBackend" not in names.get(process, b""):
            process = parents.get(process, 0)
        return process if process > 1 else None

    def is_ours(process: int) -> bool:
        while process > 1 and process != driver:
            process = parents.get(process, 0)
        return process == driver

    running = {process for process, name in names.items() if b"pyspark.daemon" in name and parents.get(process) in parents}
    found = {executor(process) for process in running}
    return sorted(one for one in found if one and is_ours(one))


def kill_while(driver: subprocess.Popen, steps: Path, pattern: str, killed: list[str]) -> None:
    """Kills an executor while it is at work on a step."""
    while driver.poll() is None:
        if any(steps.glob(f"{pattern}/_temporary")) and (found := at_work(driver.pid)):
            time.sleep(3 if "documents" in pattern else 0.5)
            os.kill(found[0], signal.SIGKILL)
            killed.append(f"one of {len(found)} executors at work on {pattern}")
            return
        time.sleep(0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("corpus")
    parser.add_argument("--kill", action="store_true", help="kill an executor in each of two steps")
    parser.add_argument("--model", default="none")
    parser.add_argument("--gazetteer", action="append", default=[])
    parser.add_argument("--limit", help="so many documents alone")
    parser.add_argument("--master", default="local-cluster[2,1,2048]")
    parser.add_argument("--keep", type=Path, help="a folder for all that is written; what one machine has left there is used again")
    parser.add_argument("--metrics", type=Path)
    typed = parser.parse_args()
    program = os.path.abspath(typed.program)
    options = [f"--model={typed.model}", *(f"--gazetteer={os.path.abspath(file)}" for file in typed.gazetteer)]
    limit = [f"--limit={typed.limit}"] if typed.limit else []
    with tempfile.TemporaryDirectory() as temporary:
        folder = typed.keep or Path(temporary)
        folder.mkdir(exist_ok=True, parents=True)
        single, lines, cluster = folder / "single", folder / "lines", folder / f"spark{'-killed' * typed.kill}"
        if not (single / "run.json").exists():
            began = time.monotonic()
            command = [program, "run", typed.corpus, "-o", single, "--fresh", "--duplicates=keep", *options, *limit]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            print(f"one machine: {time.monotonic() - began:.0f} s", flush=True)
            split(program, typed.corpus, limit, lines)
        began = time.monotonic()
        command = [sys.executable, "-m", "namenlese.spark", lines, cluster, f"--master={typed.master}", *options]
        metrics = typed.metrics or folder / "metrics.json"
        environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
        driver = subprocess.Popen([*command, f"--metrics={metrics}"], env=environment)
        killed: list[str] = []
        threads = []
        if typed.kill:
            for pattern in ("documents-*", "weighed"):
                threads.append(threading.Thread(target=kill_while, args=(driver, cluster / "steps", pattern, killed)))
                threads[-1].start()
        status = driver.wait()
        for thread in threads:
            thread.join()
        print(f"Spark: {time.monotonic() - began:.0f} s, exit status {status}; killed: {killed or 'nothing'}", flush=True)
        if status or typed.kill and len(killed) != 2:
            sys.exit("the job did not do what was to be checked")
        failed = sum(step["failed_tasks"] for step in json.loads(metrics.read_text()))
        print(f"tasks that failed and were done again: {failed}")
        if not all([same(single, cluster / "tables", table) for table in TABLES]):
            sys.exit("the tables differ")


if __name__ == "__main__":
    main()
