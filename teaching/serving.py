"""Serving: which model Rasa serves with and at which address, and which one is wanted; small files of var/rasa.

The console writes what is wanted, the launcher (serve/) makes it so and writes what is; the bot reads the address.
"""

import json
import os
import time
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from install.files import write_atomically

ADDRESS_VARIABLE = "SHOUDAI_RASA_ADDRESS"


@dataclass(frozen=True)
class Wanted:
    """A model that is to serve."""

    request: str
    model: str
    """Path of the file; empty: the one of the repository."""
    batch: str
    """Whose model it is; empty: the repository's."""
    sources: str
    """install.training.content_hash() of the checkout that it was trained on: of no use with other code."""


@dataclass(frozen=True)
class Serving:
    """What serves now."""

    url: str
    batch: str
    request: str = ""
    """The last request that was dealt with, or is being."""
    state: str = "serving"
    """``serving`` | ``starting`` | ``finishing`` (the old process ends its turns) | ``failed``."""
    reason: str = ""
    """Error code of a change that failed; what served before still does."""
    at_ms: int = 0
    before: str | None = None
    """The batch that served before; None: there was none."""
    model: str = ""
    sources: str = ""
    """As in ``Wanted``, of a batch's model."""


class ServingFiles:
    """The two files, each written by one process only and whole at any moment."""

    def __init__(self, folder: Path) -> None:
        self._wanted, self.address = folder / "wanted.json", folder / "serving.json"

    def want(self, model: str, batch: str, sources: str) -> Wanted:
        """Ask the launcher for this model."""
        wanted = Wanted(uuid.uuid4().hex, model, batch, sources)
        write_atomically(self._wanted, json.dumps(asdict(wanted)))
        return wanted

    def wanted(self) -> Wanted | None:
        """What was asked for last."""
        content = _read(self._wanted)
        return Wanted(**content) if content else None

    def serve(self, serving: Serving) -> None:
        """Say what serves."""
        now = Serving(**asdict(serving) | {"at_ms": round(time.time() * 1000)})
        write_atomically(self.address, json.dumps(asdict(now)))

    def serving(self) -> Serving | None:
        """What serves; None: nobody but the environment says."""
        content = _read(self.address)
        return Serving(**content) if content else None


class DialogueAddress:
    """Where Rasa answers at this moment. A look at the file's time costs a microsecond a turn."""

    def __init__(self, url: str, path: Path | None = None) -> None:
        """``url`` counts as long as ``path`` (the launcher's serving.json) is not there."""
        self._url, self._path, self._read_at = url.rstrip("/"), path, (0, 0)

    @staticmethod
    def from_environment(url: str, environment: Mapping[str, str] = os.environ) -> "DialogueAddress":
        """The launcher names its file; a Rasa elsewhere has a fixed address."""
        path = environment.get(ADDRESS_VARIABLE)
        return DialogueAddress(url, Path(path) if path else None)

    def current(self) -> str:
        """The address without a slash at its end. A change counts from the next question on."""
        if self._path is not None:
            try:
                found = self._path.stat()
                # The inode too: two changes may come within one tick of the clock.
                if (found.st_mtime_ns, found.st_ino) != self._read_at:
                    content = _read(self._path)
                    if content:
                        self._url = str(content["url"]).rstrip("/")
                    self._read_at = (found.st_mtime_ns, found.st_ino)
            except OSError:
                pass
        return self._url


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return content
    except FileNotFoundError:
        return None
