"""InboxWorker: keeps what staff ask for up to date while the bot runs, in a thread."""

import asyncio
from contextlib import suppress
from typing import Protocol

PAUSE_S = 1.0


class Refreshed(Protocol):
    """What is kept up to date: the index, the dashboards' counts."""

    def refresh_quietly(self) -> int:
        """Do one batch; returns how much that was, 0 when nothing waits."""
        ...


class InboxWorker:
    """One task of the event loop."""

    def __init__(self, index: Refreshed, pause_s: float = PAUSE_S) -> None:
        self._index = index
        self._pause_s = pause_s
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; to be called on the event loop."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Finish the batch at hand; what is still queued waits in the database for the next start."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            if await asyncio.to_thread(self._index.refresh_quietly):
                continue
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._pause_s)
