"""Queue pages: people who wait for staff, most pressing first; claim, call back, done."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from actions.lending.service_requests import RequestState, RequestUnknown, ServiceRequest
from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import note, staff_of
from bot.console.live.watch_pages import STREAM_HEADERS, busy, still_may
from bot.console.permissions import Permission
from bot.console.rendering import render

_TAKEN_BY_ANOTHER = "{staff} 已经认领了这条待办。"
_NOT_YOURS = "这条待办不是您认领的，或者已经完成。"
_QUEUE = "/staff/handoffs"


def add_queue_pages(router: APIRouter, console: Console) -> None:
    """By the request's reference."""

    @router.get("/handoffs")
    def handoffs(request: Request) -> Response:
        if "live" not in request.query_params:
            note(console, request, Action.REQUESTS_SEEN)
        waiting = console.handoffs.waiting()
        live = {one.conversation_id for one in waiting if console.now.board.find(one.conversation_id)}
        return render(console, request, "handoffs.html", {"requests": waiting, "live": live})

    @router.get("/live/handoffs")
    async def news(request: Request) -> Response:
        if console.now.queue.full:
            return busy()
        events = console.now.queue.events(still_may(console, request, Permission.REQUESTS))
        return StreamingResponse(events, media_type="text/event-stream", headers=STREAM_HEADERS)

    @router.post("/handoffs/{reference}/take")
    def take(request: Request, reference: str) -> Response:
        found = _found(console, reference)
        if found is None:
            return render(console, request, "missing.html", {}, 404)
        if found.state is not RequestState.OPEN and not _is_mine(request, found):
            return _refusal(console, request, found)
        note(console, request, Action.REQUEST_TAKEN, reference)
        taken = console.handoffs.take(reference, staff_of(request).account)
        return _moved(console, request, taken, Action.REQUEST_TAKEN, _is_mine(request, taken))

    @router.post("/handoffs/{reference}/return")
    def give_back(request: Request, reference: str) -> Response:
        found = _found(console, reference)
        # Whoever looks after accounts also frees what somebody on leave has claimed.
        frees_for_others = staff_of(request).may(Permission.USERS)
        if found is None:
            return render(console, request, "missing.html", {}, 404)
        if not (_is_mine(request, found) or (frees_for_others and found.state is RequestState.TAKEN)):
            return _refusal(console, request, found)
        note(console, request, Action.REQUEST_RETURNED, reference)
        freed = console.handoffs.give_back(reference, found.staff or "")
        is_free = freed.state is RequestState.OPEN
        return _moved(console, request, freed, Action.REQUEST_RETURNED, is_free)

    @router.post("/handoffs/{reference}/done")
    def done(request: Request, reference: str) -> Response:
        found = _found(console, reference)
        if found is None:
            return render(console, request, "missing.html", {}, 404)
        if not _is_mine(request, found):
            return _refusal(console, request, found)
        note(console, request, Action.REQUEST_DONE, reference)
        closed = console.handoffs.close(reference, staff_of(request).account)
        by_me = closed.state is RequestState.CLOSED and closed.staff == staff_of(request).account
        return _moved(console, request, closed, Action.REQUEST_DONE, by_me)

    @router.post("/handoffs/{reference}/phone")
    def phone(request: Request, reference: str) -> Response:
        found = _found(console, reference)
        if found is None:
            return JSONResponse({"code": "request_unknown"}, status_code=404)
        if not _is_mine(request, found):
            return JSONResponse({"code": "request_not_yours", "message": _NOT_YOURS}, status_code=409)
        note(console, request, Action.CONTACT_SEEN, reference)
        numbers = {
            "phone": console.handoffs.contact_phone(reference),
            "new_phone": console.handoffs.new_phone(reference),
        }
        return JSONResponse(numbers, headers={"Cache-Control": "no-store"})


def _found(console: Console, reference: str) -> ServiceRequest | None:
    try:
        return console.handoffs.find(reference)
    except RequestUnknown:
        return None


def _is_mine(request: Request, found: ServiceRequest) -> bool:
    return found.state is RequestState.TAKEN and found.staff == staff_of(request).account


def _moved(
    console: Console, request: Request, now: ServiceRequest, action: Action, happened: bool
) -> Response:
    """The answer to a change that was put on record; where somebody else was quicker that is on record too."""
    if happened:
        return RedirectResponse(_QUEUE, status_code=303)
    note(console, request, Action.FELL_THROUGH, now.reference, what=action.value)
    return _refusal(console, request, now)


def _refusal(console: Console, request: Request, found: ServiceRequest) -> Response:
    taken = found.state is RequestState.TAKEN and found.staff != staff_of(request).account
    reason = _TAKEN_BY_ANOTHER.format(staff=found.staff) if taken else _NOT_YOURS
    return render(console, request, "refused.html", {"reason": reason}, 409)
