"""Gate: every request under /staff passes it; who asks, what the address takes, and whether a form is our own."""

import hmac
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from fastapi import Depends, Request
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.permissions import OPEN_WHILE_PASSWORD_IS_FOREIGN, ROUTES, UNATTENDED, Access
from bot.console.rendering import render
from bot.console.staff_sessions import StaffSession

SESSION_COOKIE = "shoudai_staff"
FORM_STALE = "页面已过期，请返回刷新后再试。"
NOT_ALLOWED = "您的角色没有这个权限。"
UNREADABLE = {"title": "没有成功", "reason": "填写的内容里有无法保存的字符。"}
MISFILLED = {"title": "没有成功", "reason": "填写的内容太长、不完整，或不是能选的值，请返回检查后再试。"}


class TurnedAway(Exception):
    """The request ends here, with this answer instead of the page."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def turned_away(_: Request, error: Exception) -> Response:
    """The exception handler of ``TurnedAway``."""
    assert isinstance(error, TurnedAway)
    return error.response


def misfilled(console: Console) -> Callable[..., Awaitable[Response]]:
    """The exception handler of forms that do not fit: a page in Chinese; other addresses answer as FastAPI does."""

    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        if not request.url.path.startswith("/staff"):
            return await request_validation_exception_handler(request, error)
        return render(console, request, "refused.html", MISFILLED, 422)

    return answer


def gate(console: Console) -> Callable[..., None]:
    """The dependency of all routes; leaves the ``StaffSession`` in ``request.state.staff``."""

    def check(request: Request, sent: FormSent = Depends(_form_sent)) -> None:
        token = sent.token
        if sent.holds_nul or _holds_nul([*request.query_params.values(), *request.path_params.values()]):
            raise TurnedAway(render(console, request, "refused.html", UNREADABLE, 400))
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


@dataclass(frozen=True)
class FormSent:
    """What the gate looks at in a form."""

    token: str = ""
    holds_nul: bool = False


async def _form_sent(request: Request) -> FormSent:
    """The form's token, or htmx's header. Read by hand: as a parameter it would be a model more for every route."""
    if request.method == "GET":
        return FormSent()
    form = await request.form()
    token = str(form.get("csrf_token", "")) or request.headers.get("x-csrf-token", "")
    return FormSent(token, _holds_nul([*form.keys(), *map(str, form.values())]))


def _holds_nul(texts: Iterable[object]) -> bool:
    """PostgreSQL keeps no text with the character NUL, and no keyboard types one."""
    return any("\0" in str(text) for text in texts)


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
