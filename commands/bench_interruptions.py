"""How soon the bot goes on after a false interruption: 嗯, 好的 and humming over its voice, in real time."""

import asyncio
from typing import Any

import numpy as np

from commands.caller_voices import MAN, WOMAN, caller_says
from commands.percentiles import p50_p95
from voice.call import Call
from voice.dialogue import DialogueTurn, Message
from voice.engines import Engines
from voice.events import CallEvent, PlaybackInterrupted, PlaybackPaused, PlaybackResumed
from voice.settings import CallSettings
from voice.sound.audio import BYTES_PER_SAMPLE
from voice.transports.simulated import Say, SayOver, SimulatedCaller, Step

_RATE = 8000
_OPENING = "您好，我是首贷的智能语音客服，本次通话会录音。"
_QUESTION = "利率是多少"
_READING = "年化里算了利息和手续费，高低看产品、期数和您的情况。想细问的话，可以转人工。" * 12
"""Fixed clauses, so that the voice costs nothing."""

_LISTENING = ("嗯嗯嗯", "哦，好的好的", "对对对，是的", "好，明白了", "行行，知道了")
_AFTER_MS = 1200


class _Reader:
    """Answers everything with one long text: what is measured is who has the word."""

    async def start(self, sender: str, metadata: dict[str, Any]) -> DialogueTurn:
        """Say who speaks."""
        return DialogueTurn((Message(_OPENING, interruptible=False),))

    async def send(self, sender: str, text: str, metadata: dict[str, Any]) -> DialogueTurn:
        """Begin to read."""
        return DialogueTurn((Message(_READING),))


async def measure_false_interruptions(
    engines: Engines, settings: CallSettings = CallSettings()
) -> dict[str, Any]:
    """Milliseconds from the end of a sound that paused the bot until it goes on, recognition included."""
    waited: list[float] = []
    made = taken = 0
    for voice in (MAN, WOMAN):
        sounds = [await asyncio.to_thread(_without_tail, text, voice) for text in _LISTENING]
        sounds.append(_hum(900))
        steps: list[Step] = [Say(await asyncio.to_thread(caller_says, _QUESTION, voice))]
        steps += [SayOver(sound, _AFTER_MS) for sound in sounds]
        line = SimulatedCaller(steps, _RATE, None, real_time=True)
        events = await _hold(line, engines, settings)
        made += len(sounds)
        taken += sum(isinstance(event, PlaybackInterrupted) for event in events)
        lengths = [len(sound) // BYTES_PER_SAMPLE * 1000 // _RATE for sound in sounds]
        ends = [at + ms for at, ms in zip(line.spoke_at_ms[1:], lengths, strict=False)]
        waited += _waits(events, ends)
    figures: dict[str, Any] = {
        "false_interruptions": made,
        "false_interruptions_that_paused": len(waited),
        "false_interruptions_taken_for_words": taken,
    }
    if waited:
        p50, p95 = p50_p95(waited)
        figures |= {"false_interruption_resume_p50_ms": p50, "false_interruption_resume_p95_ms": p95}
    return figures


def _waits(events: list[CallEvent], ends_ms: list[int]) -> list[float]:
    """For each pause that was a false alarm: from the sound's end until the bot went on (0: it did not wait for it)."""
    waits, paused_at = [], None
    for event in events:
        if isinstance(event, PlaybackPaused):
            paused_at = event.audio_ms
        elif isinstance(event, PlaybackResumed) and paused_at is not None:
            end = min((end for end in ends_ms if end > paused_at - 400), default=None)
            if end is not None:
                waits.append(float(max(0, event.audio_ms - end)))
            paused_at = None
    return waits


async def _hold(line: SimulatedCaller, engines: Engines, settings: CallSettings) -> list[CallEvent]:
    events: list[CallEvent] = []
    call = Call("bench", line, _Reader(), engines, settings, events.append, sender="bench")
    line.thinking = lambda: call.thinking
    # The caller does not hear the reading to its end.
    line.at_rest = lambda: call.at_rest or line.all_said
    await call.run()
    return events


def _without_tail(text: str, voice: str) -> bytes:
    samples = np.frombuffer(caller_says(text, voice), dtype="<i2")
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > np.abs(samples.astype(np.int32)).max() / 50)
    return samples[: int(loud[-1]) + 1].tobytes()


def _hum(duration_ms: int) -> bytes:
    """A voice without words: harmonics of 130 Hz under two formants."""
    at = np.arange(_RATE * duration_ms // 1000) / _RATE
    sound = np.zeros(len(at))
    for harmonic in range(1, 24):
        hertz = 130.0 * harmonic
        strength = np.exp(-(((hertz - 350) / 250) ** 2)) + 0.3 * np.exp(-(((hertz - 1100) / 300) ** 2))
        sound += strength * np.sin(2 * np.pi * hertz * at)
    swell = np.minimum(1.0, np.minimum(at, at[::-1]) / 0.05)
    pcm: bytes = (sound / np.abs(sound).max() * swell * 8000).astype("<i2").tobytes()
    return pcm
