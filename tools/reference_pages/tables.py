"""docs/reference/tables.md: every tidy table and the results table."""

from __future__ import annotations

import inspect
import io
import re
import tokenize
from collections.abc import Iterator

from evalkit import results, tables
from evalkit.model import Basis, Status
from evalkit.reference import paths
from evalkit.reference.texts import text
from reference_pages.markdown import code, heading, made_by, table


def tables_page() -> str:
    """Return docs/reference/tables.md: every tidy table and the results table."""
    found = tables.catalogue()
    lines = [
        made_by("data/reference/tables.csv and evalkit/results.py"),
        "# Tables",
        "What flows through evalkit is a set of tidy tables and one results table. Each quantity "
        "has one unit: mass in kg, money in US$ (nominal, as committed).",
        "- [How to read this page](#how-to-read-this-page)\n"
        + "\n".join(f"- [{name}](#{name}): {one.row_is}" for name, one in found.items())
        + "\n- [results](#results): one value, or the reason why there is none",
        heading(2, "How to read this page"),
        "A column with **yes** under *needed* may not be blank. *Points to* names the table in "
        "which the value must stand as well. The key is what no two rows may share.",
        table(("kind", "holds"), sorted(_kinds())),
        "Every table but `sources` ends with the columns `source` (a row of the table "
        "[sources](#sources)), `basis` (see [basis](../explanation/basis.md)) and `origin`, the "
        "file and line that the row was read from. `origin` is filled in by the reader: it may "
        "not stand in a file.",
    ]
    for name, one in found.items():
        lines += _table_section(name, one)
    lines += _results_section()
    return "\n\n".join(lines) + "\n"


def _kinds() -> Iterator[tuple[str, str]]:
    for name, comment in _comments(inspect.getsource(tables.Kind), r"[A-Z]+ = \"(\w+)\""):
        yield code(name), comment


def _comments(source: str, pattern: str) -> list[tuple[str, str]]:
    """Return name and comment of each line of source code that the pattern finds."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    said = {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}
    found = []
    for number, line in enumerate(source.splitlines(), 1):
        if hit := re.search(pattern, line):
            found.append((hit[1], said.get(number, "")))
    return found


def _files_of(name: str) -> str:
    home = paths.data()
    found = [home / "reference" / f"{name}.csv", *sorted((home / "facts").glob(f"{name}*.csv"))]
    named = [
        code(f"data/{path.relative_to(home).as_posix()}")
        for path in found
        if path.is_file() and path.stem.split("-")[0] == name
    ]
    return ", ".join(named) or "none in the repository: the table is there, with no row"


def _table_section(name: str, one: tables.Table) -> list[str]:
    own = [column for column in one.columns if column.name not in tables.COMMON or _own(name)]
    body = [
        (
            code(column.name),
            column.kind,
            "yes" if column.required else "",
            column.unit or (f"from {column.minimum}" if column.minimum else ""),
            " ".join(code(choice) for choice in column.choices),
            f"[{column.links}](#{column.links})" if column.links else "",
            column.meaning,
        )
        for column in own
    ]
    return [
        heading(2, name),
        f"One row is {one.row_is}. Key: {', '.join(code(key) for key in one.key)}. "
        f"Files: {_files_of(name)}.",
        table(("column", "kind", "needed", "unit or limit", "may be", "points to", "what"), body),
    ]


def _own(name: str) -> bool:
    return name == "sources"


def _results_section() -> list[str]:
    source = inspect.getsource(results)
    said = dict(_comments(source[source.index("DTYPES") :], r"^    \"(\w+)\": \""))
    said |= {
        "value": "the value; blank unless the status is `ok`",
        "low": "lower end; alone it means *at least*",
        "high": "upper end",
        "unit": "`Parties`, `share` (0 to 1), `USD` or `kg`",
        "status": "see [why no value](../explanation/why-no-value.md)",
        "basis": "the weakest basis among the rows behind it",
        "as_of": "the day as which it stands",
    }
    body = [(code(name), code(dtype), said[name]) for name, dtype in results.DTYPES.items()]
    states = [(code(str(one)), text(f"status.{one}")) for one in Status]
    bases = [(code(str(one)), text(f"basis.{one}")) for one in Basis]
    return [
        heading(2, "results"),
        "One row is one value, or the reason why there is none, of one indicator for one entity "
        f"and period as it stood on one day. Key: {', '.join(code(key) for key in results.KEY)}.",
        table(("column", "type", "what"), body),
        "The statuses, with the words that dashboards use:",
        table(("status", "shown as"), states),
        "The bases, from the strongest to the weakest:",
        table(("basis", "shown as"), bases),
    ]
