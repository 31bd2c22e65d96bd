"""A caller who has to wait for a place: what he hears, and how his wait ends."""

import asyncio
from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.voice.call_fakes import RATE, ToneSpeaker, quiet
from voice import settings as prompts
from voice.bot_side import BotSide
from voice.call_log import CallLog
from voice.closing_time import ClosingTime, ServiceStopping
from voice.events import BotPrompt, CallEvent
from voice.house import House
from voice.line.transport import Dtmf, TransferFailed
from voice.transports.recorded import RecordedCaller
from voice.waiting.hold_music import music_frame
from voice.waiting.places import Load, Places
from voice.waiting.waiting_room import WaitingEnd, WaitingRoom, WaitingSettings


@dataclass
class Staff:
    """Implements Helpers: notes who is to be called back."""

    knows_a_number: bool = True
    noted: list[tuple[str, str | None, str]] = field(default_factory=list)

    async def look_after(self, conversation_id: str, caller: str | None, reason: str) -> bool:
        self.noted.append((conversation_id, caller, reason))
        return self.knows_a_number


@dataclass
class Wait:
    """One caller in the waiting room, in audio time."""

    caller: RecordedCaller
    places: Places
    staff: Staff
    closing: ClosingTime = field(default_factory=ClosingTime)
    events: list[CallEvent] = field(default_factory=list)

    async def run(self) -> WaitingEnd:
        bot = BotSide(ToneSpeaker(), self.caller, CallLog("c", self.events.append))  # type: ignore[arg-type]
        house = House(self.staff, self.closing)
        room = WaitingRoom(self.caller, bot, self.places, house, WaitingSettings())
        self.caller.thinking = lambda: bot.making_clips
        return await asyncio.wait_for(room.wait("conversation"), 60)

    @property
    def said(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, BotPrompt)]


def waiting(
    duration_ms: int = 200_000, keys: tuple[Dtmf, ...] = (), caller: str | None = "13800000001"
) -> Wait:
    """All places are taken."""
    places = Places(1, Load())
    assert places.take()
    line = RecordedCaller(quiet(duration_ms), RATE, caller, real_time=False, keys=keys)
    line.at_rest = lambda: False
    return Wait(line, places, Staff())


async def test_who_waits_hears_why_and_music_until_a_place_is_free() -> None:
    wait = waiting()
    running = asyncio.create_task(wait.run())
    for _ in range(100_000):  # audio time: a minute of it may pass between two looks at the clock
        if len(wait.caller.heard) >= RATE * 2 * 15:
            break
        await asyncio.sleep(0)
    wait.places.leave()
    assert await running is WaitingEnd.SERVED
    assert wait.said == [prompts.WAITING]
    assert wait.places.taken == 1, "the place is his"
    music = np.frombuffer(bytes(wait.caller.heard[RATE * 2 * 10 : RATE * 2 * 14]), dtype="<i2")
    assert 300 < np.abs(music).max() < 4000, "soft music, no silence"


async def test_after_a_minute_a_call_back_is_offered_and_noted_on_key_one() -> None:
    wait = waiting(keys=(Dtmf("1", 70_000),))
    assert await wait.run() is WaitingEnd.NOTED
    assert wait.said == [
        prompts.WAITING,
        prompts.WAITING_STILL,
        prompts.WAITING_STILL,
        prompts.WAITING_OFFER,
        prompts.CALLED_BACK,
    ]
    assert wait.staff.noted == [("conversation", "13800000001", "waited_too_long")]


async def test_who_has_waited_two_minutes_is_told_goodbye() -> None:
    wait = waiting()
    assert await wait.run() is WaitingEnd.SENT_AWAY
    assert wait.said[-1] == prompts.WAITED_LONG and wait.staff.noted == []


async def test_a_caller_without_a_number_is_offered_no_call_back() -> None:
    wait = waiting(caller=None)
    assert await wait.run() is WaitingEnd.SENT_AWAY
    assert prompts.WAITING_OFFER not in wait.said


async def test_zero_hands_him_to_a_person_at_once() -> None:
    wait = waiting(keys=(Dtmf("0", 500),))
    assert await wait.run() is WaitingEnd.TRANSFERRED
    assert wait.caller.transferred_to == "agent"
    assert wait.said == [prompts.WAITING, prompts.TO_A_PERSON]


async def test_where_nobody_takes_him_he_goes_on_waiting() -> None:
    wait = waiting(keys=(Dtmf("0", 500),))

    async def refuse(target: str) -> None:
        raise TransferFailed("nobody")

    wait.caller.transfer = refuse  # type: ignore[method-assign]
    assert await wait.run() is WaitingEnd.SENT_AWAY
    assert prompts.NO_PERSON in wait.said


async def test_where_there_is_no_person_zero_asks_for_a_call_back() -> None:
    wait = waiting(keys=(Dtmf("0", 500),))
    wait.caller.hands_over = False
    assert await wait.run() is WaitingEnd.NOTED


async def test_who_hangs_up_is_gone() -> None:
    wait = waiting(1000)
    wait.caller.at_rest = lambda: True
    assert await wait.run() is WaitingEnd.GONE
    assert wait.places.taken == 1, "the other call's"


async def test_closing_time_ends_the_wait() -> None:
    wait = waiting()
    wait.closing.begin()
    with pytest.raises(ServiceStopping):
        await wait.run()


@pytest.mark.parametrize("rate", [8000, 16000])
def test_the_music_is_soft_and_goes_round_without_a_click(rate: int) -> None:
    frames = [music_frame(number, rate) for number in range(2 * 768)]
    assert {len(frame) for frame in frames} == {rate // 50 * 2}
    assert frames[:768] == frames[768:], "15.36 s, then from the beginning"
    sound = np.frombuffer(b"".join(frames), dtype="<i2").astype(np.int32)
    assert np.abs(sound).max() <= 0.09 * 32767 + 1
    steps = np.abs(np.diff(sound))
    seam = np.abs(int(sound[768 * rate // 50]) - int(sound[768 * rate // 50 - 1]))
    assert seam <= steps.max(), "the seam is as smooth as the rest"
