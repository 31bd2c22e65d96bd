"""List pages: what is to be reviewed: samples, who takes which, what is done; and the score sheet."""

import secrets

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import note, staff_of
from bot.console.permissions import Permission
from bot.console.rendering import render
from bot.console.review.panel import CONVERSATIONS, answered, quoted
from bot.console.review.review_lists import ListRefused
from bot.console.review.sampling import SAMPLE_NAMES, Sample, SampleKind, drawn
from bot.console.review.score_sheet import CRITERIA, SheetRefused

REVIEW = "/staff/review"
_CHANCE = secrets.SystemRandom()


def add_list_pages(router: APIRouter, console: Console) -> None:
    """Who may not assign sees the lists with something of his, and of them only that."""
    lists = console.review.lists

    @router.get("/review")
    def overview(request: Request) -> Response:
        return _overview(console, request)

    @router.post("/review")
    def sample(
        request: Request,
        kind: SampleKind = Form(SampleKind.RANDOM),
        percent: int = Form(10, ge=1, le=100),
        since: str = Form("", max_length=10),
        until: str = Form("", max_length=10),
        assignees: list[str] = Form([]),
    ) -> Response:
        wanted = Sample(kind, percent, since, until)
        ids, account = drawn(console.search, wanted, _CHANCE), staff_of(request).account
        try:
            list_id = lists.make(wanted.name, kind.value, ids, assignees, account)
        except ListRefused as error:
            return _overview(console, request, str(error), 400)
        asked = {"kind": kind.value, "percent": percent, "since": since, "until": until}
        note(console, request, Action.SAMPLED, list_id, **asked, count=len(ids), to=assignees)
        return RedirectResponse(f"{REVIEW}/{list_id}", status_code=303)

    @router.get("/review/sheet")
    def sheet(request: Request) -> Response:
        return _sheet(console, request)

    @router.post("/review/sheet")
    def change_sheet(request: Request, criteria: str = Form("", max_length=2_000)) -> Response:
        try:
            changed = console.review.sheets.change(criteria, staff_of(request).account)
        except SheetRefused as error:
            return _sheet(console, request, str(error), criteria, 400)
        note(console, request, Action.SHEET_CHANGED, f"v{changed.version}")
        return RedirectResponse(f"{REVIEW}/sheet", status_code=303)

    @router.get("/review/{list_id}")
    def one_list(request: Request, list_id: str) -> Response:
        found = lists.items(list_id, _only(request))
        if found is None:
            return render(console, request, "missing.html", {}, 404)
        reviewers = lists.reviewers() if staff_of(request).may(Permission.ASSIGN) else []
        values = {"list": found[0], "items": found[1], "reviewers": reviewers}
        return render(console, request, "review_list.html", values)

    @router.get("/review/{list_id}/next")
    def next_open(request: Request, list_id: str) -> Response:
        following = lists.next_open(list_id, _only(request))
        if following is None:
            return RedirectResponse(f"{REVIEW}/{quoted(list_id)}", status_code=303)
        return RedirectResponse(f"{CONVERSATIONS}/{quoted(following)}", status_code=303)


def add_item_pages(router: APIRouter, console: Console) -> None:
    """One conversation of a list: whose it is, and whether it is done."""
    lists = console.review.lists

    @router.post("/review/items/assignee")
    def reassign(
        request: Request, item_id: str = Form("", max_length=32), assignee: str = Form("", max_length=64)
    ) -> Response:
        try:
            conversation_id, list_id = lists.reassign(item_id, assignee)
        except ListRefused as error:
            return render(console, request, "refused.html", {"title": "没有成功", "reason": str(error)}, 400)
        note(console, request, Action.ASSIGNED, conversation_id, to=assignee)
        return RedirectResponse(f"{REVIEW}/{list_id}", status_code=303)

    @router.post("/review/items/done")
    def finish(request: Request, item_id: str = Form("", max_length=32), done: bool = Form(True)) -> Response:
        staff = staff_of(request)
        try:
            may_all = staff.may(Permission.ASSIGN)
            conversation_id, changed = lists.finish(item_id, done, staff.account, may_all)
        except ListRefused as error:
            return render(console, request, "refused.html", {"title": "没有成功", "reason": str(error)}, 404)
        if changed:
            note(console, request, Action.REVIEW_DONE if done else Action.REVIEW_REOPENED, conversation_id)
        return answered(console, request, conversation_id)


def _only(request: Request) -> str | None:
    """Whose items are shown: all for those who assign them."""
    staff = staff_of(request)
    return None if staff.may(Permission.ASSIGN) else staff.account


def _overview(console: Console, request: Request, error: str = "", status: int = 200) -> Response:
    staff, lists = staff_of(request), console.review.lists
    may_assign = staff.may(Permission.ASSIGN)
    values = {
        "lists": lists.all(None if may_assign else staff.account),
        "mine": lists.open_of(staff.account),
        "reviewers": lists.reviewers() if may_assign else [],
        "kinds": {kind.value: name for kind, name in SAMPLE_NAMES.items()},
        "error": error,
    }
    return render(console, request, "review.html", values, status)


def _sheet(
    console: Console, request: Request, error: str = "", text: str | None = None, status: int = 200
) -> Response:
    newest = console.review.sheets.newest()
    values = {
        "sheet": newest,
        "text": newest.text() if text is None else text,
        "error": error,
        "most": CRITERIA,
    }
    return render(console, request, "score_sheet.html", values, status)
