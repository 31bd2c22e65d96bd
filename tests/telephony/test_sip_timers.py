"""The endpoint without sockets: what happens when, told by a clock that the test moves."""

import itertools
import re
from dataclasses import dataclass, field

import pytest

from tests.telephony.uac import Heard, digest_response
from voice.admission import PeerList, Refusal
from voice.sip.access import Access
from voice.sip.agenda import Agenda
from voice.sip.agent import UserAgent
from voice.sip.digest import Credentials
from voice.sip.events import (
    CallEstablished,
    CallOffered,
    CallOver,
    OutgoingAnswered,
    OutgoingFailed,
    OutgoingRinging,
    ReferralEnded,
)
from voice.sip.hop import Hop
from voice.sip.leg import Leg
from voice.sip.negotiation import LocalSession
from voice.sip.outgoing_call import OutgoingCall
from voice.sip.registration import Account, Registration

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


# -- INVITE --------------------------------------------------------------------------------------------------


def test_a_call_cancelled_before_its_answer_is_terminated() -> None:
    world = World()
    world.receive(request("INVITE", body=SDP))
    answers = world.receive(request("CANCEL", branch="invite1"))
    assert [(one.status, one.cseq) for one in answers] == [(200, "1 CANCEL"), (487, "1 INVITE")]
    assert [event.reason for event in world.of(CallOver)] == ["cancelled"]  # type: ignore[attr-defined]


def test_a_refusal_is_repeated_until_its_ack() -> None:
    world = World(full=True)
    first = world.receive(request("INVITE", body=SDP))[-1]
    assert first.status == 503
    assert [one.status for one in world.wait(1.6)] == [503, 503]
    world.receive(request("ACK", to=first.get("to"), branch="invite1"))
    assert world.wait(60) == []


