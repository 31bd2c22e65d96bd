"""LiveStreams: what open pages are pushed of conversations in progress (server-sent events, WHATWG HTML 9.2)."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable

from bot.console.live.live_board import LiveBoard, changes_of
from bot.console.live.live_conversation import LiveConversation
from bot.console.live.overhearing import Listener, OverheardLine

BEAT_S = 10.0
"""How often a silent stream says that it is alive, and asks whether its reader is still allowed."""
BOARD_POLL_S = 1.0
STREAMS = 200
"""Open at once in one process."""
LONGEST_BEATS = 360
"""An hour; the browser then connects again by itself."""
_GATHER_S = 0.1
"""Sound is sent in pieces of this length."""

StillAllowed = Callable[[], bool]


class LiveStreams:
    """Makes streams and counts them."""

    def __init__(self, board: LiveBoard) -> None:
        self._board = board
        self._open = 0
        self._closed = False
        self._listeners: set[Listener] = set()

    def close(self) -> None:
        """End every stream now: the process stops. To be called on the event loop."""
        self._closed = True
        for conversation in self._board.conversations():
            conversation.changed()
        for listener in self._listeners:
            listener.end()

    @property
    def full(self) -> bool:
        """Whether no further stream is taken."""
        return self._open >= STREAMS

    async def board_events(self, still_allowed: StillAllowed) -> AsyncGenerator[str, None]:
        """Says when the list changed; the page then fetches what its role may see."""
        self._open += 1
        try:
            known, silent_s, beats = self._board.revision, 0.0, 0
            yield "retry: 3000\n\n"
            while beats < LONGEST_BEATS:
                await asyncio.sleep(BOARD_POLL_S)
                if self._closed:
                    return
                silent_s += BOARD_POLL_S
                changed = self._board.revision != known
                if not changed and silent_s < BEAT_S:
                    continue
                if not await asyncio.to_thread(still_allowed):
                    return
                known, beats, silent_s = self._board.revision, beats + (not changed), 0.0
                yield f"event: board\ndata: {known}\n\n" if changed else ":\n\n"
        finally:
            self._open -= 1

    async def conversation_events(
        self,
        conversation: LiveConversation,
        after: int,
        still_allowed: StillAllowed,
        alive: Callable[[], None],
    ) -> AsyncGenerator[str, None]:
        """Lines after this one and every later one, with what else changed. ``alive`` is called while it is read."""
        self._open += 1
        watcher = conversation.watch()
        try:
            yield "retry: 2000\n\n"
            checks = Checks(still_allowed)
            watcher.set()
            for _ in range(LONGEST_BEATS * 100):
                await changes_of(conversation, watcher, BEAT_S)
                if self._closed or not await checks.still_allowed():
                    return
                alive()
                lines = conversation.since(after)
                after = lines[-1].seq if lines else after
                news = conversation.facts() | {"lines": [line.to_json() for line in lines]}
                yield f"id: {after}\nevent: news\ndata: {json.dumps(news, ensure_ascii=False)}\n\n"
                if conversation.ended:
                    return
        finally:
            conversation.unwatch(watcher)
            self._open -= 1

    async def sound(
        self, line: OverheardLine, listener: Listener, still_allowed: StillAllowed
    ) -> AsyncGenerator[bytes, None]:
        """Both sides as interleaved s16le until the call or the permission ends; what a slow reader misses is gone."""
        self._open += 1
        self._listeners.add(listener)
        checks = Checks(still_allowed)
        try:
            while not listener.over and await checks.still_allowed():
                await asyncio.sleep(_GATHER_S)
                if sound := await listener.next(BEAT_S):
                    yield sound
        finally:
            line.leave(listener)
            self._listeners.discard(listener)
            self._open -= 1


class Checks:
    """Asks whether the reader may still read, every few seconds and not for every word."""

    def __init__(self, still_allowed: StillAllowed) -> None:
        self._ask: Callable[[], Awaitable[bool]] = lambda: asyncio.to_thread(still_allowed)
        self._asked_at = asyncio.get_running_loop().time()

    async def still_allowed(self) -> bool:
        """The last answer is good for some seconds."""
        now = asyncio.get_running_loop().time()
        if now - self._asked_at < BEAT_S:
            return True
        self._asked_at = now
        return await self._ask()
