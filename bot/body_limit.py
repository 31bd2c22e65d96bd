"""BodyLimit: no request body of the pages is longer than a sign-in form needs."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES = 16 * 1024


class _TooLong(HTTPException):
    """The body goes on beyond the limit, whatever its header said. FastAPI lets this kind through its form parser."""

    def __init__(self) -> None:
        super().__init__(413)


class BodyLimit:
    """Pure ASGI middleware: the form parser reads a body as long as it comes, so somebody has to say stop."""

    def __init__(self, app: ASGIApp, body_bytes: int = BODY_BYTES) -> None:
        self._app = app
        self._body_bytes = body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 413 by the announced length, or as soon as more has come."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._body_bytes:
                raise _TooLong
            return message

        try:
            if not announced.isdigit() or int(announced) > self._body_bytes:
                raise _TooLong
            await self._app(scope, receive_within_limit, send)
        except _TooLong:
            await PlainTextResponse("内容太长。", status_code=413)(scope, receive, send)
