"""Every text that the code asks for is in the catalogue, and none lies there unused."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from evalkit import testing
from evalkit.indicators import catalogue
from evalkit.model import Basis, Status
from evalkit.reference import texts

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "evalkit").rglob("*.py"))
TEMPLATES = sorted((ROOT / "evalkit").rglob("*.j2"))
IN_A_TEMPLATE = re.compile(r"""\bt\("([^"]+)\"""")  # as {{ t("publish.skip") }}
KEYS = texts.catalogue("en")
BEGINS_AS_A_KEY = re.compile(r"[a-z]+\\\.")


def strings(path: Path) -> Iterator[ast.Constant | ast.JoinedStr]:
    """The strings of a module but its docstrings; an f-string is one string."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {
        part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
    }
    for node in ast.walk(tree):
        plain = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if (plain or isinstance(node, ast.JoinedStr)) and node not in docs and node not in inside:
            yield node  # type: ignore[misc]


def pattern(node: ast.Constant | ast.JoinedStr) -> str:
    """A regular expression of the keys that a string may be."""
    if isinstance(node, ast.Constant):
        return re.sub(r"\\\{.*?\\\}", ".+", re.escape(str(node.value)))
    parts = [re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in node.values]
    return "".join(parts)


def asked(path: Path) -> Iterator[tuple[int, ast.Constant | ast.JoinedStr]]:
    """First arguments of `text(...)` that are strings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name == "text" and isinstance(first, ast.Constant | ast.JoinedStr):
                yield node.lineno, first


def test_every_text_asked_for_is_in_the_catalogue() -> None:
    found = [(path, line, node) for path in MODULES for line, node in asked(path)]
    missing = [
        f"{path.name}:{line}: {pattern(node)}"
        for path, line, node in found
        if not any(re.fullmatch(pattern(node), key) for key in KEYS)
    ]
    in_templates = [(path.name, key) for path in TEMPLATES for key in _keys(path)]
    missing += [f"{name}: {key}" for name, key in in_templates if key not in KEYS]
    assert missing == []
    assert len(found) > 80
    assert len(in_templates) > 20


def _keys(template: Path) -> list[str]:
    return IN_A_TEMPLATE.findall(template.read_text(encoding="utf-8"))


def test_every_text_of_the_catalogue_is_used() -> None:
    """As it stands in the code, or by an f-string or a form that can make its key."""
    exact, forms = {key for path in TEMPLATES for key in _keys(path)}, []
    for path in MODULES:
        for node in strings(path):
            if isinstance(node, ast.Constant) and node.value in KEYS:
                exact.add(node.value)
            elif BEGINS_AS_A_KEY.match(form := pattern(node)) and ".+" in form:
                forms.append(re.compile(form))
    unused = [
        key for key in KEYS if key not in exact and not any(form.fullmatch(key) for form in forms)
    ]
    assert unused == []


def test_a_word_that_a_program_chooses_has_its_text() -> None:
    """Where the code puts a status, a basis or an indicator into a key, all of them are there."""
    needed = [f"status.{status}" for status in Status]
    needed += [f"basis.{basis}" for basis in Basis]
    needed += [f"month.{month:02d}" for month in range(1, 13)]
    units = {indicator.unit for indicator in catalogue.indicators().values()}
    needed += [f"headline.{unit}" for unit in units]
    for indicator in catalogue.indicators().values():
        needed += [indicator.title_key, indicator.definition_key]
        if indicator.unit in ("Parties", "share"):  # a State has it or has it not
            needed.append(f"indicator.{indicator.id}.yes")
    assert [key for key in needed if key not in KEYS] == []


@pytest.mark.parametrize("data", [testing.rich, testing.hostile])
def test_every_state_of_the_clock_has_its_text(data) -> None:
    made = data()
    found = {
        status
        for day in ("2017-08-16", "2020-12-31", "2026-10-01")
        for status in catalogue.compute("obligations", made, as_of=day).frame["status"]
    }
    assert len(found) > 3
    assert [status for status in found if f"clock.{status}" not in KEYS] == []


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", texts.languages())
def test_a_translation_has_every_text_with_the_same_placeholders(language: str) -> None:
    translated = texts.catalogue(language)
    assert translated.keys() == KEYS.keys()
    assert [key for key in KEYS if placeholders(KEYS[key]) != placeholders(translated[key])] == []


def test_a_text_that_is_asked_for_with_values_gets_all_of_them() -> None:
    """`text("view.source", language, names=…, day=…)` names what the text has in braces."""
    wrong = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            first = node.args[0]
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "text" and isinstance(first, ast.Constant) and first.value in KEYS:
                given = {keyword.arg for keyword in node.keywords} - {"language"}
                if given != placeholders(KEYS[first.value]):
                    wrong.append(f"{path.name}:{node.lineno}: {first.value} gets {sorted(given)}")
    assert wrong == []


@pytest.mark.parametrize("language", texts.languages())
def test_a_key_stands_in_one_file_of_a_language_only(language: str) -> None:
    lines = [
        line
        for path in texts.files(language)
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith('msgid "') and line != 'msgid ""'
    ]
    assert len(lines) == len(set(lines)) == len(texts.catalogue(language))
