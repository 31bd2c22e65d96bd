"""LiveFeed: tells open pages that the list has changed (server-sent events, WHATWG HTML 9.2)."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

POLL_S = 2.0
CHECK_SESSION_POLLS = 15
"""Every half a minute: is the staff member still signed in, and allowed?"""
LONGEST_POLLS = 1_800
"""An hour; the browser then connects again by itself."""
STREAMS = 200
"""Open at once in one process; a page beyond them goes without."""


class LiveFeed:
    """Passes on that the index has grown; no content: the page fetches what its role may see."""

    def __init__(self, revision: Callable[[], int], poll_s: float = POLL_S, name: str = "inbox") -> None:
        """``name``: of the event."""
        self._name = name
        self._revision = revision
        self._poll_s = poll_s
        self._open = 0
        self._closing = asyncio.Event()

    def close(self) -> None:
        """End every stream now: the process stops. To be called on the event loop."""
        self._closing.set()

    @property
    def full(self) -> bool:
        """Whether no further stream is taken."""
        return self._open >= STREAMS

    async def events(self, still_allowed: Callable[[], bool]) -> AsyncGenerator[str, None]:
        """Lines of ``text/event-stream``; ends when the reader is not allowed any more, or after an hour."""
        self._open += 1
        try:
            known = await asyncio.to_thread(self._revision)
            yield "retry: 5000\n\n"
            for poll in range(1, LONGEST_POLLS):
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), self._poll_s)
                if self._closing.is_set():
                    return
                revision = await asyncio.to_thread(self._revision)
                # Before every word, and in silence every now and then.
                checked = revision != known or poll % CHECK_SESSION_POLLS == 0
                if checked and not await asyncio.to_thread(still_allowed):
                    return
                # A comment in between keeps proxies from closing a silent connection.
                yield f"event: {self._name}\ndata: {revision}\n\n" if revision != known else ":\n\n"
                known = revision
        finally:
            self._open -= 1
