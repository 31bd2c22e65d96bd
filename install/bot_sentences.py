"""BotSentences: every text that the bot may say, with what may stand for its placeholders."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from install.examples import PLACEHOLDER, filled, is_figure
from install.paths import ROOT
from voice.settings import CALL_PROMPTS
from voice.speech.clauses import split_clauses
from voice.speech.spoken_text import spoken

TOPICS_FIRST = ("greeting", "identity", "handoff", "chitchat")
"""Folders of data/ that nearly every call needs, spoken before the others."""

Words = Mapping[str, list[str]]
"""What may stand for a placeholder that is no figure."""

DATA = ROOT / "data"


def fixed_clauses(
    data_dir: Path = DATA, prompts: Iterable[str] = CALL_PROMPTS, more: Iterable[str] = ()
) -> list[str]:
    """Every clause that is always the same, the most needed first, none twice (by how it sounds).

    ``more``: sentences without placeholders that are said besides the responses.
    """
    words = policy_words(data_dir)
    clauses: dict[str, str] = {}
    for text in (*prompts, *response_texts(data_dir), *policy_sentences(data_dir), *more):
        for clause in worded_clauses(text, words):
            for fixed in [clause] if "{" not in clause else _before_a_quoted_number(clause):
                clauses.setdefault(spoken(fixed), fixed)
    return list(clauses.values())


def joined_templates(data_dir: Path = DATA) -> list[str]:
    """Clauses of which every placeholder stands for a figure or for a name: they are joined from carriers."""
    names, words = policy_names(data_dir), policy_words(data_dir)
    clauses = (clause for text in response_texts(data_dir) for clause in worded_clauses(text, words))
    return list(dict.fromkeys(clause for clause in clauses if _only_figures(clause, names)))


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


def policy_names(data_dir: Path = DATA) -> Words:
    """Products, lenders and banks by the placeholder that they stand for: one may be put in the place of another."""
    found: dict[str, dict[str, None]] = {"product": {}, "institution": {}, "bank": {}}
    for content in _policies(data_dir):
        found["bank"] |= dict.fromkeys(content.get("supported_banks", ()))
        if "institution" in content:
            found["institution"][content["institution"]["name"]] = None
        found["product"] |= dict.fromkeys(product["name"] for product in content.get("products", ()))
    return {name: list(values) for name, values in found.items()}


def policy_words(data_dir: Path = DATA) -> Words:
    """Reasons of decisions, what would help, what products are for, and days that are none of the calendar.

    By the placeholder that they stand for.
    """
    found: dict[str, dict[str, None]] = {"reason": {}, "change": {}, "summary": {}}
    for content in _policies(data_dir):
        for kind in found:
            found[kind] |= dict.fromkeys(_values_of(content, kind))
    days = ["今天", "{date}"]
    return {name: list(values) for name, values in found.items()} | {"day": days}


def worded_clauses(text: str, words: Words) -> Iterator[str]:
    """The clauses of a text, with each choice of words; figures and names stay placeholders."""
    for clause in split_clauses(text):
        name = next((name for name in PLACEHOLDER.findall(clause) if name in words), None)
        if name is None:
            yield clause
        else:
            for word in words[name]:
                yield from worded_clauses(clause.replace(f"{{{name}}}", word, 1), words)


def _before_a_quoted_number(clause: str) -> list[str]:
    """登记号是 of 登记号是{reference}。, which is split once the number stands there."""
    if not _only_figures(clause, {}):
        return []
    return [piece for piece in filled(clause, clause) if not re.search(r"[0-9]", piece)]


def _only_figures(clause: str, names: Words) -> bool:
    placeholders = PLACEHOLDER.findall(clause)
    return bool(placeholders) and all(name in names or is_figure(name, clause) for name in placeholders)


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
