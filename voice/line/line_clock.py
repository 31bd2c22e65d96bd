"""LineClock: paces a telephone line by the machine's clock: frame n is due n times 20 ms after the first."""

import asyncio
import time
from collections.abc import Callable

from voice.sound.audio import FRAME_MS

FRAME_S = FRAME_MS / 1000

MOST_BEHIND_S = 0.2
"""A line that is further behind lets that time go: a burst of old sound helps nobody."""


class LineClock:
    """Never sleeps a fixed time, so that delays do not add up (docs/adr/0070)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: float | None = None
        self.slipped_ms = 0.0
        """The longest that a frame was late."""
        self.skipped_frames = 0
        """Frames that were let go because the line was too far behind."""

    async def tick(self) -> None:
        """Return when the next frame is due."""
        now = self._clock()
        if self._due is None:
            self._due = now
        behind_s = now - self._due
        if behind_s > MOST_BEHIND_S:
            self.skipped_frames += int(behind_s / FRAME_S)
            self._due = now
        # Even a line that is behind must let the others have their turn.
        await asyncio.sleep(max(0.0, -behind_s))
        self.slipped_ms = max(self.slipped_ms, (self._clock() - self._due) * 1000)
        self._due += FRAME_S

    def pause(self) -> None:
        """The line stands still (hold); the next frame is due when it is asked for."""
        self._due = None
