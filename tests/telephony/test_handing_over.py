"""A caller is bridged to a person's phone, and the endpoint registers at an exchange: over real sockets."""

import asyncio
import re
import socket
import struct

import numpy as np
import pytest

from tests.telephony.conftest import Exchange, Start
from tests.telephony.uac import Heard, Phone, digest_response, pcm_of, until
from voice.line.admission import PeerList
from voice.line.listening_place import Listen
from voice.sip.digest import Credentials
from voice.sip.hop import Hop
from voice.sip.registrar import find_hop
from voice.sip.registration import Account
from voice.sip.transactions import Timing


def tone(duration_ms: int) -> bytes:
    t = np.arange(8 * duration_ms) / 8000
    return (np.sin(2 * np.pi * 437 * t) * 8000).astype("<i2").tobytes()


async def calling(start: Start, **settings: object) -> tuple[Exchange, Phone, Phone, Heard]:
    """A caller whose call is just being bridged; the person's phone has got its INVITE."""
    agent = await Phone(("127.0.0.1", 9), codecs="0 101").open()
    values = {"agent": f"sip:6000@127.0.0.1:{agent.port}", "transfer": "bridge"} | settings
    exchange = await start(**values)
    exchange.phones.append(agent)
    agent.server = exchange.endpoint.address("UDP")
    exchange.echo.transfer_after = 10
    caller = await exchange.phone(codecs="8 101", extra=("P-Asserted-Identity: <tel:+8613800000001>",))
    await caller.invite()
    return exchange, caller, agent, await agent.incoming("INVITE")


async def take(agent: Phone, invite: Heard) -> None:
    """The person answers."""
    agent.take(invite.body)
    agent.payload_type = 0
    agent.call_id, agent.tag = invite.get("call-id"), "person"
    agent.to, agent.contact = invite.get("from"), re.search("<(.*?)>", invite.get("contact"))[1]  # type: ignore[index]
    contact = (f"Contact: <sip:6000@127.0.0.1:{agent.port}>", "Content-Type: application/sdp")
    tagged = Heard(invite.first, [(n, v + ";tag=person" if n == "to" else v) for n, v in invite.fields], "")
    agent.reply(tagged, "180 Ringing")
    agent.reply(tagged, "200 OK", contact, agent.sdp())
    await agent.incoming("ACK")


async def test_a_person_and_the_caller_hear_each_other_each_in_his_own_codec(start: Start) -> None:
    exchange, caller, agent, invite = await calling(start)
    assert '"13800000001"' in invite.get("from"), "the person sees who calls"
    await take(agent, invite)
    await until(lambda: exchange.endpoint.calls == 1 and not exchange.endpoint.lines)
    hearing = asyncio.gather(caller.hear(0.8), agent.hear(0.8))
    await asyncio.gather(caller.speak(tone(500)), agent.speak(tone(500)))
    to_caller, to_agent = await hearing
    assert {data[1] & 0x7F for data in to_agent[5:] if not 192 <= data[1] <= 223} == {0}
    for heard in (to_caller, to_agent):
        assert np.abs(np.frombuffer(pcm_of(heard), dtype="<i2")).max() > 6000
        numbers = [int.from_bytes(data[2:4], "big") for data in heard if not 192 <= data[1] <= 223]
        assert {(b - a) % 65536 for a, b in zip(numbers, numbers[1:], strict=False)} == {1}  # noqa: RUF007
    await caller.hang_up()
    agent.reply(await agent.incoming("BYE"))
    await until(lambda: exchange.endpoint.calls == 0)


async def test_an_extension_calls_a_person_under_its_own_address_and_says_whom_it_calls_for(
    start: Start,
) -> None:
    account = Account("sip:127.0.0.1:9", "sip:8000@pbx.example", 60)
    _, _, agent, invite = await calling(start, account=account, credentials=Credentials("8000", "secret"))
    assert invite.get("from").startswith('"13800000001" <sip:8000@pbx.example>')
    assert invite.get("p-asserted-identity") == "<sip:13800000001@127.0.0.1>"
    challenge = ('Proxy-Authenticate: Digest realm="pbx", nonce="abc"',)
    agent.reply(invite, "407 Proxy Authentication Required", challenge)
    await agent.incoming("ACK")
    second = await agent.incoming("INVITE")
    uri = f"sip:6000@127.0.0.1:{agent.port}"
    wanted = digest_response("8000", "secret", "pbx", "abc", "INVITE", uri)
    assert f'response="{wanted}"' in second.get("proxy-authorization")
    await take(agent, second)


