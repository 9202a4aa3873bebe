"""What must hold in an inventory made with the Toolkit, whoever filled it in.

Mercury goes out that came in: outputs are never more than the input. Where they are less, a
later phase takes the rest, which is told and is no fault. Factors of distribution add up to 1.
"""

from __future__ import annotations

import pandas as pd

from evalkit.errors import Reason
from evalkit.sources.inventories.reading import Reading

PATHWAYS = ("air", "water", "land", "product", "waste", "treatment")
ROUNDED = 0.01  # relative: amounts are printed with few digits
WHOLE = 0.001  # how far factors may add up to another sum than 1
# Waste of products is counted with the products: such inputs may be left out of the total.
COUNTED_BEFORE = ("5.8", "5.9")
_ASK = "Correct the row, or ask who made the inventory."


def check(reading: Reading, amounts: pd.DataFrame, total: pd.Series) -> None:
    """Check inputs against outputs, factors, and the printed totals.

    Parameters
    ----------
    reading : Reading
        Rows of the inventory; failures are recorded in it.
    amounts : DataFrame with columns input and the six ways out
        kg, missing where blank.
    total : Series of bool
        Which row is the printed total.
    """
    if "input" in reading.cells:
        _inputs(reading, amounts, total)
        _outputs(reading, amounts, total)
        _factors(reading, amounts, total)
    if total.any():
        _totals(reading, amounts, total)


def _inputs(reading: Reading, amounts: pd.DataFrame, total: pd.Series) -> None:
    """Set rows apart whose input is not activity times factor."""
    cells = reading.cells
    if not {"activity", "factor"} <= set(cells):
        return
    made = reading.numbers("activity") * reading.numbers("factor") / 1000  # g to kg
    reading.fail(
        ((amounts["input"] - made).abs() > ROUNDED * made.clip(lower=0.05)) & ~total,
        "input",
        Reason.CONTRADICTION,
        lambda cell: f"the input {cell} is not the activity rate times the input factor",
        _ASK,
    )


def _outputs(reading: Reading, amounts: pd.DataFrame, total: pd.Series) -> None:
    """Set rows apart that give out more than they take in; tell of those that give out less."""
    out, taken = amounts[list(PATHWAYS)].sum(axis=1), amounts["input"]
    slack = (ROUNDED * taken).clip(lower=0.05)
    reading.fail(
        (out > taken + slack) & ~total,
        "input",
        Reason.CONTRADICTION,
        lambda cell: f"more mercury goes out than the input of {cell}",
        _ASK,
    )
    less = (out < taken - slack) & ~total & ~reading.findings.bad[total.index]
    for index in less.index[less]:
        rest = taken[index] - out[index]
        code = reading.cells.at[index, "code"]
        reading.notes.append(f"{code}: {rest:g} kg of the input leave by no way out that is given")


def _factors(reading: Reading, amounts: pd.DataFrame, total: pd.Series) -> None:
    """Set rows apart whose factors do not add up to 1, or do not give the outputs."""
    cells = reading.cells
    names = {name: f"factor {name}" for name in PATHWAYS if f"factor {name}" in cells}
    if not names:
        return
    factors = pd.DataFrame({name: reading.numbers(column) for name, column in names.items()})
    given = factors.notna().any(axis=1) & ~total
    reading.fail(
        given & ((factors.sum(axis=1) - 1).abs() > WHOLE),
        "code",
        Reason.CONTRADICTION,
        lambda cell: f"the factors of distribution of {cell} do not add up to 1",
        _ASK,
    )
    for name in names:
        expected = factors[name] * amounts["input"]
        differ = (amounts[name] - expected).abs() > (ROUNDED * expected).clip(lower=0.05)
        reading.fail(
            given & differ,
            name,
            Reason.CONTRADICTION,
            lambda cell: f"the output {cell} is not the input times its factor",
            _ASK,
        )


def _totals(reading: Reading, amounts: pd.DataFrame, total: pd.Series) -> None:
    """Refuse an inventory that does not add up to its own totals."""
    printed = amounts[total].iloc[0]
    sums = {name: [amounts.loc[~total, name].sum()] for name in amounts}
    before = reading.cells["code"].str.startswith(COUNTED_BEFORE)
    sums["input"].append(amounts.loc[~total & ~before, "input"].sum())
    for name, possible in sums.items():
        slack = max(ROUNDED * printed[name], 0.5)
        if pd.notna(printed[name]) and all(abs(printed[name] - one) > slack for one in possible):
            reading.refuse(
                Reason.CONTRADICTION,
                f"The total of {name} is {printed[name]:g} kg, and the rows add up to "
                f"{possible[0]:g} kg",
                "Correct the rows or the total; nothing of the file is taken.",
                name,
            )
