"""Numbers, days, plurals and the order of names in a language, from the Unicode CLDR.

Babel carries that data. Numerals are Western in every language, in Arabic as well: that is how
sources, downloads and addresses have them, and a figure must be findable in each.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from babel import Locale

# Plain English writes the day before the month, as the documents of the Convention do.
_LOCALES = {"en": "en_001"}
# Forms of gettext in their order, named as the CLDR names them. A number of a form that is not
# here (French and Spanish whole millions, Russian fractions) takes the last one.
FORMS = {
    "ar": ("zero", "one", "two", "few", "many", "other"),
    "ru": ("one", "few", "many"),
    "zh": ("other",),
}
_TWO = ("one", "other")


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of numbers in a language, and what stands around a percentage."""

    decimal: str
    group: str
    minus: str
    plus: str
    percent: str


@cache
def locale(language: str) -> Locale:
    """Return what the CLDR knows of a language."""
    from babel import Locale

    return Locale.parse(_LOCALES.get(language, language))


@cache
def _signs(language: str) -> Signs:
    found = locale(language).number_symbols["latn"]
    pattern = locale(language).percent_formats[None].pattern
    # English has no blank there; ours has the one of the International System of Units.
    blank = " " if language == "en" else pattern.split("0")[-1].rstrip("%")
    return Signs(
        decimal=found["decimal"],
        group=found["group"],
        minus=found["minusSign"],
        plus=found["plusSign"],
        percent=f"{blank}{found['percentSign']}",
    )


def number(value: float, form: str = ",.0f", language: str = "en") -> str:
    """Return a number as a language writes it.

    Parameters
    ----------
    value : float
        Any number.
    form : str
        How Python would write it, as ``,.1f`` or ``+.4g``.
    language : str
        Language whose signs are used.

    Examples
    --------
    >>> number(12345.678, ",.1f"), number(12345.678, ",.1f", "es")
    ('12,345.7', '12.345,7')
    """
    signs = _signs(language)
    marks = {",": signs.group, ".": signs.decimal, "-": signs.minus, "+": signs.plus}
    return "".join(marks.get(one, one) for one in format(value, form))


def percent(fraction: float, form: str = ".1f", language: str = "en") -> str:
    """Return a fraction as a percentage.

    Examples
    --------
    >>> percent(0.798), percent(0.798, language="zh")
    ('79.8 %', '79.8%')
    """
    return number(fraction * 100, form, language) + _signs(language).percent


def separators(language: str) -> str:
    """Return the sign before decimals and the one between thousands, as plotly takes them."""
    return _signs(language).decimal + _signs(language).group


def day(when: date, language: str = "en") -> str:
    """Return a day in words.

    Examples
    --------
    >>> from datetime import date
    >>> day(date(2020, 10, 2), "fr"), day(date(2020, 10, 2), "zh")
    ('2 octobre 2020', '2020年10月2日')
    """
    from babel.dates import format_date

    return format_date(when, "long", locale=locale(language))


def forms(language: str) -> tuple[str, ...]:
    """Return the plural forms that a text has in a language, in the order of gettext.

    Examples
    --------
    >>> forms("en"), len(forms("ar")), forms("zh")
    (('one', 'other'), 6, ('other',))
    """
    return FORMS.get(language, _TWO)


def plural_form(count: int, language: str = "en") -> int:
    """Return the place, among `forms`, of the one that goes with a number.

    Examples
    --------
    >>> [plural_form(n, "ru") for n in (1, 2, 5, 11, 21, 22)]
    [0, 1, 2, 2, 0, 1]
    """
    has = forms(language)
    found = locale(language).plural_form(abs(count))
    return has.index(found) if found in has else len(has) - 1


def direction(language: str) -> str:
    """Return "rtl" for a language that runs from right to left, else "ltr"."""
    return locale(language).text_direction


def isolated(said: str, language: str) -> str:
    """Return words so that their direction leaves that of the text around them alone.

    In a language from right to left, words all of whose letters run from left to right are set
    between the signs FSI and PDI of Unicode, which do for plain text what `bdi` does in HTML.
    Words that hold letters of the language itself follow its own direction.
    """
    if direction(language) == "ltr":
        return said
    kinds = {unicodedata.bidirectional(one) for one in said}
    if "L" not in kinds or kinds & {"R", "AL"}:
        return said
    return f"\N{FIRST STRONG ISOLATE}{said}\N{POP DIRECTIONAL ISOLATE}"


def own_name(language: str) -> str:
    """Return what a language is called in itself, with a capital where it has capitals.

    Examples
    --------
    >>> own_name("fr"), own_name("zh")
    ('Français', '中文')
    """
    name = locale(language).language_name or language
    return name[:1].upper() + name[1:]


def order(name: str, language: str = "en") -> tuple[object, ...]:
    """Return the key by which names are sorted in a language.

    Case and accents do not matter; Russian й stays a letter of its own, after и. Arabic names
    are sorted without their article, as lists of the United Nations are. Chinese names are in
    the order of GB 2312, which is by pinyin for the 3,755 commonest characters and by radical
    for the others.

    Examples
    --------
    >>> sorted(["Zambie", "Équateur", "Gabon", "Égypte"], key=lambda one: order(one, "fr"))
    ['Égypte', 'Équateur', 'Gabon', 'Zambie']
    >>> sorted(["中国", "阿根廷", "巴西"], key=lambda one: order(one, "zh"))
    ['阿根廷', '巴西', '中国']
    """
    if language == "zh":
        return (name.encode("gb18030", "replace"), name)
    plain = name.casefold()
    if language == "ru":
        return (plain.replace("\N{CYRILLIC SMALL LETTER IO}", "\N{CYRILLIC SMALL LETTER IE}"), name)
    letters = unicodedata.normalize("NFKD", plain)
    folded = "".join(one for one in letters if not unicodedata.combining(one))
    if language == "ar":
        folded = folded.removeprefix("ال")
    return (folded, name)
