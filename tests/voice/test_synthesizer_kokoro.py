"""The neural voice, for real, on short clauses."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from commands.caller_voices import MAN, kokoro_missing, models_dir
from voice.speech import synthesizer_kokoro
from voice.speech.synthesizer import SynthesizerFailed, SynthesizerUnavailable
from voice.speech.synthesizer_kokoro import KokoroSynthesizer, voice_of

needs_kokoro = pytest.mark.skipif(kokoro_missing() is not None, reason=str(kokoro_missing()))


@pytest.fixture(scope="module")
def voice() -> Iterator[KokoroSynthesizer]:
    synthesizer = KokoroSynthesizer(models_dir() / "kokoro")
    yield synthesizer
    synthesizer.close()


async def speak(voice: KokoroSynthesizer, text: str) -> bytes:
    return b"".join([frame.pcm async for frame in voice.synthesize(text)])


@needs_kokoro
async def test_it_speaks_in_frames_of_20_ms_at_24_khz(voice: KokoroSynthesizer) -> None:
    frames = [frame async for frame in voice.synthesize("您好，")]
    assert {frame.sample_rate for frame in frames} == {24_000}
    assert all(frame.duration_ms == 20 for frame in frames[:-1])
    assert [frame.timestamp_ms for frame in frames[:3]] == [0, 20, 40]


@needs_kokoro
async def test_the_same_clause_gives_the_same_samples(voice: KokoroSynthesizer) -> None:
    assert await speak(voice, "好的，") == await speak(voice, "好的，")


@needs_kokoro
async def test_silence_is_trimmed_and_loudness_is_even(voice: KokoroSynthesizer) -> None:
    for text in ("好的，", "还款，"):
        sound = np.frombuffer(await speak(voice, text), dtype="<i2") / 32768
        loud = np.flatnonzero(np.abs(sound) > 0.02)
        assert loud[0] / 24_000 < 0.15
        assert (len(sound) - loud[-1]) / 24_000 < 0.25
        assert 0.3 < np.abs(sound).max() <= 0.93


@needs_kokoro
async def test_a_figure_is_spoken_and_not_skipped(voice: KokoroSynthesizer) -> None:
    assert len(await speak(voice, "25元")) > 1.5 * len(await speak(voice, "元"))


@needs_kokoro
def test_another_voice_sounds_otherwise(voice: KokoroSynthesizer) -> None:
    man = KokoroSynthesizer(models_dir() / "kokoro", (MAN,), threads=1)
    assert man.speak("好的，") != voice.speak("好的，")
    assert voice_of((MAN,)) != voice_of()
    man.close()


@needs_kokoro
async def test_a_clause_that_nobody_wants_any_more_stops_the_engine(voice: KokoroSynthesizer) -> None:
    """Only one thread is used: the short clause could not finish first if the long one went on."""
    single = KokoroSynthesizer(models_dir() / "kokoro", threads=1)
    long = asyncio.create_task(speak(single, "您的还款日是每个月的十五日请您提前存入足够的金额" * 4))
    await asyncio.sleep(1.0)
    assert not long.done()
    long.cancel()
    with pytest.raises(asyncio.CancelledError):
        await long
    assert await speak(single, "好，")
    single.close()


@needs_kokoro
async def test_a_clause_without_a_word_fails(voice: KokoroSynthesizer) -> None:
    with pytest.raises(SynthesizerFailed, match="no sound"):
        await speak(voice, "「」")


@needs_kokoro
async def test_one_clause_too_many_fails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthesizer_kokoro, "MOST_WAITING", 0)
    single = KokoroSynthesizer(models_dir() / "kokoro", threads=1)
    first = asyncio.create_task(speak(single, "好，"))
    await asyncio.sleep(0)
    with pytest.raises(SynthesizerFailed, match="too many clauses wait"):
        await speak(single, "再见。")
    assert await first
    single.close()


def test_a_clause_longer_than_the_graph_takes_is_cut_between_words() -> None:
    symbols = "tjɛ↓n " * 200
    portions = synthesizer_kokoro._portions(symbols)
    assert "".join(portions) == symbols
    assert all(len(portion) <= synthesizer_kokoro.MOST_TOKENS for portion in portions)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(SynthesizerUnavailable, match=r"kokoro-fp32\.onnx.*zf_xiaoxiao\.bin"):
        KokoroSynthesizer(tmp_path)


def test_a_damaged_voice_is_named(tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    (tmp_path / "kokoro-fp32.onnx").write_bytes(b"no graph")
    for name in ("zf_xiaoxiao", "zf_xiaoyi"):
        (tmp_path / "voices" / f"{name}.bin").write_bytes(b"short")
    with pytest.raises(SynthesizerUnavailable, match=r"zf_xiaoxiao\.bin is damaged"):
        KokoroSynthesizer(tmp_path)


def test_a_damaged_graph_is_named(tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    (tmp_path / "kokoro-fp32.onnx").write_bytes(b"no graph")
    for name in ("zf_xiaoxiao", "zf_xiaoyi"):
        (tmp_path / "voices" / f"{name}.bin").write_bytes(bytes(510 * 256 * 4))
    with pytest.raises(SynthesizerUnavailable, match=r"kokoro-fp32\.onnx is damaged"):
        KokoroSynthesizer(tmp_path)
