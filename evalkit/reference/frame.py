"""What the frame of a live page says, before there is a kernel: written for its template.

The dashboard's own words come from its kernel. Those of the frame are needed earlier, by Jinja
and by the page's script: `tools/make_reference.py` writes both files from the catalogues.
"""

from __future__ import annotations

import json

from evalkit.reference import locales
from evalkit.reference.texts import ENGLISH, catalogue, languages, text

# The dashboards in the order of the bar.
PAGES = (
    "overview",
    "reporting",
    "scorecard",
    "party",
    "gold-mining",
    "emissions",
    "support",
    "knowledge",
)
_PREFIX = "frame."
_ABOUT = (
    "{#- Made by tools/make_reference.py from data/texts/en/frame.po: every word that the frame"
    "\n    of a page says in English. Other languages are in static/texts.js. -#}\n"
)
_SAID = "/* Made by tools/make_reference.py from data/texts: what the frame of a page says. */\n"


def words(language: str = ENGLISH) -> dict[str, str]:
    """Return the texts of the frame in a language, by key without `frame.`.

    Examples
    --------
    >>> words()["retry"]
    'Try again'
    """
    names = [key.removeprefix(_PREFIX) for key in catalogue(ENGLISH) if key.startswith(_PREFIX)]
    return {name: text(f"frame.{name}", language) for name in names}


def template() -> str:
    """Return texts.html.j2: the English words, and the dashboards in the order of the bar."""
    told = json.dumps(words(), ensure_ascii=False, indent=2)
    pages = json.dumps(PAGES)
    chosen = json.dumps([_language(one) for one in languages()], ensure_ascii=False)
    sets = {"texts": told, "pages": pages, "languages": chosen}
    return _ABOUT + "".join(f"{{%- set {name} = {said} -%}}\n" for name, said in sets.items())


def script() -> str:
    """Return static/texts.js: the words of all languages, with their directions."""
    told = {one: {**_language(one), "texts": words(one)} for one in languages()}
    return f"{_SAID}window.evalkitTexts = {json.dumps(told, ensure_ascii=False, indent=1)};\n"


def _language(code: str) -> dict[str, str]:
    return {"code": code, "name": locales.own_name(code), "dir": locales.direction(code)}
