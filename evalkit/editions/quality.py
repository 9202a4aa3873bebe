"""The report on quality of a load: what was read and set apart, what is missing, what is doubtful.

Nothing here changes a value. `findings` holds every row set apart, every gap and every doubt;
`evalkit.views.quality_page` writes them down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from evalkit import tables as tidy
from evalkit.editions import gaps, inputs, joining
from evalkit.editions.activities import KINDS, differences
from evalkit.editions.contradictions import Reports, by_question, contradictions, ruled
from evalkit.editions.joining import Joined
from evalkit.editions.simulated import REPORTS, beside_simulated, is_simulated
from evalkit.errors import EvalkitError, Failure
from evalkit.indicators import catalogue
from evalkit.methods.amounts import doubtful
from evalkit.reference.consistency import Rule
from evalkit.reference.texts import text
from evalkit.sources.check import check
from evalkit.sources.loaded import Loaded
from evalkit.views.quality_page import COLUMNS, Quality

RATE = "reporting-rate"
_AMOUNTS = ("outlier", "unit")


def of_edition(joined: Joined, as_of: str, results: pd.DataFrame, name: str) -> Quality:
    """Return the report on what an edition was built from.

    Parameters
    ----------
    joined : Joined
        What the input files gave.
    as_of : str
        The day of the edition.
    results : DataFrame
        Its results; those of the reporting rate tell who is silent.
    name : str
        Name of the edition.

    Returns
    -------
    Quality
        What `evalkit.views.quality_page.write` writes.
    """
    day = pd.Timestamp(as_of)
    rates = results[(results["indicator"] == RATE) & (results["as_of"] == day)]
    return _report(name, as_of, joined.loaded, joined.set_apart, joined.tables, rates)


def of_files(files: Sequence[str | Path], as_of: str = "") -> Quality:
    """Return the report on files that somebody sends, beside the project's own tables.

    Parameters
    ----------
    files : sequence of str or Path
        The files. One that can't be read is among what is set apart.
    as_of : str, optional
        The day that they stand for, where they do not say so themselves.

    Returns
    -------
    Quality
        As of the latest day that a source or a report speaks of.

    Raises
    ------
    EvalkitError
        The project's own tables can't be read.
    """
    loaded, failures = _checked(files, as_of)
    gathered = inputs.gather(incoming=False)
    tables = dict(joining.read(gathered, inputs.latest_day(gathered)).tables)
    for name in tidy.catalogue():
        parts = [one.tables[name] for one in loaded.values() if name in one.tables]
        if parts:
            tables[name] = _beside(name, parts, tables[name])
    if is_simulated(tables):
        tables["published"] = beside_simulated(tables["published"])
    days = [tables["sources"]["as_of"].max(), tables["submissions"]["submitted_on"].max()]
    day = max(one for one in days if pd.notna(one))
    rates = catalogue.compute(RATE, tables, as_of=day).frame
    title = ", ".join(Path(file).name for file in files)
    return _report(title, f"{day:%Y-%m-%d}", loaded, failures, tables, rates)


def _checked(files: Iterable[str | Path], as_of: str) -> tuple[dict[str, Loaded], list[Failure]]:
    loaded: dict[str, Loaded] = {}
    failures: list[Failure] = []
    for file in map(str, files):
        try:
            loaded[file] = check(file, as_of=as_of)
            failures += loaded[file].failures
        except EvalkitError as error:
            failures.append(
                Failure(error.reason, error.what.rstrip("."), file, None, "", error.remedy)
            )
    return loaded, failures


def _beside(name: str, parts: list[pd.DataFrame], own: pd.DataFrame) -> pd.DataFrame:
    """Return rows sent with the project's own; of one key, the row sent. Reports stand alone."""
    both = parts if name in REPORTS else [*parts, own]
    frame = pd.concat(both, ignore_index=True)
    key = list(tidy.catalogue()[name].key)
    return tidy.tidy(name, frame.drop_duplicates(key, keep="first"))


