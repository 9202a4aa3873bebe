"""Restate who and what from the real files: parties, names, areas and questions."""

from __future__ import annotations

import argparse
from pathlib import Path

import reference_areas
import reference_codes
import reference_names
import reference_parties
import reference_questions
from facts_common import REFERENCE

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=REFERENCE, help="folder to write to")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for module in (
        reference_parties,
        reference_names,
        reference_areas,
        reference_codes,
        reference_questions,
    ):
        module.main(out)
