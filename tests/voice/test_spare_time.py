"""Work that nobody waits for: one piece at a time, only while nobody is served, and dropped at once."""

import asyncio

import pytest

from voice.speech.spare_time import SpareTime


def idle(rest_s: float = 0.0) -> SpareTime:
    return SpareTime(rest_s, core_is_free=lambda: True)


async def test_what_is_done_in_spare_time_comes_back() -> None:
    async def work() -> str:
        return "done"

    assert await idle().spend(work) == "done"


async def test_two_pieces_of_work_follow_each_other() -> None:
    spare, at_once, most = idle(), 0, 0

    async def work() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1

    await asyncio.gather(*(spare.spend(work) for _ in range(3)))
    assert most == 1


async def test_a_caller_who_is_served_ends_it_and_the_next_piece_waits() -> None:
    spare, begun, stopped = idle(rest_s=60.0), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            stopped.set()
            raise

    first = asyncio.create_task(spare.spend(work))
    await begun.wait()
    spare.call_off()
    assert await asyncio.wait_for(first, 1) is None
    assert stopped.is_set()
    begun.clear()
    second = asyncio.create_task(spare.spend(work))
    await asyncio.sleep(0.01)
    assert not begun.is_set()
    second.cancel()


async def test_who_gives_up_waiting_stops_the_work_too() -> None:
    spare, begun, stopped = idle(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            stopped.set()
            raise

    waiting = asyncio.create_task(spare.spend(work))
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(stopped.wait(), 1)


async def test_its_failure_is_the_one_who_asked_for_its() -> None:
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await idle().spend(work)
