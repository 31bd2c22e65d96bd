"""Trimming: a synthesised clause without the engine's own silence, at an even loudness, as s16le PCM."""

import numpy as np
import numpy.typing as npt

WINDOW_MS = 10
"""Milliseconds over which loudness is measured."""

SILENCE_BELOW = 0.02
"""Part of the loudest window's RMS below which a window is silence."""

KEEP_LEAD_MS = 30
"""Milliseconds kept before the first sound: soft consonants lie below the threshold."""

KEEP_TAIL_MS = 80
"""Milliseconds kept after the last sound: vowels fade."""

MOST_LEAD_MS = 80
"""Milliseconds before a clip's first sound that are looked at."""

LEAD_WITHIN_MS = 30
"""Milliseconds kept there where another clause goes before: with its pause no silence is longer than 0.3 s."""

TARGET_RMS = 0.11
"""RMS of the sounding windows after levelling, 1.0 = full scale (-19 dBFS, usual for telephone prompts)."""

MOST_PEAK = 0.92
"""No sample goes above this part of full scale."""

TRIMMING = f"{SILENCE_BELOW}-{KEEP_LEAD_MS}-{KEEP_TAIL_MS}-{TARGET_RMS}-{MOST_PEAK}"
"""These settings in short, for whoever caches trimmed sound."""

_UNHEARD_RMS = 0.002
"""RMS of 5 ms (-54 dBFS) below which nothing is heard over a telephone's own noise."""

_STEP_MS = 5

Samples = npt.NDArray[np.float32]


def trim_and_level(samples: Samples, sample_rate: int) -> Samples:
    """Cut leading and trailing silence and bring speech to TARGET_RMS; sound without speech comes back empty."""
    start, end, gain = speech_span(samples, sample_rate)
    if start == end:
        return samples[:0]
    return _faded((samples[start:end] * np.float32(gain)).astype(np.float32), sample_rate)


def speech_span(samples: Samples, sample_rate: int) -> tuple[int, int, float]:
    """Where speech begins and ends (samples, with the silence that is kept) and the gain that levels it.

    (0, 0, 1.0) for sound without speech.
    """
    window = sample_rate * WINDOW_MS // 1000
    whole = len(samples) // window * window
    rms = np.sqrt(np.mean(samples[:whole].reshape(-1, window) ** 2, axis=1))
    loudest = float(rms.max(initial=0.0))
    if loudest < 1e-4:
        return 0, 0, 1.0
    sounding = np.flatnonzero(rms > loudest * SILENCE_BELOW)
    start = max(0, int(sounding[0]) * window - sample_rate * KEEP_LEAD_MS // 1000)
    end = min(len(samples), (int(sounding[-1]) + 1) * window + sample_rate * KEEP_TAIL_MS // 1000)
    speech_rms = float(np.sqrt(np.mean(rms[rms > loudest * 0.1] ** 2)))
    return start, end, min(TARGET_RMS / speech_rms, MOST_PEAK / float(np.abs(samples[start:end]).max()))


def without_lead(pcm: bytes, sample_rate: int, kept_ms: int = _STEP_MS) -> bytes:
    """A clip (s16le) without what is not heard before its first sound but the last ``kept_ms`` of it.

    Not more than MOST_LEAD_MS is taken off.
    """
    step = sample_rate * _STEP_MS // 1000
    samples = from_pcm(pcm[: step * 2 * (MOST_LEAD_MS // _STEP_MS)])
    rms = np.sqrt(np.mean(samples[: len(samples) // step * step].reshape(-1, step) ** 2, axis=1))
    heard = np.flatnonzero(rms >= _UNHEARD_RMS)
    steps = max(0, (int(heard[0]) if len(heard) else len(rms)) - kept_ms // _STEP_MS)
    return pcm[steps * step * 2 :]


def to_pcm(samples: Samples) -> bytes:
    """Floats of -1..1 as s16le."""
    return (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()


def from_pcm(pcm: bytes) -> Samples:
    """s16le as floats of -1..1."""
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32768)


def _faded(samples: Samples, sample_rate: int) -> Samples:
    """5 ms ramps at both ends: clauses are joined, and a jump would click."""
    ramp = np.linspace(0, 1, sample_rate * 5 // 1000, dtype=np.float32)
    samples[: len(ramp)] *= ramp
    samples[-len(ramp) :] *= ramp[::-1]
    return samples
