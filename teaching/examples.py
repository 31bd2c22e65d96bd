"""Examples: what is taught, written into the texts of data/<topic>/nlu.yml, and the patch that comes of it."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

LONGEST = 200
"""Characters of one example."""

REGRESSIONS = "data/taught/understood.tsv"
"""Corrected sentences with what they mean, ``intent TAB text`` a line: never to be misunderstood again."""

_BLOCK = re.compile(r"^- intent: (\w+)\s*$")
_EXAMPLE = re.compile(r"^    - (.*)$")
# Rasa reads [words](entity) and {…} as annotations; full-width they are plain text.
_PLAIN = str.maketrans({"[": "［", "]": "］", "{": "｛", "}": "｝", "(": "（", ")": "）", "\t": " "})
_TAIL = re.compile(r"尾号\d{4}〕")


class ExampleUnfit(Exception):
    """A sentence cannot be taught like this (code ``example_unfit``); the message is for staff, in Chinese."""

    code = "example_unfit"


@dataclass(frozen=True)
class Example:
    """A sentence and what it means."""

    intent: str
    text: str

    def to_json(self) -> dict[str, str]:
        """For lesson.json."""
        return {"intent": self.intent, "text": self.text}


def plain(text: str) -> str:
    """The sentence on one line, without anything that YAML or Rasa would read as more than words.

    The end of a masked number goes too: an example needs to say that there was one, not which.
    """
    printed = "".join(sign if sign.isprintable() else " " for sign in text.translate(_PLAIN))
    return _TAIL.sub("尾号0000〕", " ".join(printed.split()))[:LONGEST]


def key_of(text: str) -> str:
    """Equal for sentences that differ in width, case, blanks and punctuation only."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[^\w〔〕]", "", folded)


def read_files(root: Path) -> dict[str, str]:
    """The examples' files and the regressions, by their path from ``root``."""
    paths = [*sorted((root / "data").glob("*/nlu.yml")), root / REGRESSIONS]
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in paths
        if path.is_file()
    }


def examples_in(files: Mapping[str, str]) -> list[Example]:
    """Everything taught by these files, in their order."""
    return [
        Example(intent, match[1])
        for name, text in files.items()
        if name.endswith("nlu.yml")
        for intent, line in _lines(text)
        if intent and (match := _EXAMPLE.match(line))
    ]


def taught(files: Mapping[str, str], wanted: Iterable[Example]) -> dict[str, str]:
    """The files with these examples and their regressions in them.

    A sentence that stood under another intent is moved; one that stands where it belongs changes nothing.
    Raises ExampleUnfit for an intent without examples and for a sentence that is wanted under two intents.
    """
    meant: dict[str, Example] = {}
    for one in wanted:
        held = meant.setdefault(key_of(one.text), one)
        if held.intent != one.intent:
            raise ExampleUnfit(f"“{one.text}”同时要教成两个意图，请先改成一致。")
    after = {
        name: _without(text, meant) if name.endswith("nlu.yml") else text for name, text in files.items()
    }
    known = {key_of(one.text) for one in examples_in(after)}
    for key, one in meant.items():
        if key not in known:
            name = _home(after, one.intent)
            after[name] = _with(after[name], one)
    return after | {REGRESSIONS: _regressions(after.get(REGRESSIONS, ""), meant)}


def patch(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What changed, as ``git apply`` takes it; empty when nothing did."""
    parts: list[str] = []
    for name in sorted(after):
        old, new = before.get(name), after[name]
        if old == new:
            continue
        parts.append(f"diff --git a/{name} b/{name}\n")
        if old is None:
            parts.append("new file mode 100644\n")
        source = "/dev/null" if old is None else f"a/{name}"
        # Not splitlines(): it also breaks at signs that may stand inside a sentence.
        parts += difflib.unified_diff(_rows(old or ""), _rows(new), source, f"b/{name}")
    return "".join(parts)


def _rows(text: str) -> list[str]:
    return [f"{row}\n" for row in text.split("\n")[:-1]]


def _lines(text: str) -> Iterable[tuple[str, str]]:
    """Each line with the intent whose block it stands in."""
    intent = ""
    for line in text.split("\n"):
        if match := _BLOCK.match(line):
            intent = match[1]
        yield intent, line


def _without(text: str, meant: Mapping[str, Example]) -> str:
    """The file without sentences that mean something else now."""
    kept = []
    for intent, line in _lines(text):
        match = _EXAMPLE.match(line)
        now = meant.get(key_of(match[1])) if match else None
        if now is None or now.intent == intent:
            kept.append(line)
    return "\n".join(kept)


def _home(files: Mapping[str, str], intent: str) -> str:
    for name, text in files.items():
        if name.endswith("nlu.yml") and re.search(rf"^- intent: {re.escape(intent)}\s*$", text, re.MULTILINE):
            return name
    raise ExampleUnfit(f"训练数据里没有意图 {intent}。")


def _with(text: str, one: Example) -> str:
    """The file with the sentence at the end of its intent's block."""
    rows = text.split("\n")
    last = max(
        number
        for number, (intent, line) in enumerate(_lines(text))
        if intent == one.intent and (_EXAMPLE.match(line) or line.strip() == "examples: |")
    )
    return "\n".join([*rows[: last + 1], f"    - {one.text}", *rows[last + 1 :]])


def _regressions(text: str, meant: Mapping[str, Example]) -> str:
    rows = [row for row in text.split("\n") if row and key_of(row.partition("\t")[2]) not in meant]
    return "".join(f"{row}\n" for row in [*rows, *(f"{one.intent}\t{one.text}" for one in meant.values())])
