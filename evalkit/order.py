"""The order of many rows by several columns, found from numbers and not from texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


def places(frame: pd.DataFrame, key: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the place of each row among the different keys, sorted; missing cells come last.

    Parameters
    ----------
    frame : DataFrame
        Has the columns of the key.
    key : sequence of str
        Columns, the first being the one that counts most.

    Returns
    -------
    array of int
        From 0; rows with the same key have the same place. Where all keys differ the largest is
        one less than the number of rows.

    Examples
    --------
    >>> import pandas as pd
    >>> places(pd.DataFrame({"a": ["y", "x", "y"], "b": [1, 2, 1]}), ["a", "b"]).tolist()
    [1, 0, 1]
    """
    import numpy as np
    import pandas as pd

    place: npt.NDArray[np.int64] = np.zeros(len(frame), dtype="int64")
    for name in key:  # numbers of sorted values: texts of many rows are compared once
        codes, values = pd.factorize(frame[name], sort=True)
        joined = place * (len(values) + 1) + codes % (len(values) + 1)
        place = np.unique(joined, return_inverse=True)[1]
    return place
