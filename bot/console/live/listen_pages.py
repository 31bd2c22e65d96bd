"""Listen pages: the sound of a call that goes on, as a stream of PCM."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.live.overhearing import TooManyListeners
from bot.console.live.watch_pages import STREAM_HEADERS, busy, note_watched, still_may
from bot.console.permissions import Permission


def add_listen_pages(router: APIRouter, console: Console) -> None:
    """By the conversation's id: which call it is, and whether there is one, the board knows."""

    @router.get("/live/conversations/{conversation_id}/sound")
    async def sound(request: Request, conversation_id: str) -> Response:
        conversation = console.now.board.find(conversation_id)
        call_id = conversation.call_id if conversation is not None else None
        line = console.now.calls.find(call_id) if call_id is not None else None
        if line is None:
            return JSONResponse({"code": "no_call"}, status_code=404)
        if console.now.streams.full:
            return busy()
        # Written before the first sound: where that is not possible nobody listens.
        await note_watched(console, request, Action.CALL_LISTENED, conversation_id)
        try:
            listener = line.listen()
        except TooManyListeners as error:
            return JSONResponse({"code": error.code}, status_code=503)
        stream = console.now.streams.sound(line, listener, still_may(console, request, Permission.LISTEN))
        headers = STREAM_HEADERS | {"X-Sample-Rate": str(line.sample_rate)}

        async def leave() -> None:
            # Also where the stream never began: who goes away before its first word must not keep a place.
            line.leave(listener)

        return StreamingResponse(
            stream,
            media_type="application/octet-stream",
            headers=headers,
            background=BackgroundTask(leave),
        )
