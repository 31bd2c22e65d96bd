"""Mouth: the bot's side of a call, from messages to clauses of sound on the line."""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from voice.dialogue import Message
from voice.sound.audio import BYTES_PER_SAMPLE
from voice.speech.clauses import split_clauses
from voice.speech.playback import Clause, Playback
from voice.speech.speaker import Clip, Speaker
from voice.speech.speaking_turns import Urgency
from voice.speech.spoken_text import spoken
from voice.speech.synthesizer import SynthesizerFailed
from voice.speech.trimming import LEAD_WITHIN_MS, without_lead

_WITH_A_FIGURE = re.compile(r"[0-9]")
"""Written figures are always digits; fixed sentences hold none."""

_ENDS_A_SENTENCE = re.compile(r"[。？！]\W*$")

_BUFFERED_MS = 20_000
"""Synthesis runs at most this far ahead of playback: what barge-in throws away was not worth making."""

_FORESEEN = 12
"""Clauses made ahead for one caller, at most: about twenty seconds of one core's work."""

_CLIPS_AHEAD = 3
"""Clips under way at once: the clause with the figure is made while the fixed words before it are fetched."""


def share_before_figure(text: str) -> float:
    """The part of a clause's sound, 0..1, that goes by before its first figure: syllables take alike long, nearly."""
    figure = _WITH_A_FIGURE.search(text)
    whole = len(spoken(text))
    return len(spoken(text[: figure.start()])) / whole if figure and whole else 0.0


class ReplyClock:
    """Tells, once each, how many wall milliseconds passed until a reply's first sound and first figure."""

    def __init__(self, on_first_audio: Callable[[int], None], on_first_figure: Callable[[int], None]) -> None:
        self._asked_at = time.perf_counter()
        self._on_first_audio: Callable[[int], None] | None = on_first_audio
        self._on_first_figure: Callable[[int], None] | None = on_first_figure

    def clause_started(self, text: str, clip_ms: float) -> None:
        """The first 20 ms of this clause go out now; the whole of it takes ``clip_ms``."""
        elapsed_ms = round((time.perf_counter() - self._asked_at) * 1000)
        if self._on_first_audio is not None:
            self._on_first_audio(elapsed_ms)
            self._on_first_audio = None
        if self._on_first_figure is not None and _WITH_A_FIGURE.search(text):
            self._on_first_figure(elapsed_ms + round(clip_ms * share_before_figure(text)))
            self._on_first_figure = None


@dataclass
class _ToSay:
    text: str
    interruptible: bool
    slow: bool
    clock: ReplyClock
    clip: "asyncio.Task[Clip] | None" = None
    """Under way for the clauses that come next."""
    on_start: Callable[[], None] | None = None

    def drop(self) -> None:
        """Nobody will hear it: spare the engine the work."""
        if self.clip is not None:
            self.clip.cancel()


