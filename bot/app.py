"""The web application: pages, sockets and files, put together from parts that are made elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, WebSocket
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates

from bot.body_limit import BodyLimit
from bot.chat_socket import ChatSocket
from bot.console.console import Console
from bot.console.inbox_worker import InboxWorker
from bot.console.labels import FILTERS
from bot.console.rendering import GLOBALS
from bot.console.routes import add_console
from bot.phone_desk import PhoneDesk
from bot.readiness import Readiness
from bot.security_headers import SecurityHeaders
from bot.sessions import SessionStore
from bot.shop_window import ShopWindow
from bot.speech_desk import SpeechDesk
from bot.voice_socket import VoiceSocket

HERE = Path(__file__).parent
_SWEEP_S = 30.0
RETENTION_PAUSE_S = 3_600.0
"""Between looks for what was kept long enough."""
COUNTING_PAUSE_S = 60.0
"""Between looks for days that the dashboards must count again; the page itself looks as well."""


@dataclass(frozen=True)
class Parts:
    """Everything the application serves with."""

    chat: ChatSocket
    voice: VoiceSocket
    sessions: SessionStore
    speech: SpeechDesk
    readiness: Readiness
    console: Console
    shop_window: ShopWindow
    on_stop: Callable[[], None]
    """Runs in a thread when the process stops: writes what is left and closes what is open."""
    phone: PhoneDesk | None = None
    """None: no telephone is switched on."""
    drain_s: float = 0.0
    """How long phone calls may go on when the process is to stop."""
    routers: tuple[APIRouter, ...] = ()
    """What the telephone adds: the dialplan's questions, the metrics."""


def page_templates() -> Jinja2Templates:
    """Jinja2 with autoescape (Starlette's default for .html) and the staff pages' filters."""
    templates = Jinja2Templates(directory=[HERE / "console" / "templates", HERE / "widget" / "templates"])
    templates.env.filters.update(FILTERS)
    templates.env.globals.update(GLOBALS)
    return templates


def create_app(parts: Parts) -> FastAPI:
    """Build the application. Nothing is started before its lifespan begins."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(parts.speech.open()), asyncio.create_task(_sweep(parts.sessions))]
        tasks.append(asyncio.create_task(parts.console.now.desk.watch()))
        inbox = InboxWorker(parts.console.index)
        counting = InboxWorker(parts.console.dashboards.days, COUNTING_PAUSE_S)
        inbox.start()
        counting.start()
        retention = InboxWorker(parts.console.rights.retention, RETENTION_PAUSE_S)
        retention.start()
        if parts.phone is not None:
            await parts.phone.open()
        yield
        if parts.phone is not None:
            await parts.phone.drain(parts.drain_s)
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await inbox.stop()
        await counting.stop()
        await retention.stop()
        parts.sessions.end_all()
        await asyncio.to_thread(parts.on_stop)

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    def end_streams() -> None:
        parts.console.live.close()
        parts.console.now.end_streams()

    app.state.end_streams = end_streams
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    app.mount("/widget", StaticFiles(directory=HERE / "widget" / "static"))
    app.mount("/assets", StaticFiles(directory=HERE / "widget" / "assets"))
    add_console(app, parts.console)
    for router in parts.routers:
        app.include_router(router)
    _add_routes(app, parts)
    return app


def _add_routes(app: FastAPI, parts: Parts) -> None:
    templates = parts.console.templates

    @app.get("/")
    def demo_page(request: Request) -> Response:
        return templates.TemplateResponse(request, "demo.html", {"shop": parts.shop_window})

    @app.get("/favicon.ico")
    def icon() -> Response:
        return RedirectResponse("/assets/mark.svg", status_code=308)

    @app.get("/healthz")
    async def alive() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @app.get("/readyz")
    async def ready() -> JSONResponse:
        status, body = await parts.readiness.report()
        return JSONResponse(body, status_code=status)

    @app.websocket("/chat")
    async def chat(socket: WebSocket) -> None:
        await parts.chat.serve(socket)

    @app.websocket("/voice")
    async def voice(socket: WebSocket) -> None:
        await parts.voice.serve(socket)


async def _sweep(sessions: SessionStore) -> None:
    """End idle conversations, and with them their verified identity."""
    while True:
        await asyncio.sleep(_SWEEP_S)
        sessions.sweep()
