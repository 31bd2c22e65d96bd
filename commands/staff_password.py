"""`make staff-password`: a new password for the first staff account, when the one shown at the first start was lost."""

import os
import sys

from actions.lending.database import open_database
from bot.console.accounts import FIRST_ACCOUNT, ensure_staff_account
from bot.console.passwords import password_hash, random_password
from bot.console.permissions import Role
from bot.console.tables import staff_accounts, staff_sessions
from install.database import prepare_database
from install.errors import SetupError


def renew(database_url: str | None) -> str:
    """Make the first account an administrator with a new password and nothing else in the way; return the password.

    Its sessions end. Raises SetupError.
    """
    prepare_database(database_url)
    database = open_database(database_url)
    try:
        made_now = ensure_staff_account(database)
        if made_now:
            return made_now
        password = random_password()
        account = staff_accounts.update().where(staff_accounts.c.name == FIRST_ACCOUNT)
        with database.writing() as connection:
            values = {
                "password_hash": password_hash(password),
                "failures": 0,
                "locked_until_ms": None,
                # Whoever runs this owns the machine; the way back in must not end at a lost telephone.
                "totp_sealed": None,
                "totp_offered_sealed": None,
                "disabled": False,
                "must_change": False,
                "roles": Role.ADMIN.value,
            }
            connection.execute(account.values(**values))
            # Whoever knew the old password may be signed in with it.
            connection.execute(staff_sessions.delete().where(staff_sessions.c.account == FIRST_ACCOUNT))
        return password
    finally:
        database.close()


def main() -> int:
    """Print the new password."""
    try:
        password = renew(os.environ.get("DATABASE_URL"))
    except SetupError as error:
        print(f"{error.code}: {error.message}", file=sys.stderr)
        return 1
    print(f"后台账号 {FIRST_ACCOUNT} 的新密码：{password}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
