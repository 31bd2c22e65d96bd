"""Lone short words on a telephone line are noticed; the bars were set from two voices that the bot never uses."""

import numpy as np
import pytest

from commands.caller_voices import MAN, WOMAN, caller_says, kokoro_missing
from voice.sound.audio import AudioFrame, silence
from voice.turn_taking.vad import Vad, load_vad

RATE = 8000


def longest_run_ms(pcm: bytes, attentive: bool) -> int:
    """Milliseconds of the longest unbroken stretch taken for speech."""
    vad, best, run = Vad(load_vad(), RATE), 0, 0
    for at in range(0, len(pcm) - 319, 320):
        run = run + 20 if vad.is_speech(AudioFrame(pcm[at : at + 320], RATE, at // 16), attentive) else 0
        best = max(best, run)
    return best


@pytest.mark.skipif(kokoro_missing() is not None, reason=str(kokoro_missing()))
@pytest.mark.parametrize("lead_ms", [1000, 6000])
@pytest.mark.parametrize("voice", [MAN, WOMAN])
@pytest.mark.parametrize("word", ["对", "好", "是", "是的", "不是", "可以"])
def test_a_lone_word_is_noticed_while_the_bot_waits_for_it(word: str, voice: str, lead_ms: int) -> None:
    sound = silence(lead_ms, RATE) + caller_says(word, voice) + silence(600, RATE)
    assert longest_run_ms(sound, attentive=True) >= 60


def test_steady_noise_is_not_taken_for_speech_by_closer_listening() -> None:
    noise = np.random.default_rng(1).standard_normal(RATE * 4) * 400
    assert longest_run_ms(noise.astype("<i2").tobytes(), attentive=True) < 60
