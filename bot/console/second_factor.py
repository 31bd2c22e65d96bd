"""SecondFactor: one-time codes of a staff member's telephone (TOTP, RFC 6238), secrets sealed with the data key."""

import time
from collections.abc import Callable

import pyotp
import segno
from sqlalchemy import select

from actions.lending.database import Database
from actions.lending.keys import DataKeys, Place
from bot.console.tables import staff_accounts

STEP_S = 30
ISSUER = "首贷客服后台"
_DRIFT_STEPS = 1
"""A telephone's clock may be half a minute off, either way."""


class SecondFactor:
    """Offers, confirms, checks and removes the secret of an account."""

    def __init__(self, database: Database, keys: DataKeys, now_s: Callable[[], float] = time.time) -> None:
        self._database = database
        self._keys = keys
        self._now_s = now_s

    def on(self, account: str) -> bool:
        """Whether signing in takes a code."""
        return self._secret(account, "totp_sealed") is not None

    def offer(self, account: str) -> None:
        """Make a new secret that counts once its owner has confirmed it with a code."""
        self._write(
            account, totp_offered_sealed=self._seal(account, "totp_offered_sealed", pyotp.random_base32())
        )

    def offered(self, account: str) -> str | None:
        """The secret that waits for its confirmation, in Base32, or None."""
        return self._secret(account, "totp_offered_sealed")

    def confirm(self, account: str, code: str) -> bool:
        """Switch it on, when the code shows that the telephone has the offered secret."""
        secret = self.offered(account)
        step = None if secret is None else self._step(secret, code)
        if secret is None or step is None:
            return False
        sealed = self._seal(account, "totp_sealed", secret)
        self._write(account, totp_sealed=sealed, totp_offered_sealed=None, totp_step=step)
        return True

    def check(self, account: str, code: str) -> bool:
        """Whether this is the code of now; each counts once, whoever looked over the shoulder (RFC 6238, 5.2)."""
        secret = self._secret(account, "totp_sealed")
        step = None if secret is None else self._step(secret, code)
        if step is None:
            return False
        fresh = staff_accounts.c.totp_step.is_(None) | (staff_accounts.c.totp_step < step)
        with self._database.writing() as connection:
            used = staff_accounts.update().where((staff_accounts.c.name == account) & fresh)
            return bool(connection.execute(used.values(totp_step=step)).rowcount)

    def remove(self, account: str) -> None:
        """Sign in with the password alone from now on."""
        self._write(account, totp_sealed=None, totp_offered_sealed=None)

    def _step(self, secret: str, code: str) -> int | None:
        """The time step that the code belongs to, None when to none that is near."""
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            return None
        totp, now = pyotp.TOTP(secret, interval=STEP_S), int(self._now_s()) // STEP_S
        near = [now + shift for shift in range(-_DRIFT_STEPS, _DRIFT_STEPS + 1)]
        found = [step for step in near if pyotp.utils.strings_equal(totp.generate_otp(step), code)]
        return max(found) if found else None

    def _secret(self, account: str, column: str) -> str | None:
        query = select(staff_accounts.c[column]).where(staff_accounts.c.name == account)
        with self._database.reading() as connection:
            sealed = connection.execute(query).scalar()
        return None if sealed is None else self._keys.unseal(sealed, Place("staff_accounts", column, account))

    def _seal(self, account: str, column: str, secret: str) -> bytes:
        return self._keys.seal(secret, Place("staff_accounts", column, account))

    def _write(self, account: str, **values: bytes | int | None) -> None:
        with self._database.writing() as connection:
            connection.execute(
                staff_accounts.update().where(staff_accounts.c.name == account).values(**values)
            )


def qr_picture(secret: str, account: str) -> str:
    """The secret as a QR code for an authenticator, a ``data:`` address of an SVG."""
    address = pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=account, issuer_name=ISSUER)
    picture: str = segno.make(address, error="m").svg_data_uri(scale=4, border=3, light="#fff")
    return picture
