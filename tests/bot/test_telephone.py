"""The telephone in the bot process: its settings, its pages, its place in readiness."""

import uuid

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.audiosocket_routes import audiosocket_router
from bot.phone_settings import PhoneSettings
from bot.settings import SettingsInvalid
from voice.audiosocket.caller_book import CallerBook

ON = {"SHOUDAI_SIP_LISTEN": "udp:0.0.0.0:5060,tcp:[::]:5061", "SHOUDAI_SIP_PEERS": "10.0.0.5, 10.1.0.0/24"}
CALL = uuid.UUID("40325ec2-5efd-4bd3-805f-53576e581d13")
BEARER = {"authorization": "Bearer secret"}


def test_the_telephone_is_off_unless_it_is_told_where_to_listen() -> None:
    assert not PhoneSettings.from_environment({}).on


def test_settings_of_the_telephone_are_read() -> None:
    settings = PhoneSettings.from_environment(
        ON
        | {
            "SHOUDAI_SIP_AGENT": "sip:6000@10.0.0.5",
            "SHOUDAI_SIP_TRANSFER": "bridge",
            "SHOUDAI_SIP_REGISTRAR": "sip:10.0.0.5",
            "SHOUDAI_SIP_ADDRESS": "sip:8000@10.0.0.5",
            "SHOUDAI_SIP_USER": "8000",
            "SHOUDAI_SIP_PASSWORD": "hidden",
            "SHOUDAI_AUDIOSOCKET_LISTEN": "tcp:127.0.0.1:9092",
            "SHOUDAI_AUDIOSOCKET_PEERS": "127.0.0.1",
            "SHOUDAI_PHONE_CALLS": "7",
        }
    )
    assert settings.sip is not None and settings.audiosocket is not None
    assert [(place.transport, place.host, place.port) for place in settings.sip.listen] == [
        ("UDP", "0.0.0.0", 5060),
        ("TCP", "::", 5061),
    ]
    assert settings.sip.peers.allows("10.1.0.77") and not settings.sip.peers.allows("10.2.0.1")
    assert (settings.sip.agent, settings.sip.transfer) == ("sip:6000@10.0.0.5", "bridge")
    assert settings.sip.account is not None and settings.sip.account.expires_s == 300
    assert "hidden" not in repr(settings)
    assert settings.calls == 7


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SHOUDAI_SIP_PEERS": ""}, "SHOUDAI_SIP_PEERS"),
        ({"SHOUDAI_SIP_PEERS": "the exchange"}, "SHOUDAI_SIP_PEERS"),
        ({"SHOUDAI_SIP_LISTEN": "udp:5060"}, "SHOUDAI_SIP_LISTEN"),
        ({"SHOUDAI_SIP_LISTEN": "tls:0.0.0.0:5061"}, "SHOUDAI_SIP_LISTEN"),
        ({"SHOUDAI_SIP_RTP_PORTS": "9000-8000"}, "SHOUDAI_SIP_RTP_PORTS"),
        ({"SHOUDAI_SIP_AGENT": "6000"}, "SHOUDAI_SIP_AGENT"),
        ({"SHOUDAI_SIP_AGENT": "tel:6000"}, "SHOUDAI_SIP_AGENT"),
        ({"SHOUDAI_SIP_TRANSFER": "blind"}, "SHOUDAI_SIP_TRANSFER"),
        ({"SHOUDAI_SIP_ADVERTISE": "bot.example"}, "SHOUDAI_SIP_ADVERTISE"),
        ({"SHOUDAI_SIP_USER": "8000"}, "SHOUDAI_SIP_PASSWORD"),
        ({"SHOUDAI_SIP_REGISTRAR": "sip:10.0.0.5"}, "SHOUDAI_SIP_ADDRESS"),
        ({"SHOUDAI_PHONE_CALLS": "many"}, "SHOUDAI_PHONE_CALLS"),
        ({"SHOUDAI_AUDIOSOCKET_LISTEN": "udp:0.0.0.0:9092"}, "SHOUDAI_AUDIOSOCKET_LISTEN"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(change: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsInvalid, match=named):
        PhoneSettings.from_environment(ON | change)


@pytest.fixture
def book() -> CallerBook:
    return CallerBook(announced_only=True)


@pytest.fixture
def dialplan(book: CallerBook) -> TestClient:
    app = FastAPI()
    app.include_router(audiosocket_router(book, "secret"))
    return TestClient(app)


def test_the_dialplan_announces_a_call_and_asks_what_comes_next(
    dialplan: TestClient, book: CallerBook
) -> None:
    said = dialplan.post(
        "/audiosocket/calls", data={"call": str(CALL), "caller": "13800000001"}, headers=BEARER
    )
    assert (said.status_code, said.text) == (200, "ok")
    assert book.caller(CALL) == "13800000001" and book.admits(CALL)
    assert dialplan.get(f"/audiosocket/calls/{CALL}", headers=BEARER).text == "talking"
    book.ended(CALL, "transfer")
    assert dialplan.get(f"/audiosocket/calls/{CALL}", headers=BEARER).text == "transfer"


def test_without_the_token_nobody_can_vouch_for_a_number(dialplan: TestClient, book: CallerBook) -> None:
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "secret"}):
        said = dialplan.post("/audiosocket/calls", data={"call": str(CALL), "caller": "1"}, headers=headers)
        assert said.status_code == 401
        assert dialplan.get(f"/audiosocket/calls/{CALL}", headers=headers).status_code == 401
    assert not book.admits(CALL)


def test_what_is_no_uuid_is_refused(dialplan: TestClient) -> None:
    assert dialplan.post("/audiosocket/calls", data={"call": "x"}, headers=BEARER).status_code == 400
    assert dialplan.get("/audiosocket/calls/x", headers=BEARER).text == "unknown"


def test_announcements_are_forgotten_after_some_hours() -> None:
    now = [0.0]
    book = CallerBook(announced_only=True, clock=lambda: now[0])
    book.announce(CALL, "13800000001")
    now[0] = 4 * 3600.0
    assert book.caller(CALL) is None and not book.admits(CALL)
