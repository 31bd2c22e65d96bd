"""CallTexts: the transcripts beside the recordings of `make call`, encrypted like those when a key is configured.

`python -m commands.call_texts FILE` prints one in clear.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from actions.lending.errors import LendingError
from actions.lending.keys import DataKeys, Place, load_keys
from commands.options import OptionInvalid, OptionParser

_SEALED = "x"
"""Ends the suffix of an encrypted file: .txtx, .jsonx, as .wavx for sound."""
_BAD_INPUT = 2


class CallTextMissing(LendingError):
    """There is no such transcript."""

    code = "call_text_missing"


class CallTexts:
    """A folder of texts named after their calls; in demo mode they lie in clear, as the recordings do."""

    def __init__(self, folder: Path, keys: DataKeys) -> None:
        self._folder = folder
        self._keys = keys

    def keep(self, call_id: str, suffix: str, text: str) -> Path:
        """Write a text of a call, readable by the owner alone; ``suffix`` is ``.txt`` or ``.json``."""
        data = text.encode()
        if not self._keys.demo:
            data, suffix = self._keys.seal(text, _place(call_id, suffix)), suffix + _SEALED
        path = self._folder / f"{call_id}{suffix}"
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        return path

    def read(self, name: str) -> str:
        """Return a text in clear. Raises CallTextMissing, SealBroken (changed, renamed, or another key)."""
        path = self._folder / name
        if not path.is_file():
            raise CallTextMissing(f"没有这个通话记录：{name}")
        if not path.suffix.endswith(_SEALED):
            return path.read_text(encoding="utf-8")
        return self._keys.unseal(path.read_bytes(), _place(path.stem, path.suffix.removesuffix(_SEALED)))


def _place(call_id: str, suffix: str) -> Place:
    return Place("call_texts", suffix, call_id)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one text; exit status 1 when it cannot be opened, 2 for bad options."""
    parser = OptionParser(prog="call_texts", description=__doc__)
    parser.add_argument("file", type=Path, help="a .txtx or .jsonx file of var/calls")
    try:
        options: argparse.Namespace = parser.parse_args(arguments)
        text = CallTexts(options.file.parent, load_keys()).read(options.file.name)
    except OptionInvalid as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return _BAD_INPUT
    except LendingError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 1
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
