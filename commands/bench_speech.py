"""How fast the bot hears and speaks: real-time factors, and end of speech to first sound over 20 turns."""

import asyncio
import time
from typing import Any

from commands.call_parts import CallParts, FinishedCall, hold_call
from commands.caller_voices import MAN, WOMAN, caller_says
from commands.percentiles import p50_p95
from voice.audio import BYTES_PER_SAMPLE, FRAME_MS, AudioFrame
from voice.engines import Engines
from voice.expectation import OPEN
from voice.synthesizer_kokoro import KokoroSynthesizer
from voice.transports.simulated import Press, Say, SimulatedCaller, Step

_RATE = 8000
_PHONE, _ID_ENDING = "13800000001", "1234"

_ASKED = (
    "我这个月要还多少钱",
    "还剩几期没有还",
    "我的额度是多少",
    "今天扣款成功了吗",
    "逾期了会怎么样",
    "可以提前还款吗",
    "利率是多少",
    "需要准备什么资料",
    "最长可以借多久",
    "会不会上征信",
)
"""Each is asked by a man and by a woman: 20 turns of open questions."""

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
    for text in _ASKED:
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


async def measure_turns(parts: CallParts, engines: Engines) -> dict[str, Any]:
    """Two real-time calls of a verified borrower: end of the caller's speech to the bot's first sound, by stage."""
    times: dict[str, list[float]] = {}
    for voice in (MAN, WOMAN):
        said = [await asyncio.to_thread(caller_says, text, voice) for text in _ASKED]
        steps: list[Step] = [Say(said[0]), Press(_ID_ENDING), *(Say(pcm) for pcm in said)]
        line = SimulatedCaller(steps, _RATE, _PHONE, real_time=True)
        _add_times(times, await hold_call(line, parts, engines))
    figures: dict[str, Any] = {"turns": len(times["first_sound"])}
    for name, values in times.items():
        figures[f"{name}_p50_ms"], figures[f"{name}_p95_ms"] = p50_p95(values)
    return figures


def _add_times(times: dict[str, list[float]], finished: FinishedCall) -> None:
    """The opening question and the keypad entry, which come first, are not among the 20 turns."""
    for turn in finished.report.turns[-len(_ASKED) :]:
        stages = turn.latency_ms
        first_sound = sum(
            stages.get(stage, 0) for stage in ("endpointing", "recognition", "dialogue", "first_audio")
        )
        if "first_audio" not in stages:
            continue  # interrupted before its first sound: there is nothing to measure
        times.setdefault("first_sound", []).append(first_sound)
        for stage in ("endpointing", "recognition", "dialogue", "first_audio"):
            times.setdefault(f"turn_{stage}", []).append(stages.get(stage, 0))
        if "first_figure" in stages:
            before = first_sound - stages["first_audio"]
            times.setdefault("first_figure", []).append(before + stages["first_figure"])
