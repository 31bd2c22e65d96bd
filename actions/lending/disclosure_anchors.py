"""DisclosureAnchors: how far the disclosure log reached, noted outside the database."""

import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from actions.lending.disclosure_chain import DisclosureChain, Head, canonical

_LENGTH_OF_DAY = len("2026-11-23")


@dataclass(frozen=True)
class Anchor:
    """One line: at that moment the chain had so many rows and ended in that hash."""

    head: Head
    at: str
    sealed: bool
    """Whether the holder of the key wrote it just so."""
    place: str
    """File and line, for messages."""


class DisclosureAnchors:
    """Text files, one a day, a line for every reply with figures: ``<folder>/<log id>/2026-11-23.jsonl``.

    The tail of a chain can be cut off without a trace inside the database; a line here shows that it was longer.
    That holds as far as these files are out of reach of whoever cuts: ship them to another machine.
    """

    def __init__(self, folder: Path) -> None:
        """``folder`` is made when the first line is written."""
        self._folder = folder

    def write(self, chain: DisclosureChain, head: Head, at: str) -> None:
        """Append a line (one write, so lines of several processes do not mix). Raises OSError."""
        folder = self._folder / chain.log_id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        line = {"at": at, "hash": head.hash, "seal": chain.anchor_seal(head, at), "sequence": head.sequence}
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        file = os.open(folder / f"{at[:_LENGTH_OF_DAY]}.jsonl", flags, 0o600)
        try:
            data = (canonical(line) + "\n").encode()
            if os.write(file, data) != len(data):
                raise OSError("the anchor was written in part only")
            os.fsync(file)
        finally:
            os.close(file)

    def read(self, chain: DisclosureChain) -> Iterator[Anchor]:
        """Yield every anchor of this database's log, oldest file first. Raises OSError."""
        for path in sorted((self._folder / chain.log_id).glob("*.jsonl")):
            with path.open(encoding="utf-8", errors="replace") as lines:
                for number, line in enumerate(lines, start=1):
                    yield _anchor(chain, line, f"{path.name}:{number}")


def _anchor(chain: DisclosureChain, line: str, place: str) -> Anchor:
    try:
        held = json.loads(line)
        head, at = Head(int(held["sequence"]), str(held["hash"])), str(held["at"])
        sealed = hmac.compare_digest(str(held["seal"]).encode(), chain.anchor_seal(head, at).encode())
    except (ValueError, KeyError, TypeError):
        return Anchor(Head(0, ""), "", False, place)
    return Anchor(head, at, sealed, place)
