"""Conversation pages: one conversation with what was said, understood, done and told."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import note, staff_of
from bot.console.permissions import Permission
from bot.console.rendering import render


def add_conversation_pages(router: APIRouter, console: Console) -> None:
    """By the conversation's id; whoever may read one may read all."""

    @router.get("/conversations/{conversation_id}")
    def conversation(request: Request, conversation_id: str) -> Response:
        view = console.reader.conversation(conversation_id)
        if view is None:
            return render(console, request, "missing.html", {}, 404)
        note(console, request, Action.CONVERSATION_SEEN, conversation_id)
        may_see_requests = staff_of(request).may(Permission.REQUESTS)
        requests = console.handoffs.of_conversation(conversation_id) if may_see_requests else []
        return render(console, request, "conversation.html", {"view": view, "requests": requests})
