"""FuzzInputs: valid messages of every protocol that comes from outside, and ways to spoil them."""

import random
import struct
import uuid

from voice.rtp.packet import RtpPacket
from voice.rtp.rtcp import Report, ReportBlock, SenderInfo, build_report
from voice.rtp.telephone_event import event_payload

SDP = (
    "v=0\r\no=- 1 1 IN IP4 10.0.0.5\r\ns=-\r\nc=IN IP4 10.0.0.5\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0 101\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n"
    "a=rtcp:4001\r\na=rtcp-mux\r\na=sendrecv\r\n"
)
_SDP_OTHERS = (
    SDP.replace("IP4 10.0.0.5", "IP6 2001:db8::5"),
    SDP.replace("sendrecv", "sendonly") + "m=video 5000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n",
    SDP.replace("c=IN IP4 10.0.0.5", "c=IN IP4 0.0.0.0").replace("8 0 101", "0 8"),
    "v=0\no=- 1 1 IN IP4 h\ns=-\nt=0 0\nm=audio 4000/2 RTP/SAVP 18\nc=IN IP4 224.2.1.1/127/3\n",
)

_CALL = (
    "{method} sip:bot@10.0.0.9 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK{branch};rport\r\n"
    'From: "A, B" <sip:+8613800000001@10.0.0.5>;tag=peer\r\nTo: <sip:bot@10.0.0.9>{to}\r\nCall-ID: {call}\r\n'
    "CSeq: {sequence} {method}\r\nContact: <sip:a@10.0.0.5:5060;transport=udp>\r\nMax-Forwards: 70\r\n{fields}"
    "Content-Length: {length}\r\n\r\n{body}"
)

INVITE_FIELDS = (
    "Record-Route: <sip:10.0.0.6;lr>,<sip:10.0.0.7>\r\nSupported: timer, 100rel\r\n"
    "Session-Expires: 120;refresher=uac\r\n"
    'P-Asserted-Identity: "x" <sip:+8613800000002@t>, <tel:13800000002>\r\nAllow: INVITE, UPDATE\r\n'
    "Diversion: <sip:4008001000@t>;reason=unconditional\r\nContent-Type: application/sdp\r\n"
)


def sip_request(
    method: str,
    *,
    call: str = "call",
    to: str = "",
    sequence: int = 1,
    fields: str = "",
    body: str = "",
    branch: str = "",
) -> bytes:
    """A request of a peer, valid."""
    values = {"method": method, "call": call, "to": to, "sequence": sequence, "fields": fields, "body": body}
    return _CALL.format(**values, branch=branch or f"{method}{sequence}", length=len(body)).encode()


def sip_seeds() -> list[bytes]:
    """One of every kind of request; the endpoint gives the call's side of ours the tag ``token1``."""
    within = ";tag=token1"
    key = "Signal=5\r\nDuration=160\r\n"
    notify = "Event: refer\r\nSubscription-State: active;expires=60\r\nContent-Type: message/sipfrag\r\n"
    requests = [
        sip_request("INVITE", fields=INVITE_FIELDS, body=SDP),
        sip_request("INVITE", call="other"),
        sip_request("ACK", to=within),
        sip_request("ACK", body=SDP, fields="Content-Type: application/sdp\r\n", to=within),
        sip_request("CANCEL", branch="INVITE1"),
        sip_request(
            "INVITE", sequence=2, fields=INVITE_FIELDS, body=SDP.replace("sendrecv", "inactive"), to=within
        ),
        sip_request("UPDATE", sequence=3, fields="Supported: timer\r\nSession-Expires: 90\r\n", to=within),
        sip_request(
            "INFO", sequence=4, fields="Content-Type: application/dtmf-relay\r\n", body=key, to=within
        ),
        sip_request("NOTIFY", sequence=5, fields=notify, body="SIP/2.0 180 Ringing\r\n", to=within),
        sip_request("OPTIONS"),
        sip_request("BYE", sequence=6, to=within),
        sip_request("PUBLISH"),
    ]
    return requests


def answers_to(request: bytes) -> list[bytes]:
    """Answers of a peer to a request of ours: a challenge, a provisional one, success, a refusal."""
    lines = request.decode().partition("\r\n\r\n")[0].split("\r\n")
    copied = [line for line in lines if line.startswith(("Via:", "From:", "Call-ID:", "CSeq:"))]
    to = next(line for line in lines if line.startswith("To:"))
    copied.append(to if ";tag=" in to else f"{to};tag=r")
    challenge = 'WWW-Authenticate: Digest realm="pbx", nonce="abc", qop="auth", algorithm=MD5, opaque="x"'
    contact = "Contact: <sip:shoudai@10.0.0.9:5060>;expires=60, <sip:6000@10.0.0.5>"
    kinds = (
        ("401 Unauthorized", challenge, ""),
        ("180 Ringing", contact, ""),
        ("200 OK", f"{contact}\r\nSession-Expires: 120;refresher=uas\r\nContent-Type: application/sdp", SDP),
        ("486 Busy Here", "Retry-After: 5", ""),
    )
    return [
        "\r\n".join([f"SIP/2.0 {status}", *copied, field, f"Content-Length: {len(body)}", "", body]).encode()
        for status, field, body in kinds
    ]


