"""Asterisk's AudioSocket, byte by byte: the client here is written from the protocol's description alone."""

import asyncio
import struct
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.telephony.uac import until
from voice.audiosocket.caller_book import CallerBook
from voice.audiosocket.frames import AudioSocketInvalid, FrameReader
from voice.audiosocket.server import AudioSocketServer, AudioSocketSettings
from voice.line.admission import PeerList, Refusal
from voice.line.listening_place import Listen
from voice.line.transport import Dtmf, TransferFailed
from voice.transports.audiosocket import AudioSocketTransport

CALL = uuid.UUID("40325ec2-5efd-4bd3-805f-53576e581d13")

RECORDED = bytes.fromhex(
    "010010" + "40325ec25efd4bd3805f53576e581d13" + "100140" + "00" * 320 + "030001" + "35" + "000000"
)
"""What Asterisk's AudioSocket() sends: the UUID, 20 ms of silence, the key 5, the hang-up."""


@dataclass
class Bot:
    """Holds the calls: plays back what it hears, or does what a test tells it to."""

    lines: list[AudioSocketTransport] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    sound: bytearray = field(default_factory=bytearray)
    frames: int = 0
    then: str = ""
    after_frames: int = 10
    error: str = ""

    async def __call__(self, line: AudioSocketTransport) -> None:
        self.lines.append(line)
        async for item in line.frames():
            if isinstance(item, Dtmf):
                self.keys.append(item.key)
                continue
            self.frames += 1
            self.sound += item.pcm
            await line.play(item)
            if self.then and self.frames >= self.after_frames:
                try:
                    await (line.transfer("agent") if self.then == "transfer" else line.hang_up())
                except TransferFailed as error:
                    self.error = str(error)


