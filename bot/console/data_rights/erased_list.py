"""ErasedList: conversations that were removed at a wish, noted outside the database: a restored backup holds them."""

import os
from collections.abc import Sequence
from pathlib import Path

NAME = "erased-conversations.txt"


class ErasedList:
    """One id a line; ids are random and tell nothing of anybody."""

    def __init__(self, var_dir: Path) -> None:
        self._path = var_dir / "data-rights" / NAME

    def add(self, ids: Sequence[str]) -> None:
        """Append, so that a power cut does not lose it. Raises OSError."""
        if not ids:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, "".join(f"{one}\n" for one in ids).encode())
            os.fsync(file)
        finally:
            os.close(file)

    def ids(self) -> list[str]:
        """All of them. Raises OSError."""
        return self._path.read_text(encoding="utf-8").split() if self._path.is_file() else []
