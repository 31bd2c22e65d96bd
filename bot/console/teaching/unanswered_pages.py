"""Unanswered pages: what nobody answers yet, sorted into draft FAQs; and sound to train the recogniser with."""

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import note
from bot.console.rendering import render
from bot.console.teaching.batch_pages import as_patch
from bot.console.teaching.queue_pages import queue_page
from bot.console.teaching.recognition_export import ExportMissing
from bot.console.teaching.suggestions import TAUGHT, example_text
from bot.console.teaching.workshop import UNANSWERED, TeachingRefused
from install.paths import ROOT
from teaching.examples import ExampleUnfit
from teaching.faq_draft import TOPICS, FaqDraft, faq_patch

SHOWN = 50


def add_unanswered_pages(router: APIRouter, console: Console) -> None:
    """The routes of draft FAQs and of the recogniser's exports."""
    _add_recognition(router, console)
    desk = console.teaching

    @router.get("/teaching/unanswered")
    def unanswered(request: Request) -> Response:
        return _page(console, request)

    @router.post("/teaching/unanswered/sort")
    def sort(request: Request) -> Response:
        try:
            desk.workshop.sort_unanswered(desk.unanswered.items())
        except TeachingRefused as error:
            return _page(console, request, str(error), 400)
        return RedirectResponse("/staff/teaching/unanswered", status_code=303)

    @router.post("/teaching/unanswered/faq")
    def faq(
        request: Request,
        turn_id: str = Form("", max_length=64),
        name: str = Form("", max_length=40),
        topic: str = Form("", max_length=20),
        answer: str = Form("", max_length=200),
    ) -> Response:
        drafts = desk.unanswered.drafts(desk.workshop.sorted_unanswered())
        mine = next((draft for draft in drafts if draft.example.id == turn_id), None)
        if mine is None:
            return _page(console, request, "这组问题已经变化，请刷新后再试。", 400)
        examples = [example_text(turn.customer_text) for turn in (mine.example, *mine.turns)]
        try:
            text = faq_patch(ROOT, FaqDraft(name, topic, answer.strip(), examples))
        except ExampleUnfit as error:
            return _page(console, request, str(error), 400)
        note(console, request, Action.EXPORTED, f"faq_{name}.patch", sentences=len(examples))
        return as_patch(text, f"faq_{name}.patch")


def _add_recognition(router: APIRouter, console: Console) -> None:
    recognition = console.teaching.recognition

    @router.post("/teaching/recognition")
    def export(request: Request) -> Response:
        # Before the files are written: where it cannot be noted there are none.
        note(console, request, Action.EXPORTED, "recognition", sentences=recognition.waiting())
        recognition.write()
        return RedirectResponse("/staff/teaching#recognition", status_code=303)

    @router.post("/teaching/recognition/remove")
    def remove(request: Request, name: str = Form("", max_length=20)) -> Response:
        try:
            recognition.remove(name)
        except ExportMissing as error:
            return queue_page(console, request, str(error), 404)
        note(console, request, Action.EXPORT_REMOVED, name)
        return RedirectResponse("/staff/teaching#recognition", status_code=303)


def _page(console: Console, request: Request, error: str = "", status: int = 200) -> Response:
    desk = console.teaching
    drafts = desk.unanswered.drafts(desk.workshop.sorted_unanswered())
    values = {
        "drafts": drafts[:SHOWN],
        "total": len(drafts),
        "progress": desk.workshop.folder(UNANSWERED).progress(),
        "intents": TAUGHT,
        "topics": TOPICS,
        "error": error,
    }
    return render(console, request, "teaching_unanswered.html", values, status)
