"""Cascade: a streaming engine first, and a second one for what the first is not sure of."""

import asyncio

from voice.hearing.expectation import Expectation
from voice.hearing.recognizer import Recognizer, RecognizerStream, Transcript
from voice.sound.audio import AudioFrame

_SURE = 0.85
"""Mean word confidence above which the first engine's words stand."""


class CascadeRecognizer:
    """Partials come from the first engine; the second is asked only where the first is unsure or heard nothing."""

    name = "cascade"

    def __init__(self, first: Recognizer, second: Recognizer, sure: float = _SURE) -> None:
        self._first = first
        self._second = second
        self._sure = sure
        self.waits = first.waits

    def start_stream(self, sample_rate: int, expects: Expectation) -> "CascadeStream":
        """Begin one utterance with both engines; collecting sound for the second costs next to nothing."""
        return CascadeStream(
            self._first.start_stream(sample_rate, expects),
            self._second.start_stream(sample_rate, expects),
            self._sure,
        )


class CascadeStream:
    """One utterance in both engines."""

    def __init__(self, first: RecognizerStream, second: RecognizerStream, sure: float) -> None:
        self._first = first
        self._second = second
        self._sure = sure

    async def accept(self, frame: AudioFrame) -> None:
        """Take the next frame."""
        await asyncio.gather(self._first.accept(frame), self._second.accept(frame))

    @property
    def partial(self) -> str:
        """The first engine's words so far."""
        return self._first.partial

    def anticipate(self) -> "asyncio.Task[Transcript] | None":
        """The first engine is at the caller's heels; whether the second is needed shows at the end."""
        return None

    async def finish(self) -> Transcript:
        """Return the first engine's transcript where it is sure, else the better one. Raises RecognizerFailed."""
        first = await self._first.finish()
        if first.text and first.confidence >= self._sure:
            self._second.cancel()
            return first
        second = await self._second.finish()
        return second if second.text else first

    def cancel(self) -> None:
        """Forget the utterance."""
        self._first.cancel()
        self._second.cancel()
