"""RtpLine: both directions of one call's sound, without sockets or a clock of its own."""

from collections import deque
from collections.abc import Callable

from voice.line.line_report import LineReport
from voice.rtp.concealment import Concealment
from voice.rtp.latch import Latch, Place
from voice.rtp.packet import RtpInvalid, RtpPacket, is_rtcp, parse_packet
from voice.rtp.reception import Reception
from voice.rtp.reorder_buffer import ReorderBuffer
from voice.rtp.reporting import Reporting
from voice.rtp.telephone_event import KeyReader
from voice.sound import g711
from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS

SAMPLE_RATE = g711.SAMPLE_RATE
FRAME_SAMPLES = SAMPLE_RATE * FRAME_MS // 1000
FRAME_BYTES = FRAME_SAMPLES * BYTES_PER_SAMPLE

_ENCODERS: dict[str, Callable[[bytes], bytes]] = {"PCMA": g711.encode_alaw, "PCMU": g711.encode_ulaw}
_DECODERS: dict[str, Callable[[bytes], bytes]] = {"PCMA": g711.decode_alaw, "PCMU": g711.decode_ulaw}
_SILENCE = {name: encode(bytes(FRAME_BYTES)) for name, encode in _ENCODERS.items()}
_STATIC = {8: "PCMA", 0: "PCMU"}
"""Payload types of G.711 without any agreement (RFC 3551): some senders change between them as they like."""
_WAITING_KEYS = 64
_WAITING_SOUND_FRAMES = 25


