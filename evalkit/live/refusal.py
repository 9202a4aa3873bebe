"""The page for a visitor beyond the limit: why, until when, and where the same can be read."""

from __future__ import annotations

from typing import Any

from evalkit.reference import locales
from evalkit.reference.texts import languages, text


def refusal(handler: Any, offline: str) -> str:
    """Return the page in the language of the reader.

    Parameters
    ----------
    handler : BaseVoilaHandler
        Renders templates of Voilà.
    offline : str
        Address of the offline folder; blank where none is published beside the server.

    Returns
    -------
    str
        A whole page of HTML.
    """
    language = language_of(
        handler.get_query_argument("lang", ""), handler.request.headers.get("Accept-Language", "")
    )
    return str(
        handler.render_template(
            "refused.html",
            lang=language,
            dir=locales.direction(language),
            again=handler.request.uri,
            offline=offline,
            said={name: text(f"live.{name}", language) for name in _said(offline)},
        )
    )


def _said(offline: str) -> tuple[str, ...]:
    shared = ("full_title", "full_what", "full_when", "try_again")
    return (*shared, "offline_here", "offline_open") if offline else (*shared, "offline_ask")


def language_of(asked: str, accepted: str) -> str:
    """Return the language of a reader: asked for in the address, else of the browser.

    Parameters
    ----------
    asked : str
        ``lang`` of the address.
    accepted : str
        The browser's list, as ``fr-CH, fr;q=0.9, en;q=0.8``; the first that there is counts.

    Examples
    --------
    >>> language_of("", "xx, en-GB;q=0.8"), language_of("xx", "")
    ('en', 'en')
    """
    wanted = [asked, *(each.split(";")[0] for each in accepted.split(","))]
    codes = [each.strip().split("-")[0].lower() for each in wanted]
    return next((code for code in codes if code in languages()), "en")
