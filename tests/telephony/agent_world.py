"""AgentWorld: the endpoint without sockets, its peer's messages, and a clock that the test moves."""

import itertools
from dataclasses import dataclass, field

from tests.telephony.uac import Heard
from voice.line.admission import PeerList, Refusal
from voice.sip.access import Access
from voice.sip.agenda import Agenda
from voice.sip.agent import UserAgent
from voice.sip.digest import Credentials
from voice.sip.events import CallEstablished, CallOffered
from voice.sip.hop import Hop
from voice.sip.leg import Leg
from voice.sip.negotiation import LocalSession

PEER = Hop("UDP", "10.0.0.5", 5060)
SDP = "v=0\r\no=- 1 1 IN IP4 10.0.0.5\r\ns=-\r\nc=IN IP4 10.0.0.5\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0\r\n"


@dataclass
class World:
    """The agent, its surroundings and its clock."""

    full: bool = False
    credentials: Credentials | None = None
    _tokens: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.agenda = Agenda()
        access = Access(PeerList(["10.0.0.0/8"]), self.agenda)
        self.agent = UserAgent(self, access, self.agenda, self.credentials)
        self.sent: list[tuple[float, Heard, Hop]] = []
        self.events: list[object] = []

    def local_place(self, hop: Hop) -> tuple[str, int]:
        return "10.0.0.9", 5060

    def refusal(self) -> Refusal | None:
        return Refusal(503, "full") if self.full else None

    def token(self) -> str:
        return f"token{next(self._tokens)}"

    def receive(self, text: str, hop: Hop = PEER) -> list[Heard]:
        self.agent.receive(text.encode(), hop)
        return self.drain()

    def wait(self, seconds: float) -> list[Heard]:
        """Move the clock on; returns what was sent meanwhile."""
        until, heard = self.agenda.now + seconds, list[Heard]()
        while (due := self.agenda.next_due) is not None and due <= until:
            self.agent.advance(due)
            heard += self.drain()
        self.agent.advance(until)
        return heard + self.drain()

    def wait_for_new(self, seconds: float) -> list[Heard]:
        """The same without repetitions, which share their Via."""
        known = {message.get("via") for _, message, _ in self.sent}
        return list(
            {one.get("via"): one for one in self.wait(seconds) if one.get("via") not in known}.values()
        )

    def drain(self) -> list[Heard]:
        heard = [(self.agenda.now, Heard.read(data), hop) for data, hop in self.agent.outgoing]
        self.agent.outgoing.clear()
        self.sent += heard
        self.events += self.agent.events
        self.agent.events.clear()
        return [message for _, message, _ in heard]

    def of(self, kind: type) -> list[object]:
        return [event for event in self.events if isinstance(event, kind)]

    def offered(self) -> Leg:
        event = self.of(CallOffered)[-1]
        assert isinstance(event, CallOffered)
        return event.leg

    def answer(self) -> list[Heard]:
        self.offered().answer(LocalSession("10.0.0.9", 6000, 1))
        return self.drain()

    def call(self, *fields: str) -> Heard:
        """A call that is established."""
        self.receive(request("INVITE", *fields, body=SDP))
        answer = self.answer()[-1]
        self.receive(request("ACK", to=answer.get("to")))
        assert self.of(CallEstablished)
        return answer


def request(
    method: str,
    *fields: str,
    sequence: int = 1,
    to: str = "<sip:bot@10.0.0.9>",
    body: str = "",
    branch: str = "",
) -> str:
    branch = branch or f"{method.lower()}{sequence}"
    lines = [
        f"{method} sip:bot@10.0.0.9 SIP/2.0",
        f"Via: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK{branch}",
        "From: <sip:a@10.0.0.5>;tag=peer",
        f"To: {to}",
        "Call-ID: call@10.0.0.5",
        f"CSeq: {sequence} {method}",
        "Contact: <sip:a@10.0.0.5>",
        *fields,
        *(["Content-Type: application/sdp"] if body else []),
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def response(to: Heard, status: str, *fields: str, tag: str = "", body: str = "") -> str:
    lines = [f"SIP/2.0 {status}", *(f"Via: {via}" for via in to.all("via")), f"From: {to.get('from')}"]
    lines.append(f"To: {to.get('to')}" + (f";tag={tag}" if tag else ""))
    lines += [f"Call-ID: {to.get('call-id')}", f"CSeq: {to.cseq}", *fields, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def forgotten(world: World) -> bool:
    """Whether the agent keeps nothing of what is over."""
    agent = world.agent
    return not (agent._clients or agent._servers or agent.legs) and world.agenda.next_due is None
