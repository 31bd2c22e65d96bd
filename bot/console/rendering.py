"""Rendering: a template with what every page of the console needs: who is signed in, light or dark, our files."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import Response

from bot.console.audit_log import ACTION_NAMES, Action
from bot.console.labels import duration
from bot.console.permissions import ROLE_NAMES, Role
from install.web_libraries import ECHARTS, HTMX

if TYPE_CHECKING:
    from bot.console.console import Console

STATIC = Path(__file__).parent / "static"
STATIC_PREFIX = "/staff-assets/"
THEME_COOKIE = "shoudai_theme"


def render(
    console: "Console", request: Request, template: str, values: dict[str, Any], status: int = 200
) -> Response:
    """The page for whoever asks; the template's own values win nothing over the signed-in staff's."""
    theme = request.cookies.get(THEME_COOKIE, "")
    context = values | {
        "staff": getattr(request.state, "staff", None),
        "theme": theme if theme in ("light", "dark") else "",
    }
    return console.templates.TemplateResponse(request, template, context, status_code=status)


@lru_cache
def asset(name: str) -> str:
    """The address of one of our own files; it changes with the content, so that no browser keeps an old one."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{STATIC_PREFIX}{name}?v={digest}"


def role_names(roles: tuple[Role, ...]) -> str:
    """客服、质检."""
    return "、".join(ROLE_NAMES[role] for role in roles)


def action_name(action: str) -> str:
    """An audit action in Chinese."""
    return ACTION_NAMES[Action(action)]


GLOBALS: dict[str, Any] = {
    "asset": asset,
    "duration": duration,
    "htmx": HTMX,
    "echarts": ECHARTS,
    "role_names": role_names,
    "action_name": action_name,
}
"""Names that templates may use."""
