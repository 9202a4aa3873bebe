"""What the scripts that restate facts share: reading, looking up, writing.

The real files lie outside the repository, in the folder that the environment variable
EVALKIT_REALDATA names (default ``../shared/data``, beside the checkout). What is written
follows data/reference/tables.csv: columns in that order without `origin`, then sorted by key.
"""

from __future__ import annotations

import argparse
import csv
import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "data" / "facts"
REFERENCE = ROOT / "data" / "reference"

Row: TypeAlias = dict[str, str]


def real(name: str) -> Path:
    """Return the path of a real file by its name inside the folder of real files."""
    return ROOT / os.environ.get("EVALKIT_REALDATA", "../shared/data") / name


def read(path: Path, delimiter: str = ",") -> list[Row]:
    """Return the rows of a delimited UTF-8 file, with or without a byte order mark."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


@cache
def layout(table: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return columns and key of a tidy table as its file has them.

    Parameters
    ----------
    table : str
        A name of data/reference/tables.csv.

    Returns
    -------
    tuple of columns and key
        `origin` is left out: the reader adds it.
    """
    rows = [row for row in read(REFERENCE / "tables.csv") if row["table"] == table]
    common = () if table == "sources" else ("source", "basis")
    return tuple(row["column"] for row in rows[1:]) + common, tuple(rows[0]["choices"].split("|"))


def write(table: str, rows: list[Row], folder: Path, name: str = "") -> None:
    """Write the rows of a tidy table, sorted by its key; absent columns are blank.

    `name` is that of the file, as emissions-history; the table's when left out.

    Raises
    ------
    ValueError
        When a row has a column that the table lacks, or two rows share a key.
    """
    columns, key = layout(table)
    strange = {name for row in rows for name in row} - set(columns)
    keys = [tuple(row.get(name, "") for name in key) for row in rows]
    if strange or len(set(keys)) < len(keys):
        double = sorted({k for k in keys if keys.count(k) > 1})
        raise ValueError(f"{table}: unknown columns {sorted(strange)}, keys given twice {double}")
    ordered = [row for _, row in sorted(zip(keys, rows, strict=True), key=lambda pair: pair[0])]
    write_plain(folder / f"{name or table}.csv", columns, ordered)


def write_plain(path: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    """Write rows as comma-separated UTF-8 with LF, in the order given."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@cache
def _addresses() -> dict[str, str]:
    return {row["address"]: row["source"] for row in read(FACTS / "sources.csv") if row["address"]}


def source_at(address: str) -> str:
    """Return the id of the source at a web address; of several addresses the first counts.

    Raises
    ------
    KeyError
        When data/facts/sources.csv has no such address.
    """
    return _addresses()[address.split(" ; ")[0].strip()]


def plain(number: str) -> str:
    """Return a number as published without its thousands commas; blank stays blank."""
    return number.replace(",", "").strip()


def kilograms(megagrams: str) -> str:
    """Return Mg as kg with exactly the digits that were printed.

    Examples
    --------
    >>> kilograms("127.7"), kilograms("5.253495417")
    ('127700', '5253.495417')
    """
    return format(Decimal(megagrams).scaleb(3), "f")


def notes(*parts: str) -> str:
    """Join the parts that are not blank into one note."""
    return "; ".join(part for part in parts if part)


def folder(description: str) -> Path:
    """Return the folder to write to, from the command line (default data/facts)."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", type=Path, default=FACTS, help="folder to write to")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    return out
