"""ReviewLists: lists of conversations to be reviewed, who takes which, and what is done."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import Select

from actions.lending.database import Database
from bot.console.inbox_tables import conversation_index
from bot.console.permissions import Permission, permissions_of, read_roles
from bot.console.review.remarks import queue_for_index
from bot.console.review.tables import items, lists
from bot.console.tables import staff_accounts
from bot.transcript_tables import conversations

SHOWN = 100
"""Lists on the page."""

SINGLE = "single"
"""The kind of the one list that single conversations are assigned on, without a sample."""
SINGLE_NAME = "单独分配"


class ListRefused(Exception):
    """A list or an assignment that cannot be (code ``list_refused``); the message is for whoever asked."""

    code = "list_refused"


@dataclass(frozen=True)
class ReviewList:
    """One list with how far it is."""

    row: Any
    total: int
    done: int


class ReviewLists:
    """Blocks: called from worker threads. An ``assignee`` of None: nobody yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reviewers(self) -> list[str]:
        """Accounts that can be given something to review."""
        with self._database.reading() as connection:
            return _reviewers(connection)

    def make(self, name: str, kind: str, ids: Sequence[str], assignees: Sequence[str], account: str) -> str:
        """A list of these conversations, given to the assignees in turn; return its id. Raises ListRefused."""
        if not ids:
            raise ListRefused("没有符合条件的对话，清单没有建立。")
        list_id, now = secrets.token_hex(16), _now_ms()
        with self._database.writing() as connection:
            _require_reviewers(connection, assignees)
            values = {"id": list_id, "name": name[:80], "kind": kind, "account": account, "at_ms": now}
            connection.execute(lists.insert().values(**values))
            for at, conversation_id in enumerate(ids):
                taker = assignees[at % len(assignees)] if assignees else None
                _add(connection, list_id, conversation_id, taker, now)
        return list_id

    def assign(self, conversation_id: str, assignee: str, account: str) -> None:
        """Give somebody one conversation to review. Raises ListRefused."""
        now = _now_ms()
        with self._database.writing() as connection:
            self._database.serialise(connection, "review-single")
            _require_reviewers(connection, [assignee])
            known = select(conversations.c.id).where(conversations.c.id == conversation_id)
            if connection.execute(known).first() is None:
                raise ListRefused("没有这个对话。")
            list_id = connection.execute(select(lists.c.id).where(lists.c.kind == SINGLE)).scalar()
            if list_id is None:
                list_id = secrets.token_hex(16)
                values = {
                    "id": list_id,
                    "name": SINGLE_NAME,
                    "kind": SINGLE,
                    "account": account,
                    "at_ms": now,
                }
                connection.execute(lists.insert().values(**values))
            mine = (items.c.list_id == list_id) & (items.c.conversation_id == conversation_id)
            again = {"assignee": assignee, "done_at_ms": None, "done_by": None}
            if connection.execute(items.update().where(mine).values(**again)).rowcount == 0:
                _add(connection, str(list_id), conversation_id, assignee, now)
            queue_for_index(connection, conversation_id)

    def reassign(self, item_id: str, assignee: str) -> tuple[str, str]:
        """Give an item to somebody else, or to nobody (""); return conversation and list. Raises ListRefused."""
        with self._database.writing() as connection:
            _require_reviewers(connection, [assignee] if assignee else [])
            item = _item(connection, item_id)
            connection.execute(items.update().where(items.c.id == item_id).values(assignee=assignee or None))
            queue_for_index(connection, item.conversation_id)
        return str(item.conversation_id), str(item.list_id)

    def finish(self, item_id: str, done: bool, account: str, may_all: bool) -> tuple[str, bool]:
        """Mark an item done or open again; return its conversation, and whether that changed anything.

        Somebody else's item takes ``may_all``. Raises ListRefused.
        """
        with self._database.writing() as connection:
            item = _item(connection, item_id)
            if item.assignee != account and not may_all:
                raise ListRefused("这一项不是分给您的。")
            if (item.done_at_ms is not None) == done:
                return str(item.conversation_id), False
            values = {"done_at_ms": _now_ms() if done else None, "done_by": account if done else None}
            connection.execute(items.update().where(items.c.id == item_id).values(**values))
            queue_for_index(connection, item.conversation_id)
        return str(item.conversation_id), True

    def all(self, assignee: str | None = None) -> list[ReviewList]:
        """The newest lists and how far they are; with ``assignee`` those with something of his, counting only that."""
        counted = (
            select(
                items.c.list_id,
                func.count().label("total"),
                func.sum(case((items.c.done_at_ms.is_(None), 0), else_=1)).label("done"),
            )
            .group_by(items.c.list_id)
            .order_by(None)
        )
        if assignee is not None:
            counted = counted.where(items.c.assignee == assignee)
        counts = counted.subquery()
        query = select(lists, counts.c.total, counts.c.done).join(counts, counts.c.list_id == lists.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(lists.c.at_ms.desc()).limit(SHOWN)).all()
        return [ReviewList(row, int(row.total), int(row.done)) for row in rows]

    def items(self, list_id: str, assignee: str | None = None) -> tuple[Row, list[Row]] | None:
        """A list and its items, open ones first; None where there is none, or nothing of the assignee in it."""
        query = _shown_items().where(items.c.list_id == list_id)
        if assignee is not None:
            query = query.where(items.c.assignee == assignee)
        with self._database.reading() as connection:
            row = connection.execute(select(lists).where(lists.c.id == list_id)).first()
            found = connection.execute(query).all() if row is not None else []
        if row is None or (assignee is not None and not found):
            return None
        return row, list(found)

    def open_of(self, assignee: str) -> list[Row]:
        """What somebody has still to review, whatever the list."""
        mine = (items.c.assignee == assignee) & items.c.done_at_ms.is_(None)
        with self._database.reading() as connection:
            return list(connection.execute(_shown_items().where(mine).limit(SHOWN)).all())

    def of_conversation(self, conversation_id: str, assignee: str | None = None) -> list[Row]:
        """Its items with their lists' names, open ones first; with ``assignee`` his alone."""
        query = (
            select(items, lists.c.name)
            .join(lists, lists.c.id == items.c.list_id)
            .where(items.c.conversation_id == conversation_id)
            .order_by(items.c.done_at_ms.isnot(None), items.c.made_at_ms.desc())
        )
        if assignee is not None:
            query = query.where(items.c.assignee == assignee)
        with self._database.reading() as connection:
            return list(connection.execute(query).all())

    def next_open(self, list_id: str, assignee: str | None) -> str | None:
        """The newest conversation of the list that is still open; with ``assignee`` of his."""
        found = self.items(list_id, assignee)
        left = [row for row in found[1] if row.done_at_ms is None] if found else []
        return str(left[0].conversation_id) if left else None


