"""Recognizer: audio frames in, partial and final transcripts out."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from voice.hearing.expectation import Expectation
from voice.sound.audio import AudioFrame
from voice.waiting.waits import Waits


@dataclass(frozen=True)
class Word:
    """A recognised word with its place in the utterance."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float


@dataclass(frozen=True)
class Transcript:
    """The final words of one utterance. Empty text means: nothing that can be trusted was said."""

    text: str
    confidence: float
    """0..1; how sure the engine is."""

    words: tuple[Word, ...] = ()
    heard: str = ""
    """What the engine itself wrote, before correction by hearing.py."""

    engine: str = ""

    others: tuple[str, ...] = ()
    """What may have been said as well, likeliest first: other digits of a number that was asked for, other words."""

    unsure: bool = False
    """The first of ``others`` is as likely as ``text``: the caller had better be asked which it was."""


NOTHING_HEARD = Transcript(text="", confidence=0.0)


class RecognizerStream(Protocol):
    """Recognition of one utterance. ``accept`` is cheap or runs off the event loop by itself."""

    async def accept(self, frame: AudioFrame) -> None:
        """Take the next 20 ms of the utterance."""
        ...

    @property
    def partial(self) -> str:
        """Words so far; empty for engines that only give final transcripts."""
        ...

    def anticipate(self) -> "asyncio.Task[Transcript] | None":
        """Begin the final recognition of what was heard so far, in case the caller has finished.

        None for engines that need no head start. Whoever asks cancels the task when speech goes on, or takes its
        result in the place of ``finish``.
        """
        ...

    async def finish(self) -> Transcript:
        """End the utterance and return its transcript, corrected for the domain. Raises RecognizerFailed."""
        ...

    def cancel(self) -> None:
        """Forget the utterance and free what it holds."""
        ...


class Recognizer(Protocol):
    """A loaded model, shared by all calls."""

    name: str

    waits: Waits
    """How long utterances waited for a worker."""

    def start_stream(self, sample_rate: int, expects: Expectation) -> RecognizerStream:
        """Begin one utterance at the line's rate (8000 or 16000 Hz)."""
        ...


class RecognizerUnavailable(Exception):
    """No recogniser can be loaded (code ``recognizer_unavailable``); the message says what is missing."""

    code = "recognizer_unavailable"


class RecognizerFailed(Exception):
    """The engine broke on an utterance (code ``recognizer_failed``)."""

    code = "recognizer_failed"
