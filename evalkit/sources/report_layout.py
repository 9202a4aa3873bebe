"""The layout of the workbook in which a Party can fill in its report: what writer and reader share.

Row 1 of each answer sheet is hidden and holds the names of `COLUMNS`; the hidden sheet
`MARK` says version, cycle and language, and lists the questions. So the reader needs no label.
"""

from __future__ import annotations

from functools import cache

from evalkit.errors import EvalkitError, Reason
from evalkit.reference.questions import Question
from evalkit.reference.rows import rows

MARK, LISTS = "evalkit", "lists"  # hidden sheets
LAYOUT = "evalkit-report-template-1"
COLUMNS = ("question", "gist", "answer", "unit", "remarks")
FIELDS = ("party", "received")  # of the first sheet
START_ROW = 12  # row of the first sheet on which the fields begin
CHOSEN, WRITTEN = ("yes_no", "choice"), ("text", "file")


@cache
def languages() -> tuple[str, ...]:
    """Return the languages of the workbook's own texts."""
    return tuple(dict.fromkeys(row["language"] for row in rows("template_texts.csv")))


@cache
def _texts() -> dict[tuple[str, str], str]:
    return {(r["key"], r["language"]): r["text"] for r in rows("template_texts.csv")}


def wording(key: str, language: str, **values: str) -> str:
    """Return a text of the workbook.

    Parameters
    ----------
    key, language : str
        As in data/reference/template_texts.csv.
    **values : str
        What its braces stand for.

    Raises
    ------
    EvalkitError
        There are no texts in that language; names those there are.

    Examples
    --------
    >>> wording("col_answer", "fr")
    'Réponse'
    """
    if language not in languages():
        raise EvalkitError(
            f"The workbook has no texts in the language {language!r}.",
            reason=Reason.UNKNOWN_PARAMETER,
            remedy=f"Languages: {', '.join(languages())}.",
        )
    return _texts()[key, language].format(**values)


def sheet_title(question: Question, language: str) -> str:
    """Return the name of the sheet on which a question stands: its article, else its part."""
    if question.article:
        return wording("sheet_article", language, article=question.article)
    return wording("sheet_part", language, part=question.part)
