"""LiveConversation: one conversation in progress as staff watch it, its words masked already."""

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.console.intent_names import intent_name

LINES = 300
"""Kept of one conversation; the whole of it is in the transcripts."""


class LiveState(str, Enum):
    """Who has the word."""

    WAITING = "waiting"
    """For the customer."""
    SPEAKING = "speaking"
    """The customer speaks or types."""
    THINKING = "thinking"
    ANSWERING = "answering"
    """The bot speaks."""
    STAFF = "staff"
    """A member of staff answers."""


STATE_NAMES = {
    LiveState.WAITING: "等客户",
    LiveState.SPEAKING: "客户在说",
    LiveState.THINKING: "机器人在想",
    LiveState.ANSWERING: "机器人在说",
    LiveState.STAFF: "同事接管",
}


@dataclass(frozen=True)
class LiveLine:
    """One thing said; identity digits are masked."""

    seq: int
    who: str
    """``customer`` | ``bot`` | ``staff`` | ``notice``."""
    text: str
    at_ms: int
    via: str = "text"
    name: str = ""
    """The account of a member of staff."""

    def to_json(self) -> dict[str, Any]:
        """As the page's script reads it."""
        return {
            "seq": self.seq,
            "who": self.who,
            "text": self.text,
            "at": self.at_ms,
            "via": self.via,
            "name": self.name,
        }


class LiveConversation:
    """Changed and watched on the event loop only.

    Whoever watches waits on an event of his own and then reads what there is: a slow reader costs nothing and misses
    no line that is still kept.
    """

    def __init__(self, conversation_id: str, channel: str, started_at_ms: int) -> None:
        self.id = conversation_id
        self.channel = channel
        """``chat`` | ``browser`` | ``phone``."""
        self.started_at_ms = started_at_ms
        self.verified = False
        self.intent: str | None = None
        self.call_id: str | None = None
        """The call that goes on; what can be listened to."""
        self.held_by: str | None = None
        self.ended = False
        self.partial = ""
        """What the caller is saying, while he says it."""
        self.lines: deque[LiveLine] = deque(maxlen=LINES)
        self._state = LiveState.WAITING
        self._last_seq = 0
        self._watchers: set[asyncio.Event] = set()

    @property
    def state(self) -> LiveState:
        """Who has the word now."""
        return LiveState.STAFF if self.held_by and self._state is not LiveState.SPEAKING else self._state

    @property
    def is_watched(self) -> bool:
        """Somebody has it open."""
        return bool(self._watchers)

    def add(self, who: str, text: str, at_ms: int, via: str = "text", name: str = "") -> None:
        """Say one thing more."""
        self._last_seq += 1
        self.lines.append(LiveLine(self._last_seq, who, text, at_ms, via, name))
        self.changed()

    def turn_to(self, state: LiveState, partial: str = "") -> None:
        """Somebody else has the word."""
        if (state, partial) != (self._state, self.partial):
            self._state, self.partial = state, partial
            self.changed()

    def since(self, seq: int) -> list[LiveLine]:
        """Lines after this one."""
        return [line for line in self.lines if line.seq > seq]

    def changed(self) -> None:
        """Wake whoever watches."""
        for watcher in self._watchers:
            watcher.set()

    def watch(self) -> asyncio.Event:
        """An event that is set at every change, until ``unwatch``."""
        watcher = asyncio.Event()
        self._watchers.add(watcher)
        return watcher

    def unwatch(self, watcher: asyncio.Event) -> None:
        """The reader went away."""
        self._watchers.discard(watcher)

    def facts(self) -> dict[str, Any]:
        """Everything but the lines, as the page's script reads it."""
        return {
            "state": self.state.value,
            "state_name": STATE_NAMES[self.state],
            "partial": self.partial,
            "verified": self.verified,
            "channel": self.channel,
            "intent": self.intent,
            "intent_name": intent_name(self.intent) if self.intent else None,
            "held_by": self.held_by,
            "in_call": self.call_id is not None,
            "ended": self.ended,
        }
