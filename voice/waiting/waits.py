"""Waits: how long something had to wait lately, as a measure of load."""

import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import count


class Waits:
    """Remembers the waits of the last seconds and those that still go on. Used from any thread."""

    def __init__(self, window_s: float = 10.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._window_s = window_s
        self._clock = clock
        self._lock = threading.Lock()
        self._over: deque[tuple[float, float]] = deque(maxlen=1000)
        """(when it ended, how long it was), in order."""
        self._since: dict[int, float] = {}
        self._numbers = count()

    def note(self, seconds: float) -> None:
        """Something has waited so long, until now."""
        with self._lock:
            self._over.append((self._clock(), seconds))

    def begin(self) -> int:
        """Something begins to wait; returns its place."""
        number = next(self._numbers)
        with self._lock:
            self._since[number] = self._clock()
        return number

    def end(self, place: int) -> None:
        """It waits no longer; a second time does nothing."""
        with self._lock:
            since = self._since.pop(place, None)
        if since is not None:
            self.note(self._clock() - since)

    def longer_than(self, limit_s: float) -> int:
        """How many waits exceeded ``limit_s``, lately or up to now."""
        now = self._clock()
        with self._lock:
            while self._over and now - self._over[0][0] > self._window_s:
                self._over.popleft()
            ended = sum(seconds > limit_s for _, seconds in self._over)
            return ended + sum(now - since > limit_s for since in self._since.values())
