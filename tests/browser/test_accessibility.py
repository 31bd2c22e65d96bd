"""axe-core over every page of the console and the widget, light and dark: no serious and no critical finding."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.console.permissions import ROUTES, Permission
from install.web_libraries import AXE, libraries_dir
from tests.bot.inbox import talk
from tests.bot.staff import PASSWORD
from tests.browser.site import FakeSite, fake_site
from tests.browser.staff_pages import one_of_each_role
from tests.browser.test_console import index, record
from tests.fakes import GREETING

pytestmark = pytest.mark.browser

EXAMPLES = {"/staff/conversations/{conversation_id}": "/staff/conversations/call"}
NO_PAGES = (".csv", "/live/", "/recordings/", "/waveforms/")
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeSite]:
    """One of each role, some conversations and a call."""
    with fake_site(tmp_path_factory.mktemp("accessible")) as running:
        one_of_each_role(running)
        talk(running.recorder, "t1", [("我想提前还款", "提前还款没有违约金。"), ("阿巴", "没听懂。")])
        record(running)
        index(running)
        yield running


def pages() -> list[str]:
    """Every page that an administrator may open, with ids where there are examples of them."""
    asked = [EXAMPLES.get(path, path) for method, path in ROUTES if method == "GET"]
    shown = [path for path in asked if "{" not in path and not any(part in path for part in NO_PAGES)]
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


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_of_the_console_has_a_grave_finding(chromium: Browser, site: FakeSite, dark: bool) -> None:
    context = still(chromium, dark)
    page = context.new_page()
    page.goto(f"{site.url}staff/login")
    found = {"/staff/login": findings(page)}
    page.get_by_label("账号").fill("admin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="对话", exact=True)).to_be_visible()
    for path in pages():
        page.goto(site.url.rstrip("/") + path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found[path] = findings(page)
    context.close()
    assert {path: some for path, some in found.items() if some} == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_widget_has_none_from_the_greeting_to_the_rating(
    chromium: Browser, site: FakeSite, dark: bool
) -> None:
    context = still(chromium, dark)
    page = context.new_page()
    page.goto(site.url)
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


def test_every_kind_of_page_is_looked_at() -> None:
    """The list comes from the table of routes: a new page is looked at without being named here."""
    assert {
        "/staff/conversations",
        "/staff/dashboards",
        "/staff/data-rights",
        "/staff/conversations/call",
    } <= set(pages())
    assert Permission.READ in ROUTES.values()
