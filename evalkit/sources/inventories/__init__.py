"""Emission inventories: one module for one publisher, all into the table `emissions`.

`reading` is what they share, `gaps` says why an inventory gives no amount. A reader of this
package checks the rows against the publisher's own totals before anything is taken.
"""

from __future__ import annotations

from evalkit.sources.inventories import (
    clrtap,
    edgar,
    edgar_workbook,
    eprtr,
    mercury_history,
    streets,
    us_epa,
)

SHEETS = (clrtap, eprtr, us_epa, edgar, streets, mercury_history)
WORKBOOKS = (edgar_workbook,)
