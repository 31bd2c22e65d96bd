"""Likeness of examples: how many really different sentences there are, near-duplicates by template counted once."""

import re
from collections.abc import Iterable

from understanding.text_normaliser import normalise

ALIKE = 0.6
"""Two sentences that share this part of their pairs of characters (Jaccard 1901) are one template filled twice."""

_NUMBERS = re.compile(r"[\d零一二两三四五六七八九十百千万]+")
_OPENING = re.compile(
    r"^(?:你好|您好|喂|亲|请问一下|请问|请教|麻烦问一下|麻烦|我?想问一下|我?想问下|我?想问|问一下|问下|那个|那)+"
)
_ENDING = re.compile(r"(?:啊|呀|呢|吗|嘛|吧|么|不|哦|了|的|谢谢)+$")
_MARKS = re.compile(r"[^\w〔〕]")


def pairs_of(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters of what is left without numbers, politeness and punctuation."""
    bare = _NUMBERS.sub("0", _MARKS.sub("", normalise(text)))
    core = _ENDING.sub("", _OPENING.sub("", bare)) or bare
    closed = f"^{core}$"
    return frozenset(closed[place : place + 2] for place in range(len(closed) - 1))


def alike(pairs: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sentences, by their pairs, are one template filled twice."""
    return len(pairs & other) >= ALIKE * len(pairs | other)


def different(texts: Iterable[str]) -> list[str]:
    """The sentences that are near-duplicates of none before them."""
    found: list[str] = []
    known: list[frozenset[str]] = []
    for text in texts:
        pairs = pairs_of(text)
        if not any(alike(pairs, other) for other in known):
            found.append(text)
            known.append(pairs)
    return found
