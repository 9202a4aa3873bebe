"""Who reads which page: the limit of open pages, and whose kernel is whose.

A browser is known by a random cookie. It may use the kernels of its own pages only, so that
the name of a kernel, should it leak into a log, opens nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager

SPARE = 4  # a part in so many stays free beyond the limit, for those who go from page to page


class Visitors:
    """The open pages of a server.

    Parameters
    ----------
    limit : int
        Pages that may be open at once.

    Examples
    --------
    >>> running = {"k1"}
    >>> visitors = Visitors(1)
    >>> with visitors.page("ann") as page:
    ...     page.has("k1")
    >>> visitors.owns("ann", "k1"), visitors.owns("ben", "k1")
    (True, False)
    >>> visitors.admits("ben", running), visitors.admits("ann", running)
    (False, True)
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.drawing: set[Page] = set()
        self._owners: dict[str, str] = {}

    def admits(self, visitor: str, running: Container[str]) -> bool:
        """Whether one more page may be opened.

        A page that is left for another ends only when the other begins to arrive. So whoever
        has one open is let in beyond the limit, as long as the spare lasts.
        """
        count = self.count(running)
        held = visitor in self._owners.values() or any(p.visitor == visitor for p in self.drawing)
        return count < self.limit + (max(1, self.limit // SPARE) if held else 0)

    def count(self, running: Container[str]) -> int:
        """Return how many pages are open or about to be.

        Parameters
        ----------
        running : container of str
            The kernels that run; an owner of another one is forgotten.
        """
        self._owners = {kernel: who for kernel, who in self._owners.items() if kernel in running}
        return len(self._owners) + sum(page.kernel is None for page in self.drawing)

    def owns(self, visitor: str | None, kernel: str) -> bool:
        """Whether a kernel is that of a page of this visitor."""
        return bool(visitor) and self._owners.get(kernel) == visitor

    def is_visited(self, kernel: str) -> bool:
        """Whether a kernel belongs to a page, and not to the pool."""
        return kernel in self._owners

    @contextmanager
    def page(self, visitor: str) -> Iterator[Page]:
        """Count a page that is being drawn; its kernel stays its visitor's afterwards."""
        page = Page(visitor, self)
        self.drawing.add(page)
        try:
            yield page
        finally:
            self.drawing.discard(page)

    def give(self, kernel: str, visitor: str) -> None:
        """Make a kernel that of a page of this visitor."""
        self._owners[kernel] = visitor


class Page:
    """A page while it is being drawn."""

    def __init__(self, visitor: str, visitors: Visitors) -> None:
        self.visitor = visitor
        self.kernel: str | None = None
        self._visitors = visitors

    def has(self, kernel: str) -> None:
        """Say which kernel draws the page."""
        self.kernel = kernel
        self._visitors.give(kernel, self.visitor)