@dataclass
class Asterisk:
    """The other end of the connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, kind: int, payload: bytes = b"") -> None:
        self.writer.write(bytes([kind]) + len(payload).to_bytes(2, "big") + payload)

    async def frame(self) -> tuple[int, bytes]:
        head = await asyncio.wait_for(self.reader.readexactly(3), 5)
        return head[0], await self.reader.readexactly(struct.unpack(">H", head[1:])[0])


@dataclass
class Served:
    server: AudioSocketServer
    bot: Bot
    book: CallerBook
    refusals: list[Refusal]
    opened: list[Asterisk]

    async def asterisk(self, call: uuid.UUID | None = CALL) -> Asterisk:
        client = Asterisk(*await asyncio.open_connection(*self.server.address))
        self.opened.append(client)
        if call is not None:
            client.send(0x01, call.bytes)
        return client


async def serve(peers: str = "127.0.0.1", *, announced_only: bool = False, max_call_s: float = 60) -> Served:
    bot, book, refusals = Bot(), CallerBook(announced_only=announced_only), list[Refusal]()
    settings = AudioSocketSettings((Listen("TCP", "127.0.0.1", 0),), PeerList([peers]), max_call_s)
    server = AudioSocketServer(settings, book, bot, lambda: refusals[0] if refusals else None)
    await server.open()
    return Served(server, bot, book, refusals, [])


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    running = await serve()
    yield running
    await stop(running)


async def stop(running: Served) -> None:
    for client in running.opened:
        client.writer.close()
    await running.server.close()


def tone(duration_ms: int, rate: int = 8000) -> bytes:
    t = np.arange(rate * duration_ms // 1000) / rate
    return (np.sin(2 * np.pi * 400 * t) * 8000).astype("<i2").tobytes()


async def test_a_recorded_exchange_is_understood(served: Served) -> None:
    client = await served.asterisk(call=None)
    for at in range(0, len(RECORDED), 7):
        client.writer.write(RECORDED[at : at + 7])
        await client.writer.drain()
    await until(lambda: served.bot.lines and not served.server.calls)
    assert served.bot.lines[0].call == CALL
    assert served.bot.lines[0].sample_rate == 8000


async def test_sound_goes_both_ways_in_frames_of_20_ms(served: Served) -> None:
    client = await served.asterisk()
    sound = np.random.default_rng(1).integers(-8000, 8000, 160 * 20).astype("<i2").tobytes()
    for at in range(0, len(sound), 500):
        client.send(0x10, sound[at : at + 500])
    heard = [await client.frame() for _ in range(30)]
    assert {(kind, len(payload)) for kind, payload in heard} == {(0x10, 320)}
    assert sound in b"".join(payload for _, payload in heard), "every sample as it was sent"


async def test_wideband_sound_of_the_channel_driver_stays_wideband(served: Served) -> None:
    client = await served.asterisk()
    for _ in range(10):
        client.send(0x12, tone(20, 16000))
    kind, payload = await client.frame()
    assert (kind, len(payload), served.bot.lines[0].sample_rate) == (0x12, 640, 16000)


async def test_keys_reach_the_call(served: Served) -> None:
    client = await served.asterisk()
    client.send(0x10, bytes(320))
    for key in b"1*#A":
        client.send(0x03, bytes([key]))
    await until(lambda: len(served.bot.keys) == 3)
    assert served.bot.keys == ["1", "*", "#"]


async def test_a_silent_line_is_played_to_all_the_same(served: Served) -> None:
    client = await served.asterisk()
    assert [await client.frame() for _ in range(5)] == [(0x10, bytes(320))] * 5


async def test_hanging_up_leaves_the_dialplan_nothing_to_do(served: Served) -> None:
    served.bot.then = "hang_up"
    client = await served.asterisk()
    client.send(0x10, bytes(320))
    while (frame := await client.frame())[0] != 0x00:
        pass
    assert frame == (0x00, b"")
    assert await client.reader.read() == b""
    assert served.book.outcome(CALL) == "hangup"


async def test_a_transfer_hangs_up_and_tells_the_dialplan_to_dial_a_person(served: Served) -> None:
    served.bot.then = "transfer"
    client = await served.asterisk()
    client.send(0x10, bytes(320))
    while (await client.frame())[0] != 0x00:
        pass
    assert served.book.outcome(CALL) == "transfer"


async def test_a_caller_who_hangs_up_ends_the_call(served: Served) -> None:
    client = await served.asterisk()
    client.send(0x10, bytes(320))
    await until(lambda: served.server.calls == 1)
    client.send(0x00)
    await until(lambda: served.server.calls == 0)
    assert served.book.outcome(CALL) == "hangup"


async def test_the_announced_number_is_the_callers() -> None:
    running = await serve(announced_only=True)
    running.book.announce(CALL, "+8613800000001")
    client = await running.asterisk()
    client.send(0x10, bytes(320))
    await until(lambda: running.bot.lines)
    assert running.bot.lines[0].caller == "13800000001"
    second = await running.asterisk()
    assert (await second.frame())[0] == 0x00, "a UUID is good for one call"
    stranger = await running.asterisk(uuid.uuid4())
    assert (await stranger.frame())[0] == 0x00
    assert running.server.counts["unannounced"] == 2
    await stop(running)


async def test_strangers_are_cut_off() -> None:
    running = await serve(peers="192.0.2.1")
    client = await running.asterisk(call=None)
    assert await client.reader.read() == b""
    assert running.server.counts["stranger"] == 1 and not running.bot.lines
    await stop(running)


async def test_a_full_house_goes_on_to_a_person(served: Served) -> None:
    served.refusals.append(Refusal(503, "calls_full"))
    client = await served.asterisk()
    assert await client.frame() == (0x00, b"")
    assert served.book.outcome(CALL) == "refused"
    assert served.server.counts["calls_full"] == 1


@pytest.mark.parametrize(
    "rubbish", [b"\x01\x00\x05hello", b"GET / HTTP/1.1\r\n\r\n", b"\x10\x00\x03abc", b"\x01\x00\x10abc"]
)
async def test_rubbish_ends_its_own_connection_only(served: Served, rubbish: bytes) -> None:
    talking = await served.asterisk()
    talking.send(0x10, bytes(320))
    await until(lambda: served.server.calls == 1)
    client = await served.asterisk(call=None)
    client.writer.write(rubbish)
    client.writer.write_eof()
    assert await client.reader.read() == b""
    assert served.server.calls == 1
    assert (await talking.frame())[0] == 0x10


async def test_a_peer_that_sends_too_fast_is_caught_up_with(served: Served) -> None:
    client = await served.asterisk()
    for _ in range(200):
        client.send(0x10, bytes(320))
    await until(lambda: served.bot.frames > 20)
    report = served.bot.lines[0].report()
    assert report.dropped > 100


async def test_a_call_cannot_last_for_ever() -> None:
    running = await serve(max_call_s=0.3)
    client = await running.asterisk()
    client.send(0x10, bytes(320))
    while (await client.frame())[0] != 0x00:
        pass
    assert running.server.counts["call_too_long"] == 1
    await stop(running)


async def test_draining_turns_new_calls_away_and_lets_present_ones_end(served: Served) -> None:
    talking = await served.asterisk()
    talking.send(0x10, bytes(320))
    await until(lambda: served.server.calls == 1)
    draining = asyncio.create_task(served.server.drain(5))
    await asyncio.sleep(0.05)
    late = await served.asterisk(uuid.uuid4())
    assert (await late.frame())[0] == 0x00
    assert not draining.done()
    talking.send(0x00)
    await asyncio.wait_for(draining, 2)


def test_frames_are_cut_wherever_the_network_cuts_them() -> None:
    whole = FrameReader().push(RECORDED)
    for size in (1, 2, 3, 5, 100):
        reader = FrameReader()
        pieces = [
            frame for at in range(0, len(RECORDED), size) for frame in reader.push(RECORDED[at : at + size])
        ]
        assert pieces == whole
    assert [frame.kind for frame in whole] == [0x01, 0x10, 0x03, 0x00]


def test_a_frame_that_cannot_be_right_is_refused_by_its_header() -> None:
    with pytest.raises(AudioSocketInvalid):
        FrameReader().push(b"\x10\xff\xff")
