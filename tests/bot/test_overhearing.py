"""Overhearing: a copy of both sides for staff, which costs the call nothing."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fastapi import APIRouter, FastAPI

from bot.console.live.listen_pages import add_listen_pages
from bot.console.live.live_board import LiveBoard
from bot.console.live.live_streams import LiveStreams
from bot.console.live.overhearing import FRAMES, LISTENERS, OverheardCalls, OverheardLine, TooManyListeners
from voice.line.transport import Dtmf
from voice.sound.audio import AudioFrame

SAMPLES = 160


def frame(value: int) -> AudioFrame:
    """20 ms at 8 kHz in which every sample has this value."""
    return AudioFrame(np.full(SAMPLES, value, dtype="<i2").tobytes(), 8_000, 0)


class Line:
    """A telephone line whose caller says 1, 2, 3 …; implements Transport."""

    name = "sip"
    sample_rate = 8_000
    caller: str | None = "13812345678"
    hands_over = True
    delay_ms = 3.0

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self.played: list[bytes] = []
        self.done: list[str] = []

    async def frames(self) -> AsyncIterator[AudioFrame | Dtmf]:
        for number in range(self._frames):
            yield frame(number + 1)

    async def play(self, frame: AudioFrame) -> None:
        self.played.append(frame.pcm)

    async def clear(self) -> None:
        self.done.append("clear")

    async def transfer(self, target: str) -> None:
        self.done.append(f"transfer {target}")

    async def hang_up(self) -> None:
        self.done.append("hang_up")


async def hold(line: OverheardLine, answer: int = 0) -> int:
    """What a call does: for each frame heard, perhaps one said. Returns how many frames it heard."""
    heard = 0
    async for item in line.frames():
        heard += isinstance(item, AudioFrame)
        if answer:
            await line.play(frame(answer))
    return heard


def sides(sound: bytes) -> tuple[list[int], list[int]]:
    """The first sample of each frame, of the caller and of the bot."""
    both = np.frombuffer(sound, dtype="<i2").reshape(-1, 2)[::SAMPLES]
    return both[:, 0].tolist(), both[:, 1].tolist()


async def test_a_listener_hears_both_sides_in_step() -> None:
    line = OverheardLine(Line(5))
    listener = line.listen()
    await hold(line, answer=9)
    assert sides(await listener.next(0)) == ([1, 2, 3, 4], [9, 9, 9, 9])


async def test_where_the_bot_is_silent_its_side_is_silence() -> None:
    line = OverheardLine(Line(3))
    listener = line.listen()
    await hold(line)
    assert sides(await listener.next(0)) == ([1, 2], [0, 0])


async def test_a_listener_who_does_not_read_loses_the_oldest_and_the_call_loses_nothing() -> None:
    below = Line(FRAMES * 3)
    line = OverheardLine(below)
    listener = line.listen()
    assert await hold(line, answer=9) == FRAMES * 3
    assert len(below.played) == FRAMES * 3
    caller, _ = sides(await listener.next(0))
    assert len(caller) == FRAMES and caller[-1] == FRAMES * 3 - 1


async def test_where_nobody_listens_nothing_is_kept() -> None:
    line = OverheardLine(Line(5))
    await hold(line, answer=9)
    listener = line.listen()
    assert await listener.next(0) == b""


async def test_listening_ends_with_the_call() -> None:
    calls = OverheardCalls()
    line = calls.begin("c1", Line(0))
    listener = line.listen()
    waiting = asyncio.create_task(listener.next(60))
    await asyncio.sleep(0)
    calls.end("c1")
    assert await waiting == b"" and listener.over
    assert calls.find("c1") is None


async def test_only_so_many_listen_to_one_call() -> None:
    line = OverheardLine(Line(0))
    listeners = [line.listen() for _ in range(LISTENERS)]
    with pytest.raises(TooManyListeners):
        line.listen()
    line.leave(listeners[0])
    line.listen()


async def test_the_line_itself_does_what_it_was_told() -> None:
    below = Line(0)
    line = OverheardLine(below)
    await line.clear()
    await line.transfer("agent")
    await line.hang_up()
    assert below.done == ["clear", "transfer agent", "hang_up"]
    assert (line.name, line.caller, line.hands_over, line.delay_ms) == ("sip", "13812345678", True, 3.0)


async def test_who_is_gone_before_the_first_sound_keeps_no_place() -> None:
    """His stream is never begun, so that its own end never comes."""
    line = OverheardLine(Line(0))
    now = SimpleNamespace(
        board=SimpleNamespace(find=lambda _: SimpleNamespace(call_id="c1")),
        calls=SimpleNamespace(find=lambda _: line),
        streams=LiveStreams(LiveBoard()),
    )
    console: Any = SimpleNamespace(now=now, audit=SimpleNamespace(note_once=lambda *_: None))
    app, router = FastAPI(), APIRouter()
    add_listen_pages(router, console)
    app.include_router(router)
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/live/conversations/c1/sound",
        "query_string": b"",
        "headers": [],
        "state": {"staff": SimpleNamespace(id="s1", account="li")},
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def send(_: dict[str, object]) -> None:
        await asyncio.sleep(0.01)  # the line to him is full

    for _ in range(LISTENERS + 1):
        await app(scope | {}, receive, send)  # type: ignore[arg-type]
    line.listen()
