"""Permissions: every address of the console for every role, and nothing in the pages of what a role may not see."""

import re

import pytest
from fastapi.routing import APIRoute

from bot.console.permissions import ROLE_PERMISSIONS, ROUTES, UNATTENDED, Access, Permission, Role
from tests.bot.staff import StaffBrowser, browser_of, signed_in
from tests.bot.web import Web

EXAMPLES = {
    "{conversation_id}": "t1",
    "{call_id}": "c1",
    "{list_id}": "l1",
    "{chart}": "volume",
    "{reference}": "123456",
    "{case_id}": "x",
}


def staff_routes(web: Web) -> set[tuple[str, str]]:
    """Every method and path that the application serves under /staff."""
    return {
        (method, route.path)
        for route in web.app.routes
        if isinstance(route, APIRoute) and route.path.startswith("/staff")
        for method in route.methods
    }


def example(path: str) -> str:
    """The path with ids in it."""
    for pattern, value in EXAMPLES.items():
        path = path.replace(pattern, value)
    return path


def open_it(browser: StaffBrowser, method: str, path: str) -> int:
    """Ask for an address with a right form token and nothing else; the status."""
    asked = browser.get(example(path)) if method == "GET" else browser.post(example(path))
    return asked.status_code


def test_every_address_is_in_the_table_and_the_table_names_no_other(web: Web) -> None:
    """What is not declared would be refused; what does not exist would mislead."""
    assert staff_routes(web) == set(ROUTES)


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_it_may_and_nothing_else(web: Web, role: Role) -> None:
    """403 exactly where the table says so; a form without its values may be refused, but not by the gate."""
    browser = signed_in(web, "li", role)
    for (method, path), needed in ROUTES.items():
        if isinstance(needed, Access) or (path in UNATTENDED and needed in ROLE_PERMISSIONS[role]):
            continue  # A stream that may be opened has no end: the browser tests listen to it.
        status = open_it(browser, method, path)
        assert (status == 403) == (needed not in ROLE_PERMISSIONS[role]), (method, path, status)


def test_without_a_sign_in_every_address_leads_to_the_form(web: Web) -> None:
    """Also for those who send forms."""
    for (method, path), needed in ROUTES.items():
        if needed is Access.ANYBODY:
            continue
        stranger = StaffBrowser(web.client)
        asked = stranger.get(example(path)) if method == "GET" else stranger.post(example(path))
        assert (asked.status_code, asked.headers["location"]) == (303, "/staff/login"), path


def test_every_form_demands_its_token(web: Web) -> None:
    """Another site knows neither the token nor how to read it; a token of somebody else's session is none."""
    mine, theirs = signed_in(web, "wang", Role.ADMIN), signed_in(web, "zhao", Role.ADMIN)
    for (method, path), needed in ROUTES.items():
        if method == "GET" or needed is Access.ANYBODY:
            continue
        for token in ("", "invented", theirs.csrf_token):
            assert mine.post(path, token=token).status_code == 403, path
    assert mine.post("/staff/logout", token=theirs.csrf_token).status_code == 403
    assert mine.get("/staff/me").status_code == 200


@pytest.mark.parametrize(
    ("role", "sections"),
    [
        (Role.AGENT, {"conversations", "live", "review", "handoffs"}),
        (Role.QUALITY, {"conversations", "live", "review", "teaching"}),
        (
            Role.SUPERVISOR,
            {
                "conversations",
                "live",
                "review",
                "handoffs",
                "dashboards",
                "data-rights",
                "teaching",
                "users",
                "audit",
            },
        ),
        (
            Role.ADMIN,
            {
                "conversations",
                "live",
                "review",
                "handoffs",
                "dashboards",
                "data-rights",
                "teaching",
                "users",
                "audit",
            },
        ),
    ],
)
def test_what_a_role_may_not_see_is_not_in_the_html_either(web: Web, role: Role, sections: set[str]) -> None:
    """No link, hidden or not, leads to a refused page."""
    page = signed_in(web, "li", role).get("/staff/conversations").text
    assert set(re.findall(r'href="/staff/([\w-]+)" title', page)) - {"me"} == sections


def test_roles_count_from_the_next_click_on(web: Web) -> None:
    """Nobody has to sign in again, and nobody keeps what was taken from him."""
    admin, li = signed_in(web, "boss", Role.ADMIN), signed_in(web, "li", Role.SUPERVISOR)
    assert li.get("/staff/audit").status_code == 200
    admin.post("/staff/users/roles", name="li", roles=["agent"])
    assert li.get("/staff/audit").status_code == 403


def test_a_disabled_account_is_out_at_once_and_cannot_sign_in(web: Web) -> None:
    """In every browser."""
    admin, li = signed_in(web, "boss", Role.ADMIN), signed_in(web, "li", Role.AGENT)
    other = browser_of(web, "li")
    admin.post("/staff/users/disabled", name="li", disabled="true")
    for browser in (li, other):
        assert browser.get("/staff/me").headers["location"] == "/staff/login"


def test_a_password_that_somebody_else_chose_opens_its_own_page_only(web: Web) -> None:
    """Until it is changed, there is no menu and no other page."""
    li = signed_in(web, "li", Role.ADMIN, must_change=True)
    for path in ("/staff/conversations", "/staff/users", "/staff/audit"):
        assert li.get(path).headers["location"] == "/staff/me"
    assert "<nav" not in li.get("/staff/me").text
    assert li.post("/staff/users", name="helper", roles=["admin"]).headers["location"] == "/staff/me"


def test_every_permission_belongs_to_somebody() -> None:
    """An administrator has them all; no address asks for one that nobody has."""
    assert ROLE_PERMISSIONS[Role.ADMIN] == frozenset(Permission)
