"""SimulatedCaller: a caller made of steps: waits for the bot, interrupts it, keeps silent, presses keys."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from voice.line.line_echo import LineEcho
from voice.line.transport import Dtmf
from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS, AudioFrame

_POLITE_PAUSE_MS = 400
_LONGEST_CALL_MS = 180_000


@dataclass(frozen=True)
class Say:
    """Speak once the bot has finished."""

    pcm: bytes
    not_before_ms: int = 0
    """Line time before which the caller keeps silent all the same."""


@dataclass(frozen=True)
class SayOver:
    """Speak into the bot's answer, this long after its sound began."""

    pcm: bytes
    after_ms: int


@dataclass(frozen=True)
class Press:
    """Press keys once the bot has finished."""

    keys: str


@dataclass(frozen=True)
class KeepSilent:
    """Say nothing for this long, whatever the bot says."""

    duration_ms: int


Step = Say | SayOver | Press | KeepSilent


class SimulatedCaller:
    """A line in audio time: it stands still while the call thinks, so that a test's result never depends on speed.

    With ``real_time`` it runs by the wall clock instead, as a telephone does.
    """

    name = "simulated"
    hands_over = True
    delay_ms = 0.0

    def __init__(
        self,
        steps: list[Step],
        sample_rate: int = 8000,
        caller: str | None = None,
        *,
        real_time: bool = False,
        echo: LineEcho | None = None,
    ) -> None:
        self.sample_rate = sample_rate
        self.caller = caller
        self._steps = list(steps)
        self._frame_bytes = sample_rate * FRAME_MS // 1000 * BYTES_PER_SAMPLE
        self._real_time = real_time
        self._echo = echo
        self._started_at: float | None = None
        self._now_ms = 0
        self._rest_ms = 0
        self._bot_sound_ms = 0
        self._silent_until_ms = 0
        self._speaking = b""
        self._open = True
        self.heard = bytearray()
        """What the caller heard, s16le mono, in step with the line."""
        self.spoke_at_ms: list[int] = []
        """When each Say or SayOver began."""
        self.transferred_to: str | None = None
        self.thinking: Callable[[], bool] = lambda: False
        self.at_rest: Callable[[], bool] = lambda: True

    async def frames(self) -> AsyncIterator[AudioFrame | Dtmf]:
        """The caller's side, until all steps are done and answered."""
        while self._open and self._now_ms < _LONGEST_CALL_MS:
            await self._wait_for_the_next_frame()
            self._rest_ms = self._rest_ms + FRAME_MS if self.at_rest() else 0
            if not self._speaking and self._now_ms >= self._silent_until_ms:
                if not self._steps and self._rest_ms >= 1000:
                    return
                for key in self._next_step():
                    yield Dtmf(key, self._now_ms)
            sound, self._speaking = (
                self._speaking[: self._frame_bytes],
                self._speaking[self._frame_bytes :],
            )
            timestamp_ms = self._now_ms
            self._now_ms += FRAME_MS
            before = len(self.heard)
            sound = sound.ljust(self._frame_bytes, b"\0")
            sound = self._echo.mix(sound) if self._echo is not None else sound
            yield AudioFrame(sound, self.sample_rate, timestamp_ms)
            played = len(self.heard) > before
            self._bot_sound_ms = self._bot_sound_ms + FRAME_MS if played else 0
            if not played:
                self.heard += bytes(self._frame_bytes)

    @property
    def all_said(self) -> bool:
        """Every step has been begun and spoken to its end."""
        return not self._steps and not self._speaking

    async def play(self, frame: AudioFrame) -> None:
        """The caller hears this frame."""
        self.heard += frame.pcm
        if self._echo is not None:
            self._echo.played(frame.pcm)

    async def clear(self) -> None:
        """Nothing is kept ahead of the line."""

    async def transfer(self, target: str) -> None:
        """Handed to a person: the line is closed."""
        self.transferred_to = target
        self._open = False

    async def hang_up(self) -> None:
        """The bot hung up."""
        self._open = False

    async def _wait_for_the_next_frame(self) -> None:
        if self._real_time:
            self._started_at = self._started_at or time.monotonic()
            await asyncio.sleep(max(0.0, self._started_at + self._now_ms / 1000 - time.monotonic()))
            return
        await asyncio.sleep(0)
        while self.thinking():  # noqa: ASYNC110 - the call offers a question, not an event
            await asyncio.sleep(0.002)

    def _next_step(self) -> str:
        """Begin the next step if its moment has come; return the keys to press."""
        if not self._steps:
            return ""
        polite = self._rest_ms >= _POLITE_PAUSE_MS
        match self._steps[0]:
            case Say(pcm=pcm, not_before_ms=moment) if polite and self._now_ms >= moment:
                self._speak(pcm)
            case SayOver(pcm=pcm, after_ms=after_ms) if self._bot_sound_ms >= after_ms:
                self._speak(pcm)
            case KeepSilent(duration_ms=duration_ms) if polite:
                self._steps.pop(0)
                self._silent_until_ms = self._now_ms + duration_ms
            case Press(keys=keys) if polite:
                self._steps.pop(0)
                self._rest_ms = 0
                return keys
        return ""

    def _speak(self, pcm: bytes) -> None:
        self._steps.pop(0)
        self.spoke_at_ms.append(self._now_ms)
        self._speaking = pcm
        self._rest_ms = 0
