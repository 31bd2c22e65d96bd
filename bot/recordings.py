"""Recordings: stereo sound of calls on disk, encrypted when a key is configured, readable from any place."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.recording_format import (
    CHUNK,
    ENCRYPTED,
    HEADER,
    MAGIC,
    PLAIN,
    TAG,
    WAV_HEADER_BYTES,
    nonce,
    wav_header,
)
from bot.recording_recovery import recover_recordings
from bot.recording_writers import EncryptedWriter, PlainWriter, RecordingWriter

_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}\.(wav|wavx)")


class RecordingMissing(Exception):
    """There is no such recording (code ``recording_missing``)."""

    code = "recording_missing"


class RecordingBroken(Exception):
    """The file is cut off, was changed, or belongs to another key (code ``recording_broken``)."""

    code = "recording_broken"


class RecordingStore:
    """A folder of recordings; ``key`` None means demo mode: plain WAV files."""

    def __init__(self, folder: Path, key: bytes | None) -> None:
        self._folder = folder
        self._key = key

    def create(self, call_id: str, sample_rate: int) -> RecordingWriter:
        """Begin a recording."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(self.named(call_id)[0])
        if self._key is None:
            return PlainWriter(path, sample_rate)
        return EncryptedWriter(path, sample_rate, self._key)

    def named(self, call_id: str) -> tuple[str, bool]:
        """A call's recording: its name, and whether it is encrypted."""
        return (f"{call_id}{PLAIN}", False) if self._key is None else (f"{call_id}{ENCRYPTED}", True)

    def open(self, name: str) -> "StoredRecording":
        """Open a finished recording by its name. Raises RecordingMissing, RecordingBroken."""
        path = self._path(name)
        if not path.is_file():
            raise RecordingMissing(name)
        if path.suffix == PLAIN:
            return PlainRecording(path)
        if self._key is None:
            raise RecordingBroken(f"{name} is encrypted and no key is configured")
        return EncryptedRecording(path, self._key)

    def holds(self, name: str) -> bool:
        """Whether this recording is finished and can be opened."""
        return self._path(name).is_file()

    def remove(self, name: str) -> bool:
        """Remove a recording for good; False when it is gone already. Raises RecordingMissing for no name of ours."""
        path = self._path(name)
        found = path.is_file()
        path.unlink(missing_ok=True)
        return found

    def recover(self) -> list[str]:
        """Finish what an earlier process left unfinished, before any call; returns the names."""
        return recover_recordings(self._folder, self._key)

    def _path(self, name: str) -> Path:
        """Names are ours alone; anything with a path in it is no name."""
        if not _NAME.fullmatch(name):
            raise RecordingMissing("not a recording's name")
        return self._folder / name


class StoredRecording(Protocol):
    """A finished recording, seen as one WAV file."""

    size: int
    """Bytes of the WAV file."""

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Bytes ``start`` to ``end`` (exclusive) in pieces. Raises RecordingBroken."""
        ...


class PlainRecording:
    """A WAV file as it lies on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = path.stat().st_size

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Bytes of the file."""
        with self._path.open("rb") as file:
            file.seek(start)
            while start < end and (piece := file.read(min(CHUNK, end - start))):
                start += len(piece)
                yield piece


class EncryptedRecording:
    """Opens only the chunks that are asked for."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._cipher = AESGCM(key)
        with path.open("rb") as file:
            self._header = file.read(HEADER.size)
        if len(self._header) < HEADER.size or not self._header.startswith(MAGIC):
            raise RecordingBroken(path.name)
        sealed = path.stat().st_size - HEADER.size
        self._chunks = max(1, -(-sealed // (CHUNK + TAG)))
        self._length = sealed - self._chunks * TAG
        if self._length < 0:
            raise RecordingBroken(path.name)
        self._wav_header = wav_header(HEADER.unpack(self._header)[1], self._length)
        self.size = WAV_HEADER_BYTES + self._length

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Bytes of the WAV file that the recording stands for."""
        if start < WAV_HEADER_BYTES:
            yield self._wav_header[start:end]
        first, last = max(0, start - WAV_HEADER_BYTES), end - WAV_HEADER_BYTES
        with self._path.open("rb") as file:
            while first < last:
                chunk, offset = divmod(first, CHUNK)
                piece = self._open(file, chunk)[offset : offset + last - first]
                if not piece:
                    return
                yield piece
                first += len(piece)

    def _open(self, file: BinaryIO, chunk: int) -> bytes:
        file.seek(HEADER.size + chunk * (CHUNK + TAG))
        sealed = file.read(CHUNK + TAG)
        last = chunk == self._chunks - 1
        try:
            return self._cipher.decrypt(nonce(self._header, chunk, last), sealed, self._header)
        except InvalidTag:
            raise RecordingBroken(self._path.name) from None
