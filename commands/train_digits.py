"""Train the digit head: ``python -m commands.train_digits [--out FILE]`` speaks, encodes and learns; half an hour."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from commands.caller_voices import models_dir
from commands.ctc_training import Example, train
from commands.digit_recordings import TrainingVoices, texts
from voice.digit_head import WEIGHTS
from voice.recognizer_choice import WHISPER_FOLDER
from voice.whisper_decoder import WhisperDecoder
from voice.whisper_settings import WhisperSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the weights and print one JSON object as the last line."""
    options = _parser().parse_args(arguments)
    examples = recorded(options.endings, options.phones, options.others, options.seed)
    loss = 0.0
    for loss, head in train(examples, options.hidden, options.epochs, options.seed):
        tqdm.write(f"loss {loss:.3f}", file=sys.stderr)
        with options.out.open("wb") as file:
            np.savez_compressed(file, **{name: one.astype(np.float16) for name, one in head.weights.items()})
    print(json.dumps({"examples": len(examples), "epochs": options.epochs, "loss": round(loss, 3)}))
    return 0


def recorded(endings: int, phones: int, others: int, seed: int) -> list[Example]:
    """Speak the texts and encode each over two different telephone lines."""
    decoder = WhisperDecoder(models_dir() / WHISPER_FOLDER, WhisperSettings())
    voices = TrainingVoices(models_dir() / "kokoro", seed)
    examples = []
    for text in tqdm(list(texts(endings, phones, others, seed)), desc="speaking", file=sys.stderr):
        spoken = voices.say(text)
        for _ in range(2):
            frames = decoder.encode(voices.over_the_line(spoken.samples)).frames()
            examples.append(Example(frames.astype(np.float16), spoken.labels))
    return examples


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="train_digits", description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--endings", type=int, default=320)
    parser.add_argument("--phones", type=int, default=140)
    parser.add_argument("--others", type=int, default=200)
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=22)
    parser.add_argument("--seed", type=int, default=33)
    return parser


if __name__ == "__main__":
    sys.exit(main())
