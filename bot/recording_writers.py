"""Writers of recordings: a file grows under another name, and gets its own when it is finished."""

import os
import secrets
from io import FileIO
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.recording_format import CHUNK, HEADER, MAGIC, PART, TAG, nonce, wav_header


class RecordingWriter(Protocol):
    """Implements voice.sound.recording.RecordingSink."""

    name: str
    encrypted: bool

    def write(self, interleaved: bytes) -> None:
        """Append whole stereo samples (s16le)."""
        ...

    def close(self) -> None:
        """Finish the file and give it its final name."""
        ...


class PlainWriter:
    """A WAV file whose header is put right at the end; what a full disk took only half of is cut off again."""

    encrypted = False

    def __init__(self, path: Path, sample_rate: int) -> None:
        self.name = path.name
        self._path = path
        self._sample_rate = sample_rate
        self._length = 0
        self._file = _create(path)
        _append(self._file, wav_header(sample_rate, 0))

    def write(self, interleaved: bytes) -> None:
        """Append whole stereo samples. Raises OSError."""
        _append(self._file, interleaved)
        self._length += len(interleaved)

    def close(self) -> None:
        """Finish the file and give it its final name. Raises OSError."""
        self._file.seek(0)
        _append(self._file, wav_header(self._sample_rate, self._length))
        _finish(self._file, self._path)


class EncryptedWriter:
    """Seals chunk after chunk; no sound touches the disk in clear.

    Room for the last chunk is taken before the chunk ahead of it is written, so that a file can be finished on a disk
    that has become full.
    """

    encrypted = True

    def __init__(self, path: Path, sample_rate: int, key: bytes) -> None:
        self.name = path.name
        self._path = path
        self._cipher = AESGCM(key)
        self._header = HEADER.pack(MAGIC, sample_rate, secrets.token_bytes(8))
        self._chunk = 0
        self._rest = bytearray()
        self._file = _create(path)
        _append(self._file, self._header)
        self._take_room()

    def write(self, interleaved: bytes) -> None:
        """Append whole stereo samples. Raises OSError; what is waiting then is sealed by ``close``."""
        chunks = -(-(len(self._rest) + len(interleaved)) // CHUNK)
        if chunks > 1:
            self._take_room(chunks)
        self._rest += interleaved
        while len(self._rest) > CHUNK:
            self._seal(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]

    def close(self) -> None:
        """Finish the file and give it its final name. Raises OSError."""
        self._seal(bytes(self._rest), last=True)
        self._rest.clear()
        self._file.truncate()
        _finish(self._file, self._path)

    def _seal(self, pcm: bytes, last: bool) -> None:
        _append(self._file, self._cipher.encrypt(nonce(self._header, self._chunk, last), pcm, self._header))
        self._chunk += 1

    def _take_room(self, chunks: int = 1) -> None:
        os.posix_fallocate(self._file.fileno(), self._file.tell(), chunks * (CHUNK + TAG))


def _create(path: Path) -> FileIO:
    """A file for the owner's eyes only, under a name that is not offered for playing yet."""
    part = path.with_name(path.name + PART)
    # Unbuffered: what a full disk refused must not be tried again behind our back.
    return FileIO(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _append(file: FileIO, data: bytes) -> None:
    """Write all of it, or nothing that a reader could mistake for more. Raises OSError."""
    began = file.tell()
    view = memoryview(data)
    try:
        while view:
            view = view[file.write(view) :]
    except OSError:
        file.truncate(began)
        file.seek(began)
        raise


def _finish(file: FileIO, path: Path) -> None:
    os.fsync(file.fileno())
    file.close()
    path.with_name(path.name + PART).replace(path)
