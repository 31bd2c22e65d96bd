"""AudioSocketRoutes: the two small questions of Asterisk's dialplan: who is about to call, and what comes next."""

import hmac
import uuid

from fastapi import APIRouter, Form, Header
from fastapi.responses import PlainTextResponse

from voice.audiosocket.caller_book import CallerBook


def audiosocket_router(book: CallerBook, token: str) -> APIRouter:
    """``POST /audiosocket/calls`` announces a UUID with its caller; ``GET /audiosocket/calls/UUID`` tells what to do.

    Both want ``Authorization: Bearer``. Answers are single words: a dialplan reads no JSON.
    """
    router = APIRouter(prefix="/audiosocket/calls", default_response_class=PlainTextResponse)

    def allowed(authorization: str) -> bool:
        return hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())

    @router.post("")
    async def announce(
        call: str = Form("", max_length=64),
        caller: str = Form("", max_length=64),
        authorization: str = Header(""),
    ) -> PlainTextResponse:
        if not allowed(authorization):
            return PlainTextResponse("refused", 401)
        known = _uuid(call)
        if known is None:
            return PlainTextResponse("invalid", 400)
        book.announce(known, caller.strip() or None)
        return PlainTextResponse("ok")

    @router.get("/{call}")
    async def next_step(call: str, authorization: str = Header("")) -> PlainTextResponse:
        if not allowed(authorization):
            return PlainTextResponse("refused", 401)
        known = _uuid(call)
        return PlainTextResponse(book.outcome(known) if known is not None else "unknown")

    return router


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
