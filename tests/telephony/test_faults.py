"""Calls by SIP with real sound, in which one part after the other breaks: an apology, a person, and nothing is lost."""

import asyncio
import errno
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.call_holding import CallRules
from bot.recordings import RecordingStore
from tests.telephony.faults import SAID, phone_line
from tests.telephony.uac import Phone, pcm_of, until
from tests.voice.call_fakes import ScriptedRecognizer, ScriptedStream
from voice import settings as prompts
from voice.events import BotReply, CallFailed, RecordingLost
from voice.hearing.expectation import Expectation
from voice.hearing.recognizer import Transcript
from voice.settings import CallSettings
from voice.waiting.waiting_room import WaitingSettings

GREETING_MS = 800
AGENT = "sip:6000@127.0.0.1"


class BreakingStream(ScriptedStream):
    """Does not come to an end as it should."""

    def __init__(self, how: str) -> None:
        super().__init__("", "")
        self._how = how

    def anticipate(self) -> None:  # type: ignore[override]
        return None

    async def finish(self) -> Transcript:
        if self._how == "hangs":
            await asyncio.Event().wait()
        if self._how == "raises":
            raise MemoryError("the engine is out of memory")
        # What an executor says whose threads or process are gone.
        raise RuntimeError("cannot schedule new futures after shutdown")


@dataclass
class BreakingRecognizer(ScriptedRecognizer):
    how: str = "raises"

    def start_stream(self, sample_rate: int, expects: Expectation) -> ScriptedStream:
        return BreakingStream(self.how)


class FullDisk:
    """A folder of recordings whose disk has room for so many bytes a file."""

    def __init__(self, folder: Path, room: int) -> None:
        self._store, self._room = RecordingStore(folder, None), room

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def create(self, call_id: str, sample_rate: int) -> Any:
        if not self._room:
            raise OSError(errno.ENOSPC, "No space left on device")
        writer, room = self._store.create(call_id, sample_rate), self._room
        write, written = writer.write, [0]

        def write_while_there_is_room(data: bytes) -> None:
            written[0] += len(data)
            if written[0] > room:
                raise OSError(errno.ENOSPC, "No space left on device")
            write(data)

        writer.write = write_while_there_is_room  # type: ignore[method-assign]
        return writer


async def loudest(phone: Phone, duration_s: float) -> int:
    """The peak of what the caller hears in this time."""
    return int(np.abs(np.frombuffer(pcm_of(await phone.hear(duration_s)), dtype="<i2")).max())


def forget_heard(phone: Phone) -> None:
    while not phone.rtp.empty():
        phone.rtp.get_nowait()


async def hung_up(phone: Phone) -> None:
    """The bot ends the call."""
    phone.reply(await phone.incoming("BYE", timeout_s=20))


@pytest.mark.parametrize("how", ["raises", "hangs", "dies"])
async def test_a_recogniser_that_breaks_twice_ends_the_call_with_an_apology_and_a_call_back(
    tmp_path: Path, database_url: str, how: str
) -> None:
    async with phone_line(tmp_path, database_url, recognizer=BreakingRecognizer([], how=how)) as line:
        phone = await line.call()
        await phone.speak(bytes(16 * GREETING_MS) + SAID)
        await until(lambda: line.of(CallFailed))
        assert not line.fatal, "once is excused"
        await phone.speak(bytes(16 * 900) + SAID)
        forget_heard(phone)
        assert await loudest(phone, 0.5) > 2000, "the apology is heard"
        await hung_up(phone)
        ended = await line.ended()
        assert (ended.ended_by, line.fatal, line.partings) == ("error", ["recognizer_failed"], ["noted"])
        assert line.prompts[-2:] == [prompts.APOLOGY, prompts.CALLED_BACK]
        (callback,) = line.callbacks()
        assert (callback.masked_phone, callback.topic) == ("138****0001", "recognizer_failed")
        assert line.row().failure == "recognizer_failed" and line.row().recording is not None
        assert len(line.recording()) > 8000 * 4 * 3, "both sides of the call up to its end"


async def test_where_an_agent_is_configured_the_caller_is_handed_over_after_the_apology(
    tmp_path: Path, database_url: str
) -> None:
    async with phone_line(tmp_path, database_url, agent=AGENT) as line:
        phone = await line.call()
        await line.clerk.close()
        line.clerk.break_connections()
        await phone.speak(bytes(16 * GREETING_MS) + SAID + bytes(16 * 1500) + SAID)
        refer = await phone.incoming("REFER", timeout_s=20)
        assert refer.get("refer-to") == f"<{AGENT}>"
        assert line.prompts == [prompts.SYSTEM_BUSY, prompts.APOLOGY, prompts.TO_A_PERSON]
        phone.reply(refer, "202 Accepted")
        notify = ("Event: refer", "Subscription-State: active;expires=60", "Content-Type: message/sipfrag")
        phone.send(phone.request("NOTIFY", "SIP/2.0 100 Trying\r\n", extra=notify))
        phone.send(phone.request("NOTIFY", "SIP/2.0 200 OK\r\n", extra=notify))
        await hung_up(phone)
        ended = await line.ended()
        assert (ended.ended_by, line.fatal, line.partings) == (
            "transfer",
            ["dialogue_unavailable"],
            ["transferred"],
        )
        assert line.callbacks() == (), "he has his person already"


