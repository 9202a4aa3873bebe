"""Every word of every page comes from the catalogues; Arabic and Russian pages are drawn whole."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import ipywidgets
import pytest

from evalkit.editions.store import Edition
from evalkit.reference import entities, locales, texts, titles
from evalkit.reference.rows import rows as reference
from evalkit.views.emissions import Emissions
from evalkit.views.gold_mining import GoldMining
from evalkit.views.knowledge import Knowledge
from evalkit.views.overview import Overview
from evalkit.views.party import PartyPage
from evalkit.views.reporting import Reporting
from evalkit.views.scorecard import Scorecard
from evalkit.views.support import Support

PSEUDO = "eo"  # a language that the CLDR knows and evalkit has no texts in
ISOLATES = " \u2066\u2067\u2068\u2069"  # LRI, RLI, FSI, PDI
OPEN, CLOSE = "⟦", "⟧"
PAGES = {
    Overview: "party=GHA&indicator=obligations&group=LDC",
    Scorecard: "indicator=complete-reports",
    GoldMining: "party=GHA",
    Emissions: "party=GHA",
    Support: "party=GHA",
    Knowledge: "",
}
OF_REPORTS = {
    Reporting: "cycle=2021-full&question=5.7.a&compare=2025-full",
    PartyPage: "party=GHA",
}
# Titles of figures and tables stay in parts of the catalogue; these are data, as publishers or the
# project's own tables have them, and stay English: docs/explanation/languages.md lists them.
PROSE = {
    "indicators.csv": (
        "needs",
        "limits",
        "references",
        "formula",
        "arguments",
        "method",
        "baseline",
        "baseline_standing",
        "target",
    ),
    "examples.csv": ("question", "inputs", "arguments", "result"),
    "annex_d.csv": ("reason",),
    "clauses.csv": ("note",),
    "inventories.csv": ("title", "note"),
    "questions/question_map.csv": ("note",),
}
TITLES = ("parties", "cycles", "questions", "groups", "areas")  # have translations of their own


def wrapped(said: str) -> str:
    """A text with each word in brackets, and what stands for its placeholders outside them.

    Word by word, for figures break texts into lines.
    """
    parts = re.split(r"(\{[^{}]*\})", said)
    return "".join(
        part if part.startswith("{") else re.sub(r"\S+", rf"{OPEN}\g<0>{CLOSE}", part)
        for part in parts
    )


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A language in which every text is English in brackets, titles of rows as well."""
    forms = {key: tuple(map(wrapped, told)) for key, told in texts.messages("en").items()}
    forms |= {key: (wrapped(said),) for key, said in titles.keys().items()}
    real, languages = texts.messages, texts.languages
    monkeypatch.setattr(texts, "messages", lambda one: forms if one == PSEUDO else real(one))
    monkeypatch.setattr(texts, "languages", lambda: (*languages(), PSEUDO))
    monkeypatch.setattr("evalkit.views.page.languages", lambda: (*languages(), PSEUDO))
    yield PSEUDO
    texts.catalogue.cache_clear()
    for named in (entities.states, entities.groups, entities.areas, entities.titles):
        named.cache_clear()


