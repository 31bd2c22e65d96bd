"""Listener: the caller's side of a call, from frames to finished utterances."""

import asyncio
from collections import deque
from dataclasses import dataclass

from voice.audio import FRAME_MS, AudioFrame
from voice.early_recognition import EarlyRecognition
from voice.endpointing import Endpoint, Endpointer
from voice.expectation import OPEN, Expectation
from voice.recognizer import Recognizer, RecognizerStream, Transcript
from voice.settings import CallSettings
from voice.turn_shape import turn_shape
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
    early: "asyncio.Task[Transcript] | None" = None
    """Its recognition, begun in the silence that then turned out to be its end."""

    async def transcript(self) -> Transcript:
        """Return its words. Raises RecognizerFailed."""
        if self.early is None:
            return await self.stream.finish()
        transcript = await self.early
        self.stream.cancel()
        return transcript

    def forget(self) -> None:
        """Nobody will ask for its words."""
        self.stream.cancel()
        if self.early is not None:
            self.early.cancel()


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
        self._stream_expects = OPEN
        self._early = EarlyRecognition(settings.early_recognition_ms)

    def expect(self, expects: Expectation) -> None:
        """Prepare for the answer expected next; an utterance already begun keeps its own recogniser stream."""
        self._expects = expects
        self._endpointer.expect(expects)

    @property
    def in_speech(self) -> bool:
        """The caller is within an utterance."""
        return self._endpointer.in_speech

    @property
    def anticipating(self) -> bool:
        """Words are being recognised in a silence that may be the end of the turn."""
        return self._early.under_way

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
        is_speech = self._vad.is_speech(frame, closer)
        if is_speech:
            self._early.void()
        moment = self._endpointer.process(frame.duration_ms, is_speech)
        if moment is Endpoint.SPEECH_STARTED:
            await self._begin_utterance()
        if self._stream is None:
            self._pre_roll.append(frame)
            return None
        await self._stream.accept(frame)
        if moment is Endpoint.SPEECH_STARTED:
            return SpeechBegan(int(self._endpointer.speech_start_ms))
        if moment is Endpoint.SPEECH_ENDED:
            return self._end_utterance()
        self._look_ahead(self._stream)
        return None

    def close(self) -> None:
        """The line is gone: forget an unfinished utterance."""
        self._early.void()
        if self._stream is not None:
            self._stream.cancel()
            self._stream = None

    async def _begin_utterance(self) -> None:
        self._stream_expects = self._expects
        self._stream = self._recognizer.start_stream(self._sample_rate, self._expects)
        for earlier in self._pre_roll:
            await self._stream.accept(earlier)
        self._pre_roll.clear()

    def _look_ahead(self, stream: RecognizerStream) -> None:
        """In a silence: have the words so far recognised, and let them say how long it may last."""
        words = self._early.words(stream, self._endpointer.silence_ms)
        if words is not None:
            self._endpointer.judge(turn_shape(words, self._expects))

    def _end_utterance(self) -> Utterance:
        assert self._stream is not None, "an utterance ends only after it began"
        stream, self._stream = self._stream, None
        points = self._endpointer
        return Utterance(
            stream=stream,
            expects=self._stream_expects,
            start_ms=int(points.speech_start_ms),
            end_ms=int(points.speech_end_ms),
            endpointing_ms=int(points.silence_ms),
            speech_ms=int(points.speech_ms),
            early=self._early.take(),
        )
