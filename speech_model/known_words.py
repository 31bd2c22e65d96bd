"""Known words: a new language model (Gr.fst) for a model of the official layout, over the words that it has."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from speech_model.fst_binary import MAGIC, write_acceptor
from speech_model.language_model import LanguageModel, grammar

_SYMBOLS_MAGIC = 2125658996
_HAS_INPUT, _HAS_OUTPUT = 1, 2


class WordsUnknown(Exception):
    """A model folder does not say which words it knows (code ``words_unknown``)."""

    code = "words_unknown"


def write_language_model(
    graph: Path, sentences: Iterable[Sequence[str]], general: Mapping[str, float], least: int = 2
) -> int:
    """Replace Gr.fst of a folder with HCLr.fst; return how many of its words the new one can say.

    Words that the model does not know are cut into those that it does (longest first). The old file is kept as
    Gr.fst.before; the words it held are written to words.txt. Raises WordsUnknown.
    """
    numbers = word_numbers(graph)
    longest = max(map(len, numbers))
    cut = [[known for word in words for known in _cut(word, numbers, longest)] for words in sentences]
    model = LanguageModel(cut, {word: count for word, count in general.items() if word in numbers})
    rows = [f"{word} {number}" for word, number in sorted(numbers.items(), key=lambda pair: pair[1])]
    (graph / "words.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    kept = graph / "Gr.fst.before"
    if not kept.exists():
        (graph / "Gr.fst").replace(kept)
    write_acceptor(graph / "Gr.fst", grammar(model, numbers, least))
    return sum(word in numbers for word in model.words)


def word_numbers(graph: Path) -> dict[str, int]:
    """Return the words of a graph folder with their numbers: from words.txt, else from inside Gr.fst."""
    table = graph / "words.txt"
    if table.is_file():
        rows = [row.split() for row in table.read_text("utf-8").splitlines() if row.strip()]
        return {word: int(number) for word, number in rows}
    if not (graph / "Gr.fst").is_file():
        raise WordsUnknown(f"{graph} holds neither words.txt nor Gr.fst.")
    return _symbols((graph / "Gr.fst").read_bytes())


def _symbols(content: bytes) -> dict[str, int]:
    """Read the output symbols in the head of an OpenFst file (symbol-table.cc)."""
    magic, at = struct.unpack_from("<i", content)[0], 4
    for _ in ("kind", "arcs"):
        (size,) = struct.unpack_from("<i", content, at)
        at += 4 + size
    _, flags = struct.unpack_from("<ii", content, at)
    at += 8 + 4 * 8
    if magic != MAGIC or not flags & _HAS_OUTPUT:
        raise WordsUnknown("Gr.fst holds no words, and there is no words.txt beside it.")
    tables = []
    for _ in range(2 if flags & _HAS_INPUT else 1):
        table, at = _symbol_table(content, at)
        tables.append(table)
    return tables[-1]


def _symbol_table(content: bytes, at: int) -> tuple[dict[str, int], int]:
    magic, size = struct.unpack_from("<ii", content, at)
    if magic != _SYMBOLS_MAGIC:
        raise WordsUnknown("Gr.fst holds its words in a form that this version does not read.")
    at += 8 + size
    _, count = struct.unpack_from("<qq", content, at)
    at += 16
    table: dict[str, int] = {}
    for _ in range(count):
        (size,) = struct.unpack_from("<i", content, at)
        word = content[at + 4 : at + 4 + size].decode("utf-8")
        (table[word],) = struct.unpack_from("<q", content, at + 4 + size)
        at += 12 + size
    return table, at


def _cut(word: str, numbers: Mapping[str, int], longest: int) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(word):
        size = next(
            (size for size in range(min(longest, len(word) - at), 0, -1) if word[at : at + size] in numbers),
            0,
        )
        if size:
            found.append(word[at : at + size])
        at += max(size, 1)
    return found
