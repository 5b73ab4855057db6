"""The texts of all licences travel with the wheel."""

from __future__ import annotations

from importlib import metadata

from conftest import ROOT


def test_they_are_in_the_wheel() -> None:
    installed = metadata.distribution("namenlese")
    files = installed.files or []
    texts = {file.name: file.read_text(encoding="utf-8") for file in files if "licenses" in file.parts}
    originals = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / "python/licences").iterdir()}
    assert texts == originals
    assert len(installed.metadata.get_all("License-File") or []) == len(originals)
    assert "pyo3" in texts["third-party-python.txt"]
    assert texts["LICENSE-MIT"] == (ROOT / "LICENSE-MIT").read_text(encoding="utf-8")
