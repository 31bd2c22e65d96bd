"""Voices: random mixtures of Kokoro's style vectors, timbre and way of speaking mixed apart."""

import random
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RESERVED_VOICES = ("zm_yunxi", "zf_xiaobei")
"""Voices that callers have in tests and evaluations: they teach no model."""

STYLE_SHAPE = (510, 256)
_TIMBRE = 128
"""The first half of a style vector goes to Kokoro's decoder, the second to its prosody and durations."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Styles:
    """Style vectors by voice name (510 x 256 each)."""

    by_name: dict[str, NDArray[np.float16]]

    @property
    def mandarin(self) -> list[str]:
        """Names of the voices that speak Mandarin of themselves."""
        return [name for name in self.by_name if name.startswith("z")]

    @property
    def foreign(self) -> list[str]:
        """Names of the others: they lend timbre only."""
        return [name for name in self.by_name if not name.startswith("z")]


def gather_styles(kokoro: Path, package: Path | None) -> Styles:
    """Read the Mandarin voices beside the graph and, where the npm package lies there, all others. None is reserved."""
    found = {path.stem: np.fromfile(path, "<f4") for path in sorted((kokoro / "voices").glob("*.bin"))}
    if package is not None:
        with tarfile.open(package) as archive:
            for member in archive.getmembers():
                name = Path(member.name)
                content = archive.extractfile(member) if name.suffix == ".bin" else None
                if content is not None and name.parent.name == "voices":
                    found.setdefault(name.stem, np.frombuffer(content.read(), "<f4"))
    return Styles(
        {
            name: style.reshape(STYLE_SHAPE).astype(np.float16)
            for name, style in sorted(found.items())
            if name not in RESERVED_VOICES
        }
    )


def save_styles(styles: Styles, path: Path) -> None:
    """Write them as one compressed file."""
    np.savez_compressed(path, **styles.by_name)


def load_styles(path: Path) -> Styles:
    """Read what ``save_styles`` wrote."""
    with np.load(path) as file:
        return Styles({name: file[name] for name in file.files if name not in RESERVED_VOICES})


def mixture(styles: Styles, token_count: int, chance: random.Random) -> Floats:
    """Return the style (1 x 256) of a speaker who exists once.

    Prosody comes from one or two Mandarin voices, so that tones stay right. Timbre comes from up to three Mandarin
    voices, in half of the cases with a share of foreign ones, and a tenth of the time it goes a little beyond them.
    """
    random_numbers = np.random.default_rng(chance.getrandbits(32))
    row = {name: style[token_count].astype(np.float32) for name, style in styles.by_name.items()}
    leading = chance.sample(styles.mandarin, min(chance.choice((1, 2, 2, 3)), len(styles.mandarin)))
    shares = random_numbers.dirichlet(np.ones(len(leading)))
    timbre = sum((share * row[name] for share, name in zip(shares, leading, strict=True)), np.zeros(256))
    if styles.foreign and chance.random() < 0.5:
        lenders = chance.sample(styles.foreign, min(chance.choice((1, 2)), len(styles.foreign)))
        lent = np.mean([row[name] for name in lenders], axis=0)
        share = chance.uniform(0.1, 0.6)
        timbre = (1 - share) * timbre + share * lent
    if chance.random() < 0.15:
        middle = np.mean([row[name] for name in styles.mandarin], axis=0)
        timbre = middle + chance.uniform(1.05, 1.25) * (timbre - middle)
    speaking = leading if chance.random() < 0.6 else styles.mandarin
    speakers = chance.sample(speaking, min(chance.choice((1, 1, 2)), len(speaking)))
    weights = random_numbers.dirichlet(np.ones(len(speakers)))
    prosody = sum((share * row[name] for share, name in zip(weights, speakers, strict=True)), np.zeros(256))
    return np.concatenate([timbre[:_TIMBRE], prosody[_TIMBRE:]]).astype(np.float32)[None]
