"""The questions of the reporting format as a tree by article; each is a button of the page."""

from __future__ import annotations

import html
from typing import Any

import pandas as pd

from evalkit.reference.texts import text
from evalkit.reference.titles import title

PART = "part-"


def branches(questions: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the questions of one version by article, or by part of the form outside articles.

    Parameters
    ----------
    questions : DataFrame
        Rows of one version.

    Returns
    -------
    list of (str, DataFrame)
        Article, or `part-` and the letter of the part; in the order of the form.
    """
    ordered = questions.sort_values("position", kind="stable")
    name = ordered["article"].mask(ordered["article"] == "", PART + ordered["part"])
    return [(str(key), rows) for key, rows in ordered.groupby(name, sort=False)]


def branch_title(name: str, language: str = "en") -> str:
    """Return what a branch is called: its article with its title, or the part of the form."""
    if name.startswith(PART):
        return text(f"form.{name.removeprefix(PART)}", language)
    return text("form.article", language, article=name, title=title("article", name, language))


def depth(question: Any, parents: dict[str, str]) -> int:
    """Return how many questions a question is a part of, one inside the other."""
    seen: set[str] = set()
    at = question.question
    while (above := parents.get(at, "")) and above not in seen:
        seen.add(above)
        at = above
    return len(seen)


def tree(questions: pd.DataFrame, chosen: str, language: str = "en") -> str:
    """Return the tree as HTML; the branch of the chosen question stands open.

    Parameters
    ----------
    questions : DataFrame
        Rows of one version.
    chosen : str
        The question shown now.
    language : str
        Language of the texts.

    Returns
    -------
    str
        Buttons with `data-evalkit-pick`; a heading has none.
    """
    parents = dict(zip(questions["question"], questions["parent"], strict=True))
    parts = []
    for name, rows in branches(questions):
        items = "".join(
            _item(row, chosen, depth(row, parents), language) for row in rows.itertuples()
        )
        opened = " open" if chosen in set(rows["question"]) else ""
        asked = int((rows["answer_type"] != "heading").sum())
        said = f"{html.escape(branch_title(name, language))} <small>({asked})</small>"
        parts.append(f"<details{opened}><summary>{said}</summary><ul>{items}</ul></details>")
    label = html.escape(text("form.tree", language))
    return f'<nav class="evalkit-tree" aria-label="{label}">{"".join(parts)}</nav>'


def _item(row: Any, chosen: str, inside: int, language: str) -> str:
    titled = title("question", row.question, language, given=row.title)
    said = f"<b>{html.escape(row.question)}</b> {html.escape(titled)}"
    style = f' style="padding-inline-start:{inside * 18}px"'
    if row.answer_type == "heading":
        return f"<li{style}><span>{said}</span></li>"
    current = ' aria-current="true"' if row.question == chosen else ""
    name = html.escape(row.question, quote=True)
    return (
        f'<li{style}><button type="button" data-evalkit-pick="{name}"{current}>{said}</button></li>'
    )