def _report(
    title: str,
    as_of: str,
    loaded: dict[str, Loaded],
    failures: Sequence[Failure],
    tables: dict[str, pd.DataFrame],
    rates: pd.DataFrame,
) -> Quality:
    day = pd.Timestamp(as_of)
    received = tables["submissions"][tables["submissions"]["submitted_on"] <= day]
    found, unchecked = _doubts(tables, day)
    parts = [
        _set_apart(failures),
        _gaps(tables, received, rates),
        found,
        _of_activities(tables, day),
    ]
    findings = pd.concat([part.reindex(columns=list(COLUMNS)) for part in parts])
    texts = [name for name in COLUMNS if name != "line"]
    findings[texts] = findings[texts].fillna("").astype("str")
    findings["line"] = findings["line"].astype("Int64")
    return Quality(
        title=title,
        as_of=as_of,
        simulated=is_simulated(tables),
        files=_files(loaded),
        cycles=gaps.by_cycle(rates, received, tables),
        findings=findings.reset_index(drop=True),
        unchecked=tuple(f"{rule.rule}: {rule.right}" for rule in unchecked),
    )


def _files(loaded: dict[str, Loaded]) -> pd.DataFrame:
    """Return a row for each file: form, rows read, taken and set apart, rows of each table."""
    rows = [
        {
            "file": name,
            "form": one.source,
            **{count: one.control.get(count) for count in ("read", "taken", "set_apart")},
            "totals": ", ".join(
                [f"{table} {len(frame)}" for table, frame in one.tables.items()]
                + [f"{key} {n}" for key, n in one.control.items() if key not in _COUNTS]
            ),
        }
        for name, one in loaded.items()
    ]
    columns = ["file", "form", *_COUNTS, "totals"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(_COUNTS, "Int64"))


_COUNTS = ("read", "taken", "set_apart")


def _set_apart(failures: Sequence[Failure]) -> pd.DataFrame:
    rows = [one.as_dict() | {"kind": str(one.reason), "severity": "set_apart"} for one in failures]
    return pd.DataFrame(rows)


def _gaps(
    tables: dict[str, pd.DataFrame], received: pd.DataFrame, rates: pd.DataFrame
) -> pd.DataFrame:
    after = gaps.late(received, tables["cycles"])
    after = _placed(after).assign(
        found=after["submitted_on"].dt.strftime("%Y-%m-%d"),
        compared=after["due_on"].dt.strftime("%Y-%m-%d"),
    )
    parts = {"silent": gaps.silent(rates), "late": after}
    answers = tables["answers"]
    if len(answers):
        parts["unanswered"] = gaps.unanswered(answers, tables["questions"], tables["cycles"])
    parts["unmapped"] = _placed(gaps.unmapped(tables))
    said = [
        rows.assign(kind=kind, rule=kind, severity="gap", **_words(kind))
        for kind, rows in parts.items()
    ]
    return pd.concat(said, ignore_index=True)


