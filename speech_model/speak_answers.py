"""Speak short answers to learn from: ``python -m speech_model.speak_answers``, beside what `make vosk-model` spoke."""

import argparse
import json
import os
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from speech_model.digit_sayings import dictated
from speech_model.pieces import speak_pieces
from speech_model.script import write_script
from speech_model.speaking import with_durations
from speech_model.voices import gather_styles, save_styles
from voice.hearing.answer_grammar import rows_of
from voice.hearing.expectation import ExpectationKind

_KINDS = (
    *[ExpectationKind.YES_NO] * 9,
    *[ExpectationKind.AMOUNT] * 3,
    *[ExpectationKind.DATE] * 2,
    ExpectationKind.TERM,
)
"""What is drawn from, beside digits."""

_DIGITS = 0.55
"""Share of dictated digits."""

_LEFT_OUT = {ExpectationKind.YES_NO: (0.7, 0.0, 0.35, 0.95)}
"""How often each optional word of a row is left out: particles are what sentences teach least."""

_USUALLY_LEFT_OUT = 0.6


def main(arguments: Sequence[str] | None = None) -> int:
    """Speak what is not there yet, in pieces; print one JSON object as the last line."""
    options = _parser().parse_args(arguments)
    work = options.work
    work.mkdir(parents=True, exist_ok=True)
    styles, graph, script = (work / name for name in ("styles.npz", "kokoro-durations.onnx", "answers.jsonl"))
    if not styles.is_file():
        save_styles(gather_styles(options.models / "kokoro", None), styles)
    if not graph.is_file():
        with_durations(options.models / "kokoro" / "kokoro-fp32.onnx", graph)
    write_script(script, answers(options.count, options.seed))
    hours = speak_pieces(graph, styles, script, work / "answers", options.seed, options.processes)
    print(json.dumps({"answers": options.count, "hours": round(hours, 3)}))
    return 0


def answers(count: int, seed: int) -> Iterator[str]:
    """Yield what callers answer: digits, or a walk through a grammar; the same seed gives the same answers."""
    chance = random.Random(seed)
    for _ in range(count):
        if chance.random() < _DIGITS:
            yield dictated(chance)
            continue
        kind = chance.choice(_KINDS)
        row = chance.choice(rows_of(kind))
        left_out = _LEFT_OUT.get(kind, (_USUALLY_LEFT_OUT,) * len(row))
        yield "".join(
            "" if "" in slot and chance.random() < share else chance.choice([word for word in slot if word])
            for slot, share in zip(row, left_out, strict=True)
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="speak_answers", description=__doc__)
    parser.add_argument("--count", type=int, default=2400)
    parser.add_argument("--work", type=Path, default=Path("var/speech-model"))
    parser.add_argument("--models", type=Path, default=Path("var/models"))
    parser.add_argument("--processes", type=int, default=max(1, (os.cpu_count() or 1) - 1))
    parser.add_argument("--seed", type=int, default=17)
    return parser


if __name__ == "__main__":
    sys.exit(main())
