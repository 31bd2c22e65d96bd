"""Recordings are read, and bad ones are named."""

import struct
from pathlib import Path

import pytest

from voice.sound.g711 import decode_alaw, encode_alaw
from voice.sound.wav import WavEmpty, WavFormat, WavMissing, read_wav, write_wav

PCM = struct.pack("<4h", 0, 1000, -1000, 32767)


def riff(tag: int, channels: int, rate: int, bits: int, sound: bytes) -> bytes:
    align = channels * bits // 8
    fmt = struct.pack("<HHIIHH", tag, channels, rate, rate * align, align, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", PCM, 16000)
    assert read_wav(tmp_path / "a.wav") == (PCM, 16000)


def test_two_channels_are_mixed_to_one(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", struct.pack("<4h", 100, 300, -50, -150), 8000, channels=2)
    assert read_wav(tmp_path / "a.wav") == (struct.pack("<2h", 200, -100), 8000)


@pytest.mark.parametrize(
    ("tag", "bits", "sound"),
    [
        (1, 8, bytes([128, 255, 0])),
        (1, 24, b"\x11\x00\x00" + b"\xff\x00\x7f" + b"\x00\x00\x80" + b"\x55"),
        (1, 32, struct.pack("<3i", 0, 0x7F00_0000, -0x8000_0000)),
        (3, 32, struct.pack("<3f", 0.0, 32512 / 32768, -1.5)),
        (3, 64, struct.pack("<3d", float("nan"), 32512 / 32768, -1.0)),
    ],
)
def test_the_samples_of_recorders_and_editors_are_read(
    tmp_path: Path, tag: int, bits: int, sound: bytes
) -> None:
    (tmp_path / "a.wav").write_bytes(riff(tag, 1, 8000, bits, sound))
    pcm, rate = read_wav(tmp_path / "a.wav")
    assert (struct.unpack("<3h", pcm), rate) == ((0, 32512, -32768), 8000)


def test_an_alaw_recording_is_decoded(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(riff(6, 1, 8000, 8, encode_alaw(PCM)))
    assert read_wav(tmp_path / "a.wav") == (decode_alaw(encode_alaw(PCM)), 8000)


def test_a_recording_cut_off_in_the_middle_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(riff(1, 1, 8000, 16, PCM)[:-3])
    assert read_wav(tmp_path / "a.wav") == (PCM[:4], 8000)


def test_chunks_before_the_sound_are_skipped(tmp_path: Path) -> None:
    data = riff(1, 1, 8000, 16, PCM)
    (tmp_path / "a.wav").write_bytes(data[:36] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + data[36:])
    assert read_wav(tmp_path / "a.wav") == (PCM, 8000)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WavMissing, match="gone.wav") as caught:
        read_wav(tmp_path / "gone.wav")
    assert caught.value.code == "wav_missing"


@pytest.mark.parametrize("data", [b"", riff(1, 1, 8000, 16, b"")])
def test_an_empty_recording_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(WavEmpty) as caught:
        read_wav(tmp_path / "a.wav")
    assert caught.value.code == "wav_empty"


@pytest.mark.parametrize(
    "data",
    [
        b"ID3\x03 this is an mp3",
        b"RIFF\x00\x00\x00\x00WAVE",
        riff(1, 1, 8000, 16, PCM)[:30],
        riff(3, 1, 8000, 16, PCM),
        riff(1, 1, 8000, 12, PCM),
        riff(2, 1, 8000, 4, PCM),
        riff(1, 1, 8000, 0, PCM),
        riff(1, 1, 4000, 16, PCM),
        riff(1, 0, 8000, 16, PCM),
    ],
)
def test_another_format_is_refused_with_a_reason(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(WavFormat, match="a.wav") as caught:
        read_wav(tmp_path / "a.wav")
    assert caught.value.code == "wav_format"