def test_the_200_is_repeated_at_growing_pauses_until_it_is_given_up() -> None:
    world = World()
    world.receive(request("INVITE", body=SDP))
    world.answer()
    world.wait(40)
    times = [round(at, 1) for at, message, _ in world.sent if message.status == 200]
    assert times == [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert any(message.method == "BYE" for _, message, _ in world.sent)
    assert [event.reason for event in world.of(CallOver)] == ["not_acknowledged"]  # type: ignore[attr-defined]


def test_hanging_up_waits_for_the_ack() -> None:
    world = World()
    world.receive(request("INVITE", body=SDP))
    answer = world.answer()[-1]
    world.offered().hang_up()
    assert world.drain() == []
    sent = world.receive(request("ACK", to=answer.get("to")))
    assert [one.method for one in sent] == ["BYE"]
    assert not world.of(CallEstablished)


def test_one_call_by_two_ways_is_answered_once() -> None:
    world = World()
    world.receive(request("INVITE", body=SDP))
    again = world.receive(request("INVITE", body=SDP, branch="otherway"))
    assert [one.status for one in again] == [100, 482]
    assert len(world.of(CallOffered)) == 1


def test_an_old_request_within_a_call_is_refused() -> None:
    world = World()
    to = world.call().get("to")
    assert world.receive(request("INFO", sequence=9, to=to))[0].status == 200
    assert world.receive(request("INFO", sequence=5, to=to))[0].status == 500


def test_a_bye_that_comes_twice_is_answered_twice() -> None:
    world = World()
    to = world.call().get("to")
    bye = request("BYE", sequence=2, to=to)
    assert [world.receive(bye)[0].status for _ in range(2)] == [200, 200]
    assert len(world.of(CallOver)) == 1


def test_answers_go_where_the_via_says() -> None:
    world = World()
    behind_nat = Hop("UDP", "10.9.9.9", 40000)
    world.receive(request("OPTIONS").replace("branch=", "rport;branch="), behind_nat)
    world.receive(request("OPTIONS", sequence=2).replace("10.0.0.5:5060;", "10.0.0.5:5070;"), behind_nat)
    assert [(hop.host, hop.port) for _, _, hop in world.sent] == [("10.9.9.9", 40000), ("10.9.9.9", 5070)]


# -- session timers (RFC 4028) -------------------------------------------------------------------------------

TIMER = "Supported: timer"


def test_an_interval_that_is_too_short_is_refused_with_the_shortest() -> None:
    world = World()
    world.receive(request("INVITE", TIMER, "Session-Expires: 60", body=SDP))
    refused = world.answer()[-1]
    assert (refused.status, refused.get("min-se")) == (422, "90")


def test_a_peer_that_does_not_refresh_is_hung_up_before_the_end() -> None:
    world = World()
    answer = world.call(TIMER, "Session-Expires: 120;refresher=uac")
    assert answer.get("session-expires") == "120;refresher=uac" and answer.get("require") == "timer"
    assert world.wait(87) == []
    assert [one.method for one in world.wait_for_new(2)] == ["BYE"]
    assert [event.reason for event in world.of(CallOver)] == ["session_expired"]  # type: ignore[attr-defined]


def test_a_peer_that_refreshes_keeps_its_call() -> None:
    world = World()
    to = world.call(TIMER, "Session-Expires: 120;refresher=uac").get("to")
    for number in range(2, 8):
        assert world.wait(60) == []
        refresh = request("UPDATE", TIMER, "Session-Expires: 120;refresher=uac", sequence=number, to=to)
        assert world.receive(refresh)[0].status == 200
    assert not world.of(CallOver)


@pytest.mark.parametrize(("allow", "method"), [("INVITE, UPDATE", "UPDATE"), ("INVITE", "INVITE")])
def test_we_refresh_where_we_are_asked_to(allow: str, method: str) -> None:
    world = World()
    first = world.call(TIMER, f"Allow: {allow}", "Session-Expires: 200;refresher=uas")
    (refresh,) = world.wait_for_new(101)
    assert refresh.method == method and refresh.get("session-expires") == "200;refresher=uac"
    if method == "INVITE":
        assert refresh.body == first.body, "the description has not changed"
    acks = world.receive(response(refresh, "200 OK", "Session-Expires: 200;refresher=uac", body=SDP))
    assert [one.method for one in acks] == (["ACK"] if method == "INVITE" else [])
    assert [one.method for one in world.wait_for_new(101)] == [method]


def test_a_refresh_that_nobody_answers_ends_the_call() -> None:
    world = World()
    world.call(TIMER, "Allow: UPDATE", "Session-Expires: 200;refresher=uas")
    world.wait(140)
    assert [event.reason for event in world.of(CallOver)] == ["peer_silent"]  # type: ignore[attr-defined]


def test_a_refresh_that_crosses_the_peers_own_is_tried_again() -> None:
    world = World()
    to = world.call(TIMER, "Session-Expires: 200;refresher=uas").get("to")
    (refresh,) = world.wait(100.5)[:1]
    crossing = world.receive(request("INVITE", sequence=2, to=to, body=SDP))
    assert crossing[-1].status == 491
    world.receive(response(refresh, "491 Request Pending"))
    again = [one for one in world.wait_for_new(3) if one.method == "INVITE"]
    assert len(again) == 1 and again[0].cseq != refresh.cseq


# -- REFER ---------------------------------------------------------------------------------------------------


def referred(world: World) -> Heard:
    world.call()
    world.offered().refer("sip:6000@10.0.0.5", "<sip:bot@10.0.0.9>")
    (refer,) = world.drain()
    return refer


def notify(world: World, fragment: str, state: str, sequence: int) -> Heard:
    to = referred_to(world)
    fields = ("Event: refer", f"Subscription-State: {state}")
    text = request("NOTIFY", *fields, sequence=sequence, to=to, body=fragment)
    return world.receive(text.replace("application/sdp", "message/sipfrag"))[0]


def referred_to(world: World) -> str:
    return str(world.offered().dialog.local)


def ends(world: World) -> list[tuple[bool, int]]:
    return [(event.accepted, event.status) for event in world.of(ReferralEnded)]  # type: ignore[attr-defined]


def test_a_referral_succeeds_with_the_last_notify() -> None:
    world = World()
    world.receive(response(referred(world), "202 Accepted"))
    assert notify(world, "SIP/2.0 180 Ringing", "active", 2).status == 200
    assert ends(world) == []
    notify(world, "SIP/2.0 200 OK", "terminated;reason=noresource", 3)
    assert ends(world) == [(True, 200)]


@pytest.mark.parametrize(
    ("status", "fragment", "end"),
    [("603 Decline", "", (False, 603)), ("202 Accepted", "SIP/2.0 486 Busy Here", (False, 486))],
)
def test_a_referral_fails_by_its_answer_or_its_notify(
    status: str, fragment: str, end: tuple[bool, int]
) -> None:
    world = World()
    world.receive(response(referred(world), status))
    if fragment:
        notify(world, fragment, "terminated", 2)
    assert ends(world) == [end]


def test_an_exchange_that_hangs_up_after_taking_the_referral_has_the_caller() -> None:
    world = World()
    world.receive(response(referred(world), "202 Accepted"))
    world.receive(request("BYE", sequence=2, to=referred_to(world)))
    assert ends(world) == [(True, 0)]


def test_a_referral_that_nobody_takes_up_fails_after_a_minute() -> None:
    world = World()
    world.receive(response(referred(world), "202 Accepted"))
    world.wait(59)
    assert ends(world) == []
    world.wait(2)
    assert ends(world) == [(False, 0)]


def test_a_notify_of_something_else_is_refused() -> None:
    world = World()
    to = world.call().get("to")
    assert world.receive(request("NOTIFY", "Event: presence", sequence=2, to=to))[0].status == 489


# -- calling a person ----------------------------------------------------------------------------------------


def calling(world: World) -> tuple[OutgoingCall, Heard]:
    session = LocalSession("10.0.0.9", 6002, 2)
    call = OutgoingCall(world.agent, "sip:6000@10.0.0.5", "<sip:1@10.0.0.9>", session, PEER)
    (invite,) = world.drain()
    return call, invite


def test_a_persons_phone_rings_and_is_answered() -> None:
    world = World()
    _, invite = calling(world)
    world.receive(response(invite, "180 Ringing", tag="p"))
    assert world.of(OutgoingRinging) and world.wait(50) == []
    answer = response(invite, "200 OK", "Contact: <sip:6000@10.0.0.5:5070>", tag="p", body=SDP)
    ack = world.receive(answer)
    assert [one.first for one in ack] == ["ACK sip:6000@10.0.0.5:5070 SIP/2.0"]
    assert [one.method for one in world.receive(answer)] == ["ACK"], (
        "a 200 that comes again is acknowledged again"
    )
    assert len(world.of(OutgoingAnswered)) == 1


def test_a_busy_person_is_told_once_and_acknowledged() -> None:
    world = World()
    _, invite = calling(world)
    busy = response(invite, "486 Busy Here", tag="p")
    assert [one.method for one in world.receive(busy)] == ["ACK"]
    assert [one.method for one in world.receive(busy)] == ["ACK"]
    assert [event.status for event in world.of(OutgoingFailed)] == [486]  # type: ignore[attr-defined]


def test_an_unanswered_invite_is_repeated_and_given_up() -> None:
    world = World()
    calling(world)
    world.wait(40)
    times = [round(at, 1) for at, message, _ in world.sent if message.method == "INVITE"]
    assert times == [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5]
    assert [event.status for event in world.of(OutgoingFailed)] == [0]  # type: ignore[attr-defined]


def test_a_ringing_phone_is_cancelled_and_a_late_answer_hung_up() -> None:
    world = World()
    call, invite = calling(world)
    world.receive(response(invite, "180 Ringing", tag="p"))
    call.cancel()
    (cancel,) = world.drain()
    assert cancel.method == "CANCEL" and cancel.get("via") == invite.get("via")
    late = response(invite, "200 OK", "Contact: <sip:6000@10.0.0.5>", tag="p", body=SDP)
    assert [one.method for one in world.receive(late)] == ["ACK", "BYE"]
    assert not world.of(OutgoingAnswered)


def test_a_cancelled_call_that_nobody_answers_is_forgotten() -> None:
    world = World()
    call, invite = calling(world)
    world.receive(response(invite, "180 Ringing", tag="p"))
    call.cancel()
    world.wait(100)
    assert len(world.of(OutgoingFailed)) == 1
    assert forgotten(world)


def forgotten(world: World) -> bool:
    agent = world.agent
    return not (agent._clients or agent._servers or agent.legs) and world.agenda.next_due is None


def test_nothing_is_kept_of_calls_that_are_over() -> None:
    world = World()
    to = world.call(TIMER, "Session-Expires: 120;refresher=uac").get("to")
    world.receive(request("BYE", sequence=2, to=to))
    world.full = True
    world.receive(request("INVITE", sequence=3, body=SDP))
    world.receive(request("OPTIONS", sequence=4))
    assert not forgotten(world)
    world.wait(100)
    assert forgotten(world)


# -- REGISTER ------------------------------------------------------------------------------------------------

ACCOUNT = Account("sip:10.0.0.5", "sip:8000@10.0.0.5", 300)
CHALLENGE = 'WWW-Authenticate: Digest realm="pbx", nonce="abc"'


def registering(world: World) -> tuple[Registration, Heard, list[tuple[bool, int]]]:
    changes: list[tuple[bool, int]] = []
    registration = Registration(world.agent, ACCOUNT, PEER, lambda *change: changes.append(change))
    registration.begin()
    (first,) = world.drain()
    return registration, first, changes


def test_a_registration_answers_the_challenge_and_is_refreshed_in_time() -> None:
    world = World(credentials=Credentials("8000", "secret"))
    registration, first, changes = registering(world)
    assert first.first == "REGISTER sip:10.0.0.5 SIP/2.0" and not first.get("authorization")
    (second,) = world.receive(response(first, "401 Unauthorized", CHALLENGE))
    wanted = digest_response("8000", "secret", "pbx", "abc", "REGISTER", "sip:10.0.0.5")
    assert f'response="{wanted}"' in second.get("authorization")
    assert [one.get("cseq") for one in (first, second)] == ["1 REGISTER", "2 REGISTER"]
    granted = second.get("contact").partition(";")[0] + ";expires=100"
    world.receive(response(second, "200 OK", f"Contact: <sip:other@10.1.1.1>;expires=9, {granted}"))
    assert registration.registered and changes == [(True, 200)]
    assert world.wait(74) == []
    assert [one.method for one in world.wait_for_new(2)] == ["REGISTER"]


def test_a_wrong_password_is_not_tried_for_ever() -> None:
    world = World(credentials=Credentials("8000", "wrong"))
    _, first, changes = registering(world)
    (second,) = world.receive(response(first, "401 Unauthorized", CHALLENGE))
    assert world.receive(response(second, "401 Unauthorized", CHALLENGE)) == []
    assert changes == [(False, 401)]
    assert [one.method for one in world.wait_for_new(6)] == ["REGISTER"], "again after a pause"


def test_a_stale_nonce_costs_one_more_try() -> None:
    world = World(credentials=Credentials("8000", "secret"))
    registration, first, _ = registering(world)
    (second,) = world.receive(response(first, "401 Unauthorized", CHALLENGE))
    (third,) = world.receive(
        response(second, "401 Unauthorized", CHALLENGE.replace("abc", "new") + ", stale=true")
    )
    assert 'nonce="new"' in third.get("authorization")
    world.receive(response(third, "200 OK", "Expires: 300"))
    assert registration.registered


def test_a_silent_registrar_is_asked_again_and_again() -> None:
    world = World()
    _, _, changes = registering(world)
    world.wait(200)
    calls = {re.match(r"\d+", message.cseq)[0] for _, message, _ in world.sent}  # type: ignore[index]
    assert len(calls) >= 4 and changes[0] == (False, 0)


def test_signing_off_takes_the_registration_back() -> None:
    world = World()
    registration, first, _ = registering(world)
    world.receive(response(first, "200 OK", "Expires: 300"))
    registration.sign_off()
    (last,) = world.drain()
    assert last.get("expires") == "0" and last.get("contact").endswith(";expires=0")
    world.receive(response(last, "200 OK"))
    assert world.wait(1000) == []
