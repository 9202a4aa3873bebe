"""What all pages share: style, scripts, outlines, the plotly library, the first page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup

from evalkit.publish.site import Site
from evalkit.reference import entities, locales, paths
from evalkit.reference.texts import text
from evalkit.views import map_svg
from evalkit.views.stylesheet import css

HERE = Path(__file__).parent / "static"
FRAME = "template/nbconvert/templates/evalkit/static/evalkit.css"  # of the live pages
SCRIPTS = ("page.js", "explorer.js", "dashboard.js", "map.js", "first.js")


def write(site: Site) -> None:
    """Write the files that stand in the folder once, and its first page."""
    folder = site.out / "static"
    folder.mkdir(parents=True, exist_ok=True)
    sheets = [
        (paths.dashboards() / FRAME).read_text(encoding="utf-8"),
        css(),
        (HERE / "map.css").read_text(encoding="utf-8"),
        (HERE / "folder.css").read_text(encoding="utf-8"),
    ]
    _put(folder / "style.css", "\n".join(sheets))
    for name in SCRIPTS:
        _put(folder / name, (HERE / name).read_text(encoding="utf-8"))
    _put(folder / "outlines.js", map_svg.outlines_script())
    _put(folder / "plotly.js", _plotly())
    first = site.environment.get_template("first.html.j2").render(
        languages=[
            (one, locales.own_name(one), locales.direction(one),
             text("publish.title", one))
            for one in site.held.languages
        ],
        banner=Markup(site._shared("")["banner"]),
        edition=site.edition.name,
    )  # fmt: skip
    _put(site.out / "index.html", first)


def _put(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8", newline="\n")


def _plotly() -> str:
    """Return plotly's own script, which comes with the package plotly."""
    import plotly

    script = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    return script.read_text(encoding="utf-8")


def places(site: Site) -> dict[str, Any]:
    """Return who is where and the words that the script of choices needs, as plain data."""
    say = site.say
    return {
        "states": [[one, list(entities.groups_of(one))] for one in entities.states()],
        "groups": [[one, title] for one, title in entities.groups(site.language).items()],
        "pages": list(site.parties),
        "indicators": list(site.specs),
        "words": {
            "outside": say("map.outside"),
            "least": say("page.lower_bound"),
            "basis": say("map.basis"),
            "due": say("map.due_on"),
            "groups": say("bars.groups"),
            "sectors": say("bars.sectors"),
            "areas": say("bars.areas"),
            "open": say("table.open"),
            "columns": [say(f"column.{one}")
                        for one in ("entity", "period", "value", "counts", "basis")],
        },
        "map": site.words,
    }  # fmt: skip
