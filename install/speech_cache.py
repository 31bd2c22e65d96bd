"""Speech cache: every fixed clause of the bot's sentences, spoken once and kept on disk (set-up step)."""

import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml
from tqdm import tqdm

from install.files import only_one
from install.paths import ROOT, models_dir, var_dir
from voice.clauses import split_clauses
from voice.resampling import resample
from voice.settings import CALL_PROMPTS
from voice.speaker import bot_voice, pause_after
from voice.speech_cache import ClipKey, SpeechCache
from voice.spoken_text import spoken
from voice.synthesizer import SynthesizerFailed, SynthesizerUnavailable
from voice.synthesizer_kokoro import SAMPLE_RATE_HZ, KokoroSynthesizer

LINES_HZ = (8000, 16_000)
"""Hertz of the telephone and of the browser: a clause is spoken once and kept for both."""

TOPICS_FIRST = ("greeting", "identity", "handoff", "chitchat")
"""Folders of data/ that nearly every call needs, spoken before the others."""

THREADS = 2


def fixed_clauses(data_dir: Path = ROOT / "data", prompts: Iterable[str] = CALL_PROMPTS) -> list[str]:
    """Every clause without a ``{placeholder}``, the most needed first, none twice (by how it sounds)."""
    clauses: dict[str, str] = {}
    for text in (*prompts, *response_texts(data_dir), *policy_sentences(data_dir)):
        for clause in split_clauses(text):
            if "{" not in clause:
                clauses.setdefault(spoken(clause), clause)
    return list(clauses.values())


def response_texts(data_dir: Path) -> Iterator[str]:
    """The texts of all responses, variations included, in data/<topic>/responses.yml."""

    def order(path: Path) -> tuple[int, str]:
        topic = path.parent.name
        return (TOPICS_FIRST.index(topic) if topic in TOPICS_FIRST else len(TOPICS_FIRST), topic)

    for path in sorted(data_dir.glob("*/responses.yml"), key=order):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for variations in (content.get("responses") or {}).values():
            for variation in variations:
                if variation.get("text"):
                    yield variation["text"]


def policy_sentences(data_dir: Path) -> Iterator[str]:
    """Rules that are said word for word (``"{rule}。"``): strings of data/policies with several clauses."""
    for path in sorted(data_dir.glob("policies/*.yml")):
        for text in _strings(yaml.safe_load(path.read_text(encoding="utf-8"))):
            if len(split_clauses(text)) > 1:
                yield text.rstrip("。") + "。"


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def missing_clauses(cache: SpeechCache, clauses: Iterable[str]) -> list[str]:
    """Clauses that have no sound readable on disk for some line."""
    return [
        clause
        for clause in clauses
        if any(cache.load(ClipKey(spoken(clause), line_hz)) is None for line_hz in LINES_HZ)
    ]


def speak_into(cache: SpeechCache, voice: KokoroSynthesizer, clause: str) -> None:
    """Speak one clause and store it for every line. Raises SynthesizerFailed, OSError."""
    pcm = voice.speak(clause)
    said = spoken(clause)
    for line_hz in LINES_HZ:
        sound = resample(pcm, SAMPLE_RATE_HZ, line_hz) + pause_after(said, line_hz)
        cache.store(ClipKey(said, line_hz), sound)


def fill(cache: SpeechCache, voice: KokoroSynthesizer, clauses: list[str]) -> list[str]:
    """Speak ``clauses`` with a progress bar; return those that the voice could not speak."""

    def attempt(clause: str) -> str | None:
        try:
            speak_into(cache, voice, clause)
        except SynthesizerFailed as error:
            print(f"not spoken: {clause}: {error}", file=sys.stderr)
            return clause
        return None

    with ThreadPoolExecutor(THREADS) as threads:
        results = threads.map(attempt, clauses)
        progress = tqdm(
            results, total=len(clauses), desc="speaking fixed sentences", unit="clause", disable=None
        )
        return [clause for clause in progress if clause is not None]


def main() -> int:
    """Speak what is not there yet; an interrupted run goes on where it stopped."""
    cache = SpeechCache(var_dir() / "speech-cache", bot_voice(), most_memory_bytes=0)
    with only_one(var_dir() / "speech-cache.lock", "speaking the fixed sentences"):
        clauses = fixed_clauses()
        missing = missing_clauses(cache, clauses)
        failed: list[str] = []
        if missing:
            try:
                voice = KokoroSynthesizer(models_dir() / "kokoro")
            except SynthesizerUnavailable as error:
                print(f"fixed sentences are not spoken in advance: {error}", file=sys.stderr)
                return 2
            began, began_cpu = time.monotonic(), time.process_time()
            failed = fill(cache, voice, missing)
            print(
                f"spoke {len(missing) - len(failed)} clauses in {time.monotonic() - began:.0f} s "
                f"({time.process_time() - began_cpu:.0f} CPU seconds)",
                file=sys.stderr,
            )
        cache.prune({ClipKey(spoken(clause), line_hz) for clause in clauses for line_hz in LINES_HZ})
        print(f"{len(clauses) - len(failed)} of {len(clauses)} fixed clauses are ready", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
