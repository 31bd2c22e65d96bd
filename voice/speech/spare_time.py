"""SpareTime: work that nobody waits for, done while no caller is listened to or answered, and dropped when one is."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_Made = TypeVar("_Made")

REST_S = 0.5
"""Wall seconds after the last caller was served before spare work begins: the dialogue's answer is on its way then."""

_LOOK_AGAIN_S = 0.25


def a_core_is_free() -> bool:
    """Whether fewer tasks than cores ran in the last minute: a machine may have other work than calls."""
    return os.getloadavg()[0] < (os.cpu_count() or 1)


class SpareTime:
    """One piece of work at a time for all calls of a process. Belongs to one event loop."""

    def __init__(self, rest_s: float = REST_S, core_is_free: Callable[[], bool] = a_core_is_free) -> None:
        self._rest_s = rest_s
        self._core_is_free = core_is_free
        self._one_at_a_time = asyncio.Lock()
        self._under_way: asyncio.Task[Any] | None = None
        self._served_at: float | None = None

    def call_off(self) -> None:
        """A caller speaks or is being answered now: what is under way is cancelled, nothing begins for a while."""
        self._served_at = asyncio.get_running_loop().time()
        if self._under_way is not None:
            self._under_way.cancel()

    async def spend(self, work: Callable[[], Coroutine[Any, Any, _Made]]) -> _Made | None:
        """Wait for spare time and do this in it; None when it was called off. Raises what the work raises."""
        async with self._one_at_a_time:
            await self._until_nobody_waits()
            self._under_way = task = asyncio.create_task(work())
            try:
                await asyncio.wait([task])
            finally:
                self._under_way = None
                task.cancel()
            return None if task.cancelled() else task.result()

    async def _until_nobody_waits(self) -> None:
        while True:
            rested_s = self._since_served_s()
            if rested_s >= self._rest_s and self._core_is_free():
                return
            await asyncio.sleep(max(self._rest_s - rested_s, _LOOK_AGAIN_S))

    def _since_served_s(self) -> float:
        if self._served_at is None:
            return self._rest_s
        return asyncio.get_running_loop().time() - self._served_at
