"""Bundle pages: one conversation as a file, and the numbers that its transcript masks."""

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from actions.lending.conversation_numbers import NumberKind
from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import note
from bot.console.rendering import render
from bot.console.review.bundle import BundledSound, bundle, bundle_name
from bot.recordings import RecordingBroken, RecordingMissing
from bot.transcript_reader import ConversationView

NUMBER_NAMES = {
    NumberKind.LINE: "来电号码",
    NumberKind.CLAIMED_PHONE: "客户报的手机号",
    NumberKind.CLAIMED_LAST4: "客户报的证件后四位",
    NumberKind.NEW_PHONE: "要换的新手机号",
    NumberKind.BORROWER_PHONE: "借款人手机号",
    NumberKind.BORROWER_LAST4: "借款人证件后四位",
    NumberKind.CONTACT_PHONE: "登记的联系电话",
}


def add_bundle_pages(router: APIRouter, console: Console) -> None:
    """Both are noted before anything is sent."""

    @router.get("/conversations/{conversation_id}/bundle.zip")
    def download(request: Request, conversation_id: str) -> Response:
        view = console.reader.conversation(conversation_id)
        if view is None:
            return render(console, request, "missing.html", {}, 404)
        try:
            sounds = _sounds(console, view)
        except RecordingBroken as error:
            return render(console, request, "missing.html", {"code": error.code}, 500)
        note(console, request, Action.EXPORTED, conversation_id, recordings=len(sounds))
        headers = {
            "Content-Disposition": f'attachment; filename="{bundle_name(conversation_id)}"',
            "Cache-Control": "private, no-store",
        }
        pieces = bundle(view, _reviewed(console, conversation_id), sounds)
        return StreamingResponse(pieces, media_type="application/zip", headers=headers)

    @router.post("/conversations/{conversation_id}/numbers")
    def numbers(request: Request, conversation_id: str) -> Response:
        view = console.reader.conversation(conversation_id)
        if view is None:
            return render(console, request, "missing.html", {}, 404)
        found = console.numbers.of(conversation_id, console.search.borrower_of(conversation_id))
        kinds = [number.kind.value for number in found]
        note(console, request, Action.NUMBERS_REVEALED, conversation_id, kinds=kinds)
        values = {
            "numbers": [(NUMBER_NAMES[number.kind], number.digits) for number in found],
            "conversation_id": conversation_id,
        }
        answer = render(console, request, "numbers.html", values)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _sounds(console: Console, view: ConversationView) -> list[BundledSound]:
    """The recordings that are there, each opened and its first piece read. Raises RecordingBroken."""
    sounds = []
    for call in view.calls:
        if not call.recording:
            continue
        try:
            stored = console.recordings.open(call.recording)
        except RecordingMissing:
            continue
        next(stored.read(44, min(stored.size, 45)), b"")
        sounds.append(BundledSound(call.id, stored))
    return sounds


def _reviewed(console: Console, conversation_id: str) -> dict[str, object]:
    remarks = console.review.remarks.of(conversation_id)
    return {
        "tags": [row.tag for row in remarks.tags],
        "flags": sorted(remarks.flags),
        "comments": [dict(row._mapping) for rows in remarks.comments.values() for row in rows],
        "scores": [dict(row._mapping) for row in console.review.scores.of(conversation_id)],
        "sheets": {
            version: [vars(one) for one in sheet.criteria]
            for version, sheet in console.review.sheets.all().items()
        },
    }
