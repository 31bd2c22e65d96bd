"""RTP: packets lost, doubled, out of order and late; clocks that differ; reports; who may send."""

import itertools
import random
import struct

import numpy as np
import pytest

from voice.rtp.latch import Latch
from voice.rtp.packet import RtpInvalid, RtpPacket, parse_packet
from voice.rtp.reception import Reception
from voice.rtp.reorder_buffer import DEPTH, ReorderBuffer
from voice.rtp.reporting import Reporting
from voice.rtp.rtcp import Report, ReportBlock, SenderInfo, build_report, parse_reports, says_goodbye
from voice.rtp.rtp_line import RtpLine
from voice.rtp.telephone_event import KeyReader, event_payload
from voice.sound.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw

PEER = ("192.0.2.1", 4000)
BITS = itertools.count(7)


def line(events_type: int | None = 101) -> RtpLine:
    made = RtpLine(lambda bits: next(BITS), "bot@test")
    made.agree("PCMA", 8, events_type, PEER, (PEER[0], PEER[1] + 1))
    return made


def tone(frame: int) -> bytes:
    """A sound that no other frame has."""
    return np.random.default_rng(frame).integers(-8000, 8000, 160).astype("<i2").tobytes()


def packet(number: int, pcm: bytes | None = None, ssrc: int = 5) -> RtpPacket:
    sound = encode_alaw(tone(number) if pcm is None else pcm)
    return RtpPacket(8, (65530 + number) % 65536, (2**32 - 800 + 160 * number) % 2**32, ssrc, sound)


def play(arrivals: list[list[int]], made: RtpLine | None = None) -> list[bytes]:
    """Each tick some packets arrive (by number), then 20 ms are pulled."""
    made = made or line()
    heard = []
    for tick, numbers in enumerate(arrivals):
        for number in numbers:
            made.receive(packet(number).to_bytes(), PEER, tick * 0.02)
        heard.append(made.pull())
    return heard


def expected(number: int) -> bytes:
    return decode_alaw(encode_alaw(tone(number)))


def test_sound_in_order_comes_out_whole_across_the_wrap_of_the_numbers() -> None:
    heard = play([[n] for n in range(20)] + [[]] * 3)
    assert heard[DEPTH - 1 : DEPTH + 18] == [expected(n) for n in range(19)]


def test_packets_out_of_order_come_out_in_order() -> None:
    arrivals = [[n] for n in range(20)]
    for at in (5, 9, 13):
        arrivals[at], arrivals[at + 1] = arrivals[at + 1], arrivals[at]
    heard = play(arrivals)
    assert heard[DEPTH - 1 :] == [expected(n) for n in range(20 - DEPTH + 1)]


def test_a_packet_up_to_40_ms_late_is_still_heard() -> None:
    arrivals = [[n] for n in range(20)]
    arrivals[8], arrivals[10] = [], [10, 8]
    assert play(arrivals)[DEPTH - 1 :] == [expected(n) for n in range(20 - DEPTH + 1)]


def test_doubled_packets_are_heard_once() -> None:
    made = line()
    heard = play([[n, n] for n in range(12)], made)
    assert heard[DEPTH - 1 :] == [expected(n) for n in range(12 - DEPTH + 1)]
    assert made.reception.duplicated == 12 and made.reception.lost == 0


def test_a_lost_packet_is_covered_by_the_sound_before_it() -> None:
    made = line()
    heard = play([[n] for n in range(20) if n != 9], made)
    gap = np.frombuffer(heard[9 + DEPTH - 1], dtype="<i2").astype(float)
    before = np.frombuffer(expected(8), dtype="<i2").astype(float)
    assert np.abs(gap - 0.8 * before).max() <= 2
    assert heard[10 + DEPTH - 1] == expected(10)
    assert made.reception.lost == 1 and made.report().concealed == 1


def test_a_long_gap_fades_to_silence_and_the_call_goes_on() -> None:
    heard = play([[n] for n in range(10)] + [[]] * 10 + [[n] for n in range(20, 30)])
    levels = [float(np.abs(np.frombuffer(frame, dtype="<i2")).max()) for frame in heard]
    assert levels[16] == 0
    assert heard[-1] == expected(27)


