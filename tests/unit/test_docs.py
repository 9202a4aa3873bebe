"""The documentation is true: pages that are made are fresh, links lead somewhere, examples run."""

import doctest
import importlib
import io
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from evalkit import cli
from evalkit.editions.store import VARIABLE
from evalkit.methods.allocation import equal_split, full_count
from evalkit.methods.clock import add_years
from evalkit.methods.shares import rounding_interval, share
from evalkit.model import Basis, Status
from evalkit.reference import paths

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
FENCE = re.compile(
    r"^(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w*)\n(?P<body>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)\)")
WORKED = re.compile(r"<!-- worked: (\w+) -->\n((?:\|.*\n)+)")


def as_case(page: Path) -> Any:
    """A page as a test case; one that builds an edition takes more than a few seconds."""
    slow = "\n$ evalkit build" in page.read_text(encoding="utf-8")
    name = page.relative_to(ROOT).as_posix()
    return pytest.param(page, id=name, marks=[pytest.mark.slow] if slow else [])


page_of = pytest.mark.parametrize("page", [as_case(page) for page in PAGES])


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    """tools/make_reference.py, imported from its own folder."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        yield importlib.import_module("make_reference")
    finally:
        sys.path.remove(str(ROOT / "tools"))


# --- pages that are made ----------------------------------------------------------------------


def test_pages_made_from_code_and_data_are_fresh(maker: ModuleType) -> None:
    stale = [path.relative_to(ROOT).as_posix() for path in maker.stale(maker.pages())]
    assert stale == [], f"run: python tools/make_reference.py ({', '.join(stale)})"


def test_making_the_pages_twice_gives_the_same(maker: ModuleType) -> None:
    assert maker.pages() == maker.pages()


# --- links ------------------------------------------------------------------------------------


def prose(page: Path) -> str:
    """The text of a page without its code."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return re.sub(r"`[^`\n]*`", lambda hit: "`" * len(hit[0]), text)


def anchors(page: Path) -> set[str]:
    """What a link to a heading of the page can name."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    found = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in found}


@page_of
def test_internal_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(prose(page)):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, queue = set(), [DOCS / "index.md"]
    while queue:
        page = queue.pop()
        if page in reached:
            continue
        reached.add(page)
        named = [target.partition("#")[0] for target in LINK.findall(prose(page))]
        found = [(page.parent / name).resolve() for name in named if name.endswith(".md")]
        queue += [one for one in found if one.is_file() and DOCS in one.parents]
    assert sorted(set(DOCS.rglob("*.md")) - reached) == []


# --- examples ---------------------------------------------------------------------------------


@page_of
def test_examples_say_what_the_page_says(
    page: Path, edition_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Follow a page from its top in an empty folder: write its files, run what it shows."""
    monkeypatch.setenv(VARIABLE, str(edition_root))
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    wrong = []
    text = page.read_text(encoding="utf-8")
    for hit in FENCE.finditer(text):
        file, kind, body = hit.groups()
        if file:
            (tmp_path / file).write_text(body, encoding="utf-8")
        elif kind == "python" and body.startswith(">>>"):
            line = text[: hit.start("body")].count("\n")
            wrong += run_python(body, names, f"{page.name}, line {line}")
        elif kind == "console":
            wrong += run_commands(body)
    assert not wrong, "\n".join(wrong)


def run_python(body: str, names: dict[str, Any], where: str) -> list[str]:
    """Run a block with the names of those before it; what it says wrongly."""
    test = doctest.DocTestParser().get_doctest(body, {}, where, where, 0)
    test.globs = names
    said = io.StringIO()
    runner = doctest.DocTestRunner(verbose=False, optionflags=FLAGS)
    result = runner.run(test, out=said.write, clear_globs=False)
    return [said.getvalue()] if result.failed else []


def run_commands(body: str) -> list[str]:
    """Run the commands of a block; what they say otherwise than printed."""
    wrong = []
    for command, expected in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", body, re.MULTILINE):
        name, *words = shlex.split(command)
        assert name == "evalkit", f"not a command of evalkit: {command}"
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said), suppress(SystemExit):
            cli.main(words)
        if not doctest.OutputChecker().check_output(expected, said.getvalue(), FLAGS):
            wrong.append(f"$ {command}\n{said.getvalue()}")
    return wrong


# --- worked tables ----------------------------------------------------------------------------


def worked(page: str) -> dict[str, list[list[str]]]:
    """The worked tables of a page of docs/explanation: cells below the heading, by name."""
    text = (DOCS / "explanation" / page).read_text(encoding="utf-8")
    found = {}
    for name, table in WORKED.findall(text):
        lines = [line.strip("|").split("|") for line in table.splitlines()[2:]]
        found[name] = [[cell.strip() for cell in line] for line in lines]
    return found


def test_shares_as_printed() -> None:
    for n, due, printed in worked("why-no-value.md")["share"]:
        value = float(share(int(n), int(due)))
        assert printed == ("none" if pd.isna(value) else f"{value:.4f}")


def test_every_status_is_explained() -> None:
    text = (DOCS / "explanation" / "why-no-value.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == [str(one) for one in Status]


def test_the_weakest_basis_as_printed() -> None:
    for given, printed in worked("basis.md")["weakest"]:
        assert Basis.weakest(given.split(", ")) == printed


def test_every_basis_is_explained_in_its_order() -> None:
    text = (DOCS / "explanation" / "basis.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == [str(one) for one in Basis]


def test_rounding_as_printed() -> None:
    for percent, decimals, *printed in worked("as-of-a-day.md")["rounding"]:
        ends = rounding_interval(float(percent), int(decimals))
        assert [f"{end:.4f}" for end in ends] == printed


def test_due_days_as_printed() -> None:
    for start, years, due in worked("as-of-a-day.md")["years"]:
        found = add_years(pd.Series(pd.to_datetime([start])), int(years))
        assert f"{found[0]:%Y-%m-%d}" == due


def test_allocation_as_printed() -> None:
    tables = worked("attribution-of-money.md")
    amounts = pd.Series({name: float(amount) for name, amount, _ in tables["projects"]})
    named = [
        (name, place)
        for name, _, places in tables["projects"]
        for place in places.split(", ")
        if place
    ]
    places = pd.DataFrame(named, columns=["item", "place"])
    parts = [
        method(amounts, places).groupby("place")["amount"].sum()
        for method in (equal_split, full_count)
    ]
    printed = {row[0]: [float(cell) for cell in row[1:]] for row in tables["allocation"]}
    for place in ("X", "Y", "Z"):
        assert [part[place] for part in parts] == printed[place]
    assert [part[""] for part in parts] == printed["not attributed"]
    assert [part.sum() for part in parts] == printed["sum"]
    assert printed["sum"][0] == amounts.sum()


def test_the_sectors_as_printed_are_those_of_the_facts() -> None:
    rows: Any = pd.read_csv(paths.facts() / "emissions.csv")
    found = rows[rows["inventory"] == "gma-2018"].set_index("category")["kg"]
    *sectors, (_, total) = worked("inventories-side-by-side.md")["sectors"]
    assert {name: float(kg) for name, kg in sectors} == found.to_dict()
    assert sum(float(kg) for _, kg in sectors) == float(total)


# --- what may not be in the repository --------------------------------------------------------


@page_of
def test_no_page_names_a_folder_of_one_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.])/(?:home|root|work|Users|tmp)/\S*", text) == []
