"""Digit recordings: one voice of Kokoro's or mixtures that no test uses, and digits as they dictate them."""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from commands.caller_voices import MAN, WOMAN
from voice.speech.phonemes import phonemes, tokens
from voice.speech.synthesizer_kokoro import GRAPH, SAMPLE_RATE_HZ, STYLE_SHAPE
from voice.speech.trimming import Samples, trim_and_level

_NUMERALS = "零一二三四五六七八九"
_NETWORKS = ("38", "39", "50", "58", "86", "33", "77", "52", "91", "98", "70", "30", "66")
_LEADS = {
    4: ("尾号是", "后四位是", "身份证后四位是", "是"),
    11: ("手机号是", "我的号码是", "我的手机号是", "电话是"),
}
_PAUSES = {4: ((2,), (1, 2, 3), (2,)), 11: ((3, 7), (3, 7), (3, 6, 9), (3, 6), tuple(range(1, 11)))}
_SPEEDS = (0.9, 1.0, 1.0, 1.1, 1.2)


@dataclass(frozen=True)
class Spoken:
    """One recording, with the text that was said."""

    text: str
    samples: Samples


class TrainingVoices:
    """Kokoro with random mixtures of its Mandarin voices, those of the tests left out; or with one voice alone."""

    def __init__(self, model_dir: Path, seed: int, only: str | None = None) -> None:
        files = [
            path
            for path in sorted((model_dir / "voices").glob("z*.bin"))
            if (path.stem == only if only else path.stem not in (MAN, WOMAN))
        ]
        self._styles = [np.fromfile(path, dtype="<f4").reshape(STYLE_SHAPE) for path in files]
        self._session = onnxruntime.InferenceSession(
            str(model_dir / GRAPH), providers=["CPUExecutionProvider"]
        )
        self._random = random.Random(seed)
        self._noise = np.random.default_rng(seed)

    def say(self, text: str) -> Spoken:
        """Speak a text at 24 kHz."""
        numbers = tokens(phonemes(text))
        chosen = self._random.sample(self._styles, min(self._random.choice((1, 2, 2, 3)), len(self._styles)))
        shares = self._noise.dirichlet(np.ones(len(chosen)))
        style = sum(share * one[len(numbers)] for share, one in zip(shares, chosen, strict=True))
        feeds = {
            "tokens": np.array([[0, *numbers, 0]], dtype=np.int64),
            "style": np.asarray(style, dtype=np.float32),
            "speed": np.array([self._random.choice(_SPEEDS)], dtype=np.float32),
        }
        (sound,) = self._session.run(["audio"], feeds)
        return Spoken(text, trim_and_level(np.asarray(sound, np.float32).reshape(-1), SAMPLE_RATE_HZ))


def ending(chance: random.Random) -> str:
    """Four digits as the end of an ID card is dictated."""
    digits = [chance.choice("0123456789") for _ in range(4)]
    if chance.random() < 0.3:
        place = chance.randrange(3)
        digits[place + 1] = digits[place]
    if chance.random() < 0.12:
        digits[3] = "X"
    return _dictated(chance, digits, pauses=0.25)


def phone(chance: random.Random) -> str:
    """Eleven digits as a mobile number is dictated."""
    kind, end = chance.random(), [chance.choice("0123456789") for _ in range(8)]
    if kind < 0.25:
        end[:7] = "0" * 7
    elif kind < 0.4:
        end[4:7] = chance.choice("0123456789") * 3
    return _dictated(chance, ["1", *chance.choice(_NETWORKS), *end], pauses=0.45)


def _dictated(chance: random.Random, digits: list[str], pauses: float) -> str:
    """Write digits as one says them: 幺 or 一, X or 叉, in one breath or in groups, with or without a lead."""
    one, count = ("幺" if chance.random() < 0.6 else "一"), len(digits)
    said = []
    for digit in digits:
        letter = "X" if chance.random() < 0.8 else "叉"
        said.append(letter if digit == "X" else one if digit == "1" else _NUMERALS[int(digit)])
    if chance.random() < pauses:
        for cut in sorted(chance.choice(_PAUSES[count]), reverse=True):
            said.insert(cut, "，")
    lead = chance.choice(_LEADS[count]) if chance.random() < 0.2 else ""
    return lead + "".join(said)
