"""BotSentences: every text that the bot may say, with what may stand for its placeholders."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from install.examples import PLACEHOLDER, drawn_for, filled
from install.paths import ROOT
from voice.clauses import split_clauses
from voice.settings import CALL_PROMPTS
from voice.spoken_text import spoken

TOPICS_FIRST = ("greeting", "identity", "handoff", "chitchat")
"""Folders of data/ that nearly every call needs, spoken before the others."""

Words = Mapping[str, Iterable[str]]
"""What may stand for a placeholder that is no figure."""

DATA = ROOT / "data"


def fixed_clauses(data_dir: Path = DATA, prompts: Iterable[str] = CALL_PROMPTS) -> list[str]:
    """Every clause that is always the same, the most needed first, none twice (by how it sounds)."""
    words = policy_words(data_dir)
    clauses: dict[str, str] = {}
    for text in (*prompts, *response_texts(data_dir), *policy_sentences(data_dir)):
        for clause in split_clauses(text):
            for worded in with_words(clause, words):
                for fixed in _without_figures(worded):
                    clauses.setdefault(spoken(fixed), fixed)
    return list(clauses.values())


def figure_templates(data_dir: Path = DATA) -> list[str]:
    """Clauses with placeholders that all stand for figures; words are filled in."""
    words = policy_words(data_dir)
    found: dict[str, None] = {}
    for text in response_texts(data_dir):
        for clause in split_clauses(text):
            for worded in with_words(clause, words):
                found |= dict.fromkeys(part for part in split_clauses(worded) if _only_figures(part))
    return list(found)


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
    for content in _policies(data_dir):
        for text in _strings(content):
            if len(split_clauses(text)) > 1:
                yield text.rstrip("。") + "。"


def policy_words(data_dir: Path) -> Words:
    """Names and reasons of data/policies by the placeholder that they stand for."""
    found: dict[str, dict[str, None]] = {name: {} for name in ("product", "bank", "reason", "change")}
    for content in _policies(data_dir):
        found["bank"] |= dict.fromkeys(content.get("supported_banks", ()))
        for product in content.get("products", ()):
            found["product"][product["name"]] = None
        for kind in ("reason", "change"):
            found[kind] |= dict.fromkeys(_values_of(content, kind))
    return found


def with_words(clause: str, words: Words) -> Iterator[str]:
    """The clause with each choice of words for its placeholders; figures stay placeholders."""
    name = next((name for name in PLACEHOLDER.findall(clause) if name in words), None)
    if name is None:
        yield clause
        return
    for word in words[name]:
        yield from with_words(clause.replace(f"{{{name}}}", word, 1), words)


def _without_figures(clause: str) -> list[str]:
    """The parts that are the same whatever its figures: all of it, or what stands before a quoted number."""
    parts = split_clauses(clause)
    fixed = [part for part in parts if "{" not in part]
    for part in parts:
        if _only_figures(part):
            fixed += [piece for piece in filled(part, 0) if not re.search(r"[0-9]", piece)]
    return fixed


def _only_figures(clause: str) -> bool:
    names = PLACEHOLDER.findall(clause)
    return bool(names) and all(drawn_for(name, clause) for name in names)


def _policies(data_dir: Path) -> Iterator[Any]:
    for path in sorted(data_dir.glob("policies/*.yml")):
        yield yaml.safe_load(path.read_text(encoding="utf-8"))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _values_of(value: object, key: str) -> Iterator[str]:
    """Every text under ``key`` or in the table ``key`` + s, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in (key, f"{key}s"):
                yield from _strings(inner)
            else:
                yield from _values_of(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _values_of(inner, key)