def _shown_items() -> Select:
    """Items with what a line about their conversation shows."""
    indexed = conversation_index.c.conversation_id == items.c.conversation_id
    columns = ("channel", "started_at_ms", "turn_count", "first_words")
    return (
        select(items, *(conversations.c[name] for name in columns), conversation_index.c.mood)
        .join(conversations, conversations.c.id == items.c.conversation_id)
        .outerjoin(conversation_index, indexed)
        .order_by(items.c.done_at_ms.isnot(None), conversations.c.started_at_ms.desc())
    )


def _add(connection: Connection, list_id: str, conversation_id: str, taker: str | None, now: int) -> None:
    values = {
        "id": secrets.token_hex(16),
        "list_id": list_id,
        "conversation_id": conversation_id,
        "assignee": taker,
        "made_at_ms": now,
    }
    connection.execute(items.insert().values(**values))
    queue_for_index(connection, conversation_id)


def _item(connection: Connection, item_id: str) -> Row:
    row = connection.execute(select(items).where(items.c.id == item_id)).first()
    if row is None:
        raise ListRefused("没有这一项。")
    return row


def _reviewers(connection: Connection) -> list[str]:
    query = select(staff_accounts).where(staff_accounts.c.disabled.is_(False)).order_by(staff_accounts.c.name)
    rows = connection.execute(query).all()
    return [row.name for row in rows if Permission.REVIEW in permissions_of(read_roles(row.roles))]


def _require_reviewers(connection: Connection, names: Sequence[str]) -> None:
    if set(names) - set(_reviewers(connection)):
        raise ListRefused("只能分给可用的、能复核的账号。")


def _now_ms() -> int:
    return round(time.time() * 1000)
