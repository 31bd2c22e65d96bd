"""The telephone's ear: packets in order, 60 ms behind the line, silence where one is missing."""

import audioop
import struct

from tests.calls.ear import Ear


def packet(sequence: int, level: int, payload_type: int = 8) -> bytes:
    sound = audioop.lin2alaw(struct.pack("<h", level) * 160, 2)
    return struct.pack("!BBHII", 0x80, payload_type, sequence % 65536, sequence * 160 % 2**32, 7) + sound


def level(sound: bytes) -> int:
    """Of the first sample, in whole thousands."""
    return round(struct.unpack_from("<h", sound)[0] / 1000)


def played(ear: Ear, frames: int) -> list[int]:
    return [level(ear.pull()) for _ in range(frames)]


def test_packets_are_played_in_order_whatever_order_they_came_in() -> None:
    ear = Ear()
    levels = {65534: 1, 0: 3, 65535: 2, 1: 4}
    for sequence, thousands in levels.items():
        ear.push(packet(sequence, thousands * 1000))
    assert played(ear, 4) == [1, 2, 3, 4]


def test_a_missing_packet_is_silent() -> None:
    ear = Ear()
    for sequence in (10, 11, 13):
        ear.push(packet(sequence, 5000))
    assert played(ear, 4) == [5, 5, 0, 5]


def test_nothing_is_played_before_three_packets_have_come() -> None:
    ear = Ear()
    ear.push(packet(1, 5000))
    assert played(ear, 2) == [0, 0]


def test_what_is_no_sound_is_passed_over() -> None:
    ear = Ear()
    ear.push(b"short")
    for sequence in range(3):
        ear.push(packet(sequence, 5000, payload_type=101))
    assert played(ear, 2) == [0, 0]


def test_a_packet_that_comes_too_late_is_not_played() -> None:
    ear = Ear()
    for sequence in (10, 11, 12, 13):
        ear.push(packet(sequence, 5000))
    assert played(ear, 2) == [5, 5]
    ear.push(packet(10, 9000))
    assert played(ear, 3) == [5, 5, 0]
