"""User pages: who may make and change whom, and that nobody climbs."""

import re

import pytest

from bot.console.accounts import FAILURES_ALLOWED, SignIn, StaffAccounts
from bot.console.permissions import Role
from bot.console.staff_directory import StaffDirectory
from tests.bot.staff import PASSWORD, StaffBrowser, add_staff, browser_of, signed_in
from tests.bot.web import Web

SHOWN = re.compile(r'<code class="secret">([\w-]{16})</code>')


def test_a_new_account_gets_a_password_that_is_shown_once_and_must_be_changed(web: Web) -> None:
    """The administrator never learns the password that its owner goes on with."""
    admin = signed_in(web, "boss", Role.ADMIN)
    shown = SHOWN.search(admin.post("/staff/users", name="小李", roles=["agent", "quality"]).text)
    assert shown
    assert not SHOWN.search(admin.get("/staff/users").text)
    li = browser_of(web, "小李")
    changed = li.post(
        "/staff/me/password", password=shown[1], new_password="二零二六年的密码", again="二零二六年的密码"
    )
    assert changed.status_code == 400, "eight characters are too few"
    new = "二零二六年的长密码没人猜"
    changed = li.post("/staff/me/password", password=shown[1], new_password=new, again=new)
    assert changed.headers["location"] == "/staff/me?done=password"
    assert li.get("/staff/conversations").status_code == 200
    assert StaffAccounts(web.database).sign_in("小李", new) is SignIn.ACCEPTED


@pytest.mark.parametrize("taken", ["li", "LI", "a", "x" * 33, "a b", "<b>li</b>", "../li"])
def test_names_are_plain_and_unique(web: Web, taken: str) -> None:
    """Two names that look alike would blur the audit log."""
    admin = signed_in(web, "boss", Role.ADMIN)
    add_staff(web, "li", Role.AGENT)
    assert admin.post("/staff/users", name=taken, roles=["agent"]).status_code == 400


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/staff/users", {"name": "helper", "roles": ["admin"]}),
        ("/staff/users", {"name": "helper", "roles": ["supervisor"]}),
        ("/staff/users/roles", {"name": "zhu", "roles": ["admin", "supervisor"]}),
        ("/staff/users/roles", {"name": "li", "roles": ["supervisor"]}),
        ("/staff/users/roles", {"name": "boss", "roles": ["agent"]}),
        ("/staff/users/password", {"name": "boss"}),
        ("/staff/users/disabled", {"name": "boss", "disabled": "true"}),
        ("/staff/users/roles", {"name": "li"}),
        ("/staff/users/password", {"name": "nobody"}),
    ],
)
def test_a_supervisor_cannot_climb_nor_touch_those_above(
    web: Web, path: str, data: dict[str, object]
) -> None:
    """He sees to 客服 and 质检, and an account has a role."""
    add_staff(web, "boss", Role.ADMIN)
    add_staff(web, "li", Role.AGENT)
    supervisor = signed_in(web, "zhu", Role.SUPERVISOR)
    before = accounts(web)
    assert supervisor.post(path, None, **data).status_code == 400
    assert accounts(web) == before


def test_a_role_that_does_not_exist_is_refused(web: Web) -> None:
    """By the form itself."""
    admin = signed_in(web, "boss", Role.ADMIN)
    assert admin.post("/staff/users", name="helper", roles=["root"]).status_code == 422


def test_one_administrator_always_stays(web: Web) -> None:
    """Not even he himself can lock everybody out."""
    admin = signed_in(web, "boss", Role.ADMIN)
    assert admin.post("/staff/users/disabled", name="boss", disabled="true").status_code == 400
    assert admin.post("/staff/users/roles", name="boss", roles=["agent"]).status_code == 400
    add_staff(web, "second", Role.ADMIN)
    assert admin.post("/staff/users/roles", name="boss", roles=["agent"]).status_code == 200


def test_a_reset_signs_out_lifts_the_lock_and_switches_the_codes_off(web: Web) -> None:
    """The way back for somebody who lost his telephone."""
    admin, li = signed_in(web, "boss", Role.ADMIN), signed_in(web, "li", Role.AGENT)
    accounts_ = StaffAccounts(web.database)
    for _ in range(FAILURES_ALLOWED):
        accounts_.sign_in("li", "wrong")
    shown = SHOWN.search(admin.post("/staff/users/password", name="li").text)
    assert shown
    assert accounts_.sign_in("li", PASSWORD) is SignIn.WRONG
    assert accounts_.sign_in("li", shown[1]) is SignIn.ACCEPTED
    assert li.get("/staff/me").headers["location"] == "/staff/login"


def test_a_session_of_somebody_else_cannot_be_ended(web: Web) -> None:
    """Its name alone does nothing."""
    li, wang = signed_in(web, "li", Role.AGENT), signed_in(web, "wang", Role.AGENT)
    other = browser_of(web, "li")
    theirs = re.findall(r'name="session_id" value="(\w+)"', li.get("/staff/me").text)
    assert len(theirs) == 1, "the present one is not offered"
    wang.post("/staff/me/sessions/end", session_id=theirs[0])
    assert other.get("/staff/me").status_code == 200
    li.post("/staff/me/sessions/end", session_id=theirs[0])
    assert other.get("/staff/me").headers["location"] == "/staff/login"


def test_a_changed_password_ends_all_other_sign_ins_and_renews_ones_own(web: Web) -> None:
    """Whoever had the old password, or the old cookie, is out."""
    li = signed_in(web, "li", Role.AGENT)
    other, old = browser_of(web, "li"), StaffBrowser(web.client, cookies=dict(li.cookies))
    new = "a much better password"
    li.post("/staff/me/password", password=PASSWORD, new_password=new, again=new)
    assert li.get("/staff/me").status_code == 200
    for browser in (other, old):
        assert browser.get("/staff/me").headers["location"] == "/staff/login"


@pytest.mark.parametrize(
    ("password", "new", "again"),
    [
        ("wrong", "a much better password", "a much better password"),
        (PASSWORD, "a much better password", "another password"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "li-li-li-li-li", "li-li-li-li-li"),
        (PASSWORD, "aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa"),
    ],
)
def test_a_password_is_not_changed_to_a_bad_one(web: Web, password: str, new: str, again: str) -> None:
    """Nor without the present one."""
    li = signed_in(web, "li", Role.AGENT)
    assert li.post("/staff/me/password", password=password, new_password=new, again=again).status_code == 400
    assert StaffAccounts(web.database).sign_in("li", PASSWORD) is SignIn.ACCEPTED


def test_guessing_the_password_in_an_open_browser_is_noted(web: Web) -> None:
    """Wherever the present password is asked for."""
    li = signed_in(web, "li", Role.ADMIN)
    for path in ("/staff/me/password", "/staff/me/code/offer", "/staff/me/code/remove"):
        assert li.post(path, password="wrong").status_code == 400
    log = li.get("/staff/audit?action=sign_in_failed").text
    assert log.count('<td class="nowrap"><b>li</b>') == 3 and "/staff/me/code/offer" in log


def accounts(web: Web) -> list[tuple[object, ...]]:
    """Names, roles, states and passwords as stored."""
    return [
        (row.name, row.roles, row.disabled, row.password_hash) for row in StaffDirectory(web.database).all()
    ]
