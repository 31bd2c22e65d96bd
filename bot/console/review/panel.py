"""Panel: what the review shows beside a conversation, as far as the asker's role goes."""

from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from bot.console.console import Console
from bot.console.gate import staff_of
from bot.console.permissions import Permission
from bot.console.rendering import render
from bot.console.review.flag import FLAG_NAMES

CONVERSATIONS = "/staff/conversations"


def quoted(name: str) -> str:
    """An id as a part of an address."""
    return quote(name, safe="")


def panel_values(console: Console, request: Request, conversation_id: str) -> dict[str, Any]:
    """Tags, flags, comments; scores and lists only for those who may see them."""
    staff, review = staff_of(request), console.review
    may_score, may_assign = staff.may(Permission.SCORE), staff.may(Permission.ASSIGN)
    values: dict[str, Any] = {
        "conversation_id": conversation_id,
        "remarks": review.remarks.of(conversation_id),
        "suggestions": review.remarks.suggestions(),
        "flag_names": {flag.value: name for flag, name in FLAG_NAMES.items()},
        "items": review.lists.of_conversation(conversation_id, None if may_assign else staff.account),
        "error": "",
    }
    if may_score:
        scores, sheet = review.scores.of(conversation_id), review.sheets.newest()
        mine = [row for row in scores if row.account == staff.account and row.sheet == sheet.version]
        sheets = review.sheets.all() | {sheet.version: sheet}
        values |= {"scores": scores, "sheet": sheet, "sheets": sheets, "mine": mine[0] if mine else None}
    if may_assign:
        values["reviewers"] = review.lists.reviewers()
    return values


def answered(
    console: Console, request: Request, conversation_id: str, turn_id: str = "", error: str = ""
) -> Response:
    """What a form of the panel, or of a turn's comments, leads to: with htmx only that part of the page."""
    if "hx-request" not in request.headers:
        if error:
            return render(console, request, "refused.html", {"title": "没有成功", "reason": error}, 400)
        return RedirectResponse(f"{CONVERSATIONS}/{quoted(conversation_id)}#review", status_code=303)
    values = panel_values(console, request, conversation_id) | {"error": error}
    if turn_id:
        return render(console, request, "turn_remarks.html", values | {"turn_id": turn_id})
    return render(console, request, "review_panel.html", values)
