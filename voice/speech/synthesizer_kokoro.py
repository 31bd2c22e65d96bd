"""Kokoro: the neural voice (Kokoro-82M v1.0 on onnxruntime), one shared session, a clause at a time."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime

from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS, AudioFrame
from voice.speech.phonemes import phonemes, tokens
from voice.speech.spoken_text import spoken
from voice.speech.synthesizer import SynthesizerFailed, SynthesizerUnavailable
from voice.speech.trimming import TRIMMING, Samples, to_pcm, trim_and_level

SAMPLE_RATE_HZ = 24_000
GRAPH = "kokoro-fp32.onnx"
BOT_VOICES = ("zf_xiaoxiao", "zf_xiaoyi")
"""The bot's voice is the mean of these style vectors: clearer than either (facts in docs/voice.md)."""

STYLE_SHAPE = (510, 1, 256)
"""One style vector for each number of tokens."""

MOST_TOKENS = 400
"""Tokens spoken at once; the graph ends at 510, and long runs cost memory."""

MOST_WAITING = 16
"""Clauses that may wait for a thread; the next one fails at once, so that the caller hears the other voice."""


class KokoroSynthesizer:
    """The loaded voice. Deterministic: the same clause gives the same samples."""

    name = "kokoro"
    sample_rate = SAMPLE_RATE_HZ

    def __init__(self, model_dir: Path, voices: Sequence[str] = BOT_VOICES, threads: int = 2) -> None:
        """Load the graph (1 s, 600 MB). ``threads`` clauses are spoken at once, each on one core.

        Raises SynthesizerUnavailable, naming the files that are missing.
        """
        voice_files = [model_dir / "voices" / f"{voice}.bin" for voice in voices]
        missing = [path for path in (model_dir / GRAPH, *voice_files) if not path.is_file()]
        if missing:
            raise SynthesizerUnavailable(
                f"the Kokoro voice is not complete: {', '.join(map(str, missing))} missing; run `make run` to fetch it"
            )
        self._style = mean_style(voice_files)
        self._session = load_graph(model_dir / GRAPH)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="kokoro")
        self._most_at_once = threads + MOST_WAITING
        self._at_once = 0

    async def synthesize(self, text: str) -> AsyncIterator[AudioFrame]:
        """Speak one clause; 20 ms frames at 24 kHz, silence trimmed. Cancelling stops the engine too."""
        if self._at_once >= self._most_at_once:
            raise SynthesizerFailed("too many clauses wait for the voice")
        run_options = onnxruntime.RunOptions()
        self._at_once += 1
        try:
            pcm = await asyncio.get_running_loop().run_in_executor(
                self._threads, self._speak, text, run_options
            )
        except asyncio.CancelledError:
            run_options.terminate = True
            raise
        finally:
            self._at_once -= 1
        for frame in _frames(pcm):
            yield frame

    def speak(self, text: str) -> bytes:
        """Speak one clause in the calling thread: s16le at 24 kHz. For set-up and tests, never on an event loop."""
        return self._speak(text, onnxruntime.RunOptions())

    def warm_up(self) -> None:
        """Load what the first clause would otherwise wait for: dictionaries, and the graph's memory. About 1.5 s."""
        self.speak("您好1")

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _speak(self, text: str, run_options: onnxruntime.RunOptions) -> bytes:
        try:
            parts = [self._run(part, run_options) for part in _portions(phonemes(spoken(text)))]
        except Exception as error:  # onnxruntime raises its own untyped errors, termination among them
            raise SynthesizerFailed(f"the Kokoro voice broke: {type(error).__name__}") from error
        pcm = to_pcm(trim_and_level(np.concatenate(parts), SAMPLE_RATE_HZ)) if parts else b""
        if not pcm:
            raise SynthesizerFailed("the Kokoro voice made no sound of this clause")
        return pcm

    def _run(self, symbols: str, run_options: onnxruntime.RunOptions) -> Samples:
        numbers = tokens(symbols)
        feeds = {
            "tokens": np.array([[0, *numbers, 0]], dtype=np.int64),
            "style": self._style[len(numbers)],
            "speed": np.ones(1, dtype=np.float32),
        }
        (samples,) = self._session.run(["audio"], feeds, run_options)
        return np.asarray(samples, dtype=np.float32).reshape(-1)


def voice_of(voices: Sequence[str] = BOT_VOICES) -> str:
    """What decides the sound besides the phonemes: model, voices, trimming. Clips are cached under it."""
    return f"kokoro-82m-1.0-fp32/{'+'.join(voices)}/{TRIMMING}"


def mean_style(files: Sequence[Path]) -> Samples:
    """The mean of style vectors, 510 x 1 x 256. Raises SynthesizerUnavailable where a file is damaged."""
    styles = []
    for path in files:
        style = np.fromfile(path, dtype="<f4")
        if style.size != np.prod(STYLE_SHAPE):
            raise SynthesizerUnavailable(f"{path} is damaged: {style.size} numbers instead of 510 x 256")
        styles.append(style.reshape(STYLE_SHAPE))
    return np.asarray(np.mean(styles, axis=0), dtype=np.float32)


def load_graph(graph: Path | bytes) -> onnxruntime.InferenceSession:
    """Load a graph from its file or its content. Raises SynthesizerUnavailable."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = (
        1  # several calls speak at once: a clause a core beats a clause over all cores
    )
    options.inter_op_num_threads = 1
    try:
        source = graph if isinstance(graph, bytes) else str(graph)
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        name = GRAPH if isinstance(graph, bytes) else graph
        raise SynthesizerUnavailable(f"{name} is damaged: {type(error).__name__}") from error


def _portions(symbols: str) -> list[str]:
    """Cut between words where a clause is longer than the graph takes."""
    portions: list[str] = []
    portion = ""
    for word in re.findall(r"\S+\s*", symbols):
        if portion and len(portion) + len(word) > MOST_TOKENS:
            portions.append(portion)
            portion = ""
        portion += word[:MOST_TOKENS]
    return [*portions, portion] if portion else portions


def _frames(pcm: bytes) -> list[AudioFrame]:
    size = SAMPLE_RATE_HZ * FRAME_MS // 1000 * BYTES_PER_SAMPLE
    return [
        AudioFrame(pcm[start : start + size], SAMPLE_RATE_HZ, start // size * FRAME_MS)
        for start in range(0, len(pcm), size)
    ]
