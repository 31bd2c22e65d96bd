"""Pulse: measures how late the event loop is with what is due every 20 ms, whatever is on the lines."""

import asyncio
import time

from voice.line.line_clock import FRAME_S
from voice.waiting.waits import Waits


async def beat(slip: Waits) -> None:
    """Note every delay of more than a frame, for ever; to be cancelled."""
    while True:
        due = time.monotonic() + FRAME_S
        await asyncio.sleep(FRAME_S)
        late_s = time.monotonic() - due
        if late_s > FRAME_S:
            slip.note(late_s)
