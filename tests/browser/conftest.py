"""Fixtures of the browser tests: one Chromium a module, sites with fakes and with everything real."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, sync_playwright

from serve.stack import TextStack
from tests.browser.site import FakeSite, fake_site, real_site

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver; the browser is Debian's.

    It keeps an event loop running in this thread, so it must be gone before other modules' asynchronous tests.
    """
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A headless Chromium whose microphone beeps."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[FakeSite]:
    """The application with fakes, on a real port."""
    with fake_site(tmp_path) as running:
        yield running


@pytest.fixture
def page(chromium: Browser, site: FakeSite) -> Iterator[Page]:
    """The demo page in a fresh window; any error in its scripts fails the test."""
    context = chromium.new_context(locale="zh-CN")
    window = context.new_page()
    errors: list[str] = []
    window.on("pageerror", lambda error: errors.append(str(error)))
    window.goto(site.url)
    yield window
    context.close()
    assert errors == []


@pytest.fixture(scope="session")
def real_url(stack: TextStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The bot process itself, with Rasa, actions, database and speech engines."""
    with real_site(stack, tmp_path_factory.mktemp("bot")) as url:
        yield url
