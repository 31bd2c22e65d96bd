"""BotSide: the bot's side of one call: what it says, how that is cut, paused and gone on with."""

from collections.abc import Callable

from voice.call_log import CallLog
from voice.dialogue import Message
from voice.events import (
    BotPrompt,
    EngineFailedOver,
    FigureStarted,
    PlaybackFinished,
    PlaybackInterrupted,
    PlaybackPaused,
    PlaybackResumed,
    PlaybackStarted,
)
from voice.line.transport import Transport
from voice.speech.playback import Playback
from voice.speech.speaker import Clip, Speaker
from voice.speech.speaking import Mouth, ReplyClock
from voice.turn_taking.own_words import OwnWords


class BotSide:
    """Mouth and playback of one call, with the events of both."""

    def __init__(self, speaker: Speaker, line: Transport, log: CallLog) -> None:
        self._log = log
        self._line = line
        self._playback = Playback(line.sample_rate)
        self._mouth = Mouth(speaker, self._playback, line.sample_rate, self._clip_made)
        self._slow = False
        self.own_words = OwnWords()
        self.cut = ""
        """What was left of the last reply when it was interrupted; prompts in between change nothing of it."""

    @property
    def silent(self) -> bool:
        """Nothing is being said or about to be said."""
        return self._mouth.silent

    @property
    def making_clips(self) -> bool:
        """Clips are being made right now."""
        return self._mouth.making_clips

    @property
    def paused(self) -> bool:
        """It was cut off and may go on."""
        return self._playback.paused

    @property
    def may_be_cut(self) -> bool:
        """Sound is going out that the caller may cut."""
        return self._playback.playing_interruptible

    @property
    def waiting_ms(self) -> float:
        """Milliseconds of sound that are made and still to come."""
        return self._playback.waiting_ms

    @property
    def said(self) -> str:
        """What was said whole of the present reply, and of what followed it without a silence."""
        return self._playback.said

    def failure(self) -> BaseException | None:
        """What broke the making of clips, if anything did."""
        return self._mouth.failure()

    def say(
        self,
        messages: tuple[Message, ...],
        on_begin: Callable[[], None] | None = None,
        on_last: Callable[[], None] | None = None,
    ) -> None:
        """Say these after whatever is still to be said.

        ``on_begin`` is called with their first sound, ``on_last`` with that of the last sentence.
        """
        self.cut = ""
        self._say(messages, on_begin, on_last)

    def _say(
        self,
        messages: tuple[Message, ...],
        on_begin: Callable[[], None] | None = None,
        on_last: Callable[[], None] | None = None,
    ) -> None:
        text = "".join(message.text for message in messages)
        self._slow = any(message.slow for message in messages) if messages else self._slow
        if self._mouth.silent:
            self._playback.begin_reply()

        def first_audio(elapsed_ms: int) -> None:
            if on_begin is not None:
                on_begin()
            delay_ms = round(self._line.delay_ms)
            self._log.tell(PlaybackStarted, text=text, first_audio_ms=elapsed_ms, transport_ms=delay_ms)

        def first_figure(elapsed_ms: int) -> None:
            self._log.tell(FigureStarted, first_figure_ms=elapsed_ms)

        self._mouth.say(messages, ReplyClock(first_audio, first_figure), on_last)

    def prompt(self, sentence: str) -> None:
        """Say one of the call's own sentences, as slowly as the dialogue's last ones."""
        self._log.tell(BotPrompt, text=sentence)
        self._say((Message(sentence, slow=self._slow),))

    def go_on(self, on_last: Callable[[], None]) -> None:
        """Nothing came of the interruption: say what it cut, from the beginning of its clause."""
        self.say((Message(self.cut, slow=self._slow),), on_last=on_last)

    def foresee(self, sentences: tuple[str, ...]) -> None:
        """Have the clauses with figures made while nobody waits for a voice."""
        self._mouth.foresee(sentences)

    def next_sound(self) -> bytes | None:
        """The next 20 ms for the line, or None."""
        was_playing = not self._playback.idle
        sound = self._playback.tick()
        if sound is not None:
            self.own_words.sounds(self._playback.sounding, self._log.audio_ms)
        if was_playing and self._mouth.silent:
            self._log.tell(PlaybackFinished, text=self._playback.said)
        return sound

    def pause(self) -> None:
        """Stop the sound; what was being said is kept."""
        self._playback.pause()
        self._log.tell(PlaybackPaused)

    def resume(self) -> None:
        """The pause was a false alarm: go on with the clause that was cut."""
        if self._playback.paused:
            self._playback.resume()
            self._log.tell(PlaybackResumed)

    def interrupt(self) -> None:
        """The caller has the word: drop everything but the clauses that must be heard."""
        not_heard = self._mouth.interrupt()
        if not_heard:
            self.cut = self.cut or not_heard
            self._log.tell(PlaybackInterrupted, said=self._playback.said, not_heard=not_heard)
            self._playback.begin_reply()

    def drop(self) -> None:
        """Something broke: what was being said is no matter any more."""
        self._mouth.interrupt()

    def close(self) -> None:
        """The line is gone."""
        self._mouth.close()

    def _clip_made(self, clip: Clip) -> None:
        if clip.failover is not None:
            failover = clip.failover
            self._log.tell(
                EngineFailedOver,
                from_engine=failover.from_engine,
                to_engine=failover.to_engine,
                reason=failover.reason,
            )
