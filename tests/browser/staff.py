"""Staff of the browser tests: one account of each role, named like the role."""

from actions.lending.database import Database
from bot.console.accounts import new_account
from bot.console.permissions import Role
from bot.console.tables import staff_accounts
from tests.bot.staff import CHEAP_HASH


def add_staff_of_every_role(database: Database) -> None:
    """Four accounts with the password of tests/bot/staff.py."""
    with database.writing() as connection:
        for role in Role:
            account = new_account(role.value, "", role.value, 0, must_change=False)
            connection.execute(staff_accounts.insert().values(**account | {"password_hash": CHEAP_HASH}))
