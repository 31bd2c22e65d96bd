"""FormTokens: ties a form to the browser that loaded it, before anybody is signed in."""

import hashlib
import hmac
import secrets


class FormTokens:
    """A double-submit cookie with HMAC, under a secret of this process."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def new_cookie(self) -> str:
        """A random value for the cookie."""
        return secrets.token_urlsafe(32)

    def form_value(self, cookie: str) -> str:
        """What the form must send along with this cookie."""
        return hmac.new(self._secret, cookie.encode(), hashlib.sha256).hexdigest()

    def match(self, cookie: str | None, form_value: str) -> bool:
        """Whether both belong together."""
        return bool(cookie) and hmac.compare_digest(
            self.form_value(cookie or "").encode(), form_value.encode()
        )
