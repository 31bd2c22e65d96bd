"""Staff for the tests: accounts with roles, and browsers that are signed in as them."""

import time
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from httpx import Response
from starlette.testclient import TestClient

from bot.console.accounts import new_account
from bot.console.permissions import Role, stored_roles
from bot.console.staff_sessions import StaffSessions
from bot.console.tables import staff_accounts
from tests.bot.web import Web

PASSWORD = "correct horse battery"
CHEAP_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""The parameters lie in the hash: the tests need no slow one."""


@dataclass
class StaffBrowser:
    """A browser of its own, signed in or not; carries the token that forms carry."""

    client: TestClient
    csrf_token: str = ""
    account: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Response:
        """Load a page; redirects are not followed."""
        return self._send("GET", path)

    def post(self, path: str, token: str | None = None, **data: object) -> Response:
        """Send a form with our token, or with another one."""
        sent = {"csrf_token": self.csrf_token if token is None else token} | data
        return self._send("POST", path, data=sent)

    def _send(self, method: str, path: str, **more: object) -> Response:
        self.client.cookies.clear()
        self.client.cookies.update(self.cookies)
        response = self.client.request(method, path, follow_redirects=False, **more)  # type: ignore[arg-type]
        self.cookies.update(dict(response.cookies.items()))
        return response


def add_staff(web: Web, name: str, *roles: Role, must_change: bool = False) -> None:
    """An account with the password ``PASSWORD``."""
    values = new_account(name, "", stored_roles(roles), round(time.time() * 1000), must_change)
    with web.database.writing() as connection:
        connection.execute(staff_accounts.insert().values(**values | {"password_hash": CHEAP_HASH}))


def signed_in(web: Web, name: str, *roles: Role, must_change: bool = False) -> StaffBrowser:
    """A new account's browser, signed in behind the form's back."""
    add_staff(web, name, *roles, must_change=must_change)
    return browser_of(web, name)


def browser_of(web: Web, name: str) -> StaffBrowser:
    """One more browser of an account."""
    sessions = StaffSessions(web.database)
    token = sessions.begin(name)
    session = sessions.find(token)
    assert session is not None
    return StaffBrowser(web.client, session.csrf_token, name, {"shoudai_staff": token})
