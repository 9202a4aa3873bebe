"""The sections of the page on money for notebooks: the same figures and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from IPython.display import HTML, DisplayObject, display

from evalkit.errors import EvalkitError, Reason
from evalkit.views import choice as choices
from evalkit.views.report import Report
from evalkit.views.support import Support

if TYPE_CHECKING:
    from evalkit.editions.store import Edition


class SupportReport:
    """What a notebook shows of money and support, for one day, group or Party, and language.

    Parameters
    ----------
    edition : Edition
        Where the results are.
    as_of : str
        The day; blank for the edition's own.
    group, party : str
        Group whose States are shown, and the Party that sums speak of; blank for the group.
    language : str
        Language of titles and labels.

    Raises
    ------
    EvalkitError
        The edition was not computed for the day.
    """

    def __init__(
        self,
        edition: Edition,
        *,
        as_of: str = "",
        group: str = "WLD",
        party: str = "",
        language: str = "en",
    ) -> None:
        self.told = Report(edition, as_of=as_of, group=group, party=party, language=language)
        day = self.told.as_of
        days = choices.days(edition.results_of("gef-grants"))
        if day not in days:
            raise EvalkitError(
                f"Money and support are not computed for {day}.",
                reason=Reason.UNKNOWN_PARAMETER,
                where=edition.name,
                remedy=f"Give one of: {', '.join(days)}.",
            )
        state = {"as_of": day, "group": group, "party": party, "lang": language}
        self.page = Support(edition, urlencode(state))

    def head(self) -> DisplayObject:
        """Return which edition, day and group or Party the notebook shows, and their sum."""
        htmls = self.page.htmls
        said = "".join(htmls[name].value for name in ("headline", "listed"))
        return HTML(str(self.told.head().data) + said)

    def show(self, *names: str) -> None:
        """Show sections of the page: title, figure, remarks, source, table, files.

        Parameters
        ----------
        *names : str
            Sections, as map, other, ranking, years or flows.
        """
        for name in names:
            if name in self.page.htmls:  # a section without a figure
                display(HTML(self.page.htmls[name].value))
                continue
            display(HTML(self.page.htmls[f"{name}-a"].value))
            if name in self.page.outputs:
                display(self.page.outputs[name].outputs[0]["data"], raw=True)
            display(HTML(self.page.htmls[f"{name}-b"].value))