def sdp_seeds() -> list[bytes]:
    """Offers."""
    return [text.encode() for text in (SDP, *_SDP_OTHERS)]


def rtp_seeds() -> list[bytes]:
    """Sound, with and without extension, padding and contributors."""
    plain = [RtpPacket(kind, 7 + n, 160 * n, 5, bytes(160)).to_bytes() for n, kind in enumerate((8, 0, 8))]
    odd = (
        struct.pack("!BBHII", 0xB1, 8, 9, 320, 5)
        + b"csrc"
        + struct.pack("!HH", 1, 1)
        + b"extn"
        + bytes(80)
        + b"\x04"
    )
    return [*plain, odd, *event_seeds()]


def event_seeds() -> list[bytes]:
    """Keys."""
    return [
        RtpPacket(101, 20 + n, 800, 5, event_payload("5", 160 * (n + 1), end=n > 2), marker=not n).to_bytes()
        for n in range(5)
    ]


def rtcp_seeds() -> list[bytes]:
    """Reports of both kinds, and a goodbye."""
    block = ReportBlock(7, 64, 12, 70000, 33, 0x12345678, 65536)
    sender = SenderInfo(1_700_000_000.25, 1600, 10, 1600)
    return [
        build_report(Report(5, sender, (block, block)), "peer@test"),
        build_report(Report(5, None, (block,)), "peer@test", goodbye=True),
        build_report(Report(5, None, ()), "x"),
    ]


def audiosocket_seeds() -> list[bytes]:
    """A whole conversation, and its parts."""
    frames = [
        bytes([1]) + struct.pack("!H", 16) + uuid.UUID(int=7).bytes,
        b"\x10" + struct.pack("!H", 320) + bytes(320),
        b"\x12" + struct.pack("!H", 640) + bytes(640),
        b"\x03\x00\x015",
        b"\xff\x00\x01\x04",
        b"\x00\x00\x00",
    ]
    return [b"".join(frames), *frames]


def socket_seeds() -> list[bytes]:
    """The page's messages."""
    texts = (
        '{"type": "hello", "token": "abc", "last_seen": 3}',
        '{"type": "message", "id": "m1", "text": "这个月要还多少"}',
        '{"type": "key", "key": "5"}',
        '{"type": "hang_up"}',
        '{"type": "ping"}',
    )
    return [text.encode() for text in texts]


_TOKENS = (
    b"\r\n", b"\r\n\r\n", b"\0", b"\xff", b'"', b"<", b">", b";", b",", b":", b"=", b"@", b"%00", b"sip:", b"tel:",
    b"SIP/2.0", b";tag=", b"a" * 500, b"999999999999999999999", b"-1", b"0", b"65536", b"\xf0\x9f\x98\x80",
    b"\xed\xa0\x80", b"m=audio 1 RTP/AVP 8\r\n", b"c=IN IP4 ", b"[::1]", b"\\", b"[[[[[[[[", b"{", b"null", b"1e999",
)  # fmt: skip


class Mutator:
    """Spoils valid messages in one to four places; the same seed gives the same sequence."""

    def __init__(self, seeds: list[bytes], seed: int) -> None:
        self._seeds = seeds
        self._random = random.Random(seed)
        self._ways = (
            self._flip,
            self._insert,
            self._delete,
            self._repeat,
            self._splice,
            self._token,
            self._number,
        )

    def next(self) -> bytes:
        """One input; one in fifty is a valid message as it is."""
        data = self._random.choice(self._seeds)
        if self._random.random() < 0.02:
            return data
        for _ in range(self._random.randint(1, 4)):
            data = self._random.choice(self._ways)(data)
        return data[:70_000]

    def _at(self, data: bytes) -> int:
        return self._random.randint(0, len(data))

    def _flip(self, data: bytes) -> bytes:
        if not data:
            return b"\0"
        at = self._random.randrange(len(data))
        return data[:at] + bytes([data[at] ^ (1 << self._random.randrange(8))]) + data[at + 1 :]

    def _insert(self, data: bytes) -> bytes:
        at = self._at(data)
        return data[:at] + self._random.randbytes(self._random.randint(1, 8)) + data[at:]

    def _delete(self, data: bytes) -> bytes:
        at = self._at(data)
        return data[:at] + data[at + self._random.choice((1, 2, 4, 20, 100, 10_000)) :]

    def _repeat(self, data: bytes) -> bytes:
        at = self._at(data)
        piece = data[at : at + self._random.randint(1, 60)]
        times = self._random.choice((2, 3, 50))
        if self._random.random() < 0.02:
            # A long run of the same shows a parser that takes the square of its input's length.
            times = 60_000 // max(1, len(piece))
        return data[:at] + piece * times + data[at:]

    def _splice(self, data: bytes) -> bytes:
        return data[: self._at(data)] + (other := self._random.choice(self._seeds))[self._at(other) :]

    def _token(self, data: bytes) -> bytes:
        at = self._at(data)
        return data[:at] + self._random.choice(_TOKENS) + data[at:]

    def _number(self, data: bytes) -> bytes:
        """Another number where one stands (a length, a port, a sequence)."""
        digits = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
        if not digits:
            return self._flip(data)
        at = self._random.choice(digits)
        return (
            data[:at]
            + str(self._random.choice((0, 1, 9, 255, 65535, 2**31, 2**64))).encode()
            + data[at + 1 :]
        )
