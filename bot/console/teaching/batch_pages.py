"""Batch pages: one batch's training and comparison, its patch, and which model serves."""

from fastapi import APIRouter, Form, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import note
from bot.console.rendering import render
from bot.console.teaching.workshop import TeachingRefused


def add_batch_pages(router: APIRouter, console: Console) -> None:
    """By the batch's id, which the database knows; no part of an address becomes a path."""
    _add_changes(router, console)
    desk = console.teaching

    @router.get("/teaching/batches/{batch_id}")
    def batch(request: Request, batch_id: str) -> Response:
        return batch_page(console, request, batch_id)

    @router.get("/teaching/batches/{batch_id}/patch")
    def patch(request: Request, batch_id: str) -> Response:
        if desk.batches.one(batch_id) is None:
            return render(console, request, "missing.html", {}, 404)
        try:
            text = desk.workshop.patch(batch_id)
        except TeachingRefused as error:
            return batch_page(console, request, batch_id, str(error), 400)
        note(console, request, Action.EXPORTED, f"{batch_id}.patch")
        return as_patch(text, f"teaching-{batch_id[:8]}.patch")


def _add_changes(router: APIRouter, console: Console) -> None:
    desk = console.teaching

    @router.post("/teaching/batches/train")
    def train(request: Request, batch_id: str = Form("", max_length=32)) -> Response:
        row = desk.batches.one(batch_id)
        if row is None or row.state != "accepted":
            return render(console, request, "missing.html", {}, 404)
        try:
            desk.workshop.train(batch_id)
        except TeachingRefused as error:
            return batch_page(console, request, batch_id, str(error), 400)
        note(console, request, Action.TRAINING_BEGUN, batch_id)
        return RedirectResponse(f"/staff/teaching/batches/{batch_id}", status_code=303)

    @router.post("/teaching/batches/discard")
    def discard(request: Request, batch_id: str = Form("", max_length=32)) -> Response:
        if desk.batches.one(batch_id) is None:
            return render(console, request, "missing.html", {}, 404)
        try:
            desk.workshop.discard(batch_id)
        except TeachingRefused as error:
            return batch_page(console, request, batch_id, str(error), 400)
        note(console, request, Action.BATCH_DISCARDED, batch_id)
        return RedirectResponse("/staff/teaching", status_code=303)

    @router.post("/teaching/live")
    def live(request: Request, batch_id: str = Form("", max_length=32)) -> Response:
        if batch_id and desk.batches.one(batch_id) is None:
            return render(console, request, "missing.html", {}, 404)
        try:
            desk.workshop.go_live(batch_id)
        except TeachingRefused as error:
            return batch_page(console, request, batch_id, str(error), 400)
        note(console, request, Action.MODEL_CHANGED, batch_id)
        there = f"/staff/teaching/batches/{batch_id}" if batch_id else "/staff/teaching"
        return RedirectResponse(there, status_code=303)


def batch_page(
    console: Console, request: Request, batch_id: str, error: str = "", status: int = 200
) -> Response:
    """One batch; without an id (the repository's model) what went wrong, alone."""
    desk = console.teaching
    row = desk.batches.one(batch_id)
    if row is None and error:
        return render(console, request, "refused.html", {"reason": error}, status)
    if row is None:
        return render(console, request, "missing.html", {}, 404)
    folder = desk.workshop.folder(batch_id)
    values = {
        "row": row,
        "suggestions": desk.suggestions.of_batch(batch_id),
        "inherited": len(desk.batches.line(batch_id)) - 1,
        "progress": folder.progress(),
        "report": folder.report(),
        "serving": desk.workshop.serving,
        "asked_for": desk.workshop.asked_for(),
        "error": error,
    }
    return render(console, request, "teaching_batch.html", values, status)


def as_patch(text: str, name: str) -> Response:
    """A file to keep, never a page to show."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return PlainTextResponse(text, media_type="text/x-diff; charset=utf-8", headers=headers)
