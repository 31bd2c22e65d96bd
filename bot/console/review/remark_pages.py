"""Remark pages: the forms by which staff tag, flag, comment, score and assign a conversation."""

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import note, staff_of
from bot.console.review.flag import Flag
from bot.console.review.panel import answered
from bot.console.review.remarks import RemarkRefused
from bot.console.review.review_lists import ListRefused
from bot.console.review.scores import ScoreRefused


def add_remark_pages(router: APIRouter, console: Console) -> None:
    """Every change is noted with who made it; what a comment says stays out of the log."""
    remarks = console.review.remarks

    @router.post("/conversations/{conversation_id}/tags")
    def tag(
        request: Request,
        conversation_id: str,
        tag: str = Form("", max_length=100),
        remove: str = Form("", max_length=100),
    ) -> Response:
        try:
            if remove:
                if remarks.untag(conversation_id, remove):
                    note(console, request, Action.UNTAGGED, conversation_id, tag=remove)
            elif kept := remarks.tag(conversation_id, tag, staff_of(request).account):
                note(console, request, Action.TAGGED, conversation_id, tag=kept)
        except RemarkRefused as error:
            return answered(console, request, conversation_id, error=str(error))
        return answered(console, request, conversation_id)

    @router.post("/conversations/{conversation_id}/flags")
    def flag(
        request: Request, conversation_id: str, flag: Flag = Form(...), on: bool = Form(True)
    ) -> Response:
        try:
            if remarks.flag(conversation_id, flag, on, staff_of(request).account):
                action = Action.FLAGGED if on else Action.UNFLAGGED
                note(console, request, action, conversation_id, flag=flag.value)
        except RemarkRefused as error:
            return answered(console, request, conversation_id, error=str(error))
        return answered(console, request, conversation_id)

    @router.post("/conversations/{conversation_id}/comments")
    def comment(
        request: Request,
        conversation_id: str,
        text: str = Form("", max_length=4_000),
        turn_id: str = Form("", max_length=64),
        remove: str = Form("", max_length=32),
    ) -> Response:
        account = staff_of(request).account
        try:
            if remove:
                if remarks.forget_comment(conversation_id, remove, account):
                    note(console, request, Action.COMMENT_REMOVED, conversation_id, comment=remove)
            else:
                kept = remarks.comment(conversation_id, turn_id or None, text, account)
                note(console, request, Action.COMMENTED, conversation_id, comment=kept)
        except RemarkRefused as error:
            return answered(console, request, conversation_id, turn_id, str(error))
        return answered(console, request, conversation_id, turn_id)

    @router.post("/conversations/{conversation_id}/scores")
    async def score(request: Request, conversation_id: str) -> Response:
        given = {key: str(value) for key, value in (await request.form()).items()}
        return await run_in_threadpool(_score, console, request, conversation_id, given)

    @router.post("/conversations/{conversation_id}/assign")
    def assign(request: Request, conversation_id: str, assignee: str = Form("", max_length=64)) -> Response:
        try:
            console.review.lists.assign(conversation_id, assignee, staff_of(request).account)
        except ListRefused as error:
            return answered(console, request, conversation_id, error=str(error))
        note(console, request, Action.ASSIGNED, conversation_id, to=assignee)
        return answered(console, request, conversation_id)


def _score(console: Console, request: Request, conversation_id: str, given: dict[str, str]) -> Response:
    """Its fields are the sheet's criteria, so they are read by hand."""
    sheet = console.review.sheets.newest()
    if given.get("sheet") != str(sheet.version):
        return answered(console, request, conversation_id, error="评分表刚刚换了新版本，请刷新后再评。")
    try:
        changed = console.review.scores.give(
            conversation_id, sheet, given, given.get("note", ""), staff_of(request).account
        )
    except ScoreRefused as error:
        return answered(console, request, conversation_id, error=str(error))
    note(console, request, Action.SCORED, conversation_id, **changed)
    return answered(console, request, conversation_id)
