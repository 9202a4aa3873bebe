"""Every text that the code asks for is in the catalogue, and none lies there unused."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.plurals import get_plural

from evalkit import testing
from evalkit.indicators import catalogue
from evalkit.model import Basis, Status
from evalkit.reference import locales, texts, titles

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "evalkit").rglob("*.py"))
TEMPLATES = sorted((ROOT / "evalkit").rglob("*.j2"))
IN_A_TEMPLATE = re.compile(r"""\bt\("([^"]+)\"""")  # as {{ t("publish.skip") }}
KEYS = texts.catalogue("en")
ASKING = ("text", "plural")
ALIASES = {"tables", "figures", "sections", "choices", "standing"}  # as views import them
SPEAKING = {path.stem for path in MODULES if path.parent.name in ("views", "reference")}
NAMESAKES = {"title", "notice", "_rows", "_parties", "_interval", "_short", "label", "said"}
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
    """First arguments of `text(...)` and `plural(...)` that are strings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in ASKING and isinstance(first, ast.Constant | ast.JoinedStr):
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


def of_language(language: str) -> set[str]:
    """The keys that a language has to have: those of English, and titles, which English has in
    its tables."""
    return {*KEYS} if language == texts.ENGLISH else {*KEYS, *titles.keys()}


@pytest.mark.parametrize("language", texts.languages())
def test_a_language_has_every_text_and_no_other(language: str) -> None:
    assert sorted(of_language(language) ^ {*texts.catalogue(language)}) == []


@pytest.mark.parametrize("language", texts.languages())
def test_the_forms_of_a_text_have_its_placeholders(language: str) -> None:
    """The last form has all of them; "one project" need not hold its number."""
    wrong = []
    for key, forms in texts.messages(language).items():
        of = placeholders(KEYS[key]) if key in KEYS else set()
        whole = placeholders(forms[-1]) == of
        if not whole or any(placeholders(one) - of for one in forms):
            wrong.append(key)
    assert wrong == []


@pytest.mark.parametrize("language", texts.languages())
def test_a_text_with_a_number_has_all_forms_that_the_language_has(language: str) -> None:
    """Or one, where its wording suits any number, as in "projects: {n}"."""
    plurals = {key for key, forms in texts.messages("en").items() if len(forms) > 1}
    assert len(plurals) > 15
    expected = len(locales.forms(language))
    counts = {key: len(forms) for key, forms in texts.messages(language).items()}
    assert [key for key in plurals if counts[key] not in (1, expected)] == []
    assert sum(counts[key] == expected for key in plurals) > 7
    assert [key for key, n in counts.items() if n > 1 and key not in plurals] == []
    assert expected == get_plural(language).num_plurals


def test_a_text_that_is_asked_for_with_values_gets_all_of_them() -> None:
    """`text("view.source", language, names=…, day=…)` names what the text has in braces."""
    wrong = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            first = node.args[0]
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ASKING and isinstance(first, ast.Constant) and first.value in KEYS:
                given = {keyword.arg for keyword in node.keywords} - {"language"}
                own = {"n"} if name == "plural" else set()  # the number itself
                if (
                    not placeholders(KEYS[first.value]) - own
                    <= given
                    <= placeholders(KEYS[first.value])
                ):
                    wrong.append(f"{path.name}:{node.lineno}: {first.value} gets {sorted(given)}")
    assert wrong == []


def speaking(path: Path) -> Iterator[tuple[str, int, bool]]:
    """Functions that take a language: name, place of it among the arguments, by name alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            arguments = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
            arguments = [one for one in arguments if one != "self"]
            if "language" in arguments:
                yield node.name, arguments.index("language"), False
            elif "language" in [one.arg for one in node.args.kwonlyargs]:
                yield node.name, 0, True


def test_a_view_hands_its_language_to_all_that_take_one() -> None:
    """A call that leaves it out would show English on a page of another language."""
    views = [path for path in MODULES if path.parent.name == "views"]
    spoken = {name: (place, named) for path in views for name, place, named in speaking(path)}
    spoken |= dict.fromkeys(("text", "known"), (1, False)) | {"plural": (2, False)}
    # Written once, in English, when an edition is built; and words like those of other classes.
    apart = {("quality_page.py", "write"), ("quality_page.py", "_about")}
    wrong = []
    for path in views:
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef) or (path.name, function.name) in apart:
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and left_out(node, spoken):
                    wrong.append(f"{path.name}:{node.lineno}: {ast.unparse(node)[:80]}")
    assert wrong == []


def left_out(node: ast.Call, spoken: dict[str, tuple[int, bool]]) -> bool:
    """Whether a call leaves out the language of a function of the views."""
    if isinstance(node.func, ast.Attribute):
        owner, name = ast.unparse(node.func.value), node.func.attr
        if owner not in SPEAKING | ALIASES:
            return False
    else:
        name = getattr(node.func, "id", "")
    if name not in spoken or name in NAMESAKES:
        return False
    place, by_name = spoken[name]
    named = any(one.arg in ("language", None) for one in node.keywords)
    return not named and (by_name or len(node.args) <= place)


@pytest.mark.parametrize("language", texts.languages())
def test_a_key_stands_in_one_file_of_a_language_only(language: str) -> None:
    lines = [
        line
        for path in texts.files(language)
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith('msgid "') and line != 'msgid ""'
    ]
    assert len(lines) == len(set(lines)) == len(texts.catalogue(language))
