"""Whose clause is made next."""

import asyncio

from voice.speech.speaking_turns import SpeakingTurns, Urgency


async def waiting(
    turns: SpeakingTurns, urgency: Urgency, name: str, order: list[str]
) -> "asyncio.Task[None]":
    async def wait() -> None:
        await turns.take(urgency)
        order.append(name)

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    return task


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_more_urgent_clause_goes_first_and_equals_in_their_order() -> None:
    turns, order = SpeakingTurns(1), list[str]()
    await turns.take(Urgency.NOW)
    for urgency, name in (
        (Urgency.AHEAD, "ahead"),
        (Urgency.SOON, "soon"),
        (Urgency.NOW, "a"),
        (Urgency.NOW, "b"),
    ):
        await waiting(turns, urgency, name, order)
    for _ in range(4):
        turns.leave()
        await settled()
    assert order == ["a", "b", "soon", "ahead"]


async def test_work_ahead_leaves_a_place_for_a_caller_who_waits() -> None:
    turns, order = SpeakingTurns(2), list[str]()
    await turns.take(Urgency.AHEAD)
    await waiting(turns, Urgency.AHEAD, "second ahead", order)
    await waiting(turns, Urgency.NOW, "now", order)
    await settled()
    assert order == ["now"]
    turns.leave()
    await settled()
    assert order == ["now"]
    turns.leave()
    await settled()
    assert order == ["now", "second ahead"]


async def test_whoever_gives_up_waiting_takes_no_place() -> None:
    turns, order = SpeakingTurns(1), list[str]()
    await turns.take(Urgency.NOW)
    leaving = await waiting(turns, Urgency.NOW, "leaving", order)
    await waiting(turns, Urgency.SOON, "staying", order)
    leaving.cancel()
    turns.leave()
    await settled()
    assert order == ["staying"]


async def test_a_turn_that_came_with_the_cancellation_is_passed_on() -> None:
    turns, order = SpeakingTurns(1), list[str]()
    await turns.take(Urgency.NOW)
    unlucky = await waiting(turns, Urgency.NOW, "unlucky", order)
    await waiting(turns, Urgency.NOW, "next", order)
    turns.leave()
    unlucky.cancel()
    await settled()
    assert order == ["next"]
