"""The parameters a notebook may have: their names, and what each may be.

papermill only logs a misspelt parameter and runs the default; here it is refused, with the
closest right name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches

from evalkit.errors import EvalkitError, Reason, RunError
from evalkit.reference import entities, texts
from evalkit.reference.rows import by

Check = Callable[[str], str]


def _edition(value: str) -> str:
    return value


def _day(value: str) -> str:
    return date.fromisoformat(value).isoformat() if value else value


def _group(value: str) -> str:
    if value not in entities.groups():
        raise ValueError(f"one of: {', '.join(entities.groups())}")
    return value


def _party(value: str) -> str:
    if value not in entities.states():
        raise ValueError("an ISO3 code, as GHA")
    return value


def _language(value: str) -> str:
    if value not in texts.languages():
        raise ValueError(f"one of: {', '.join(texts.languages())}")
    return value


def _year(value: str) -> str:
    if not (value.isdecimal() and len(value) == 4):
        raise ValueError("a year, as 2015")
    return value


def _inventory(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9.@-]+", value):
        raise ValueError("an inventory, as gma-2018")
    return value


def _indicator(value: str) -> str:
    if value not in by("indicators.csv", "id"):
        raise ValueError("an id of data/reference/indicators.csv, as reporting-rate")
    return value


def _parties(value: str) -> str:
    for one in value.split(","):
        _party(one)
    return value


def _indicators(value: str) -> str:
    for one in value.split(","):
        _indicator(one)
    return value


KNOWN: dict[str, tuple[Check, str]] = {
    "edition": (_edition, "the name or path of an edition"),
    "as_of": (_day, "a day as 2020-12-31, or blank for the edition's own"),
    "group": (_group, "a group of Parties"),
    "party": (_party, "a Party"),
    "parties": (_parties, "Parties with commas, as GHA,PER"),
    "indicator": (_indicator, "an indicator"),
    "indicators": (_indicators, "indicators with commas, as gef-grants,reporting-rate"),
    "inventory": (_inventory, "an inventory of emissions"),
    "year": (_year, "a year"),
    "language": (_language, "a language"),
}


def checked(
    notebook: str, declared: Mapping[str, str], given: Mapping[str, object]
) -> dict[str, str]:
    """Return the parameters to run a notebook with, or refuse them.

    Parameters
    ----------
    notebook : str
        Its name, for messages.
    declared : mapping of str to str
        The parameters of its `parameters` cell with their defaults.
    given : mapping of str to object
        What the caller asks for.

    Returns
    -------
    dict of str to str
        Every declared parameter with its value.

    Raises
    ------
    RunError
        A name is not declared, or a value is of the wrong type or not allowed.

    Examples
    --------
    >>> checked("tour", {"as_of": ""}, {"as_off": "2020-01-01"})
    Traceback (most recent call last):
    ...
    evalkit.errors.RunError: The notebook tour has no parameter 'as_off'. ...: as_of.
    """
    values = dict(declared)
    for name, value in given.items():
        if name not in declared:
            near = get_close_matches(name, list(declared), n=1, cutoff=0.3) or list(declared)
            raise RunError(
                f"The notebook {notebook} has no parameter {name!r}.",
                reason=Reason.UNKNOWN_PARAMETER,
                remedy=f"Did you mean: {', '.join(near)}." if near else "It takes none.",
            )
        # The notebook's own default is one that it can take, as a Party left blank.
        values[name] = value if value == declared[name] else _value(notebook, name, value)
    return values


def _value(notebook: str, name: str, value: object) -> str:
    check, means = KNOWN[name]
    if not isinstance(value, str):
        raise _wrong(notebook, name, value, means)
    try:
        return check(value)
    except (ValueError, EvalkitError) as error:
        raise _wrong(notebook, name, value, f"{means} ({error})") from error


def _wrong(notebook: str, name: str, value: object, means: str) -> RunError:
    return RunError(
        f"The parameter {name} of the notebook {notebook} can't be {value!r}.",
        reason=Reason.WRONG_TYPE,
        remedy=f"Give {means}.",
    )
