"""Wav: recordings in RIFF/WAVE files."""

import wave
from pathlib import Path

import numpy as np

from voice.sound.audio import BYTES_PER_SAMPLE
from voice.sound.g711 import decode_alaw, decode_ulaw

_MIN_HZ, _MAX_HZ = 8000, 192_000


class WavError(Exception):
    """A recording cannot be used; ``code`` is stable, the message says why."""

    code = "wav_error"


class WavMissing(WavError):
    """There is no such file (code ``wav_missing``)."""

    code = "wav_missing"


class WavEmpty(WavError):
    """The recording holds no sound (code ``wav_empty``)."""

    code = "wav_empty"


class WavFormat(WavError):
    """Not a WAV file, or one that cannot be read here (code ``wav_format``)."""

    code = "wav_format"


def read_wav(path: Path | str) -> tuple[bytes, int]:
    """Return (s16le mono PCM, Hertz) of a WAV file.

    Reads PCM of 8, 16, 24 and 32 bits, floating point, and G.711 A-law and mu-law; one or more channels (mixed to
    one), 8 kHz and above.
    Raises WavMissing, WavEmpty, WavFormat.
    """
    path = Path(path)
    if not path.is_file():
        raise WavMissing(f"There is no recording {path.name}: the file does not exist.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WavFormat(f"{path.name} cannot be read: {error.strerror}.") from error
    if not data:
        raise WavEmpty(f"{path.name} is an empty file.")
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise WavFormat(f"{path.name} is not a WAV file (no RIFF/WAVE header).")
    tag, channels, rate, bits, sound = _chunks(data, path.name)
    pcm = _mono(_linear(tag, bits, sound, path.name), channels)
    if not _MIN_HZ <= rate <= _MAX_HZ:
        raise WavFormat(f"{path.name} is sampled at {rate} Hz; only {_MIN_HZ} to {_MAX_HZ} Hz can be used.")
    if not pcm:
        raise WavEmpty(f"{path.name} holds no sound.")
    return pcm, rate


def write_wav(path: Path | str, pcm: bytes, sample_rate: int, channels: int = 1) -> None:
    """Write s16le samples (interleaved when there is more than one channel) as a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(BYTES_PER_SAMPLE)
        file.setframerate(sample_rate)
        file.writeframes(pcm)


def _chunks(data: bytes, name: str) -> tuple[int, int, int, int, bytes]:
    """Return (format tag, channels, Hertz, bits a sample, sound); a sound cut off early is taken as it is."""
    fmt, sound, at = b"", None, 12
    while at + 8 <= len(data) and sound is None:
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + size]
        if kind == b"fmt ":
            fmt = body
        elif kind == b"data":
            sound = body
        at += 8 + size + size % 2
    if len(fmt) < 16 or sound is None:
        raise WavFormat(f"{name} is a broken WAV file: its format or its sound is missing.")
    tag = int.from_bytes(fmt[0:2], "little")
    if tag == 0xFFFE and len(fmt) >= 26:  # WAVE_FORMAT_EXTENSIBLE keeps the real tag in its sub-format GUID
        tag = int.from_bytes(fmt[24:26], "little")
    channels = int.from_bytes(fmt[2:4], "little")
    if channels == 0:
        raise WavFormat(f"{name} is a broken WAV file: it claims no channel.")
    return tag, channels, int.from_bytes(fmt[4:8], "little"), int.from_bytes(fmt[14:16], "little"), sound


def _linear(tag: int, bits: int, sound: bytes, name: str) -> bytes:
    """Bring samples of any usual form to s16le; an unfinished last one is left out."""
    sound = sound[: len(sound) - len(sound) % max(1, bits // 8)]
    match tag, bits:
        case 1, 16:
            return sound
        case 1, 24 | 32:
            return _top_16_bits(sound, bits // 8)
        case 1, 8:  # the only size without a sign
            return ((np.frombuffer(sound, dtype=np.uint8).astype("<i2") - 128) << 8).astype("<i2").tobytes()
        case 3, 32 | 64:
            samples = np.nan_to_num(np.frombuffer(sound, dtype=f"<f{bits // 8}"))
            return np.clip(samples * 32768.0, -32768, 32767).round().astype("<i2").tobytes()
        case 6, 8:
            return decode_alaw(sound)
        case 7, 8:
            return decode_ulaw(sound)
    raise WavFormat(
        f"{name} must be PCM, floating point or G.711; its format is {tag} with {bits} bits a sample."
    )


def _top_16_bits(sound: bytes, size: int) -> bytes:
    samples = np.frombuffer(sound, dtype=np.uint8).reshape(-1, size)
    return samples[:, -BYTES_PER_SAMPLE:].tobytes()


def _mono(pcm: bytes, channels: int) -> bytes:
    if channels == 1:
        return pcm
    samples = np.frombuffer(pcm, dtype="<i2")
    whole = samples[: len(samples) - len(samples) % channels].reshape(-1, channels)
    mixed: bytes = whole.mean(axis=1).round().astype("<i2").tobytes()
    return mixed
