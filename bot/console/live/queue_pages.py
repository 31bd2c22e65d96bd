"""Queue pages: people who wait for staff, most pressing first; claim, call back, done."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from actions.lending.service_requests import RequestState, RequestUnknown, ServiceRequest
from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.data_rights.erasing import ERASED
from bot.console.gate import note, staff_of
from bot.console.live.watch_pages import STREAM_HEADERS, busy, still_may
from bot.console.permissions import Permission
from bot.console.rendering import render

_TAKEN_BY_ANOTHER = "{staff} 已经认领了这条待办。"
_NOT_YOURS = "这条待办不是您认领的，或者已经完成。"
_ERASED = "客户的个人信息刚刚按要求删除，这条待办不用再办了。"
_UNKNOWN = "登记号不对，或者这条待办已经按客户的要求删除。"
_QUEUE = "/staff/handoffs"


def add_queue_pages(router: APIRouter, console: Console) -> None:
    """The list, how it renews itself, and what is done to a request, by its reference."""

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

    _add_moves(router, console)

    @router.post("/handoffs/{reference}/phone")
    def phone(request: Request, reference: str) -> Response:
        found = _found(console, reference)
        if found is None:
            return JSONResponse({"code": "request_unknown", "message": _UNKNOWN}, status_code=404)
        if not _is_mine(request, found):
            message = _ERASED if found.summary == ERASED else _NOT_YOURS
            return JSONResponse({"code": "request_not_yours", "message": message}, status_code=409)
        note(console, request, Action.CONTACT_SEEN, reference)
        numbers = _numbers(console, reference)
        if numbers is None:
            return JSONResponse({"code": "request_erased", "message": _ERASED}, status_code=410)
        return JSONResponse(numbers, headers={"Cache-Control": "no-store"})


def _add_moves(router: APIRouter, console: Console) -> None:
    """Claim, free, close."""

    @router.post("/handoffs/{reference}/take")
    def take(request: Request, reference: str) -> Response:
        found = _found(console, reference)
        if found is None:
            return _gone(console, request)
        if found.state is not RequestState.OPEN and not _is_mine(request, found):
            return _refusal(console, request, found)
        note(console, request, Action.REQUEST_TAKEN, reference)
        return _moved(
            console,
            request,
            lambda: console.handoffs.take(reference, staff_of(request).account),
            Action.REQUEST_TAKEN,
            lambda taken: _is_mine(request, taken),
        )

    @router.post("/handoffs/{reference}/return")
    def give_back(request: Request, reference: str) -> Response:
        found = _found(console, reference)
        # Whoever looks after accounts also frees what somebody on leave has claimed.
        frees_for_others = staff_of(request).may(Permission.USERS)
        if found is None:
            return _gone(console, request)
        if not (_is_mine(request, found) or (frees_for_others and found.state is RequestState.TAKEN)):
            return _refusal(console, request, found)
        note(console, request, Action.REQUEST_RETURNED, reference)
        return _moved(
            console,
            request,
            lambda: console.handoffs.give_back(reference, found.staff or ""),
            Action.REQUEST_RETURNED,
            lambda freed: freed.state is RequestState.OPEN,
        )

    @router.post("/handoffs/{reference}/done")
    def done(request: Request, reference: str) -> Response:
        found, mine = _found(console, reference), staff_of(request).account
        if found is None:
            return _gone(console, request)
        if not _is_mine(request, found):
            return _refusal(console, request, found)
        note(console, request, Action.REQUEST_DONE, reference)
        return _moved(
            console,
            request,
            lambda: console.handoffs.close(reference, mine),
            Action.REQUEST_DONE,
            lambda closed: closed.state is RequestState.CLOSED and closed.staff == mine,
        )


def _found(console: Console, reference: str) -> ServiceRequest | None:
    try:
        return console.handoffs.find(reference)
    except RequestUnknown:
        return None


def _is_mine(request: Request, found: ServiceRequest) -> bool:
    return found.state is RequestState.TAKEN and found.staff == staff_of(request).account


def _numbers(console: Console, reference: str) -> dict[str, str | None] | None:
    """The whole numbers; None where they were erased since the request was found."""
    try:
        known = console.handoffs.contact_phone(reference), console.handoffs.new_phone(reference)
    except RequestUnknown:
        return None
    return {"phone": known[0], "new_phone": known[1]} if any(known) else None


def _moved(
    console: Console,
    request: Request,
    move: Callable[[], ServiceRequest],
    action: Action,
    happened: Callable[[ServiceRequest], bool],
) -> Response:
    """Do what was put on record; where somebody else was quicker that is on record too."""
    try:
        now = move()
    except RequestUnknown:
        note(console, request, Action.FELL_THROUGH, request.path_params["reference"], what=action.value)
        return _gone(console, request)
    if happened(now):
        return RedirectResponse(_QUEUE, status_code=303)
    note(console, request, Action.FELL_THROUGH, now.reference, what=action.value)
    return _refusal(console, request, now)


def _gone(console: Console, request: Request) -> Response:
    values = {"title": "没有这条待办", "reason": _UNKNOWN, "back": _QUEUE}
    return render(console, request, "refused.html", values, 404)


def _refusal(console: Console, request: Request, found: ServiceRequest) -> Response:
    taken = found.state is RequestState.TAKEN and found.staff != staff_of(request).account
    reason = _TAKEN_BY_ANOTHER.format(staff=found.staff) if taken else _NOT_YOURS
    values = {"title": "没有办成", "reason": _ERASED if found.summary == ERASED else reason, "back": _QUEUE}
    return render(console, request, "refused.html", values, 409)
