"""Synthesizer: written clause in, sound out."""

from collections.abc import AsyncIterator
from typing import Protocol

from voice.sound.audio import AudioFrame


class Synthesizer(Protocol):
    """A loaded voice, shared by all calls. Text is a clause as written (figures as digits); the engine speaks it."""

    name: str

    sample_rate: int
    """Hertz of the frames that ``synthesize`` yields."""

    def synthesize(self, text: str) -> AsyncIterator[AudioFrame]:
        """Speak one clause. Frames come as soon as they exist. Raises SynthesizerFailed."""
        ...


class SynthesizerUnavailable(Exception):
    """The voice cannot be loaded (code ``synthesizer_unavailable``)."""

    code = "synthesizer_unavailable"


class SynthesizerFailed(Exception):
    """The voice broke on a clause (code ``synthesizer_failed``)."""

    code = "synthesizer_failed"
