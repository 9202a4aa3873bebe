"""What people write into a form as a number, a day or a choice, and how sure that is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher

from evalkit.reference.names import normal_form
from evalkit.reference.words import spellings, unit_spellings

# A ton may be a short one, and a dollar another's: a person confirms them, a table may not say so.
_LOOSE = {"ton": "t", "tons": "t", "mt": "t", "tonnes metriques": "t", "$": "USD"}
_UNITS = {**unit_spellings(), **_LOOSE}
_ENGLISH = "january february march april may june july august september october november december"
_FRENCH = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
_SPANISH = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_MONTHS = {
    **{name[:3]: place for place, name in enumerate(_ENGLISH.split(), start=1)},
    **{
        name: place
        for names in (_ENGLISH, _FRENCH, _SPANISH)
        for place, name in enumerate(names.split(), start=1)
    },
}

_NUMBER = re.compile(
    r"(?<![\w.,])[+-]?\d+(?:[.,]\d+|['\u2019 \u00a0\u202f]\d{3}(?!\d))*(?!\d|[eE][+-]?\d)"
)
_WORDS = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_UNIT_AFTER = re.compile(rf"\s*\(?\s*({_WORDS})(?!\w)\)?\.?(?:\s*\(metric tonnes\))?", re.I)
_UNIT_BEFORE = re.compile(r"(us\$|usd|\$)\s*$", re.I)
_ABOUT = re.compile(
    r"[~≈<>≤≥±%]|\b(about|approx\w*|circa|ca|around|environ|aproximadamente|"
    r"thousand|million|billion|mille|millions|mil|millones)\b",
    re.I,
)
_BLANK = r"[ '\u2019\u00a0\u202f]"
_GROUPS = re.compile(r"\d{1,3}(?:[,. '\u2019\u00a0\u202f]\d{3})+")
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_SLASHED = re.compile(r"(?:(\d{1,2})[/.])?(\d{1,2})[/.](\d{4})")
_NAMED = re.compile(r"(?:(\d{1,2})\.?\s+(?:de\s+)?)?([a-z]+)\.?,?\s+(?:de\s+)?(\d{4})")
_LETTER = re.compile(r"[a-z]$")
LIKE = 0.8  # closeness of the words beside a box to those of a choice, of 1


@dataclass(frozen=True, slots=True)
class Value:
    """What was understood: the value as text, its unit, what is left over, and the doubts."""

    told: str = ""
    unit: str = ""
    rest: str = ""
    doubts: tuple[str, ...] = ()


def is_unit(text: str) -> bool:
    """Tell whether a text is only the name of a unit, or a blank line to write on."""
    bare = text.strip(" _.…():-").lower()
    return not bare or bare in _UNITS or bare in ("number", "t (metric tonnes")


def number(text: str, asked: str) -> Value:
    """Return a number with its unit out of what somebody wrote.

    Parameters
    ----------
    text : str
        The answer, as ``12,5 tonnes`` or ``1 234 kg``.
    asked : str
        The unit the form asks for: t, kg, count or USD.

    Returns
    -------
    Value
        `told` is a plain decimal number, or empty where none can be taken.

    Examples
    --------
    >>> number("12,5 tonnes", "t").told, number("1 234 567", "t").told
    ('12.5', '1234567')
    >>> number("10-12 t", "t").doubts
    ('several_numbers',)
    """
    found = list(_NUMBER.finditer(text))
    if not found:
        return Value(rest=text.strip(), doubts=("no_number",))
    if len(found) > 1 or _ABOUT.search(text):
        return Value(rest=text.strip(), doubts=("several_numbers",))
    (hit,) = found
    told, doubts = _plain(hit.group())
    after = _UNIT_AFTER.match(text, hit.end())
    before = _UNIT_BEFORE.search(text[: hit.start()])
    unit = _UNITS[after.group(1).lower()] if after else ("USD" if before else "")
    rest = text[: before.start() if before else hit.start()]
    rest = f"{rest} {text[after.end() if after else hit.end() :]}".strip(" \n\t.;:,-")
    if not told:
        return Value(rest=text.strip(), doubts=doubts)
    if told.startswith("-") or _impossible(unit, asked):
        return Value(rest=text.strip(), doubts=("no_number",))
    if unit != asked and asked != "count":
        doubts += ("other_unit",) if unit else ("unit_supposed",)
    doubts += ("number_and_text",) if rest else ()
    return Value(told, unit or asked, rest, doubts)


def _impossible(unit: str, asked: str) -> bool:
    mass = {"t", "kg", "g"}
    return bool(unit) and unit != asked and not (unit in mass and asked in mass)


def _plain(found: str) -> tuple[str, tuple[str, ...]]:
    """Return a number with a decimal point and no other separator, and the doubts."""
    blanks = re.search(_BLANK, found)
    bare = re.sub(_BLANK, "", found)
    points, commas = bare.count("."), bare.count(",")
    if blanks and not _GROUPS.match(found):
        return "", ("several_numbers",)
    if not points and not commas:
        return f"{Decimal(bare):f}", ()
    last = max(bare.rfind("."), bare.rfind(","))
    if (points and commas) or points + commas == 1:
        decimals = bare[last + 1 :]
        whole = re.sub("[.,]", "", bare[:last])
        clear = len(decimals) != 3 or Decimal(whole) == 0 or bool(blanks) or bool(points and commas)
        thousands = not clear and bare[last] == ","
        told = f"{Decimal(whole + ('' if thousands else '.') + decimals):f}"
        return told, () if clear else ("separator",)
    doubts = () if _GROUPS.fullmatch(bare) else ("separator",)
    return f"{Decimal(re.sub('[.,]', '', bare)):f}", doubts


def day(text: str) -> Value:
    """Return a day or month as 2025-06-30 or 2025-06 out of what somebody wrote.

    Examples
    --------
    >>> day("2025-06").told, day("30 juin 2025").told, day("06/2025").told
    ('2025-06', '2025-06-30', '2025-06')
    >>> day("03/04/2025").doubts
    ('day_order',)
    """
    bare = text.strip()
    if hit := _ISO.fullmatch(bare):
        return _valid(text, hit.group(1), hit.group(2), hit.group(3) or "", ())
    if hit := _SLASHED.fullmatch(bare):
        first, second, year = (part or "" for part in hit.groups())
        if first and int(second) > 12:
            first, second = second, first
        unclear = first and int(first) <= 12 and first != second
        return _valid(text, year, second, first, ("day_order",) if unclear else ("day_in_words",))
    if hit := _NAMED.fullmatch(normal_form(bare)):
        month = _MONTHS.get(hit.group(2), 0)
        return _valid(text, hit.group(3), str(month), hit.group(1) or "", ("day_in_words",))
    return Value(rest=bare, doubts=("no_day",))


def _valid(text: str, year: str, month: str, day: str, doubts: tuple[str, ...]) -> Value:
    try:
        found = date(int(year), int(month), int(day or 1)).isoformat()
    except ValueError:
        return Value(rest=text.strip(), doubts=("no_day",))
    return Value(found if day else found[:7], doubts=doubts)


def choice(label: str, choices: tuple[str, ...]) -> Value:
    """Return the choice that the words beside a box stand for, and what follows them.

    Examples
    --------
    >>> choice("Oui", ("yes", "no")).told
    'yes'
    >>> choice("No, since 2019", ("yes", "no")).rest
    'since 2019'
    """
    known = spellings(choices)
    bare = normal_form(label)
    if bare in known:
        return Value(known[bare])
    # A single letter begins other sentences: Spanish "y", a list's "n".
    begun = [word for word in known if bare.startswith(f"{word} ") and not _LETTER.match(word)]
    if begun:
        word = max(begun, key=len)
        return Value(known[word], rest=_after(label, word))
    near = {word: SequenceMatcher(None, word, bare).ratio() for word in known if len(word) > 3}
    best = max(near, key=lambda word: near[word], default="")
    if best and len(bare) < 200 and near[best] >= LIKE:
        return Value(known[best], doubts=("label_near",))
    return Value(rest=label.strip())


def _after(label: str, word: str) -> str:
    """Return what stands in `label` after the words whose normal form is `word`."""
    for end in range(1, min(len(label), 4 * len(word) + 20) + 1):
        if normal_form(label[:end]) == word and not label[end : end + 1].isalnum():
            return label[end:].strip(" \t\n,.;:-\u2013\u2014")
    return ""
