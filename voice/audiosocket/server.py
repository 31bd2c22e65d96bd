"""AudioSocketServer: holds the calls that Asterisk's dialplan hands over by AudioSocket()."""

import asyncio
import contextlib
import logging
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from voice.audiosocket.caller_book import CallerBook
from voice.audiosocket.frames import (
    HANG_UP,
    SOUND_HZ,
    UUID,
    AudioSocketInvalid,
    Frame,
    FrameReader,
)
from voice.line.admission import PeerList, Refusal
from voice.line.listening_place import AddressUnusable, Listen
from voice.line.phone_number import national
from voice.transports.audiosocket import AudioSocketTransport

_logger = logging.getLogger(__name__)

TakeCall = Callable[[AudioSocketTransport], Awaitable[None]]

_HELLO_S = 5.0
"""How long a connection may take to say its UUID."""

_FIRST_SOUND_S = 1.0
"""How long the first sound, which tells the sample rate, is waited for; 8 kHz without it."""

_SILENT_S = 30.0
_WAITING_BYTES = 64_000
"""Unsent bytes (2 s at 16 kHz) after which a peer that does not read has lost its line."""


@dataclass(frozen=True)
class AudioSocketSettings:
    """The names of the environment variables are in docs/settings.md."""

    listen: tuple[Listen, ...]
    peers: PeerList
    max_call_s: float = 1860.0


class AudioSocketServer:
    """One TCP connection is one call."""

    def __init__(
        self,
        settings: AudioSocketSettings,
        book: CallerBook,
        take_call: TakeCall,
        refusal: Callable[[], Refusal | None],
    ) -> None:
        self._settings = settings
        self._book = book
        self._take_call = take_call
        self._refusal = refusal
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._lines: dict[AudioSocketTransport, asyncio.Task[None]] = {}
        self._draining = False
        self.counts: Counter[str] = Counter()
        """What was refused, by reason."""

    async def open(self) -> None:
        """Listen. Raises AddressUnusable."""
        for place in self._settings.listen:
            try:
                self._servers.append(await asyncio.start_server(self._connected, place.host, place.port))
            except OSError as error:
                await self.close()
                raise AddressUnusable(
                    f"cannot listen at {place.host}:{place.port}: {error.strerror}"
                ) from error

    async def drain(self, limit_s: float) -> None:
        """Turn new calls away, let the present ones end by themselves for ``limit_s``, and hang up the rest."""
        self._draining = True
        if self._lines:
            await asyncio.wait([*self._lines.values()], timeout=limit_s)
        for line in list(self._lines):
            await line.hang_up()
        if self._lines:
            await asyncio.wait([*self._lines.values()], timeout=5)

    async def close(self) -> None:
        """End everything at once."""
        for server in self._servers:
            server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    registered: bool | None = None
    """There is nothing to be registered."""

    @property
    def calls(self) -> int:
        """Calls that go on now."""
        return len(self._lines)

    @property
    def lines(self) -> list[AudioSocketTransport]:
        """Lines on which the bot talks now."""
        return list(self._lines)

    @property
    def address(self) -> tuple[str, int]:
        """Where we listen."""
        host, port = self._servers[0].sockets[0].getsockname()[:2]
        return str(host), int(port)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            host = writer.get_extra_info("peername")[0]
            if self._settings.peers.allows(host):
                await self._serve(reader, writer)
            else:
                self.counts["stranger"] += 1
        except (OSError, asyncio.IncompleteReadError):
            self.counts["broken"] += 1
        except (AudioSocketInvalid, asyncio.TimeoutError):
            self.counts["malformed"] += 1
        except Exception:
            _logger.exception("a call by AudioSocket broke off: code=call_failed")
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames = FrameReader()
        call, early = await asyncio.wait_for(_greeting(reader, frames), _HELLO_S)
        refusal = Refusal(503, "draining") if self._draining else self._refusal()
        reason = "unannounced" if not self._book.admits(call) else refusal.why if refusal else None
        if reason is not None:
            self.counts[reason] += 1
            if refusal is not None:
                self._book.ended(call, "refused")
            writer.write(Frame(HANG_UP).to_bytes())
            await writer.drain()
            return
        rate, early = await _sample_rate(reader, frames, early)
        caller = self._book.caller(call)

        def send(data: bytes) -> None:
            writer.write(data)
            if writer.transport.get_write_buffer_size() > _WAITING_BYTES:
                line.closed()

        line = AudioSocketTransport(
            call,
            rate,
            national(caller) if caller else None,
            send,
            lambda outcome: self._book.ended(call, outcome),
        )
        for frame in early:
            line.receive(frame)
        await self._hold(line, reader, frames)
        await writer.drain()

    async def _hold(
        self, line: AudioSocketTransport, reader: asyncio.StreamReader, frames: FrameReader
    ) -> None:
        """Run the call and its reader side by side until either ends."""

        async def hold() -> None:
            await self._take_call(line)

        holding = self._lines[line] = asyncio.create_task(hold())
        reading = asyncio.create_task(self._read(line, reader, frames))
        try:
            await asyncio.wait([holding], timeout=self._settings.max_call_s)
            if not holding.done():
                self.counts["call_too_long"] += 1
                await line.hang_up()
                await asyncio.wait([holding], timeout=5)
        finally:
            reading.cancel()
            line.closed()
            if not holding.done():
                holding.cancel()
            await asyncio.gather(holding, reading, return_exceptions=True)
            del self._lines[line]
            if self._book.outcome(line.call) == "talking":
                self._book.ended(line.call, "hangup")

    async def _read(
        self, line: AudioSocketTransport, reader: asyncio.StreamReader, frames: FrameReader
    ) -> None:
        heard_at = time.monotonic()
        try:
            while data := await asyncio.wait_for(reader.read(65536), _SILENT_S):
                heard_at = time.monotonic()
                for frame in frames.push(data):
                    line.receive(frame)
        except asyncio.TimeoutError:
            self.counts["peer_vanished"] += 1
            line.closed("peer_vanished")
            _logger.info("an AudioSocket peer is silent: seconds=%.0f", time.monotonic() - heard_at)
        except (OSError, AudioSocketInvalid):
            self.counts["broken"] += 1
        finally:
            line.closed()


async def _greeting(reader: asyncio.StreamReader, frames: FrameReader) -> tuple[uuid.UUID, list[Frame]]:
    """The UUID, which Asterisk says first, and what came with it. Raises AudioSocketInvalid, IncompleteReadError."""
    while True:
        data = await reader.read(65536)
        if not data:
            raise asyncio.IncompleteReadError(b"", None)
        got = frames.push(data)
        if got:
            break
    if got[0].kind != UUID:
        raise AudioSocketInvalid("the first frame is no UUID")
    return uuid.UUID(bytes=got[0].payload), got[1:]


async def _sample_rate(
    reader: asyncio.StreamReader, frames: FrameReader, early: list[Frame]
) -> tuple[int, list[Frame]]:
    """The rate of the first sound: 8 kHz from the application, 16 kHz where the channel driver speaks slin16."""
    until = time.monotonic() + _FIRST_SOUND_S
    while not any(frame.kind in SOUND_HZ or frame.kind == HANG_UP for frame in early):
        try:
            data = await asyncio.wait_for(reader.read(65536), max(0.01, until - time.monotonic()))
        except asyncio.TimeoutError:
            break
        if not data:
            early.append(Frame(HANG_UP))
        early += frames.push(data)
    rate = next((SOUND_HZ[frame.kind] for frame in early if frame.kind in SOUND_HZ), 8000)
    return rate, early