class Mouth:
    """Makes clips clause by clause, in order, and hands them to the playback; ahead of the sound but not far."""

    def __init__(
        self, speaker: Speaker, playback: Playback, sample_rate: int, on_clip: Callable[[Clip], None]
    ) -> None:
        self._speaker = speaker
        self._playback = playback
        self._sample_rate = sample_rate
        self._on_clip = on_clip
        self._to_say: deque[_ToSay] = deque()
        self._task: asyncio.Task[None] | None = None
        self._waiting_for_room = False
        self._foreseeing: asyncio.Task[None] | None = None

    @property
    def making_clips(self) -> bool:
        """Clips are being made right now."""
        return self._running and not self._waiting_for_room

    @property
    def silent(self) -> bool:
        """Nothing is being said or about to be said."""
        return not self._running and self._playback.idle

    @property
    def _running(self) -> bool:
        return self._task is not None and not self._task.done()

    def say(
        self, messages: Iterable[Message], clock: ReplyClock, on_last: Callable[[], None] | None = None
    ) -> None:
        """Say these messages after whatever is still to be said.

        ``on_last`` is called when the last sentence of the last message begins to sound, at once where there is none.
        """
        clauses = [
            _ToSay(clause, message.interruptible, message.slow, clock)
            for message in messages
            for clause in split_clauses(message.text)
        ]
        if clauses:
            _last_sentence(clauses).on_start = on_last
        elif on_last is not None:
            on_last()
        self._to_say.extend(clauses)
        if not self._running:
            self._task = asyncio.create_task(self._make_clips())

    def foresee(self, sentences: Iterable[str]) -> None:
        """Have the clauses with figures made while nobody waits for a voice; the newest wishes replace older ones."""
        clauses = [
            clause
            for sentence in sentences
            for clause in split_clauses(sentence)
            if _WITH_A_FIGURE.search(clause)
        ]
        if clauses:
            self._drop_foreseen()
            self._foreseeing = asyncio.create_task(self._make_ahead(clauses[:_FORESEEN]))

    def interrupt(self) -> str:
        """Stop but for clauses that must be heard; return the text that will not be heard."""
        not_heard = self._playback.drop_interruptible()
        dropped = [clause for clause in self._to_say if clause.interruptible]
        self._to_say = deque(clause for clause in self._to_say if not clause.interruptible)
        for clause in dropped:
            clause.drop()
        return not_heard + "".join(clause.text for clause in dropped)

    def failure(self) -> BaseException | None:
        """What broke the making of clips, if anything did."""
        if self._task is None or not self._task.done() or self._task.cancelled():
            return None
        return self._task.exception()

    def close(self) -> None:
        """The line is gone."""
        self._drop_foreseen()
        if self._task is not None:
            self._task.cancel()
        for clause in self._to_say:
            clause.drop()

    def _drop_foreseen(self) -> None:
        if self._foreseeing is not None:
            self._foreseeing.cancel()

    async def _make_ahead(self, clauses: list[str]) -> None:
        for clause in clauses:
            try:
                await self._speaker.prepare(clause, self._sample_rate)
            except SynthesizerFailed:
                return  # a voice that is unwell is not to be troubled with guesses

    async def _make_clips(self) -> None:
        while self._to_say:
            self._start_clips_ahead()
            clause = self._to_say[0]
            assert clause.clip is not None, "the first clauses are always under way"
            await asyncio.wait([clause.clip])
            if not self._to_say or self._to_say[0] is not clause:
                continue  # interrupted while this clip was being made
            self._to_say.popleft()
            clip = clause.clip.result()
            self._on_clip(clip)
            # A caller who waits in silence is not to wait for what he does not hear.
            lead_ms = 5 if self._playback.idle else LEAD_WITHIN_MS
            pcm = without_lead(clip.pcm, self._sample_rate, lead_ms)
            starter = _starter(clause, len(pcm) * 1000 / (self._sample_rate * BYTES_PER_SAMPLE))
            self._playback.add(Clause(clause.text, pcm, clause.interruptible, starter))
            await self._wait_for_room()

    def _start_clips_ahead(self) -> None:
        for place, clause in enumerate(islice(self._to_say, _CLIPS_AHEAD)):
            if clause.clip is None:
                urgency = Urgency.NOW if place == 0 and self._playback.idle else Urgency.SOON
                making = self._speaker.clip(clause.text, self._sample_rate, clause.slow, urgency)
                clause.clip = asyncio.create_task(making)

    async def _wait_for_room(self) -> None:
        self._waiting_for_room = True
        while self._playback.waiting_ms > _BUFFERED_MS:  # noqa: ASYNC110 - playback knows no event loop
            await asyncio.sleep(0.1)
        self._waiting_for_room = False


def _starter(clause: _ToSay, clip_ms: float) -> Callable[[], None]:
    def started() -> None:
        clause.clock.clause_started(clause.text, clip_ms)
        if clause.on_start is not None:
            clause.on_start()

    return started


def _last_sentence(clauses: list[_ToSay]) -> _ToSay:
    """The clause that the last sentence begins with: of 没查到。要不要转人工？ the second."""
    before = [place for place, clause in enumerate(clauses[:-1]) if _ENDS_A_SENTENCE.search(clause.text)]
    return clauses[before[-1] + 1 if before else 0]
