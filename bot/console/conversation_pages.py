"""Conversation pages: one conversation with what was said, understood, done and told."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.console.audit_log import Action
from bot.console.call_story import EVENTS, stories
from bot.console.console import Console
from bot.console.gate import note, staff_of
from bot.console.mood import mood_of
from bot.console.permissions import Permission
from bot.console.rendering import render
from bot.console.review.panel import panel_values
from bot.console.teaching.suggestions import TAUGHT


def add_conversation_pages(router: APIRouter, console: Console) -> None:
    """By the conversation's id; whoever may read one may read all."""

    @router.get("/conversations/{conversation_id}")
    def conversation(request: Request, conversation_id: str) -> Response:
        view = console.reader.conversation(conversation_id)
        if view is None:
            return render(console, request, "missing.html", {}, 404)
        note(console, request, Action.CONVERSATION_SEEN, conversation_id)
        staff = staff_of(request)
        requests = console.handoffs.of_conversation(conversation_id) if staff.may(Permission.REQUESTS) else []
        events = console.reader.events([call.id for call in view.calls], EVENTS)
        values = {
            "view": view,
            "requests": requests,
            "stories": stories(view.turns, events),
            "mood": mood_of(view.turns),
            "intents": TAUGHT,
        }
        if staff.may(Permission.CORRECT):
            values["corrections"] = console.teaching.suggestions.of_conversation(conversation_id)
        if staff.may(Permission.REVIEW):
            values |= panel_values(console, request, conversation_id)
        return render(console, request, "conversation.html", values)
