"""Finding whole words in free text, whatever their case and accents; what is shown is escaped."""

from __future__ import annotations

import html
import re
import unicodedata

import pandas as pd

from evalkit.reference import entities

AROUND = 110  # characters of text shown on each side of the first word found


def folded(said: str) -> tuple[str, list[int]]:
    """Return a text without case and accents, and for each of its characters its old place.

    Examples
    --------
    >>> folded("Été")[0], folded("Straße")[1]
    ('ete', [0, 1, 2, 3, 4, 4, 5])
    """
    plain: list[str] = []
    place: list[int] = []
    for index, letter in enumerate(said):
        parts = unicodedata.normalize("NFKD", letter).casefold()
        kept = [part for part in parts if not unicodedata.combining(part)]
        plain += kept
        place += [index] * len(kept)
    return "".join(plain), place


def _words(wanted: str) -> list[re.Pattern[str]]:
    found = re.findall(r"\w+", folded(wanted)[0])
    return [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in dict.fromkeys(found)]


def find(rows: pd.DataFrame, wanted: str, column: str = "text") -> pd.DataFrame:
    """Return the rows whose text holds every word wanted, as a whole word.

    Parameters
    ----------
    rows : DataFrame
        Has the column.
    wanted : str
        Words; signs between them do not matter. Without a word, every row with a text.
    column : str
        Where the text is.
    """
    with_text = rows[rows[column].fillna("") != ""]
    words = _words(wanted)
    if not words:
        return with_text
    plain = [folded(said)[0] for said in with_text[column]]
    return with_text[[all(word.search(said) for word in words) for said in plain]]


def marked(said: str, wanted: str, around: int = AROUND) -> str:
    """Return a text as HTML, escaped, shortened around the first word found, words marked.

    Examples
    --------
    >>> marked("<b>Mercure</b> élémentaire", "ELEMENTAIRE mercure")
    '&lt;b&gt;<mark>Mercure</mark>&lt;/b&gt; <mark>élémentaire</mark>'
    """
    plain, place = folded(said)
    spans = sorted(
        (place[hit.start()], place[hit.end() - 1] + 1)
        for word in _words(wanted)
        for hit in word.finditer(plain)
    )
    first = max(0, spans[0][0] - around) if spans else 0
    last = min(len(said), (spans[0][1] if spans else around) + around)
    out, at = ["… " if first else ""], first
    for start, end in spans:
        if start >= at and end <= last:
            out += [html.escape(said[at:start]), f"<mark>{html.escape(said[start:end])}</mark>"]
            at = end
    out += [html.escape(said[at:last]), " …" if last < len(said) else ""]
    return "".join(out)


def listed(rows: pd.DataFrame, wanted: str, language: str = "en") -> str:
    """Return texts as an HTML list, each with its Party, its file and its line.

    Parameters
    ----------
    rows : DataFrame
        Columns party, text and origin.
    wanted : str
        The words that are marked.
    language : str
        Language of the names of Parties.
    """
    items = [
        f"<li><b>{html.escape(entities.titles(language)[row.party])}</b> "
        f'<span dir="auto">{marked(row.text, wanted)}</span> '
        f"<small>{html.escape(row.origin)}</small></li>"
        for row in rows.itertuples()
    ]
    return f'<ul class="evalkit-texts">{"".join(items)}</ul>' if items else ""
