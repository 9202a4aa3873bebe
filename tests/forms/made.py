"""A made report with every type of answer and every kind of troublesome text."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd

import evalkit
from evalkit import tables
from evalkit.cli import main
from evalkit.reference.questions import Question, questions
from evalkit.sources.loaded import Loaded

LATIN = (
    "He said \"no\", she said 'yes'",
    "<b>bold</b> & <script>alert(1)</script> &amp;",
    "=cmd|' /C calc'!A0",
    "+41 22 917 12 34",
    "-1 and @home",
    "'quoted' at the start",
    "Comma, semicolon; bar | slash / [x] and (X) as text",
    "Détails supplémentaires sur l'exécution à Genève, 2019 et 2020",
    "3.1 is answered above, 100 % of it",
    "A long text. " * 60,
)
OTHER = (
    "متن راست به چپ",
    "نعم، منذ عام 2019",
    "Меры приняты в 2019 году",
    "自2019年以来采取的措施 ☒",
    "First line\nsecond line: 12.5 t\n\nfourth line",
)
TONNES = (0.0, 1.0, 12_500.0, 12_345.0, 123.456, 1e9, 7.0)


def answer_to(question: Question, place: int, texts: tuple[str, ...]) -> dict[str, object]:
    """An answer that fits the type; every third has text beside it."""
    dice = random.Random(place)
    text = texts[place // 3 % len(texts)].strip()
    beside = text if place % 3 == 0 else ""
    row: dict[str, object] = {"question": question.id, "text": beside}
    if question.answer_type == "multi_choice":
        free = [one for one in question.choices if one not in ("no", "none", "no_source")]
        chosen = set(dice.sample(free, dice.randint(1, len(free))))
        return {**row, "answer": "|".join(one for one in question.choices if one in chosen)}
    if question.choices:
        return {**row, "answer": dice.choice(question.choices)}
    if question.answer_type == "number":
        value = TONNES[place % len(TONNES)]
        if question.unit == "t":
            return {**row, "value": value, "unit": "kg"}
        whole = round(value) if question.unit == "count" else value
        return {**row, "value": float(whole), "unit": question.unit}
    if question.answer_type in ("date", "month"):
        return {**row, "answer": ("2025-06", "2019-12-31")[place % 2]}
    return {**row, "text": text}


def report(texts: tuple[str, ...] = LATIN + OTHER, party: str = "GHA") -> pd.DataFrame:
    """The table `answers` of one Party that answers every question of a cycle."""
    asked = [q for q in questions("mc-1-8").values() if q.answer_type != "heading"]
    rows = [answer_to(question, place, texts) for place, question in enumerate(asked)]
    frame = pd.DataFrame(rows).assign(
        party=party,
        cycle="2021-full",
        format_version="mc-1-8",
        source="invented",
        basis="simulated",
        origin="made:1",
    )
    frame[["answer", "unit"]] = frame[["answer", "unit"]].fillna("")
    return tables.check("answers", tables.tidy("answers", frame))


def fill(path: Path, change: Callable[[dict[str, str]], None]) -> Path:
    """Change each row of a review sheet, as a person does: a workbook or a CSV."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading, *cells = list(csv.reader(file))
    else:
        book = openpyxl.load_workbook(path)
        heading, *cells = (list(row) for row in book["review"].iter_rows(values_only=True))
    for at, row in enumerate(cells):
        told = {name: cell or "" for name, cell in zip(heading, row, strict=True)}
        change(told)
        cells[at] = [told[name] for name in heading]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *cells])
        return path
    for at, row in enumerate(cells, start=2):
        for column, cell in enumerate(row, start=1):
            book["review"].cell(at, column).value = cell or None
    book.save(path)
    return path


def confirm(row: dict[str, str]) -> None:
    """Say yes to every reading, and give the day of receipt."""
    if row["question"] == "received_on":
        row["corrected_answer"] = "2021-11-03"
    elif row["party"]:
        row["confirmed"], row["confirmed_by"] = "yes", "A. Mensah"


def reviewed(form: Path, change: Callable[[dict[str, str]], None] = confirm) -> Loaded:
    """Read a form, write its review as a workbook, fill that in, read it."""
    sheet = form.parent / "review.xlsx"
    assert main(["review", str(form), "--out", str(sheet)]) == 0
    return evalkit.check(fill(sheet, change))
