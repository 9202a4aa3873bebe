"""The kernels behind pages: one that its page has left ends soon, whatever the browser says.

A page that is left asks for the end of its kernel (static/page.js). A browser may drop that
message: a busy page gets half a second for it and is then ended. So the server looks itself,
at the connection that every drawn page holds. What never connected is left to culling.
"""

from __future__ import annotations

from contextlib import suppress

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from traitlets import Float


class PageKernels(AsyncMappingKernelManager):
    """Ends a kernel some seconds after its last connection has closed.

    Named in dashboards/voila.json, as are its settings.
    """

    linger = Float(
        20.0,
        config=True,
        help="Seconds that a kernel waits for its page to come back, as after a lost network.",
    )

    def notify_disconnect(self, kernel_id: str) -> None:
        """Look again after a while: a page whose network failed for a moment comes back."""
        super().notify_disconnect(kernel_id)
        if self._is_left(kernel_id):
            IOLoop.current().call_later(self.linger, self._end_if_left, kernel_id)

    def _is_left(self, kernel_id: str) -> bool:
        return kernel_id in self and self._kernel_connections.get(kernel_id, 0) <= 0

    async def _end_if_left(self, kernel_id: str) -> None:
        if self._is_left(kernel_id):
            with suppress(HTTPError):  # ended meanwhile by its page or by culling
                await self.shutdown_kernel(kernel_id)
