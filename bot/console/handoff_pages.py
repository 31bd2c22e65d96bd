"""Handoff pages: the queue of people to call back or to join."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import note
from bot.console.rendering import render


def add_handoff_pages(router: APIRouter, console: Console) -> None:
    """The open requests, the longest waiting first."""

    @router.get("/handoffs")
    def handoffs(request: Request) -> Response:
        note(console, request, Action.REQUESTS_SEEN)
        return render(console, request, "handoffs.html", {"requests": console.handoffs.open_requests()})
