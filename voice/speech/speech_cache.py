"""SpeechCache: clips that were spoken before, on disk by content and the recent ones in memory."""

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from voice.speech.phonemes import phonemes

MAGIC = b"SDC1"
"""First bytes of a clip file; then 32 bytes of SHA-256 of the sound; then s16le PCM at the line's rate."""

_DIGEST_BYTES = 32
_SUFFIX = ".clip"


@dataclass(frozen=True)
class ClipKey:
    """What a clip says and for which line."""

    spoken: str
    """The clause in Chinese characters (voice.speech.spoken_text): written forms that sound alike share a clip."""

    sample_rate: int
    """Hertz of the line."""


class SpeechCache:
    """Clips of one voice. Raw PCM at the line's own rate, so that a hit costs one small read and no decoding.

    Only fixed sentences go to disk (``store``); clauses with a borrower's figures stay in memory (``keep``), which
    is bounded: when full, the clip that was not asked for longest goes.
    """

    def __init__(
        self,
        folder: Path | None,
        voice: str,
        most_memory_bytes: int = 64 << 20,
        reading: Callable[[str], str] = phonemes,
    ) -> None:
        """``voice`` and the ``reading`` of a clause name everything that decides its sound on disk.

        The reading, and not the characters: when a word is pronounced anew, its clips and no others
        are stale.
        """
        self._folder = folder
        self._voice = voice
        self._reading = lru_cache(maxsize=4096)(reading)
        self._most_memory_bytes = most_memory_bytes
        self._memory: OrderedDict[ClipKey, bytes] = OrderedDict()
        self._memory_bytes = 0
        self._lock = threading.Lock()

    def path(self, key: ClipKey) -> Path | None:
        """Where the clip lies or would lie on disk."""
        if self._folder is None:
            return None
        reading, mark = self._reading(key.spoken), key.spoken[-1:]
        content = "\0".join((self._voice, reading, mark, str(key.sample_rate)))
        return self._folder / (hashlib.sha256(content.encode()).hexdigest()[:40] + _SUFFIX)

    def in_memory(self, key: ClipKey) -> bytes | None:
        """The clip if it is at hand without touching the disk."""
        with self._lock:
            pcm = self._memory.get(key)
            if pcm is not None:
                self._memory.move_to_end(key)
            return pcm

    def __contains__(self, key: ClipKey) -> bool:
        """Whether the clip is in memory or on disk (a damaged file shows only when it is read)."""
        with self._lock:
            if key in self._memory:
                return True
        path = self.path(key)
        return path is not None and path.is_file()

    def load(self, key: ClipKey) -> bytes | None:
        """The clip from memory or disk; None when there is none or its file is damaged. Blocks for one read."""
        pcm = self.in_memory(key)
        path = self.path(key)
        if pcm is not None or path is None:
            return pcm
        try:
            content = path.read_bytes()
        except OSError:
            return None
        digest, pcm = content[len(MAGIC) : len(MAGIC) + _DIGEST_BYTES], content[len(MAGIC) + _DIGEST_BYTES :]
        if not pcm or content[: len(MAGIC)] != MAGIC or hashlib.sha256(pcm).digest() != digest:
            return None
        self.keep(key, pcm)
        return pcm

    def keep(self, key: ClipKey, pcm: bytes) -> None:
        """Remember the clip in memory only."""
        with self._lock:
            self._memory_bytes += len(pcm) - len(self._memory.pop(key, b""))
            self._memory[key] = pcm
            while self._memory_bytes > self._most_memory_bytes:
                _, oldest = self._memory.popitem(last=False)
                self._memory_bytes -= len(oldest)

    def store(self, key: ClipKey, pcm: bytes) -> None:
        """Write the clip to disk, whole or not at all. Raises OSError. Without a folder this is ``keep``."""
        path = self.path(key)
        if path is None:
            self.keep(key, pcm)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        part.write_bytes(MAGIC + hashlib.sha256(pcm).digest() + pcm)
        part.replace(path)

    def prune(self, wanted: set[ClipKey]) -> int:
        """Delete the files of other clips (sentences or voices of the past); return how many."""
        if self._folder is None or not self._folder.is_dir():
            return 0
        kept = {self.path(key) for key in wanted}
        stale = [path for path in self._folder.iterdir() if path.is_file() and path not in kept]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)
