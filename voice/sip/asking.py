"""Asking: one question to a peer, asked again with credentials when it wants them (RFC 3261 section 22)."""

from collections.abc import Callable

from voice.sip.digest import Challenge, Credentials, authorization
from voice.sip.message import Request, Response
from voice.sip.transactions import ClientTransaction

_MOST_TRIES = 3
"""A wrong password is not tried for ever; a stale nonce may cost one more try."""

Start = Callable[[Request, Callable[[Response], None]], ClientTransaction]


class Asking:
    """Holds the present transaction of a request that may be sent more than once."""

    def __init__(
        self,
        build: Callable[[], Request],
        start: Start,
        credentials: Credentials | None,
        token: Callable[[], str],
        on_response: Callable[[Response], None],
    ) -> None:
        self._build = build
        self._start = start
        self._credentials = credentials
        self._token = token
        self._on_response = on_response
        self._tries = 0
        self.request = build()
        self.transaction = start(self.request, self._hear)

    def _hear(self, response: Response) -> None:
        if response.status in (401, 407) and self._credentials is not None and self._again(response):
            return
        self._on_response(response)

    def _again(self, response: Response) -> bool:
        """Ask once more with an answer to the challenge; False where that makes no sense."""
        name = "WWW-Authenticate" if response.status == 401 else "Proxy-Authenticate"
        challenge = Challenge.strongest(response.headers.all(name))
        self._tries += 1
        # The same nonce again means that the password is wrong, unless the registrar calls it stale.
        if challenge is None or self._tries >= _MOST_TRIES or (self._tries > 1 and not challenge.stale):
            return False
        assert self._credentials is not None
        request = self._build()
        value = authorization(challenge, self._credentials, request.method, request.uri, self._token())
        request.headers.add("Authorization" if response.status == 401 else "Proxy-Authorization", value)
        self.request = request
        self.transaction = self._start(request, self._hear)
        return True
