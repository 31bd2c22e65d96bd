"""Labelled sentences: a file of ``intent TAB text`` lines without a header."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LabelledSentence:
    """What somebody said, and what he meant."""

    intent: str
    text: str


class SentencesError(Exception):
    """The file cannot be used; ``code`` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_sentences(path: Path) -> list[LabelledSentence]:
    """All lines. Raises SentencesError ``file_missing``, ``file_not_text``, ``file_empty`` or ``line_invalid``."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise SentencesError("file_missing", f"There is no file {path}; give FILE=path.tsv.") from error
    except UnicodeDecodeError as error:
        raise SentencesError("file_not_text", f"{path} is not UTF-8 text.") from error
    # Not splitlines(): it also breaks at characters such as U+2028 that may stand inside a customer's words.
    lines = [(number, line.rstrip("\r")) for number, line in enumerate(content.split("\n"), 1)]
    sentences = [_sentence(path, number, line) for number, line in lines if line.strip()]
    if not sentences:
        raise SentencesError("file_empty", f"{path} holds no sentence.")
    return sentences


def _sentence(path: Path, number: int, line: str) -> LabelledSentence:
    intent, tab, text = line.partition("\t")
    if not tab or not intent.strip() or not text.strip():
        raise SentencesError("line_invalid", f"{path}, line {number}: expected an intent, a tab and a text.")
    return LabelledSentence(intent.strip(), text.strip())
