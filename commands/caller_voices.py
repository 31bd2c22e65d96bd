"""Callers for audio tests: Kokoro voices that are not the bot's, at telephone quality, cached between runs."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from voice.line.telephone_line import telephone_quality
from voice.sound.audio import BYTES_PER_SAMPLE, silence
from voice.sound.resampling import resample
from voice.sound.wav import read_wav, write_wav
from voice.speech.phonemes import phonemes
from voice.speech.spoken_text import spoken
from voice.speech.synthesizer_kokoro import SAMPLE_RATE_HZ, KokoroSynthesizer, voice_of

ROOT = Path(__file__).parents[1]
MAN = "zm_yunxi"
WOMAN = "zf_xiaobei"
LINES_HZ = {"8k": 8000, "16k": 16_000}


def models_dir() -> Path:
    """Where the Kokoro model lies."""
    return Path(os.environ.get("SHOUDAI_MODELS_DIR", ROOT / "var" / "models"))


def kokoro_missing() -> str | None:
    """Why no caller can speak here, or None: for ``pytest.mark.skipif``."""
    graph = models_dir() / "kokoro" / "kokoro-fp32.onnx"
    return None if graph.is_file() else f"the Kokoro model is not at {graph}: run `make run` once"


def caller_says(text: str, voice: str = MAN, line: str = "8k") -> bytes:
    """Return s16le mono PCM of a caller saying ``text``: "8k" through a telephone line, "16k" wideband.

    Spoken once (about half a second of work a second of speech), then read from var/test-voices.
    """
    rate = LINES_HZ[line]
    content = "\0".join((voice_of((voice,)), phonemes(spoken(text)), line))
    path = ROOT / "var" / "test-voices" / f"{hashlib.sha256(content.encode()).hexdigest()[:32]}.wav"
    if not path.is_file():
        pcm = _voice(voice).speak(text)
        sound = (
            telephone_quality(pcm, SAMPLE_RATE_HZ) if line == "8k" else resample(pcm, SAMPLE_RATE_HZ, rate)
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        write_wav(part, sound, rate)
        part.replace(path)
    return read_wav(path)[0]


@lru_cache(maxsize=2)
def _voice(name: str) -> KokoroSynthesizer:
    return KokoroSynthesizer(models_dir() / "kokoro", (name,), threads=1)


@dataclass(frozen=True)
class Utterance:
    """A part of a recording, with the silence before it."""

    text: str
    after_ms: int = 1000
    """Milliseconds of silence since the end of the part before (or the start of the recording)."""


@dataclass(frozen=True)
class Spoken:
    """Where an utterance lies in the recording."""

    text: str
    start_sample: int
    end_sample: int
    sample_rate: int

    @property
    def start_ms(self) -> int:
        """Milliseconds from the start of the recording to the first sound."""
        return self.start_sample * 1000 // self.sample_rate

    @property
    def end_ms(self) -> int:
        """Milliseconds from the start of the recording to the end of the sound."""
        return self.end_sample * 1000 // self.sample_rate


@dataclass(frozen=True)
class Recording:
    """Several utterances in one piece of sound."""

    pcm: bytes
    sample_rate: int
    spoken: tuple[Spoken, ...]

    def save(self, path: Path) -> Path:
        """Write it as a WAV file and return the path."""
        write_wav(path, self.pcm, self.sample_rate)
        return path


def record(
    utterances: Iterable[Utterance | str],
    voice: str = MAN,
    line: str = "8k",
    end_silence_ms: int = 1000,
    noise_rms: float = 0.0,
) -> Recording:
    """Compose one recording. ``noise_rms`` (part of full scale) lays steady white noise over all of it."""
    rate = LINES_HZ[line]
    pcm = b""
    spoken: list[Spoken] = []
    for utterance in utterances:
        part = Utterance(utterance) if isinstance(utterance, str) else utterance
        pcm += silence(part.after_ms, rate)
        start = len(pcm) // BYTES_PER_SAMPLE
        pcm += caller_says(part.text, voice, line)
        spoken.append(Spoken(part.text, start, len(pcm) // BYTES_PER_SAMPLE, rate))
    pcm += silence(end_silence_ms, rate)
    return Recording(with_noise(pcm, noise_rms) if noise_rms else pcm, rate, tuple(spoken))


def with_noise(pcm: bytes, noise_rms: float, seed: int = 1) -> bytes:
    """Add white noise of this RMS (part of full scale); the same seed gives the same noise."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
    noise = np.random.default_rng(seed).normal(0.0, noise_rms * 32768, len(samples))
    return np.clip(samples + noise, -32768, 32767).astype("<i2").tobytes()
