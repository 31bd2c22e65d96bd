"""Audit pages: what staff did, newest first, by person, deed, subject and day."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.console.audit_log import ACTION_NAMES, PAGE, AuditFilter
from bot.console.console import Console
from bot.console.days import day_end_ms, day_start_ms
from bot.console.rendering import render

_NAMES = ("account", "action", "subject", "from", "until")


def add_audit_pages(router: APIRouter, console: Console) -> None:
    """One page with filters and keyset paging."""

    @router.get("/audit")
    def audit(request: Request) -> Response:
        asked = {name: request.query_params.get(name, "")[:100].strip() for name in _NAMES}
        before = request.query_params.get("before", "")
        rows = console.audit.page(
            AuditFilter(
                account=asked["account"],
                action=asked["action"],
                subject=asked["subject"],
                from_ms=day_start_ms(asked["from"]),
                until_ms=day_end_ms(asked["until"]),
                before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
            )
        )
        older = None
        if len(rows) > PAGE:
            rows = rows[:PAGE]
            older = urlencode(
                {**{key: value for key, value in asked.items() if value}, "before": rows[-1].sequence}
            )
        values = {"rows": rows, "asked": asked, "older": older, "actions": ACTION_NAMES}
        return render(console, request, "audit.html", values)
