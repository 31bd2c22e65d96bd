"""Evaluate recognition on a folder of recordings: ``python -m commands.evaluate_asr --dir DIR``."""

import argparse
import asyncio
import csv
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from actions.yes_no import said_yes
from commands.error_rates import Errors, digits_of, errors
from commands.options import OptionInvalid, OptionParser
from voice.hearing.expectation import Expectation, ExpectationKind
from voice.hearing.recognizer import Recognizer, RecognizerFailed, RecognizerUnavailable, Transcript
from voice.hearing.recognizer_choice import chinese_vosk_folder, load_recognizer
from voice.line.telephone_line import telephone_quality
from voice.sound.audio import FRAME_MS, AudioFrame
from voice.sound.resampling import resample
from voice.sound.wav import WavError, WavMissing, read_wav

_LINES = {"8k": 8000, "16k": 16000}
_KINDS = ("open", "yes_no", "digits", "amount", "date", "term", "industry")
_DIGITS_IN_TEXT = (4, 11)
"""Lengths of the digit strings that a dialogue asks for: end of an ID card, mobile number."""


class EvaluationInput(Exception):
    """What was given cannot be evaluated; ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Item:
    """One recording with what is said in it."""

    path: Path
    said: str


@dataclass(frozen=True)
class Heard:
    """What came out for one recording."""

    item: Item
    transcript: Transcript
    errors: Errors
    cpu_s: float
    audio_s: float


def main(arguments: list[str] | None = None) -> int:
    """Print one JSON object as the last line; return 0, or 2 where the input is bad."""
    try:
        options = _parser().parse_args(arguments)
        items = read_items(options.dir)
        recognizer = _load(options.recognizer, options.domain == 1)
        heard = asyncio.run(_hear_all(recognizer, items, options))
    except (OptionInvalid, EvaluationInput, WavError, RecognizerUnavailable, RecognizerFailed) as error:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
        return 2
    for one in heard:
        mark = " " if one.errors.right else "*"
        print(f"{mark} {one.item.path.name}\t{one.item.said}\t{one.transcript.text}")
    print(json.dumps(_summary(heard, recognizer, options), ensure_ascii=False))
    return 0


def read_items(folder: Path) -> list[Item]:
    """Return the recordings that ``transcripts.tsv`` names. Raises EvaluationInput, WavMissing."""
    table = folder / "transcripts.tsv"
    if not folder.is_dir():
        raise EvaluationInput("dir_missing", f"There is no folder {folder}.")
    if not table.is_file():
        raise EvaluationInput("transcripts_missing", f"{folder.name} holds no transcripts.tsv.")
    try:
        text = table.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvaluationInput("transcripts_format", "transcripts.tsv is not UTF-8 text.") from error
    rows = list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or rows[0][:2] != ["file", "text"]:
        raise EvaluationInput(
            "transcripts_format", "transcripts.tsv must begin with the header: file TAB text."
        )
    rows = [row for row in rows[1:] if row]
    for number, row in enumerate(rows, start=1):
        if len(row) < 2 or not row[0].strip():
            raise EvaluationInput("transcripts_format", f"Entry {number} of transcripts.tsv has no text.")
    if not rows:
        raise EvaluationInput("transcripts_empty", "transcripts.tsv names no recording.")
    items = [Item(folder / row[0].strip(), row[1]) for row in rows]
    for item in items:
        if not item.path.is_file():
            raise WavMissing(f"transcripts.tsv names {item.path.name}, but there is no such recording.")
    return items


def on_the_line(path: Path, line: str) -> bytes:
    """Return a recording as the bot would hear it: wideband, or through a telephone. Raises WavError."""
    pcm, rate = read_wav(path)
    return telephone_quality(pcm, rate) if line == "8k" else resample(pcm, rate, _LINES[line])


def expectation(kind: str, said: str) -> Expectation:
    """Return what the dialogue would expect; digits are asked for in the lengths that it knows."""
    expects = Expectation(ExpectationKind(kind))
    if expects.kind is not ExpectationKind.DIGITS:
        return expects
    length = len(digits_of(said))
    return Expectation(ExpectationKind.DIGITS, length if length in _DIGITS_IN_TEXT else None)


def frames(pcm: bytes, sample_rate: int) -> Iterator[AudioFrame]:
    """Cut a recording into the frames of a line; the last one is filled up with silence."""
    size = sample_rate * FRAME_MS // 1000 * 2
    for index, start in enumerate(range(0, len(pcm), size)):
        yield AudioFrame(pcm[start : start + size].ljust(size, b"\0"), sample_rate, index * FRAME_MS)


async def _hear_all(recognizer: Recognizer, items: list[Item], options: argparse.Namespace) -> list[Heard]:
    rate = _LINES[options.line]
    heard = []
    for item in tqdm(items, desc="recognising", unit="item", file=sys.stderr):
        pcm = on_the_line(item.path, options.line)
        began = time.process_time()
        stream = recognizer.start_stream(rate, expectation(options.expect, item.said))
        for frame in frames(pcm, rate):
            await stream.accept(frame)
        transcript = await stream.finish()
        cpu_s = time.process_time() - began
        wrong = errors(item.said, transcript.text, options.expect)
        heard.append(Heard(item, transcript, wrong, cpu_s, len(pcm) / 2 / rate))
    return heard


def _summary(heard: list[Heard], recognizer: Recognizer, options: argparse.Namespace) -> dict[str, Any]:
    def rate(wrong: int, count: int) -> float:
        return round(wrong / max(count, 1), 4)

    summary: dict[str, Any] = {
        "cer": rate(sum(h.errors.characters for h in heard), sum(h.errors.character_count for h in heard)),
        "pinyin_er": rate(
            sum(h.errors.syllables for h in heard), sum(h.errors.syllable_count for h in heard)
        ),
        "items_right": sum(h.errors.right for h in heard),
        "rtf": round(sum(h.cpu_s for h in heard) / max(sum(h.audio_s for h in heard), 0.001), 4),
        "n": len(heard),
        "recognizer": recognizer.name,
        "line": options.line,
        "expect": options.expect,
        "domain": options.domain,
        "nothing_heard": sum(not h.transcript.text for h in heard),
    }
    if options.expect == "yes_no":  # every word right, and besides: taken for the same answer
        summary["meanings_right"] = sum(said_yes(h.item.said) == said_yes(h.transcript.text) for h in heard)
    if options.recognizer in ("auto", "cascade") and recognizer.name == "whisper":
        summary["note"] = "There is no Chinese Vosk model here; Whisper alone was measured."
    return summary


def _load(choice: str, domain: bool) -> Recognizer:
    """As in a call; a cascade without a Chinese Vosk model is Whisper alone, and the summary says so."""
    models = Path(os.environ.get("SHOUDAI_MODELS_DIR", "var/models"))
    vosk_model = os.environ.get("SHOUDAI_VOSK_MODEL") or None
    if choice == "cascade" and vosk_model is None and chinese_vosk_folder(models) is None:
        choice = "whisper"
    return load_recognizer(choice, models, vosk_model, domain)


def _parser() -> argparse.ArgumentParser:
    parser = OptionParser(prog="evaluate_asr", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True, help="folder with transcripts.tsv: file TAB text")
    parser.add_argument("--recognizer", choices=("auto", "vosk", "whisper", "cascade"), default="auto")
    parser.add_argument("--line", choices=tuple(_LINES), default="16k")
    parser.add_argument("--expect", choices=_KINDS, default="open")
    parser.add_argument("--domain", type=int, choices=(0, 1), default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
