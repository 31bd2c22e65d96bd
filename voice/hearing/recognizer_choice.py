"""Recognizer choice: which engine listens, from what is on disk and what was asked for."""

from pathlib import Path
from typing import Literal, cast, get_args

from voice.hearing.clean_words import CleanWords, load_clean_words
from voice.hearing.general_words import load_domain_words, load_general_words
from voice.hearing.recognizer import Recognizer, RecognizerUnavailable

RecognizerName = Literal["auto", "vosk", "whisper", "cascade"]

TERMS = Path("data/jieba/loan_terms.txt")
"""Relative to the repository's root, where every command of this project runs."""

DATA = TERMS.parents[1]
"""What borrowers say is read from here (``*/nlu.yml``)."""

WHISPER_FOLDER = "whisper-base"

BOOTSTRAP = Path("models/shoudai-vosk-cn")
"""The Vosk model that `make vosk-model` made of synthetic speech; ``auto`` never takes it (docs/recognition.md)."""


def load_recognizer(
    choice: str,
    models_dir: Path | str,
    vosk_model: Path | str | None = None,
    domain: bool = True,
    terms: Path = TERMS,
) -> Recognizer:
    """Load the engine for ``choice``; a few seconds, blocking.

    ``auto`` takes Vosk where a Chinese model is set or lies in ``models_dir`` (vosk-model-*cn*), else Whisper.
    ``vosk`` takes the bootstrap model where there is no other.
    ``cascade`` is Vosk while the words come, and Whisper for what Vosk is not sure of; it needs both models.
    ``domain`` False leaves out the loan prompt, the closed lists and the correction: general speech.
    Raises RecognizerUnavailable.
    """
    if choice not in get_args(RecognizerName):
        raise RecognizerUnavailable(
            f"There is no recogniser called {choice}; choose auto, vosk, whisper or cascade."
        )
    name = cast(RecognizerName, choice)
    models_dir = Path(models_dir)
    folder = Path(vosk_model) if vosk_model else chinese_vosk_folder(models_dir)
    hearing = load_clean_words(terms) if domain else None
    if name == "vosk":
        return _vosk(folder or _bootstrap(), models_dir, hearing)
    if name == "auto" and folder is not None:
        return _vosk(folder, models_dir, hearing)
    if name == "cascade":
        from voice.hearing.recognizer_cascade import CascadeRecognizer

        return CascadeRecognizer(_vosk(folder, models_dir, hearing), _whisper(models_dir, hearing))
    return _whisper(models_dir, hearing)


def chinese_vosk_folder(models_dir: Path) -> Path | None:
    """Return the largest Chinese Vosk model in the models' folder, or None."""
    found = [folder for folder in sorted(models_dir.glob("vosk-model-*cn*")) if (folder / "am").is_dir()]
    return max(found, key=_size, default=None)


def _bootstrap() -> Path | None:
    return BOOTSTRAP if (BOOTSTRAP / "am").is_dir() else None


def _vosk(folder: Path | None, models_dir: Path, hearing: CleanWords | None) -> Recognizer:
    if folder is None:
        raise RecognizerUnavailable(
            "There is no Chinese Vosk model: unpack vosk-model-small-cn-0.22 or vosk-model-cn-0.22 into "
            f"{models_dir}, or name its folder in SHOUDAI_VOSK_MODEL. Without one, Whisper listens (auto)."
        )
    from voice.hearing.recognizer_vosk import is_our_model, load_vosk

    # what is said of loans is in our model's graph already; what an official model's scores are worth is not known
    return load_vosk(folder, hearing, load_general_words(models_dir) if is_our_model(folder) else None)


def _whisper(models_dir: Path, hearing: CleanWords | None) -> Recognizer:
    from voice.hearing.recognizer_whisper import load_whisper  # only the engine that is used costs its import

    words = load_general_words(models_dir, load_domain_words(DATA, TERMS) if hearing is not None else None)
    return load_whisper(models_dir / WHISPER_FOLDER, hearing, words=words)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
