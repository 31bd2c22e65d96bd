"""Call: one call from answer to hang-up, whatever carries it."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from voice import settings as prompts
from voice.audio import FRAME_MS, AudioFrame
from voice.dialogue import Dialogue, DialogueTurn, DialogueUnavailable, Message, NextStep
from voice.engines import Engines
from voice.events import (
    BotPrompt,
    BotReply,
    CallEnded,
    CallEvent,
    CallFailed,
    CallStarted,
    DtmfReceived,
    EngineFailedOver,
    FigureStarted,
    FinalTranscript,
    PartialTranscript,
    PlaybackFinished,
    PlaybackInterrupted,
    PlaybackResumed,
    PlaybackStarted,
    SpeechStarted,
    Transferred,
)
from voice.expectation import OPEN, Expectation, ExpectationKind
from voice.hearing import is_backchannel
from voice.keypad import Keypad
from voice.listening import Listener, SpeechBegan, Utterance
from voice.patience import Patience
from voice.playback import Playback
from voice.recognizer import NOTHING_HEARD, RecognizerFailed, Transcript
from voice.recording import CallRecording
from voice.settings import CallSettings
from voice.speaker import Clip
from voice.speaking import Mouth, ReplyClock
from voice.transport import Dtmf, TransferFailed, Transport
from voice.vad import Vad

_WAITING_UTTERANCES = 8
"""Utterances that may wait for the one being answered; a caller who says more is not answered on the rest."""

_DIALOGUE_FAILURES = 2
"""Failures of the dialogue in a row after which the call is given up."""


class Call:
    """Ties a line to its ears, its mouth and the dialogue. The line's frames are its only clock."""

    def __init__(
        self,
        call_id: str,
        transport: Transport,
        dialogue: Dialogue,
        engines: Engines,
        settings: CallSettings,
        on_event: Callable[[CallEvent], None],
        sender: str,
        recording: CallRecording | None = None,
    ) -> None:
        self._call_id = call_id
        self._transport = transport
        self._dialogue = dialogue
        self._settings = settings
        self._on_event = on_event
        self._sender = sender
        self._recording = recording
        rate = transport.sample_rate
        self._listener = Listener(Vad(engines.vad, rate), engines.recognizer, settings, rate)
        self._playback = Playback(rate)
        self._mouth = Mouth(engines.speaker, self._playback, rate, self._clip_made)
        self._keypad = Keypad()
        self._utterances: asyncio.Queue[Utterance | str] = asyncio.Queue(maxsize=_WAITING_UTTERANCES)
        self._answering = True
        self._answerer: asyncio.Task[None] | None = None
        self._audio_ms = 0
        self._patience = Patience(settings)
        self._not_heard_in_a_row = 0
        self._dialogue_failures = 0
        self._expects = OPEN
        self._last_partial = ""
        self._next = NextStep.CONTINUE
        self._ended_by: str | None = None

    @property
    def thinking(self) -> bool:
        """Something is being recognised, answered or synthesised (a recorded caller may wait for it)."""
        broken = self._answerer is not None and self._answerer.done()
        answering = not broken and (self._answering or not self._utterances.empty())
        return answering or self._mouth.making_clips or self._listener.anticipating

    @property
    def at_rest(self) -> bool:
        """Nobody speaks and nothing is on its way."""
        return not self.thinking and self._mouth.silent and not self._listener.in_speech

    async def run(self) -> None:
        """Hold the call until one side ends it. Never raises: what breaks ends the call with an apology."""
        self._emit(CallStarted, transport=self._transport.name, sample_rate=self._transport.sample_rate)
        self._answerer = asyncio.create_task(self._answer_utterances())
        try:
            await self._follow_the_line(self._answerer)
        except Exception as error:  # the one broad catch of a call: a caller never meets a dead line
            await self._apologise(error)
        finally:
            self._answerer.cancel()
            self._listener.close()
            self._mouth.close()
            if self._recording is not None:
                await asyncio.to_thread(self._recording.close)
            self._emit(CallEnded, ended_by=self._ended_by or "caller")

    async def _follow_the_line(self, answering: "asyncio.Task[None]") -> None:
        async for item in self._transport.frames():
            if isinstance(item, Dtmf):
                await self._key_pressed(item)
                continue
            await self._tick(item)
            for broken in (answering.exception() if answering.done() else None, self._mouth.failure()):
                if broken is not None:
                    raise broken
            if self._ended_by is not None:
                return

    async def _tick(self, frame: AudioFrame) -> None:
        self._audio_ms = frame.timestamp_ms + FRAME_MS
        heard = await self._listener.hear(frame, attentive=self._awaits_a_word())
        if isinstance(heard, SpeechBegan):
            self._emit(SpeechStarted)
        elif isinstance(heard, Utterance):
            self._utterance_ended(heard)
        await self._watch_for_barge_in()
        await self._play_next(frame)
        await self._watch_the_clock()

    def _awaits_a_word(self) -> bool:
        """The bot is silent, or at the end of its last clause: people answer into its last syllable."""
        return not self._mouth.making_clips and self._playback.waiting_ms < self._settings.attentive_ms

    def _utterance_ended(self, utterance: Utterance) -> None:
        self._last_partial = ""
        if self._utterances.full():
            utterance.forget()
            self._playback.resume()
        else:
            self._utterances.put_nowait(utterance)

    async def _watch_for_barge_in(self) -> None:
        partial = self._listener.partial
        if partial and partial != self._last_partial:
            self._last_partial = partial
            self._emit(PartialTranscript, text=partial)
        if not self._playback.playing_interruptible:
            return
        if partial and not is_backchannel(partial):
            self._interrupt()
            await self._transport.clear()
        elif self._listener.speech_ms >= self._settings.barge_in_ms:
            self._playback.pause()
            await self._transport.clear()

    async def _play_next(self, frame: AudioFrame) -> None:
        was_playing = not self._playback.idle
        sound = self._playback.tick()
        if sound is not None:
            await self._transport.play(AudioFrame(sound, self._transport.sample_rate, frame.timestamp_ms))
        if self._recording is not None:
            self._recording.add(frame.pcm, sound or b"")
        if was_playing and self._mouth.silent:
            self._emit(PlaybackFinished, text=self._playback.said)

    async def _watch_the_clock(self) -> None:
        if not self.at_rest:
            self._patience.somebody_is_busy(self._audio_ms)
            return
        if self._next is not NextStep.CONTINUE:
            await self._take_the_next_step()
        elif self._audio_ms >= self._settings.max_call_ms:
            self._say(prompts.CALL_TOO_LONG)
            self._next = NextStep.HANG_UP
        elif (sentence := self._patience.sentence_due(self._audio_ms)) is not None:
            self._say(sentence)
            if self._patience.is_over:
                self._next = NextStep.HANG_UP

    async def _take_the_next_step(self) -> None:
        if self._next is NextStep.TRANSFER:
            try:
                await self._transport.transfer("agent")
            except TransferFailed as error:
                self._emit(CallFailed, code=error.code, message=str(error))
                self._next = NextStep.CONTINUE
                self._say(prompts.TRANSFER_FAILED)
                return
            self._emit(Transferred, target="agent")
            self._ended_by = "transfer"
        else:
            await self._transport.hang_up()
            self._ended_by = "bot"

    async def _key_pressed(self, key: Dtmf) -> None:
        self._patience.caller_answered(self._audio_ms)
        self._interrupt()
        await self._transport.clear()
        entry = self._keypad.press(key.key, self._expects)
        self._emit(DtmfReceived, count=self._keypad.count)
        if entry is not None and not self._utterances.full():
            self._utterances.put_nowait(entry)

    # -- answering, one utterance after the other, beside the line -------------------------------------------

    async def _answer_utterances(self) -> None:
        metadata = {"channel": _channel(self._transport), "line_phone": self._transport.caller}
        await self._converse(self._dialogue.start(self._sender, metadata))
        while True:
            self._answering = False
            utterance = await self._utterances.get()
            self._answering = True
            if isinstance(utterance, str):
                await self._answer(utterance, "keypad", self._expects)
            else:
                await self._answer_speech(utterance)

    async def _answer_speech(self, utterance: Utterance) -> None:
        transcript = await self._recognise(utterance)
        # 对 into a question that wants yes or no is an answer; into anything else it only says "I am listening".
        asked = utterance.expects.kind is ExpectationKind.YES_NO
        listening = not self._mouth.silent and not asked and is_backchannel(transcript.text)
        if not transcript.text or listening:
            self._nothing_to_answer(transcript, utterance)
            return
        self._not_heard_in_a_row = 0
        self._patience.caller_answered(self._audio_ms)
        self._interrupt()
        await self._answer(transcript.text, "voice", utterance.expects)

    async def _recognise(self, utterance: Utterance) -> Transcript:
        asked_at = time.perf_counter()
        try:
            transcript = await utterance.transcript()
        except RecognizerFailed as error:
            self._emit(CallFailed, code=error.code, message=str(error))
            transcript = NOTHING_HEARD
        self._emit(
            FinalTranscript,
            text=transcript.text,
            heard=transcript.heard,
            confidence=transcript.confidence,
            speech_start_ms=utterance.start_ms,
            speech_end_ms=utterance.end_ms,
            endpointing_ms=utterance.endpointing_ms,
            recognition_ms=round((time.perf_counter() - asked_at) * 1000),
            engine=transcript.engine,
        )
        return transcript

    def _nothing_to_answer(self, transcript: Transcript, utterance: Utterance) -> None:
        if self._playback.paused:
            self._playback.resume()
            self._emit(PlaybackResumed)
        elif self._mouth.silent and utterance.speech_ms >= self._settings.least_asked_again_ms(
            utterance.expects
        ):
            # Twice at most: a noisy line is not to be told forever that it was not understood.
            self._not_heard_in_a_row += 1
            if self._not_heard_in_a_row <= 2:
                self._say(prompts.NOT_HEARD)

    async def _answer(self, text: str, how: str, expects: Expectation) -> None:
        metadata = {"input": how, "expects": expects.to_json()}
        await self._converse(self._dialogue.send(self._sender, text, metadata))

    async def _converse(self, question: Any) -> None:
        """Await the dialogue's reply, fill a long wait, and say it."""
        asked_at = time.perf_counter()
        asking = asyncio.ensure_future(question)
        try:
            done, _ = await asyncio.wait([asking], timeout=self._settings.filler_after_s)
            if not done:
                self._say(prompts.FILLER)
            turn: DialogueTurn = await asking
        except DialogueUnavailable as error:
            self._dialogue_failed(error)
            return
        except asyncio.CancelledError:
            asking.cancel()
            raise
        self._dialogue_failures = 0
        self._emit(BotReply, turn=turn, dialogue_ms=round((time.perf_counter() - asked_at) * 1000))
        self._next = turn.next
        self._expects = turn.expects
        self._listener.expect(turn.expects)
        self._say_all(turn.messages)
        self._mouth.foresee(turn.foreseen)

    def _dialogue_failed(self, error: DialogueUnavailable) -> None:
        self._emit(CallFailed, code=error.code, message=str(error))
        self._dialogue_failures += 1
        if self._dialogue_failures >= _DIALOGUE_FAILURES:
            raise error
        self._say(prompts.SYSTEM_BUSY)

    # -- the mouth -------------------------------------------------------------------------------------------

    def _say(self, sentence: str) -> None:
        self._emit(BotPrompt, text=sentence)
        self._say_all((Message(sentence),))

    def _say_all(self, messages: tuple[Message, ...]) -> None:
        text = "".join(message.text for message in messages)
        if self._mouth.silent:
            self._playback.begin_reply()

        def first_audio(elapsed_ms: int) -> None:
            self._emit(PlaybackStarted, text=text, first_audio_ms=elapsed_ms)

        def first_figure(elapsed_ms: int) -> None:
            self._emit(FigureStarted, first_figure_ms=elapsed_ms)

        self._mouth.say(messages, ReplyClock(first_audio, first_figure))

    def _interrupt(self) -> None:
        not_heard = self._mouth.interrupt()
        if not_heard:
            self._emit(PlaybackInterrupted, said=self._playback.said, not_heard=not_heard)
            self._playback.begin_reply()

    def _clip_made(self, clip: Clip) -> None:
        if clip.failover is not None:
            failover = clip.failover
            self._emit(
                EngineFailedOver,
                from_engine=failover.from_engine,
                to_engine=failover.to_engine,
                reason=failover.reason,
            )

    async def _apologise(self, error: Exception) -> None:
        """Say sorry from the cache, as far as anything still works, and end the call."""
        self._ended_by = "error"
        self._emit(CallFailed, code=getattr(error, "code", "call_failed"), message=type(error).__name__)
        self._mouth.interrupt()
        try:
            self._say(prompts.APOLOGY)
            async for item in self._transport.frames():
                if isinstance(item, Dtmf):
                    continue
                await self._play_next(item)
                if self._mouth.silent or self._mouth.failure() is not None:
                    break
            await self._transport.hang_up()
        except Exception as second:  # the apology itself could not be said; the line is closed all the same
            self._emit(CallFailed, code="apology_failed", message=type(second).__name__)

    def _emit(self, kind: type[CallEvent], **fields: Any) -> None:
        self._on_event(kind(call_id=self._call_id, audio_ms=self._audio_ms, wall_time=time.time(), **fields))


def _channel(transport: Transport) -> str:
    return "browser" if transport.name == "browser" else "phone"
