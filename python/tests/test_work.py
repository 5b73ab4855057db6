"""Threads, forks and Ctrl-C."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from namenlese import Pipeline

TEXT = "Die Kanzlerin Angela Merkel sprach in Paris mit Emmanuel Macron über die Europäische Union. " * 20


def test_python_goes_on_meanwhile(pipeline: Pipeline) -> None:
    turns = 0
    done = threading.Event()

    def count() -> None:
        nonlocal turns
        while not done.is_set():
            turns += 1
            time.sleep(0.001)

    other = threading.Thread(target=count)
    other.start()
    begun = time.monotonic()
    pipeline.recognize([TEXT] * 40)
    took = time.monotonic() - begun
    done.set()
    other.join()
    # Held by whoever works, the lock would let the other thread have no turn at all.
    assert turns > 5, f"{turns} turns in {took:.1f} s"


def test_threads_share_a_pipeline(pipeline: Pipeline) -> None:
    expected = pipeline.recognize([TEXT])
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(pipeline.recognize([TEXT]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_ctrl_c_is_heard_in_the_midst_of_work() -> None:
    script = f"""
import namenlese, sys
pipeline = namenlese.Pipeline("fast")
print("ready", flush=True)
try:
    pipeline.recognize([{TEXT!r}] * 100_000)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.exit(7)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(1)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "interrupted\n"
        assert process.wait(timeout=60) == 7
        assert time.monotonic() - begun < 30


def in_child(pipeline: Pipeline) -> int:
    return len(pipeline.recognize([TEXT])[0].mentions)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_that_was_forked_off_works(pipeline: Pipeline) -> None:
    expected = in_child(pipeline)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map_async(in_child, [pipeline] * 2).get(timeout=120) == [expected] * 2
