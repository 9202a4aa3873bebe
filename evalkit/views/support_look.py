"""What the page on money looks at, and what a section of it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.reference.texts import text
from evalkit.views import numbers
from evalkit.views import support_rows as found
from evalkit.views import support_tables as tables

if TYPE_CHECKING:
    import plotly.graph_objects as go

CHEMICALS_OUT = "-mercury-alone"  # how the indicators end that leave other chemicals out


@dataclass(frozen=True)
class Look:
    """What is looked at: the results of a day, whose, of when, and how they are counted.

    Parameters
    ----------
    rows : callable
        ``rows(indicator)`` gives the results of an indicator on the day.
    obligations : DataFrame
        Results of the indicator obligations on the day nearest to it.
    sources, projects : DataFrame
        The tables.
    entity, group, period, attribution, inventory, as_of, language : str
        What is chosen; `entity` is the Party where one is chosen, else the group.
    alone : bool
        Leave out projects that are on other chemicals as well.
    """

    rows: Callable[[str], pd.DataFrame]
    obligations: pd.DataFrame
    sources: pd.DataFrame
    projects: pd.DataFrame
    entity: str
    group: str
    period: str
    attribution: str
    inventory: str
    as_of: str
    language: str
    alone: bool = False

    @property
    def grants(self) -> pd.DataFrame:
        """The results of GEF grants, with or without other chemicals."""
        return self.rows("gef-grants" + (CHEMICALS_OUT if self.alone else ""))

    @property
    def parts(self) -> pd.DataFrame:
        """The results of GEF grants by theme, type, agency and fund."""
        return self.rows("gef-grants-parts" + (CHEMICALS_OUT if self.alone else ""))

    @property
    def replenishment(self) -> str:
        """The period of parts: cut by year they are not, so a year shows all years."""
        return self.period if (self.parts["period"] == self.period).any() else found.ALL

    def title(self, key: str, *parts: str, alone: bool = True) -> str:
        """Return a title: what is shown, of whom, of when, how counted, as of which day."""
        said = [text(f"support.{key}", self.language), *(part for part in parts if part)]
        if alone and self.alone:
            said.append(text("support.alone", self.language))
        day = numbers.day(self.as_of, self.language)
        return " · ".join([*said, text("view.as_of", self.language, day=day)])

    def when(self, period: str) -> str:
        """Return what a period is called."""
        return tables.period(period, self.language)

    def how(self, attribution: str = "") -> str:
        """Return the short name of a way of attribution, by default of the chosen one."""
        return tables.attribution_title(attribution or self.attribution, self.language)


@dataclass(frozen=True)
class Section:
    """A section: its title, what is drawn, the table behind it, rows to take away, remarks."""

    title: str
    rows: pd.DataFrame
    table: str
    figure: Callable[..., go.Figure] | None = None  # called with note=...
    remarks: Sequence[str] = ()
