"""Recording pages: the sound of a call, whole or in the parts that a player asks for."""

from itertools import chain, islice

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from bot.console.audit_log import Action
from bot.console.byte_range import byte_range
from bot.console.console import Console
from bot.console.gate import address_of, staff_of
from bot.console.rendering import render
from bot.recordings import RecordingBroken, RecordingMissing, RecordingStore


def add_recording_pages(router: APIRouter, console: Console) -> None:
    """By a call's id; the file's name comes from the database and never from the address."""

    @router.get("/recordings/{call_id}")
    def recording(request: Request, call_id: str) -> Response:
        name = console.reader.recording(call_id)
        try:
            if name is None:
                raise RecordingMissing(call_id)
            sound, staff = _sound(console.recordings, name, request.headers.get("range")), staff_of(request)
            heard_from = address_of(request)
            console.audit.note_once(staff.id, staff.account, heard_from, Action.RECORDING_HEARD, call_id)
            return sound
        except (RecordingMissing, RecordingBroken) as error:
            status = 404 if isinstance(error, RecordingMissing) else 500
            return render(console, request, "missing.html", {"code": error.code}, status)

    @router.get("/waveforms/{call_id}")
    def waveform_of(call_id: str) -> Response:
        name = console.reader.recording(call_id)
        try:
            if name is None:
                raise RecordingMissing(call_id)
            return JSONResponse(console.waveforms.of(call_id, name))
        except (RecordingMissing, RecordingBroken) as error:
            status = 404 if isinstance(error, RecordingMissing) else 500
            return JSONResponse({"code": error.code}, status_code=status)


def _sound(store: RecordingStore, name: str, wanted: str | None) -> Response:
    """The WAV file, or the part of it that the player asks for (RFC 9110, section 14.2: one range)."""
    stored = store.open(name)
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, no-store"}
    span = byte_range(wanted, stored.size)
    if span is None:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{stored.size}"})
    start, end = span
    pieces = stored.read(start, end)
    # The WAV header and the first sealed chunk, before the answer begins: a broken file is then still an error page.
    pieces = chain(list(islice(pieces, 2)), pieces)
    headers["Content-Length"] = str(end - start)
    if wanted is None:
        return StreamingResponse(pieces, media_type="audio/wav", headers=headers)
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
    return StreamingResponse(pieces, status_code=206, media_type="audio/wav", headers=headers)
