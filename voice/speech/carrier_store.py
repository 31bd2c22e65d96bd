"""CarrierStore: the carriers on disk, and the bank of their units in memory."""

import hashlib
import logging
import os
import threading
import time
from pathlib import Path

from voice.speech.carrier import Carrier, CarrierDamaged
from voice.speech.phonemes import phonemes
from voice.speech.unit_bank import UnitBank

logger = logging.getLogger(__name__)

_LOOK_AGAIN_S = 20.0
"""Wall seconds after which the folder is looked at again: set-up may still be speaking."""

_SUFFIX = ".carrier"


class CarrierStore:
    """One folder a voice, one file a clause. Used from threads: reading takes a moment."""

    def __init__(self, folder: Path | None, voice: str) -> None:
        """``voice`` names everything but the reading that decides a carrier's sound."""
        self._folder = folder and folder / hashlib.sha256(voice.encode()).hexdigest()[:16]
        self._lock = threading.Lock()
        self._carriers: dict[str, Carrier | None] = {}
        self._bank = UnitBank(())
        self._looked_at: float | None = None

    def path(self, said: str) -> Path | None:
        """Where the carrier of a spoken clause lies or would lie."""
        if self._folder is None:
            return None
        content = f"{phonemes(said)}\0{said[-1:]}"
        return self._folder / (hashlib.sha256(content.encode()).hexdigest()[:40] + _SUFFIX)

    def __contains__(self, said: str) -> bool:
        path = self.path(said)
        return path is not None and path.is_file()

    def store(self, said: str, carrier: Carrier) -> None:
        """Write a carrier, whole or not at all. Raises OSError."""
        path = self.path(said)
        assert path is not None, "only a store with a folder is written to"
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        part.write_bytes(carrier.packed())
        part.replace(path)

    def prune(self, wanted: set[str]) -> int:
        """Delete what is no carrier of these spoken clauses, other voices' folders included; return how many."""
        if self._folder is None or not self._folder.parent.is_dir():
            return 0
        kept = {self.path(said) for said in wanted}
        stale = [path for path in self._folder.parent.rglob("*") if path.is_file() and path not in kept]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def bank(self) -> UnitBank:
        """The units of all carriers that are there by now. Damaged files are left out."""
        with self._lock:
            if self._looked_at is None or time.monotonic() - self._looked_at >= _LOOK_AGAIN_S:
                self._looked_at = time.monotonic()
                self._read_anew()
            return self._bank

    def _read_anew(self) -> None:
        if self._folder is None or not self._folder.is_dir():
            return
        paths = {path.name: path for path in sorted(self._folder.glob(f"*{_SUFFIX}"))}
        if paths.keys() == self._carriers.keys():
            return
        self._carriers = {
            name: self._carriers[name] if name in self._carriers else _read(path)
            for name, path in paths.items()
        }
        self._bank = UnitBank(carrier for carrier in self._carriers.values() if carrier is not None)


def _read(path: Path) -> Carrier | None:
    try:
        return Carrier.unpacked(path.read_bytes())
    except (OSError, CarrierDamaged) as error:
        logger.warning("a carrier is left out: %s: %s", path.name, error)
        return None
