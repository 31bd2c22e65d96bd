"""SessionDescription: what a peer says of its sound (SDP, RFC 4566), as far as a telephone line needs it."""

import ipaddress
import re
from dataclasses import dataclass, field

from voice.sip.errors import DescriptionInvalid

MAX_BYTES = 16_000
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")

_STATIC = {0: "PCMU", 8: "PCMA"}
"""Payload types that need no rtpmap (RFC 3551)."""

_RTPMAP = re.compile(r"rtpmap:\s*([0-9]{1,3})\s+([^/\s]+)/([0-9]{1,6})(?:/1)?\s*")
_MEDIA = re.compile(r"(\S+) ([0-9]{1,5})(?:/[0-9]+)? (\S+) (.+)")
_CONNECTION = re.compile(r"IN IP[46] (\S+)")


@dataclass
class MediaLine:
    """One ``m=`` line and what belongs to it."""

    kind: str
    port: int
    protocol: str
    formats: list[str]
    host: str
    direction: str
    names: dict[int, str] = field(default_factory=dict)
    """Payload type -> encoding name in capitals, at 8000 Hz."""
    rtcp_port: int | None = None
    rtcp_mux: bool = False

    @property
    def payload_types(self) -> list[int]:
        """Numeric formats in the peer's order."""
        return [int(text) for text in self.formats if text.isdigit() and int(text) < 128]

    @property
    def usable_audio(self) -> bool:
        """Plain audio that is not refused; SRTP belongs to the session border controller in front."""
        return self.kind == "audio" and self.port > 0 and self.protocol in ("RTP/AVP", "RTP/AVPF")


@dataclass(frozen=True)
class SessionDescription:
    """All media lines in order: an answer must have one for each."""

    media: tuple[MediaLine, ...]

    @property
    def audio(self) -> MediaLine | None:
        """The first line that we could speak on."""
        return next((line for line in self.media if line.usable_audio), None)

    @staticmethod
    def parse(body: bytes) -> "SessionDescription":
        """Raises DescriptionInvalid."""
        if len(body) > MAX_BYTES:
            raise DescriptionInvalid("too large")
        # All that matters is ASCII; digits of other scripts would be numbers to a part of Python only.
        lines = re.split(r"\r\n|\n|\r", body.decode("ascii", "replace").strip())
        if not lines or lines[0] != "v=0":
            raise DescriptionInvalid("does not begin with v=0")
        host, direction = "", "sendrecv"
        media: list[MediaLine] = []
        for line in lines[1:]:
            kind, equals, value = line.partition("=")
            if not equals or len(kind) != 1:
                raise DescriptionInvalid("a line is not x=value")
            if kind == "m":
                media.append(_media_line(value, host, direction))
            elif kind == "c" and media:
                media[-1].host = _connection(value)
            elif kind == "c":
                host = _connection(value)
            elif kind == "a" and media:
                _attribute(media[-1], value)
            elif kind == "a" and value in DIRECTIONS:
                direction = value
        return SessionDescription(tuple(media))


def _media_line(value: str, host: str, direction: str) -> MediaLine:
    found = _MEDIA.fullmatch(value)
    if found is None or int(found[2]) > 65535:
        raise DescriptionInvalid("not a media line")
    line = MediaLine(found[1], int(found[2]), found[3].upper(), found[4].split(), host, direction)
    line.names = {number: _STATIC[number] for number in line.payload_types if number in _STATIC}
    return line


def _connection(value: str) -> str:
    found = _CONNECTION.match(value)
    if found is None:
        raise DescriptionInvalid("not a connection line")
    address = found[1].partition("/")[0]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError as error:
        # A name here would have the media thread ask a name server for whatever a peer writes.
        raise DescriptionInvalid("the connection is no IP address") from error


def _attribute(line: MediaLine, value: str) -> None:
    if value in DIRECTIONS:
        line.direction = value
    elif value == "rtcp-mux":
        line.rtcp_mux = True
    elif value.startswith("rtpmap:") and (found := _RTPMAP.fullmatch(value)) is not None:
        if int(found[3]) == 8000:
            line.names[int(found[1])] = found[2].upper()
        else:
            line.names.pop(int(found[1]), None)
    elif value.startswith("rtcp:") and (port := value[5:].split(" ")[0]).isdigit() and 0 < int(port) < 65536:
        line.rtcp_port = int(port)
