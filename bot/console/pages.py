"""Staff pages: sign-in, the list of conversations, one conversation, its recording, the queue of callbacks."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, islice

from fastapi import APIRouter, Cookie, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from fastapi.templating import Jinja2Templates

from bot.console.accounts import SignIn, StaffAccounts
from bot.console.byte_range import byte_range
from bot.console.staff_sessions import FormTokens, StaffSession, StaffSessions
from bot.handoff import HandoffQueue
from bot.rate_limits import RateLimiter
from bot.recordings import RecordingBroken, RecordingMissing, RecordingStore
from bot.settings import BotSettings
from bot.transcript_reader import TranscriptReader

SESSION_COOKIE = "shoudai_staff"
FORM_COOKIE = "shoudai_form"

_SIGN_IN_SENTENCES = {
    SignIn.WRONG: "账号或密码不正确。",
    SignIn.LOCKED: "失败次数过多，账号已锁定15分钟。",
}
_FORM_STALE = "页面已过期，请重新输入。"
_TOO_FAST = "尝试过于频繁，请稍后再试。"


@dataclass(frozen=True)
class Console:
    """What the staff's pages stand on."""

    settings: BotSettings
    accounts: StaffAccounts
    sessions: StaffSessions
    reader: TranscriptReader
    recordings: RecordingStore
    handoffs: HandoffQueue
    templates: Jinja2Templates


def console_router(console: Console) -> APIRouter:
    """The routes under /staff. Plain functions: Starlette runs them in threads, since they ask the database."""
    router = APIRouter(prefix="/staff", include_in_schema=False)
    _add_sign_in(router, console)
    _add_pages(router, console)
    return router


def _add_sign_in(router: APIRouter, console: Console) -> None:
    forms = FormTokens()
    tries = RateLimiter(burst=20, per_s=0.1)

    @router.get("/login")
    def login_form(request: Request) -> Response:
        return _login_page(console, forms, request, "", 200)

    @router.post("/login")
    def login(
        request: Request,
        name: str = Form("", max_length=64),
        password: str = Form("", max_length=256),
        form_token: str = Form("", max_length=128),
        shoudai_form: str | None = Cookie(None, max_length=128),
    ) -> Response:
        if not forms.match(shoudai_form, form_token):
            return _login_page(console, forms, request, _FORM_STALE, 403)
        if tries.take(request.client.host if request.client else ""):
            return _login_page(console, forms, request, _TOO_FAST, 429)
        result = console.accounts.sign_in(name, password)
        if result is not SignIn.ACCEPTED:
            return _login_page(console, forms, request, _SIGN_IN_SENTENCES[result], 401)
        response = RedirectResponse("/staff/conversations", status_code=303)
        _set_cookie(console, response, SESSION_COOKIE, console.sessions.begin(name))
        response.delete_cookie(FORM_COOKIE, path="/staff")
        return response

    @router.post("/logout")
    def logout(
        csrf_token: str = Form("", max_length=128),
        shoudai_staff: str | None = Cookie(None, max_length=128),
    ) -> Response:
        session = console.sessions.find(shoudai_staff)
        if session is not None and shoudai_staff is not None:
            if not hmac.compare_digest(csrf_token.encode(), session.csrf_token.encode()):
                return HTMLResponse(_FORM_STALE, status_code=403)
            console.sessions.end(shoudai_staff)
        response = RedirectResponse("/staff/login", status_code=303)
        response.delete_cookie(SESSION_COOKIE, path="/staff")
        return response


def _add_pages(router: APIRouter, console: Console) -> None:
    @router.get("")
    def start() -> Response:
        return RedirectResponse("/staff/conversations", status_code=303)

    @router.get("/conversations")
    def conversations(request: Request, page: str = "1") -> Response:
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
        return _for_staff(
            console,
            request,
            lambda staff: _page(
                console, request, "conversations.html", staff, {"page": console.reader.page(number)}
            ),
        )

    @router.get("/conversations/{conversation_id}")
    def conversation(request: Request, conversation_id: str) -> Response:
        def show(staff: StaffSession) -> Response:
            view = console.reader.conversation(conversation_id)
            if view is None:
                return _page(console, request, "missing.html", staff, {}, 404)
            return _page(
                console,
                request,
                "conversation.html",
                staff,
                {"view": view, "requests": console.handoffs.of_conversation(conversation_id)},
            )

        return _for_staff(console, request, show)

    @router.get("/recordings/{call_id}")
    def recording(request: Request, call_id: str) -> Response:
        def play(staff: StaffSession) -> Response:
            name = console.reader.recording(call_id)
            try:
                if name is None:
                    raise RecordingMissing(call_id)
                return _recording_response(console.recordings, name, request.headers.get("range"))
            except (RecordingMissing, RecordingBroken) as error:
                status = 404 if isinstance(error, RecordingMissing) else 500
                return _page(console, request, "missing.html", staff, {"code": error.code}, status)

        return _for_staff(console, request, play)

    @router.get("/handoffs")
    def handoffs(request: Request) -> Response:
        return _for_staff(
            console,
            request,
            lambda staff: _page(
                console, request, "handoffs.html", staff, {"requests": console.handoffs.open_requests()}
            ),
        )


def _for_staff(console: Console, request: Request, show: Callable[[StaffSession], Response]) -> Response:
    """Show the page to signed-in staff only; everybody else is sent to the sign-in."""
    staff = console.sessions.find(request.cookies.get(SESSION_COOKIE))
    if staff is None:
        return RedirectResponse("/staff/login", status_code=303)
    return show(staff)


def _page(
    console: Console,
    request: Request,
    template: str,
    staff: StaffSession,
    values: dict[str, object],
    status: int = 200,
) -> Response:
    context = {"staff": staff} | values
    return console.templates.TemplateResponse(request, template, context, status_code=status)


def _login_page(console: Console, forms: FormTokens, request: Request, error: str, status: int) -> Response:
    cookie = request.cookies.get(FORM_COOKIE) or forms.new_cookie()
    context = {"form_token": forms.form_value(cookie), "error": error}
    response = console.templates.TemplateResponse(request, "login.html", context, status_code=status)
    _set_cookie(console, response, FORM_COOKIE, cookie)
    return response


def _set_cookie(console: Console, response: Response, name: str, value: str) -> None:
    response.set_cookie(
        name, value, path="/staff", httponly=True, samesite="strict", secure=console.settings.secure_cookies
    )


def _recording_response(store: RecordingStore, name: str, wanted: str | None) -> Response:
    """The WAV file, or the part of it that the player asks for (RFC 9110, section 14.2: one range)."""
    stored = store.open(name)
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, no-store"}
    span = byte_range(wanted, stored.size)
    if span is None:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{stored.size}"})
    start, end = span
    pieces = stored.read(start, end)
    # The WAV header and the first sealed chunk, before the answer begins: a broken file is then still an error page.
    pieces = chain(list(islice(pieces, 2)), pieces)
    headers["Content-Length"] = str(end - start)
    if wanted is None:
        return StreamingResponse(pieces, media_type="audio/wav", headers=headers)
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
    return StreamingResponse(pieces, status_code=206, media_type="audio/wav", headers=headers)
