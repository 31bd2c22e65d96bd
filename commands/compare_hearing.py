"""What the language models bring: ``python -m commands.compare_hearing --dir DIR``, a paired bootstrap."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from commands.caller_voices import models_dir
from commands.error_rates import Errors, errors
from commands.evaluate_asr import Item, on_the_line, read_items
from voice.hearing.clean_words import load_clean_words
from voice.hearing.domain_sentences import chinese_runs
from voice.hearing.expectation import OPEN
from voice.hearing.general_words import GeneralWords, load_domain_words, load_general_words
from voice.hearing.numerals import written_out
from voice.hearing.recognizer_choice import DATA, TERMS, WHISPER_FOLDER
from voice.hearing.recognizer_whisper import WhisperRecognizer, load_whisper
from voice.hearing.utterance import SAMPLE_RATE
from voice.sound.resampling import resample

_DRAWS = 10_000
_RATES = {"8k": 8000, "16k": 16_000}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print character errors without a model, with the general one and with what is said of loans besides (domain on).

    Each step comes with the 95 % interval of its difference. The sentences of the set are left out of the second.
    """
    options = _parser().parse_args(arguments)
    items = read_items(options.dir)
    general = load_general_words(models_dir())
    if general is None:
        print(
            json.dumps({"error": {"code": "model_missing", "message": "the general model is not installed"}})
        )
        return 2
    hearing = load_clean_words(TERMS) if options.domain else None
    steps: dict[str, GeneralWords | None] = {"none": None, "general": general}
    if options.domain:
        said = {"".join(chinese_runs(written_out(item.said))) for item in items}
        steps["domain"] = load_general_words(models_dir(), load_domain_words(DATA, TERMS, said))
    before: list[Errors] | None = None
    for name, words in steps.items():
        engine = load_whisper(models_dir() / WHISPER_FOLDER, hearing, words=words)
        found = _errors(engine, items, options.line)
        engine.close()
        if before is not None:
            print(json.dumps({"step": name} | _compared(before, found), ensure_ascii=False))
        before = found
    return 0


def _errors(engine: WhisperRecognizer, items: Sequence[Item], line: str) -> list[Errors]:
    found = []
    for item in tqdm(items, desc="recognising", file=sys.stderr):
        pcm = resample(on_the_line(item.path, line), _RATES[line], SAMPLE_RATE)
        heard = engine.transcribe(np.frombuffer(pcm, "<i2").astype(np.float32) / 32768, OPEN)
        found.append(errors(item.said, heard.text))
    return found


def _compared(without: Sequence[Errors], with_model: Sequence[Errors]) -> dict[str, Any]:
    """Resample items, both measurements of an item together (Efron 1979)."""
    wrong = np.array(
        [[one.characters, other.characters] for one, other in zip(without, with_model, strict=True)]
    )
    counts = np.array([one.character_count for one in without])
    drawn = np.random.default_rng(0).integers(0, len(counts), (_DRAWS, len(counts)))
    rates = wrong[drawn].sum(axis=1) / counts[drawn].sum(axis=1)[:, np.newaxis]
    differences = rates[:, 1] - rates[:, 0]
    low, high = np.percentile(differences, [2.5, 97.5])
    return {
        "n": len(counts),
        "without": round(float(wrong[:, 0].sum() / counts.sum()), 4),
        "with": round(float(wrong[:, 1].sum() / counts.sum()), 4),
        "interval": [round(float(low), 4), round(float(high), 4)],
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="compare_hearing", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True, help="folder with transcripts.tsv")
    parser.add_argument("--line", choices=tuple(_RATES), default="8k")
    parser.add_argument("--domain", type=int, choices=(0, 1), default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
