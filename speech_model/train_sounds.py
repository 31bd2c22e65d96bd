"""Train the sound head: ``python -m speech_model.train_sounds``, from what `make vosk-model` spoke."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from speech_model.heard import LONGEST_S, Heard, hear, whisper_in
from speech_model.utterances import SAMPLE_RATE, Utterance, load_pieces
from voice.hearing.digit_head import Floats
from voice.hearing.sound_head import WEIGHTS
from voice.hearing.sound_units import UNITS

_BATCH = 512
_ADAPTING_STEP = 6e-4
_STEP, _LAST_STEP, _WARM_UP = 1e-3, 0.02, 200
_DECAY = 1e-4
_DROPPED_IN, _DROPPED = 0.1, 0.2
_SMOOTHED = 0.05
"""Share of each label that is spread over all units."""

_HELD_BACK = 150


@dataclass(frozen=True)
class Frames:
    """The encoder's states of many utterances, and the unit of each."""

    states: NDArray[np.float16]
    units: NDArray[np.uint8]
    lengths: NDArray[np.int64]

    def around(self, places: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64]) -> Floats:
        """Return frames with their neighbours in the same utterance."""
        joined = (np.maximum(places - 1, first), places, np.minimum(places + 1, last))
        return np.concatenate([self.states[each] for each in joined], axis=1).astype(np.float32)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the weights and print one JSON object as the last line."""
    options = _parser().parse_args(arguments)
    if not any(options.speech.glob("piece-*.npz")):
        print(json.dumps({"error": {"code": "speech_missing", "message": f"no speech in {options.speech}"}}))
        return 2
    frames = encoded(load_pieces(options.speech), options.models, options.seed)
    accuracy = 0.0
    for weights, accuracy in train(frames, options.hidden, options.epochs, options.seed):
        tqdm.write(f"accuracy {accuracy:.4f} on held-back utterances", file=sys.stderr)
        with options.out.open("wb") as file:
            np.savez_compressed(file, **{name: one.astype(np.float16) for name, one in weights.items()})
    print(json.dumps({"utterances": len(frames.lengths), "accuracy": round(accuracy, 4)}))
    return 0


def encoded(utterances: Sequence[Utterance], models: Path, seed: int) -> Frames:
    """Encode each utterance over a telephone line of its own; 0.1 CPU seconds each."""
    decoder, chance = whisper_in(models), np.random.default_rng(seed)
    order = tqdm(chance.permutation(len(utterances)), desc="encoding", file=sys.stderr)
    short = (utterances[at] for at in order if len(utterances[at].samples) <= LONGEST_S * SAMPLE_RATE)
    return frames_of([hear(one, decoder, chance) for one in short])


def frames_of(heard: Sequence[Heard]) -> Frames:
    """Join what was heard."""
    return Frames(
        np.concatenate([one.states for one in heard]),
        np.concatenate([one.units for one in heard]),
        np.array([len(one.units) for one in heard]),
    )


def train(
    frames: Frames, hidden: int, epochs: int, seed: int, given: Mapping[str, Floats] | None = None
) -> Iterator[tuple[dict[str, Floats], float]]:
    """Yield the weights and the accuracy on held-back utterances after each epoch (Adam, cosine step, dropout).

    With ``given`` these weights learn on, in smaller steps.
    """
    chance = np.random.default_rng(seed)
    ends = np.cumsum(frames.lengths)
    first, last = (np.repeat(edge, frames.lengths) for edge in (ends - frames.lengths, ends - 1))
    learnt = int(ends[-_HELD_BACK - 1])
    weights = dict(given) if given is not None else _first_weights(frames, learnt, hidden, chance)
    highest, warm_up = (_STEP, _WARM_UP) if given is None else (_ADAPTING_STEP, _WARM_UP // 10)
    mean, square = ({name: np.zeros_like(weights[name]) for name in _LEARNT} for _ in range(2))
    steps, step = epochs * (learnt // _BATCH), 0
    for _ in range(epochs):
        order = chance.permutation(learnt)
        for start in tqdm(range(0, learnt - _BATCH + 1, _BATCH), desc="learning", file=sys.stderr):
            places = order[start : start + _BATCH]
            inputs = _normalised(frames.around(places, first[places], last[places]), weights)
            gradients = _gradients(weights, inputs, frames.units[places], chance)
            step += 1
            size = (
                highest * min(1.0, step / warm_up) * max(_LAST_STEP, 0.5 * (1 + np.cos(np.pi * step / steps)))
            )
            for name in _LEARNT:
                mean[name] = 0.9 * mean[name] + 0.1 * gradients[name]
                square[name] = 0.99 * square[name] + 0.01 * gradients[name] ** 2
                spread = np.sqrt(square[name] / (1 - 0.99**step)) + 1e-8
                moved = mean[name] / (1 - 0.9**step) / spread + _DECAY * weights[name]
                weights[name] = (weights[name] - size * moved).astype(np.float32)
        held_back = np.arange(learnt, len(frames.units))
        yield weights, _accuracy(frames, weights, held_back, first, last)


_LEARNT = ("in", "in_bias", "out", "out_bias")


def _first_weights(
    frames: Frames, learnt: int, hidden: int, chance: np.random.Generator
) -> dict[str, Floats]:
    some = frames.states[:learnt:37].astype(np.float32)
    size = 3 * some.shape[1]
    return {
        "mean": some.mean(axis=0),
        "deviation": some.std(axis=0) + 1e-3,
        "prior": (np.bincount(frames.units[:learnt], minlength=len(UNITS)) / learnt).astype(np.float32),
        "in": chance.normal(0, size**-0.5, (size, hidden)).astype(np.float32),
        "in_bias": np.zeros(hidden, np.float32),
        "out": chance.normal(0, hidden**-0.5, (hidden, len(UNITS))).astype(np.float32),
        "out_bias": np.zeros(len(UNITS), np.float32),
    }


def _normalised(inputs: Floats, weights: dict[str, Floats]) -> Floats:
    return (inputs - np.tile(weights["mean"], 3)) / np.tile(weights["deviation"], 3)


def _gradients(
    weights: dict[str, Floats], inputs: Floats, units: NDArray[np.uint8], chance: np.random.Generator
) -> dict[str, Floats]:
    """Cross-entropy against smoothed labels, with dropout."""
    inputs = inputs * (chance.random(inputs.shape, dtype=np.float32) > _DROPPED_IN)
    raw = inputs @ weights["in"] + weights["in_bias"]
    kept = (raw > 0) * (chance.random(raw.shape, dtype=np.float32) > _DROPPED) / (1 - _DROPPED)
    hidden = raw * kept
    shares = _shares(hidden @ weights["out"] + weights["out_bias"])
    shares[np.arange(len(units)), units] -= 1 - _SMOOTHED
    wrong = (shares - _SMOOTHED / shares.shape[1]) / len(units)
    back = (wrong @ weights["out"].T) * kept
    return {
        "out": hidden.T @ wrong,
        "out_bias": wrong.sum(axis=0),
        "in": inputs.T @ back,
        "in_bias": back.sum(axis=0),
    }


def _accuracy(
    frames: Frames,
    weights: dict[str, Floats],
    places: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
) -> float:
    inputs = _normalised(frames.around(places, first[places], last[places]), weights)
    hidden = np.maximum(inputs @ weights["in"] + weights["in_bias"], 0)
    guessed = (hidden @ weights["out"] + weights["out_bias"]).argmax(axis=1)
    return float((guessed == frames.units[places]).mean())


def _shares(raw: Floats) -> Floats:
    shares = np.exp(raw - raw.max(axis=1, keepdims=True))
    result: Floats = shares / shares.sum(axis=1, keepdims=True)
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="train_sounds", description=__doc__)
    parser.add_argument("--speech", type=Path, default=Path("var/speech-model/pieces"))
    parser.add_argument("--models", type=Path, default=Path("var/models"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--hidden", type=int, default=192)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=5)
    return parser


if __name__ == "__main__":
    sys.exit(main())
