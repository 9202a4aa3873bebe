"""The kernel behind a page: an ordinary one, in which pandas does without pyarrow.

pyarrow reads and writes Parquet when an edition is built or exported. No page needs it, and
pandas takes half as much again of memory in a process where it can be imported: that memory
decides how many visitors a computer carries. The server finds this kernel under the usual
name, in dashboards/template/kernels; JupyterLab and papermill use their own.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the kernel that the command line describes, as ``-f connection.json``."""
    sys.modules["pyarrow"] = None  # type: ignore[assignment]
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


if __name__ == "__main__":
    main()
