"""Take-over pages: answer a chat in the bot's place, and give it back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import note, staff_of
from bot.console.live.staff_desk import TakeOverRefused
from bot.console.rendering import render

_PATH = "/live/conversations/{conversation_id}"


def add_take_over_pages(router: APIRouter, console: Console) -> None:
    """Forms that a page without scripts sends too; with scripts nothing is loaded anew."""
    desk = console.now.desk

    @router.post(f"{_PATH}/take-over")
    async def take_over(request: Request, conversation_id: str) -> Response:
        account = staff_of(request).account
        try:
            desk.check_free(conversation_id, account)
            async with _noted(console, request, Action.CHAT_TAKEN_OVER, conversation_id):
                await desk.take_over(conversation_id, account)
        except TakeOverRefused as refused:
            return _refusal(console, request, refused)
        return _back(request, conversation_id)

    @router.post(f"{_PATH}/say")
    async def say(request: Request, conversation_id: str, text: str = Form("", max_length=2_000)) -> Response:
        try:
            desk.say(conversation_id, staff_of(request).account, text)
        except TakeOverRefused as refused:
            return _refusal(console, request, refused)
        return _back(request, conversation_id)

    @router.post(f"{_PATH}/typing")
    async def typing(request: Request, conversation_id: str) -> Response:
        try:
            desk.typing(conversation_id, staff_of(request).account)
        except TakeOverRefused as refused:
            return _refusal(console, request, refused)
        return Response(status_code=204)

    @router.post(f"{_PATH}/hand-back")
    async def hand_back(request: Request, conversation_id: str) -> Response:
        account = staff_of(request).account
        try:
            desk.check_held(conversation_id, account)
            async with _noted(console, request, Action.CHAT_HANDED_BACK, conversation_id):
                await desk.hand_back(conversation_id, account)
        except TakeOverRefused as refused:
            return _refusal(console, request, refused)
        return _back(request, conversation_id)


@asynccontextmanager
async def _noted(
    console: Console, request: Request, action: Action, conversation_id: str
) -> AsyncIterator[None]:
    """On record before it happens; and that it did not, where somebody else was quicker meanwhile."""
    await asyncio.to_thread(note, console, request, action, conversation_id)
    try:
        yield
    except TakeOverRefused as refused:
        details = {"what": action.value, "code": refused.code}
        await asyncio.to_thread(note, console, request, Action.FELL_THROUGH, conversation_id, **details)
        raise


def _back(request: Request, conversation_id: str) -> Response:
    if "x-csrf-token" in request.headers:
        return Response(status_code=204)
    return RedirectResponse(f"/staff/live/conversations/{conversation_id}", status_code=303)


def _refusal(console: Console, request: Request, refused: TakeOverRefused) -> Response:
    if "x-csrf-token" in request.headers:
        return JSONResponse({"code": refused.code, "message": refused.sentence}, status_code=409)
    return render(console, request, "refused.html", {"reason": refused.sentence}, 409)
