"""One-time codes: RFC 6238's own examples, once each, and the sign-in with them."""

import re
import time

import pyotp
import pytest

from actions.lending.database import Database
from bot.console.accounts import FAILURES_ALLOWED
from bot.console.permissions import Role
from bot.console.second_factor import STEP_S, SecondFactor
from bot.console.tables import staff_accounts
from tests.bot.staff import PASSWORD, StaffBrowser, browser_of, signed_in
from tests.bot.web import KEYS, Web


@pytest.fixture
def codes(web: Web) -> tuple[SecondFactor, list[float], Database]:
    """An account ``li`` and a clock that can be set."""
    signed_in(web, "li", Role.AGENT)
    now = [1_111_111_111.0]
    return SecondFactor(web.database, KEYS, lambda: now[0]), now, web.database


def switched_on(factor: SecondFactor, now: list[float]) -> pyotp.TOTP:
    """Switch codes on for ``li``; returns her telephone. Her first code is spent then."""
    factor.offer("li")
    secret = factor.offered("li")
    assert secret
    telephone = pyotp.TOTP(secret)
    assert factor.confirm("li", telephone.at(int(now[0])))
    return telephone


def test_codes_are_those_of_the_standard(
    codes: tuple[SecondFactor, list[float], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Appendix B, with its secret 12345678901234567890 and the last six digits of its eight."""
    factor, now, _ = codes
    monkeypatch.setattr(pyotp, "random_base32", lambda: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    for at, code in ((1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")):
        now[0] = at
        factor.offer("li")
        assert not factor.confirm("li", "000000")
        assert factor.confirm("li", code)


def test_a_code_counts_once_and_half_a_minute_of_drift_is_forgiven(
    codes: tuple[SecondFactor, list[float], Database],
) -> None:
    """Whoever looks over the shoulder comes too late."""
    factor, now, _ = codes
    telephone = switched_on(factor, now)
    assert not factor.check("li", telephone.at(int(now[0]))), "spent when it was confirmed"
    now[0] += STEP_S
    late = telephone.at(int(now[0]) + STEP_S)
    assert factor.check("li", late) and not factor.check("li", late)
    assert not factor.check("li", telephone.at(int(now[0]))), "older than one that was used"
    assert not factor.check("li", telephone.at(int(now[0]) + 10 * STEP_S))


def test_the_secret_is_sealed_and_bound_to_its_account(
    codes: tuple[SecondFactor, list[float], Database],
) -> None:
    """A copied database holds no secret that a telephone could use."""
    factor, now, database = codes
    secret = switched_on(factor, now).secret
    with database.reading() as connection:
        row = connection.execute(staff_accounts.select()).one()
    assert secret.encode() not in row.totp_sealed


def sign_in(web: Web, browser: StaffBrowser, password: str = PASSWORD) -> str:
    """Name and password; where that leads to."""
    token = re.search(r'name="form_token" value="(\w+)"', browser.get("/staff/login").text)
    assert token
    answer = browser.post("/staff/login", name="li", password=password, form_token=token[1])
    return answer.headers.get("location", "")


def give_code(browser: StaffBrowser, code: str) -> tuple[int, str]:
    """The second step; its status and where it leads to."""
    token = re.search(r'name="form_token" value="(\w+)"', browser.get("/staff/login/code").text)
    answer = browser.post("/staff/login/code", code=code, form_token=token[1] if token else "")
    return answer.status_code, answer.headers.get("location", "")


def enrol(web: Web) -> pyotp.TOTP:
    """Through the pages, as staff do it."""
    li = signed_in(web, "li", Role.AGENT)
    assert li.post("/staff/me/code/offer", password="wrong").status_code == 400
    li.post("/staff/me/code/offer", password=PASSWORD)
    page = li.get("/staff/me").text
    secret = re.search(r'<code class="secret">(\w+)</code>', page)
    assert secret and "data:image/svg+xml" in page
    telephone = pyotp.TOTP(secret[1])
    assert li.post("/staff/me/code/confirm", code="000000").status_code == 400
    earlier = telephone.at(int(time.time()) - STEP_S)
    assert li.post("/staff/me/code/confirm", code=earlier).status_code == 303
    assert secret[1] not in li.get("/staff/me").text
    return telephone


def test_staff_switch_codes_on_and_sign_in_with_them(web: Web) -> None:
    """The password alone opens nothing, not even with the cookie of its half a sign-in."""
    telephone = enrol(web)
    browser = StaffBrowser(web.client)
    assert sign_in(web, browser) == "/staff/login/code"
    half = StaffBrowser(web.client, cookies={"shoudai_staff": browser.cookies["shoudai_code"]})
    assert half.get("/staff/conversations").headers["location"] == "/staff/login"
    assert give_code(browser, "000000")[0] == 401
    assert give_code(browser, telephone.now()) == (303, "/staff/conversations")
    assert browser.get("/staff/conversations").status_code == 200
    assert browser.cookies["shoudai_staff"] != half.cookies["shoudai_staff"]


def test_codes_cannot_be_guessed_with_a_known_password(web: Web) -> None:
    """Right passwords in between forget no wrong code: five lock the account."""
    telephone = enrol(web)
    browser = StaffBrowser(web.client)
    for _ in range(FAILURES_ALLOWED):
        assert sign_in(web, browser) == "/staff/login/code"
        assert give_code(browser, "000000")[0] == 401
    assert sign_in(web, browser) == ""
    assert give_code(browser, telephone.now()) == (303, "/staff/login")


def test_codes_are_switched_off_with_the_password_only(web: Web) -> None:
    """A browser left open is not enough."""
    enrol(web)
    li = browser_of(web, "li")
    assert li.post("/staff/me/code/remove", password="wrong").status_code == 400
    assert li.post("/staff/me/code/remove", password=PASSWORD).status_code == 303
    assert sign_in(web, StaffBrowser(web.client)) == "/staff/conversations"
