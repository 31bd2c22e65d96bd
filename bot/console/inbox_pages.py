"""Inbox pages: the list with its filters and search, saved views, the list as a file."""

import math
from collections.abc import Iterator
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.csv_lines import BYTE_ORDER_MARK, csv_line
from bot.console.gate import address_of, note, staff_of
from bot.console.inbox_filter import CHANNELS, CONFIDENCES, LATENCIES, RATINGS, SCORES, InboxFilter
from bot.console.intent_names import INTENTS
from bot.console.labels import moment, word
from bot.console.mood import MOOD_NAMES
from bot.console.outcomes import OUTCOME_NAMES
from bot.console.rendering import render
from bot.console.review.flag import FLAG_NAMES

EXPORTED = 10_000
"""Conversations in one file at most."""

_EXPORT_PAGE = 500
_HEADINGS = (
    "对话",
    "开始时间",
    "渠道",
    "结果",
    "轮数",
    "客户",
    "意图",
    "最低意图置信度",
    "最慢答复毫秒",
    "第一句话",
)


def add_inbox_pages(router: APIRouter, console: Console) -> None:
    """The routes of the list."""

    @router.get("/conversations")
    def inbox(request: Request, before: str = "") -> Response:
        wanted = InboxFilter.from_query(request.query_params).within(staff_of(request).permissions)
        cursor = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
        if wanted.q or wanted.borrower:
            _note_search(console, request, wanted, cursor)
        page = console.search.page(wanted, cursor)
        shown = [hit.row.conversation_id for hit in page.hits]
        values = {
            "page": page,
            "remarked": console.review.remarks.shown(shown),
            "moods": MOOD_NAMES,
            "flags": FLAG_NAMES,
            "scores": SCORES,
            "tags": console.review.remarks.suggestions(),
            "reviewers": console.review.lists.reviewers(),
            "wanted": wanted,
            "cursor": cursor,
            "views": console.views.of(staff_of(request).account),
            "channels": CHANNELS,
            "outcomes": OUTCOME_NAMES,
            "confidences": CONFIDENCES,
            "latencies": LATENCIES,
            "ratings": RATINGS,
            "intents": INTENTS,
        }
        return render(console, request, "inbox.html", values)

    @router.post("/views")
    def keep_view(
        request: Request, name: str = Form("", max_length=64), query: str = Form("", max_length=1000)
    ) -> Response:
        wanted = InboxFilter.from_query(_read_query(query))
        console.views.keep(staff_of(request).account, name, wanted)
        return RedirectResponse(f"/staff/conversations?{wanted.query()}", status_code=303)

    @router.post("/views/forget")
    def forget_view(request: Request, view_id: str = Form("", max_length=32)) -> Response:
        console.views.forget(staff_of(request).account, view_id)
        return RedirectResponse("/staff/conversations", status_code=303)

    @router.get("/export/conversations.csv")
    def export(request: Request) -> Response:
        wanted = InboxFilter.from_query(request.query_params).within(staff_of(request).permissions)
        note(console, request, Action.EXPORTED, "conversations.csv", **wanted.masked().asked())
        headers = {"Content-Disposition": 'attachment; filename="conversations.csv"'}
        return StreamingResponse(
            _rows(console, wanted), media_type="text/csv; charset=utf-8", headers=headers
        )


def _note_search(console: Console, request: Request, wanted: InboxFilter, cursor: int | None) -> None:
    # A further page, or the list that renews itself, belongs to a search that was noted; an address that only says so
    # does not.
    follows = cursor is not None or "live" in request.query_params
    staff, again_s = staff_of(request), math.inf if follows else 0
    asked = wanted.masked().asked()
    console.audit.note_once(
        staff.id, staff.account, address_of(request), Action.SEARCHED, again_s=again_s, **asked
    )


def _read_query(query: str) -> dict[str, str]:
    return dict(parse_qsl(query))


def _rows(console: Console, wanted: InboxFilter) -> Iterator[str]:
    """Lines of CSV; a byte order mark, so that spreadsheets read Chinese."""
    yield BYTE_ORDER_MARK + csv_line(_HEADINGS)
    before, left = None, EXPORTED
    while left > 0:
        page = console.search.page(wanted, before, min(left, _EXPORT_PAGE), snippets=False)
        for hit in page.hits:
            row = hit.row
            yield csv_line(
                (
                    row.conversation_id,
                    moment(row.started_at_ms),
                    word(row.channel),
                    word(row.became),
                    row.turn_count,
                    row.borrower,
                    row.intents,
                    "" if row.lowest_confidence is None else f"{row.lowest_confidence:.2f}",
                    "" if row.slowest_ms is None else row.slowest_ms,
                    row.first_words,
                )
            )
        left -= len(page.hits)
        before = page.older
        if before is None:
            return
