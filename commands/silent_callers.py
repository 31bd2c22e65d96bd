"""Silent callers: many SIP calls from one process that send silence and time what they hear, for `make bench`."""

import json
import re
import selectors
import socket
import struct
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from voice.sound.g711 import decode_alaw, encode_alaw

_PACKET_S = 0.02
_SILENCE = encode_alaw(bytes(320))
_LOOK_EVERY_S = 0.005
"""Woken by every packet, a hundred callers would take the time that the bot needs; arrivals are timed to this."""

_LOUD = 400
"""A sample above this is sound; the bot's own silence is 8 at most."""


@dataclass
class _Caller:
    """One call; ``due`` is when its next packet is to be sent."""

    number: int
    server: tuple[str, int]
    sip: socket.socket
    rtp: socket.socket
    place: tuple[str, int] | None = None
    due: float = 0.0
    sequence: int = 0
    acknowledged_at: float | None = None
    first_sound_ms: float | None = None
    last_heard: float | None = None
    largest_gap_ms: float = 0.0
    heard: int = 0
    to: str = ""
    failed: bool = False
    over: bool = False

    def say(self, method: str, sequence: int, body: str = "") -> None:
        """Send a request of this call."""
        host, port = self.sip.getsockname()
        lines = [
            f"{method} sip:bot@{self.server[0]}:{self.server[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{method}{self.number}-{sequence};rport",
            f"From: <sip:+861391234{self.number:04d}@{host}>;tag=t{self.number}",
            f"To: {self.to or f'<sip:bot@{self.server[0]}>'}",
            f"Call-ID: silent-{self.number}-{port}",
            f"CSeq: {sequence} {method}",
            f"Contact: <sip:c@{host}:{port}>",
            "Max-Forwards: 70",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        self.sip.sendto(("\r\n".join(lines) + "\r\n\r\n" + body).encode(), self.server)

    def invite(self) -> None:
        """Call the bot."""
        host, port = self.rtp.getsockname()
        sdp = (
            f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio {port} RTP/AVP 8\r\n"
        )
        self.say("INVITE", 1, sdp)

    def take_sip(self, now: float) -> None:
        """Acknowledge the answer; answer the bot's BYE."""
        text = self.sip.recv(4096).decode("utf-8", "replace")
        if text.startswith("SIP/2.0 200") and "CSeq: 1 INVITE" in text and self.place is None:
            port = re.search(r"m=audio (\d+)", text)
            to = re.search(r"^To: (.*?)\r", text, re.MULTILINE)
            if port is None or to is None:
                self.failed = True
                return
            self.to, self.place = to[1], (self.server[0], int(port[1]))
            self.say("ACK", 1)
            self.acknowledged_at = self.due = now
        elif re.match(r"SIP/2.0 [3-6]", text):
            self.failed = True
        elif text.startswith("BYE"):
            copied = re.findall(r"^(?:Via|From|To|Call-ID|CSeq): .*?\r\n", text, re.MULTILINE)
            self.sip.sendto(
                f"SIP/2.0 200 OK\r\n{''.join(copied)}Content-Length: 0\r\n\r\n".encode(), self.server
            )
            self.over = True

    def take_rtp(self, now: float) -> None:
        """Time one packet of the bot's."""
        data = self.rtp.recv(2048)
        if self.last_heard is not None:
            self.largest_gap_ms = max(self.largest_gap_ms, (now - self.last_heard) * 1000)
        self.last_heard, self.heard = now, self.heard + 1
        if self.first_sound_ms is None and self.acknowledged_at is not None:
            samples = struct.unpack(f"<{len(data) - 12}h", decode_alaw(data[12:]))
            if max(map(abs, samples), default=0) > _LOUD:
                self.first_sound_ms = (now - self.acknowledged_at) * 1000

    def send_silence(self) -> None:
        """The next packet."""
        assert self.place is not None
        self.sequence += 1
        head = struct.pack("!BBHII", 0x80, 8, self.sequence, self.sequence * 160, 1000 + self.number)
        self.rtp.sendto(head + _SILENCE, self.place)
        self.due += _PACKET_S


@dataclass
class Crowd:
    """All callers, in one loop."""

    server: tuple[str, int]
    calls: int
    hold_s: float
    calls_a_second: float
    callers: list[_Caller] = field(default_factory=list)

    def run(self) -> dict[str, Any]:
        """Call one after the other, hold all of them for ``hold_s``, hang up; returns what was heard."""
        selector = selectors.DefaultSelector()
        began = time.monotonic()
        until = began + self.calls / self.calls_a_second + self.hold_s
        while (now := time.monotonic()) < until:
            if len(self.callers) < self.calls and now >= began + len(self.callers) / self.calls_a_second:
                self._join(selector)
            for caller in self.callers:
                if caller.place is not None and not caller.over and caller.due <= now:
                    caller.send_silence()
            time.sleep(_LOOK_EVERY_S)
            for key, _ in selector.select(0):
                caller, is_sound = key.data
                (caller.take_rtp if is_sound else caller.take_sip)(time.monotonic())
        for caller in self.callers:
            if caller.place is not None and not caller.over:
                caller.say("BYE", 2)
        held = [c for c in self.callers if c.place is not None and not c.failed and not c.over and c.heard]
        return {
            "held": len(held),
            "first_sound_ms": [c.first_sound_ms for c in held if c.first_sound_ms is not None],
            "largest_gap_ms": max((c.largest_gap_ms for c in held), default=0.0),
        }

    def _join(self, selector: selectors.BaseSelector) -> None:
        host = self.server[0]
        caller = _Caller(len(self.callers), self.server, _socket(host), _socket(host))
        selector.register(caller.sip, selectors.EVENT_READ, (caller, False))
        selector.register(caller.rtp, selectors.EVENT_READ, (caller, True))
        self.callers.append(caller)
        caller.invite()


def _socket(host: str) -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind((host, 0))
    one.setblocking(False)
    return one


def main() -> int:
    """``HOST PORT CALLS SECONDS CALLS_A_SECOND``: prints one JSON object."""
    host, port, calls, seconds, pace = sys.argv[1:]
    crowd = Crowd((host, int(port)), int(calls), float(seconds), float(pace))
    print(json.dumps(crowd.run()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
