"""Speaker: the bot's voice as a call sees it: a clause in, sound at the line's rate out, whatever engine speaks."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from voice.sound.audio import AudioFrame, silence
from voice.sound.resampling import resample
from voice.speech.carrier import CUTTING
from voice.speech.carrier_store import CarrierStore
from voice.speech.joiner import Joiner
from voice.speech.spare_time import SpareTime
from voice.speech.speaking_turns import SpeakingTurns, Urgency
from voice.speech.speech_cache import ClipKey, SpeechCache
from voice.speech.spoken_text import spoken
from voice.speech.stretching import slowed
from voice.speech.synthesizer import Synthesizer, SynthesizerFailed, SynthesizerUnavailable
from voice.speech.synthesizer_kokoro import KokoroSynthesizer, voice_of
from voice.speech.synthesizer_pyttsx3 import Pyttsx3Synthesizer
from voice.waiting.waits import Waits

logger = logging.getLogger(__name__)

PAUSE_MS = {"，": 110, "：": 110, "；": 150, "。": 160, "！": 160, "？": 150}
"""Milliseconds of silence after a clause, by its last mark: engines' own silence is trimmed.

With the 110 ms that trimming leaves around speech no pause in a reply is longer than 0.3 s.
"""

DEADLINE_S = 4.0
"""Wall seconds that any clause may take; with DEADLINE_PER_CHARACTER_S about five times what a free core needs."""

DEADLINE_PER_CHARACTER_S = 0.4

PATIENCE_S = 10.0
"""Wall seconds that a clause waits for its turn with the primary voice before the other speaks."""

FAILURES_IN_A_ROW = 3
"""After so many the primary voice rests: nobody should wait for a deadline again and again."""

REST_S = 30.0

SLOTS = 2
"""Clauses that the primary voice speaks at once."""

_REMEMBERED = 256
"""Clauses made in spare time that are still known as such, for the count."""

ATTEMPTS = 3
"""How often a clause that can be joined is begun whole in spare time; callers may come between each time."""


@dataclass(frozen=True)
class Failover:
    """One voice spoke in the place of another."""

    from_engine: str
    to_engine: str
    reason: str


@dataclass(frozen=True)
class Clip:
    """One clause as sound, with the pause that its last mark asks for."""

    pcm: bytes
    """s16le mono at the rate that was asked for."""
    engine: str
    cached: bool
    """It was at hand and cost no synthesis."""
    joined: bool = False
    """It was put together from carriers: no synthesis either."""
    failover: Failover | None = None


@dataclass
class _Pending:
    """A clip in the making and how many wait for it."""

    task: "asyncio.Task[Clip]"
    waiting: int = 0


class AbsentSynthesizer:
    """A voice that could not be loaded; every clause says why, so that the events show who speaks instead."""

    sample_rate = 24_000

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self._reason = reason

    async def synthesize(self, text: str) -> AsyncIterator[AudioFrame]:
        """Raises SynthesizerFailed, always."""
        raise SynthesizerFailed(self._reason)
        yield  # an async generator must have one


class Speaker:
    """Two voices and a cache. All methods belong to one event loop."""

    def __init__(
        self,
        primary: Synthesizer,
        fallback: Synthesizer | None,
        cache: SpeechCache,
        deadline_s: float = DEADLINE_S,
        slots: int = SLOTS,
        joiner: Joiner | None = None,
        spare_time: SpareTime | None = None,
    ) -> None:
        self.primary = primary
        """The voice that is asked first."""
        self._fallback = fallback
        self._cache = cache
        self._joiner = joiner
        self._spare_time = spare_time or SpareTime()
        self.joined = 0
        """Clauses that were put together from carriers, since the start."""
        self.whole = 0
        """Clauses that were asked for, could have been joined and had been spoken whole in spare time."""
        self._made_ahead: deque[ClipKey] = deque(maxlen=_REMEMBERED)
        self._deadline_s = deadline_s
        self._turns = SpeakingTurns(slots)
        self._pending: dict[ClipKey, _Pending] = {}
        self._failures_in_a_row = 0
        self._resting_until = 0.0

    @property
    def waits(self) -> Waits:
        """How long clauses waited for their turn that a caller waits for in silence."""
        return self._turns.waits

    def is_cached(self, text: str, sample_rate: int) -> bool:
        """Whether ``clip`` would answer without synthesis."""
        return ClipKey(spoken(text), sample_rate) in self._cache

    async def clip(
        self, text: str, sample_rate: int, slow: bool = False, urgency: Urgency = Urgency.NOW
    ) -> Clip:
        """Speak one clause, ``slow``ly on demand: the usual clip, stretched.

        Raises SynthesizerFailed when no voice could speak it.
        """
        clip = await self._clip(text, sample_rate, urgency)
        if not slow:
            return clip
        return replace(clip, pcm=await asyncio.to_thread(slowed, clip.pcm, sample_rate))

    def somebody_is_served(self) -> None:
        """A caller speaks, is being recognised or answered: what is made in spare time stops at once."""
        self._spare_time.call_off()

    async def prepare(self, text: str, sample_rate: int) -> None:
        """Make a clip that somebody may ask for later, when no caller waits for a voice. Raises SynthesizerFailed.

        What can be joined is understood a little better whole, but that is worth only time that nobody misses.
        """
        key = ClipKey(spoken(text), sample_rate)
        if key in self._cache or key in self._pending:
            return
        if self._joiner is not None and await self._joiner.clip(key) is not None:
            await self._prepare_in_spare_time(text, key)
            return
        await self._turns.take(Urgency.AHEAD)
        try:
            if key not in self._cache and key not in self._pending:
                await self._share(key, self._speak(text, key, None))
        finally:
            self._turns.leave()

    async def _prepare_in_spare_time(self, text: str, key: ClipKey) -> None:
        """Not among the pending clips: nobody may wait for it. Raises SynthesizerFailed."""
        begun = 0

        async def make() -> bytes:
            nonlocal begun
            await self._turns.take(Urgency.AHEAD)
            try:
                begun += 1
                return await self._made(text)
            finally:
                self._turns.leave()

        while begun < ATTEMPTS:
            pcm = await self._spare_time.spend(make)
            if pcm is not None:
                self._cache.keep(key, await asyncio.to_thread(_for_line, pcm, self.primary.sample_rate, key))
                self._made_ahead.append(key)
                return

    async def _clip(self, text: str, sample_rate: int, urgency: Urgency) -> Clip:
        """A whole clip that is at hand, else one joined from carriers, else a whole one made now.

        Identical requests at the same time share one synthesis. A cached clip takes a few milliseconds, a joined one
        ten. Cancelling the last request for a clip stops its synthesis.
        """
        key = ClipKey(spoken(text), sample_rate)
        pcm = self._cache.in_memory(key)
        if pcm is None and key in self._cache:
            pcm = await asyncio.to_thread(self._cache.load, key)
        if pcm is not None:
            self.whole += key in self._made_ahead
            return Clip(pcm, self.primary.name, cached=True)
        if self._joiner is not None and (pcm := await self._joiner.clip(key)) is not None:
            self.joined += 1
            return Clip(
                pcm + pause_after(key.spoken, sample_rate), self.primary.name, cached=False, joined=True
            )
        pending = self._pending.get(key)
        return await self._share(key, None if pending else self._speak(text, key, urgency))

    async def _share(self, key: ClipKey, making: "Coroutine[Any, Any, Clip] | None") -> Clip:
        """Await a clip in the making, this one or (None) the one that is pending."""
        if making is not None:
            self._pending[key] = _Pending(asyncio.create_task(making))
            self._pending[key].task.add_done_callback(lambda task: self._forget(key, task))
        pending = self._pending[key]
        pending.waiting += 1
        try:
            return await asyncio.shield(pending.task)
        finally:
            pending.waiting -= 1
            if pending.waiting == 0 and not pending.task.done():
                self._forget(key, pending.task)
                pending.task.cancel()

    def close(self) -> None:
        """Let engines end their threads and processes."""
        for engine in (self.primary, self._fallback, self._joiner):
            close = getattr(engine, "close", None)
            if close is not None:
                close()

    def _forget(self, key: ClipKey, task: "asyncio.Task[Clip]") -> None:
        pending = self._pending.get(key)
        if pending is not None and pending.task is task:
            del self._pending[key]
        if task.done() and not task.cancelled():
            task.exception()  # seen here, so that a failure nobody waits for is not reported as never retrieved

    async def _speak(self, text: str, key: ClipKey, urgency: Urgency | None) -> Clip:
        """``urgency`` None: it is this clause's turn already."""
        if asyncio.get_running_loop().time() < self._resting_until and self._fallback is not None:
            return await self._speak_instead(text, key, "the voice rests after failures in a row")
        try:
            pcm = await (self._made(text) if urgency is None else self._made_in_turn(text, urgency))
        except SynthesizerFailed as error:
            self._count_failure()
            return await self._speak_instead(text, key, str(error))
        self._failures_in_a_row = 0
        clip = await asyncio.to_thread(_for_line, pcm, self.primary.sample_rate, key)
        self._cache.keep(key, clip)
        return Clip(clip, self.primary.name, cached=False)

    async def _made_in_turn(self, text: str, urgency: Urgency) -> bytes:
        """The deadline runs from the moment the engine has the clause: waiting for one's turn is no lateness."""
        try:
            await asyncio.wait_for(self._turns.take(urgency), PATIENCE_S)
        except asyncio.TimeoutError:
            raise SynthesizerFailed(f"busy: no turn within {PATIENCE_S:g} s") from None
        try:
            return await self._made(text)
        finally:
            self._turns.leave()

    async def _made(self, text: str) -> bytes:
        deadline_s = self._deadline_s + DEADLINE_PER_CHARACTER_S * len(spoken(text))
        try:
            return await asyncio.wait_for(_collect(self.primary, text), deadline_s)
        except asyncio.TimeoutError:
            raise SynthesizerFailed(f"late: no sound within {deadline_s:.1f} s") from None

    def _count_failure(self) -> None:
        self._failures_in_a_row += 1
        if self._failures_in_a_row >= FAILURES_IN_A_ROW:
            self._resting_until = asyncio.get_running_loop().time() + REST_S
            self._failures_in_a_row = 0

    async def _speak_instead(self, text: str, key: ClipKey, reason: str) -> Clip:
        """The fallback's clips are not kept: as soon as the primary voice is well, it speaks."""
        if self._fallback is None:
            raise SynthesizerFailed(f"{self.primary.name}: {reason}; no other voice is there")
        logger.warning("%s speaks instead of %s: %s", self._fallback.name, self.primary.name, reason)
        try:
            pcm = await _collect(self._fallback, text)
        except SynthesizerFailed as error:
            raise SynthesizerFailed(
                f"{self.primary.name}: {reason}; {self._fallback.name}: {error}"
            ) from error
        clip = await asyncio.to_thread(_for_line, pcm, self._fallback.sample_rate, key)
        return Clip(
            clip,
            self._fallback.name,
            cached=False,
            failover=Failover(self.primary.name, self._fallback.name, reason),
        )


