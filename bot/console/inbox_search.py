"""InboxSearch: conversations by their words and facets, newest first, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from actions.lending.conversation_borrowers import ConversationBorrowers
from actions.lending.database import Database
from bot.console.inbox_filter import InboxFilter
from bot.console.inbox_index import SIDES, number_at
from bot.console.inbox_statement import IDS, PLAN, SHOWN, of_postgresql, of_sqlite, without_words
from bot.console.inbox_tables import conversation_index
from bot.console.outcomes import Outcome
from bot.console.search_words import Asked, asked_words
from bot.console.snippets import Snippet, best_snippet
from bot.transcript_tables import turns

PAGE = 30
LOOKED_THROUGH = 600
"""Conversations whose text one page compares with a phrase at most; what is older comes with the next page."""
PHONE_DIGITS = 11

Terms = list[list[list[str]]]
"""All of these must hold; of each, one alternative; of that, all tokens."""


@dataclass(frozen=True)
class Hit:
    """One conversation of the list."""

    row: Any
    snippet: Snippet | None


@dataclass(frozen=True)
class InboxPage:
    """What is shown at once."""

    hits: list[Hit]
    older: int | None
    """The cursor of the next page, None at the end."""


class InboxSearch:
    """Reads only. Blocks: called from worker threads."""

    def __init__(self, database: Database, borrowers: ConversationBorrowers) -> None:
        self._database = database
        self._borrowers = borrowers

    def page(
        self, wanted: InboxFilter, before: int | None = None, size: int = PAGE, snippets: bool = True
    ) -> InboxPage:
        """Conversations that fit, older than the cursor ``before``."""
        asked = asked_words(wanted.q)
        terms = self._terms(wanted, asked)
        if terms is None:
            return InboxPage([], None)
        phrases = [one for one in asked if one.exact]
        if phrases:
            rows, older = self._with_phrases(wanted, terms, phrases, before, size)
        else:
            rows = self._rows(wanted, terms, before, size + 1)
            older = rows[size - 1].number if len(rows) > size else None
            rows = rows[:size]
        ids = [row.conversation_id for row in rows]
        found = self._snippets(ids, asked, wanted.scope) if ids and asked and snippets else {}
        return InboxPage([Hit(row, found.get(row.conversation_id)) for row in rows], older)

    def ids(self, wanted: InboxFilter, most: int, over: bool = False) -> list[str]:
        """Ids of the newest conversations that fit, phrases aside; with ``over`` of those that have ended."""
        terms = self._terms(wanted, asked_words(wanted.q))
        if terms is None:
            return []
        rows = self._rows(wanted, terms, None, most, IDS)
        return [row.conversation_id for row in rows if not over or row.became != Outcome.ONGOING.value]

    def borrower_of(self, conversation_id: str) -> int | None:
        """Whom a conversation was verified as while it was indexed."""
        query = select(conversation_index.c.borrower_id)
        query = query.where(conversation_index.c.conversation_id == conversation_id)
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else int(found)

    def _with_phrases(
        self, wanted: InboxFilter, terms: Terms, phrases: Sequence[Asked], before: int | None, size: int
    ) -> tuple[list[Any], int | None]:
        """Rows whose texts hold every phrase, and the next page's cursor: the index knows pairs of characters only."""
        kept: list[Any] = []
        # More at a time: a phrase that hardly occurs is not asked for twenty times over.
        looked, at_once = 0, size
        while looked < LOOKED_THROUGH:
            rows = self._rows(wanted, terms, before, at_once + 1)
            looked_at = rows[:at_once]
            said = texts_of(self._database, [row.conversation_id for row in looked_at], wanted.scope)
            for row in looked_at:
                texts = [text for _, text in said.get(row.conversation_id, ())]
                before = row.number
                if all(any(map(phrase.occurs_in, texts)) for phrase in phrases):
                    kept.append(row)
                    if len(kept) == size:
                        return kept, before
            if len(rows) <= at_once:
                return kept, None
            looked += at_once
            at_once = min(at_once * 4, LOOKED_THROUGH - looked)
        return kept, before

    def _terms(self, wanted: InboxFilter, asked: Sequence[Asked]) -> Terms | None:
        """None: nothing can fit."""
        if wanted.q and not asked:
            return None
        sides = [prefixes for side, prefixes in SIDES.items() if wanted.scope in ("all", side)]
        terms: Terms = [[[token] for token in facet] for facet in wanted.facets()]
        if wanted.borrower:
            borrower = self._borrower_token(wanted.borrower)
            if borrower is None:
                return None
            terms.append([[borrower]])
        for one in asked:
            if one.exact:
                everywhere = [prefix for prefixes in sides for prefix in prefixes]
                terms += [[[f"{prefix}_{token}"] for prefix in everywhere] for token in one.tokens]
                continue
            ways = [[f"{prefix}_{one.word}"] for prefix, _ in sides]
            ways += [[f"{prefix}_{part}" for part in one.parts] for prefix, _ in sides if one.parts]
            terms.append(ways)
        return terms

    def _borrower_token(self, digits: str) -> str | None:
        if len(digits) != PHONE_DIGITS:
            return f"tail_{digits}"
        borrower_id = self._borrowers.id_of_phone(digits)
        return None if borrower_id is None else f"borrower_{borrower_id}"

    def _rows(
        self, wanted: InboxFilter, terms: Terms, before: int | None, limit: int, columns: str = SHOWN
    ) -> list[Any]:
        until = [number for number in (before, _bound(wanted.until_ms)) if number is not None]
        bounds = {"{key} < :until": min(until, default=None), "{key} >= :since": _bound(wanted.since_ms)}
        conditions = {
            "i.lowest_confidence < :confidence": int(wanted.confidence) / 100 if wanted.confidence else None,
            "i.slowest_ms > :latency": int(wanted.latency) * 1000 if wanted.latency else None,
        }
        asked = {**bounds, **conditions}
        values: dict[str, Any] = {
            one.rpartition(":")[2]: value for one, value in asked.items() if value is not None
        }
        narrowed = [[one for one in some if asked[one] is not None] for some in (bounds, conditions)]
        sqlite = self._database.is_sqlite
        build = without_words if not terms else of_sqlite if sqlite else of_postgresql
        if terms:
            values["words"] = fts5_query(terms) if sqlite else tsquery(terms)
        with self._database.reading() as connection:
            if build is of_postgresql:
                connection.execute(text(PLAN))
            statement = text(build(columns, *narrowed))
            return list(connection.execute(statement, values | {"limit": limit}).all())

    def _snippets(self, ids: list[str], asked: Sequence[Asked], scope: str) -> dict[str, Snippet]:
        return {
            conversation_id: snippet
            for conversation_id, said in texts_of(self._database, ids, scope).items()
            if (snippet := best_snippet(said, asked)) is not None
        }


