"""Train the digit head: ``python -m speech_model.train_digits``, after speak_answers and `make vosk-model`."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from speech_model.ctc_training import Example, train
from speech_model.digit_sayings import digits_in, labels_of
from speech_model.heard import heard_pieces, whisper_in
from voice.hearing.digit_head import WEIGHTS

_DIGITS, _ONE_IN = 3, 8
"""Of the sentences those with so many digits are learnt from, and of the others one in so many: what is no digits."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the weights and print one JSON object as the last line."""
    options = _parser().parse_args(arguments)
    if missing := [str(folder) for folder in options.answers if not any(folder.glob("piece-*.npz"))]:
        print(json.dumps({"error": {"code": "speech_missing", "message": f"no speech in {missing[0]}"}}))
        return 2
    examples = list(read_examples(options))
    loss = 0.0
    for loss, head in train(examples, options.hidden, options.epochs, options.seed):
        tqdm.write(f"loss {loss:.3f}", file=sys.stderr)
        with options.out.open("wb") as file:
            np.savez_compressed(file, **{name: one.astype(np.float16) for name, one in head.weights.items()})
    print(json.dumps({"examples": len(examples), "epochs": options.epochs, "loss": round(loss, 3)}))
    return 0


def read_examples(options: argparse.Namespace) -> Iterator[Example]:
    """Yield all answers and of the sentences those with digits and some others, each over several lines."""
    decoder, copies, seed = whisper_in(options.models), options.copies, options.seed
    heard = []
    for folder in options.answers:
        heard += heard_pieces(folder, options.kept / folder.name, decoder, copies, seed)
    heard += heard_pieces(
        options.sentences, options.kept / "sentences", decoder, copies, seed, _teaches_digits
    )
    for one in heard:
        if labels := labels_of(one.text):
            yield Example(one.states, labels)


def _teaches_digits(place: int, text: str) -> bool:
    return digits_in(text) >= _DIGITS or place % _ONE_IN == 0


def _parser() -> argparse.ArgumentParser:
    work = Path("var/speech-model")
    parser = argparse.ArgumentParser(prog="train_digits", description=__doc__)
    parser.add_argument(
        "--answers", type=Path, nargs="+", default=[work / "answers"], help="what speak_answers has spoken"
    )
    parser.add_argument(
        "--sentences", type=Path, default=work / "pieces", help="what make vosk-model has spoken"
    )
    parser.add_argument("--kept", type=Path, default=work / "heard", help="keeps what was heard")
    parser.add_argument("--copies", type=int, default=2, help="telephone lines for each answer")
    parser.add_argument("--models", type=Path, default=Path("var/models"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--seed", type=int, default=33)
    return parser


if __name__ == "__main__":
    sys.exit(main())
