"""A lost staff password is replaced."""

from actions.lending.database import open_database
from bot.console.accounts import FIRST_ACCOUNT, SignIn, StaffAccounts, ensure_staff_account
from bot.console.staff_sessions import StaffSessions
from commands.staff_password import renew


def test_the_new_password_works_the_old_one_does_not_and_the_lock_is_lifted(database_url: str) -> None:
    database = open_database(database_url)
    old = ensure_staff_account(database)
    assert old
    accounts = StaffAccounts(database)
    while accounts.sign_in(FIRST_ACCOUNT, "wrong") is not SignIn.LOCKED:
        pass
    new = renew(database_url)
    assert accounts.sign_in(FIRST_ACCOUNT, old) is SignIn.WRONG
    assert accounts.sign_in(FIRST_ACCOUNT, new) is SignIn.ACCEPTED
    database.close()


def test_a_new_password_ends_the_sessions_of_the_old_one(database_url: str) -> None:
    database = open_database(database_url)
    ensure_staff_account(database)
    sessions = StaffSessions(database)
    token = sessions.begin(FIRST_ACCOUNT)
    assert sessions.find(token)
    renew(database_url)
    assert sessions.find(token) is None
    database.close()


def test_where_nobody_has_signed_in_yet_the_first_account_is_made(database_url: str) -> None:
    password = renew(database_url)
    database = open_database(database_url)
    assert StaffAccounts(database).sign_in(FIRST_ACCOUNT, password) is SignIn.ACCEPTED
    database.close()
