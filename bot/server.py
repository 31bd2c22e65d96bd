"""StoppingServer: uvicorn that tells the application of its stop before it waits for open answers."""

import socket
from collections.abc import Callable

import uvicorn


class StoppingServer(uvicorn.Server):
    """Streams of events have no end of their own: without being told they would hold a stop up to its limit."""

    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_stop = on_stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell it, then close as uvicorn does."""
        self._on_stop()
        await super().shutdown(sockets)
