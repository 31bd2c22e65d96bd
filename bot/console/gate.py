"""Gate: every request under /staff passes it; who asks, what the address takes, and whether a form is our own."""

import hmac
from collections.abc import Callable

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.permissions import OPEN_WHILE_PASSWORD_IS_FOREIGN, ROUTES, UNATTENDED, Access
from bot.console.rendering import render
from bot.console.staff_sessions import StaffSession

SESSION_COOKIE = "shoudai_staff"
FORM_STALE = "页面已过期，请返回刷新后再试。"
NOT_ALLOWED = "您的角色没有这个权限。"


class TurnedAway(Exception):
    """The request ends here, with this answer instead of the page."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def turned_away(_: Request, error: Exception) -> Response:
    """The exception handler of ``TurnedAway``."""
    assert isinstance(error, TurnedAway)
    return error.response


def gate(console: Console) -> Callable[..., None]:
    """The dependency of all routes; leaves the ``StaffSession`` in ``request.state.staff``."""

    def check(request: Request, token: str = Depends(_token_sent)) -> None:
        path = request.scope["route"].path
        needed = ROUTES.get((request.method, path))
        if needed is Access.ANYBODY:
            return
        in_use = path not in UNATTENDED and "live" not in request.query_params
        staff = console.sessions.find(request.cookies.get(SESSION_COOKIE), in_use)
        if staff is None:
            raise TurnedAway(_elsewhere(request, "/staff/login"))
        request.state.staff = staff
        if request.method != "GET" and not _same(token, staff.csrf_token):
            raise TurnedAway(render(console, request, "refused.html", {"reason": FORM_STALE}, 403))
        if staff.must_change and path not in OPEN_WHILE_PASSWORD_IS_FOREIGN:
            raise TurnedAway(_elsewhere(request, "/staff/me"))
        if needed is Access.SIGNED_IN:
            return
        if needed is None or needed not in staff.permissions:
            console.audit.note(
                staff.account, address_of(request), Action.REFUSED, path, method=request.method
            )
            raise TurnedAway(render(console, request, "refused.html", {"reason": NOT_ALLOWED}, 403))

    return check


async def _token_sent(request: Request) -> str:
    """The form's token, or htmx's header. Read by hand: as a parameter it would be a model more for every route."""
    if request.method == "GET":
        return ""
    given = (await request.form()).get("csrf_token", "")
    return str(given) or request.headers.get("x-csrf-token", "")


def staff_of(request: Request) -> StaffSession:
    """Who asks; the gate let nobody else through."""
    staff: StaffSession = request.state.staff
    return staff


def address_of(request: Request) -> str:
    """The network address that the request came from."""
    return request.client.host if request.client else ""


def note(console: Console, request: Request, action: Action, subject: str = "", **details: object) -> None:
    """Append to the audit log what the signed-in asker is about to get or do."""
    console.audit.note(staff_of(request).account, address_of(request), action, subject, **details)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _elsewhere(request: Request, path: str) -> Response:
    if "hx-request" in request.headers:
        # A fragment must not be replaced by a whole page: htmx then loads the page anew.
        return Response(status_code=204, headers={"HX-Redirect": path})
    return RedirectResponse(path, status_code=303)
