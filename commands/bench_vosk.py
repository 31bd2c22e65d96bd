"""How soon Vosk has words, and how one model serves sixteen streams at once, each at the pace of its line."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from commands.caller_voices import MAN, WOMAN, caller_says
from commands.evaluate_asr import frames
from commands.percentiles import p50_p95
from voice.hearing.expectation import OPEN
from voice.hearing.recognizer_choice import BOOTSTRAP
from voice.hearing.recognizer_vosk import VoskRecognizer, load_vosk
from voice.sound.audio import FRAME_MS, silence

STREAMS = 16
_RATE = 8000
_BEFORE_MS, _AFTER_MS = 400, 400
FIRST_WORDS_OF = tuple(
    (Path(__file__).parents[1] / "speech_model" / "reserved_sentences.txt").read_text("utf-8").split()[::3]
)
_SAID = ("我这个月要还多少钱", "可以提前还款吗", "利率是多少", "最长可以借多久")


@dataclass(frozen=True)
class _Heard:
    first_partial_ms: float
    """From the first sound of the speech to the first words, as a caller's clock has it."""
    final_ms: float
    """From the last frame to the final words."""


async def measure_vosk() -> dict[str, Any]:
    """Times of the bootstrap model with sixteen callers in one process; none where the model is not here."""
    if not (BOOTSTRAP / "am").is_dir():
        return {}
    recognizer = await asyncio.to_thread(load_vosk, BOOTSTRAP, None)
    first_words = await first_words_ms(recognizer)
    sounds = [await asyncio.to_thread(caller_says, text, voice) for text in _SAID for voice in (MAN, WOMAN)]
    sounds = [silence(_BEFORE_MS, _RATE) + sound + silence(_AFTER_MS, _RATE) for sound in sounds]
    cpu_at = time.process_time()
    calls = [_call(recognizer, sounds[number % len(sounds)], number) for number in range(STREAMS)]
    heard = await asyncio.gather(*calls)
    cpu_s = time.process_time() - cpu_at
    sound_s = sum(len(sounds[number % len(sounds)]) / 2 / _RATE for number in range(STREAMS))
    recognizer.close()
    soon, late = p50_p95(first_words)
    figures: dict[str, Any] = {"vosk_first_words_p50_ms": soon, "vosk_first_words_p95_ms": late}
    figures |= {"vosk_streams": STREAMS, "vosk_rtf": round(cpu_s / sound_s, 3)}
    for name in ("first_partial_ms", "final_ms"):
        p50, p95 = p50_p95([getattr(one, name) for one in heard])
        figures |= {f"vosk_{name[:-3]}_p50_ms": p50, f"vosk_{name[:-3]}_p95_ms": p95}
    return figures


async def first_words_ms(recognizer: VoskRecognizer, texts: Sequence[str] = FIRST_WORDS_OF) -> list[float]:
    """Sound in ms from the beginning of each sentence to its first partial words, however fast the machine is."""
    found = []
    for text, voice in product(texts, (MAN, WOMAN)):
        sound = silence(_BEFORE_MS, _RATE) + await asyncio.to_thread(caller_says, text, voice)
        stream = recognizer.start_stream(_RATE, OPEN)
        for frame in frames(sound, _RATE):
            await stream.accept(frame)
            await stream.caught_up()
            if stream.partial:
                found.append(frame.timestamp_ms + FRAME_MS - speech_begins_ms(sound))
                break
        stream.cancel()
    return found


def speech_begins_ms(sound: bytes) -> float:
    """The first 10 ms whose RMS is a thirtieth of the loudest: before it there is only the line."""
    samples = np.frombuffer(sound, "<i2").astype(np.float64)
    size = _RATE // 100
    rms = np.sqrt(np.mean(samples[: len(samples) // size * size].reshape(-1, size) ** 2, axis=1))
    return float(np.flatnonzero(rms > rms.max() / 30)[0] * 10)


async def _call(recognizer: VoskRecognizer, sound: bytes, number: int) -> _Heard:
    stream = recognizer.start_stream(_RATE, OPEN)
    started_at = time.perf_counter() + number * FRAME_MS / 1000 / STREAMS
    speech_at = started_at + _BEFORE_MS / 1000
    first: float | None = None
    for place, frame in enumerate(frames(sound, _RATE), start=1):
        await asyncio.sleep(max(0.0, started_at + place * FRAME_MS / 1000 - time.perf_counter()))
        await stream.accept(frame)
        if first is None and stream.partial:
            first = time.perf_counter()
    ended_at = time.perf_counter()
    await stream.finish()
    finished_at = time.perf_counter()
    return _Heard(((first or finished_at) - speech_at) * 1000, (finished_at - ended_at) * 1000)
