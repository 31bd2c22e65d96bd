"""Endpointer: when the caller's turn began and when it ended. Pure: counts audio time, never wall time."""

from enum import Enum

from voice.hearing.expectation import OPEN, Expectation
from voice.settings import CallSettings
from voice.turn_taking.turn_shape import TurnShape


class Endpoint(str, Enum):
    """The two moments of an utterance."""

    SPEECH_STARTED = "speech_started"
    SPEECH_ENDED = "speech_ended"


class Endpointer:
    """Fed with the verdict of the voice activity detector, frame by frame."""

    def __init__(self, settings: CallSettings) -> None:
        self._settings = settings
        self._expects = OPEN
        self._end_silence_ms = settings.end_silence_for(OPEN)
        self._now_ms = 0.0
        self._run_ms = 0.0
        self.in_speech = False
        self.speech_ms = 0.0
        """Milliseconds of speech within the present utterance, pauses not counted."""
        self.speech_start_ms = 0.0
        """Audio time at which the present or last utterance began."""
        self.speech_end_ms = 0.0
        """Audio time of the last speech heard."""

    def expect(self, expects: Expectation) -> None:
        """Set the end silence for the answer that is expected next."""
        self._expects = expects
        self._end_silence_ms = self._settings.end_silence_for(expects)

    def judge(self, shape: TurnShape) -> None:
        """Set the end silence by what the words so far look like; the next speech makes that void."""
        self._end_silence_ms = self._settings.end_silence_for(self._expects, shape)

    @property
    def speech_ms_now(self) -> float:
        """``speech_ms`` of the utterance that goes on; 0 outside one."""
        return self.speech_ms if self.in_speech else 0.0

    @property
    def silence_ms(self) -> float:
        """Milliseconds since speech was last heard."""
        return self._now_ms - self.speech_end_ms

    def forget(self) -> None:
        """The present utterance does not matter any more; what follows begins a new one."""
        self.in_speech = False
        self._run_ms = 0.0

    def process(self, duration_ms: float, is_speech: bool, faded_ms: float = 0.0) -> Endpoint | None:
        """Count ``duration_ms`` of sound; return the moment that it completes, if any.

        ``faded_ms``: since when there is no sound any more, although it still counts as speech (fading.py).
        """
        self._now_ms += duration_ms
        if is_speech:
            self._run_ms += duration_ms
        else:
            self._run_ms = 0.0
        if not self.in_speech:
            return self._before_speech()
        return self._within_speech(duration_ms, is_speech, faded_ms)

    def _before_speech(self) -> Endpoint | None:
        if self._run_ms < self._settings.speech_start_ms:
            return None
        self.in_speech = True
        self.speech_ms = self._run_ms
        self.speech_start_ms = self._now_ms - self._run_ms
        self.speech_end_ms = self._now_ms
        return Endpoint.SPEECH_STARTED

    def _within_speech(self, duration_ms: float, is_speech: bool, faded_ms: float) -> Endpoint | None:
        if is_speech:
            self.judge(TurnShape.OPEN)
            self.speech_ms += duration_ms
            self.speech_end_ms = max(self.speech_end_ms, self._now_ms - faded_ms)
        too_long = self._now_ms - self.speech_start_ms >= self._settings.max_utterance_ms
        if self.silence_ms >= self._end_silence_ms or too_long:
            self.in_speech = False
            self._run_ms = 0.0
            return Endpoint.SPEECH_ENDED
        return None
