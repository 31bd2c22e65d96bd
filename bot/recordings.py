"""Recordings: stereo sound of calls on disk, encrypted when a key is configured, readable from any place.

Encrypted file: the header below, then chunks of 64 KiB of PCM, each sealed with AES-256-GCM under a nonce of the
file's random prefix, the chunk's number and a last-chunk mark (the STREAM construction, Hoang et al. 2015), so that
chunks cannot be cut off, swapped or moved between files. The WAV header is not stored: readers get it made from the
sample rate and the length.
"""

import os
import re
import secrets
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MAGIC = b"SHOUDAI1"
_HEADER = struct.Struct(">8sI8s")
"""Magic, sample rate in Hertz, nonce prefix."""
_CHUNK = 64 * 1024
_TAG = 16
_WAV_HEADER_BYTES = 44
_CHANNELS, _SAMPLE_BYTES = 2, 2
_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}\.(wav|wavx)")
PLAIN, ENCRYPTED = ".wav", ".wavx"


class RecordingMissing(Exception):
    """There is no such recording (code ``recording_missing``)."""

    code = "recording_missing"


class RecordingBroken(Exception):
    """The file is cut off, was changed, or belongs to another key (code ``recording_broken``)."""

    code = "recording_broken"


class RecordingWriter(Protocol):
    """Implements voice.recording.RecordingSink."""

    name: str
    encrypted: bool

    def write(self, interleaved: bytes) -> None:
        """Append whole stereo samples (s16le)."""
        ...

    def close(self) -> None:
        """Finish the file and give it its final name."""
        ...


class RecordingStore:
    """A folder of recordings; ``key`` None means demo mode: plain WAV files."""

    def __init__(self, folder: Path, key: bytes | None) -> None:
        self._folder = folder
        self._key = key

    def create(self, call_id: str, sample_rate: int) -> RecordingWriter:
        """Begin a recording."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{call_id}{PLAIN if self._key is None else ENCRYPTED}"
        path = self._path(name)
        if self._key is None:
            return PlainWriter(path, sample_rate)
        return EncryptedWriter(path, sample_rate, self._key)

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


class PlainWriter:
    """A WAV file whose header is put right at the end."""

    encrypted = False

    def __init__(self, path: Path, sample_rate: int) -> None:
        self.name = path.name
        self._path = path
        self._sample_rate = sample_rate
        self._length = 0
        self._file = _create(path)
        self._file.write(wav_header(sample_rate, 0))

    def write(self, interleaved: bytes) -> None:
        """Append whole stereo samples."""
        self._file.write(interleaved)
        self._length += len(interleaved)

    def close(self) -> None:
        """Finish the file and give it its final name."""
        self._file.seek(0)
        self._file.write(wav_header(self._sample_rate, self._length))
        _finish(self._file, self._path)


class EncryptedWriter:
    """Seals chunk after chunk; no sound touches the disk in clear."""

    encrypted = True

    def __init__(self, path: Path, sample_rate: int, key: bytes) -> None:
        self.name = path.name
        self._path = path
        self._cipher = AESGCM(key)
        self._header = _HEADER.pack(_MAGIC, sample_rate, secrets.token_bytes(8))
        self._chunk = 0
        self._rest = bytearray()
        self._file = _create(path)
        self._file.write(self._header)

    def write(self, interleaved: bytes) -> None:
        """Append whole stereo samples."""
        self._rest += interleaved
        while len(self._rest) > _CHUNK:
            self._seal(bytes(self._rest[:_CHUNK]), last=False)
            del self._rest[:_CHUNK]

    def close(self) -> None:
        """Finish the file and give it its final name."""
        self._seal(bytes(self._rest), last=True)
        self._rest.clear()
        _finish(self._file, self._path)

    def _seal(self, pcm: bytes, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._header, self._chunk, last), pcm, self._header))
        self._chunk += 1


class PlainRecording:
    """A WAV file as it lies on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = path.stat().st_size

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Bytes of the file."""
        with self._path.open("rb") as file:
            file.seek(start)
            while start < end and (piece := file.read(min(_CHUNK, end - start))):
                start += len(piece)
                yield piece


class EncryptedRecording:
    """Opens only the chunks that are asked for."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._cipher = AESGCM(key)
        with path.open("rb") as file:
            self._header = file.read(_HEADER.size)
        if len(self._header) < _HEADER.size or not self._header.startswith(_MAGIC):
            raise RecordingBroken(path.name)
        sealed = path.stat().st_size - _HEADER.size
        self._chunks = max(1, -(-sealed // (_CHUNK + _TAG)))
        self._length = sealed - self._chunks * _TAG
        if self._length < 0:
            raise RecordingBroken(path.name)
        self._wav_header = wav_header(_HEADER.unpack(self._header)[1], self._length)
        self.size = _WAV_HEADER_BYTES + self._length

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Bytes of the WAV file that the recording stands for."""
        if start < _WAV_HEADER_BYTES:
            yield self._wav_header[start:end]
        first, last = max(0, start - _WAV_HEADER_BYTES), end - _WAV_HEADER_BYTES
        with self._path.open("rb") as file:
            while first < last:
                chunk, offset = divmod(first, _CHUNK)
                piece = self._open(file, chunk)[offset : offset + last - first]
                if not piece:
                    return
                yield piece
                first += len(piece)

    def _open(self, file: BinaryIO, chunk: int) -> bytes:
        file.seek(_HEADER.size + chunk * (_CHUNK + _TAG))
        sealed = file.read(_CHUNK + _TAG)
        nonce = _nonce(self._header, chunk, last=chunk == self._chunks - 1)
        try:
            return self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag:
            raise RecordingBroken(self._path.name) from None


def wav_header(sample_rate: int, data_bytes: int) -> bytes:
    """The 44 bytes before stereo s16le PCM (RIFF WAVE, format 1)."""
    block = _CHANNELS * _SAMPLE_BYTES
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + data_bytes,
        b"WAVE",
        b"fmt ",
        16,
        1,
        _CHANNELS,
        sample_rate,
        sample_rate * block,
        block,
        8 * _SAMPLE_BYTES,
        b"data",
        data_bytes,
    )


def _nonce(header: bytes, chunk: int, last: bool) -> bytes:
    """8 random bytes of the file, 3 of the chunk's number (enough for 290 hours at 16 kHz), 1 of the last mark."""
    prefix: bytes = _HEADER.unpack(header)[2]
    return prefix + chunk.to_bytes(3, "big") + bytes([last])


def _create(path: Path) -> BinaryIO:
    """A file for the owner's eyes only, under a name that is not offered for playing yet."""
    part = path.with_name(path.name + ".part")
    return os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _finish(file: BinaryIO, path: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
    path.with_name(path.name + ".part").replace(path)
