"""Heard: speech over telephone lines as Whisper's encoder sees it, kept in files beside the speech."""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly
from tqdm import tqdm

from speech_model.utterances import FRAME, SAMPLE_RATE, Utterance, load_piece
from voice.hearing.recognizer_choice import WHISPER_FOLDER
from voice.hearing.utterance import SAMPLE_RATE as HEARD_RATE
from voice.hearing.whisper_decoder import WhisperDecoder
from voice.hearing.whisper_settings import WhisperSettings
from voice.line.telephone_line import telephone_quality
from voice.sound.resampling import resample

LONGEST_S = 8
"""Longer speech is left out."""

_STATE = 512
"""Numbers of one state."""

_NOISE_DB = (12, 15, 20, 25, 30, 40)
_TRACTS = (0.85, 1.18)
"""How much shorter or longer a vocal tract may be made."""


Worth = Callable[[int, str], bool]


@dataclass(frozen=True)
class Heard:
    """One utterance over one line: 50 states a second (512 numbers each), and the sound unit of each."""

    text: str
    states: NDArray[np.float16]
    units: NDArray[np.uint8]


def _every(place: int, text: str) -> bool:
    return True


def whisper_in(models: Path) -> WhisperDecoder:
    """Load the encoder for one core."""
    return WhisperDecoder(models / WHISPER_FOLDER, WhisperSettings(workers=1))


def hear(one: Utterance, decoder: WhisperDecoder, chance: np.random.Generator) -> Heard:
    """Return an utterance over a line of its own; 0.1 CPU seconds."""
    before = int(chance.uniform(0.05, 0.3) * 100)
    after = int(chance.uniform(0.2, 0.9) * 100)
    sound = np.pad(one.samples.astype(np.float64), (before * FRAME, after * FRAME))
    loudness = np.sqrt(np.mean(one.samples.astype(np.float64) ** 2)) * 10 ** (-chance.choice(_NOISE_DB) / 20)
    sound += chance.normal(0, loudness, len(sound))
    sound *= chance.uniform(0.1, 0.6) * 32767 / np.abs(sound).max()
    line = telephone_quality(sound.astype("<i2").tobytes(), SAMPLE_RATE)
    samples = np.frombuffer(resample(line, SAMPLE_RATE, HEARD_RATE), "<i2").astype(np.float32) / 32768
    states = decoder.encode(samples).frames().astype(np.float16)
    silence = np.zeros(before, np.uint8), np.zeros(after + 8, np.uint8)
    units = np.concatenate([silence[0], one.labels, silence[1]])[1 : 2 * len(states) + 1 : 2]
    return Heard(one.text, states[: len(units)], units)


def by_another(one: Utterance, factor: float) -> Utterance:
    """Return an utterance as a smaller (``factor`` above 1) or larger person says it: faster and higher, or slower."""
    samples = resample_poly(one.samples.astype(np.float64), 100, round(100 * factor))
    count = math.ceil(len(samples) / FRAME)
    at = np.minimum((np.arange(count) * factor).astype(np.int64), len(one.labels) - 1)
    return Utterance(one.text, np.clip(samples, -32768, 32767).astype(np.int16), one.labels[at])


def heard_pieces(
    folder: Path, kept: Path, decoder: WhisperDecoder, copies: int, seed: int, worth: Worth = _every
) -> list[Heard]:
    """Return the speech of a folder, each utterance over ``copies`` lines: as it is, then by other vocal tracts.

    ``kept`` holds what was heard already. ``worth``: by its number in the piece and its text, whether it is taken.
    """
    kept.mkdir(parents=True, exist_ok=True)
    found: list[Heard] = []
    for path in tqdm(sorted(folder.glob("piece-*.npz")), desc=f"hearing {folder.name}", file=sys.stderr):
        for copy in range(copies):
            file = kept / f"{path.stem}-{copy}.npz"
            if not file.is_file():
                chance = np.random.default_rng([seed, int(path.stem.removeprefix("piece-")), copy])
                short = [
                    one for at, one in enumerate(load_piece(path)) if _is_short(one) and worth(at, one.text)
                ]
                save_heard(file, [_copy(one, copy, decoder, chance) for one in short])
            found += load_heard(file)
    return found


def save_heard(path: Path, some: Sequence[Heard]) -> None:
    """Write what was heard as one file, whole or not at all."""
    part = path.with_suffix(".part.npz")
    np.savez(
        part,
        states=np.concatenate([np.zeros((0, _STATE), np.float16), *(one.states for one in some)]),
        units=np.concatenate([np.zeros(0, np.uint8), *(one.units for one in some)]),
        lengths=np.array([len(one.units) for one in some], dtype=np.int64),
        texts=np.array([one.text for one in some], dtype=np.str_),
    )
    part.replace(path)


def load_heard(path: Path) -> list[Heard]:
    """Read what ``save_heard`` wrote."""
    with np.load(path) as file:
        states, units, lengths, texts = (file[name] for name in ("states", "units", "lengths", "texts"))
    ends = np.cumsum(lengths)
    return [
        Heard(str(text), states[end - length : end], units[end - length : end])
        for text, length, end in zip(texts, lengths, ends, strict=True)
    ]


def _is_short(one: Utterance) -> bool:
    return len(one.samples) <= LONGEST_S * SAMPLE_RATE


def _copy(one: Utterance, copy: int, decoder: WhisperDecoder, chance: np.random.Generator) -> Heard:
    if copy:
        low, high = (math.log(edge) for edge in _TRACTS)
        one = by_another(one, math.exp(chance.uniform(low, high)))
    return hear(one, decoder, chance)
