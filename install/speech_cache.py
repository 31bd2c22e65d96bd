"""Speech cache: fixed clauses, and carriers to join figures from, spoken once and kept on disk (set-up step)."""

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tqdm import tqdm

from actions.house_sentences import house_sentences
from actions.lending.policy import PolicyBook
from install.bot_sentences import fixed_clauses, joined_templates, policy_names
from install.carriers import CarrierVoice, carrier_clauses
from install.files import only_one
from install.paths import models_dir, var_dir
from voice.sound.resampling import resample
from voice.speech.carrier_store import CarrierStore
from voice.speech.speaker import bot_voice, carriers_under, pause_after
from voice.speech.speech_cache import ClipKey, SpeechCache
from voice.speech.spoken_text import spoken
from voice.speech.synthesizer import SynthesizerFailed, SynthesizerUnavailable
from voice.speech.synthesizer_kokoro import SAMPLE_RATE_HZ, KokoroSynthesizer

LINES_HZ = (8000, 16_000)
"""Hertz of the telephone and of the browser: a clause is spoken once and kept for both."""

THREADS = 2


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


def fill(speak: Callable[[str], None], clauses: list[str], what: str) -> list[str]:
    """Speak ``clauses`` with a progress bar; return those that the voice could not speak."""

    def attempt(clause: str) -> str | None:
        try:
            speak(clause)
        except SynthesizerFailed as error:
            print(f"not spoken: {clause}: {error}", file=sys.stderr)
            return clause
        return None

    began, began_cpu = time.monotonic(), time.process_time()
    with ThreadPoolExecutor(THREADS) as threads:
        results = threads.map(attempt, clauses)
        progress = tqdm(results, total=len(clauses), desc=f"speaking {what}", unit="clause", disable=None)
        failed = [clause for clause in progress if clause is not None]
    print(
        f"spoke {len(clauses) - len(failed)} {what} in {time.monotonic() - began:.0f} s "
        f"({time.process_time() - began_cpu:.0f} CPU seconds)",
        file=sys.stderr,
    )
    return failed


def speak_fixed(cache: SpeechCache) -> list[str]:
    """Speak the fixed clauses that are missing and drop those of the past; return what could not be spoken."""
    clauses = fixed_clauses(more=house_sentences(PolicyBook.load()))
    missing, failed = missing_clauses(cache, clauses), []
    if missing:
        voice = KokoroSynthesizer(models_dir() / "kokoro")
        failed = fill(lambda clause: speak_into(cache, voice, clause), missing, "fixed clauses")
        voice.close()
    cache.prune({ClipKey(spoken(clause), line_hz) for clause in clauses for line_hz in LINES_HZ})
    print(f"{len(clauses) - len(failed)} of {len(clauses)} fixed clauses are ready", file=sys.stderr)
    return failed


def speak_carriers(store: CarrierStore) -> list[str]:
    """The same for the carriers of figures."""
    names = policy_names()
    clauses = carrier_clauses(joined_templates(), names)
    missing, failed = [clause for clause in clauses if spoken(clause) not in store], []
    if missing:
        voice = CarrierVoice(models_dir() / "kokoro", names)
        failed = fill(lambda clause: store.store(spoken(clause), voice.carrier(clause)), missing, "carriers")
    store.prune({spoken(clause) for clause in clauses})
    print(f"{len(clauses) - len(failed)} of {len(clauses)} carriers are ready", file=sys.stderr)
    return failed


def main(arguments: Sequence[str] | None = None) -> int:
    """Speak what is not there yet; an interrupted run goes on where it stopped. ``fixed``: no carriers."""
    only_fixed = "fixed" in (sys.argv[1:] if arguments is None else arguments)
    folder = var_dir() / "speech-cache"
    with only_one(var_dir() / "speech-cache.lock", "speaking the fixed sentences"):
        try:
            failed = speak_fixed(SpeechCache(folder, bot_voice(), most_memory_bytes=0))
            if not only_fixed:
                failed += speak_carriers(carriers_under(folder))
        except SynthesizerUnavailable as error:
            print(f"sentences are not spoken in advance: {error}", file=sys.stderr)
            return 2
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
