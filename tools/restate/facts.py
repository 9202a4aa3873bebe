"""Restate all facts from the real files: data/facts and data/reference/categories.csv."""

from __future__ import annotations

import facts_activities
import facts_emissions
import facts_events
import facts_inventories
import facts_projects
import facts_registrations
import facts_sdg
from facts_common import folder

if __name__ == "__main__":
    out = folder(__doc__ or "")
    for module in (
        facts_projects,
        facts_sdg,
        facts_registrations,
        facts_events,
        facts_emissions,
        facts_activities,
        facts_inventories,
    ):
        module.main(out)
