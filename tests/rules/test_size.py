"""Small parts: a module of about 300 lines at most, a function of about 40."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "evalkit").rglob("*.py"))
MODULE, MODULE_HARD = 300, 330  # physical lines
BODY = 40  # lines of a function after its signature and docstring
WHOLE = 60  # lines of a function with both
LARGE = 3  # modules that may lie between the two limits


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def functions(text: str) -> list[tuple[str, int, int]]:
    """Name of each function, its lines after the docstring, and all its lines."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1:] if ast.get_docstring(node) else node.body
            end = node.end_lineno or 0
            body = end - first[0].lineno + 1 if first else 0
            found.append((node.name, body, end - node.lineno + 1))
    return found


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_a_module_is_small(path: Path) -> None:
    assert lines(path) <= MODULE_HARD


def test_few_modules_are_larger_than_they_should_be() -> None:
    large = [f"{short(path)}: {lines(path)}" for path in MODULES if lines(path) > MODULE]
    assert len(large) <= LARGE, f"split one of {', '.join(large)}"


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_a_function_is_small(path: Path) -> None:
    found = functions(path.read_text(encoding="utf-8"))
    assert [(name, body) for name, body, _ in found if body > BODY] == []
    assert [(name, whole) for name, _, whole in found if whole > WHOLE] == []


def test_lines_are_counted_as_they_stand() -> None:
    signature, doc = "def f(\n    x,\n):\n", '    """Say.\n\n    More.\n    """\n'
    text = signature + doc + "    y = [\n        x,\n    ]\n    return y\n"
    assert functions(text) == [("f", 4, 11)]
    assert functions("def g():\n    return 1\n") == [("g", 1, 2)]
