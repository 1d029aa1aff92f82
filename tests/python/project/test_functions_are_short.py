"""No function of the package is longer than a screen."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from harness import REPOSITORY

LONGEST = 60
FILES = [
    file
    for folder in ("src", "python_models", "bench", "examples")
    for file in sorted((REPOSITORY / folder).rglob("*.py"))
]


def long_functions(source: str) -> list[str]:
    """Return name and length of each function with more than ``LONGEST`` lines, decorators aside."""
    return [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno - node.lineno + 1 > LONGEST
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_functions_are_short(file: Path):
    assert long_functions(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("head", ["def long():", "class A:\n  def long(self):", "async def long():"])
def test_a_long_function_is_named(head):
    indent = "    " if "class" in head else "  "
    lines = f"\n{indent}x = 1"
    assert long_functions(head + lines * (LONGEST - 1)) == []
    assert long_functions(head + lines * LONGEST) == [f"long: {LONGEST + 1} lines"]
