"""Sessions: tokens, replay, bounds and the end of a conversation."""

import pytest

from bot.sessions import LOG_ENTRIES, SEEN_IDS, SIGNALS, SUBSCRIBERS, Session, SessionsFull, SessionStore


class Store:
    """A session store with a clock of its own and a list of endings."""

    def __init__(self, capacity: int = 10) -> None:
        self.now = 0.0
        self.ended: list[tuple[str, str]] = []
        self.sessions = SessionStore(
            capacity,
            idle_s=60,
            on_end=lambda session, ended_by: self.ended.append((session.conversation_id, ended_by)),
            clock=lambda: self.now,
        )


def test_only_the_token_opens_a_conversation() -> None:
    """Neither its id nor anything that is not text does."""
    store = Store().sessions
    token, session = store.create()
    assert store.find(token) is session
    for other in (session.conversation_id, token[:-1], token + "a", "", None, 5, ["x"], "x" * 5_000):
        assert store.find(other) is None


def test_tokens_and_ids_do_not_repeat_and_do_not_tell_each_other() -> None:
    """256 random bits a token."""
    store = Store(capacity=200).sessions
    made = [store.create() for _ in range(200)]
    assert len({token for token, _ in made}) == len({session.conversation_id for _, session in made}) == 200
    assert all(len(token) == 43 and session.conversation_id not in token for token, session in made)


def test_a_conversation_nobody_speaks_in_ends_by_itself() -> None:
    """After the idle time its token opens nothing and its end is told once."""
    store = Store()
    token, session = store.sessions.create()
    store.now = 59
    assert store.sessions.find(token) is session
    store.sessions.touch(session)
    store.now = 130
    store.sessions.sweep()
    assert store.sessions.find(token) is None
    store.sessions.end(session, "caller")
    assert store.ended == [(session.conversation_id, "idle")]


def test_a_running_call_keeps_its_conversation() -> None:
    """However long nobody types."""
    store = Store()
    token, session = store.sessions.create()
    session.in_call = True
    store.now = 10_000
    store.sessions.sweep()
    assert store.sessions.find(token) is session


def test_conversations_are_bounded_and_idle_ones_make_room() -> None:
    """A full house refuses; time makes room."""
    store = Store(capacity=1)
    store.sessions.create()
    with pytest.raises(SessionsFull):
        store.sessions.create()
    store.now = 61
    store.sessions.create()
    assert len(store.sessions) == 1


def test_replay_tells_when_older_entries_are_gone() -> None:
    """The log keeps the last entries; a page that missed others must know."""
    session = Session("c", 0)
    for number in range(LOG_ENTRIES + 5):
        session.post("bot", str(number))
    entries, missed = session.since(0)
    assert (len(entries), missed) == (LOG_ENTRIES, True)
    entries, missed = session.since(LOG_ENTRIES + 3)
    assert ([entry.text for entry in entries], missed) == (
        [str(LOG_ENTRIES + 3), str(LOG_ENTRIES + 4)],
        False,
    )


def test_client_ids_are_remembered_within_bounds() -> None:
    """A double is known; the oldest of very many is forgotten."""
    session = Session("c", 0)
    assert session.is_new("a") and not session.is_new("a")
    for number in range(SEEN_IDS):
        session.is_new(str(number))
    assert session.is_new("a")


async def test_a_socket_that_does_not_read_is_dropped_and_the_others_go_on() -> None:
    """Its queue is bounded; the log replays what it missed when it comes back."""
    session = Session("c", 0)
    slow, quick = session.subscribe(), session.subscribe()
    for number in range(SIGNALS + 1):
        session.post("bot", str(number))
        quick.queue.get_nowait()
    assert slow.dropped.is_set() and not quick.dropped.is_set()


async def test_too_many_sockets_push_out_the_oldest() -> None:
    """A tab duplicated without end does not cost without end."""
    session = Session("c", 0)
    sockets = [session.subscribe() for _ in range(SUBSCRIBERS + 1)]
    assert [socket.dropped.is_set() for socket in sockets] == [True] + [False] * SUBSCRIBERS
