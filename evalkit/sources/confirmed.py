"""One confirmed reading as an answer of the tidy table: codes checked, tonnes become kg."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from evalkit.reference.reporting_form import Question
from evalkit.sources import form_answers, form_values
from evalkit.sources.convert import LARGEST

_HARMLESS = {"unit_supposed", "other_unit", "day_in_words"}
_KG = {"t": 1000, "kg": 1}


def as_answer(question: Question, row: Mapping[str, str]) -> tuple[dict[str, object] | None, str]:
    """Return answer, value, unit and text of one confirmed reading, or what is wrong with it.

    Parameters
    ----------
    question : Question
        What was asked.
    row : mapping
        `answer`, `value` with `unit` as the form has them, `text`, and `corrected_answer`,
        which stands in place of the answer (of the text, where text is asked).

    Returns
    -------
    answer : dict or None
        Masses in kg; None where it can't be taken.
    wrong : str
        One sentence, empty when there is an answer.

    Examples
    --------
    >>> from evalkit.reference.reporting_form import questions
    >>> mined = next(q for q in questions("mc-1-8") if q.id == "3.1.c")
    >>> cells = dict.fromkeys(("answer", "unit", "text", "corrected_answer"), "")
    >>> as_answer(mined, {**cells, "value": "12.5", "unit": "t"})[0]
    {'answer': '', 'value': 12500.0, 'unit': 'kg', 'text': ''}
    """
    found = {"answer": row["answer"], "value": row["value"], "unit": row["unit"]}
    text = row["text"]
    if row["corrected_answer"]:
        corrected, text = _corrected(question, row["corrected_answer"], text)
        if corrected is None:
            return None, f"corrected_answer is {row['corrected_answer']!r}, and is no answer to it"
        found = corrected
    if question.answer_type == "number":
        return _number(question, found["value"], found["unit"], text)
    wrong = _wrong(question, found["answer"])
    if wrong or not (found["answer"] or text):
        return None, wrong or f"The answer to {question.id} is blank"
    return {"answer": found["answer"], "value": float("nan"), "unit": "", "text": text}, ""


def _corrected(question: Question, told: str, text: str) -> tuple[dict[str, str] | None, str]:
    if question.answer_type in ("text", "file"):
        return {"answer": "", "value": "", "unit": ""}, told
    if question.choices:
        parts = [form_values.choice(part, question.choices) for part in re.split(r"[|;\n]", told)]
        codes = {part.told for part in parts}
        if "" in codes or any(part.rest or part.doubts for part in parts):
            return None, text
        chosen = "|".join(code for code in question.choices if code in codes)
        return {"answer": chosen, "value": "", "unit": ""}, text
    is_number = question.answer_type == "number"
    value = form_values.number(told, question.unit) if is_number else form_values.day(told)
    if not value.told or value.rest or set(value.doubts) - _HARMLESS:
        return None, text
    if is_number:
        return {"answer": "", "value": value.told, "unit": value.unit}, text
    return {"answer": value.told, "value": "", "unit": ""}, text


def _wrong(question: Question, answer: str) -> str:
    kind = question.answer_type
    if not answer:
        return ""
    if question.choices:
        codes = answer.split("|")
        if strays := [code for code in codes if code not in question.choices]:
            allowed = ", ".join(question.choices)
            return f"answer is {strays[0]!r}, and may be: {allowed}"
        if form_answers.contradict(question, codes):
            return f"answer is {answer!r}: choices that exclude each other"
    elif kind in ("date", "month") and form_values.day(answer).told != answer:
        return f"answer is {answer!r}, which is no day"
    elif kind in ("text", "file"):
        return f"answer is {answer!r}, and text is asked"
    return ""


def _number(
    question: Question, value: str, unit: str, text: str
) -> tuple[dict[str, object] | None, str]:
    if not value and text:
        return {"answer": "", "value": float("nan"), "unit": "", "text": text}, ""
    if not re.fullmatch(r"\d+(\.\d+)?([eE]\+?\d+)?", value):
        return None, f"value is {value!r}, which is no plain number"
    allowed = ("t", "kg") if question.unit in _KG else (question.unit,)
    if unit not in allowed:
        return None, f"unit is {unit!r}, and may be: {', '.join(allowed)}"
    mass = question.unit in _KG
    number = float(Decimal(value) * _KG[unit]) if mass else float(value)
    if number >= LARGEST:
        return None, f"value is {value}, too large to be told from the next number"
    unit = "kg" if mass else unit
    return {"answer": "", "value": number, "unit": unit, "text": text}, ""
