"""Pages of Parties and groups, and the list of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from evalkit.publish.indicators import Indicators
from evalkit.publish.site import Site
from evalkit.reference import entities
from evalkit.views.score import indicator_title
from evalkit.views.search import folded


def write(site: Site, recorded: Mapping[str, Any], indicators: Indicators) -> None:
    """Write the page of each Party from the recorded dashboard, each group, and the list."""
    looks = recorded["products"][0]["looks"]
    for party, names in looks.items():
        _party(site, party, [recorded["contents"].get(name, "") for name in names])
    for group in entities.groups():
        _group(site, group, indicators)
    titles = entities.groups(site.language)
    groups = [(one, title, len(_with_page(site, one))) for one, title in titles.items()]
    regions = [(titles[region], _with_page(site, region)) for region in entities.regions()]
    site.write("parties.html", "parties.html.j2", site.say("publish.menu.parties"),
               groups=groups, regions=regions)  # fmt: skip


def _with_page(site: Site, group: str) -> list[tuple[str, str]]:
    """Return the Parties of a group that have a page, by name."""
    inside = set(entities.members(group)) & set(site.parties)
    return [(one, name) for one, name in site.words["names"] if one in inside]


def _party(site: Site, party: str, contents: list[Any]) -> None:
    """Write the page of a Party: what its dashboard showed, in the order of its parts."""
    body = "".join(str(one) for one in contents if one)
    # The parts of a page follow its first heading by one level.
    body = body.replace("<h4>", "<h2>").replace("</h4>", "</h2>")
    groups = [(one, entities.groups(site.language)[one]) for one in entities.groups_of(party)]
    site.write(f"party/{party}.html", "party.html.j2", dict(site.words["names"])[party],
               body=Markup(body), groups=groups, party=party)  # fmt: skip


def _group(site: Site, group: str, indicators: Indicators) -> None:
    table = indicators.table("", group, "../")
    site.write(
        f"group/{group}.html", "group.html.j2", entities.groups(site.language)[group], group=group,
        table=Markup(table), members=_with_page(site, group), note=Markup(indicators.note()),
    )  # fmt: skip


def index(site: Site) -> list[list[str]]:
    """Return what the search box finds: title, page and other names of Parties and indicators."""
    found = [[name, f"party/{one}.html", one] for one, name in site.words["names"]
             if one in site.parties]  # fmt: skip
    found += [
        [title, f"group/{one}.html", one] for one, title in entities.groups(site.language).items()
    ]
    found += [
        [indicator_title(spec, site.language), f"indicator/{name}.html", name.replace("-", " ")]
        for name, spec in site.specs.items()
    ]
    return [[title, at, folded(f"{title} {also}")[0]] for title, at, also in found]
