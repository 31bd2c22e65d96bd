"""G.711 companding."""

import numpy as np

from voice.line.telephone_line import telephone_quality
from voice.sound.g711 import ALAW_SILENCE, decode_alaw, decode_ulaw, encode_alaw, encode_ulaw


def sine(amplitude: int, hz: float = 1004, rate: int = 8000) -> bytes:
    time = np.arange(rate) / rate
    return bytes((amplitude * np.sin(2 * np.pi * hz * time)).astype("<i2").tobytes())


def snr_db(clean: bytes, noisy: bytes) -> float:
    signal = np.frombuffer(clean, dtype="<i2").astype(np.float64)
    noise = np.frombuffer(noisy, dtype="<i2").astype(np.float64) - signal
    return float(10 * np.log10(np.sum(signal**2) / np.sum(noise**2)))


def test_both_laws_keep_a_loud_and_a_quiet_tone_above_35_db() -> None:
    """G.712 asks for 33 dB between 0 and -30 dBm0."""
    for amplitude in (16_000, 1_000):
        assert snr_db(sine(amplitude), decode_alaw(encode_alaw(sine(amplitude)))) > 35
        assert snr_db(sine(amplitude), decode_ulaw(encode_ulaw(sine(amplitude)))) > 35


def test_every_alaw_byte_survives_the_round_trip() -> None:
    assert encode_alaw(decode_alaw(bytes(range(256)))) == bytes(range(256))


def test_silence_is_the_byte_of_silence() -> None:
    assert encode_alaw(bytes(4)) == bytes([ALAW_SILENCE]) * 2


def test_a_telephone_line_passes_speech_and_drops_hum_and_hiss() -> None:
    def level(hz: float) -> float:
        heard = np.frombuffer(telephone_quality(sine(8000, hz, 16000), 16000), dtype="<i2")
        assert len(heard) in range(7990, 8011)
        return float(np.sqrt(np.mean(heard[1000:-1000].astype(np.float64) ** 2)))

    assert level(1000) > 5000
    assert level(50) < 150
    assert level(3900) < 150
    assert level(6000) < 150


def test_a_telephone_line_of_nothing_carries_nothing() -> None:
    assert telephone_quality(b"", 16000) == b""