class RtpLine:
    """G.711 and keys. ``receive`` takes datagrams; ``pull`` gives 20 ms a tick; ``frame`` makes the bot's packet."""

    def __init__(self, random_bits: Callable[[int], int], cname: str) -> None:
        """``random_bits(n)`` gives n unguessable bits for SSRC and the first numbers (RFC 3550 section 5.1)."""
        self._sequence = random_bits(16)
        self._timestamp = random_bits(32)
        self._codec, self._payload_type = "PCMA", 8
        self._codecs = dict(_STATIC)
        self._events_type: int | None = None
        self._buffer = ReorderBuffer()
        self._concealment = Concealment(FRAME_BYTES)
        self._reader = KeyReader()
        self._sound: deque[bytes] = deque(maxlen=_WAITING_SOUND_FRAMES)
        self._heard = False
        self._concealed = 0
        self._began = False
        self._offsets: tuple[int, int] | None = None
        self.reception = Reception()
        self.reporting = Reporting(random_bits(32), cname, self.reception)
        self.latch = Latch()
        self.keys: deque[str] = deque(maxlen=_WAITING_KEYS)
        """Keys that were pressed; whoever reads takes them away."""
        self.has_telephone_events = False
        """A key has come by RTP: the same keys by INFO are then repetitions."""
        self.malformed = 0
        self.on_packet: Callable[[RtpPacket, str | None], None] | None = None
        """Gets every packet with its codec (None: a key) instead of the call, once the line is bridged."""

    def agree(
        self, codec: str, payload_type: int, events_type: int | None, place: Place, rtcp: Place
    ) -> None:
        """Take what was negotiated, at the beginning and whenever it changes."""
        self._codec, self._payload_type, self._events_type = codec, payload_type, events_type
        self._codecs = _STATIC | {payload_type: codec}
        self.latch.declare(place, rtcp)

    def receive(self, data: bytes, source: Place, now_s: float) -> None:
        """Take a datagram of the RTP port. Nothing that a peer sends makes this raise."""
        if is_rtcp(data):
            self.receive_rtcp(data, source, now_s)
            return
        try:
            packet = parse_packet(data)
            if not self._is_expected(packet):
                # Comfort noise and the like: nothing to hear, but somebody is there.
                self.latch.noticed(source, now_s)
                return
            if not self.latch.accepts(source, now_s):
                return
            # Keys share the sequence numbers of the sound (RFC 4733 section 2.1).
            if self.reception.push(packet, now_s):
                self._take(packet)
        except RtpInvalid:
            self.malformed += 1

    def receive_rtcp(self, data: bytes, source: Place, now_s: float) -> None:
        """Take a datagram of the RTCP port."""
        if not self.latch.is_peer(source):
            return
        try:
            self.reporting.receive(data, now_s)
            self.latch.noticed(source, now_s)
        except RtpInvalid:
            self.malformed += 1

    def pull(self) -> bytes:
        """The caller's next 20 ms, s16le; made up or silent where nothing came."""
        if not self._sound:
            packet = self._buffer.pull()
            if packet is None:
                return self._missing()
            if packet.payload_type == self._events_type:
                return self._concealment.good(bytes(FRAME_BYTES))
            self._heard = True
            decoded = _DECODERS[self._codecs.get(packet.payload_type, self._codec)](packet.payload)
            # Some senders put 10, 30 or 40 ms into a packet, whatever ptime they were asked for.
            self._sound.extend(
                decoded[at : at + FRAME_BYTES] for at in range(0, max(1, len(decoded)), FRAME_BYTES)
            )
        return self._concealment.good(self._sound.popleft())

    def frame(self, pcm: bytes | None) -> tuple[bytes, Place] | None:
        """The next 20 ms of the bot as a datagram, silence for None; nothing before anything was agreed."""
        packet = RtpPacket(
            self._payload_type,
            self._sequence,
            self._timestamp,
            self.reporting.ssrc,
            _ENCODERS[self._codec](pcm) if pcm is not None else _SILENCE[self._codec],
            marker=not self._began,
        )
        self._sequence = (self._sequence + 1) % 0x10000
        self._timestamp = (self._timestamp + FRAME_SAMPLES) % 2**32
        place = self.latch.target
        if place is None:
            return None
        self._began = True
        self.reporting.sent(packet)
        return packet.to_bytes(), place

    @property
    def delay_ms(self) -> float:
        """Milliseconds in the reorder buffer now, and of a round trip where the peer's reports tell it."""
        return self._buffer.waiting * FRAME_MS + self.reporting.round_trip_ms

    def report(self, slipped_ms: float = 0.0) -> LineReport:
        """How the line did so far."""
        return LineReport(
            received=self.reception.received,
            lost=self.reception.lost,
            late=self._buffer.late,
            dropped=self._buffer.dropped,
            concealed=self._concealed,
            jitter_ms=round(self.reception.jitter_ms, 1),
            sent=self.reporting.packets_sent,
            peer_lost=self.reporting.peer_lost,
            peer_jitter_ms=round(self.reporting.peer_jitter_ms, 1),
            round_trip_ms=round(self.reporting.round_trip_ms, 1),
            slipped_ms=round(slipped_ms, 1),
        )

    def _is_expected(self, packet: RtpPacket) -> bool:
        return packet.payload_type in self._codecs or packet.payload_type == self._events_type

    def forward(self, packet: RtpPacket, codec: str | None) -> tuple[bytes, Place] | None:
        """A packet of another line as a datagram of this one, in this one's codec, numbered on from the last.

        ``codec`` is that of its payload, None for a key.
        """
        place = self.latch.target
        payload_type = self._events_type if codec is None else self._payload_type
        if place is None or payload_type is None:
            return None
        if self._offsets is None:
            self._offsets = self._sequence - packet.sequence, self._timestamp - packet.timestamp
        payload = packet.payload
        if codec is not None and codec != self._codec:
            payload = _ENCODERS[self._codec](_DECODERS[codec](payload))
        sequence, timestamp = packet.sequence + self._offsets[0], packet.timestamp + self._offsets[1]
        numbers = payload_type, sequence % 0x10000, timestamp % 2**32, self.reporting.ssrc
        forwarded = RtpPacket(*numbers, payload, packet.marker)
        self.reporting.sent(forwarded)
        return forwarded.to_bytes(), place

    def _take(self, packet: RtpPacket) -> None:
        if self.on_packet is not None:
            is_key = packet.payload_type == self._events_type
            self.on_packet(packet, None if is_key else self._codecs[packet.payload_type])
            return
        if packet.payload_type == self._events_type:
            key = self._reader.push(packet)
            if key is not None:
                self.has_telephone_events = True
                self.keys.append(key)
        self._buffer.push(packet)

    def _missing(self) -> bytes:
        # Only a gap in running sound is made up: before the first packet, and in a pause, silence is silence.
        if self._buffer.waiting and self._heard:
            self._concealed += 1
        return self._concealment.missing()