async def test_an_agent_who_does_not_answer_leaves_a_call_back(tmp_path: Path, database_url: str) -> None:
    async with phone_line(tmp_path, database_url, agent=AGENT) as line:
        phone = await line.call()
        await line.clerk.close()
        line.clerk.break_connections()
        phone.press("0")
        phone.reply(await phone.incoming("REFER", timeout_s=20), "603 Decline")
        await hung_up(phone)
        await line.ended()
        assert line.prompts == [prompts.APOLOGY, prompts.TO_A_PERSON, prompts.CALLED_BACK]
        assert [callback.topic for callback in line.callbacks()] == ["dialogue_unavailable"]


async def test_zero_asks_for_a_person_although_the_dialogue_is_down(
    tmp_path: Path, database_url: str
) -> None:
    """One failure is enough: no second sentence is wanted from who asked for a person."""
    async with phone_line(tmp_path, database_url) as line:
        phone = await line.call()
        await line.clerk.close()
        line.clerk.break_connections()
        phone.press("0")
        await hung_up(phone)
        await line.ended()
        assert line.prompts == [prompts.APOLOGY, prompts.CALLED_BACK]


async def test_zero_within_the_apology_cuts_it_short(tmp_path: Path, database_url: str) -> None:
    async with phone_line(tmp_path, database_url, agent=AGENT) as line:
        phone = await line.call()
        await line.clerk.close()
        line.clerk.break_connections()
        phone.press("0")
        await until(lambda: prompts.TO_A_PERSON in line.prompts)
        began = asyncio.get_running_loop().time()
        phone.press("0")
        phone.reply(await phone.incoming("REFER"), "603 Decline")
        whole = 0.02 * len(prompts.APOLOGY + prompts.TO_A_PERSON)
        assert asyncio.get_running_loop().time() - began < whole
        await hung_up(phone)
        await line.ended()


async def test_without_a_greeting_there_is_an_apology(tmp_path: Path, database_url: str) -> None:
    async with phone_line(tmp_path, database_url, rasa=("http://127.0.0.1:9", "token")) as line:
        phone = await line.phone()
        await phone.invite()
        await hung_up(phone)
        await line.ended()
        assert line.prompts == [prompts.APOLOGY, prompts.CALLED_BACK]
        assert line.row().recording is not None


