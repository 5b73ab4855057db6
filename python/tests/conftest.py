"""What the tests share: one pipeline, and the sample corpus of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from namenlese import Pipeline

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    return Pipeline("fast")


@pytest.fixture(scope="session")
def sample() -> Path:
    return ROOT / "corpus"