def test_random_loss_and_disorder_never_delay_the_line() -> None:
    chance = random.Random(3)
    arrivals: list[list[int]] = [[] for _ in range(600)]
    for number in range(500):
        if chance.random() > 0.05:
            arrivals[number + chance.choice((0, 0, 0, 1, 2))].append(number)
    made = line()
    heard = play(arrivals, made)
    report = made.report()
    assert len(heard) == 600
    assert report.received + report.lost == 500 and 10 < report.lost < 45
    numbers = {expected(number): number for number in range(500)}
    told = [(tick, numbers[frame]) for tick, frame in enumerate(heard) if frame in numbers]
    assert [number for _, number in told] == sorted({number for _, number in told})
    assert len(told) >= report.received - report.late
    assert max(tick - number for tick, number in told) <= DEPTH + 2


def test_a_faster_peer_is_caught_up_with_and_a_slower_one_is_waited_for() -> None:
    made = line()
    for tick in range(3000):
        numbers = [tick + tick // 100] if tick % 100 else [tick + tick // 100 - 1, tick + tick // 100]
        for number in numbers:
            if number >= 0:
                made.receive(packet(number % 60000).to_bytes(), PEER, tick * 0.02)
        made.pull()
    assert made._buffer.waiting <= DEPTH + 3
    assert made.report().dropped > 10


def test_a_burst_after_a_stall_keeps_only_half_a_second() -> None:
    buffer = ReorderBuffer()
    for number in range(200):
        buffer.push(packet(number))
    assert buffer.waiting <= 25 and buffer.dropped == 175


def test_another_source_number_is_a_new_stream() -> None:
    made = line()
    play([[n] for n in range(10)], made)
    for number in range(10):
        made.receive(packet(number + 3000, tone(number), ssrc=99).to_bytes(), PEER, 1 + number * 0.02)
        heard = made.pull()
    assert heard == decode_alaw(encode_alaw(tone(9 - DEPTH + 1)))


def test_packets_of_10_or_40_ms_are_heard_whole() -> None:
    made = line()
    for number in range(5):
        pcm = tone(2 * number) + tone(2 * number + 1)
        data = RtpPacket(8, number, number * 320, 5, encode_alaw(pcm)).to_bytes()
        made.receive(data, PEER, number * 0.04)
    heard = [made.pull() for _ in range(10)]
    assert heard == [expected(n) for n in range(10)]


def test_g711_under_another_payload_type_is_heard() -> None:
    made = RtpLine(lambda bits: next(BITS), "bot@test")
    made.agree("PCMU", 96, None, PEER, PEER)
    for number in range(6):
        sound = RtpPacket(96, number, 160 * number, 5, encode_ulaw(tone(number))).to_bytes()
        made.receive(sound, PEER, number * 0.02)
    assert made.pull() == decode_ulaw(encode_ulaw(tone(0)))
    sent = made.frame(tone(1))
    assert sent is not None and parse_packet(sent[0]).payload_type == 96


# -- keys ----------------------------------------------------------------------------------------------------


def key_packets(key: str, timestamp: int, first: int) -> list[RtpPacket]:
    return [
        RtpPacket(101, first + n, timestamp, 5, event_payload(key, 160 * (n + 1), end=n >= 3), marker=n == 0)
        for n in range(6)
    ]


@pytest.mark.parametrize("kept", [{0}, {3}, {5}, {0, 1, 2}, {1, 4}, set(range(6))])
def test_a_key_is_told_once_whichever_of_its_packets_arrive(kept: set[int]) -> None:
    reader = KeyReader()
    told = [reader.push(one) for at, one in enumerate(key_packets("7", 800, 10)) if at in kept]
    assert [key for key in told if key] == ["7"]


def test_the_same_key_twice_is_two_keys() -> None:
    reader = KeyReader()
    packets = key_packets("7", 800, 10) + key_packets("7", 4000, 20)
    assert [key for one in packets if (key := reader.push(one))] == ["7", "7"]


def test_letters_and_flashes_are_no_keys() -> None:
    reader = KeyReader()
    assert reader.push(RtpPacket(101, 1, 1, 5, struct.pack("!BBH", 16, 10, 160))) is None


# -- who may send --------------------------------------------------------------------------------------------


def test_sound_goes_back_to_where_it_comes_from() -> None:
    made = line()
    made.receive(packet(0).to_bytes(), ("198.51.100.7", 999), 0.0)
    made_frame = made.frame(None)
    assert made_frame is not None and made_frame[1] == ("198.51.100.7", 999)


def test_nobody_else_can_take_a_line_over_while_the_peer_talks() -> None:
    latch = Latch()
    latch.declare(PEER, (PEER[0], PEER[1] + 1))
    assert latch.accepts(PEER, 0.0)
    assert not latch.accepts(("203.0.113.9", 5), 0.5)
    assert latch.target == PEER
    assert latch.accepts(("203.0.113.9", 5), 3.0), "a gateway that moved"


def test_the_declared_place_takes_precedence_over_a_learned_one() -> None:
    latch = Latch()
    latch.declare(PEER, PEER)
    assert latch.accepts(("203.0.113.9", 5), 0.0)
    assert latch.accepts(PEER, 0.1) and latch.target == PEER
    assert not latch.accepts(("203.0.113.9", 5), 0.2)


# -- reports -------------------------------------------------------------------------------------------------


def test_jitter_and_loss_are_counted_as_the_rfc_says() -> None:
    steady, uneven = Reception(), Reception()
    for number in range(200):
        steady.push(packet(number), number * 0.02)
        if number % 10 != 5:
            uneven.push(packet(number), number * 0.02 + (0.01 if number % 2 else 0.0))
    assert steady.jitter_ms < 0.1 and steady.lost == 0
    assert 7 < uneven.jitter_ms < 11 and uneven.lost == 20
    block = uneven.report(0, 0.0)
    assert block is not None and block.lost == 20 and abs(block.fraction_lost - 25) <= 1


def test_reports_are_read_as_they_were_written() -> None:
    block = ReportBlock(9, 64, 12, 70000, 33, 0x12345678, 65536)
    sent = SenderInfo(1_700_000_000.25, 1600, 10, 1600)
    data = build_report(Report(7, sent, (block,)), "bot@test", goodbye=True)
    (report,) = parse_reports(data)
    assert report.blocks == (block,) and report.sender is not None
    assert (report.sender.timestamp, report.sender.packets) == (1600, 10)
    assert abs(report.sender.ntp_s - sent.ntp_s) < 1e-6
    assert says_goodbye(data) and len(data) % 4 == 0


def test_a_peers_report_tells_what_it_missed_of_us() -> None:
    made = line()
    made.frame(None)
    block = ReportBlock(made.reporting.ssrc, 3, 17, 100, 160, 0, 0)
    made.receive_rtcp(build_report(Report(5, None, (block,)), "peer"), (PEER[0], 4001), 1.0)
    report = made.report()
    assert (report.peer_lost, report.peer_jitter_ms) == (17, 20.0)


def test_reports_go_out_every_five_seconds() -> None:
    reporting = Reporting(7, "bot@test", Reception())
    due = [second for second in range(21) if reporting.due(float(second)) is not None]
    assert due == [5, 10, 15, 20]


@pytest.mark.parametrize(
    "data",
    [b"", b"\x80", b"\x00" * 12, b"\x9f" + b"\0" * 11, b"\xb0" + b"\0" * 11, b"\xa0" + b"\0" * 11 + b"\xff"],
)
def test_what_is_no_packet_is_refused_and_counted(data: bytes) -> None:
    with pytest.raises(RtpInvalid):
        parse_packet(data)
    made = line()
    made.receive(data, PEER, 0.0)
    assert made.malformed == 1 and made.pull() == bytes(320)


def test_extensions_and_padding_are_no_sound() -> None:
    head = struct.pack("!BBHII", 0x80 | 0x30 | 1, 8, 1, 2, 3)
    data = head + b"csrc" + struct.pack("!HH", 0, 1) + b"extn" + b"sound" + b"\0\0\x03"
    assert parse_packet(data).payload == b"sound"