async def test_a_locked_database_costs_the_call_and_no_row_of_it(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.lending.database.BUSY_TIMEOUT_MS", 300)
    monkeypatch.setattr("bot.staff_helpers.ANSWER_WITHIN_S", 0.5)
    async with phone_line(tmp_path, database_url) as line:
        lock = sqlite3.connect(database_url[10:], isolation_level=None)
        lock.execute("begin immediate")
        phone = await line.phone()
        await phone.invite()
        await hung_up(phone)
        await until(lambda: not line.endpoint.calls)
        assert line.prompts == [prompts.APOLOGY, prompts.CALL_AGAIN], (
            "nothing is said to be noted that is not"
        )
        lock.execute("rollback")
        lock.close()
        await line.ended()
        row = line.row()
        assert (row.ended_by, row.failure, row.recording is not None) == (
            "error",
            "dialogue_unavailable",
            True,
        )
        await until(line.callbacks)
        assert [callback.topic for callback in line.callbacks()] == ["dialogue_unavailable"], "in the end"


async def test_a_disk_that_fills_up_in_the_call_costs_the_rest_of_the_recording_and_nothing_else(
    tmp_path: Path, database_url: str
) -> None:
    store: Any = FullDisk(tmp_path / "recordings", room=8000 * 4 * 3)
    async with phone_line(tmp_path, database_url, store=store) as line:
        phone = await line.call()
        await phone.speak(bytes(16 * (GREETING_MS + 2800)) + SAID)
        await until(lambda: len(line.of(BotReply)) == 2)
        assert [event.reason for event in line.of(RecordingLost)] == ["OSError"]
        await phone.hang_up()
        ended = await line.ended()
        assert (ended.ended_by, line.row().failure) == ("caller", None)
        assert len(line.turn_rows()) == 2, "the transcript is whole"
        assert len(line.recording()) == 44 + 8000 * 4 * 3, "three seconds, as a finished file"
        assert line.row().recording is not None


@pytest.mark.parametrize("room", [0, 8000 * 4 * 2])
async def test_where_the_lender_wants_no_unrecorded_call_a_person_takes_over(
    tmp_path: Path, database_url: str, room: int
) -> None:
    store: Any = FullDisk(tmp_path / "recordings", room)
    rules = CallRules(CallSettings(needs_recording=True), WaitingSettings())
    async with phone_line(tmp_path, database_url, store=store, rules=rules, agent=AGENT) as line:
        phone = await line.phone()
        await phone.invite()
        phone.reply(await phone.incoming("REFER", timeout_s=20), "603 Decline")
        await hung_up(phone)
        await line.ended()
        assert (line.fatal, line.prompts[:1]) == (["recording_stopped"], [prompts.APOLOGY])
        assert (line.row().recording is not None) == bool(room)


async def test_a_call_whose_recording_cannot_begin_is_held_all_the_same(
    tmp_path: Path, database_url: str
) -> None:
    store: Any = FullDisk(tmp_path / "recordings", room=0)
    async with phone_line(tmp_path, database_url, store=store) as line:
        phone = await line.call()
        assert await loudest(phone, 0.5) > 2000
        await phone.hang_up()
        ended = await line.ended()
        assert (ended.ended_by, line.row().recording) == ("caller", None)
        assert len(line.of(RecordingLost)) == 1


async def test_a_peer_that_vanishes_without_bye_is_noticed_and_its_call_kept(
    tmp_path: Path, database_url: str
) -> None:
    async with phone_line(tmp_path, database_url, silent_s=1.0) as line:
        phone = await line.call()
        await phone.speak(bytes(16 * 500))
        ended = await line.ended()
        assert ended.ended_by == "vanished"
        row = line.row()
        assert (row.ended_by, row.recording is not None) == ("vanished", True)
        assert line.endpoint.counts["peer_vanished"] == 1


async def test_a_voice_that_dies_leaves_the_caller_with_a_person(tmp_path: Path, database_url: str) -> None:
    async with phone_line(tmp_path, database_url, agent=AGENT) as line:
        phone = await line.call()
        await phone.speak(bytes(16 * GREETING_MS))
        line.speaker.fails = True
        await phone.speak(SAID)
        phone.reply(await phone.incoming("REFER", timeout_s=20), "603 Decline")
        await hung_up(phone)
        await line.ended()
        assert line.partings == ["noted"] and line.turn_rows()[-1].customer_text == "几号还款"


async def test_when_the_service_stops_present_calls_go_on_and_are_then_told(
    tmp_path: Path, database_url: str
) -> None:
    async with phone_line(tmp_path, database_url) as line:
        phone, late = await line.call(), await line.phone()
        draining = asyncio.create_task(line.desk.drain(1.2))
        await asyncio.sleep(0.1)
        assert (await late.invite()).status == 503
        await asyncio.sleep(0.8)
        assert not line.fatal, "it may go on for the time that was given"
        await hung_up(phone)
        await draining
        assert (line.fatal, line.partings) == (["service_stopping"], ["noted"])
        assert line.prompts == [prompts.SERVICE_STOPPING, prompts.CALLED_BACK]
        assert [callback.topic for callback in line.callbacks()] == ["service_stopping"]


async def test_a_caller_too_many_waits_with_music_and_is_then_served(
    tmp_path: Path, database_url: str
) -> None:
    async with phone_line(tmp_path, database_url, talking=1) as line:
        first = await line.call()
        second, third = await line.phone(), await line.phone()
        assert (await second.invite()).status == 200
        await until(lambda: prompts.WAITING in line.prompts)
        assert (await third.invite()).status == 503, "the queue is full"
        forget_heard(second)
        said = 0.02 * len(prompts.WAITING)
        assert await loudest(second, said + 1) > 0 and line.desk.state()["waiting"] == 1
        await first.hang_up()
        await until(lambda: len(line.of(BotReply)) == 2)
        assert line.desk.state()["waiting"] == 0
        assert (await second.hang_up()).status == 200


async def test_a_caller_who_waits_is_put_on_the_list_when_he_asks_for_it(
    tmp_path: Path, database_url: str
) -> None:
    async with phone_line(tmp_path, database_url, talking=1) as line:
        await line.call()
        second = await line.phone()
        await second.invite()
        await until(lambda: prompts.WAITING in line.prompts)
        second.press("1")
        await hung_up(second)
        (callback,) = line.callbacks()
        assert (callback.masked_phone, callback.topic) == ("138****0001", "waited_too_long")
