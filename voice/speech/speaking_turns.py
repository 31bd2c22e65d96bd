"""SpeakingTurns: whose clause the voice makes next, by urgency; one queue for all calls."""

import asyncio
import heapq
from enum import IntEnum
from itertools import count

from voice.waiting.waits import Waits


class Urgency(IntEnum):
    """How soon somebody hears a clause; the lower goes first."""

    NOW = 0
    """A caller waits for it in silence."""
    SOON = 1
    """It comes behind a clause that is still being made or said."""
    AHEAD = 2
    """A caller may want it later; nobody waits for it."""


class SpeakingTurns:
    """A semaphore whose waiting line is ordered by urgency. Belongs to one event loop.

    Clauses made ahead never take the last place: a caller who speaks up finds one free, or soon free.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._kept_free = 1 if places > 1 else 0
        self._order = count()
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []
        self.waits = Waits()
        """How long clauses waited that a caller waits for in silence."""

    async def take(self, urgency: Urgency) -> None:
        """Return when it is this clause's turn; ``leave`` must follow."""
        if not self._waiting and self._may_go(urgency):
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._order), turn))
        self._let_go()
        place = self.waits.begin() if urgency is Urgency.NOW else None
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # called up and called off in one moment
                self.leave()
            raise
        finally:
            if place is not None:
                self.waits.end(place)

    def leave(self) -> None:
        """The clause is made or given up."""
        self._free += 1
        self._let_go()

    def _let_go(self) -> None:
        while self._waiting:
            urgency, _, turn = self._waiting[0]
            if turn.done():  # given up while waiting
                heapq.heappop(self._waiting)
            elif self._may_go(urgency):
                heapq.heappop(self._waiting)
                self._free -= 1
                turn.set_result(None)
            else:
                return

    def _may_go(self, urgency: Urgency) -> bool:
        return self._free > (self._kept_free if urgency is Urgency.AHEAD else 0)