async def _collect(engine: Synthesizer, text: str) -> bytes:
    pcm = b"".join([frame.pcm async for frame in engine.synthesize(text)])
    if not pcm:
        raise SynthesizerFailed("no sound came")
    return pcm


def _for_line(pcm: bytes, engine_hz: int, key: ClipKey) -> bytes:
    """Bring an engine's sound to the line's rate and add the pause of the clause's last mark."""
    return resample(pcm, engine_hz, key.sample_rate) + pause_after(key.spoken, key.sample_rate)


def pause_after(text: str, sample_rate: int) -> bytes:
    """Silence that belongs after a clause."""
    return silence(PAUSE_MS.get(text[-1:], 0), sample_rate)


def bot_voice() -> str:
    """The name under which the bot's clips are cached: everything but the phonemes that decides their sound."""
    return f"{voice_of()}/{sorted(PAUSE_MS.items())}"


def carriers_under(cache_dir: Path | None) -> CarrierStore:
    """The carriers of the bot's voice, which lie in a folder of the speech cache."""
    return CarrierStore(cache_dir and cache_dir / "carriers", f"{voice_of()}/{CUTTING}")


def load_speaker(choice: str, models_dir: Path, cache_dir: Path | None) -> Speaker:
    """Load the voices. ``choice``: ``auto`` (Kokoro, else pyttsx3), ``kokoro`` (must be there) or ``pyttsx3`` (alone).

    Takes seconds: not on an event loop. Raises SynthesizerUnavailable.
    """
    if choice == "pyttsx3":
        alone = Pyttsx3Synthesizer()
        return Speaker(alone, None, SpeechCache(None, alone.name))
    if choice not in ("auto", "kokoro"):
        raise SynthesizerUnavailable(f"unknown voice {choice!r}: choose auto, kokoro or pyttsx3")
    cache, joiner = SpeechCache(cache_dir, bot_voice()), Joiner(carriers_under(cache_dir))
    joiner.warm_up()
    fallback: Pyttsx3Synthesizer | None = None
    try:
        fallback = Pyttsx3Synthesizer()
    except SynthesizerUnavailable as error:
        logger.warning("no fallback voice: %s", error)
    try:
        kokoro = KokoroSynthesizer(models_dir / "kokoro")
        kokoro.warm_up()
        return Speaker(kokoro, fallback, cache, joiner=joiner)
    except SynthesizerUnavailable as error:
        if choice == "kokoro" or fallback is None:
            raise
        logger.warning("%s speaks: %s", fallback.name, error)
        absent = AbsentSynthesizer(KokoroSynthesizer.name, str(error))
        return Speaker(absent, fallback, cache, joiner=joiner)
