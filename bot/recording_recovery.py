"""Recovery of recordings that a process left unfinished when it died."""

import logging
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.recording_format import (
    CHANNELS,
    CHUNK,
    HEADER,
    MAGIC,
    PART,
    PLAIN,
    SAMPLE_BYTES,
    TAG,
    WAV_HEADER_BYTES,
    nonce,
    rate_of_wav_header,
    wav_header,
)

_logger = logging.getLogger(__name__)


def recover_recordings(folder: Path, key: bytes | None) -> list[str]:
    """Finish what is unfinished in ``folder`` and return the names; for the start of the process that owns it.

    What cannot be finished (another key, less than a chunk of two seconds) is put aside under another name, never
    deleted.
    """
    recovered = []
    for part in sorted(folder.glob("*" + PART)):
        path = part.with_name(part.name.removesuffix(PART))
        try:
            finished = _finish_plain(part) if path.suffix == PLAIN else _finish_sealed(part, key)
            part.replace(path if finished else part.with_name(part.name + ".unreadable"))
        except OSError as error:
            _logger.error("%s is left as it is: code=recording_broken %s", part.name, type(error).__name__)
            continue
        if finished:
            recovered.append(path.name)
        else:
            _logger.error("%s cannot be finished: code=recording_broken", part.name)
    return recovered


def _finish_plain(part: Path) -> bool:
    """Put the header right; the file is as long as it is."""
    block = CHANNELS * SAMPLE_BYTES
    length = (part.stat().st_size - WAV_HEADER_BYTES) // block * block
    if length <= 0:
        return False
    with part.open("r+b") as file:
        header = wav_header(rate_of_wav_header(file.read(WAV_HEADER_BYTES)), length)
        file.truncate(WAV_HEADER_BYTES + length)
        file.seek(0)
        file.write(header)
    return True


def _finish_sealed(part: Path, key: bytes | None) -> bool:
    """Seal the last whole chunk anew, as the last one; what follows it was never written, or only half."""
    if key is None:
        return False
    cipher, last, chunk = AESGCM(key), b"", 0
    with part.open("r+b") as file:
        header = file.read(HEADER.size)
        if len(header) < HEADER.size or not header.startswith(MAGIC):
            return False
        sealed = file.read(CHUNK + TAG)
        while pcm := _opened(cipher, header, chunk, sealed, last=False):
            last, chunk = pcm, chunk + 1
            sealed = file.read(CHUNK + TAG)
        if _opened(cipher, header, chunk, sealed, last=True) is not None:
            return True  # only its name was missing
        if not last:
            return False
        file.seek(HEADER.size + (chunk - 1) * (CHUNK + TAG))
        file.write(cipher.encrypt(nonce(header, chunk - 1, last=True), last, header))
        file.truncate()
    return True


def _opened(cipher: AESGCM, header: bytes, chunk: int, sealed: bytes, last: bool) -> bytes | None:
    try:
        return cipher.decrypt(nonce(header, chunk, last), sealed, header)
    except InvalidTag:
        return None
