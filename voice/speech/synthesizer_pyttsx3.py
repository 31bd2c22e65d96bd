"""pyttsx3: the fallback voice (espeak-ng), a pool of worker processes that can be killed."""

import asyncio
import contextlib
import json
import queue
import select
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from itertools import count
from pathlib import Path

from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS, AudioFrame
from voice.sound.resampling import resample
from voice.sound.wav import WavError, read_wav
from voice.speech.spoken_text import spoken
from voice.speech.synthesizer import SynthesizerFailed, SynthesizerUnavailable
from voice.speech.trimming import from_pcm, to_pcm, trim_and_level

SAMPLE_RATE_HZ = 22_050
WORKER = (sys.executable, "-m", "voice.speech.pyttsx3_worker")
PROJECT_DIR = Path(__file__).parents[2]
ATTEMPTS = 3
"""espeak-ng now and then writes an empty file; the next try succeeds."""

START_TIMEOUT_S = 15.0
"""Wall seconds for a worker's first clause: its process starts and loads the engine first."""

CLAUSE_TIMEOUT_S = 5.0
"""Wall seconds for a clause that takes 14 ms on a free core; then the worker is killed and replaced."""


class _WorkerDied(SynthesizerFailed):
    """The process ended by itself; a new one may do better."""


class _Worker:
    """One engine process, started with its first clause and again after it was killed."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._process: subprocess.Popen[str] | None = None
        self._closed = False
        self._lock = threading.Lock()
        """Between starting a process and closing for good: no process is started behind the back of ``close``."""

    def speak(self, text: str, path: Path) -> None:
        """Write the sound of ``text`` to ``path``. Raises SynthesizerFailed; a worker in doubt is killed."""
        process, timeout_s = self._running()
        try:
            reply = self._ask(process, {"text": text, "path": str(path)}, timeout_s)
        except (OSError, ValueError) as error:
            self.kill()
            raise _WorkerDied(f"the pyttsx3 worker died: {type(error).__name__}") from error
        except SynthesizerFailed:
            self.kill()
            raise
        if not reply.get("ok"):
            raise SynthesizerFailed(f"pyttsx3 broke: {reply.get('error')}")

    def close(self) -> None:
        """End the process and start no other."""
        with self._lock:
            self._closed = True
        self.kill()

    def kill(self) -> None:
        """End the process now; the next clause starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):  # what was not yet written to it cannot be flushed
                        pipe.close()

    def _running(self) -> "tuple[subprocess.Popen[str], float]":
        """The process and how long its next clause may take."""
        with self._lock:
            if self._closed:
                raise SynthesizerFailed("pyttsx3 was closed")
            if self._process is not None and self._process.poll() is None:
                return self._process, CLAUSE_TIMEOUT_S
            self._process = subprocess.Popen(
                self._command,
                cwd=PROJECT_DIR,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            return self._process, START_TIMEOUT_S

    @staticmethod
    def _ask(
        process: "subprocess.Popen[str]", request: dict[str, str], timeout_s: float
    ) -> dict[str, object]:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        readable, _, _ = select.select([process.stdout], [], [], timeout_s)
        if not readable:
            raise SynthesizerFailed(f"pyttsx3 was silent for {timeout_s:g} s and was killed")
        reply: dict[str, object] = json.loads(process.stdout.readline())
        return reply


class Pyttsx3Synthesizer:
    """A pool of engines. A clause that finds none free waits; more than ``most_waiting`` fail at once."""

    name = "pyttsx3"
    sample_rate = SAMPLE_RATE_HZ

    def __init__(self, workers: int = 2, most_waiting: int = 64, command: tuple[str, ...] = WORKER) -> None:
        """Start nothing yet. Raises SynthesizerUnavailable when pyttsx3 or espeak-ng is not installed."""
        missing = [package for package in ("pyttsx3", "espeakng_loader") if find_spec(package) is None]
        if missing:
            raise SynthesizerUnavailable(f"not installed: {', '.join(missing)}")
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._workers = [_Worker(command) for _ in range(workers)]
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="pyttsx3")
        self._most_at_once = workers + most_waiting
        self._at_once = 0
        self._folder = tempfile.TemporaryDirectory(prefix="shoudai-pyttsx3-")
        self._numbers = count()
        self._finalizer = weakref.finalize(self, _end, self._workers, self._threads, self._folder)

    async def synthesize(self, text: str) -> AsyncIterator[AudioFrame]:
        """Speak one clause; 20 ms frames, silence trimmed."""
        if self._at_once >= self._most_at_once:
            raise SynthesizerFailed("too many clauses wait for pyttsx3")
        self._at_once += 1
        try:
            pcm = await asyncio.get_running_loop().run_in_executor(self._threads, self.speak, text)
        finally:
            self._at_once -= 1
        size = SAMPLE_RATE_HZ * FRAME_MS // 1000 * BYTES_PER_SAMPLE
        for start in range(0, len(pcm), size):
            yield AudioFrame(pcm[start : start + size], SAMPLE_RATE_HZ, start // size * FRAME_MS)

    def speak(self, text: str) -> bytes:
        """Speak one clause in the calling thread: s16le at 22.05 kHz. Raises SynthesizerFailed."""
        worker = self._idle.get()
        try:
            for _ in range(ATTEMPTS):
                pcm = self._attempt(worker, spoken(text))
                if pcm:
                    return pcm
        finally:
            self._idle.put(worker)
        raise SynthesizerFailed(f"pyttsx3 made no sound of this clause in {ATTEMPTS} tries")

    def close(self) -> None:
        """Kill the workers and remove the temporary files."""
        self._finalizer()

    def _attempt(self, worker: _Worker, text: str) -> bytes:
        path = Path(self._folder.name) / f"{next(self._numbers)}.wav"
        try:
            worker.speak(text, path)
            pcm, sample_rate = read_wav(path)
        except (WavError, _WorkerDied):
            return b""
        finally:
            path.unlink(missing_ok=True)
        samples = trim_and_level(from_pcm(resample(pcm, sample_rate, SAMPLE_RATE_HZ)), SAMPLE_RATE_HZ)
        return to_pcm(samples)


def _end(
    workers: list[_Worker], threads: ThreadPoolExecutor, folder: "tempfile.TemporaryDirectory[str]"
) -> None:
    threads.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.close()
    folder.cleanup()
