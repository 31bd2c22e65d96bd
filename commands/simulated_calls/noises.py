"""Noises: what sounds behind a caller, made here so that no recording of a street is needed."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from commands.caller_voices import caller_says
from voice.sound.g711 import SAMPLE_RATE

Samples = NDArray[np.float64]

_LOOP_S = 12
_TALKERS = (
    ("zm_yunjian", "昨天那批货到现在还没有送过来，客户一直在催，你帮我打个电话问问看"),
    ("zf_xiaoni", "老板，来两碗牛肉面，一碗不要香菜，再加一个鸡蛋，打包带走"),
    ("zm_yunxia", "我们下午三点在店门口见面，然后一起去市场把东西买齐"),
    ("zm_yunyang", "今天天气不错，晚上要不要一起去吃火锅，我请客"),
    ("zf_xiaobei", "孩子的作业还没写完，你先看着店，我回去一趟马上就来"),
)
"""Other people in a shop, all at once: none of them can be followed."""


def noise(kind: str, rms: float, seed: int) -> Samples:
    """Twelve seconds at 8 kHz to be looped, of this root mean square (sample values, 0..32767).

    ``white``, ``street`` (low rumble that swells as cars pass) or ``babble`` (five people talking across each
    other).
    """
    shape = {"white": _white, "street": _street, "babble": _babble}[kind](seed)
    return shape * (rms / np.sqrt(np.mean(shape**2)))


def burst(duration_ms: int, rms: float, seed: int) -> Samples:
    """A cough or a slammed door: noise that begins at once and dies away."""
    count = duration_ms * SAMPLE_RATE // 1000
    shape = np.random.default_rng(seed).normal(size=count) * np.exp(-np.arange(count) / (count / 2))
    return shape * (rms / np.sqrt(np.mean(shape**2)))


def _white(seed: int) -> Samples:
    return np.random.default_rng(seed).normal(size=_LOOP_S * SAMPLE_RATE)


def _street(seed: int) -> Samples:
    """Noise whose power falls by 3 dB an octave within the telephone band, and swells by 6 dB every few seconds."""
    count = _LOOP_S * SAMPLE_RATE
    spectrum = np.fft.rfft(_white(seed))
    hertz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE)
    spectrum *= np.where((hertz >= 200) & (hertz <= 3400), 1 / np.sqrt(np.maximum(hertz, 200)), 0)
    t = np.arange(count) / SAMPLE_RATE
    swell = 10 ** (3 * np.sin(2 * np.pi * t / 4) / 20)
    passed: Samples = np.fft.irfft(spectrum, count)
    return passed * swell


def _babble(seed: int) -> Samples:
    total = np.zeros(_LOOP_S * SAMPLE_RATE)
    random = np.random.default_rng(seed)
    for samples in _talkers():
        repeated = np.resize(samples, len(total))
        total += np.roll(repeated, int(random.integers(len(total))))
    return total


@lru_cache(maxsize=1)
def _talkers() -> tuple[Samples, ...]:
    return tuple(
        np.frombuffer(caller_says(text, voice), dtype="<i2").astype(np.float64) for voice, text in _TALKERS
    )
