"""Routes: every page under /staff behind the gate, and the files that the pages are made with."""

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from bot.console.audit_pages import add_audit_pages
from bot.console.console import Console
from bot.console.conversation_pages import add_conversation_pages
from bot.console.dashboards.pages import add_dashboard_pages
from bot.console.data_rights.pages import add_data_rights_pages
from bot.console.gate import TurnedAway, gate, misfilled, turned_away
from bot.console.inbox_pages import add_inbox_pages
from bot.console.live.listen_pages import add_listen_pages
from bot.console.live.queue_pages import add_queue_pages
from bot.console.live.take_over_pages import add_take_over_pages
from bot.console.live.watch_pages import add_watch_pages
from bot.console.live_pages import add_live_pages
from bot.console.own_pages import add_own_pages
from bot.console.recording_pages import add_recording_pages
from bot.console.rendering import STATIC, STATIC_PREFIX
from bot.console.review.bundle_pages import add_bundle_pages
from bot.console.review.list_pages import add_item_pages, add_list_pages
from bot.console.review.remark_pages import add_remark_pages
from bot.console.sign_in_pages import add_sign_in_pages
from bot.console.teaching.batch_pages import add_batch_pages
from bot.console.teaching.queue_pages import add_correction_pages
from bot.console.teaching.unanswered_pages import add_unanswered_pages
from bot.console.user_pages import add_user_pages
from install.web_libraries import LIBRARIES_PREFIX, libraries_dir


def add_console(app: FastAPI, console: Console) -> None:
    """Serve the console. Its handlers are plain functions, run in threads by Starlette: they ask the database."""
    router = APIRouter(prefix="/staff", include_in_schema=False, dependencies=[Depends(gate(console))])

    @router.get("")
    def start() -> Response:
        return RedirectResponse("/staff/conversations", status_code=303)

    for add_pages in (
        add_sign_in_pages,
        add_own_pages,
        add_inbox_pages,
        add_live_pages,
        add_conversation_pages,
        add_recording_pages,
        add_bundle_pages,
        add_remark_pages,
        add_list_pages,
        add_item_pages,
        add_dashboard_pages,
        add_queue_pages,
        add_watch_pages,
        add_listen_pages,
        add_take_over_pages,
        add_data_rights_pages,
        add_correction_pages,
        add_unanswered_pages,
        add_batch_pages,
        add_user_pages,
        add_audit_pages,
    ):
        add_pages(router, console)
    app.router.routes.extend(router.routes)  # include_router would analyse every page a second time
    app.add_exception_handler(TurnedAway, turned_away)
    app.add_exception_handler(RequestValidationError, misfilled(console))
    app.mount(STATIC_PREFIX.rstrip("/"), StaticFiles(directory=STATIC))
    libraries = StaticFiles(directory=libraries_dir(), check_dir=False)
    app.mount(LIBRARIES_PREFIX.rstrip("/"), libraries)
