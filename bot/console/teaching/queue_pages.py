"""Queue pages: corrections of turns, the queue that they wait in, and batches made of them."""

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import note, staff_of
from bot.console.rendering import render
from bot.console.teaching.suggestions import TAUGHT, Correction, SuggestionRefused
from bot.console.teaching.workshop import TeachingRefused

_TEXT = 500


def add_correction_pages(router: APIRouter, console: Console) -> None:
    """The routes of corrections and of their queue."""
    _add_corrections(router, console)
    desk = console.teaching

    @router.get("/teaching")
    def queue(request: Request) -> Response:
        return queue_page(console, request)

    @router.post("/teaching/suggestions/change")
    def change(
        request: Request,
        suggestion_id: str = Form("", max_length=32),
        text: str = Form("", max_length=_TEXT),
        intent: str = Form("", max_length=64),
        use: str = Form("teach", max_length=16),
    ) -> Response:
        try:
            row = desk.suggestions.change(suggestion_id, Correction(text, intent), use)
        except SuggestionRefused as error:
            return queue_page(console, request, str(error), 400)
        note(console, request, Action.CORRECTED, row.conversation_id, intent=row.intent, use=use)
        return RedirectResponse("/staff/teaching", status_code=303)

    @router.post("/teaching/suggestions/reject")
    def reject(request: Request, suggestion_id: str = Form("", max_length=32)) -> Response:
        try:
            row = desk.suggestions.reject(suggestion_id, staff_of(request).account)
        except SuggestionRefused as error:
            return queue_page(console, request, str(error), 400)
        note(console, request, Action.CORRECTION_REJECTED, row.conversation_id, intent=row.intent)
        return RedirectResponse("/staff/teaching", status_code=303)

    @router.post("/teaching/batches")
    def accept(request: Request, chosen: list[str] = Form([])) -> Response:
        try:
            batch_id = desk.workshop.accept(chosen, staff_of(request).account)
        except (SuggestionRefused, TeachingRefused) as error:
            return queue_page(console, request, str(error), 400)
        note(console, request, Action.BATCH_ACCEPTED, batch_id or "", sentences=len(set(chosen)))
        there = f"/staff/teaching/batches/{batch_id}" if batch_id else "/staff/teaching"
        return RedirectResponse(there, status_code=303)


def _add_corrections(router: APIRouter, console: Console) -> None:
    @router.post("/teaching/corrections")
    def correct(
        request: Request,
        turn_id: str = Form("", max_length=64),
        text: str = Form("", max_length=_TEXT),
        intent: str = Form("", max_length=64),
        other: str = Form("", max_length=64),
    ) -> Response:
        wanted = Correction(text, intent or other)
        try:
            row = console.teaching.suggestions.correct(turn_id, wanted, staff_of(request).account)
        except SuggestionRefused as error:
            return queue_page(console, request, str(error), 400)
        note(console, request, Action.CORRECTED, row.conversation_id, intent=row.intent, use=row.use)
        position = console.teaching.suggestions.place_of(turn_id)
        there = f"/staff/conversations/{row.conversation_id}#turn{position}"
        return RedirectResponse(there, status_code=303)


def queue_page(console: Console, request: Request, error: str = "", status: int = 200) -> Response:
    """The queue with the batches and what serves."""
    desk = console.teaching
    batches = [
        {
            "row": row,
            "progress": desk.workshop.folder(row.id).progress(),
            "n": len(desk.suggestions.of_batch(row.id)),
        }
        for row in desk.batches.all()
    ]
    values = {
        "waiting": desk.suggestions.waiting(),
        "counts": desk.suggestions.counts(),
        "batches": batches,
        "serving": desk.workshop.serving,
        "intents": TAUGHT,
        "error": error,
        "exports": desk.recognition.all(),
        "spoken": desk.recognition.waiting(),
    }
    return render(console, request, "teaching_queue.html", values, status)
