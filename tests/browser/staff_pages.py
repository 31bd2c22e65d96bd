"""Staff in the browser: signed in through the form, with every script error held against the page."""

from collections.abc import Callable, Iterator

from playwright.sync_api import Browser, Page, expect

from bot.console.accounts import new_account
from bot.console.permissions import Role
from bot.console.tables import staff_accounts
from tests.bot.staff import CHEAP_HASH, PASSWORD
from tests.browser.site import FakeSite

Open = Callable[..., Page]


def one_of_each_role(site: FakeSite) -> None:
    """Accounts named like their roles."""
    with site.database.writing() as connection:
        for role in Role:
            account = new_account(role.value, "", role.value, 0, must_change=False)
            connection.execute(staff_accounts.insert().values(**account | {"password_hash": CHEAP_HASH}))


def opened(chromium: Browser, site: FakeSite) -> Iterator[Open]:
    """What signs in as a role; errors in scripts, or against the policy, fail the test at its end."""
    errors: list[str] = []
    contexts = []

    def sign_in(role: Role, width: int = 1280, dark: bool = False) -> Page:
        context = chromium.new_context(
            locale="zh-CN",
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: errors.append(message.text) if "Security Policy" in message.text else None,
        )
        page.goto(f"{site.url}staff")
        page.get_by_label("账号").fill(role.value)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", name="对话", exact=True)).to_be_visible()
        page.wait_for_load_state("load")  # the heading stands before the deferred scripts listen to keys
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert errors == [], errors
