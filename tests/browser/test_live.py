"""Conversations in progress in a real Chromium: the customer in one page, staff in others."""

import re
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from actions.lending.identity import IdentityService
from actions.lending.service_desk import ServiceDesk
from bot.console.audit_log import AuditFilter, AuditLog
from bot.console.live import live_streams
from bot.console.live.sentences import HANDED_BACK, TAKEN_OVER, sentence
from bot.console.permissions import Role
from tests.bot.staff import PASSWORD
from tests.bot.web import KEYS
from tests.browser.site import FakeSite, fake_site
from tests.browser.staff_pages import one_of_each_role
from tests.fakes import GREETING

pytestmark = pytest.mark.browser

SCRIPT = '<img src=x onerror="document.title=1"><script>document.title=1</script>'


class Windows:
    """Browser windows of customers and staff; any error in a script or against the policy fails the test."""

    def __init__(self, chromium: Browser, site: FakeSite) -> None:
        self._chromium = chromium
        self._site = site
        self._contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def customer(self) -> Page:
        """Somebody on the lender's page, greeted."""
        page = self._window()
        page.goto(self._site.url)
        page.get_by_role("button", name="在线客服").click()
        expect(page.get_by_role("log")).to_contain_text(GREETING)
        return page

    def staff(self, role: Role, width: int = 1280, dark: bool = False) -> Page:
        """Somebody of this role, signed in, on the page of what goes on."""
        page = self._window(width, dark)
        page.goto(f"{self._site.url}staff")
        page.get_by_label("账号").fill(role.value)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("link", name="正在进行").click()
        expect(page.get_by_role("heading", name="正在进行", exact=True)).to_be_visible()
        return page

    def close(self) -> None:
        """Shut them all; conversations go on without them."""
        for context in self._contexts:
            context.close()

    def _window(self, width: int = 1280, dark: bool = False) -> Page:
        context = self._chromium.new_context(
            locale="zh-CN",
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            permissions=["microphone"],
        )
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda message: self.errors.append(message.text) if "Security Policy" in message.text else None,
        )
        return page


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeSite]:
    """The application with fakes and four staff."""
    with fake_site(tmp_path_factory.mktemp("live")) as running:
        one_of_each_role(running)
        yield running


@pytest.fixture
def windows(chromium: Browser, site: FakeSite) -> Iterator[Windows]:
    opened = Windows(chromium, site)
    yield opened
    opened.close()
    assert opened.errors == []


def say(page: Page, text: str) -> None:
    """The customer types and sends."""
    field = page.get_by_label("请输入您的问题")
    field.fill(text)
    field.press("Enter")


def open_first(page: Page) -> None:
    """Staff open the conversation that goes on longest."""
    page.locator(".board-open").first.click()
    expect(page.locator("#watched")).to_be_visible()


def wait_for_sound(page: Page, meter: str) -> None:
    """Wait until a meter shows sound (the page's policy forbids Playwright's own waiting)."""
    level = f"Number(document.querySelector('{meter}').style.getPropertyValue('--level'))"
    for _ in range(100):
        if page.evaluate(level) > 0.05:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{meter} stayed silent")


def noted(site: FakeSite) -> list[str]:
    """What staff did, the oldest first."""
    return [row.action for row in reversed(AuditLog(site.database).page(AuditFilter()))]


def test_a_conversation_appears_grows_and_disappears_without_a_reload(windows: Windows) -> None:
    li = windows.staff(Role.AGENT)
    expect(li.get_by_text("现在没有正在进行的对话。")).to_be_visible()
    customer = windows.customer()
    expect(li.locator(".board-open")).to_contain_text(GREETING)
    open_first(li)
    say(customer, "这个月要还多少")
    expect(li.get_by_role("log")).to_contain_text("您下一期应还3250元")
    expect(li.locator("#verified")).to_have_text("身份已核实")
    expect(li.locator("#intent")).to_be_visible()
    say(customer, "再见")
    expect(li.get_by_text("对话已结束。")).to_be_visible()
    li.goto(re.sub(r"/conversations/.*", "", li.url))
    expect(li.get_by_text("现在没有正在进行的对话。")).to_be_visible()


