"""Pages on methods, on data and their quality, and on all files to take away."""

from __future__ import annotations

import html
import shutil
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from evalkit.publish.site import Site
from evalkit.reference.texts import known
from evalkit.views import held, sheet
from evalkit.views.score import indicator_title
from evalkit.views.table import NUMERIC, html_table

QUALITY = ("quality.html", "quality.csv")


def write(site: Site, sizes: Mapping[str, tuple[int, int, int]]) -> None:
    """Write the pages of one language.

    Parameters
    ----------
    site : Site
        The language.
    sizes : mapping
        Of each indicator: its rows, and the bytes of its files as CSV and XLSX.
    """
    _methods(site)
    _data(site)
    _downloads(site, sizes)


def _methods(site: Site) -> None:
    by_method: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for spec in site.specs.values():
        by_method[spec["method"]].append(spec)
    listed = []
    for method in sorted(by_method):
        specs = by_method[method]
        title = method.replace("_", " ")
        words = known(f"method.{method}", site.language) or title
        listed.append((method, title, len(specs)))
        site.write(
            f"method/{method}.html", "method.html.j2", title, words=words,
            examples=Markup(sheet.examples(specs[0], site.language)),
            indicators=[(spec["id"], indicator_title(spec, site.language),
                         Markup(sheet.method_text(spec, site.language))) for spec in specs],
        )  # fmt: skip
    site.write("methods.html", "methods.html.j2", site.say("publish.menu.methods"), methods=listed)


def _data(site: Site) -> None:
    edition = site.edition
    site.write(
        "data.html", "data.html.j2", site.say("publish.menu.data"),
        sources=Markup(_sources(site)), absent=held.absent(edition, site.language),
        tables=Markup(_tables(site)), corrections=Markup(_corrections(site)),
        has_quality=all((edition.path / "quality" / one).is_file() for one in QUALITY),
    )  # fmt: skip


def _sources(site: Site) -> str:
    names = ("publisher", "title", "as_of", "licence")
    headings = [(site.say(f"publish.head.{name}"), "text") for name in names]
    order = site.sources.sort_values(["publisher", "title"], kind="stable")
    unknown = site.say("publish.no_licence")
    cells = [
        (row.publisher, row.title, _day(site, row.as_of), _text(row.licence) or unknown)
        for row in order.itertuples()
    ]
    return html_table(headings, cells, site.say("publish.sources", n=len(cells)))


def _day(site: Site, when: Any) -> str:
    return "" if pd.isna(when) else site.day(f"{when:%Y-%m-%d}")


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _tables(site: Site) -> str:
    headings = [(site.say("publish.head.table"), "text"), (site.say("publish.head.rows"), NUMERIC)]
    cells = [
        (known(f"table.{name}", site.language) or name, f"{told['rows']:,}")
        for name, told in site.edition.manifest["tables"].items()
    ]
    return html_table(headings, cells, site.say("publish.tables"))


def _corrections(site: Site) -> str:
    inputs = site.edition.manifest["inputs"]
    told = [item["file"] for item in inputs if item["form"] == "corrections"]
    if not told:
        return f"<p>{html.escape(site.say('publish.no_corrections'))}</p>"
    items = "".join(f"<li>{html.escape(str(one))}</li>" for one in told)
    return f"<ul>{items}</ul>"


def copy_quality(site: Site) -> None:
    """Copy the report on quality of the edition, which stands on its own."""
    for name in QUALITY:
        file = site.edition.path / "quality" / name
        if file.is_file():
            site.out.joinpath("quality").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, site.out / "quality" / name)


def _downloads(site: Site, sizes: Mapping[str, tuple[int, int, int]]) -> None:
    files = [
        (name, indicator_title(spec, site.language), *_told(sizes[name]))
        for name, spec in site.specs.items()
        if name in sizes
    ]
    site.write("downloads.html", "downloads.html.j2", site.say("publish.menu.downloads"),
               files=files)  # fmt: skip


def _told(sizes: tuple[int, int, int]) -> tuple[str, str, str]:
    rows, csv, xlsx = sizes
    return f"{rows:,}", f"{max(1, round(csv / 1000)):,} kB", f"{max(1, round(xlsx / 1000)):,} kB"
