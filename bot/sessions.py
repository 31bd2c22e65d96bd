"""Sessions: one customer's conversation in this process, whatever sockets come and go."""

import asyncio
import hashlib
import secrets
import time
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from voice.hearing.expectation import OPEN, Expectation

LOG_ENTRIES = 200
"""Entries kept for replay; the oldest is dropped when full, and a client that missed it is told so."""

SEEN_IDS = 500
"""Client message ids remembered against doubles; a client resends only what it sent in the last minutes."""

INBOX_MESSAGES = 16
"""Messages of one customer waiting for their answer; more are refused and the client sends them again."""

SUBSCRIBERS = 4
"""Sockets attached to one conversation (a duplicated tab); a further one takes the place of the oldest."""

STOPPED = "stopped"
"""Who ended a conversation when the process did."""

SIGNALS = 400
"""Messages waiting for a slow socket; when full the socket is closed, and the client reconnects and replays."""


@dataclass(frozen=True)
class LogEntry:
    """One thing said or shown in the conversation, as the widget lists it."""

    seq: int
    """1, 2, 3 … within the conversation."""
    sender: str
    """``customer`` | ``bot`` | ``staff`` | ``notice``."""
    text: str
    via: str = "text"
    """``text`` | ``voice``."""
    client_id: str | None = None
    """The widget's own id of a customer's typed message: its acknowledgement."""
    quick_replies: tuple[str, ...] = ()
    code: str | None = None
    """Error code of a notice."""
    sent_at_ms: int = 0
    """Milliseconds since the epoch."""

    def to_json(self) -> dict[str, Any]:
        """The ``entry`` message of the chat socket."""
        return {
            "type": "entry",
            "seq": self.seq,
            "from": self.sender,
            "text": self.text,
            "via": self.via,
            "id": self.client_id,
            "quick_replies": list(self.quick_replies),
            "code": self.code,
            "at": self.sent_at_ms,
        }


class Subscriber:
    """A socket that listens to a conversation: a bounded queue of JSON messages."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=SIGNALS)
        self.dropped = asyncio.Event()
        """Set when the queue ran full or another socket took the place: close, the log is replayed later."""

    def push(self, message: dict[str, Any]) -> None:
        """Queue a message without waiting."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.dropped.set()


@dataclass(frozen=True)
class Typed:
    """A typed message that waits for the bot."""

    text: str
    returned: bool = False
    """It was left to staff first, who gave the chat back without an answer."""


@dataclass
class StaffHold:
    """A member of staff answers in the bot's place."""

    staff: str
    """The account."""
    seen_at: float
    """When his page was last known to be open; monotonic seconds."""
    waiting_since: float | None = None
    """Since when the customer waits for his answer."""
    unanswered: deque[str] = field(default_factory=lambda: deque(maxlen=INBOX_MESSAGES))
    """What the customer wrote since his last answer, the newest: the bot answers it when it gets the chat back."""
    settled: bool = False
    """The bot's open question was dropped, so that no later yes answers it."""


class SessionWatch(Protocol):
    """Told what happens in the conversations, on the event loop; must be cheap."""

    def entry(self, session: "Session", entry: LogEntry) -> None:
        """Something was said or shown."""
        ...

    def typing(self, session: "Session", on: bool) -> None:
        """The customer writes, or stopped to."""
        ...