def test_staff_take_over_write_both_ways_and_hand_back(windows: Windows, site: FakeSite) -> None:
    customer, li = windows.customer(), windows.staff(Role.AGENT)
    open_first(li)
    li.get_by_role("button", name="接管对话").click()
    expect(customer.get_by_role("log")).to_contain_text(sentence(TAKEN_OVER))
    expect(customer.get_by_text("人工客服 · 在线")).to_be_visible()
    expect(customer.get_by_role("button", name="转人工")).to_be_hidden()
    customer.get_by_label("请输入您的问题").press_sequentially("我的号码是")
    expect(li.locator("#state")).to_contain_text("客户在输入")
    say(customer, "我的号码是13812345678")
    expect(li.get_by_role("log")).to_contain_text("我的号码是〔手机号尾号5678〕")
    li.get_by_label("答复客户").press_sequentially("我来")
    expect(customer.get_by_text("客服正在输入")).to_be_attached()
    expect(customer.locator(".typing")).to_be_visible()
    li.get_by_label("答复客户").fill("我来帮您看看。")
    li.get_by_label("答复客户").press("Enter")
    expect(customer.locator("li.staff .bubble")).to_have_text("我来帮您看看。")
    expect(customer.locator(".typing")).to_be_hidden()
    expect(li.get_by_role("log")).to_contain_text("我来帮您看看。")
    assert site.dialogue.sent == []
    li.get_by_role("button", name="交还机器人").click()
    expect(customer.get_by_role("log")).to_contain_text(sentence(HANDED_BACK))
    expect(customer.get_by_text("智能客服 · 在线")).to_be_visible()
    say(customer, "这个月要还多少")
    expect(customer.get_by_role("log")).to_contain_text("您下一期应还3250元")
    assert [one for one in noted(site) if one.startswith("chat")] == ["chat_taken_over", "chat_handed_back"]


def test_a_customer_who_reloads_still_writes_to_the_person(windows: Windows) -> None:
    customer, li = windows.customer(), windows.staff(Role.AGENT)
    open_first(li)
    li.get_by_role("button", name="接管对话").click()
    expect(customer.get_by_text("人工客服 · 在线")).to_be_visible()
    customer.reload()
    customer.get_by_role("button", name="在线客服").click()
    expect(customer.get_by_text("人工客服 · 在线")).to_be_visible()
    say(customer, "还在吗")
    expect(li.get_by_role("log")).to_contain_text("还在吗")


def test_a_second_member_of_staff_sees_who_has_the_chat_and_cannot_write(windows: Windows) -> None:
    windows.customer()
    li, wang = windows.staff(Role.AGENT), windows.staff(Role.SUPERVISOR)
    open_first(li)
    open_first(wang)
    expect(wang.get_by_role("button", name="接管对话")).to_be_visible()
    li.get_by_role("button", name="接管对话").click()
    expect(wang.locator("#state")).to_contain_text("agent 接管")
    expect(wang.get_by_role("button", name="接管对话")).to_be_hidden()
    expect(wang.get_by_label("答复客户")).to_be_hidden()


def test_markup_of_either_side_stays_text_in_both_pages(windows: Windows) -> None:
    customer, li = windows.customer(), windows.staff(Role.AGENT)
    open_first(li)
    titles = customer.title(), li.title()
    li.get_by_role("button", name="接管对话").click()
    expect(li.get_by_label("答复客户")).to_be_visible()
    say(customer, SCRIPT)
    expect(li.locator(".line.customer p").last).to_have_text(SCRIPT)
    li.get_by_label("答复客户").fill(SCRIPT)
    li.get_by_role("button", name="发送").click()
    expect(customer.locator("li.staff .bubble")).to_have_text(SCRIPT)
    assert (customer.title(), li.title()) == titles
    assert li.locator("#lines img").count() == 0


