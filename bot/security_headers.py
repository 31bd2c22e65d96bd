"""SecurityHeaders: what every page and file is sent with."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

WIDGET_PREFIX = "/widget/"
LIBRARIES_PREFIX = "/libraries/"
OWN_FILES = ("/assets/", "/staff-assets/")


class SecurityHeaders:
    """Pure ASGI middleware: sockets pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to every HTTP response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add(headers: MutableHeaders, path: str) -> None:
    for name, value in _ALWAYS.items():
        headers[name] = value
    if path.startswith(WIDGET_PREFIX):
        # The widget's own scripts are public and loaded by the lender's pages, as modules and worklets (CORS).
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        headers["Cache-Control"] = "no-cache"
    elif path.startswith(OWN_FILES):
        headers["Cache-Control"] = "no-cache"
    elif path.startswith(LIBRARIES_PREFIX):
        # The address carries the version, the page the hash: what was loaded once is never asked for again.
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        headers.setdefault("Cache-Control", "no-store")
