"""Reading the input files of a build and joining them into one set of tidy tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pandas as pd

from evalkit import tables
from evalkit.editions import links, simulated
from evalkit.editions.inputs import Input, Role
from evalkit.errors import EvalkitError, Failure, FileRefusedError, Reason, refuse_table
from evalkit.sources import check, corrections
from evalkit.sources.corrections import Correction
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


def read(inputs: list[Input], *, set_apart: bool = False) -> Joined:
    """Read all inputs and join them into one set of tidy tables.

    Parameters
    ----------
    inputs : list of Input
        The files.
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
    joined = _joined(split.loaded, apart)
    told = [failure for one in split.loaded.values() for failure in one.failures]
    return Joined(
        joined,
        {name: _counted(one, apart.rows[name]) for name, one in split.loaded.items()},
        tuple([*refused, *told, *apart.failures]),
        split.left_out,
        split.simulated,
        split.replaced,
    )


def _loaded(
    inputs: list[Input], declared: list[Correction], set_apart: bool
) -> tuple[dict[str, Loaded], list[Failure]]:
    """Read every file before any is refused, so that all that is wrong is told at once."""
    loaded: dict[str, Loaded] = {}
    errors: list[EvalkitError] = []
    refused: list[Failure] = []
    for item in inputs:
        if item.is_correction:
            continue
        lenient = set_apart and item.role is not Role.OWN
        try:
            loaded[item.shown] = (check.check if lenient else check.read)(
                item.path, shown=item.shown, corrections=declared
            )
        except EvalkitError as error:
            if lenient and error.reason is not Reason.CORRECTION_EXPIRED:
                refused += _failures(error, item.shown)
            else:
                errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise _refusal(errors)
    return loaded, refused


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


def _joined(loaded: dict[str, Loaded], apart: links.SetApart) -> dict[str, pd.DataFrame]:
    """Return all tables whole and linked."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for content in loaded.values():
        for name, frame in content.tables.items():
            parts.setdefault(name, []).append(frame)
    joined = {}
    for name in tables.catalogue():
        frames = parts.get(name, [])
        if len(frames) > 1:
            joined[name] = apart.take(pd.concat(frames, ignore_index=True), links.repeats(name))
        else:
            joined[name] = frames[0] if frames else tables.empty(name)
    links.settle(joined, apart)
    return {name: tables.check(name, tables.tidy(name, rows)) for name, rows in joined.items()}


def _counted(one: Loaded, left_out: int) -> Loaded:
    """Return what a file gave with its counts after joining, so that they still add up."""
    if not left_out:
        return one
    moved = {"taken": one.control["taken"] - left_out}
    moved["set_apart"] = one.control["set_apart"] + left_out
    return replace(one, control=one.control | moved)
