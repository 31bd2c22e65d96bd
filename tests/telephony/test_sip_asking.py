"""What the endpoint itself asks of others: to take a caller over, to answer, to register; without sockets."""

import re

import pytest

from tests.telephony.agent_world import PEER, SDP, World, forgotten, request, response
from tests.telephony.uac import Heard, digest_response
from voice.sip.digest import Credentials
from voice.sip.events import OutgoingAnswered, OutgoingFailed, OutgoingRinging, ReferralEnded
from voice.sip.hop import Hop
from voice.sip.negotiation import LocalSession
from voice.sip.outgoing_call import OutgoingCall
from voice.sip.registration import Account, Registration

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


PROXY_CHALLENGE = 'Proxy-Authenticate: Digest realm="pbx", nonce="abc"'


def test_a_call_and_its_acknowledgement_answer_the_exchanges_challenge() -> None:
    world = World(credentials=Credentials("8000", "secret"))
    _, invite = calling(world)
    ack, second = world.receive(response(invite, "407 Proxy Authentication Required", PROXY_CHALLENGE))
    assert (ack.method, ack.cseq, ack.get("via")) == ("ACK", "1 ACK", invite.get("via"))
    wanted = digest_response("8000", "secret", "pbx", "abc", "INVITE", "sip:6000@10.0.0.5")
    given = second.get("proxy-authorization")
    assert f'response="{wanted}"' in given and second.cseq == "2 INVITE"
    answer = response(second, "200 OK", "Contact: <sip:6000@10.0.0.5>", tag="p", body=SDP)
    (ack,) = world.receive(answer)
    assert (ack.method, ack.cseq, ack.get("proxy-authorization")) == ("ACK", "2 ACK", given)
    assert len(world.of(OutgoingAnswered)) == 1 and not world.of(OutgoingFailed)


def test_a_call_with_a_wrong_password_fails_after_one_try() -> None:
    world = World(credentials=Credentials("8000", "wrong"))
    _, invite = calling(world)
    _, second = world.receive(response(invite, "407 Proxy Authentication Required", PROXY_CHALLENGE))
    again = world.receive(response(second, "407 Proxy Authentication Required", PROXY_CHALLENGE))
    assert [one.method for one in again] == ["ACK"]
    assert [event.status for event in world.of(OutgoingFailed)] == [407]  # type: ignore[attr-defined]


def test_a_referral_answers_the_exchanges_challenge() -> None:
    world = World(credentials=Credentials("8000", "secret"))
    first = referred(world)
    (second,) = world.receive(response(first, "401 Unauthorized", CHALLENGE))
    wanted = digest_response("8000", "secret", "pbx", "abc", "REFER", "sip:a@10.0.0.5")
    assert f'response="{wanted}"' in second.get("authorization")
    assert second.get("refer-to") == first.get("refer-to")
    world.receive(response(second, "202 Accepted"))
    notify(world, "SIP/2.0 200 OK", "terminated;reason=noresource", 3)
    assert ends(world) == [(True, 200)]


def test_nobody_waits_for_a_peer_that_cannot_be_connected_to() -> None:
    world = World()
    calling(world)
    world.agent.unreachable(Hop("TCP", PEER.host, PEER.port))
    assert not world.of(OutgoingFailed), "that was another way"
    world.agent.unreachable(PEER)
    world.drain()
    assert [event.status for event in world.of(OutgoingFailed)] == [0]  # type: ignore[attr-defined]
    assert world.wait(100) == [] and forgotten(world)


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
