"""Speak answers for evaluation: ``python -m commands.answer_recordings --kind amount --count 200`` (var/answers)."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from commands.answer_texts import KINDS, texts
from commands.caller_voices import MAN, ROOT, WOMAN, models_dir
from commands.digit_recordings import TrainingVoices
from voice.sound.wav import write_wav
from voice.speech.synthesizer_kokoro import SAMPLE_RATE_HZ
from voice.speech.trimming import Samples

_SETS = {"test": (MAN, WOMAN), "tuning": (None,)}
"""Who speaks: the two voices that nothing learns from, or mixtures of the others, to choose settings with."""

_SEEDS = {"test": 6, "tuning": 3}
_SILENCE_S = (0.2, 0.4)
_NOISE_DB = 30
"""Line noise below the voice; no line is digitally silent."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write ``FOLDER/SET/KIND/*.wav`` and transcripts.tsv; what is there already is not spoken again."""
    options = _parser().parse_args(arguments)
    for kind in options.kind or sorted(KINDS):
        folder = options.out / options.set / kind
        folder.mkdir(parents=True, exist_ok=True)
        speak(folder, kind, options.set, options.count)
        print(json.dumps({"folder": str(folder), "count": options.count}))
    return 0


def speak(folder: Path, kind: str, chosen: str, count: int) -> None:
    """Speak ``count`` answers into a folder, the voices by turns."""
    seed = _SEEDS[chosen]
    voices = [TrainingVoices(models_dir() / "kokoro", seed, only=name) for name in _SETS[chosen]]
    rows = ["file\ttext"]
    said = list(texts(kind, count, seed))
    for number, text in enumerate(tqdm(said, desc=f"speaking {kind}", file=sys.stderr)):
        path = folder / f"{number:04d}.wav"
        rows.append(f"{path.name}\t{text}")
        if not path.is_file():
            sound = voices[number % len(voices)].say(text).samples
            write_wav(path, _as_recorded(sound, seed * 10_000 + number), SAMPLE_RATE_HZ)
    (folder / "transcripts.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _as_recorded(sound: Samples, seed: int) -> bytes:
    """Put silence around the voice and line noise under it; s16le."""
    before, after = (int(SAMPLE_RATE_HZ * seconds) for seconds in _SILENCE_S)
    padded = np.pad(sound.astype(np.float64), (before, after))
    loudness = np.sqrt(np.mean(np.square(sound))) * 10 ** (-_NOISE_DB / 20)
    padded += np.random.default_rng(seed).normal(0, loudness, len(padded))
    return np.asarray(padded / np.abs(padded).max() * 0.4 * 32767).astype("<i2").tobytes()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="answer_recordings", description=__doc__)
    parser.add_argument("--kind", choices=sorted(KINDS), action="append", help="several times; default: all")
    parser.add_argument("--set", choices=sorted(_SETS), default="test")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "answers")
    return parser


if __name__ == "__main__":
    sys.exit(main())
