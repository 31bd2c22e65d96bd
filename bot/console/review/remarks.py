"""Remarks: the tags, flags and comments of a conversation, each with who made it and when."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Row

from actions.lending.database import Database
from bot.console.inbox_tables import to_index
from bot.console.review.flag import Flag
from bot.console.review.tables import comments, flags, tags
from bot.stored_text import stored_words
from bot.transcript_tables import conversations, turns

TAG_CHARACTERS = 20
COMMENT_CHARACTERS = 1_000
TAGS_EACH = 20
SUGGESTED = 30


class RemarkRefused(Exception):
    """A remark that cannot be kept (code ``remark_refused``); the message is for whoever made it."""

    code = "remark_refused"


@dataclass(frozen=True)
class RemarksView:
    """Everything that was remarked about one conversation."""

    tags: list[Row]
    flags: dict[str, Row]
    comments: dict[str | None, list[Row]]
    """By turn id; None: about the whole."""


class Remarks:
    """Blocks: called from worker threads. What is written queues the conversation for the index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, conversation_id: str) -> RemarksView:
        """What is known now."""
        with self._database.reading() as connection:
            tagged = connection.execute(
                select(tags).where(tags.c.conversation_id == conversation_id).order_by(tags.c.at_ms)
            ).all()
            flagged = connection.execute(
                select(flags).where(flags.c.conversation_id == conversation_id)
            ).all()
            said = connection.execute(
                select(comments)
                .where(comments.c.conversation_id == conversation_id)
                .order_by(comments.c.at_ms)
            ).all()
        by_turn: dict[str | None, list[Row]] = {}
        for row in said:
            by_turn.setdefault(row.turn_id, []).append(row)
        return RemarksView(list(tagged), {row.flag: row for row in flagged}, by_turn)

    def shown(self, ids: Sequence[str]) -> dict[str, tuple[list[str], list[str]]]:
        """Conversation -> its tags and its flags, for a page of the list."""
        found: dict[str, tuple[list[str], list[str]]] = {one: ([], []) for one in ids}
        with self._database.reading() as connection:
            for row in connection.execute(select(tags).where(tags.c.conversation_id.in_(list(ids)))):
                found[row.conversation_id][0].append(row.tag)
            for row in connection.execute(select(flags).where(flags.c.conversation_id.in_(list(ids)))):
                found[row.conversation_id][1].append(row.flag)
        return found

    def suggestions(self) -> list[str]:
        """Tags by how often they are used."""
        query = select(tags.c.tag).group_by(tags.c.tag).order_by(func.count().desc(), tags.c.tag)
        with self._database.reading() as connection:
            return list(connection.execute(query.limit(SUGGESTED)).scalars())

    def tag(self, conversation_id: str, tag: str, account: str) -> str | None:
        """Add a tag; return it as it is kept, None when it was there already. Raises RemarkRefused."""
        tag = tidy_tag(tag)
        if not tag:
            raise RemarkRefused("标签要有1到20个字。")
        with self._database.writing() as connection:
            self._database.serialise(connection, f"remarks:{conversation_id}")
            _require_conversation(connection, conversation_id)
            held = select(tags.c.tag).where(tags.c.conversation_id == conversation_id)
            known = list(connection.execute(held).scalars())
            if tag in known:
                return None
            if len(known) >= TAGS_EACH:
                raise RemarkRefused(f"一个对话最多{TAGS_EACH}个标签。")
            values = {"conversation_id": conversation_id, "tag": tag, "account": account, "at_ms": _now_ms()}
            connection.execute(tags.insert().values(**values))
            queue_for_index(connection, conversation_id)
        return tag

    def untag(self, conversation_id: str, tag: str) -> bool:
        """Remove a tag; whether it was there."""
        mine = (tags.c.conversation_id == conversation_id) & (tags.c.tag == tag)
        return self._remove(tags.delete().where(mine), conversation_id)

    def flag(self, conversation_id: str, flag: Flag, on: bool, account: str) -> bool:
        """Set or take a flag; whether that changed anything. Raises RemarkRefused."""
        mine = (flags.c.conversation_id == conversation_id) & (flags.c.flag == flag.value)
        if not on:
            return self._remove(flags.delete().where(mine), conversation_id)
        with self._database.writing() as connection:
            self._database.serialise(connection, f"remarks:{conversation_id}")
            _require_conversation(connection, conversation_id)
            if connection.execute(select(flags.c.flag).where(mine)).first():
                return False
            values = {
                "conversation_id": conversation_id,
                "flag": flag.value,
                "account": account,
                "at_ms": _now_ms(),
            }
            connection.execute(flags.insert().values(**values))
            queue_for_index(connection, conversation_id)
        return True

    def comment(self, conversation_id: str, turn_id: str | None, text: str, account: str) -> str:
        """Add a comment, digits masked like in transcripts; return its id. Raises RemarkRefused."""
        text = stored_words("", text.replace("\r\n", "\n").strip()[:COMMENT_CHARACTERS])
        if not text:
            raise RemarkRefused("评论不能为空。")
        comment_id = secrets.token_hex(16)
        with self._database.writing() as connection:
            _require_conversation(connection, conversation_id)
            if turn_id is not None:
                mine = (turns.c.id == turn_id) & (turns.c.conversation_id == conversation_id)
                if connection.execute(select(turns.c.id).where(mine)).first() is None:
                    raise RemarkRefused("没有这句话。")
            values = {
                "id": comment_id,
                "conversation_id": conversation_id,
                "turn_id": turn_id,
                "account": account,
                "at_ms": _now_ms(),
                "text": text,
            }
            connection.execute(comments.insert().values(**values))
        return comment_id

    def forget_comment(self, conversation_id: str, comment_id: str, account: str) -> bool:
        """Remove one of the account's own comments on this conversation; another's stays."""
        mine = (comments.c.id == comment_id) & (comments.c.account == account)
        mine &= comments.c.conversation_id == conversation_id
        with self._database.writing() as connection:
            return bool(connection.execute(comments.delete().where(mine)).rowcount)

    def _remove(self, statement: object, conversation_id: str) -> bool:
        with self._database.writing() as connection:
            gone = bool(connection.execute(statement).rowcount)
            if gone:
                queue_for_index(connection, conversation_id)
        return gone


def tidy_tag(text: str) -> str:
    """A tag as it is kept: one line, single blanks, digits of numbers masked, at most twenty characters."""
    return stored_words("", " ".join(text.split()))[:TAG_CHARACTERS].strip()


def queue_for_index(connection: Connection, conversation_id: str) -> None:
    """The index reads the conversation anew, a second later."""
    connection.execute(to_index.insert().values(conversation_id=conversation_id))


def _require_conversation(connection: Connection, conversation_id: str) -> None:
    known = select(conversations.c.id).where(conversations.c.id == conversation_id)
    if connection.execute(known).first() is None:
        raise RemarkRefused("没有这个对话。")


def _now_ms() -> int:
    return round(time.time() * 1000)