class Session:
    """The conversation's state between sockets. Used on the event loop only."""

    def __init__(self, conversation_id: str, now: float, watch: SessionWatch | None = None) -> None:
        self._watch = watch
        self.conversation_id = conversation_id
        """Also the dialogue's sender and the transcripts' key. Never a secret and never sufficient to join."""
        self.expects: Expectation = OPEN
        self.turn_lock = asyncio.Lock()
        """One utterance of a conversation is with the dialogue at a time, typed or spoken."""
        self.started = False
        self.ended = False
        self.closing = False
        """The bot said goodbye: over once no message waits for its answer."""
        self.asks_rating = False
        """When it ends, the customer is asked how satisfied he is; once he has said so, no more."""
        self.in_call = False
        self.hold: StaffHold | None = None
        """Somebody has taken the chat over; the bot is silent."""
        self.last_active = now
        self.inbox: deque[Typed] = deque()
        self.worker: asyncio.Task[None] | None = None
        self._log: deque[LogEntry] = deque(maxlen=LOG_ENTRIES)
        self._last_seq = 0
        self._subscribers: list[Subscriber] = []
        self._seen: OrderedDict[str, None] = OrderedDict()

    @property
    def attached(self) -> bool:
        """A socket is listening."""
        return bool(self._subscribers)

    def post(
        self,
        sender: str,
        text: str,
        *,
        via: str = "text",
        client_id: str | None = None,
        quick_replies: tuple[str, ...] = (),
        code: str | None = None,
    ) -> LogEntry:
        """Add an entry to the conversation and show it on every attached socket."""
        self._last_seq += 1
        entry = LogEntry(
            self._last_seq, sender, text, via, client_id, quick_replies, code, int(time.time() * 1000)
        )
        self._log.append(entry)
        self.signal(entry.to_json())
        if self._watch is not None:
            self._watch.entry(self, entry)
        return entry

    def customer_typing(self, on: bool) -> None:
        """The customer's page says that he writes: of interest while a person answers him."""
        if self._watch is not None and self.hold is not None:
            self._watch.typing(self, on)

    def signal(self, message: dict[str, Any]) -> None:
        """Send something of the moment (typing, an error): not kept, not replayed."""
        for subscriber in self._subscribers:
            subscriber.push(message)

    def since(self, seq: int) -> tuple[list[LogEntry], bool]:
        """Entries after ``seq``, and whether older ones are gone that the client has not seen."""
        missed = bool(self._log) and self._log[0].seq > seq + 1
        return [entry for entry in self._log if entry.seq > seq], missed

    def is_new(self, client_id: str) -> bool:
        """Whether this client message was not taken before; remembers it."""
        if client_id in self._seen:
            return False
        self._seen[client_id] = None
        while len(self._seen) > SEEN_IDS:
            self._seen.popitem(last=False)
        return True

    def subscribe(self) -> Subscriber:
        """Attach a socket."""
        subscriber = Subscriber()
        while len(self._subscribers) >= SUBSCRIBERS:
            self._subscribers.pop(0).dropped.set()
        self._subscribers.append(subscriber)
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Detach a socket; the conversation goes on."""
        if subscriber in self._subscribers:
            self._subscribers.remove(subscriber)


class SessionsFull(Exception):
    """No further conversation can be held (code ``busy``)."""

    code = "busy"


class SessionStore:
    """Conversations by the hash of their token: the token itself is known to the customer's page alone."""

    def __init__(
        self,
        capacity: int,
        idle_s: float,
        on_end: Callable[[Session, str], None],
        clock: Callable[[], float] = time.monotonic,
        watch: SessionWatch | None = None,
    ) -> None:
        self._watch = watch
        self._capacity = capacity
        self._idle_s = idle_s
        self._on_end = on_end
        self._clock = clock
        self._by_hash: dict[bytes, Session] = {}
        self._by_id: dict[str, Session] = {}

    def __len__(self) -> int:
        return len(self._by_hash)

    def create(self) -> tuple[str, Session]:
        """Begin a conversation; return its token (256 random bits) and state. Raises SessionsFull."""
        self.sweep()
        if len(self._by_hash) >= self._capacity:
            raise SessionsFull("too many conversations are open")
        token = secrets.token_urlsafe(32)
        session = Session(uuid.uuid4().hex, self._clock(), self._watch)
        self._by_hash[_hash(token)] = session
        self._by_id[session.conversation_id] = session
        return token, session

    def of_conversation(self, conversation_id: str) -> Session | None:
        """An open conversation by its id: for staff, whom the gate has let in; customers need their token."""
        return self._by_id.get(conversation_id)

    def held(self) -> list[Session]:
        """Those that members of staff have taken over."""
        return [session for session in self._by_id.values() if session.hold is not None]

    def find(self, token: object) -> Session | None:
        """The conversation of this token, or None: unknown, over or not a token at all."""
        if not isinstance(token, str) or not 20 <= len(token) <= 100:
            return None
        session = self._by_hash.get(_hash(token))
        if session is not None and self._idle(session):
            self.end(session, "idle")
            return None
        return session

    def touch(self, session: Session) -> None:
        """The customer did something."""
        session.last_active = self._clock()

    def end(self, session: Session, ended_by: str) -> None:
        """Close the conversation: its token opens nothing any more."""
        for key, held in list(self._by_hash.items()):
            if held is session:
                del self._by_hash[key]
        self._by_id.pop(session.conversation_id, None)
        if session.ended:
            return
        session.ended = True
        session.hold = None
        if ended_by != STOPPED:
            session.signal({"type": "ended", "ended_by": ended_by, "rate": session.asks_rating})
        self._on_end(session, ended_by)

    def sweep(self) -> None:
        """End the conversations nobody has spoken in for too long."""
        for session in [held for held in self._by_hash.values() if self._idle(held)]:
            self.end(session, "idle")

    def end_all(self) -> None:
        """The process stops. Pages are not told: they reconnect, and begin anew."""
        for session in list(self._by_hash.values()):
            self.end(session, STOPPED)

    def _idle(self, session: Session) -> bool:
        return not session.in_call and self._clock() - session.last_active > self._idle_s


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
