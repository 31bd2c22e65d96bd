"""Live pages: the stream that the list listens to."""

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from bot.console.console import Console
from bot.console.gate import SESSION_COOKIE


def add_live_pages(router: APIRouter, console: Console) -> None:
    """One stream for the list."""

    @router.get("/live/inbox")
    async def live(request: Request) -> Response:
        if console.live.full:
            return Response(status_code=503, headers={"Retry-After": "30"})
        token = request.cookies.get(SESSION_COOKIE)

        def still_allowed() -> bool:
            return console.sessions.find(token, in_use=False) is not None

        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            console.live.events(still_allowed), media_type="text/event-stream", headers=headers
        )
