"""What editors show is what ``help`` shows."""

from __future__ import annotations

import ast
import importlib.resources
import inspect

import namenlese
from namenlese import _namenlese

STUB = ast.parse((importlib.resources.files("namenlese") / "_namenlese.pyi").read_text(encoding="utf-8"))


def test_docstrings_are_those_of_the_stub() -> None:
    seen = 0
    for node in STUB.body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            continue
        described: dict[str, tuple[object, ast.ClassDef | ast.FunctionDef]] = {
            node.name: (getattr(_namenlese, node.name), node)
        }
        for member in node.body if isinstance(node, ast.ClassDef) else []:
            if isinstance(member, ast.FunctionDef) and ast.get_docstring(member):
                found = getattr(getattr(_namenlese, node.name), member.name)
                described[f"{node.name}.{member.name}"] = (found, member)
        for name, (found, stub) in described.items():
            assert inspect.getdoc(found) == ast.get_docstring(stub), name
            seen += 1
    assert seen > 30


def test_everything_public_is_described() -> None:
    for name in namenlese.__all__:
        value = getattr(namenlese, name)
        assert name == "__version__" or inspect.getdoc(value), name
