"""The tests' voice speaks a clause once and then knows it; what nobody asks for any more is forgotten."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

from tests.remembered_voice import RememberedVoice
from voice.sound.audio import AudioFrame


class CountingVoice:
    """Says a hundred frames of a tone and counts how often it is asked."""

    name = "kokoro"
    sample_rate = 24_000

    def __init__(self) -> None:
        self.spoken: list[str] = []

    async def synthesize(self, text: str) -> AsyncIterator[AudioFrame]:
        self.spoken.append(text)
        for at in range(100):
            yield AudioFrame(bytes([at, 1]) * 480, 24_000, at * 20)


def clips(folder: Path) -> list[Path]:
    return list(folder.glob("*.wav"))


async def said(voice: RememberedVoice, text: str) -> bytes:
    return b"".join([frame.pcm async for frame in voice.synthesize(text)])


async def test_a_clause_is_spoken_once_and_sounds_the_same_ever_after(tmp_path: Path) -> None:
    real = CountingVoice()
    first = await said(RememberedVoice(real, tmp_path), "应还三千元，")
    again = await said(RememberedVoice(real, tmp_path), "应还三千元，")
    assert first == again and len(first) == 96_000
    assert real.spoken == ["应还三千元，"]


async def test_another_clause_is_spoken_anew(tmp_path: Path) -> None:
    real = CountingVoice()
    voice = RememberedVoice(real, tmp_path)
    await said(voice, "应还三千元，")
    await said(voice, "应还四千元，")
    assert len(real.spoken) == 2


async def test_what_was_not_asked_for_in_a_fortnight_is_forgotten(tmp_path: Path) -> None:
    real = CountingVoice()
    await said(RememberedVoice(real, tmp_path), "应还三千元，")
    (clip,) = clips(tmp_path)
    os.utime(clip, (0, 0))
    RememberedVoice(real, tmp_path)
    assert clips(tmp_path) == []
