"""From the place where an answer stands in a form to the answer, with its doubts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evalkit.reference.questions import Question
from evalkit.sources import form_values
from evalkit.sources.form_rows import BOLD, STRUCK, TRACKED, Cell

_TICKED = re.compile(
    r"[\u2611\u2612\u25a0\u25c9\u25cf\u2713\u2714\u2717\u2718\U0001f5f9\u22a0]"
    r"|\[\s*[xX\u2713\u2714]\s*\]|\(\s*[xX\u2713\u2714]\s*\)"
)
_EMPTY = re.compile(r"[\u2610\u25a1\u25a2\u25cb\u25ef]|\[[ _]{0,3}\]|\([ _]{1,3}\)")
_BOX = re.compile(f"(?P<ticked>{_TICKED.pattern})|(?P<empty>{_EMPTY.pattern})")
_ANSWER = re.compile(r"\s*(?:answer|réponse|reponse|respuesta|ответ)\s*:\s*", re.I)
_COMMENT = re.compile(
    r"(?:^|\n)[ \t]*(?:comments?|explanation|remarks|commentaires?|comentarios?|"
    r"observations?|explanations?)\s*:[ \t]*",
    re.I,
)
_BLANK = re.compile(r"^[\s_.…]*$")
_SEPARATORS = re.compile(r"[\s/|,;.:()\[\]]+")


@dataclass(frozen=True, slots=True)
class Found:
    """An answer as it was found: choices by code, a number as written with its unit, a day."""

    answer: str = ""
    value: str = ""
    unit: str = ""
    text: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was answered."""
        return not (self.answer or self.value or self.text or "contradiction" in self.doubts)


def read(question: Question, cell: Cell) -> Found:
    """Return the answer that stands in a piece of a form.

    Parameters
    ----------
    question : Question
        What is asked; a heading has no answer.
    cell : Cell
        The text of the place where the answer stands, with its types.

    Returns
    -------
    Found
        `Found.is_blank` where nothing was answered.
    """
    edited: tuple[str, ...] = ("tracked",) if TRACKED in cell.style else ()
    edited += ("struck_text",) if STRUCK in cell.style else ()
    if label := _ANSWER.match(cell.text):
        cell = cell.part(label.end())
    kind = question.answer_type
    if kind in ("text", "file"):
        text = _without_struck(cell).strip()
        return Found(text="" if _BLANK.match(text) else text, doubts=edited)
    own, comment = _split_comment(cell)
    found = _choices(question, own) if question.choices else _entry(question, own)
    text = "\n".join(filter(None, (found.text, comment)))
    if text and not (found.answer or found.value or found.doubts):
        found = Found(doubts=("unmarked",))
    if "struck" in found.doubts:  # it is told already, and says more
        edited = tuple(one for one in edited if one != "struck_text")
    doubts = found.doubts + (edited if text or not found.is_blank else ())
    return Found(found.answer, found.value, found.unit, text, doubts)


def _without_struck(cell: Cell) -> str:
    if STRUCK not in cell.style:
        return cell.text
    return "".join(c for c, type_ in zip(cell.text, cell.style, strict=True) if type_ != STRUCK)


def _split_comment(cell: Cell) -> tuple[Cell, str]:
    hit = _COMMENT.search(cell.text)
    if not hit:
        return cell, ""
    comment = _without_struck(cell.part(hit.end())).strip()
    return cell.part(0, hit.start()), "" if _BLANK.match(comment) else comment


def _entry(question: Question, cell: Cell) -> Found:
    text = _without_struck(cell).strip()
    if question.answer_type != "number":
        if _BLANK.match(text):
            return Found()
        day = form_values.day(text)
        return Found(answer=day.told, text=day.rest, doubts=day.doubts)
    if form_values.is_unit(text):
        return Found()
    number = form_values.number(text, question.unit)
    unit = number.unit if number.told else ""
    return Found(value=number.told, unit=unit, text=number.rest, doubts=number.doubts)


def _choices(question: Question, cell: Cell) -> Found:
    boxes = list(_BOX.finditer(cell.text))
    if boxes and any(label.told for label in _labels(question, cell, boxes)):
        return _ticked(question, cell, boxes)
    return _worded(question, cell, boxes)


# --- boxes ------------------------------------------------------------------------------------


def _labels(question: Question, cell: Cell, boxes: list[re.Match[str]]) -> list[form_values.Value]:
    """Return the choice beside each box; `told` is empty where the words are none."""
    if _words_lead(question, cell, boxes):  # "Yes [x]  No [ ]"
        starts = [0, *(box.end() for box in boxes[:-1])]
        pieces = [cell.text[a : box.start()] for a, box in zip(starts, boxes, strict=True)]
    else:
        ends = [*(box.start() for box in boxes[1:]), len(cell.text)]
        pieces = [cell.text[box.end() : b] for box, b in zip(boxes, ends, strict=True)]
    return [_labelled(piece, question.choices) for piece in pieces]