def texts_of(database: Database, ids: list[str], scope: str) -> dict[str, list[tuple[str, str]]]:
    """Conversation -> who said what, in order, of one side or of both."""
    query = (
        select(turns.c.conversation_id, turns.c.customer_text, turns.c.bot_text)
        .where(turns.c.conversation_id.in_(ids))
        .order_by(turns.c.conversation_id, turns.c.position)
    )
    said: dict[str, list[tuple[str, str]]] = {}
    with database.reading() as connection:
        for row in connection.execute(query):
            texts = said.setdefault(row.conversation_id, [])
            if scope != "bot" and row.customer_text:
                texts.append(("customer", row.customer_text))
            if scope != "customer":
                texts.extend(("bot", reply) for reply in row.bot_text)
    return said


def fts5_query(terms: Terms) -> str:
    """In FTS5's language; every token is quoted, so that none of them is an operator."""
    return _query(terms, '"{}"', " AND ", " OR ")


def tsquery(terms: Terms) -> str:
    """In the words of PostgreSQL's tsquery."""
    return _query(terms, "'{}'", " & ", " | ")


def _query(terms: Terms, quoted: str, both: str, either: str) -> str:
    def way(tokens: list[str]) -> str:
        return "(" + both.join(quoted.format(token) for token in tokens) + ")"

    return both.join("(" + either.join(way(tokens) for tokens in ways) + ")" for ways in terms)


def _bound(at_ms: int | None) -> int | None:
    return None if at_ms is None else number_at(at_ms)
