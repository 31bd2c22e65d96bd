"""Watch pages: all conversations in progress, and one of them word by word."""

import asyncio
from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import SESSION_COOKIE, address_of, staff_of
from bot.console.live.live_conversation import STATE_NAMES
from bot.console.permissions import Permission
from bot.console.rendering import render

STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def add_watch_pages(router: APIRouter, console: Console) -> None:
    """Handlers run on the event loop, where the board lives; whatever asks the database does so in a thread."""

    @router.get("/live")
    async def live(request: Request) -> Response:
        values = {"conversations": console.now.board.conversations(), "state_names": STATE_NAMES}
        return render(console, request, "live.html", values)

    @router.get("/live/board")
    async def board(request: Request) -> Response:
        if console.now.streams.full:
            return busy()
        events = console.now.streams.board_events(still_may(console, request, Permission.LIVE))
        return StreamingResponse(events, media_type="text/event-stream", headers=STREAM_HEADERS)

    @router.get("/live/conversations/{conversation_id}")
    async def conversation(request: Request, conversation_id: str) -> Response:
        found = console.now.board.find(conversation_id)
        if found is None:
            return RedirectResponse(f"/staff/conversations/{conversation_id}", status_code=303)
        await note_watched(console, request, Action.LIVE_WATCHED, conversation_id)
        may_take_over = console.now.desk.may_take_over(conversation_id)
        values = {"c": found, "state_names": STATE_NAMES, "may_take_over": may_take_over}
        return render(console, request, "live_conversation.html", values)

    @router.get("/live/conversations/{conversation_id}/events")
    async def events(request: Request, conversation_id: str, after: int = 0) -> Response:
        found = console.now.board.find(conversation_id)
        if found is None:
            return Response(status_code=204)  # WHATWG HTML 9.2: the browser does not come again.
        if console.now.streams.full:
            return busy()
        await note_watched(console, request, Action.LIVE_WATCHED, conversation_id)
        seen = request.headers.get("last-event-id", "")
        news = console.now.streams.conversation_events(
            found,
            int(seen) if seen.isascii() and seen.isdigit() else after,
            still_may(console, request, Permission.LIVE),
            partial(console.now.desk.seen, conversation_id, staff_of(request).account),
        )
        return StreamingResponse(news, media_type="text/event-stream", headers=STREAM_HEADERS)


def busy() -> Response:
    """No further stream is taken now."""
    return Response(status_code=503, headers={"Retry-After": "30"})


def still_may(console: Console, request: Request, permission: Permission) -> Callable[[], bool]:
    """Whether whoever opened a stream is still signed in and may still read it; blocks."""
    token = request.cookies.get(SESSION_COOKIE)

    def ask() -> bool:
        staff = console.sessions.find(token, in_use=False)
        return staff is not None and staff.may(permission)

    return ask


async def note_watched(console: Console, request: Request, action: Action, subject: str) -> None:
    """Append to the audit log who watches or listens; a page that connects again is the same watching."""
    staff = staff_of(request)
    note = console.audit.note_once
    await asyncio.to_thread(note, staff.id, staff.account, address_of(request), action, subject)