def test_staff_hear_a_web_call_until_it_ends(windows: Windows, site: FakeSite) -> None:
    """The microphone beeps and the fake call echoes it: both sides are heard, and nothing else once it is over."""
    site.call.reply_every_frames = 1_000_000
    customer, li = windows.customer(), windows.staff(Role.AGENT)
    open_first(li)
    expect(li.get_by_role("button", name="旁听通话")).to_be_hidden()
    customer.get_by_role("button", name="语音咨询").click()
    li.get_by_role("button", name="旁听通话").click()
    expect(li.get_by_text("正在旁听，客户听不到您。")).to_be_visible()
    expect(li.get_by_role("button", name="接管对话")).to_be_hidden()
    for level in ("#caller-level", "#bot-level"):
        wait_for_sound(li, level)
    assert "call_listened" in noted(site)
    customer.get_by_role("button", name="挂断").click()
    expect(li.get_by_text("通话已经结束。")).to_be_visible()
    expect(li.get_by_role("button", name="接管对话")).to_be_visible()


def test_the_sound_is_interleaved_pcm_and_ends_when_the_right_to_it_does(
    windows: Windows, site: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_streams, "BEAT_S", 0.2)
    site.call.reply_every_frames = 1_000_000
    customer, li = windows.customer(), windows.staff(Role.AGENT)
    open_first(li)
    customer.get_by_role("button", name="语音咨询").click()
    expect(li.get_by_role("button", name="旁听通话")).to_be_visible()
    cookies = {one["name"]: one["value"] for one in li.context.cookies()}
    received = b""
    with httpx.stream("GET", f"{li.url}/sound", cookies=cookies, trust_env=False, timeout=20) as answer:
        assert (answer.status_code, answer.headers["x-sample-rate"]) == (200, "16000")
        signed_out = False
        for piece in answer.iter_raw():
            received += piece
            if any(received) and not signed_out:  # the microphone beeps, with silence between
                li.get_by_role("button", name="退出").click()
                signed_out = True
    assert signed_out and len(received) % 4 == 0


def test_who_does_not_read_the_stream_does_not_hold_up_the_call(windows: Windows, site: FakeSite) -> None:
    site.call.reply_every_frames = 1_000_000
    customer, li = windows.customer(), windows.staff(Role.AGENT)
    open_first(li)
    customer.get_by_role("button", name="语音咨询").click()
    expect(li.get_by_role("button", name="旁听通话")).to_be_visible()
    cookies = {one["name"]: one["value"] for one in li.context.cookies()}
    with httpx.stream("GET", f"{li.url}/sound", cookies=cookies, trust_env=False, timeout=20):
        heard = len(site.call.frames)
        deadline = time.monotonic() + 30
        while len(site.call.frames) < heard + 150 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(site.call.frames) >= heard + 150


def test_who_may_only_watch_has_neither_button(windows: Windows) -> None:
    windows.customer()
    zhao = windows.staff(Role.QUALITY)
    open_first(zhao)
    expect(zhao.get_by_role("log")).to_contain_text(GREETING)
    for word in ("接管对话", "交还机器人", "旁听", "take-over", "say"):
        assert word not in zhao.locator("main").inner_html(), word


def test_the_queue_is_worked_off_without_a_reload(windows: Windows, site: FakeSite) -> None:
    li, wang = windows.staff(Role.AGENT), windows.staff(Role.SUPERVISOR)
    for page in (li, wang):
        page.get_by_role("link", name="待办登记").click()
        expect(page.get_by_text("没有等待处理的登记。")).to_be_visible()
    IdentityService(site.database, KEYS).open_session("c1", "phone", "13812345678")
    reference = ServiceDesk(site.database, KEYS).record_callback(
        "c1", "after_hours", "要办：还款", wished="11月24日10点"
    )
    for page in (li, wang):
        expect(page.locator(f"#r{reference}")).to_contain_text("希望回电：11月24日10点")
    li.get_by_role("button", name="认领").click()
    expect(wang.locator(f"#r{reference}")).to_contain_text("agent 处理中")
    assert "13812345678" not in li.content()
    li.get_by_role("button", name="显示号码").click()
    expect(li.locator(".number")).to_have_text("13812345678")
    assert "contact_seen" in noted(site)
    li.get_by_role("button", name="完成").click()
    for page in (li, wang):
        expect(page.get_by_text("没有等待处理的登记。")).to_be_visible()
