"""Clauses: the pieces of a message that are spoken, cached and interrupted one by one."""

import re

ENDERS = "，。？！；："
CLOSERS = "”’』）》〉】"
"""Closing marks that belong to the clause before them."""

_SPEAKABLE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff{]")
_TIME_COLON = re.compile(r"(?<=[0-9])：(?=[0-9])")


def split_clauses(text: str) -> list[str]:
    """Split after ，。？！；：, before 「 and at line ends; the mark stays with its clause.

    A number in 「…」 is a clause by itself, so that the fixed words before it can sound while it is being made.

    Nothing but the text around a mark decides, so that a template with ``{placeholders}`` and the sentence made from
    it have the same clauses wherever no placeholder stands. Not split: inside 「…」, which holds one number, and
    times (9：30). A piece without anything to speak joins the clause before it, or is left out.
    """
    kept_whole = _spans_kept_whole(text)
    clauses: list[str] = []
    start = 0
    for position, character in enumerate(text):
        if position < start:
            continue
        if character == "「" and position in kept_whole and _SPEAKABLE.search(text[start:position]):
            _append(clauses, text[start:position])
            start = position
        elif character == "\n" or (character in ENDERS and position not in kept_whole):
            end = _with_followers(text, position + 1)
            _append(clauses, text[start:end])
            start = end
    _append(clauses, text[start:])
    return clauses


def _spans_kept_whole(text: str) -> set[int]:
    """Positions of marks that do not end a clause."""
    inside = {position for match in re.finditer(r"「[^「」\n]*」", text) for position in range(*match.span())}
    times = {match.start() for match in _TIME_COLON.finditer(text)}
    return inside | times


def _with_followers(text: str, position: int) -> int:
    """Marks in a row (？！) and closing quotes stay with the clause that they end."""
    while position < len(text) and text[position] in ENDERS + CLOSERS:
        position += 1
    return position


def _append(clauses: list[str], piece: str) -> None:
    piece = piece.strip()
    if _SPEAKABLE.search(piece):
        clauses.append(piece)
    elif piece and clauses:
        clauses[-1] += piece
