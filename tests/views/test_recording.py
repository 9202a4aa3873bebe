"""What is recorded of a dashboard is what the dashboard shows, choice by choice."""

from __future__ import annotations

import pytest

from evalkit.reference import entities
from evalkit.views import choice as choices
from evalkit.views import sentences
from evalkit.views.books import NOTHING, book
from evalkit.views.choice import Choice
from evalkit.views.classes import classes
from evalkit.views.downloads import kept
from evalkit.views.knowledge import Knowledge
from evalkit.views.recording import recorded
from evalkit.views.table import value_text
from evalkit.views.world_map import without_outlines


class Short(Knowledge):
    """The same page with few choices to work through."""

    RECORDED = (("group",), ("state",))


@pytest.mark.parametrize("indicator", ["obligations", "gef-grants", "emissions-to-air"])
def test_a_book_says_of_a_choice_what_the_live_page_says(edition, indicator):
    made = book(edition, indicator, edition.table("sources"))
    words, rows = made["words"], edition.results_of(indicator)
    assert [one for one, _ in made["series"]] == choices.series(rows)
    compared = 0
    for day, _ in made["days"][:2]:
        for series, _ in made["series"][:3]:
            found = made["choices"][day][series]
            assert [one for one, *_ in found] == choices.periods(rows, series, day)
            for period, _, number in found[:4]:
                states, kinds, groups, _, _, title = made["looks"][number]
                chosen = Choice(indicator, series, period, day)
                assert words[title] == sentences.title(chosen)
                mine = choices.rows_of(rows, chosen)
                of_states = choices.of_states(mine, entities.WORLD)
                told = dict(zip(entities.states(), made["states"][states], strict=True))
                said = {e: words[made["cells"][c][1]] for e, c in told.items() if c != NOTHING}
                assert said == {row.entity: value_text(row) for row in of_states.itertuples()}
                legend = classes(of_states, indicator, str(mine["unit"].iloc[0]), "en")
                assert [words[one[0]] for one in made["classes"][kinds]] == [
                    one.label for one in legend
                ]
                for place, group in enumerate(entities.groups()):
                    of_group = mine[mine["entity"] == group]
                    row = of_group.iloc[0] if len(of_group) else None
                    sentence = sentences.headline(row, Choice(*_with(chosen, group)))
                    assert words[made["groups"][groups][place][0]] == sentence
                compared += 1
    assert compared > 2


def _with(chosen: Choice, group: str) -> tuple[str, ...]:
    return (chosen.indicator, chosen.series, chosen.period, chosen.as_of, group)


def test_a_recorded_page_shows_for_each_choice_what_its_address_would(edition):
    made = recorded(Short, edition, "en")
    look = made["products"][0]["looks"]["SIDS"]
    shown = [made["contents"].get(name, "") for name in look]
    with kept(lambda *_: "files"), without_outlines():
        live = Short(edition, "group=SIDS")
    assert live.headline.value in shown
    assert live.headline.value not in [made["contents"].get(name) for name in made["start"]]
    # The second product was worked through with the first one's chooser back at its start.
    again = made["products"][1]["looks"]["all"]
    assert again == made["start"]
    assert set(made["products"][0]["looks"]) == set(entities.groups())
    assert [one["name"] for one in made["choosers"]] == ["group", "state"]


def test_a_recorded_page_holds_no_file_and_no_outline(edition):
    made = recorded(Short, edition, "en")
    texts = [one for one in made["contents"].values() if isinstance(one, str)]
    assert not [one for one in texts if "base64" in one or 'href="data:' in one]
    maps = [
        one["map"] for one in made["contents"].values() if isinstance(one, dict) and "map" in one
    ]
    assert maps
    assert all(set(one["places"]) == set(entities.states()) for one in maps)
    assert all(file.endswith(".csv") for file in made["files"])
