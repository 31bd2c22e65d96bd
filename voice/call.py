"""Call: one call from answer to hang-up, whatever carries it."""

import asyncio
from collections.abc import Callable

from voice import settings as prompts
from voice.answering import Answering
from voice.bot_side import BotSide
from voice.call_log import CallLog
from voice.closing_time import ServiceStopping
from voice.dialogue import Dialogue, NextStep
from voice.engines import Engines
from voice.events import (
    CallEnded,
    CallEvent,
    CallFailed,
    CallStarted,
    EchoSuppressed,
    PartialTranscript,
    RecordingLost,
    SpeechStarted,
    TookLeave,
    Transferred,
)
from voice.farewell import Farewell, Parting
from voice.house import House
from voice.line.transport import Dtmf, TransferFailed, Transport
from voice.satisfaction import Satisfaction
from voice.settings import CallSettings
from voice.sound.audio import FRAME_MS, AudioFrame
from voice.sound.recording import CallRecording, RecordingStopped
from voice.turn_taking.barge_in import BargeIn
from voice.turn_taking.echo import EchoCanceller, EchoFound
from voice.turn_taking.listening import Listener, SpeechBegan, Utterance
from voice.turn_taking.patience import Patience
from voice.turn_taking.vad import Vad


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
        house: House | None = None,
    ) -> None:
        self._sender = sender
        self._house = house or House()
        self._speaker = engines.speaker
        self._transport = transport
        self._settings = settings
        self._recording = recording
        self._log = CallLog(call_id, on_event)
        rate = transport.sample_rate
        vad = Vad(engines.vad, rate, settings.vad)
        self._listener = Listener(vad, engines.recognizer, settings, rate)
        self._bot = BotSide(engines.speaker, transport, self._log)
        self._patience = Patience(settings)
        self._satisfaction = Satisfaction(settings.asks_rating, self._bot, self._listener, self._log)
        self._answering = Answering(
            dialogue,
            sender,
            self._listener,
            self._bot,
            self._patience,
            self._satisfaction,
            settings,
            self._log,
        )
        self._barge_in = BargeIn(self._listener, self._bot, settings)
        self._echo = EchoCanceller(rate, settings)
        self._echo_told: EchoFound | None = None
        self._last_partial = ""
        self._recording_lost = False
        self._ended_by: str | None = None

    @property
    def thinking(self) -> bool:
        """Something is being recognised, answered or synthesised (a recorded caller may wait for it)."""
        return self._answering.busy or self._bot.making_clips or self._listener.anticipating

    @property
    def at_rest(self) -> bool:
        """Nobody speaks and nothing is on its way."""
        return not self.thinking and self._bot.silent and not self._listener.in_speech

    async def run(self) -> None:
        """Hold the call until one side ends it. Never raises: what breaks ends the call with an apology."""
        line = self._transport
        self._log.tell(CallStarted, transport=line.name, sample_rate=line.sample_rate)
        self._answering.start({"channel": _channel(line), "line_phone": line.caller})
        try:
            await self._follow_the_line()
        except Exception as error:  # the one broad catch of a call: a caller never meets a dead line
            await self._apologise(error)
        finally:
            self._answering.close()
            self._listener.close()
            self._bot.close()
            if self._recording is not None:
                await asyncio.to_thread(self._recording.close)
            self._log.tell(CallEnded, ended_by=self._ended_by or "caller")

    async def _follow_the_line(self) -> None:
        async for item in self._transport.frames():
            if isinstance(item, Dtmf):
                if not self._satisfaction.takes_key(item.key, self._answering.next):
                    self._answering.key_pressed(item.key)
                await self._transport.clear()
                continue
            await self._tick(item)
            for broken in (self._answering.failure(), self._bot.failure()):
                if broken is not None:
                    raise broken
            if self._ended_by is not None:
                return
            if self._house.closing.has_come:
                raise ServiceStopping

    async def _tick(self, frame: AudioFrame) -> None:
        self._log.audio_ms = frame.timestamp_ms + FRAME_MS
        cleaned = self._echo.clean(frame.pcm)
        caller = AudioFrame(cleaned.pcm, frame.sample_rate, frame.timestamp_ms)
        heard = await self._listener.hear(caller, self._awaits_a_word(), cleaned.is_echo)
        if isinstance(heard, SpeechBegan):
            self._log.tell(SpeechStarted)
        elif isinstance(heard, Utterance):
            self._last_partial = ""
            self._answering.utterance_ended(heard)
        self._tell_of_partial_words()
        self._tell_of_an_echo()
        self._answering.watch_the_keys()
        if self._listener.in_speech or self.thinking:
            self._speaker.somebody_is_served()
        if self._barge_in.watch():
            await self._transport.clear()
        await self._play_next(frame)
        await self._watch_the_clock()

    def _awaits_a_word(self) -> bool:
        """The bot is silent, or at the end of its last clause: people answer into its last syllable."""
        return not self._bot.making_clips and self._bot.waiting_ms < self._settings.attentive_ms

    def _tell_of_partial_words(self) -> None:
        partial = self._listener.partial
        if partial and partial != self._last_partial:
            self._last_partial = partial
            self._log.tell(PartialTranscript, text=partial)

    def _tell_of_an_echo(self) -> None:
        found = self._echo.found
        if found is not None and found is not self._echo_told:
            self._echo_told = found
            self._log.tell(EchoSuppressed, **vars(found))

    async def _play_next(self, frame: AudioFrame) -> None:
        sound = self._bot.next_sound()
        self._echo.played(sound)
        if sound is not None:
            await self._transport.play(AudioFrame(sound, self._transport.sample_rate, frame.timestamp_ms))
        if self._recording is not None:
            self._recording.add(frame.pcm, sound or b"")
            if self._recording.failure is not None:
                self._recording_stopped(self._recording.failure)

    def _recording_stopped(self, failure: OSError) -> None:
        """The caller is not to suffer for a full disk, unless the lender would rather have a person take over."""
        if not self._recording_lost:
            self._recording_lost = True
            self._log.tell(RecordingLost, reason=type(failure).__name__)
            if self._settings.needs_recording:
                raise RecordingStopped

    async def _watch_the_clock(self) -> None:
        audio_ms = self._log.audio_ms
        if not self.at_rest:
            self._patience.somebody_is_busy(audio_ms)
            return
        if self._answering.goes_on():
            return
        if self._answering.next is not NextStep.CONTINUE:
            await self._take_the_next_step()
        elif audio_ms >= self._settings.max_call_ms:
            self._bot.prompt(prompts.CALL_TOO_LONG)
            self._answering.next = NextStep.HANG_UP
        elif (sentence := self._patience.sentence_due(audio_ms)) is not None:
            self._bot.prompt(sentence)
            if self._patience.is_over:
                self._answering.next = NextStep.HANG_UP

    async def _take_the_next_step(self) -> None:
        if self._answering.next is NextStep.TRANSFER:
            try:
                await self._transport.transfer("agent")
            except TransferFailed as error:
                self._log.tell(CallFailed, code=error.code, message=str(error))
                self._answering.next = NextStep.CONTINUE
                self._bot.prompt(prompts.TRANSFER_FAILED)
                return
            self._log.tell(Transferred, target="agent")
            self._ended_by = "transfer"
        elif not self._satisfaction.keeps_the_line(self._answering.next):
            await self._transport.hang_up()
            self._ended_by = "bot"

    async def _apologise(self, error: Exception) -> None:
        """Say sorry from the cache, as far as anything still works, and see to it that a person takes over."""
        self._ended_by = "error"
        code = getattr(error, "code", "call_failed")
        self._log.tell(CallFailed, code=code, message=type(error).__name__, gave_up=True)
        # Whatever broke belongs to the call that was; the last words come from a side of their own.
        self._answering.close()
        self._bot.close()
        self._bot = BotSide(self._speaker, self._transport, self._log)
        farewell = Farewell(self._transport, self._bot, self._play_next, self._house.helpers)
        try:
            parting = await farewell.take_leave(self._sender, error)
        except Exception as second:  # the apology itself could not be said; the line is closed all the same
            self._log.tell(CallFailed, code="apology_failed", message=type(second).__name__)
            return
        self._log.tell(TookLeave, parting=parting.value)
        if parting is Parting.TRANSFERRED:
            self._log.tell(Transferred, target="agent")
            self._ended_by = "transfer"


def _channel(transport: Transport) -> str:
    return "browser" if transport.name == "browser" else "phone"
