"""The audit log: what is in it, that nothing of it can be changed, and who may read it."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from actions.lending.database import Database
from bot.console.accounts import ensure_staff_account
from bot.console.audit_log import PAGE, Action, AuditFilter, AuditLog
from bot.console.permissions import Role
from tests.bot.staff import StaffBrowser, signed_in
from tests.bot.test_staff_pages import converse, record_call, sign_in
from tests.bot.web import Web


def deeds(web: Web, account: str = "") -> list[tuple[str, str, str]]:
    """Who did what to what, in the order it happened."""
    rows = AuditLog(web.database).page(AuditFilter(account=account))
    return [(row.account, row.action, row.subject) for row in reversed(rows)]


def test_seeing_hearing_and_being_refused_are_noted(web: Web) -> None:
    """One line each; the many pieces that a player fetches are one hearing."""
    converse(web)
    record_call(web, b"\1\2\3\4" * 40_000)
    li = signed_in(web, "li", Role.QUALITY)
    li.get("/staff/conversations/t1")
    for _ in range(3):
        li.get("/staff/recordings/c1")
    li.get("/staff/handoffs")
    li.get("/staff/conversations/none")
    assert deeds(web) == [
        ("li", "conversation_seen", "t1"),
        ("li", "recording_heard", "c1"),
        ("li", "refused", "/staff/handoffs"),
    ]


def test_sign_ins_are_noted_but_no_word_that_may_be_a_password(web: Web) -> None:
    """A password typed into the wrong field is no name of an account."""
    password = ensure_staff_account(web.database)
    assert password
    sign_in(web, "wrong")
    sign_in(web, "x", name="my secret password")
    sign_in(web, password)
    assert deeds(web) == [
        ("admin", "sign_in_failed", "admin"),
        ("", "sign_in_failed", ""),
        ("admin", "signed_in", ""),
    ]


def test_changes_of_accounts_are_noted_with_who_made_them(web: Web) -> None:
    """And no password is."""
    admin = signed_in(web, "boss", Role.ADMIN)
    shown = re.search(r'secret">([\w-]+)<', admin.post("/staff/users", name="li", roles=["agent"]).text)
    admin.post("/staff/users/roles", name="li", roles=["quality"])
    admin.post("/staff/users/disabled", name="li", disabled="true")
    admin.post("/staff/users/roles", name="li", roles=[])
    assert deeds(web) == [
        ("boss", "account_made", "li"),
        ("boss", "roles_changed", "li"),
        ("boss", "account_disabled", "li"),
    ]
    assert shown and shown[1] not in admin.get("/staff/audit").text


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE staff_audit SET account = 'somebody else'",
        "DELETE FROM staff_audit",
        "DELETE FROM staff_audit WHERE sequence = 2",
        "INSERT OR REPLACE INTO staff_audit SELECT 1, 0, 'x', 'x', 'x', 'x', '{}'",
        "INSERT INTO staff_audit SELECT 9, 0, 'x', 'x', 'x', 'x', '{}'",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_row(empty_database: Database, attack: str) -> None:
    """Also to replace one, or to leave a gap that a removed row could hide in."""
    log = AuditLog(empty_database)
    for _ in range(2):
        log.note("li", "127.0.0.1", Action.CONVERSATION_SEEN, "t1")
    with pytest.raises(DatabaseError, match="append-only"), empty_database.writing() as connection:
        connection.execute(text(attack))
    assert [row.sequence for row in log.page(AuditFilter())] == [2, 1]


def test_the_page_filters_and_pages(web: Web) -> None:
    """By person, deed and subject, newest first; the next page begins where this one ends."""
    log = AuditLog(web.database)
    for number in range(PAGE + 5):
        log.note("li", "10.0.0.1", Action.CONVERSATION_SEEN, f"t{number}")
    log.note("wang", "10.0.0.2", Action.EXPORTED, "x")
    boss = signed_in(web, "boss", Role.SUPERVISOR)
    first = boss.get("/staff/audit?account=li").text
    assert "wang" not in first and first.count("10.0.0.1") == PAGE
    older = re.search(r'href="\?(account=li&amp;before=\d+)"', first)
    assert older
    second = boss.get("/staff/audit?" + older[1].replace("&amp;", "&")).text
    assert second.count("10.0.0.1") == 5 and "before=" not in second
    assert boss.get("/staff/audit?action=exported").text.count("10.0.0.") == 1
    assert boss.get("/staff/audit?from=2099-01-01").text.count("10.0.0.") == 0
    assert boss.get("/staff/audit?until=2099-01-01&subject=t3").text.count("10.0.0.") == 1
    for nonsense in ("before=x", "from=heute", "until=9999-12-31", "before=" + "9" * 40):
        assert boss.get(f"/staff/audit?{nonsense}").status_code == 200


def test_what_is_logged_is_shown_as_words(web: Web) -> None:
    """A subject comes from an address somebody typed."""
    AuditLog(web.database).note("li", "x", Action.REFUSED, "<script>alert(1)</script>", method='"><i>')
    page = signed_in(web, "boss", Role.ADMIN).get("/staff/audit").text
    assert "<script>alert" not in page and '"><i>' not in page


def test_an_id_fixed_before_the_sign_in_opens_nothing_after_it(web: Web) -> None:
    """Session fixation: the sign-in gives a new id and ends the one the browser came with."""
    password = ensure_staff_account(web.database)
    assert password
    attacker = signed_in(web, "mallory", Role.AGENT)
    planted = attacker.cookies["shoudai_staff"]
    web.client.cookies.set("shoudai_staff", planted, domain="127.0.0.1", path="/staff")
    answer = sign_in(web, password)
    assert answer.status_code == 303 and answer.cookies["shoudai_staff"] != planted
    planted_browser = StaffBrowser(web.client, cookies={"shoudai_staff": planted})
    assert planted_browser.get("/staff/me").headers["location"] == "/staff/login"
