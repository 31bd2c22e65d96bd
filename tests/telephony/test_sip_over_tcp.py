"""Calls and registrations by TCP, of either family: one stream, cut anywhere, both sides asking on it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.telephony.conftest import Exchange, Start
from tests.telephony.uac import Heard, Phone, digest_response, until
from voice.line.listening_place import Listen
from voice.sip.digest import Credentials
from voice.sip.registration import Account


class Stream:
    """One TCP connection that carries SIP."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def next(self) -> Heard:
        """The next message."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)
        length = int(re.search(rb"Content-Length: (\d+)", head)[1])  # type: ignore[index]
        return Heard.read(head + await self.reader.readexactly(length))

    async def until(self, status: int) -> Heard:
        """The next response with this status."""
        heard = await self.next()
        while heard.status != status:
            heard = await self.next()
        return heard

    def send(self, text: str) -> None:
        """Send a message that was written for UDP."""
        self.writer.write(text.replace("SIP/2.0/UDP", "SIP/2.0/TCP").encode())

    def reply(self, request: Heard, status: str, *extra: str) -> None:
        """Answer a request."""
        lines = [f"SIP/2.0 {status}"]
        for name in ("Via", "From", "To", "Call-ID", "CSeq"):
            lines += [f"{name}: {value}" for value in request.all(name)]
        self.send("\r\n".join([*lines, *extra, "Content-Length: 0"]) + "\r\n\r\n")


@asynccontextmanager
async def connected(exchange: Exchange) -> AsyncIterator[Stream]:
    """A connection to the endpoint."""
    reader, writer = await asyncio.open_connection(*exchange.endpoint.address("TCP"))
    yield Stream(reader, writer)
    writer.close()


async def hold(exchange: Exchange, stream: Stream, phone: Phone) -> Heard:
    """Call, acknowledge; returns the 200."""
    stream.send(phone.request("INVITE", phone.sdp()))
    answer = await stream.until(200)
    phone.to = answer.get("to")
    stream.send(phone.request("ACK", sequence=phone.sequence))
    await until(lambda: exchange.endpoint.calls == 1)
    return answer


async def test_a_call_comes_in_pieces_and_the_bot_hangs_up_on_the_same_connection(exchange: Exchange) -> None:
    phone = await exchange.phone()
    async with connected(exchange) as stream:
        invite = phone.request("INVITE", phone.sdp()).replace("SIP/2.0/UDP", "SIP/2.0/TCP").encode()
        stream.writer.write(b"\r\n\r\n" + invite[:100])
        await stream.writer.drain()
        assert await stream.reader.readexactly(2) == b"\r\n", "a ping is answered"
        stream.writer.write(invite[100:])
        answer = await stream.until(200)
        assert ";transport=tcp" in answer.get("contact")
        phone.to = answer.get("to")
        stream.send(phone.request("ACK", sequence=1))
        await until(lambda: exchange.endpoint.calls == 1)
        exchange.echo.hang_up_after = exchange.echo.frames + 1
        assert (await stream.next()).method == "BYE"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_a_caller_is_put_on_hold_and_hangs_up_by_tcp(start: Start, host: str) -> None:
    exchange = await start(listen=(Listen("TCP", host, 0),))
    phone = await Phone(exchange.endpoint.address("TCP"), host=host).open()
    exchange.phones.append(phone)
    async with connected(exchange) as stream:
        answer = await hold(exchange, stream, phone)
        assert f"c=IN IP{6 if ':' in host else 4} {host}" in answer.body
        stream.send(phone.request("INVITE", phone.sdp("sendonly")))
        assert "a=recvonly" in (await stream.until(200)).body
        stream.send(phone.request("ACK", sequence=phone.sequence))
        await until(lambda: exchange.echo.calls[0].held)
        stream.send(phone.request("BYE"))
        assert (await stream.until(200)).cseq == "3 BYE"
        await until(lambda: exchange.endpoint.calls == 0)


async def test_an_extension_by_tcp_is_called_on_the_connection_by_which_it_registered(start: Start) -> None:
    connections: asyncio.Queue[Stream] = asyncio.Queue()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.put_nowait(Stream(reader, writer))

    registrar = await asyncio.start_server(accept, "127.0.0.1", 0)
    uri = f"sip:127.0.0.1:{registrar.sockets[0].getsockname()[1]};transport=tcp"
    exchange = await start(
        account=Account(uri, "sip:8000@127.0.0.1", 60), credentials=Credentials("8000", "secret")
    )
    stream = await asyncio.wait_for(connections.get(), 5)
    first = await stream.next()
    assert first.get("via").startswith("SIP/2.0/TCP ") and ";transport=tcp" in first.get("contact")
    stream.reply(first, "401 Unauthorized", 'WWW-Authenticate: Digest realm="pbx", nonce="abc"')
    second = await stream.next()
    wanted = digest_response("8000", "secret", "pbx", "abc", "REGISTER", uri)
    assert f'response="{wanted}"' in second.get("authorization")
    stream.reply(second, "200 OK", f"Contact: {second.get('contact')}")
    await until(lambda: exchange.endpoint.registered)
    phone = await exchange.phone()
    await hold(exchange, stream, phone)
    stream.send(phone.request("BYE"))
    assert (await stream.until(200)).cseq == "2 BYE"
    registrar.close()