class Words(HTMLParser):
    """The words of HTML that a reader sees or hears, with attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        self.found += [value for name, value in attrs if name in ("aria-label", "title") and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {"style", "code", "script"} & {*self.inside}:
            self.found.append(data)


def of_html(said: str) -> list[str]:
    parser = Words()
    parser.feed(said)
    return parser.found


def of_figure(part: object, name: str = "") -> Iterator[str]:
    """The words of a figure: whatever it writes, and the title and notes of its picture."""
    if isinstance(part, dict):
        for key, one in part.items():
            if key not in ("geojson", "locations", "template", "config", "font", "meta_"):
                yield from of_figure(one, key)
    elif isinstance(part, list):
        for one in part:
            yield from of_figure(one, name)
    elif isinstance(part, str) and name in ("text", "name", "label", "y", "x", "customdata",
                                            "hovertemplate", "title"):  # fmt: skip
        yield from of_html(re.sub(r"%\{[^}]*\}", "", part.replace("<br>", " ; ")))


def shown(widget: ipywidgets.Widget) -> Iterator[str]:
    """All words of a page."""
    yield from own(widget)
    for child in getattr(widget, "children", ()):
        yield from shown(child)


def own(widget: ipywidgets.Widget) -> Iterator[str]:
    """The words of one widget."""
    yield getattr(widget, "description", "")
    if isinstance(widget, ipywidgets.Dropdown):
        yield from (label for label, _ in widget.options)
    elif isinstance(widget, ipywidgets.HTML) and "evalkit-address" not in widget._dom_classes:
        yield from of_html(widget.value)
    elif isinstance(widget, ipywidgets.Output):
        for output in widget.outputs:
            yield from of_figure(list(output["data"].values()))


def cells_of(edition) -> set[str]:
    """The texts in the tables of an edition, but those whose titles have translations."""
    frames = [edition.table(name) for name in edition.manifest["tables"] if name not in TITLES]
    texts_of = [frame.select_dtypes(["object", "string"]) for frame in frames]
    return {
        str(one)
        for frame in texts_of
        for column in frame
        for one in frame[column].dropna().unique()
    }


def data_of(edition) -> str:
    """All words of data that a page may show as they are."""
    told = [*edition.manifest["tables"], edition.name, "evalkit", *entities.states()]
    for name, columns in PROSE.items():
        told += [row[column] for row in reference(name) for column in columns if column in row]
    told += cells_of(edition)
    told += [row["id"] for row in reference("indicators.csv")]
    told += [row["question"] for row in reference("evaluation_questions.csv")]
    told += [row[one] for row in reference("cycles.csv") for one in ("cycle", "format_version")]
    told += [row["choices"] for row in reference("questions/mc-1-8.csv")]
    return " ".join(html.unescape(one).replace("_", " ") for one in told)


MONTHS = "|".join(locales.locale(PSEUDO).months["format"]["wide"].values())


def strange(words: Iterable[str], data: str) -> set[str]:
    """Words outside brackets that are no data."""
    found = set()
    for said in {*words}:
        rest = re.sub(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ; ", html.unescape(said))
        rest = re.sub(rf"\d{{4}}-(?:{MONTHS})-\d\d", " ; ", rest)
        for part in re.split(r"[·;:()\[\],“”…|]|\s{2,}|\. ", rest):
            plain = part.strip(" .–-=+▲▼●◐○/")  # noqa: RUF001 a dash is meant
            if re.search(r"[A-Za-z]{2,}", plain) and plain.replace("_", " ") not in data:
                found.add(plain)
    return found


@pytest.fixture(scope="module", autouse=True)
def read_once() -> Iterator[None]:
    """The same pages in several languages read the same tables: once is enough."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("results_of", "table"):
            patch.setattr(Edition, name, cache(getattr(Edition, name)))
        yield


EVERY = [(page, "edition") for page in PAGES] + [(page, "reports_edition") for page in OF_REPORTS]
every_page = pytest.mark.parametrize(
    ("page", "held"), EVERY, ids=[page.__name__ for page, _ in EVERY]
)


def words_of(page, edition, language: str) -> list[str]:
    query = {**PAGES, **OF_REPORTS}[page]
    return [*shown(page(edition, f"{query}&lang={language}").widget)]


@every_page
def test_a_page_says_nothing_that_is_not_in_the_catalogues(page, held, pseudo, request):
    edition = request.getfixturevalue(held)
    words = words_of(page, edition, pseudo)
    assert any(OPEN in one for one in words)
    assert sorted(strange(words, data_of(edition))) == []


@pytest.mark.parametrize("language", ["ar", "ru"])
@every_page
def test_a_page_in_another_language_names_everything_in_it(page, held, language, request):
    """No title that has a translation is shown in English, and the page says what it is."""
    edition = request.getfixturevalue(held)
    words = {one.strip(ISOLATES) for one in words_of(page, edition, language)}
    english = {said for kind in titles.KINDS for said in titles.english(kind).values()}
    theirs = {titles.title(kind, one, language)
              for kind in titles.KINDS for one in titles.english(kind)}  # fmt: skip
    assert sorted((words & english) - theirs - cells_of(edition)) == []
    assert texts.text("page.unofficial", language) in words
    assert [one for one in words if "{" in one] == []


def test_the_check_finds_english_in_code():
    assert strange(["⟦Parties⟧ in force"], "Ghana") == {"in force"}
    assert strange(["⟦Party⟧: Ghana, 2020-Oktobro-02"], "Ghana") == set()
