"""A telephone calls: the endpoint answers, talks, and hangs up as RFC 3261 says."""

import asyncio
import itertools
import re

import numpy as np

from tests.telephony.conftest import Exchange, Start
from tests.telephony.uac import Phone, pcm_of, until
from voice.line.admission import PeerList, Refusal
from voice.sip.access import AccessLimits


def tone(duration_ms: int, hz: int = 400) -> bytes:
    t = np.arange(8 * duration_ms) / 8000
    return (np.sin(2 * np.pi * hz * t) * 8000).astype("<i2").tobytes()


async def test_a_call_is_answered_and_sound_goes_both_ways(exchange: Exchange) -> None:
    phone = await exchange.phone()
    phone.send(phone.request("INVITE", phone.sdp()))
    seen = [(await phone.next()).status for _ in range(3)]
    assert seen == [100, 180, 200]
    phone.send(phone.request("BYE"))


async def test_the_caller_hears_an_echo_of_his_own_voice(exchange: Exchange) -> None:
    phone = await exchange.phone()
    await phone.invite()
    hearing = asyncio.create_task(phone.hear(1.2))
    await phone.speak(tone(800))
    heard = np.frombuffer(pcm_of(await hearing), dtype="<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(heard[2000:6000]))
    assert abs(np.argmax(spectrum) * 8000 / 4000 - 400) < 10
    assert (await phone.hang_up()).status == 200
    await asyncio.wait_for(exchange.echo.ended.wait(), 5)


async def test_packets_go_out_every_20_ms_with_running_numbers(exchange: Exchange) -> None:
    phone = await exchange.phone()
    await phone.invite()
    packets = [data for data in await phone.hear(1.0) if not 192 <= data[1] <= 223]
    numbers = [int.from_bytes(data[2:4], "big") for data in packets]
    stamps = [int.from_bytes(data[4:8], "big") for data in packets]
    assert len(packets) > 30
    assert {(b - a) % 65536 for a, b in itertools.pairwise(numbers)} == {1}
    assert {(b - a) % 2**32 for a, b in itertools.pairwise(stamps)} == {160}
    assert [bool(data[1] & 0x80) for data in packets[:3]] == [True, False, False]


async def test_mu_law_is_spoken_where_the_caller_prefers_it(exchange: Exchange) -> None:
    phone = await exchange.phone(codecs="0 8 101")
    answer = await phone.invite()
    assert "RTP/AVP 0 101" in answer.body
    hearing = asyncio.create_task(phone.hear(0.8))
    await phone.speak(tone(500))
    heard = await hearing
    assert {data[1] & 0x7F for data in heard if not 192 <= data[1] <= 223} == {0}
    assert np.abs(np.frombuffer(pcm_of(heard), dtype="<i2")).max() > 6000


async def test_keys_come_by_rtp_once_each_although_packets_are_lost(exchange: Exchange) -> None:
    phone = await exchange.phone()
    await phone.invite()
    phone.press("1")
    phone.press("2", lose=(0, 1))
    phone.press("2", lose=(3, 4, 5))
    phone.press("#", lose=(1, 2, 3, 4, 5))
    await until(lambda: len(exchange.echo.keys) >= 4)
    await asyncio.sleep(0.1)
    assert exchange.echo.keys == ["1", "2", "2", "#"]


async def test_keys_come_by_info(exchange: Exchange) -> None:
    phone = await exchange.phone(codecs="8")
    await phone.invite()
    phone.send(phone.request("INFO", "Signal=7\r\nDuration=160\r\n"))
    assert (await phone.response(f"{phone.sequence} INFO")).status == 200
    phone.send(phone.request("INFO", "Signal= *\r\nDuration= 250\r\n"))
    await until(lambda: len(exchange.echo.keys) == 2)
    assert exchange.echo.keys == ["7", "*"]


async def test_the_200_is_repeated_until_it_is_acknowledged(exchange: Exchange) -> None:
    phone = await exchange.phone()
    await phone.invite(ack=False)
    again = await phone.response("1 INVITE")
    assert again.status == 200 and again.get("to") == phone.to
    phone.ack()
    await until(lambda: exchange.endpoint.calls == 1)
    assert (await phone.hang_up()).status == 200


async def test_a_call_that_is_never_acknowledged_is_given_up(exchange: Exchange) -> None:
    phone = await exchange.phone()
    await phone.invite(ack=False)
    bye = await phone.incoming("BYE", timeout_s=10)
    phone.reply(bye)
    assert exchange.endpoint.access.counts["not_acknowledged"] == 1
    assert exchange.endpoint.calls == 0


async def test_the_bot_hangs_up(exchange: Exchange) -> None:
    exchange.echo.hang_up_after = 10
    phone = await exchange.phone()
    await phone.invite()
    bye = await phone.incoming("BYE")
    phone.reply(bye)
    assert bye.get("from") == phone.to and phone.tag in bye.get("to")
    await until(lambda: exchange.endpoint.calls == 0)


async def test_a_bye_that_is_not_answered_is_repeated(exchange: Exchange) -> None:
    exchange.echo.hang_up_after = 5
    phone = await exchange.phone()
    await phone.invite()
    first = await phone.incoming("BYE")
    second = await phone.incoming("BYE")
    assert first.get("via") == second.get("via")


async def test_an_invite_that_came_twice_is_one_call(exchange: Exchange) -> None:
    phone = await exchange.phone()
    invite = phone.request("INVITE", phone.sdp())
    for _ in range(3):
        phone.send(invite)
    await phone.final()
    await until(lambda: exchange.endpoint.calls == 1)
    await asyncio.sleep(0.1)
    assert len(exchange.echo.calls) == 1


async def test_a_cancel_after_the_answer_changes_nothing(exchange: Exchange) -> None:
    phone = await exchange.phone()
    await phone.invite()
    phone.to, to = "", phone.to
    phone.send(phone.request("CANCEL", branch=phone.invite_branch, sequence=phone.sequence))
    assert (await phone.response("1 CANCEL")).status == 200
    phone.to = to
    await asyncio.sleep(0.05)
    assert exchange.endpoint.calls == 1


async def test_a_cancel_of_nothing_is_told_so(exchange: Exchange) -> None:
    phone = await exchange.phone()
    phone.send(phone.request("CANCEL"))
    assert (await phone.response("1 CANCEL")).status == 481


async def test_hold_stops_the_call_and_resume_goes_on(exchange: Exchange) -> None:
    phone = await exchange.phone()
    await phone.invite()
    await until(lambda: exchange.echo.frames > 5)
    held = await phone.invite(phone.sdp("sendonly"))
    assert "a=recvonly" in held.body
    await asyncio.sleep(0.1)
    frames = exchange.echo.frames
    await asyncio.sleep(0.3)
    assert exchange.echo.frames <= frames + 1
    resumed = await phone.invite(phone.sdp())
    assert "a=sendrecv" in resumed.body
    await until(lambda: exchange.echo.frames > frames + 5)


async def test_a_caller_on_hold_may_hang_up(exchange: Exchange) -> None:
    phone = await exchange.phone()
    await phone.invite()
    await phone.invite(phone.sdp("inactive", host="0.0.0.0"))
    await phone.hang_up()
    await asyncio.wait_for(exchange.echo.ended.wait(), 5)


async def test_the_codec_may_change_in_the_middle_of_a_call(exchange: Exchange) -> None:
    phone = await exchange.phone()
    first = await phone.invite()
    second = await phone.invite(phone.sdp(codecs="0"))
    assert "RTP/AVP 0\r\n" in second.body
    versions = [int(re.search(r"o=shoudai \d+ (\d+)", heard.body)[1]) for heard in (first, second)]  # type: ignore[index]
    assert versions[1] == versions[0] + 1
    while not phone.rtp.empty():
        phone.rtp.get_nowait()
    assert {data[1] & 0x7F for data in await phone.hear(0.3) if not 192 <= data[1] <= 223} == {0}


async def test_a_change_that_cannot_be_spoken_leaves_the_call_as_it_was(exchange: Exchange) -> None:
    phone = await exchange.phone()
    await phone.invite()
    refused = await phone.invite(phone.sdp(codecs="18"))
    assert refused.status == 488
    assert (await phone.hang_up()).status == 200


async def test_an_invite_without_an_offer_gets_ours(exchange: Exchange) -> None:
    phone = await exchange.phone()
    answer = await phone.invite("", ack=False)
    assert "RTP/AVP 8 0 101" in answer.body
    phone.ack(phone.sdp(codecs="0 101"))
    await until(lambda: exchange.endpoint.calls == 1)
    assert {data[1] & 0x7F for data in await phone.hear(0.3) if not 192 <= data[1] <= 223} == {0}


async def test_no_common_codec_is_refused(exchange: Exchange) -> None:
    phone = await exchange.phone(codecs="18 9")
    assert (await phone.invite()).status == 488
    assert exchange.endpoint.calls == 0


async def test_srtp_is_refused_and_video_is_left_out(exchange: Exchange) -> None:
    phone = await exchange.phone()
    assert (await phone.invite(phone.sdp().replace("RTP/AVP", "RTP/SAVP"))).status == 488
    phone.sequence, phone.tag = 10, "other"
    video = await phone.invite(phone.sdp() + "m=video 4000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n")
    assert re.findall(r"m=(\w+) (\d+)", video.body)[1] == ("video", "0")


async def test_options_tell_that_calls_are_taken(exchange: Exchange) -> None:
    phone = await exchange.phone()
    phone.send(phone.request("OPTIONS"))
    answer = await phone.response("1 OPTIONS")
    assert answer.status == 200 and "INVITE" in answer.get("allow")


async def test_an_update_without_a_description_is_a_refresh(exchange: Exchange) -> None:
    phone = await exchange.phone()
    await phone.invite()
    expires = ("Supported: timer", "Session-Expires: 600;refresher=uac")
    phone.send(phone.request("UPDATE", extra=expires))
    answer = await phone.response(f"{phone.sequence} UPDATE")
    assert answer.status == 200 and answer.get("session-expires") == "600;refresher=uac" and not answer.body


async def test_unknown_methods_and_extensions_are_refused(exchange: Exchange) -> None:
    phone = await exchange.phone(extra=("Require: 100rel",))
    refused = await phone.invite()
    assert refused.status == 420 and refused.get("unsupported") == "100rel"
    phone.send(phone.request("PUBLISH"))
    assert (await phone.response(f"{phone.sequence} PUBLISH")).status == 405
    phone.to = "<sip:bot@127.0.0.1>;tag=nobody"
    phone.send(phone.request("BYE"))
    assert (await phone.response(f"{phone.sequence} BYE")).status == 481


async def test_strangers_get_no_further_than_a_refusal(start: Start) -> None:
    exchange = await start(peers=PeerList(["192.0.2.1"]))
    phone = await exchange.phone()
    assert (await phone.invite()).status == 403
    assert exchange.endpoint.access.counts["stranger"] >= 1
    assert exchange.endpoint.calls == 0


async def test_a_full_house_says_when_to_try_again(start: Start) -> None:
    exchange = await start(refusal=lambda: Refusal(503, "calls_full", 7))
    phone = await exchange.phone()
    refused = await phone.invite()
    assert (refused.status, refused.get("retry-after")) == (503, "7")
    assert exchange.endpoint.access.counts["calls_full"] == 1


async def test_a_burst_of_calls_that_are_not_yet_acknowledged_counts(start: Start) -> None:
    exchanges: list[Exchange] = []

    def refusal() -> Refusal | None:
        return Refusal(503, "calls_full", 5) if exchanges[0].endpoint.calls >= 2 else None

    exchanges.append(await start(refusal=refusal))
    answers = []
    for _ in range(4):
        phone = await exchanges[0].phone()
        answers.append((await phone.invite(ack=False)).status)
    assert answers == [200, 200, 503, 503]


async def test_too_many_invites_are_refused(start: Start) -> None:
    exchange = await start(limits=AccessLimits(invites_burst=3, invites_per_s=0.01))
    answers = []
    for _ in range(5):
        phone = await exchange.phone()
        answers.append((await phone.invite()).status)
    assert answers == [200, 200, 200, 503, 503]
    assert exchange.endpoint.access.counts["too_many_invites"] == 2


async def test_a_peer_that_vanishes_does_not_keep_its_line(start: Start) -> None:
    exchange = await start(silent_s=0.5)
    phone = await exchange.phone()
    await phone.invite()
    await phone.incoming("BYE")
    assert exchange.endpoint.access.counts["peer_vanished"] == 1


async def test_a_call_cannot_last_for_ever(start: Start) -> None:
    exchange = await start(max_call_s=0.5)
    phone = await exchange.phone()
    await phone.invite()
    await phone.speak(tone(600))
    await phone.incoming("BYE")
    assert exchange.endpoint.access.counts["call_too_long"] == 1


async def test_draining_takes_no_new_calls_and_lets_present_ones_end(exchange: Exchange) -> None:
    talking, late = await exchange.phone(), await exchange.phone()
    await talking.invite()
    await until(lambda: exchange.endpoint.calls == 1)
    draining = asyncio.create_task(exchange.endpoint.drain(5))
    await asyncio.sleep(0.05)
    refused = await late.invite()
    assert refused.status == 503 and refused.get("retry-after")
    assert not draining.done()
    assert (await talking.hang_up()).status == 200
    await asyncio.wait_for(draining, 2)


async def test_draining_has_a_limit(exchange: Exchange) -> None:
    phone = await exchange.phone()
    await phone.invite()
    draining = asyncio.create_task(exchange.endpoint.drain(0.3))
    phone.reply(await phone.incoming("BYE"))
    await asyncio.wait_for(draining, 5)
    assert exchange.endpoint.calls == 0


async def test_requests_go_back_along_the_recorded_route(start: Start) -> None:
    exchange = await start()
    exchange.echo.hang_up_after = 5
    phone = await exchange.phone()
    route = f"<sip:127.0.0.1:{phone.port};lr>"
    phone.extra = (f"Record-Route: {route}", "Record-Route: <sip:192.0.2.7;lr>")
    answer = await phone.invite()
    assert answer.all("record-route") == [route, "<sip:192.0.2.7;lr>"]
    bye = await phone.incoming("BYE")
    assert bye.all("route") == [route, "<sip:192.0.2.7;lr>"]
    assert bye.first == f"BYE sip:{phone.user}@127.0.0.1:{phone.port} SIP/2.0"


async def test_a_contact_at_a_third_party_is_not_followed(exchange: Exchange) -> None:
    """Whoever may call must not be able to have us send datagrams elsewhere."""
    exchange.echo.hang_up_after = 5
    phone = await exchange.phone()
    invite = phone.request("INVITE", phone.sdp()).replace(
        f"Contact: <sip:{phone.user}@127.0.0.1:{phone.port}>", "Contact: <sip:x@192.0.2.9:5060>"
    )
    phone.send(invite)
    await phone.final()
    bye = await phone.incoming("BYE")
    assert bye.first == "BYE sip:x@192.0.2.9:5060 SIP/2.0"


async def test_calls_come_by_ipv6(start: Start) -> None:
    from voice.line.listening_place import Listen

    exchange = await start(listen=(Listen("UDP", "::1", 0),))
    phone = await Phone(exchange.endpoint.address("UDP"), host="::1").open()
    exchange.phones.append(phone)
    answer = await phone.invite()
    assert "c=IN IP6 ::1" in answer.body
    hearing = asyncio.create_task(phone.hear(0.8))
    await phone.speak(tone(500))
    assert np.abs(np.frombuffer(pcm_of(await hearing), dtype="<i2")).max() > 6000
    assert (await phone.hang_up()).status == 200


async def test_rubbish_is_counted_and_ends_nothing(exchange: Exchange) -> None:
    phone = await exchange.phone()
    await phone.invite()
    for rubbish in (
        b"x",
        b"\xff" * 500,
        b"INVITE sip:a SIP/2.0\r\n\r\n",
        b"SIP/2.0 200 OK\r\nVia: ;;\r\n\r\n",
    ):
        phone.send(rubbish)
    await until(lambda: exchange.endpoint.access.counts["malformed"] >= 4)
    assert (await phone.hang_up()).status == 200