def _words_lead(question: Question, cell: Cell, boxes: list[re.Match[str]]) -> bool:
    before = cell.text[: boxes[0].start()].strip()
    return bool(before) and bool(form_values.choice(before, question.choices).told)


def _outside(question: Question, cell: Cell, boxes: list[re.Match[str]]) -> str:
    """Return the text that is beside no box: before the first, or after the last."""
    if _words_lead(question, cell, boxes):
        return cell.text[boxes[-1].end() :].strip()
    return cell.text[: boxes[0].start()].strip()


def _labelled(piece: str, choices: tuple[str, ...]) -> form_values.Value:
    """Return the choice that a piece begins with; its further lines are text beside it."""
    line, _, further = piece.strip().partition("\n")
    whole = form_values.choice(" ".join(piece.split()), choices)
    if whole.told and not whole.rest:
        return whole  # a label that runs over a line
    value = form_values.choice(line, choices)
    rest = "\n".join(filter(None, (value.rest if value.told else line, further.strip())))
    return form_values.Value(value.told, rest=rest.strip(" /|"), doubts=value.doubts)


def _ticked(question: Question, cell: Cell, boxes: list[re.Match[str]]) -> Found:
    labels = _labels(question, cell, boxes)
    pairs = list(zip(boxes, labels, strict=True))
    marked = {label.told for box, label in pairs if box.group("ticked") and label.told}
    chosen = [code for code in question.choices if code in marked]
    doubts = {doubt for box, label in pairs if box.group("ticked") for doubt in label.doubts}
    stray = any(box.group("ticked") and not label.told for box, label in pairs)
    if any(box.group("ticked") and len(box.group()) > 1 for box in boxes):
        doubts.add("typed_box")
    if stray or question.contradicts(chosen):
        doubts.add("contradiction")
    outside = _outside(question, cell, boxes)
    text = "\n".join(filter(None, [*(label.rest for label in labels), outside]))
    if not chosen and not stray:
        return Found(text=text)
    return Found(answer="|".join(chosen), text=text, doubts=tuple(doubts))


# --- words without boxes ----------------------------------------------------------------------


def _worded(question: Question, cell: Cell, boxes: list[re.Match[str]]) -> Found:
    text = _without_struck(cell).strip()
    if _BLANK.match(text):
        return Found()
    listed = _listed(question, cell)
    if {code for code, _ in listed} == set(question.choices):
        return _told_by_type(question, listed)
    if len(boxes) == 1 and boxes[0].group("ticked"):
        return Found(text=text, doubts=("no_choice",))
    value = form_values.choice(text.replace("\n", " \n"), question.choices)
    if value.told:
        how = "word_and_text" if value.rest else "word"
        return Found(value.told, text=value.rest, doubts=(*value.doubts, how))
    several = [form_values.choice(piece, question.choices) for piece in re.split(r"[;|\n]", text)]
    codes = {one.told for one in several}
    if "" not in codes and question.answer_type == "multi_choice":
        chosen = [code for code in question.choices if code in codes]
        wrong = ("contradiction",) if question.contradicts(chosen) else ()
        return Found("|".join(chosen), doubts=("word", *wrong))
    return Found(text=text, doubts=("no_choice",))


def _listed(question: Question, cell: Cell) -> list[tuple[str, str]]:
    """Return choice and type of each word, where the text is a list of choices and no more."""
    found, start = [], 0
    for hit in re.finditer(r"\s*[/|\n]\s*|\s{2,}|$", cell.text):
        piece = cell.part(start, hit.start())
        start = hit.end()
        word = _SEPARATORS.sub(" ", piece.text).strip()
        if not word:
            continue
        value = form_values.choice(word, question.choices)
        if not value.told or value.rest:
            return []
        types = {type_ for c, type_ in zip(piece.text, piece.style, strict=True) if c.isalnum()}
        found.append((value.told, next(iter(types)) if len(types) == 1 else ""))
    return found


def _told_by_type(question: Question, listed: list[tuple[str, str]]) -> Found:
    """Return what is left of "Yes / No" where one is struck out, or one is bold."""
    left = [code for code, type_ in listed if type_ != STRUCK]
    bold = [code for code, type_ in listed if type_ == BOLD]
    if len(left) < len(listed) and left:
        chosen, doubt = left, "struck"
    elif bold and len(bold) < len(listed):
        chosen, doubt = bold, "bold"
    else:
        return Found()  # the printed choices, and none marked
    chosen = [code for code in question.choices if code in chosen]
    wrong = ("contradiction",) if question.contradicts(chosen) else ()
    return Found("|".join(chosen), doubts=(doubt, *wrong))
