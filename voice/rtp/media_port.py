"""MediaPort: the two sockets of one call, and the range that their ports are taken from."""

import asyncio
import secrets
import socket
import time

from voice.line.datagrams import bound_socket
from voice.rtp.latch import Place
from voice.rtp.packet import RtpPacket
from voice.rtp.rtp_line import RtpLine


class NoPort(Exception):
    """Every port of the range is in use (code ``no_port``): 503."""

    code = "no_port"


class PortRange:
    """Even ports in turn, so that a late packet of an ended call does not reach the next one."""

    def __init__(self, first: int, last: int) -> None:
        """Both inclusive; each call takes an even port and the one above."""
        self._ports = list(range(first + first % 2, last, 2))
        self._at = secrets.randbelow(len(self._ports)) if self._ports else 0

    def candidates(self) -> list[int]:
        """All of them, beginning behind the one that was tried last."""
        self._at = (self._at + 1) % len(self._ports) if self._ports else 0
        return self._ports[self._at :] + self._ports[: self._at]


class MediaPort:
    """Carries an RtpLine's datagrams."""

    def __init__(self, line: RtpLine, rtp: socket.socket, rtcp: socket.socket) -> None:
        self.line = line
        self.port: int = rtp.getsockname()[1]
        self._rtp = rtp
        self._rtcp = rtcp
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(rtp, self._read, rtp, True)
        self._loop.add_reader(rtcp, self._read, rtcp, False)

    @staticmethod
    def open(ports: PortRange, host: str, line: RtpLine) -> "MediaPort":
        """Bind the next free pair on ``host``. Raises NoPort."""
        for port in ports.candidates():
            try:
                rtp = bound_socket(host, port)
            except OSError:
                continue
            try:
                return MediaPort(line, rtp, bound_socket(host, port + 1))
            except OSError:
                rtp.close()
        raise NoPort("no free pair of RTP ports")

    def send(self, pcm: bytes | None) -> None:
        """Send 20 ms of sound, silence for None, and a report when one is due."""
        made = self.line.frame(pcm)
        if made is not None:
            self._send(self._rtp, *made)
        report = self.line.reporting.due(time.monotonic())
        if report is not None:
            self._send_report(report)

    def forward(self, packet: RtpPacket, codec: str | None) -> None:
        """Send a packet of another line (a bridged call); see RtpLine.forward."""
        made = self.line.forward(packet, codec)
        if made is not None:
            self._send(self._rtp, *made)
        report = self.line.reporting.due(time.monotonic())
        if report is not None:
            self._send_report(report)

    @property
    def heard_at_s(self) -> float | None:
        """When the peer was last heard, on the monotonic clock."""
        return self.line.latch.last_heard_s

    def close(self) -> None:
        """Take leave and free the ports."""
        if self._rtp.fileno() < 0:
            return
        if self.line.reporting.packets_sent:
            self._send_report(self.line.reporting.report(time.monotonic(), goodbye=True))
        for one in (self._rtp, self._rtcp):
            self._loop.remove_reader(one)
            one.close()

    def _send_report(self, report: bytes) -> None:
        latch = self.line.latch
        place = latch.rtcp_target
        if place is not None:
            self._send(self._rtp if place == latch.target else self._rtcp, report, place)

    @staticmethod
    def _send(through: socket.socket, data: bytes, place: Place) -> None:
        try:
            through.sendto(data, place)
        except OSError:
            # A full buffer, an unreachable peer: the packet is lost, as packets are.
            return

    def _read(self, one: socket.socket, is_sound: bool) -> None:
        """Take what has come, a few datagrams at a time so that one flooded line does not starve the others."""
        for _ in range(8):
            try:
                data, source = one.recvfrom(2048)
            except OSError:
                return
            place = (source[0].partition("%")[0], source[1])
            if is_sound:
                self.line.receive(data, place, time.monotonic())
            else:
                self.line.receive_rtcp(data, place, time.monotonic())
