"""Overhearing: both sides of a call that goes on, for staff who listen in; the call never waits for them."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator

import numpy as np

from voice.line.transport import Dtmf, Transport
from voice.sound.audio import AudioFrame

FRAMES = 100
"""2 s that may wait for a slow listener; beyond that the oldest are dropped."""

LISTENERS = 4
"""To one call at once."""


class TooManyListeners(Exception):
    """Nobody further can listen to this call (code ``listeners_full``)."""

    code = "listeners_full"


class Listener:
    """One member of staff who listens: a bounded queue of frames, interleaved s16le, caller left and bot right."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque(maxlen=FRAMES)
        self._came = asyncio.Event()
        self.over = False
        """The call has ended, or the listener was sent away."""

    def hear(self, frame: bytes) -> None:
        """Take one frame; when the queue is full the oldest is dropped."""
        self._frames.append(frame)
        self._came.set()

    def end(self) -> None:
        """There is nothing more to hear."""
        self.over = True
        self._came.set()

    async def next(self, longest_s: float) -> bytes:
        """What has come since the last time; empty after ``longest_s`` of nothing or at the end."""
        if not self._frames and not self.over:
            self._came.clear()
            try:
                await asyncio.wait_for(self._came.wait(), longest_s)
            except asyncio.TimeoutError:
                return b""
        sound = b"".join(self._frames)
        self._frames.clear()
        return sound


class OverheardLine:
    """A transport that passes everything on and, while somebody listens, a copy of the sound."""

    def __init__(self, line: Transport) -> None:
        self._line = line
        self._listeners: list[Listener] = []
        self._caller: bytes | None = None
        self._bot = b""
        self.name, self.sample_rate, self.caller = line.name, line.sample_rate, line.caller

    @property
    def hands_over(self) -> bool:
        """As the line itself."""
        return self._line.hands_over

    @property
    def delay_ms(self) -> float:
        """As the line itself."""
        return self._line.delay_ms

    async def frames(self) -> AsyncIterator[AudioFrame | Dtmf]:
        """The line's frames; with each the pair before it is complete."""
        async for item in self._line.frames():
            if isinstance(item, AudioFrame) and self._listeners:
                self._pass_on()
                self._caller = item.pcm
            yield item

    async def play(self, frame: AudioFrame) -> None:
        """Send the bot's sound."""
        if self._listeners:
            self._bot = frame.pcm
        await self._line.play(frame)

    async def clear(self) -> None:
        """Barge-in."""
        await self._line.clear()

    async def transfer(self, target: str) -> None:
        """Hand the caller to a person. Raises TransferFailed."""
        await self._line.transfer(target)

    async def hang_up(self) -> None:
        """End the line."""
        await self._line.hang_up()

    def listen(self) -> Listener:
        """Begin to listen. Raises TooManyListeners."""
        if len(self._listeners) >= LISTENERS:
            raise TooManyListeners
        listener = Listener()
        self._listeners.append(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Listen no more."""
        if listener in self._listeners:
            self._listeners.remove(listener)
        if not self._listeners:
            self._caller, self._bot = None, b""

    def over(self) -> None:
        """The call has ended."""
        for listener in self._listeners:
            listener.end()
        self._listeners.clear()

    def _pass_on(self) -> None:
        if self._caller is None:
            return
        frame = _interleaved(self._caller, self._bot)
        self._caller, self._bot = None, b""
        for listener in self._listeners:
            listener.hear(frame)


class OverheardCalls:
    """The lines of this process's calls, by call id. Used on the event loop only."""

    def __init__(self) -> None:
        self._lines: dict[str, OverheardLine] = {}

    def begin(self, call_id: str, line: Transport) -> OverheardLine:
        """A call begins: it is held on the line returned."""
        self._lines[call_id] = overheard = OverheardLine(line)
        return overheard

    def end(self, call_id: str) -> None:
        """It is over, and so is listening to it."""
        line = self._lines.pop(call_id, None)
        if line is not None:
            line.over()

    def find(self, call_id: str) -> OverheardLine | None:
        """The line of a call that goes on."""
        return self._lines.get(call_id)


def _interleaved(caller: bytes, bot: bytes) -> bytes:
    length = max(len(caller), len(bot))
    sides = [np.frombuffer(side.ljust(length, b"\0"), dtype="<i2") for side in (caller, bot)]
    return np.stack(sides, axis=1).tobytes()
