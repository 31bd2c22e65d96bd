"""BrowserTransport: a line to a browser, PCM16 16 kHz both ways; whoever holds the socket carries the bytes."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from voice.line.transport import Dtmf
from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS, AudioFrame

SAMPLE_RATE = 16_000
FRAME_BYTES = SAMPLE_RATE * FRAME_MS // 1000 * BYTES_PER_SAMPLE

INCOMING_FRAMES = 250
"""5 s of the caller's sound; when full the oldest frame is dropped: the call is behind and must catch up."""

OUTGOING_ITEMS = 500
"""10 s of the bot's sound; when full the browser no longer reads, and the line counts as lost."""

LINE_SILENT_S = 20.0
"""Wall seconds without a single frame after which the browser is gone (a sleeping phone, a dead network)."""


class AudioInvalid(Exception):
    """A binary message that is not whole 16-bit samples (code ``audio_invalid``)."""

    code = "audio_invalid"


class FrameAssembler:
    """Cuts a stream of PCM bytes into 20 ms frames; sans-I/O."""

    def __init__(self) -> None:
        self._rest = b""
        self._frames = 0

    def push(self, pcm: bytes) -> list[AudioFrame]:
        """Add bytes; return the frames they complete. Raises AudioInvalid."""
        if len(pcm) % BYTES_PER_SAMPLE:
            raise AudioInvalid(f"{len(pcm)} bytes are not whole 16-bit samples")
        self._rest += pcm
        frames = []
        while len(self._rest) >= FRAME_BYTES:
            frames.append(AudioFrame(self._rest[:FRAME_BYTES], SAMPLE_RATE, self._frames * FRAME_MS))
            self._rest = self._rest[FRAME_BYTES:]
            self._frames += 1
        return frames


class BrowserTransport:
    """Implements Transport over two bounded queues: ``hear`` fills one, ``next_outgoing`` empties the other."""

    name = "browser"
    hands_over = False
    """A page is on no telephone: staff call back, or the customer goes on in writing."""
    sample_rate = SAMPLE_RATE
    caller: str | None = None
    """A browser vouches for no phone number."""

    def __init__(self) -> None:
        self._assembler = FrameAssembler()
        self._incoming: deque[AudioFrame | Dtmf] = deque()
        self._outgoing: deque[bytes | dict[str, Any]] = deque()
        self._came = asyncio.Event()
        self._goes = asyncio.Event()
        self._gone = False
        self._last_ms = 0
        self.dropped_frames = 0
        """Frames of the caller that were thrown away because the call was more than 5 s behind."""

    @property
    def delay_ms(self) -> float:
        """What waits here in both directions; the network between is not known."""
        return float(FRAME_MS * (len(self._incoming) + len(self._outgoing)))

    def hear(self, pcm: bytes) -> None:
        """Take a binary message of the browser. Raises AudioInvalid."""
        for frame in self._assembler.push(pcm):
            self._last_ms = frame.timestamp_ms
            self._queue_incoming(frame)

    def press(self, key: str) -> None:
        """Take a key of the on-screen keypad."""
        self._queue_incoming(Dtmf(key, self._last_ms))

    def caller_gone(self) -> None:
        """The socket closed: ``frames`` ends after what was already heard."""
        self._gone = True
        self._came.set()
        self._goes.set()

    def show(self, message: dict[str, Any]) -> None:
        """Send a JSON control message, in order with the sound."""
        self._queue_outgoing(message)

    async def next_outgoing(self) -> bytes | dict[str, Any] | None:
        """The next thing for the socket: sound, or a control message; None when the line is over and all is sent."""
        while not self._outgoing:
            if self._gone:
                return None
            self._goes.clear()
            await self._goes.wait()
        return self._outgoing.popleft()

    async def frames(self) -> AsyncIterator[AudioFrame | Dtmf]:
        """Frames and keys until the browser is gone or sends nothing for too long."""
        while True:
            while self._incoming:
                yield self._incoming.popleft()
            if self._gone:
                return
            self._came.clear()
            try:
                await asyncio.wait_for(self._came.wait(), LINE_SILENT_S)
            except asyncio.TimeoutError:
                self.caller_gone()

    async def play(self, frame: AudioFrame) -> None:
        """Send 20 ms of the bot's sound."""
        self._queue_outgoing(frame.pcm)

    async def clear(self) -> None:
        """Forget unsent sound and tell the browser to drop what it has not yet played."""
        self._outgoing = deque(item for item in self._outgoing if not isinstance(item, bytes))
        self._queue_outgoing({"type": "clear"})

    async def transfer(self, target: str) -> None:
        """A web page cannot be handed to a telephone: it is told that a person will call back or join."""
        self._queue_outgoing({"type": "transferred", "target": target})

    async def hang_up(self) -> None:
        """End the line from our side."""
        self.caller_gone()

    def _queue_incoming(self, item: AudioFrame | Dtmf) -> None:
        if len(self._incoming) >= INCOMING_FRAMES:
            self._incoming.popleft()
            self.dropped_frames += 1
        self._incoming.append(item)
        self._came.set()

    def _queue_outgoing(self, item: bytes | dict[str, Any]) -> None:
        if len(self._outgoing) >= OUTGOING_ITEMS:
            self.caller_gone()
            return
        self._outgoing.append(item)
        self._goes.set()
