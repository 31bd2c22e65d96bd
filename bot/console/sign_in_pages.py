"""Sign-in pages: name and password, then a one-time code where it is switched on, and the way out."""

import hmac

from fastapi import APIRouter, Cookie, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.console.accounts import SignIn
from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.form_tokens import FormTokens
from bot.console.gate import FORM_STALE, SESSION_COOKIE, address_of
from bot.console.rendering import render
from bot.rate_limits import RateLimiter

FORM_COOKIE = "shoudai_form"
CODE_COOKIE = "shoudai_code"

_NOT_IN = "账号或密码不正确；连续错5次，账号会锁定15分钟。"
"""One sentence for both: only of an account that exists could it be said that it is locked."""
_CODES_LOCKED = "动态口令错误次数过多，账号已锁定15分钟。"
_SENTENCES = {
    SignIn.WRONG: _NOT_IN,
    SignIn.LOCKED: _NOT_IN,
    SignIn.ADDRESS_LOCKED: "这个网络地址失败次数过多，请15分钟后再试。",
}
_WRONG_CODE = "动态口令不正确。"
_TOO_FAST = "尝试过于频繁，请稍后再试。"
_START = "/staff/conversations"


def add_sign_in_pages(router: APIRouter, console: Console) -> None:
    """The routes that need no sign-in; each checks its own form token."""
    forms = FormTokens()
    tries = RateLimiter(burst=20, per_s=0.1)

    @router.get("/login")
    def login_form(request: Request) -> Response:
        return _form(console, forms, request, "login.html")

    @router.post("/login")
    def login(
        request: Request,
        name: str = Form("", max_length=64),
        password: str = Form("", max_length=256),
        form_token: str = Form("", max_length=128),
        shoudai_form: str | None = Cookie(None, max_length=128),
    ) -> Response:
        if not forms.match(shoudai_form, form_token):
            return _form(console, forms, request, "login.html", FORM_STALE, 403)
        if tries.take(address_of(request)):
            return _form(console, forms, request, "login.html", _TOO_FAST, 429)
        result = console.accounts.sign_in(name, password, address_of(request))
        if result is SignIn.NEEDS_CODE:
            token = console.sessions.begin(name, address_of(request), _browser(request), needs_code=True)
            response = RedirectResponse("/staff/login/code", status_code=303)
            set_cookie(console, response, CODE_COOKIE, token)
            return response
        if result is not SignIn.ACCEPTED:
            _note_failure(console, request, name, result)
            return _form(console, forms, request, "login.html", _SENTENCES[result], 401)
        return _signed_in(console, request, name)

    @router.get("/login/code")
    def code_form(request: Request, shoudai_code: str | None = Cookie(None, max_length=128)) -> Response:
        if console.sessions.waiting_for_code(shoudai_code) is None:
            return RedirectResponse("/staff/login", status_code=303)
        return _form(console, forms, request, "login_code.html")

    @router.post("/login/code")
    def code(
        request: Request,
        code: str = Form("", max_length=16),
        form_token: str = Form("", max_length=128),
        shoudai_form: str | None = Cookie(None, max_length=128),
        shoudai_code: str | None = Cookie(None, max_length=128),
    ) -> Response:
        name = console.sessions.waiting_for_code(shoudai_code)
        if name is None or shoudai_code is None:
            return RedirectResponse("/staff/login", status_code=303)
        if not forms.match(shoudai_form, form_token):
            return _form(console, forms, request, "login_code.html", FORM_STALE, 403)
        right = console.second_factor.check(name, code.replace(" ", ""))
        result = console.accounts.code_checked(name, right, address_of(request))
        if result is SignIn.ACCEPTED:
            console.sessions.end(shoudai_code)
            return _signed_in(console, request, name)
        _note_failure(console, request, name, result)
        if result is SignIn.LOCKED:
            console.sessions.end(shoudai_code)
            return _form(console, forms, request, "login.html", _CODES_LOCKED, 401)
        return _form(console, forms, request, "login_code.html", _WRONG_CODE, 401)

    @router.post("/logout")
    def logout(
        request: Request,
        csrf_token: str = Form("", max_length=128),
        shoudai_staff: str | None = Cookie(None, max_length=128),
    ) -> Response:
        session = console.sessions.find(shoudai_staff)
        if session is not None and shoudai_staff is not None:
            if not hmac.compare_digest(csrf_token.encode(), session.csrf_token.encode()):
                return render(console, request, "refused.html", {"reason": FORM_STALE}, 403)
            console.sessions.end(shoudai_staff)
            console.audit.note(session.account, address_of(request), Action.SIGNED_OUT)
        response = RedirectResponse("/staff/login", status_code=303)
        response.delete_cookie(SESSION_COOKIE, path="/staff")
        return response


def set_cookie(console: Console, response: Response, name: str, value: str) -> None:
    """A cookie that scripts and other sites never see."""
    secure = console.settings.secure_cookies
    response.set_cookie(name, value, path="/staff", httponly=True, samesite="strict", secure=secure)


def begin_session(console: Console, request: Request, response: Response, name: str) -> None:
    """A session with a new id, whatever cookie the browser came with; the one it had ends (session fixation)."""
    before = request.cookies.get(SESSION_COOKIE)
    if before:
        console.sessions.end(before)
    token = console.sessions.begin(name, address_of(request), _browser(request))
    set_cookie(console, response, SESSION_COOKIE, token)


def _signed_in(console: Console, request: Request, name: str) -> Response:
    response = RedirectResponse(_START, status_code=303)
    begin_session(console, request, response, name)
    console.audit.note(name, address_of(request), Action.SIGNED_IN)
    for cookie in (FORM_COOKIE, CODE_COOKIE):
        response.delete_cookie(cookie, path="/staff")
    return response


def _note_failure(console: Console, request: Request, name: str, result: SignIn) -> None:
    # A name that nobody has may be a password in the wrong field: it is not kept.
    known = name if console.accounts.exists(name) else ""
    console.audit.note(known, address_of(request), Action.SIGN_IN_FAILED, known, result=result.value)


def _form(
    console: Console, forms: FormTokens, request: Request, template: str, error: str = "", status: int = 200
) -> Response:
    cookie = request.cookies.get(FORM_COOKIE) or forms.new_cookie()
    values = {"form_token": forms.form_value(cookie), "error": error}
    response = render(console, request, template, values, status)
    set_cookie(console, response, FORM_COOKIE, cookie)
    return response


def _browser(request: Request) -> str:
    return request.headers.get("user-agent", "")
