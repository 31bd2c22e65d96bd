"""Utterances: labelled speech at 8 kHz, and the compressed files it is kept in."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 8000
"""Hz of the kept speech: the model hears 60 to 3800 Hz, on every line."""

FRAME = SAMPLE_RATE // 100
"""Samples a label: 10 ms."""


@dataclass(frozen=True)
class Utterance:
    """Labelled speech: s16 samples at 8 kHz, and one unit number for each 10 ms (the last may be shorter)."""

    text: str
    samples: NDArray[np.int16]
    labels: NDArray[np.uint8]


def save_piece(path: Path, utterances: Sequence[Utterance]) -> None:
    """Write utterances as one compressed file, whole or not at all."""
    part = path.with_name(f"{path.stem}.{os.getpid()}.part.npz")
    np.savez_compressed(
        part,
        samples=np.concatenate([one.samples for one in utterances]),
        labels=np.concatenate([one.labels for one in utterances]),
        sizes=np.array([[len(one.samples), len(one.labels)] for one in utterances]),
        texts=np.array([one.text for one in utterances]),
    )
    part.replace(path)


def load_piece(path: Path) -> Iterator[Utterance]:
    """Yield the utterances of one file."""
    with np.load(path) as file:
        samples, labels, sizes, texts = (file[name] for name in ("samples", "labels", "sizes", "texts"))
    at = np.cumsum(np.vstack([[0, 0], sizes]), axis=0)
    for row, text in enumerate(texts):
        sound = samples[at[row, 0] : at[row + 1, 0]]
        yield Utterance(str(text), sound, labels[at[row, 1] : at[row + 1, 1]])


def load_pieces(folder: Path) -> list[Utterance]:
    """Read all the speech that lies in a folder."""
    return [one for path in sorted(folder.glob("piece-*.npz")) for one in load_piece(path)]
