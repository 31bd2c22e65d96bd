"""How fast the bot hears and speaks: real-time factors."""

import asyncio
import time

from commands.bench_calls import OPEN_QUESTIONS
from commands.caller_voices import MAN, caller_says
from commands.percentiles import p50_p95
from voice.engines import Engines
from voice.hearing.expectation import OPEN
from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS, AudioFrame
from voice.speech.synthesizer_kokoro import KokoroSynthesizer

_RATE = 8000

_CLAUSES = (
    "应还本息合计2871.35元，",
    "还款日是12月15日，",
    "年化利率是10.80%，",
    "剩余本金41236.07元，",
    "还剩14期。",
)
"""Clauses with live figures; the cache is not asked."""


async def measure_synthesis(engines: Engines) -> dict[str, float]:
    """CPU seconds a second of sound, of the neural voice by itself."""
    voice = engines.speaker.primary
    if not isinstance(voice, KokoroSynthesizer):
        return {}
    sound_s, cpu_s = 0.0, time.process_time()
    for clause in _CLAUSES:
        pcm = b"".join([frame.pcm async for frame in voice.synthesize(clause)])
        sound_s += len(pcm) / BYTES_PER_SAMPLE / voice.sample_rate
    return {"synthesis_rtf": round((time.process_time() - cpu_s) / sound_s, 3)}


async def measure_recognition(engines: Engines) -> dict[str, float]:
    """CPU seconds a second of the caller's sound, at telephone quality."""
    sound_s, cpu_s, wall = 0.0, 0.0, []
    for text in OPEN_QUESTIONS:
        pcm = await asyncio.to_thread(caller_says, text, MAN)
        sound_s += len(pcm) / BYTES_PER_SAMPLE / _RATE
        started_at, cpu_at = time.perf_counter(), time.process_time()
        stream = engines.recognizer.start_stream(_RATE, OPEN)
        size = _RATE * FRAME_MS // 1000 * BYTES_PER_SAMPLE
        for at in range(0, len(pcm), size):
            await stream.accept(AudioFrame(pcm[at : at + size], _RATE, at // size * FRAME_MS))
        await stream.finish()
        cpu_s += time.process_time() - cpu_at
        wall.append((time.perf_counter() - started_at) * 1000)
    p50, p95 = p50_p95(wall)
    return {
        "recognition_rtf": round(cpu_s / sound_s, 3),
        "recognition_p50_ms": p50,
        "recognition_p95_ms": p95,
    }
