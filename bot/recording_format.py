"""Format of recordings: stereo WAV in clear, or sealed chunk after chunk.

Encrypted file: the header below, then chunks of 64 KiB of PCM, each sealed with AES-256-GCM under a nonce of the
file's random prefix, the chunk's number and a last-chunk mark (the STREAM construction, Hoang et al. 2015), so that
chunks cannot be cut off, swapped or moved between files. The WAV header is not stored: readers get it made from the
sample rate and the length.
"""

import struct

MAGIC = b"SHOUDAI1"
HEADER = struct.Struct(">8sI8s")
"""Magic, sample rate in Hertz, nonce prefix."""
CHUNK = 64 * 1024
TAG = 16
WAV_HEADER_BYTES = 44
PART = ".part"
"""Ends the name of a file that is still being written."""
CHANNELS, SAMPLE_BYTES = 2, 2
PLAIN, ENCRYPTED = ".wav", ".wavx"
"""Endings of finished recordings."""

_SAMPLE_RATE = struct.Struct("<I")


def wav_header(sample_rate: int, data_bytes: int) -> bytes:
    """The 44 bytes before stereo s16le PCM (RIFF WAVE, format 1)."""
    block = CHANNELS * SAMPLE_BYTES
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + data_bytes,
        b"WAVE",
        b"fmt ",
        16,
        1,
        CHANNELS,
        sample_rate,
        sample_rate * block,
        block,
        8 * SAMPLE_BYTES,
        b"data",
        data_bytes,
    )


def rate_of_wav_header(header: bytes) -> int:
    """Hertz, of a header that ``wav_header`` made."""
    return int(_SAMPLE_RATE.unpack_from(header, 24)[0])


def nonce(header: bytes, chunk: int, last: bool) -> bytes:
    """8 random bytes of the file, 3 of the chunk's number (enough for 290 hours at 16 kHz), 1 of the last mark."""
    prefix: bytes = HEADER.unpack(header)[2]
    return prefix + chunk.to_bytes(3, "big") + bytes([last])
