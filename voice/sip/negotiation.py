"""Negotiation: our side of offer and answer (RFC 3264): G.711 and telephone events, nothing else."""

import ipaddress
from dataclasses import dataclass

from voice.sip.errors import NotAcceptable
from voice.sip.session_description import MediaLine, SessionDescription

CODECS = {"PCMA": 8, "PCMU": 0}
"""What we speak, in the order in which we offer it: A-law is China's and Europe's."""

EVENTS = "TELEPHONE-EVENT"
OFFERED_EVENTS_TYPE = 101

_TURNED = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}


@dataclass(frozen=True)
class Agreed:
    """What both sides will speak."""

    codec: str
    """``PCMA`` or ``PCMU``."""
    payload_type: int
    events_type: int | None
    """Payload type of the keys that we receive (RFC 4733); None: keys may still come by INFO."""
    peer_events_type: int | None
    """Payload type of keys that we would send."""
    host: str
    """Where the peer wants its sound, an IP address."""
    port: int
    rtcp_port: int
    rtcp_mux: bool
    held: bool
    """The peer does not listen now: the caller is on hold."""


class LocalSession:
    """Our description through one call; its version grows whenever it changes (RFC 3264 section 8)."""

    def __init__(self, host: str, port: int, session_id: int) -> None:
        """``host`` is the address that peers reach us at, ``port`` that of our RTP; RTCP is the port above."""
        self._host = host
        self._port = port
        self._session_id = session_id
        self._version = 0
        self._last = ""

    def offer(self) -> bytes:
        """Offer all that we speak."""
        types = [*CODECS.values(), OFFERED_EVENTS_TYPE]
        names = dict(zip(types, [*CODECS, "telephone-event"], strict=True))
        return self._write([self._audio(names, OFFERED_EVENTS_TYPE, "sendrecv", mux=False)])

    def answer(self, offered: SessionDescription) -> tuple[Agreed, bytes]:
        """Answer an offer. Raises NotAcceptable."""
        line = _audio_of(offered)
        agreed = _agree(line, _events_type(line))
        names = {agreed.payload_type: agreed.codec}
        if agreed.events_type is not None:
            names[agreed.events_type] = "telephone-event"
        direction = _TURNED[_direction(line)]
        ours = self._audio(names, agreed.events_type, direction, mux=line.rtcp_mux)
        sections = [ours if media is line else _refused(media) for media in offered.media]
        return agreed, self._write(sections)

    def accept(self, answered: SessionDescription) -> Agreed:
        """Take the answer to our offer. Raises NotAcceptable."""
        return _agree(_audio_of(answered), OFFERED_EVENTS_TYPE)

    def again(self) -> bytes:
        """Our last description unchanged, to refresh the session (RFC 4028 section 7.4)."""
        return self._last.encode()

    def _audio(self, names: dict[int, str], events: int | None, direction: str, mux: bool) -> str:
        lines = [f"m=audio {self._port} RTP/AVP {' '.join(map(str, names))}"]
        lines += [f"a=rtpmap:{number} {name}/8000" for number, name in names.items()]
        if events is not None:
            lines.append(f"a=fmtp:{events} 0-15")
        lines += ["a=ptime:20", f"a={direction}", *(["a=rtcp-mux"] if mux else [])]
        return "\r\n".join(lines)

    def _write(self, sections: list[str]) -> bytes:
        family = f"IP{ipaddress.ip_address(self._host).version}"

        def whole(version: int) -> str:
            origin = f"o=shoudai {self._session_id} {version} IN {family} {self._host}"
            head = ["v=0", origin, "s=-", f"c=IN {family} {self._host}", "t=0 0"]
            return "\r\n".join([*head, *sections, ""])

        if whole(self._version) != self._last:
            self._version += 1
            self._last = whole(self._version)
        return self._last.encode()


def _audio_of(description: SessionDescription) -> MediaLine:
    line = description.audio
    if line is None:
        raise NotAcceptable("no audio over plain RTP")
    return line


def _agree(line: MediaLine, events_type: int | None) -> Agreed:
    chosen = next((number for number in line.payload_types if line.names.get(number) in CODECS), None)
    if chosen is None:
        raise NotAcceptable("neither PCMA nor PCMU")
    if not line.host:
        raise NotAcceptable("no connection address")
    peer_events_type = _events_type(line)
    return Agreed(
        codec=line.names[chosen],
        payload_type=chosen,
        events_type=events_type if peer_events_type is not None else None,
        peer_events_type=peer_events_type,
        host=line.host,
        port=line.port,
        rtcp_port=line.port if line.rtcp_mux else line.rtcp_port or min(line.port + 1, 65535),
        rtcp_mux=line.rtcp_mux,
        held=_direction(line) in ("sendonly", "inactive"),
    )


def _direction(line: MediaLine) -> str:
    """RFC 2543's way of holding, still in use, is the address 0.0.0.0."""
    if line.host and ipaddress.ip_address(line.host).is_unspecified:
        return "inactive" if line.direction == "inactive" else "sendonly"
    return line.direction


def _events_type(line: MediaLine) -> int | None:
    return next((number for number in line.payload_types if line.names.get(number) == EVENTS), None)


def _refused(line: MediaLine) -> str:
    return f"m={line.kind} 0 {line.protocol} {' '.join(line.formats)}"
