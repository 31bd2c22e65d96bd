"""A minimal telephone for tests, written from the RFCs and sharing no code with the endpoint that it calls."""

import asyncio
import audioop
import hashlib
import itertools
import re
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

_numbers = itertools.count(1)


@dataclass
class Heard:
    """One SIP message as text, cut into what tests look at."""

    first: str
    fields: list[tuple[str, str]]
    body: str

    @staticmethod
    def read(data: bytes) -> "Heard":
        head, _, body = data.decode().partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        return Heard(
            first, [(line.split(":", 1)[0].lower(), line.split(":", 1)[1].strip()) for line in lines], body
        )

    def get(self, name: str) -> str:
        return next((value for known, value in self.fields if known == name.lower()), "")

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.fields if known == name.lower()]

    @property
    def status(self) -> int:
        return int(self.first.split(" ")[1]) if self.first.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        return "" if self.status else self.first.split(" ")[0]

    @property
    def cseq(self) -> str:
        return self.get("cseq")


class _Socket(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.queue: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.queue.put_nowait((data, addr[:2]))


@dataclass
class Phone:
    """One telephone: a SIP socket, an RTP socket, and at most one call. Times are wall seconds."""

    server: tuple[str, int]
    host: str = "127.0.0.1"
    user: str = "13900000000"
    extra: tuple[str, ...] = ()
    """Further header lines of the INVITE."""
    codecs: str = "8 0 101"
    port: int = 0
    rtp_port: int = 0
    call_id: str = field(default_factory=lambda: f"call-{next(_numbers)}@test")
    tag: str = field(default_factory=lambda: f"tag{next(_numbers)}")
    sequence: int = 0
    to: str = ""
    answer_rtp: tuple[str, int] = ("", 0)
    payload_type: int = 8
    contact: str = ""
    invite_branch: str = ""

    async def open(self) -> "Phone":
        loop = asyncio.get_running_loop()
        self._sip_transport, sip = await loop.create_datagram_endpoint(_Socket, local_addr=(self.host, 0))
        self._rtp_transport, rtp = await loop.create_datagram_endpoint(_Socket, local_addr=(self.host, 0))
        self.sip, self.rtp = sip.queue, rtp.queue
        self.port = self._sip_transport.get_extra_info("sockname")[1]
        self.rtp_port = self._rtp_transport.get_extra_info("sockname")[1]
        self.rtp_sequence, self.rtp_timestamp, self.ssrc = 1000, 5000, 0x1234 + next(_numbers)
        return self

    def close(self) -> None:
        self._sip_transport.close()
        self._rtp_transport.close()

    # -- SIP -------------------------------------------------------------------------------------------------

    def sdp(self, direction: str = "sendrecv", codecs: str | None = None, host: str | None = None) -> str:
        kind = "IP6" if ":" in self.host else "IP4"
        return (
            f"v=0\r\no=- 1 1 IN {kind} {self.host}\r\ns=-\r\nc=IN {kind} {host or self.host}\r\nt=0 0\r\n"
            f"m=audio {self.rtp_port} RTP/AVP {codecs or self.codecs}\r\na=rtpmap:8 PCMA/8000\r\n"
            f"a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na={direction}\r\n"
        )

    def request(
        self, method: str, body: str = "", *, extra: tuple[str, ...] = (), branch: str = "", sequence: int = 0
    ) -> str:
        if not sequence:
            self.sequence += 1
            sequence = self.sequence
        branch = branch or f"z9hG4bKtest{next(_numbers)}"
        if method == "INVITE":
            self.invite_branch = branch
        host = f"[{self.host}]" if ":" in self.host else self.host
        server = f"[{self.server[0]}]" if ":" in self.server[0] else self.server[0]
        kind = "application/dtmf-relay" if method == "INFO" else "application/sdp"
        lines = [
            f"{method} {self.contact or f'sip:bot@{server}:{self.server[1]}'} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{self.port};branch={branch};rport",
            f"From: <sip:{self.user}@{host}>;tag={self.tag}",
            f"To: {self.to or f'<sip:bot@{server}>'}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {sequence} {method}",
            f"Contact: <sip:{self.user}@{host}:{self.port}>",
            "Max-Forwards: 70",
            *extra,
            *([f"Content-Type: {kind}"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join(lines) + "\r\n\r\n" + body

    def send(self, text: str | bytes) -> None:
        data = text.encode() if isinstance(text, str) else text
        self._sip_transport.sendto(data, self.server)

    async def next(self, timeout_s: float = 5) -> Heard:
        data, _ = await asyncio.wait_for(self.sip.get(), timeout_s)
        return Heard.read(data)

    async def response(self, cseq: str, timeout_s: float = 5, *, final: bool = True) -> Heard:
        """The next response to that CSeq; other messages are passed over."""
        while True:
            heard = await self.next(timeout_s)
            if heard.status and heard.cseq == cseq and (heard.status >= 200 or not final):
                return heard

    async def incoming(self, method: str, timeout_s: float = 5) -> Heard:
        """The next request with that method; others are passed over."""
        while True:
            heard = await self.next(timeout_s)
            if heard.method == method:
                return heard

    def reply(
        self, request: Heard, status: str = "200 OK", extra: tuple[str, ...] = (), body: str = ""
    ) -> None:
        lines = [f"SIP/2.0 {status}"]
        for name in ("Via", "From", "To", "Call-ID", "CSeq"):
            lines += [f"{name}: {value}" for value in request.all(name)]
        lines += [*extra, f"Content-Length: {len(body)}"]
        self.send("\r\n".join(lines) + "\r\n\r\n" + body)

    async def invite(self, body: str | None = None, *, ack: bool = True) -> Heard:
        """Call; returns the final response, acknowledged."""
        self.send(self.request("INVITE", self.sdp() if body is None else body, extra=self.extra))
        return await self.final(ack=ack)

    async def final(self, *, ack: bool = True) -> Heard:
        heard = await self.response(f"{self.sequence} INVITE")
        if heard.status == 200:
            self.to = heard.get("to")
            self.contact = re.search(r"<(.*?)>", heard.get("contact"))[1]  # type: ignore[index]
            if heard.body:
                self.take(heard.body)
            if ack:
                self.ack()
        else:
            # The ACK of a refusal belongs to the INVITE's transaction and has the To of the answer.
            known, self.to = self.to, heard.get("to")
            self.send(self.request("ACK", branch=self.invite_branch, sequence=self.sequence))
            self.to = known
        return heard

    def take(self, sdp: str) -> None:
        host = re.search(r"c=IN IP[46] (\S+)", sdp)
        port, first = re.search(r"m=audio (\d+) RTP/AVP (\d+)", sdp).groups()  # type: ignore[union-attr]
        self.answer_rtp, self.payload_type = (host[1], int(port)), int(first)  # type: ignore[index]

    def ack(self, body: str = "") -> None:
        self.send(self.request("ACK", body, sequence=self.sequence))

    async def hang_up(self) -> Heard:
        self.send(self.request("BYE"))
        return await self.response(f"{self.sequence} BYE")

    # -- RTP -------------------------------------------------------------------------------------------------

    def packet(self, payload: bytes, payload_type: int | None = None, *, marker: bool = False) -> bytes:
        kind = (self.payload_type if payload_type is None else payload_type) | (0x80 if marker else 0)
        return (
            struct.pack("!BBHII", 0x80, kind, self.rtp_sequence % 65536, self.rtp_timestamp, self.ssrc)
            + payload
        )

    def sound_packet(self, pcm: bytes) -> bytes:
        encode = audioop.lin2alaw if self.payload_type == 8 else audioop.lin2ulaw
        data = self.packet(encode(pcm, 2))
        self.rtp_sequence += 1
        self.rtp_timestamp += 160
        return data

    def send_rtp(self, data: bytes) -> None:
        self._rtp_transport.sendto(data, self.answer_rtp)

    async def speak(self, pcm: bytes) -> None:
        """Send s16le at 8 kHz in real time."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number, at in enumerate(range(0, len(pcm), 320)):
            await asyncio.sleep(max(0.0, began + number * 0.02 - loop.time()))
            self.send_rtp(self.sound_packet(pcm[at : at + 320].ljust(320, b"\0")))

    def press(self, key: str, *, lose: tuple[int, ...] = ()) -> None:
        """Send a key as RFC 4733: three packets that grow, then the end three times; ``lose`` names those lost."""
        event = "0123456789*#".index(key)
        for number in range(6):
            end = 0x80 if number >= 3 else 0
            duration = min(number + 1, 4) * 160
            data = self.packet(struct.pack("!BBH", event, end | 10, duration), 101, marker=number == 0)
            self.rtp_sequence += 1
            if number not in lose:
                self.send_rtp(data)
        self.rtp_timestamp += 640

    async def hear(self, duration_s: float) -> list[bytes]:
        """RTP datagrams that come within this time."""
        loop, heard = asyncio.get_running_loop(), []
        until = loop.time() + duration_s
        while (left := until - loop.time()) > 0:
            try:
                data, _ = await asyncio.wait_for(self.rtp.get(), left)
            except asyncio.TimeoutError:
                break
            heard.append(data)
        return heard


def pcm_of(packets: list[bytes]) -> bytes:
    """The sound of RTP packets, s16le."""
    decode = {8: audioop.alaw2lin, 0: audioop.ulaw2lin}
    return b"".join(
        decode[data[1] & 0x7F](data[12:], 2)
        for data in packets
        if data[1] & 0x7F in decode and not 192 <= data[1] <= 223
    )


def digest_response(user: str, password: str, realm: str, nonce: str, method: str, uri: str) -> str:
    """RFC 2617 without qop."""

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    return md5(f"{md5(f'{user}:{realm}:{password}')}:{nonce}:{md5(f'{method}:{uri}')}")


def free_port() -> int:
    """A UDP port that is free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def until(condition: Callable[[], object], timeout_s: float = 10.0) -> None:
    """Wait until something has become true."""
    for _ in range(int(timeout_s / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never became true")
