"""Own pages: what everybody sees to for himself: password, one-time codes, where he is signed in."""

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import address_of, note, staff_of
from bot.console.passwords import PasswordUnfit
from bot.console.rendering import render
from bot.console.second_factor import qr_picture
from bot.console.sign_in_pages import begin_session

_WRONG_PASSWORD = "现在的密码不正确。"
_DIFFERENT = "两次输入的新密码不一样。"
_WRONG_CODE = "动态口令不正确，请用手机上现在显示的六位数字。"
_HERE = "/staff/me"


def add_own_pages(router: APIRouter, console: Console) -> None:
    """The routes under /staff/me."""

    @router.get("/me")
    def me(request: Request) -> Response:
        return _own_page(console, request)

    @router.post("/me/password")
    def change_password(
        request: Request,
        password: str = Form("", max_length=256),
        new_password: str = Form("", max_length=256),
        again: str = Form("", max_length=256),
    ) -> Response:
        account = staff_of(request).account
        if not _knows_password(console, request, password):
            return _own_page(console, request, _WRONG_PASSWORD, 400)
        if new_password != again:
            return _own_page(console, request, _DIFFERENT, 400)
        try:
            # Ends every session of the account: whoever knew the old password is out.
            console.directory.change_own_password(account, new_password)
        except PasswordUnfit as error:
            return _own_page(console, request, str(error), 400)
        note(console, request, Action.PASSWORD_CHANGED, account)
        response = RedirectResponse(f"{_HERE}?done=password", status_code=303)
        begin_session(console, request, response, account)
        return response

    @router.post("/me/sessions/end")
    def end_session(request: Request, session_id: str = Form("", max_length=64)) -> Response:
        account = staff_of(request).account
        console.sessions.end_one(account, session_id)
        note(console, request, Action.SESSION_ENDED, account)
        return RedirectResponse(f"{_HERE}?done=session", status_code=303)

    _add_codes(router, console)


def _add_codes(router: APIRouter, console: Console) -> None:
    @router.post("/me/code/offer")
    def offer(request: Request, password: str = Form("", max_length=256)) -> Response:
        if not _knows_password(console, request, password):
            return _own_page(console, request, _WRONG_PASSWORD, 400)
        console.second_factor.offer(staff_of(request).account)
        return RedirectResponse(_HERE, status_code=303)

    @router.post("/me/code/confirm")
    def confirm(request: Request, code: str = Form("", max_length=16)) -> Response:
        account = staff_of(request).account
        if not console.second_factor.confirm(account, code.replace(" ", "")):
            return _own_page(console, request, _WRONG_CODE, 400)
        note(console, request, Action.CODES_SWITCHED_ON, account)
        response = RedirectResponse(f"{_HERE}?done=code", status_code=303)
        console.sessions.end_all(account)
        begin_session(console, request, response, account)
        return response

    @router.post("/me/code/remove")
    def remove(request: Request, password: str = Form("", max_length=256)) -> Response:
        account = staff_of(request).account
        if not _knows_password(console, request, password):
            return _own_page(console, request, _WRONG_PASSWORD, 400)
        console.second_factor.remove(account)
        note(console, request, Action.CODES_SWITCHED_OFF, account)
        return RedirectResponse(f"{_HERE}?done=code", status_code=303)


def _knows_password(console: Console, request: Request, password: str) -> bool:
    account = staff_of(request).account
    if console.accounts.knows_password(account, password):
        return True
    # Whoever found an open browser and guesses leaves a trace.
    note(console, request, Action.SIGN_IN_FAILED, account, at=request.scope["route"].path)
    return False


def _own_page(console: Console, request: Request, error: str = "", status: int = 200) -> Response:
    staff = staff_of(request)
    offered = console.second_factor.offered(staff.account)
    values = {
        "error": error,
        "done": request.query_params.get("done", ""),
        "codes_on": console.second_factor.on(staff.account),
        "offered": offered,
        "picture": qr_picture(offered, staff.account) if offered else "",
        "sessions": console.sessions.of_account(staff.account),
        "address": address_of(request),
    }
    return render(console, request, "me.html", values, status)
