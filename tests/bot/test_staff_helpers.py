"""Callers whom the machine could not help get onto the staff's list, sooner or later."""

import asyncio
import sqlite3
from collections.abc import Iterator

import pytest

from actions.lending.database import open_database
from actions.lending.identity import IdentityService
from actions.lending.keys import load_keys
from actions.lending.service_desk import ServiceDesk
from actions.lending.service_requests import RequestKind
from bot.staff_helpers import StaffHelpers
from tests.telephony.uac import until


@pytest.fixture
def desk(database_url: str, monkeypatch: pytest.MonkeyPatch) -> ServiceDesk:
    monkeypatch.setattr("actions.lending.database.BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr("bot.staff_helpers.ANSWER_WITHIN_S", 0.3)
    return ServiceDesk(open_database(database_url), load_keys())


@pytest.fixture
def helpers(desk: ServiceDesk, database_url: str) -> Iterator[StaffHelpers]:
    identity = IdentityService(open_database(database_url), load_keys())
    made = StaffHelpers(identity, desk, pauses_s=(0.1,) * 40)
    yield made
    made.close()


async def test_a_caller_with_a_number_is_noted_to_be_called(helpers: StaffHelpers, desk: ServiceDesk) -> None:
    assert await helpers.look_after("call-1", "13912345678", "recognizer_failed")
    (request,) = desk.requests(kind=RequestKind.CALLBACK)
    assert (request.conversation_id, request.masked_phone) == ("call-1", "139****5678")
    assert request.topic == "recognizer_failed" and "故障" in request.summary


@pytest.mark.parametrize("caller", [None, "02112345678"])
async def test_nobody_is_told_of_a_call_back_whom_nobody_can_call(
    helpers: StaffHelpers, desk: ServiceDesk, caller: str | None
) -> None:
    assert not await helpers.look_after("call-1", caller, "service_stopping")
    (request,) = desk.requests(kind=RequestKind.CALLBACK)
    assert request.masked_phone == "" and "停机" in request.summary, "staff sees what happened all the same"


async def test_what_a_locked_database_does_not_take_is_written_when_it_is_free(
    helpers: StaffHelpers, desk: ServiceDesk, database_url: str
) -> None:
    lock = sqlite3.connect(database_url[10:], isolation_level=None)
    lock.execute("begin immediate")
    assert not await helpers.look_after("call-1", "13912345678", "call_failed")
    lock.execute("rollback")
    lock.close()
    await until(lambda: desk.requests(kind=RequestKind.CALLBACK))


async def test_a_call_back_that_cannot_be_written_to_the_end_is_in_the_log(
    helpers: StaffHelpers, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    lock = sqlite3.connect(database_url[10:], isolation_level=None)
    lock.execute("begin immediate")
    assert not await helpers.look_after("call-1", "13912345678", "call_failed")
    await asyncio.to_thread(helpers.close)
    assert "code=callback_lost conversation=call-1" in caplog.text
    assert "13912345678" not in caplog.text
    lock.close()
