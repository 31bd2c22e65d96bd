"""What is cut off a clip before a caller who waits hears it."""

import numpy as np

from voice.speech.trimming import without_lead

_HZ = 8000


def clip(*parts: tuple[int, float]) -> bytes:
    """Milliseconds of a level (part of full scale), one after the other."""
    return b"".join((np.full(_HZ * ms // 1000, level) * 32767).astype("<i2").tobytes() for ms, level in parts)


def lead_ms(pcm: bytes) -> float:
    return (len(pcm) - len(without_lead(pcm, _HZ))) / 2 / _HZ * 1000


def test_a_reply_begins_5_ms_before_its_first_sound() -> None:
    assert lead_ms(clip((40, 0.0005), (200, 0.1))) == 35


def test_a_soft_consonant_is_sound() -> None:
    assert lead_ms(clip((20, 0.0), (30, 0.003), (200, 0.1))) == 15


def test_a_clip_that_sounds_at_once_is_left_as_it_is() -> None:
    assert lead_ms(clip((200, 0.1))) == 0


def test_no_more_than_80_ms_are_looked_at() -> None:
    assert lead_ms(clip((200, 0.0), (200, 0.1))) == 75


def test_behind_another_clause_30_ms_of_the_lead_are_kept() -> None:
    pcm = clip((70, 0.0), (200, 0.1))
    assert (len(pcm) - len(without_lead(pcm, _HZ, 30))) / 2 / _HZ * 1000 == 40
    short = clip((20, 0.0), (200, 0.1))
    assert without_lead(short, _HZ, 30) == short


def test_a_clip_without_sound_stays_a_clip() -> None:
    assert without_lead(b"", _HZ) == b""
