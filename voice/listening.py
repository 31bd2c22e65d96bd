"""Listener: the caller's side of a call, from frames to finished utterances."""

from collections import deque
from dataclasses import dataclass

from voice.audio import FRAME_MS, AudioFrame
from voice.endpointing import Endpoint, Endpointer
from voice.expectation import OPEN, Expectation
from voice.recognizer import Recognizer, RecognizerStream
from voice.settings import CallSettings
from voice.vad import Vad

_SHORT_WORD_MS = 300
"""Beyond this an utterance carries itself; closer listening would only make noise prolong it."""


@dataclass(frozen=True)
class SpeechBegan:
    """The caller began to speak."""

    start_ms: int


@dataclass(frozen=True)
class Utterance:
    """The caller's turn ended; its transcript is still to be asked for."""

    stream: RecognizerStream
    expects: Expectation
    start_ms: int
    end_ms: int
    endpointing_ms: int
    speech_ms: int
    """Milliseconds of speech, pauses not counted."""


class Listener:
    """Voice activity, endpointing and a recogniser stream an utterance."""

    def __init__(self, vad: Vad, recognizer: Recognizer, settings: CallSettings, sample_rate: int) -> None:
        self._vad = vad
        self._recognizer = recognizer
        self._sample_rate = sample_rate
        self._endpointer = Endpointer(settings)
        self._expects = OPEN
        self._pre_roll: deque[AudioFrame] = deque(maxlen=settings.pre_roll_ms // FRAME_MS)
        self._stream: RecognizerStream | None = None

    def expect(self, expects: Expectation) -> None:
        """Prepare for the answer expected next; an utterance already begun keeps its own recogniser stream."""
        self._expects = expects
        self._endpointer.expect(expects)

    @property
    def in_speech(self) -> bool:
        """The caller is within an utterance."""
        return self._endpointer.in_speech

    @property
    def speech_ms(self) -> float:
        """Milliseconds of speech in the present utterance; 0 outside one."""
        return self._endpointer.speech_ms_now

    @property
    def partial(self) -> str:
        """Words so far of the present utterance, where the engine gives any."""
        return self._stream.partial if self._stream is not None else ""

    async def hear(self, frame: AudioFrame, attentive: bool) -> SpeechBegan | Utterance | None:
        """Take the next frame of the line. When ``attentive``, a short word is listened for more closely."""
        closer = attentive and self._endpointer.speech_ms_now < _SHORT_WORD_MS
        moment = self._endpointer.process(frame.duration_ms, self._vad.is_speech(frame, closer))
        if moment is Endpoint.SPEECH_STARTED:
            self._stream = self._recognizer.start_stream(self._sample_rate, self._expects)
            for earlier in self._pre_roll:
                await self._stream.accept(earlier)
            self._pre_roll.clear()
        if self._stream is None:
            self._pre_roll.append(frame)
            return None
        await self._stream.accept(frame)
        if moment is Endpoint.SPEECH_STARTED:
            return SpeechBegan(int(self._endpointer.speech_start_ms))
        if moment is Endpoint.SPEECH_ENDED:
            return self._end_utterance()
        return None

    def close(self) -> None:
        """The line is gone: forget an unfinished utterance."""
        if self._stream is not None:
            self._stream.cancel()
            self._stream = None

    def _end_utterance(self) -> Utterance:
        assert self._stream is not None, "an utterance ends only after it began"
        stream, self._stream = self._stream, None
        points = self._endpointer
        return Utterance(
            stream=stream,
            expects=self._expects,
            start_ms=int(points.speech_start_ms),
            end_ms=int(points.speech_end_ms),
            endpointing_ms=int(points.silence_ms),
            speech_ms=int(points.speech_ms),
        )