async def test_a_person_whose_phone_takes_no_connection_is_given_up_at_once(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    exchange = await start(
        agent=f"sip:6000@127.0.0.1:{port};transport=tcp", transfer="bridge", timing=Timing()
    )
    exchange.echo.transfer_after = 5
    caller = await exchange.phone()
    await caller.invite()
    await until(lambda: exchange.echo.transfer_error, 8)
    assert exchange.echo.transfer_error == "the agent's phone cannot be reached"
    assert (await caller.hang_up()).status == 200


async def test_a_name_is_looked_up_for_the_kind_of_address_that_we_listen_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def both(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [
            (socket.AF_INET6, socket.SOCK_DGRAM, 17, "", ("2001:db8::5", 5060, 0, 0)),
            (socket.AF_INET, socket.SOCK_DGRAM, 17, "", ("10.0.0.5", 5060)),
        ]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    old, new = Listen("UDP", "0.0.0.0", 5060), Listen("UDP", "::", 5060)
    assert await find_hop("sip:pbx.example", (old,)) == Hop("UDP", "10.0.0.5", 5060)
    assert await find_hop("sip:pbx.example", (new,)) == Hop("UDP", "2001:db8::5", 5060)
    monkeypatch.undo()
    assert await find_hop("sip:10.0.0.5", (new,)) is None


async def test_keys_are_passed_on(start: Start) -> None:
    exchange, caller, agent, invite = await calling(start)
    await take(agent, invite)
    await until(lambda: not exchange.endpoint.lines)
    caller.press("7")
    events = [data for data in await agent.hear(0.4) if data[1] & 0x7F == 101]
    assert [struct.unpack("!B", data[12:13])[0] for data in events] == [7] * 6
    assert len({data[4:8] for data in events}) == 1


async def test_the_person_may_change_his_codec(start: Start) -> None:
    exchange, caller, agent, invite = await calling(start)
    await take(agent, invite)
    await until(lambda: not exchange.endpoint.lines)
    answer = await agent.invite(agent.sdp(codecs="8"))
    assert "RTP/AVP 8" in answer.body
    hearing = asyncio.create_task(agent.hear(0.5))
    await caller.speak(tone(300))
    assert 8 in {data[1] & 0x7F for data in (await hearing)[5:]}


async def test_the_person_hangs_up(start: Start) -> None:
    exchange, caller, agent, invite = await calling(start)
    await take(agent, invite)
    await until(lambda: not exchange.endpoint.lines)
    assert (await agent.hang_up()).status == 200
    caller.reply(await caller.incoming("BYE"))
    await until(lambda: exchange.endpoint.calls == 0)


async def test_a_person_who_is_busy_leaves_the_caller_where_he_was(start: Start) -> None:
    exchange, caller, agent, invite = await calling(start)
    agent.reply(invite, "486 Busy Here")
    await until(lambda: exchange.echo.transfer_error)
    assert exchange.echo.transfer_error == "the agent's phone answered 486"
    frames = exchange.echo.frames
    await until(lambda: exchange.echo.frames > frames + 10)
    assert (await caller.hang_up()).status == 200


async def test_a_caller_who_hangs_up_while_it_rings_stops_the_ringing(start: Start) -> None:
    exchange, caller, agent, invite = await calling(start)
    agent.reply(invite, "180 Ringing")
    heard = [data for data in await caller.hear(1.5) if not 192 <= data[1] <= 223]
    assert np.abs(np.frombuffer(pcm_of(heard), dtype="<i2")).max() > 2000, "the ringing tone"
    await caller.hang_up()
    cancel = await agent.incoming("CANCEL")
    assert cancel.get("via") == invite.get("via")
    agent.reply(cancel)
    agent.reply(invite, "487 Request Terminated")
    await agent.incoming("ACK")
    await until(lambda: exchange.endpoint.calls == 0)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"agent": None}, "no agent's address is set"),
        (
            {"agent": "sip:6000@192.0.2.1", "transfer": "bridge"},
            "the agent's address is not in the allow-list",
        ),
        (
            {"agent": "sip:6000@127.0.0.1", "transfer": "bridge", "rtp_ports": (24000, 24001)},
            "no port is free",
        ),
    ],
)
async def test_a_transfer_that_cannot_begin_says_why(
    start: Start, settings: dict[str, object], why: str
) -> None:
    exchange = await start(**settings)
    exchange.echo.transfer_after = 5
    caller = await exchange.phone()
    await caller.invite()
    await until(lambda: exchange.echo.transfer_error)
    assert exchange.echo.transfer_error == why
    assert (await caller.hang_up()).status == 200


async def test_no_free_port_refuses_the_call(start: Start) -> None:
    exchange = await start(rtp_ports=(24002, 24003))
    first, second = await exchange.phone(), await exchange.phone()
    assert (await first.invite()).status == 200
    refused = await second.invite()
    assert (refused.status, refused.get("retry-after")) == (503, "10")
    await first.hang_up()
    await until(lambda: exchange.endpoint.calls == 0)
    second.sequence, second.call_id = 10, "again@test"
    assert (await second.invite()).status == 200


async def test_the_endpoint_is_an_extension_of_an_exchange(start: Start) -> None:
    registrar = await Phone(("127.0.0.1", 9)).open()
    exchange = await start(
        account=Account(f"sip:127.0.0.1:{registrar.port}", "sip:8000@127.0.0.1", 60),
        credentials=Credentials("8000", "secret"),
        peers=PeerList(["127.0.0.1"]),
    )
    exchange.phones.append(registrar)
    registrar.server = exchange.endpoint.address("UDP")
    assert exchange.endpoint.registered is False
    first = await registrar.incoming("REGISTER")
    registrar.reply(first, "401 Unauthorized", ('WWW-Authenticate: Digest realm="pbx", nonce="abc"',))
    second = await registrar.incoming("REGISTER")
    while not second.get("authorization"):
        second = await registrar.incoming("REGISTER")
    uri = f"sip:127.0.0.1:{registrar.port}"
    wanted = digest_response("8000", "secret", "pbx", "abc", "REGISTER", uri)
    assert f'response="{wanted}"' in second.get("authorization")
    registrar.reply(second, "200 OK", (f"Contact: {second.get('contact')}",))
    await until(lambda: exchange.endpoint.registered)
    draining = asyncio.create_task(exchange.endpoint.drain(1))
    last = await registrar.incoming("REGISTER")
    while last.get("expires") != "0":
        last = await registrar.incoming("REGISTER")
    registrar.reply(last)
    await draining
