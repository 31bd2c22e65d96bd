"""axe-core over every page of the console and the widget, light and dark: no serious and no critical finding."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.console.permissions import ROUTES
from install.web_libraries import AXE, libraries_dir
from tests.bot.staff import PASSWORD
from tests.browser.lived_in import furnish
from tests.browser.site import FakeSite, fake_site
from tests.fakes import GREETING

pytestmark = pytest.mark.browser

NO_PAGES = (".csv", ".zip", "/patch", "/events", "/sound", "/next", "/recordings/", "/waveforms/")
STREAMS = ("/staff/live/inbox", "/staff/live/board", "/staff/live/handoffs")
OPENED_BY_HAND = {
    "/staff/data-rights/cases/{case_id}",
    "/staff/live/conversations/{conversation_id}",
}
"""A person that was looked up, a chat that goes on: neither has an address before."""
GRAVE = ("serious", "critical")


@dataclass(frozen=True)
class House:
    """The site and the addresses of its pages with ids."""

    site: FakeSite
    examples: dict[str, str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Something of everything that a page can show."""
    with fake_site(tmp_path_factory.mktemp("accessible")) as running:
        yield House(running, furnish(running))


def routes() -> list[str]:
    """Every page that an administrator may open once he is signed in."""
    asked = [path for method, path in ROUTES if method == "GET"]
    shown = [path for path in asked if not any(part in path for part in NO_PAGES) and path not in STREAMS]
    return [path for path in shown if path not in ("/staff", "/staff/login", "/staff/login/code")]


def findings(page: Page) -> list[str]:
    """What axe calls serious or critical: the rule, and where."""
    page.evaluate(Path(libraries_dir() / AXE.folder / AXE.file).read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in result["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def still(chromium: Browser, dark: bool) -> BrowserContext:
    """A browser that shows no movement: colours in the middle of a fade are nobody's."""
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    return chromium.new_context(locale="zh-CN", color_scheme=scheme, reduced_motion="reduce")


def signed_in(context: BrowserContext, site: FakeSite) -> Page:
    """The administrator's first page."""
    page = context.new_page()
    page.goto(f"{site.url}staff/login")
    page.get_by_label("账号").fill("admin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="对话", exact=True)).to_be_visible()
    return page


def unfolded(page: Page) -> list[str]:
    """The findings of a page with everything on it unfolded."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    return findings(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_of_the_console_has_a_grave_finding(chromium: Browser, house: House, dark: bool) -> None:
    context = still(chromium, dark)
    page = context.new_page()
    page.goto(f"{house.site.url}staff/login")
    found = {"/staff/login": findings(page)}
    page = signed_in(context, house.site)
    for path in routes():
        if path not in OPENED_BY_HAND:
            page.goto(house.site.url.rstrip("/") + house.examples.get(path, path))
            found[path] = unfolded(page)
    context.close()
    assert {path: some for path, some in found.items() if some} == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_comes_up_after_a_click_has_no_grave_finding_either(
    chromium: Browser, house: House, dark: bool
) -> None:
    """A person's data, a chat that was taken over, whole numbers, a new account's password, a refusal."""
    site, found = house.site, {}
    customers, context = still(chromium, dark), still(chromium, dark)
    customer = customers.new_page()
    customer.goto(site.url)
    customer.get_by_role("button", name="在线客服").click()
    expect(customer.get_by_role("log")).to_contain_text(GREETING)
    page = signed_in(context, site)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site.url}staff/live")
    page.locator(".board-open").first.click()
    page.get_by_role("button", name="接管对话").click()
    expect(page.get_by_role("button", name="交还机器人")).to_be_visible()
    found["taken over"] = findings(page)
    page.get_by_role("button", name="交还机器人").click()
    expect(page.get_by_role("button", name="接管对话")).to_be_visible()
    page.goto(f"{site.url}staff/data-rights")
    page.get_by_label("手机号（全号）").fill("13912345678")
    page.get_by_role("button", name="查找", exact=True).click()
    page.wait_for_url("**/cases/*")
    found["case"] = unfolded(page)
    page.goto(f"{site.url}staff/conversations/call")
    page.get_by_role("button", name="查看完整号码").click()
    expect(page.locator("#numbers .secret, #numbers p.soft").first).to_be_visible()
    found["numbers"] = findings(page)
    page.goto(f"{site.url}staff/users")
    page.get_by_label("账号", exact=True).fill(f"new{int(dark)}")
    page.get_by_label("客服").first.check()
    page.get_by_role("button", name="新建").click()
    expect(page.get_by_text("的密码是")).to_be_visible()
    found["new account"] = findings(page)
    page.goto(f"{site.url}staff/conversations/nobody")
    found["missing"] = findings(page)
    context.close()
    customers.close()
    assert {path: some for path, some in found.items() if some} == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_widget_has_none_from_the_greeting_to_the_rating(
    chromium: Browser, house: House, dark: bool
) -> None:
    context = still(chromium, dark)
    page = context.new_page()
    page.goto(house.site.url)
    found = findings(page)
    page.get_by_role("button", name="在线客服").click()
    expect(page.get_by_role("log")).to_contain_text(GREETING)
    found += findings(page)
    field = page.get_by_label("请输入您的问题")
    field.fill("谢谢再见")
    field.press("Enter")
    expect(page.get_by_role("button", name="5 分")).to_be_visible()
    found += findings(page)
    context.close()
    assert found == []


def test_every_page_is_looked_at(house: House) -> None:
    """The list comes from the table of routes: a new page is looked at without being named here, or fails."""
    with_ids = {path for path in routes() if "{" in path}
    assert with_ids == set(house.examples) | OPENED_BY_HAND
    assert {"/staff/dashboards", "/staff/users", "/staff/audit", "/staff/handoffs"} <= set(routes())
