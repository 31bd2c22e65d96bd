"""Collecting stream: one utterance for engines that hear it only as a whole."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice.hearing.expectation import Expectation
from voice.hearing.recognizer import NOTHING_HEARD, Transcript
from voice.hearing.utterance import UtteranceBuffer
from voice.sound.audio import AudioFrame

Recognize = Callable[[NDArray[np.float32], Expectation], Coroutine[Any, Any, Transcript]]
"""A whole utterance (16 kHz, -1..1) in, its transcript out."""


class CollectingStream:
    """Collects an utterance, then has it recognised at once."""

    partial = ""
    """Such engines give no partial words."""

    def __init__(self, recognize: Recognize, sample_rate: int, expects: Expectation) -> None:
        self._recognize = recognize
        self._expects = expects
        self._buffer = UtteranceBuffer(sample_rate)

    async def accept(self, frame: AudioFrame) -> None:
        """Take the next frame; 15 us, no recognition yet."""
        self._buffer.push(frame)

    def anticipate(self) -> "asyncio.Task[Transcript] | None":
        """Recognise what was collected so far; more may come."""
        samples = self._buffer.so_far()
        if samples is None:
            return None
        return asyncio.create_task(self._recognize(samples, self._expects))

    async def finish(self) -> Transcript:
        """Recognise what was collected. Raises RecognizerFailed."""
        samples = self._buffer.samples()
        self._buffer.clear()
        if samples is None:
            return NOTHING_HEARD
        return await self._recognize(samples, self._expects)

    def cancel(self) -> None:
        """Forget the utterance."""
        self._buffer.clear()
