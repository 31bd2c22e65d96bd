"""The fallback voice: real espeak-ng in its process, and processes that misbehave."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from voice.speech import synthesizer_pyttsx3
from voice.speech.synthesizer import SynthesizerFailed
from voice.speech.synthesizer_pyttsx3 import Pyttsx3Synthesizer


@pytest.fixture(scope="module")
def voice() -> Iterator[Pyttsx3Synthesizer]:
    synthesizer = Pyttsx3Synthesizer(workers=2)
    yield synthesizer
    synthesizer.close()


async def speak(voice: Pyttsx3Synthesizer, text: str) -> bytes:
    return b"".join([frame.pcm async for frame in voice.synthesize(text)])


async def test_it_speaks_in_frames_of_20_ms(voice: Pyttsx3Synthesizer) -> None:
    frames = [frame async for frame in voice.synthesize("您好，")]
    assert {frame.sample_rate for frame in frames} == {22_050}
    assert all(frame.duration_ms == pytest.approx(20) for frame in frames[:-1])
    assert [frame.timestamp_ms for frame in frames[:3]] == [0, 20, 40]
    sound = np.frombuffer(b"".join(frame.pcm for frame in frames), dtype="<i2")
    assert 0.2 < len(sound) / 22_050 < 1.5
    assert np.abs(sound).max() > 5000


async def test_more_words_take_longer(voice: Pyttsx3Synthesizer) -> None:
    short, long = await speak(voice, "您好，"), await speak(voice, "您本期应还3250.55元，")
    assert len(long) > 3 * len(short)


async def test_mandarin_is_spoken_and_not_spelt_in_english(voice: Pyttsx3Synthesizer) -> None:
    """Debian's espeak-ng 1.51 adds the tone numbers as English words: a syllable then takes over a second."""
    sound = await speak(voice, "请您按时还款")
    assert len(sound) / 2 / 22_050 / 6 < 0.5


async def test_twenty_at_once_share_two_processes(voice: Pyttsx3Synthesizer) -> None:
    clips = await asyncio.gather(*(speak(voice, f"{number}元，") for number in range(100, 120)))
    assert all(len(clip) > 5000 for clip in clips)
    assert len(set(clips)) == len(clips)


async def test_a_killed_process_is_replaced(voice: Pyttsx3Synthesizer) -> None:
    await asyncio.gather(speak(voice, "一，"), speak(voice, "二，"))
    for worker in voice._workers:
        assert worker._process is not None
        os.kill(worker._process.pid, 9)
        worker._process.wait()
    assert await speak(voice, "您好，")


def test_no_temporary_file_is_left(voice: Pyttsx3Synthesizer) -> None:
    voice.speak("您好，")
    assert list(Path(voice._folder.name).iterdir()) == []


def worker(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


async def test_a_hung_engine_is_killed_and_the_clause_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthesizer_pyttsx3, "START_TIMEOUT_S", 0.2)
    hung = Pyttsx3Synthesizer(workers=1, command=worker("import time; time.sleep(60)"))
    with pytest.raises(SynthesizerFailed, match="silent for 0.2 s and was killed"):
        await speak(hung, "您好，")
    assert hung._workers[0]._process is None
    hung.close()


async def test_an_engine_that_dies_at_once_is_tried_again_and_then_given_up() -> None:
    dying = Pyttsx3Synthesizer(workers=1, command=worker("raise SystemExit(1)"))
    with pytest.raises(SynthesizerFailed, match="made no sound of this clause in 3 tries"):
        await speak(dying, "您好，")
    dying.close()


async def test_an_engine_that_writes_nothing_is_given_up() -> None:
    lazy = Pyttsx3Synthesizer(
        workers=1, command=worker("import sys\nfor line in sys.stdin: print('{\"ok\": true}', flush=True)")
    )
    with pytest.raises(SynthesizerFailed, match="made no sound"):
        await speak(lazy, "您好，")
    lazy.close()


async def test_an_engine_that_breaks_says_with_what() -> None:
    reply = 'import sys\nfor line in sys.stdin: print(\'{"ok": false, "error": "RuntimeError"}\', flush=True)'
    broken = Pyttsx3Synthesizer(workers=1, command=worker(reply))
    with pytest.raises(SynthesizerFailed, match="RuntimeError"):
        await speak(broken, "您好，")
    broken.close()


async def test_one_clause_too_many_fails_at_once() -> None:
    hung = Pyttsx3Synthesizer(workers=1, most_waiting=0, command=worker("import time; time.sleep(60)"))
    first = asyncio.create_task(speak(hung, "一，"))
    await asyncio.sleep(0)
    with pytest.raises(SynthesizerFailed, match="too many clauses wait"):
        await speak(hung, "二，")
    hung.close()
    with pytest.raises(SynthesizerFailed):
        await first
