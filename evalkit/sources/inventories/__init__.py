"""Emission inventories: one module for one publisher, all into the table `emissions`.

`reading` is what they share, `gaps` says why an inventory gives no amount. A reader of this
package checks the rows against the publisher's own totals before anything is taken.
"""

from __future__ import annotations

from evalkit.sources.inventories import (
    apei,
    australia,
    clrtap,
    edgar,
    edgar_workbook,
    eprtr,
    gma,
    mercury_bounds,
    mercury_history,
    npri,
    streets,
    toolkit,
    us_epa,
    webdab,
)

SHEETS = (
    clrtap,
    eprtr,
    us_epa,
    edgar,
    streets,
    mercury_history,
    mercury_bounds,
    gma,
    australia,
)
TEXTS = (webdab, npri, apei)  # delimited texts with comments on top, or in another encoding
WORKBOOKS = (edgar_workbook, toolkit)
