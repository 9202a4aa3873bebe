"""Reading inventories: `python -m benchmarks.inventories` prints one table.

The files are invented and have the size and the shape of the publishers' own.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.commands import BenchmarkError
from benchmarks.machine import machine
from benchmarks.table import Measure, markdown
from evalkit.reference import entities
from evalkit.sources.check import check

WORKBOOK_TARGET, TABLE_TARGET = 4.0, 0.5  # seconds
YEARS = range(1970, 2023)
SHEETS = {  # rows of the workbook of EDGAR v8.1, and the column of its codes
    "IPCC 2006": (3582, "ipcc_code_2006_for_standard_report"),
    "IPCC 1996": (3334, "ipcc_code_1996_for_standard_report"),
    "TOTALS BY COUNTRY": (219, ""),
}
SECTORS, VERSIONS = 99, 10  # with 30 years and the totals 30,000 rows of one country


def write_workbook(path: Path) -> None:
    """Write three sheets of the same invented emissions, as EDGAR has them."""
    import openpyxl

    places = [*entities.states(), *entities.areas()]
    known = [code for code in places if len(code) == 3][: SHEETS["TOTALS BY COUNTRY"][0]]
    book = openpyxl.Workbook(write_only=True)
    for name, (count, code) in SHEETS.items():
        sheet = book.create_sheet(name)
        for line in (["Content:", name], ["Compound:", "Hg"], ["Unit:", "Gg"], []):
            sheet.append(line)
        about = ["IPCC_annex", "C_group_IM24_sh", "Country_code_A3", "Name"]
        codes = [code, f"{code}_name"] if code else []
        fuel = ["fossil_bio"] if code else []
        sheet.append([*about, *codes, "Substance", *fuel, *(f"Y_{year}" for year in YEARS)])
        for row in range(count):
            place, sector = known[row % len(known)], row // len(known)
            several = (count - row % len(known) - 1) // len(known) + 1
            total = [1.0 + row % len(known) + year / 64 for year in YEARS]  # exact in binary
            # All but the first sector have one; the first has the rest, so that sums agree.
            amounts = [one - several + 1 + 40 if sector == 0 else 1.0 for one in total]
            amounts = [one + 40 for one in total] if not code else amounts
            names = [f"9.{sector}", "Invented"] if code else []
            head = ["Annex_I", "Invented +", place, "Invented", *names, "Hg"]
            sheet.append([*head, *(["fossil"] if code else []), *amounts])
    book.save(path)


def write_table(path: Path) -> None:
    """Write the table of one country as the European Environment Agency has it."""
    heading = "Country_Code\tCountry\tPollutant_name\tFormat_name\tSector_code\tYear\tEmissions"
    lines = [f"{heading}\tUnit\tNotation\tVersionId"]
    for version in range(VERSIONS):
        for year in range(1990, 2020):
            names = [f"9X{number}" for number in range(SECTORS)]
            cells = [(name, 0.001953125) for name in names]
            for sector, amount in [*cells, ("NATIONAL TOTAL", SECTORS * 0.001953125)]:
                about = f"AT\tAustria\tHg\tNFR 2014-1\t{sector}\t{year}\t{amount}"
                lines.append(f"{about}\tMg\t\t{version}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _read(path: Path, what: str, runs: int, target: float) -> list[Measure]:
    """Return the time of reading a file, on the clock and of the processor.

    Raises
    ------
    BenchmarkError
        Not every row was taken, so that the time tells nothing.
    """
    clock, processor = [], []
    for _ in range(runs + 1):  # the first pays for imports
        began = time.perf_counter(), time.process_time()
        found = check(path)
        clock.append(time.perf_counter() - began[0])
        processor.append(time.process_time() - began[1])
    if found.failures or not found.control["taken"]:
        raise BenchmarkError(f"{path.name} was not taken: {found.failures[:1]}")
    told = f"{what}, {found.control['taken']:,} rows"
    return [
        Measure(told, clock[1:], target=target),
        Measure(f"{told}, time of the processor", processor[1:], target=target),
    ]


def measure(runs: int = 5) -> list[Measure]:
    """Return the time of reading an EDGAR workbook and the table of one country."""
    with tempfile.TemporaryDirectory(prefix="evalkit-benchmarks-") as name:
        book, table = Path(name) / "EDGAR_v8.1_Hg.xlsx", Path(name) / "clrtap.csv"
        write_workbook(book)
        write_table(table)
        found = _read(book, "EDGAR workbook of 53 years", runs, WORKBOOK_TARGET)
        found += _read(table, "CLRTAP, one country", runs, TABLE_TARGET)
    return found


def main() -> int:
    """Measure, and print the table."""
    sys.stdout.write(markdown(measure(), machine()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