def _words(kind: str) -> dict[str, str]:
    return {"what": text(f"quality.{kind}"), "remedy": text(f"quality.{kind}.remedy")}


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the file and line that they were read from."""
    places = [tidy.place_of(origin) for origin in rows["origin"]]
    return rows.assign(
        file=pd.Series([file for file, _ in places], index=rows.index, dtype="str"),
        line=pd.Series([line for _, line in places], index=rows.index, dtype="Int64"),
    )


def _doubts(tables: dict[str, pd.DataFrame], day: pd.Timestamp) -> tuple[pd.DataFrame, list[Rule]]:
    answers = tables["answers"]
    numeric = answers["value"].notna()
    answers = answers[numeric | answers["question"].isin(ruled())]
    later = tables["submissions"][tables["submissions"]["submitted_on"] > day]
    not_yet = pd.MultiIndex.from_frame(later[["party", "cycle"]])
    answers = answers[~pd.MultiIndex.from_frame(answers[["party", "cycle"]]).isin(not_yet)]
    answers = _with_item(_with_order(answers, tables["cycles"]), tables["question_map"])
    entries = tables["registrations"]
    entries = entries[entries["dated_on"].isna() | (entries["dated_on"] <= day)]
    cycles = tables["cycles"].set_index("cycle")
    sides = Reports(by_question(answers, ruled()), entries, cycles)
    found, unchecked = contradictions(sides)
    found = found.assign(found=_answer(found))
    rows = pd.concat([found, *_amounts(answers)], ignore_index=True)
    cells = rows["value"].notna().map({True: "value", False: "answer"})
    return _placed(rows).assign(severity="doubt", cell=cells), unchecked


def _of_activities(tables: dict[str, pd.DataFrame], day: pd.Timestamp) -> pd.DataFrame:
    """Return where an activity known on the day and the project in the list differ."""
    later = tables["activities"]["as_of"] > day
    rows = differences({**tables, "activities": tables["activities"][~later]})
    about = zip(rows["kind"], rows["activity"], rows["project"], strict=True)
    said = [text(f"quality.{kind}", activity=one, project=other) for kind, one, other in about]
    remedies = rows["kind"].map({kind: text(f"quality.{kind}.remedy") for kind in KINDS})
    found = _placed(rows).assign(what=pd.Series(said, rows.index, "str"), remedy=remedies)
    return found.assign(severity="doubt", rule=rows["kind"])


def _with_order(answers: pd.DataFrame, cycles: pd.DataFrame) -> pd.DataFrame:
    """Add `order`: the place of the cycle among all, by deadline."""
    names = cycles.sort_values(["due_on", "cycle"], kind="stable")["cycle"]
    places = pd.Series(range(len(names)), index=names.to_numpy())
    return answers.assign(order=answers["cycle"].map(places))


def _with_item(answers: pd.DataFrame, question_map: pd.DataFrame) -> pd.DataFrame:
    """Add `item`: one name for a question that a later version of the form has unchanged.

    A question of a version that the map does not speak of keeps its id.
    """
    same = question_map[question_map["relation"] == "same"]
    items: dict[tuple[str, str], str] = {}
    for row in same.itertuples():
        first = items.get((row.from_version, row.from_question), row.from_question)
        items[row.to_version, row.to_question] = first
    mapped = set(question_map["to_version"])
    pairs = answers[["format_version", "question"]].drop_duplicates()
    for row in pairs.itertuples():
        own = (
            row.question
            if row.format_version not in mapped
            else (f"{row.question} ({row.format_version})")
        )
        items.setdefault((row.format_version, row.question), own)
    pairs = pairs.assign(
        item=[items[row.format_version, row.question] for row in pairs.itertuples()]
    )
    return answers.merge(pairs, on=["format_version", "question"], how="left")


def _answer(rows: pd.DataFrame) -> pd.Series:
    numbers = rows["value"].map("{:.15g}".format).astype("str")
    words = rows["answer"].where(rows["answer"] != "", rows["text"])
    return words.where(rows["value"].isna(), numbers + " " + rows["unit"]).astype("str")


def _amounts(answers: pd.DataFrame) -> list[pd.DataFrame]:
    given = answers[answers["value"].notna()]
    shape = given[["party", "cycle", "order", "value"]].assign(question=given["item"])
    found = doubtful(shape)
    parts = []
    for kind, other in zip(_AMOUNTS, ("typical", "previous"), strict=True):
        rows = given[found[kind]]
        against = found.loc[found[kind], other].map("{:.6g}".format).astype("str")
        other_amount = against + " " + rows["unit"]
        said = rows.assign(kind=kind, rule=kind, compared=other_amount, **_words(kind))
        parts.append(said.assign(found=_answer(rows)))
    return parts
