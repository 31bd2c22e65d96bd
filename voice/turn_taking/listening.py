"""Listener: the caller's side of a call, from frames to finished utterances."""

import asyncio
from collections import deque
from dataclasses import dataclass

from voice.hearing.expectation import OPEN, Expectation
from voice.hearing.recognizer import Recognizer, RecognizerStream, Transcript
from voice.settings import CallSettings
from voice.sound.audio import FRAME_MS, AudioFrame
from voice.turn_taking.early_recognition import EarlyRecognition, drop, partial_words, result_of
from voice.turn_taking.endpointing import Endpoint, Endpointer
from voice.turn_taking.fading import Fading
from voice.turn_taking.foreground import Foreground
from voice.turn_taking.turn_shape import turn_shape
from voice.turn_taking.vad import Vad


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
    over_bot: bool = False
    """It began while the bot spoke, and not just at the end of that."""
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
        self._foreground = Foreground(settings.foreground_db)
        self._endpointer = Endpointer(settings)
        self._fading = Fading()
        self._voiced = False
        self._expects = OPEN
        self._pre_roll: deque[AudioFrame] = deque(maxlen=settings.pre_roll_ms // FRAME_MS)
        self._stream: RecognizerStream | None = None
        self._stream_expects = OPEN
        self._short_word_ms = settings.short_word_ms
        self._over_bot = False
        self._early = EarlyRecognition(settings.early_recognition_ms)
        self._asked: asyncio.Task[Transcript] | None = None
        self.so_far: Transcript | None = None
        """What was said so far in the present utterance; None while it is not known."""

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
        return self._early.under_way or (self._asked is not None and not self._asked.done())

    @property
    def silence_ms(self) -> float:
        """Milliseconds since the caller last spoke within the present utterance; 0 outside one and while he speaks."""
        return self._endpointer.silence_ms if self.in_speech and not self._voiced else 0.0

    @property
    def expects(self) -> Expectation:
        """What was expected when the present utterance began; outside one, what is expected next."""
        return self._stream_expects if self._stream is not None else self._expects

    @property
    def speech_ms(self) -> float:
        """Milliseconds of speech in the present utterance; 0 outside one."""
        return self._endpointer.speech_ms_now

    @property
    def start_ms(self) -> float:
        """When the present utterance began, in milliseconds of the line."""
        return self._endpointer.speech_start_ms

    @property
    def partial(self) -> str:
        """Words so far of the present utterance, where the engine gives any."""
        return self._stream.partial if self._stream is not None else ""

    async def hear(
        self, frame: AudioFrame, attentive: bool, is_echo: bool = False
    ) -> SpeechBegan | Utterance | None:
        """Take the next frame of the line. When ``attentive``, a short word is listened for more closely.

        A frame that ``is_echo`` holds no voice but the bot's.
        """
        closer = attentive and self._endpointer.speech_ms_now < self._short_word_ms
        noticed = (
            AudioFrame(bytes(len(frame.pcm)), frame.sample_rate, frame.timestamp_ms) if is_echo else frame
        )
        is_speech = self._vad.is_speech(noticed, closer)
        is_speech &= self._foreground.is_callers(noticed, self._endpointer.in_speech, is_speech)
        self._voiced = is_speech
        if is_speech:
            self._early.void()
        faded_ms = self._fading.heard(noticed.pcm, frame.duration_ms, is_speech)
        moment = self._endpointer.process(frame.duration_ms, is_speech, faded_ms)
        if moment is Endpoint.SPEECH_STARTED:
            self._over_bot = not attentive
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

    def ask_for_words(self) -> Transcript | None:
        """Have the words so far recognised although the caller still makes himself heard; ``so_far`` will tell.

        Engines that are at his heels tell at once.
        """
        if self._stream is None or self._asked is not None:
            return None
        self._asked = self._stream.anticipate()
        return partial_words(self._stream) if self._asked is None else None

    def forget(self) -> None:
        """What is being said is of no interest any more."""
        self._endpointer.forget()
        self.close()

    def close(self) -> None:
        """The line is gone: forget an unfinished utterance."""
        self._early.void()
        self._forget_asked()
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
        heard = self._early.heard(stream, self.silence_ms)
        if heard is not None and heard.text:
            self._endpointer.judge(turn_shape(heard.text, self._expects))
        if heard is None and self._asked is not None:
            heard = result_of(self._asked)
            if self._asked.done():
                self._forget_asked()
        self.so_far = partial_words(stream) if heard is None and stream.partial else heard

    def _forget_asked(self) -> None:
        if self._asked is not None:
            drop(self._asked)
        self._asked = None
        self.so_far = None

    def _end_utterance(self) -> Utterance:
        assert self._stream is not None, "an utterance ends only after it began"
        stream, self._stream = self._stream, None
        self._forget_asked()
        points = self._endpointer
        return Utterance(
            stream=stream,
            expects=self._stream_expects,
            start_ms=int(points.speech_start_ms),
            end_ms=int(points.speech_end_ms),
            endpointing_ms=int(points.silence_ms),
            speech_ms=int(points.speech_ms),
            over_bot=self._over_bot,
            early=self._early.take(),
        )
