"""Agenda: what is to happen later, by a clock that somebody else moves; so timers need no clock in tests."""

import heapq
import itertools
from collections.abc import Callable


class Appointment:
    """Something planned; it can be called off."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """It will not happen."""
        self._action = None

    @property
    def cancelled(self) -> bool:
        """Called off, or done already."""
        return self._action is None

    def happen(self) -> None:
        """Do it, once."""
        action, self._action = self._action, None
        if action is not None:
            action()


class Agenda:
    """Planned actions in order of their time, in seconds of any monotonic clock."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self._heap: list[tuple[float, int, Appointment]] = []
        self._order = itertools.count()

    def after(self, delay_s: float, action: Callable[[], None]) -> Appointment:
        """Plan ``action`` for ``delay_s`` from now."""
        appointment = Appointment(action)
        heapq.heappush(self._heap, (self.now + delay_s, next(self._order), appointment))
        return appointment

    def advance(self, now: float) -> None:
        """It is ``now``: do everything that is due, each at its own time."""
        while self._heap and self._heap[0][0] <= now:
            due, _, appointment = heapq.heappop(self._heap)
            self.now = max(self.now, due)
            appointment.happen()
        self.now = max(self.now, now)

    @property
    def next_due(self) -> float | None:
        """When ``advance`` has something to do, or None."""
        while self._heap and self._heap[0][2].cancelled:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None
