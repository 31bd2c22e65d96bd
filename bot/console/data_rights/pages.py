"""Data rights pages: how long things are kept, who asked for deletion, one person's data copied or removed."""

import sqlite3
from collections.abc import Iterator
from typing import BinaryIO

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from actions.lending.errors import LendingError
from actions.lending.person_file import CheckedIdentity
from actions.lending.privacy import mask_digits
from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.data_rights.cases import Case
from bot.console.data_rights.rights_log import COUNT_NAMES, KIND_NAMES
from bot.console.gate import note, staff_of
from bot.console.rendering import render

CHECKS = {
    "in_person": "本人到场出示身份证",
    "called_back": "回拨登记号码核对",
    "written": "书面申请附身份证件",
}
NOBODY = "没有找到。请核对手机号（11 位）或登记号（6 位）。"
_PIECE = 1 << 16


def add_data_rights_pages(router: APIRouter, console: Console) -> None:
    """The overview, the search, and a case for each person found."""

    @router.get("/data-rights")
    def overview(request: Request) -> Response:
        return _overview(console, request)

    @router.post("/data-rights/find")
    def find(
        request: Request,
        phone: str = Form("", max_length=20),
        reference: str = Form("", max_length=10),
    ) -> Response:
        note(console, request, Action.PERSON_SOUGHT, reference, phone=phone.strip()[-4:])
        holding = console.rights.own_data.find(phone.strip(), reference.strip())
        if holding is None:
            return _overview(console, request, NOBODY, 404)
        case = console.rights.cases.open(staff_of(request).account, holding, reference.strip())
        return RedirectResponse(f"/staff/data-rights/cases/{case.id}", status_code=303)

    @router.get("/data-rights/cases/{case_id}")
    def show(request: Request, case_id: str) -> Response:
        case = _case(console, request, case_id)
        return _missing(console, request) if case is None else _shown(console, request, case)

    @router.post("/data-rights/cases/{case_id}/export")
    def export(
        request: Request,
        case_id: str,
        how: str = Form("", max_length=20),
        reason: str = Form("", max_length=200),
    ) -> Response:
        case = _case(console, request, case_id)
        if case is None:
            return _missing(console, request)
        try:
            checked = _checked(request, how, reason)
        except LendingError as error:
            return _shown(console, request, case, str(error), 422)
        note(console, request, Action.PERSON_EXPORTED, case.reference, how=how)
        file = console.rights.own_data.copy(case.holding, checked)
        headers = {"Content-Disposition": 'attachment; filename="personal-data.zip"'}
        closing = BackgroundTask(file.close)
        return StreamingResponse(
            _pieces(file), media_type="application/zip", headers=headers, background=closing
        )

    @router.post("/data-rights/cases/{case_id}/delete")
    def delete(
        request: Request,
        case_id: str,
        how: str = Form("", max_length=20),
        reason: str = Form("", max_length=200),
    ) -> Response:
        case = _case(console, request, case_id)
        if case is None:
            return _missing(console, request)
        try:
            checked = _checked(request, how, reason)
            note(console, request, Action.PERSON_DELETED, case.reference, how=how)
            console.rights.own_data.delete(case.holding, checked)
        except LendingError as error:
            return _shown(console, request, case, str(error), 422)
        except (sqlite3.Error, OSError):
            return _shown(console, request, case, "没有删成，请稍后再试一次。", 503)
        console.rights.cases.close(case.id)
        return RedirectResponse("/staff/data-rights", status_code=303)


def _overview(console: Console, request: Request, problem: str = "", status: int = 200) -> Response:
    values = {
        "policy": console.rights.retention.policy,
        "asked": console.rights.wishes(),
        "done": console.rights.log.newest(),
        "kinds": {kind.value: name for kind, name in KIND_NAMES.items()},
        "counts": COUNT_NAMES,
        "checks": CHECKS,
        "problem": problem,
    }
    return render(console, request, "data_rights.html", values, status)


def _shown(console: Console, request: Request, case: Case, problem: str = "", status: int = 200) -> Response:
    values = {"case": case, "holding": case.holding, "checks": CHECKS, "problem": problem}
    return render(console, request, "data_rights_case.html", values, status)


def _case(console: Console, request: Request, case_id: str) -> Case | None:
    return console.rights.cases.find(case_id, staff_of(request).account)


def _missing(console: Console, request: Request) -> Response:
    return render(console, request, "missing.html", {}, 404)


def _checked(request: Request, how: str, reason: str) -> CheckedIdentity:
    """Raises IdentityUnchecked. Numbers have no place in the record."""
    return CheckedIdentity(staff_of(request).account, how, mask_digits(reason.strip()))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
