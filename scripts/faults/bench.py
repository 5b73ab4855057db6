"""What scripts/check-faults works with: the program, made-up texts, a run in the middle of its work, small disks."""

import csv
import json
import os
import random
import subprocess
import tempfile
import time
from pathlib import Path

PLACES = ["Wien", "Kiew", "Graz", "Oslo", "Ankara", "Lissabon", "Nordkorea"]


class Broken(Exception):
    """A promise that was not kept."""


class LeftOut(Exception):
    """A fault that cannot be done here, and why."""


class Bench:
    """The program, a folder to work in, and how much was checked so far."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.program = options.program
        self.random = random.Random(options.seed)
        self.checks = 0
        self.disks = []

    def check(self, promise, told):
        self.checks += 1
        if not promise:
            raise Broken(told)

    def short(self, few, many):
        return few if self.options.short else many

    def start(self, *arguments, model="none", program=None, before=(), **more):
        command = [*before, program or self.program, *map(str, arguments), "--model", model, "--progress", "none"]
        more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        return subprocess.Popen(command, cwd=self.folder, **more)

    def ended(self, process, *codes, says="", limit=300):
        """Waits for a process, which must end with one of these codes, say this, and never panic."""
        try:
            out, told = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Broken(f"no end in {limit} s: {process.args}") from None
        told = (told or b"").decode(errors="replace")
        line = f"{' '.join(map(str, process.args))}: {process.returncode}: {told}"
        self.check(process.returncode in codes, line)
        self.check("panicked" not in told, line)
        self.check(says in told, f"{line} and not {says!r}")
        self.check(process.returncode != 2 or told.strip(), f"it says why: {line}")
        return out, told

    def run(self, source, output, *flags, codes=(0,), says="", **more):
        """Runs to the end; gives what it complains of."""
        return self.ended(self.start("run", source, "-o", output, *flags, **more), *codes, says=says)[1]

    def equal(self, a, b, but=()):
        a, b = ({name: content for name, content in results(folder).items() if name not in but} for folder in (a, b))
        self.check(len(a) >= 7 and a.keys() == b.keys(), f"tables: {sorted(a)}, {sorted(b)}")
        for name in sorted(a):
            self.check(a[name] == b[name], f"{name} differs")

    def tidy(self, output):
        left = [path.name for path in output.iterdir() if "partial" in path.name or "before" in path.name]
        self.check(not left, f"left behind: {left}")


def tables(folder):
    """The CSV tables, which are exchanged together."""
    return {path.name: path.read_bytes() for path in folder.glob("[!.]*.csv")}


def results(folder):
    """The tables in all their forms: whatever lies in a folder but what the program keeps for itself, and the record of the
    run, which holds times."""
    own = ("store.sqlite", "run.json", ".")
    files = [path for path in folder.rglob("*") if path.is_file() and not path.relative_to(folder).parts[0].startswith(own)]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def is_done(folder, whole):
    """Whether a run that was killed had all in its place. The ids from before are kept until the last form is written, so that
    the next run tells the same changes; after that it would rightly tell none."""
    return not (folder / ".ids.before.csv").exists() and results(folder) == results(whole)


def text(number, sentences=20):
    """A text about made-up people in real places, with words of its own."""

    def sentence(at):
        start, end = PLACES[at % 7], PLACES[at // 7 % 7]
        return f"Frau Weber{at} reiste am Montag aus {start} nach {end} und sprach mit {at % 90 + 2} Leuten. "

    return "".join(sentence(number * 31 + at * 7) for at in range(sentences))


def corpus(folder, documents):
    folder.mkdir(parents=True)
    for number in documents:
        (folder / f"{number:04}.txt").write_text(text(number))
    return folder


def wait_for(condition, what, limit=60):
    end = time.time() + limit
    while not condition():
        if time.time() > end:
            raise Broken(f"waited in vain for {what}")
        time.sleep(0.01)


def stored(output):
    return sum(file.stat().st_size for file in output.glob("store.sqlite*"))


class Halfway:
    """A run in the middle of its work, for as long as one likes: it reads records from a pipe that stays open."""

    # More than a window of the pipeline, so that a part of them is finished and in the store.
    GIVEN, ALL = 600, 700

    def __init__(self, bench, output, *flags, **more):
        self.bench = bench
        self.process = bench.start("run", "-", "-o", output, *flags, stdin=subprocess.PIPE, **more)
        # Records are stored when others come half a second later.
        self.give(self.records(0, self.GIVEN // 2))
        wait_for(lambda: (output / "store.sqlite").exists(), "the store")
        time.sleep(1)
        self.give(self.records(self.GIVEN // 2, self.GIVEN))
        wait_for(lambda: stored(output) > 20_000, "work in the store")

    @staticmethod
    def records(start, end):
        records = ({"id": f"{number:04}", "text": text(number)} for number in range(start, end))
        return b"".join(json.dumps(record).encode() + b"\n" for record in records)

    def give(self, records):
        try:
            self.process.stdin.write(records)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # It has ended; its code will show whether it should have.

    def rest(self, *codes, says=""):
        """Gives what is left; the run must end with one of these codes."""
        self.give(self.records(self.GIVEN, self.ALL))
        return self.bench.ended(self.process, *codes, says=says)[1]

    @classmethod
    def whole(cls, bench, output, *flags, codes=(0,), says="", **more):
        """The same without a pause."""
        with tempfile.TemporaryFile() as records:
            records.write(cls.records(0, cls.ALL))
            records.seek(0)
            return bench.run("-", output, *flags, codes=codes, says=says, stdin=records, **more)


def rows(table):
    with open(table, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def feed(to, given):
    try:
        to.write(given)
        to.close()
    except BrokenPipeError:
        pass


def heeds(process, which):
    """Whether a process has a handler for a signal, as far as the system tells."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        time.sleep(1)
        return True
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return int(caught.split()[1], 16) >> (which - 1) & 1 == 1


def mounted(bench, folder, size):
    """A small disk, in a name space of mounts that goes with us."""
    if os.geteuid() != 0 or "NAMENLESE_OWN_MOUNTS" not in os.environ:
        raise LeftOut("it takes root and a name space of mounts")
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=True)
    bench.disks.append(folder)
    return folder


def resized(folder, options):
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)
