"""AudioFrame: a short piece of mono 16-bit sound."""

from dataclasses import dataclass

FRAME_MS = 20
"""Milliseconds of one frame on every line (RFC 3551 default packetisation of G.711)."""

BYTES_PER_SAMPLE = 2


@dataclass(frozen=True)
class AudioFrame:
    """Mono signed 16-bit little-endian PCM."""

    pcm: bytes
    """Bytes: s16le samples, mono."""

    sample_rate: int
    """Hertz."""

    timestamp_ms: int
    """Milliseconds of audio time since the line was opened, at the first sample."""

    @property
    def duration_ms(self) -> float:
        """Milliseconds of sound in this frame."""
        return len(self.pcm) / BYTES_PER_SAMPLE / self.sample_rate * 1000


def silence(duration_ms: int, sample_rate: int) -> bytes:
    """Return ``duration_ms`` of digital silence as s16le PCM."""
    return bytes(duration_ms * sample_rate // 1000 * BYTES_PER_SAMPLE)
