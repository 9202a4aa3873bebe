"""Writing simulated reports as a folder of files that a build takes, and nothing else."""

from __future__ import annotations

from pathlib import Path

from evalkit.simulate.reports import Simulated, file_name


def write(made: Simulated, folder: str | Path) -> list[Path]:
    """Write the tables and the list of what is planted in them.

    Parameters
    ----------
    made : Simulated
        From `evalkit.simulate.simulate`.
    folder : str or Path
        Created when absent; files of these names in it are replaced.

    Returns
    -------
    list of Path
        The files written; their names say that they are simulated. Equal reports give equal
        bytes.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, frame in {**made.tables, "truth": made.truth}.items():
        if frame.empty:  # a heading alone is no table
            continue
        path = folder / file_name(name)
        plain = frame.drop(columns="origin", errors="ignore")
        plain.to_csv(path, index=False, lineterminator="\n", date_format="%Y-%m-%d")
        written.append(path)
    return written
