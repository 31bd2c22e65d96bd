"""FuzzTargets: every parser and state machine that takes bytes from outside; none may raise anything unnamed."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass

from bot.chat_protocol import ProtocolRefused, parse
from bot.settings import Limits
from commands import fuzz_inputs as inputs
from voice.audiosocket.frames import AudioSocketInvalid, FrameReader
from voice.line.admission import PeerList, Refusal
from voice.rtp.rtp_line import RtpLine
from voice.sip.access import Access, AccessLimits
from voice.sip.agenda import Agenda
from voice.sip.agent import UserAgent
from voice.sip.digest import Credentials
from voice.sip.errors import DescriptionInvalid, NotAcceptable, SipInvalid
from voice.sip.events import CallOffered
from voice.sip.hop import Hop
from voice.sip.negotiation import LocalSession
from voice.sip.outgoing_call import OutgoingCall
from voice.sip.registration import Account, Registration
from voice.sip.session_description import SessionDescription
from voice.sip.stream import MessageStream

_PEER = Hop("UDP", "10.0.0.5", 5060)
_LIFE = 400
"""Inputs that one state machine sees before a fresh one takes its place."""

Feed = Callable[[bytes], bool]
"""Takes one input; whether it was accepted. Anything that it raises is a crash."""


@dataclass(frozen=True)
class Target:
    """What is fuzzed."""

    name: str
    seeds: list[bytes]
    start: Callable[[], Feed]
    """A fresh one, with its own state."""
    life: int = _LIFE


class _Endpoint:
    """A whole endpoint without sockets that answers every call, registers, calls a person and refers."""

    def __init__(self) -> None:
        self._tokens = itertools.count(1)
        self._agenda = Agenda()
        limits = AccessLimits(invites_burst=100_000, invites_per_s=1e6)
        self._access = Access(PeerList(["10.0.0.0/8"]), self._agenda, limits)
        self._agent = UserAgent(self, self._access, self._agenda, Credentials("8000", "secret"))
        self._agent.receive(inputs.sip_request("INVITE", fields=inputs.INVITE_FIELDS, body=inputs.SDP), _PEER)
        self._answer()
        account = Account("sip:10.0.0.5", "sip:8000@10.0.0.5")
        Registration(self._agent, account, _PEER, lambda *_: None).begin()
        session = LocalSession("10.0.0.9", 6000, 1)
        OutgoingCall(self._agent, "sip:6000@10.0.0.5", "<sip:1@10.0.0.9>", session, _PEER)
        for leg in self._agent.legs:
            leg.refer("sip:6000@10.0.0.5", "<sip:bot@10.0.0.9>")
        self.asked = [data for data, _ in self._agent.outgoing if not data.startswith(b"SIP/2.0")]
        """Our own requests, whose answers are worth spoiling."""

    def feed(self, data: bytes) -> bool:
        malformed = self._access.counts["malformed"]
        self._agent.receive(data, _PEER)
        self._answer()
        self._agent.outgoing.clear()
        self._agent.advance(self._agenda.now + 0.2)
        return self._access.counts["malformed"] == malformed

    def _answer(self) -> None:
        while self._agent.events:
            event = self._agent.events.popleft()
            if isinstance(event, CallOffered):
                event.leg.answer(LocalSession("10.0.0.9", 6000, 1))

    def local_place(self, hop: Hop) -> tuple[str, int]:
        return "10.0.0.9", 5060

    def refusal(self) -> Refusal | None:
        return None

    def token(self) -> str:
        return f"token{next(self._tokens)}"


def _sip_seeds() -> list[bytes]:
    return inputs.sip_seeds() + [answer for asked in _Endpoint().asked for answer in inputs.answers_to(asked)]


def _sip_stream() -> Feed:
    stream = MessageStream()

    def feed(data: bytes) -> bool:
        nonlocal stream
        try:
            stream.push(data)
        except SipInvalid:
            stream = MessageStream()
            return False
        return True

    return feed


def _sdp() -> Feed:
    session = LocalSession("10.0.0.9", 6000, 1)

    def feed(data: bytes) -> bool:
        try:
            session.answer(SessionDescription.parse(data))
        except (DescriptionInvalid, NotAcceptable):
            return False
        return True

    return feed


def _rtp_line(*, rtcp: bool) -> Callable[[], Feed]:
    def start() -> Feed:
        numbers = itertools.count(7)
        line = RtpLine(lambda bits: next(numbers), "bot@test")
        place = ("10.0.0.5", 4000)
        line.agree("PCMA", 8, 101, place, place)
        clock = itertools.count()

        def feed(data: bytes) -> bool:
            before, now_s = line.malformed, next(clock) * 0.02
            (line.receive_rtcp if rtcp else line.receive)(data, place, now_s)
            if len(line.pull()) != 320:
                raise AssertionError("a frame of another length")
            line.frame(None)
            line.reporting.due(now_s)
            line.report()
            return line.malformed == before

        return feed

    return start


def _audiosocket() -> Feed:
    reader = FrameReader()

    def feed(data: bytes) -> bool:
        nonlocal reader
        try:
            reader.push(data)
        except AudioSocketInvalid:
            reader = FrameReader()
            return False
        return True

    return feed


def _page_socket() -> Feed:
    limits = Limits()

    def feed(data: bytes) -> bool:
        try:
            json.dumps(repr(parse(data.decode("utf-8", "surrogateescape"), limits)))
        except ProtocolRefused:
            return False
        return True

    return feed


TARGETS = (
    Target("sip", _sip_seeds(), lambda: _Endpoint().feed),
    Target("sip_stream", _sip_seeds(), _sip_stream),
    Target("sdp", inputs.sdp_seeds(), _sdp),
    Target("rtp", inputs.rtp_seeds(), _rtp_line(rtcp=False)),
    Target("keys", inputs.event_seeds(), _rtp_line(rtcp=False)),
    Target("rtcp", inputs.rtcp_seeds(), _rtp_line(rtcp=True)),
    Target("audiosocket", inputs.audiosocket_seeds(), _audiosocket),
    Target("socket", inputs.socket_seeds(), _page_socket),
)
