"""Engines: the loaded models that all calls of a process share."""

import gc
import os
from dataclasses import dataclass
from pathlib import Path

from voice.hearing.recognizer import Recognizer
from voice.hearing.recognizer_choice import load_recognizer
from voice.speech.speaker import Speaker, load_speaker
from voice.turn_taking.vad import VadModel, load_vad


@dataclass(frozen=True)
class EngineSettings:
    """Where the models lie and which are wanted."""

    models_dir: Path = Path("var/models")
    cache_dir: Path = Path("var/speech-cache")
    recognizer: str = "auto"
    """``auto`` | ``vosk`` | ``whisper``."""
    synthesizer: str = "auto"
    """``auto`` | ``kokoro`` | ``pyttsx3``."""
    vosk_model: Path | None = None

    @staticmethod
    def from_environment() -> "EngineSettings":
        """Read the SHOUDAI_ variables that docs/settings.md explains."""
        var = Path(os.environ.get("SHOUDAI_VAR_DIR", "var"))
        vosk = os.environ.get("SHOUDAI_VOSK_MODEL")
        return EngineSettings(
            models_dir=Path(os.environ.get("SHOUDAI_MODELS_DIR", var / "models")),
            cache_dir=var / "speech-cache",
            recognizer=os.environ.get("SHOUDAI_RECOGNIZER", "auto"),
            synthesizer=os.environ.get("SHOUDAI_SYNTHESIZER", "auto"),
            vosk_model=Path(vosk) if vosk else None,
        )


@dataclass(frozen=True)
class Engines:
    """Ears and mouth. Loading takes seconds: do it once, off the event loop."""

    recognizer: Recognizer
    speaker: Speaker
    vad: VadModel


def load_engines(settings: EngineSettings) -> Engines:
    """Load everything a call needs. Raises RecognizerUnavailable, SynthesizerUnavailable, VadUnavailable."""
    engines = Engines(
        recognizer=load_recognizer(settings.recognizer, settings.models_dir, settings.vosk_model),
        speaker=load_speaker(settings.synthesizer, settings.models_dir, settings.cache_dir),
        vad=load_vad(),
    )
    # What is loaded lives as long as the process. A collector that went through all of it again and again would stop
    # every line for 90 ms (measured) each time.
    gc.collect()
    gc.freeze()
    return engines
