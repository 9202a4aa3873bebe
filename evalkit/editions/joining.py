"""Reading the input files of a build and joining them into one set of tidy tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePath

import pandas as pd

from evalkit import tables
from evalkit.editions import depositary, links, restated, simulated, vintages
from evalkit.editions.inputs import Input, Role
from evalkit.errors import EvalkitError, Failure, FileRefusedError, Reason, refuse_table
from evalkit.reference import questions
from evalkit.sources import check, corrections
from evalkit.sources.corrections import Correction
from evalkit.sources.joined import BELONGS, moved_sums
from evalkit.sources.loaded import Loaded


@dataclass(frozen=True)
class Joined:
    """What the input files of a build give together.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Every table of the catalogue; without a file it is there with no row.
    loaded : dict of str to Loaded
        What each file gave, by its shown name.
    set_apart : tuple of Failure
        Rows and files that were not taken, with reason, place and remedy.
    left_out : tuple of str
        Files that were not used, since simulated reports are built alone.
    simulated : bool
        Whether reports among the tables are invented.
    replaced : bool
        Whether they stand in the place of the project's own reports.
    """

    tables: dict[str, pd.DataFrame]
    loaded: dict[str, Loaded]
    set_apart: tuple[Failure, ...] = ()
    left_out: tuple[str, ...] = field(default=())
    simulated: bool = False
    replaced: bool = False


def read(inputs: list[Input], day: str, *, set_apart: bool = False) -> Joined:
    """Read all inputs and join them into one set of tidy tables.

    Parameters
    ----------
    inputs : list of Input
        The files.
    day : str
        The edition's day: of several lists of projects it says which one counts.
    set_apart : bool
        Leave out bad rows and unknown files, and list them; else refuse all of it. The
        project's own files are refused either way.

    Returns
    -------
    Joined
        The tables, and what each file gave.

    Raises
    ------
    FileRefusedError, TableError
        Files can't be taken, a key stands in two files, or a row points to nothing. All that
        is wrong with any file is listed.
    EditionError
        Simulated reports and others are among the files.
    """
    declared = corrections.load((item.path, item.shown) for item in inputs if item.is_correction)
    loaded, refused = _loaded(inputs, declared, set_apart)
    _refuse_unused(declared, {*loaded, *(one.file for one in refused)})
    split = simulated.separate(loaded, {item.shown: item.role for item in inputs})
    further = {item.shown for item in inputs if item.role is not Role.OWN}
    apart = links.SetApart(further if set_apart else set())
    joined, again = _joined(split.loaded, day, apart)
    told = [failure for one in split.loaded.values() for failure in one.failures]
    return Joined(
        depositary.prefer(joined),
        {name: _counted(one, apart, name, again[name]) for name, one in split.loaded.items()},
        tuple([*refused, *told, *apart.failures]),
        split.left_out,
        split.simulated,
        split.replaced,
    )


def _loaded(
    inputs: list[Input], declared: list[Correction], set_apart: bool
) -> tuple[dict[str, Loaded], list[Failure]]:
    """Read every file before any is refused, so that all that is wrong is told at once.

    What says what reports are asked is read first: answers are checked against it. So are
    sources: a row of them may tell the day of a file that doesn't say it.
    """
    reading = _Reading(declared, set_apart)
    tabular = [item for item in inputs if not item.is_correction]
    first = [item for item in tabular if item.asks or item.may_hold_sources]
    reading.take(first)
    reading.formats, reading.days = _formats(reading.loaded), _days(reading.loaded)
    reading.take(item for item in tabular if item not in first)
    if len(reading.errors) == 1:
        raise reading.errors[0]
    if reading.errors:
        raise _refusal(reading.errors)
    order = [item.shown for item in tabular if item.shown in reading.loaded]
    return {shown: reading.loaded[shown] for shown in order}, reading.refused


@dataclass
class _Reading:
    declared: list[Correction]
    set_apart: bool
    formats: questions.Formats | None = None
    days: dict[str, str] = field(default_factory=dict)
    loaded: dict[str, Loaded] = field(default_factory=dict)
    errors: list[EvalkitError] = field(default_factory=list)
    refused: list[Failure] = field(default_factory=list)

    def take(self, items: Iterable[Input]) -> None:
        for item in items:
            lenient = self.set_apart and item.role is not Role.OWN
            try:
                self.loaded[item.shown] = (check.check if lenient else check.read)(
                    item.path,
                    shown=item.shown,
                    corrections=self.declared,
                    formats=self.formats,
                    as_of=self.days.get(PurePath(item.shown).name, ""),
                )
            except EvalkitError as error:
                if lenient and error.reason is not Reason.CORRECTION_EXPIRED:
                    self.refused += _failures(error, item.shown)
                else:
                    self.errors.append(error)


def _formats(loaded: dict[str, Loaded]) -> questions.Formats:
    """Return the questions and cycles that the inputs have."""
    told: dict[str, list[dict[str, object]]] = {"questions": [], "cycles": []}
    for one in loaded.values():
        for name in told.keys() & one.tables.keys():
            told[name] += one.tables[name].to_dict("records")
    return questions.formats(told["questions"], told["cycles"])


def _days(loaded: dict[str, Loaded]) -> dict[str, str]:
    """Return the day of each file that one row of sources names, and one alone."""
    frames = [one.tables["sources"] for one in loaded.values() if "sources" in one.tables]
    if not frames:
        return {}
    rows = pd.concat(frames, ignore_index=True)
    rows = rows[(rows["file"] != "") & rows["as_of"].notna()]
    alone = rows.drop_duplicates("file", keep=False)
    return dict(zip(alone["file"], alone["as_of"].dt.strftime("%Y-%m-%d"), strict=True))


def _failures(error: EvalkitError, shown: str) -> list[Failure]:
    whole = Failure(error.reason, error.what.rstrip("."), shown, None, "", error.remedy)
    return list(error.failures) or [whole]


def _refusal(errors: list[EvalkitError]) -> EvalkitError:
    """Return one error for several files, the reason and remedy being those of the first."""
    return refuse_table([failure for one in errors for failure in _failures(one, one.where)])


def _refuse_unused(declared: list[Correction], files: Iterable[str]) -> None:
    known = set(files)
    for one in declared:
        if one.file not in known and one.file.split("#")[0] not in known:
            raise FileRefusedError(
                f"A correction is declared for {one.file}, which is not among the inputs.",
                reason=Reason.CORRECTION_EXPIRED,
                where=one.declared_in,
                remedy="Correct the file's name in the entry, or remove the entry.",
            )


def _joined(
    loaded: dict[str, Loaded], day: str, apart: links.SetApart
) -> tuple[dict[str, pd.DataFrame], Counter[str]]:
    """Return all tables whole and linked, and how many rows of each file were told before."""
    parts = _parts(loaded)
    who = restated.publishers(parts.get("sources", []))
    joined, again = {}, Counter[str]()
    for name, table in tables.catalogue().items():
        frames = parts.get(name, [])
        if len(frames) > 1:
            rows = pd.concat(frames, ignore_index=True)
            known = restated.confirmed(table, rows, who, vintages.KEYS.get(name))
            if name != "sources":
                again.update(rows.loc[known, "_file"])
            rows = rows.drop(index=known).reset_index(drop=True)
            joined[name] = apart.take(rows, links.repeats(name, vintages.KEYS.get(name)))
        else:
            joined[name] = frames[0] if frames else tables.empty(name)
    lists = {file for file, one in loaded.items() if vintages.is_list(one)}
    if lists:
        joined["project_places"] = apart.take(
            joined["project_places"],
            partial(vintages.without_project, joined["projects"], lists=lists),
        )
    joined |= vintages.arranged(joined["projects"], joined["project_places"], day)
    links.settle(joined, apart)
    whole = {name: tables.check(name, tables.tidy(name, rows)) for name, rows in joined.items()}
    return whole, again


def _parts(loaded: dict[str, Loaded]) -> dict[str, list[pd.DataFrame]]:
    """Return the rows of each table, file by file, with the file's name in ``_file``."""
    own = vintages.restated_twice(loaded.values())
    parts: dict[str, list[pd.DataFrame]] = {}
    for file, content in loaded.items():
        for name in content.tables:
            rows = vintages.giving_way(name, content, own)
            parts.setdefault(name, []).append(rows.assign(_file=file))
    return parts


def _counted(one: Loaded, apart: links.SetApart, name: str, again: int) -> Loaded:
    """Return what a file gave with its counts and sums after joining, so that they still add up.

    What belongs to a row that the file holds as well is no row of its own.
    """
    control, totals = dict(one.control), dict(one.totals)
    gone = {table: apart.left_out(table, name) for table in one.tables}
    left_out = sum(
        len(rows) for table, rows in gone.items() if BELONGS.get(table, ("",))[0] not in one.tables
    )
    for table, rows in gone.items():
        totals = moved_sums(totals, table, rows)
    if left_out:
        control["taken"] -= left_out
        control["set_apart"] += left_out
    if again:
        control["confirmed"] = again
    return replace(one, control=control, totals=totals)
