"""SipNetwork: the sockets under the endpoint: UDP and TCP, IPv4 and IPv6."""

import asyncio
import contextlib
import itertools
import logging
import socket
from collections.abc import Callable, Coroutine
from typing import Any

from voice.line.datagrams import bound_socket, family_of
from voice.line.listening_place import AddressUnusable, Listen
from voice.sip.errors import SipInvalid
from voice.sip.hop import Hop
from voice.sip.stream import MessageStream

_logger = logging.getLogger(__name__)

Receive = Callable[[bytes, Hop], None]

_MOST_CONNECTIONS = 256
_IDLE_S = 3700.0
"""A TCP connection without a byte for longer than a registration lasts is closed."""

_WAITING_BYTES = 1_000_000
"""Unsent bytes after which a peer that does not read loses its connection."""


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        # Two or four bytes of blanks keep a NAT mapping open (RFC 5626 section 3.5.1).
        if data.strip(b"\r\n\0"):
            self._receive(data, Hop("UDP", addr[0].partition("%")[0], addr[1]))

    def error_received(self, exc: Exception) -> None:
        """An ICMP error of an earlier datagram: the transaction's timers deal with it."""


class SipNetwork:
    """Sends and receives whole messages."""

    def __init__(
        self,
        places: tuple[Listen, ...],
        receive: Receive,
        allows: Callable[[str], bool],
        unreachable: Callable[[Hop], None],
    ) -> None:
        """``allows`` tells whether a TCP connection from an address is kept; ``unreachable``: none could be made."""
        self._places = places
        self._receive = receive
        self._allows = allows
        self._unreachable = unreachable
        self._datagrams: list[tuple[socket.AddressFamily, asyncio.DatagramTransport]] = []
        self._servers: list[asyncio.AbstractServer] = []
        self._writers: dict[int, asyncio.StreamWriter] = {}
        self._by_place: dict[tuple[str, int], int] = {}
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self.bound: list[Listen] = []
        """Where we listen, with the ports that the system chose for port 0."""

    async def open(self) -> None:
        """Bind everything. Raises AddressUnusable."""
        loop = asyncio.get_running_loop()
        for place in self._places:
            try:
                if place.transport == "UDP":
                    transport, _ = await loop.create_datagram_endpoint(
                        lambda: _Datagrams(self._receive), sock=bound_socket(place.host, place.port)
                    )
                    name = transport.get_extra_info("sockname")
                    self._datagrams.append((family_of(place.host), transport))
                else:
                    server = await asyncio.start_server(self._accepted, place.host, place.port)
                    name = server.sockets[0].getsockname()
                    self._servers.append(server)
            except OSError as error:
                await self.close()
                where = f"{place.transport.lower()}:{place.host}:{place.port}"
                raise AddressUnusable(f"cannot listen for calls at {where}: {error.strerror}") from error
            self.bound.append(Listen(place.transport, place.host, name[1]))

    def send(self, data: bytes, hop: Hop) -> None:
        """Send one message; what a datagram loses, the transaction's timers deal with."""
        if hop.transport == "UDP":
            for family, transport in self._datagrams:
                if family == family_of(hop.host):
                    with contextlib.suppress(OSError):
                        transport.sendto(data, (hop.host, hop.port))
                    return
            return
        number = (
            hop.connection if hop.connection in self._writers else self._by_place.get((hop.host, hop.port))
        )
        writer = self._writers.get(number) if number is not None else None
        if writer is not None:
            self._write(writer, data)
        else:
            self._start(self._connect(data, hop))

    async def close(self) -> None:
        """Close everything."""
        for _, transport in self._datagrams:
            transport.close()
        for server in self._servers:
            server.close()
        for writer in self._writers.values():
            writer.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @staticmethod
    def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
        writer.write(data)
        if writer.transport.get_write_buffer_size() > _WAITING_BYTES:
            writer.transport.abort()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = writer.get_extra_info("peername")[:2]
        if not self._allows(host) or len(self._writers) >= _MOST_CONNECTIONS:
            writer.close()
            return
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await self._read(reader, writer, host, port)

    async def _connect(self, data: bytes, hop: Hop) -> None:
        try:
            opening = asyncio.open_connection(hop.host, hop.port)
            reader, writer = await asyncio.wait_for(opening, timeout=10)
        except (OSError, asyncio.TimeoutError):
            self._unreachable(hop)
            return
        self._write(writer, data)
        await self._read(reader, writer, hop.host, hop.port)

    async def _read(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int
    ) -> None:
        number, stream = next(self._numbers), MessageStream()
        self._writers[number] = writer
        self._by_place[host, port] = number
        try:
            while data := await asyncio.wait_for(reader.read(65536), _IDLE_S):
                for message in stream.push(data):
                    self._receive(message, Hop("TCP", host.partition("%")[0], port, number))
                if stream.keep_alives:
                    self._write(writer, b"\r\n" * stream.keep_alives)
                    stream.keep_alives = 0
        except (OSError, asyncio.TimeoutError, SipInvalid):
            _logger.info("a TCP connection was closed after an error: peer=%s", host)
        finally:
            self._writers.pop(number, None)
            if self._by_place.get((host, port)) == number:
                del self._by_place[host, port]
            writer.close()
