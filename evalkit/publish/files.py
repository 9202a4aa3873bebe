"""Files to take away: each indicator as CSV with all its days and as a workbook of the last."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from evalkit.editions.store import Edition
from evalkit.reference.texts import text
from evalkit.views import page, sentences
from evalkit.views.downloads import as_csv, as_xlsx

WHEN = (1980, 1, 1, 0, 0, 0)  # the first day that a zip can name: the same for every file
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_FIXED = rb"\g<1>1980-01-01T00:00:00Z\g<2>"


def write(
    edition: Edition, indicators: Iterable[str], folder: Path
) -> dict[str, tuple[int, int, int]]:
    """Write the files of indicators.

    Parameters
    ----------
    edition : Edition
        Where the results are.
    indicators : iterable of str
        Local ids.
    folder : Path
        Created when absent.

    Returns
    -------
    dict
        Of each indicator: its rows, and the bytes of its CSV and of its workbook.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sources = edition.table("sources")
    told = {}
    for name in indicators:
        rows = edition.results_of(name)
        note = sentences.source_note(rows, sources)
        title = text(f"indicator.{name}.title")
        about = page.about_rows(edition, title, note, "en")
        csv = as_csv(rows, about)
        last = rows[rows["as_of"] == edition.as_of]
        xlsx = same_bytes(as_xlsx(last, about))
        (folder / f"{name}.csv").write_bytes(csv)
        (folder / f"{name}.xlsx").write_bytes(xlsx)
        told[name] = (len(rows), len(csv), len(xlsx))
    return told


def same_bytes(workbook: bytes) -> bytes:
    """Return a workbook without the time of its making: equal rows give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(_FIXED, content)
            add(new, name, content)
    return out.getvalue()


def add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file to a zip with a fixed time and the usual rights."""
    entry = zipfile.ZipInfo(name, WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content, compresslevel=6)


def archive(folder: Path, to: Path) -> None:
    """Write a folder as one zip: sorted, with fixed times, so that equal folders are equal."""
    with zipfile.ZipFile(to, "w") as made:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            inside = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            add(made, inside, path.read_bytes())
