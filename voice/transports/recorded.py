"""RecordedCaller: a line whose caller is a recording; plays it in real time or as fast as the call can follow."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from voice.line.transport import Dtmf
from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS, AudioFrame

_QUIET_BEFORE_HANG_UP_MS = 3_000
_LONGEST_WAIT_MS = 120_000


class RecordedCaller:
    """Says what is in the recording, waits for the answer to the last utterance plus 3 s, and hangs up."""

    name = "recording"
    hands_over = True
    delay_ms = 0.0

    def __init__(
        self,
        pcm: bytes,
        sample_rate: int,
        caller: str | None = None,
        *,
        real_time: bool = True,
        keys: tuple[Dtmf, ...] = (),
    ) -> None:
        """``pcm`` is s16le mono at ``sample_rate`` (Hz); ``keys`` are pressed at their timestamps."""
        self.sample_rate = sample_rate
        self.caller = caller
        self._pcm = pcm
        self._frame_bytes = sample_rate * FRAME_MS // 1000 * BYTES_PER_SAMPLE
        self._real_time = real_time
        self._keys = list(keys)
        self._frames_sent = 0
        self._quiet_ms = 0
        self._open = True
        self._started_at: float | None = None
        self.heard = bytearray()
        """What the caller heard: s16le mono, in step with the recording."""
        self.transferred_to: str | None = None
        self.thinking: Callable[[], bool] = lambda: False
        """Set by whoever wires the call: without real time, the line waits while the call is thinking."""
        self.at_rest: Callable[[], bool] = lambda: True
        """Set by whoever wires the call: tells when the answer to the last utterance is over."""

    async def frames(self) -> AsyncIterator[AudioFrame | Dtmf]:
        """The recording, then silence until the bot has answered, then the end of the line."""
        while self._open and not self._has_had_enough():
            await self._wait_for_the_next_frame()
            now_ms = self._frames_sent * FRAME_MS
            while self._keys and self._keys[0].timestamp_ms <= now_ms:
                yield self._keys.pop(0)
            start = self._frames_sent * self._frame_bytes
            sound = self._pcm[start : start + self._frame_bytes].ljust(self._frame_bytes, b"\0")
            self._frames_sent += 1
            yield AudioFrame(sound, self.sample_rate, now_ms)
            self.heard += bytes(max(0, self._frames_sent * self._frame_bytes - len(self.heard)))

    async def play(self, frame: AudioFrame) -> None:
        """The caller hears this frame."""
        self.heard += frame.pcm

    async def clear(self) -> None:
        """Nothing is kept ahead of the line."""

    async def transfer(self, target: str) -> None:
        """A recording has nobody to be handed to: the line is closed."""
        self.transferred_to = target
        self._open = False

    async def hang_up(self) -> None:
        """Close the line."""
        self._open = False

    def _has_had_enough(self) -> bool:
        over_ms = self._frames_sent * FRAME_MS - len(self._pcm) // self._frame_bytes * FRAME_MS
        if over_ms <= 0 or self._keys:
            return False
        self._quiet_ms = self._quiet_ms + FRAME_MS if self.at_rest() else 0
        return self._quiet_ms >= _QUIET_BEFORE_HANG_UP_MS or over_ms >= _LONGEST_WAIT_MS

    async def _wait_for_the_next_frame(self) -> None:
        if not self._real_time:
            await asyncio.sleep(0)
            while self.thinking():  # noqa: ASYNC110 - the call offers a question, not an event
                await asyncio.sleep(0.002)
            return
        if self._started_at is None:
            self._started_at = time.monotonic()
        due = self._started_at + self._frames_sent * FRAME_MS / 1000
        await asyncio.sleep(max(0.0, due - time.monotonic()))
