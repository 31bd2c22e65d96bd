"""Place of two: which of two things that were offered is meant, by its place (第一个, 后面那个)."""

import re

_FIRST = re.compile(r"第一|前一|前面|头一|前者|上一个|^1$|^一$")
_SECOND = re.compile(r"第二|后一|后面|后者|下一个|^2$|^二$")

_SHORT = 8
"""Characters of an answer that says no more than that."""


def place_of_two(bare_text: str) -> int | None:
    """0 for the first, 1 for the second, None where the words (without marks) say neither."""
    if len(bare_text) > _SHORT:
        return None
    if _SECOND.search(bare_text):
        return 1
    return 0 if _FIRST.search(bare_text) else None
