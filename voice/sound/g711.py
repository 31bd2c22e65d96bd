"""G711: the telephone network's 8-bit companding (ITU-T G.711), A-law and mu-law."""

import audioop

from voice.sound.audio import BYTES_PER_SAMPLE

SAMPLE_RATE = 8000
"""Hertz of every G.711 line."""

ALAW_SILENCE = 0xD5
"""The A-law byte of digital silence."""


def encode_alaw(pcm: bytes) -> bytes:
    """Return one A-law byte for each s16le sample."""
    return audioop.lin2alaw(pcm, BYTES_PER_SAMPLE)


def decode_alaw(alaw: bytes) -> bytes:
    """Return one s16le sample for each A-law byte."""
    return audioop.alaw2lin(alaw, BYTES_PER_SAMPLE)


def encode_ulaw(pcm: bytes) -> bytes:
    """Return one mu-law byte for each s16le sample."""
    return audioop.lin2ulaw(pcm, BYTES_PER_SAMPLE)


def decode_ulaw(ulaw: bytes) -> bytes:
    """Return one s16le sample for each mu-law byte."""
    return audioop.ulaw2lin(ulaw, BYTES_PER_SAMPLE)
