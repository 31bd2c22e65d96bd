"""The endpoint without sockets: what happens when, told by a clock that the test moves."""

import pytest

from tests.telephony.agent_world import SDP, World, forgotten, request, response
from voice.sip.events import CallEstablished, CallOffered, CallOver
from voice.sip.hop import Hop

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
