"""StaffDirectory: accounts made, disabled and given roles and passwords, within what the one who does it may do."""

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from actions.lending.database import Database
from bot.console.accounts import new_account
from bot.console.passwords import password_hash, random_password, require_fit
from bot.console.permissions import Permission, Role, needed_for, read_roles, stored_roles
from bot.console.tables import staff_accounts, staff_sessions

_NAME = re.compile(r"[\w.-]{2,32}")


class AccountRefused(Exception):
    """A change of an account that cannot be (codes below); the message is for whoever asked for it."""

    code = "account_refused"


class StaffDirectory:
    """Every change of an account but its own sign-in."""

    def __init__(self, database: Database, now_s: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now_s = now_s

    def all(self) -> list[Row]:
        """Every account, by name."""
        with self._database.reading() as connection:
            return list(connection.execute(select(staff_accounts).order_by(staff_accounts.c.name)).all())

    def create(self, name: str, roles: Iterable[Role], by: frozenset[Permission]) -> str:
        """Make an account; return its first password, which its owner must change. Raises AccountRefused."""
        roles, name = tuple(roles), name.strip()
        if not _NAME.fullmatch(name):
            raise AccountRefused("账号要有2到32个字符，只用文字、数字、点和横线。")
        _require(by, roles)
        password = random_password()
        with self._database.writing() as connection:
            self._database.serialise(connection, "staff-accounts")
            if any(
                row.name.lower() == name.lower() for row in connection.execute(select(staff_accounts.c.name))
            ):
                raise AccountRefused("这个账号已经有了。")
            values = new_account(name, password, stored_roles(roles), self._now_ms(), must_change=True)
            connection.execute(staff_accounts.insert().values(**values))
        return password

    def set_roles(self, name: str, roles: Iterable[Role], by: frozenset[Permission]) -> None:
        """Give it these roles instead of its own; they count from the next click on. Raises AccountRefused."""
        roles = tuple(roles)
        _require(by, roles)
        self._change(name, by, {"roles": stored_roles(roles)}, loses_admin=Role.ADMIN not in roles)

    def set_disabled(self, name: str, disabled: bool, by: frozenset[Permission]) -> None:
        """Disable (and sign out everywhere) or enable. Raises AccountRefused."""
        self._change(name, by, {"disabled": disabled}, loses_admin=disabled, sign_out=disabled)

    def reset_password(self, name: str, by: frozenset[Permission]) -> str:
        """A new random password, no lock, no one-time codes, no sessions; return it. Raises AccountRefused."""
        password = random_password()
        values = {
            "password_hash": password_hash(password),
            "must_change": True,
            "failures": 0,
            "locked_until_ms": None,
            "totp_sealed": None,
            "totp_offered_sealed": None,
        }
        self._change(name, by, values, sign_out=True)
        return password

    def change_own_password(self, name: str, password: str) -> None:
        """What its owner chose; other sign-ins of the account end. Raises PasswordUnfit."""
        require_fit(password, name)
        values = {"password_hash": password_hash(password), "must_change": False}
        with self._database.writing() as connection:
            connection.execute(staff_accounts.update().where(staff_accounts.c.name == name).values(**values))
            connection.execute(staff_sessions.delete().where(staff_sessions.c.account == name))

    def _change(
        self,
        name: str,
        by: frozenset[Permission],
        values: dict[str, Any],
        loses_admin: bool = False,
        sign_out: bool = False,
    ) -> None:
        with self._database.writing() as connection:
            self._database.serialise(connection, "staff-accounts")
            mine = staff_accounts.c.name == name
            account = connection.execute(select(staff_accounts).where(mine)).first()
            if account is None:
                raise AccountRefused("没有这个账号。")
            _require(by, read_roles(account.roles))
            if loses_admin and not _other_admins(connection, name):
                raise AccountRefused("至少要留一个可用的管理员。")
            connection.execute(staff_accounts.update().where(mine).values(**values))
            if sign_out:
                connection.execute(staff_sessions.delete().where(staff_sessions.c.account == name))

    def _now_ms(self) -> int:
        return round(self._now_s() * 1000)


def _require(by: frozenset[Permission], roles: tuple[Role, ...]) -> None:
    if not roles:
        raise AccountRefused("至少要选一个角色。")
    if needed_for(roles) not in by:
        raise AccountRefused("主管和管理员的账号只能由管理员设置。")


def _other_admins(connection: Connection, name: str) -> bool:
    rows = connection.execute(select(staff_accounts).where(staff_accounts.c.name != name)).all()
    return any(Role.ADMIN in read_roles(row.roles) and not row.disabled for row in rows)
