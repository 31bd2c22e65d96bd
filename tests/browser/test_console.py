"""The staff console in a real Chromium: each role's pages, the search, the keyboard, the live list, light and dark."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from actions.lending.conversation_borrowers import ConversationBorrowers
from bot.console.audit_log import Action, AuditFilter, AuditLog
from bot.console.inbox_index import InboxIndex
from bot.console.permissions import Role
from bot.transcripts import ConversationState
from tests.bot.inbox import talk
from tests.bot.web import KEYS
from tests.browser.site import FakeSite, fake_site
from tests.browser.staff_pages import Open, one_of_each_role, opened
from voice.dialogue import DialogueTurn, Message
from voice.events import CallEnded, CallStarted

pytestmark = pytest.mark.browser

PAGES = {
    "对话": "/staff/conversations",
    "正在进行": "/staff/live",
    "复核": "/staff/review",
    "待办登记": "/staff/handoffs",
    "数据看板": "/staff/dashboards",
    "个人数据": "/staff/data-rights",
    "教学": "/staff/teaching",
    "账号": "/staff/users",
    "操作记录": "/staff/audit",
}
SEEN_BY = {
    Role.AGENT: ("对话", "正在进行", "复核", "待办登记"),
    Role.QUALITY: ("对话", "正在进行", "复核", "教学"),
    Role.SUPERVISOR: (
        "对话",
        "正在进行",
        "复核",
        "待办登记",
        "数据看板",
        "个人数据",
        "教学",
        "账号",
        "操作记录",
    ),
    Role.ADMIN: ("对话", "正在进行", "复核", "待办登记", "数据看板", "个人数据", "教学", "账号", "操作记录"),
}
SCRIPT = '<img src=x onerror="document.title=1"><script>document.title=1</script>'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeSite]:
    """Four staff, one of each role, and some conversations."""
    with fake_site(tmp_path_factory.mktemp("console")) as running:
        one_of_each_role(running)
        for number in range(4):
            talk(running.recorder, f"t{number}", [(f"我要贷款{number}", "请问您想借多少？")])
        talk(running.recorder, "early", [("我想提前还款", "提前还款没有违约金。")])
        talk(running.recorder, "script", [(SCRIPT, SCRIPT)])
        record(running)
        index(running)
        yield running


def record(site: FakeSite) -> None:
    """A call of four seconds whose second sentence begins in the third."""
    site.recorder.on_event(CallStarted("call", 0, 1_795_000_000.0, transport="browser", sample_rate=8_000))
    state = ConversationState("call", "browser")
    for at_ms, words in ((500, "我要还款"), (2_500, "还多少")):
        turn = DialogueTurn(messages=(Message("好的。"),), understood_text=words)
        site.recorder.add_turn(state, "voice", words, turn, {"speech_start_ms": at_ms}, call_id="call")
    writer = site.recordings.create("call", 8_000)
    writer.write(b"\x00\x20\x00\x00" * 32_000)
    writer.close()
    site.recorder.on_event(CallEnded("call", 4_000, 1_795_000_004.0, ended_by="caller"))
    site.recorder.recording_kept("call", writer.name, writer.encrypted)
    site.recorder.flush()


def index(site: FakeSite) -> None:
    """Everything said so far can be found."""
    InboxIndex(site.database, ConversationBorrowers(site.database, KEYS)).catch_up()


@pytest.fixture
def open_as(chromium: Browser, site: FakeSite) -> Iterator[Open]:
    """Sign in through the form as somebody of this role; any error in scripts or against the policy fails the test."""
    yield from opened(chromium, site)


@pytest.mark.parametrize("role", Role)
def test_each_role_finds_its_pages_in_the_menu_and_no_other(
    open_as: Open, site: FakeSite, role: Role
) -> None:
    """Every page of the menu opens; the others answer with a refusal, and their words are not in the page."""
    page = open_as(role)
    menu = page.get_by_role("navigation", name="主菜单").get_by_role("link")
    assert tuple(text.strip() for text in menu.all_inner_texts()) == SEEN_BY[role]
    for title, path in PAGES.items():
        page.goto(site.url.rstrip("/") + path)
        if title in SEEN_BY[role]:
            expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        else:
            expect(page.get_by_text("您的角色没有这个权限。")).to_be_visible()
            expect(page.get_by_role("heading", name=title, exact=True)).to_have_count(0)


def test_typing_searches_without_a_reload_and_marks_what_was_found(open_as: Open) -> None:
    """The address follows, so that it can be sent to a colleague."""
    page = open_as(Role.AGENT)
    page.evaluate("window.stayed = true")
    page.keyboard.press("/")
    page.keyboard.type("提前还")
    expect(page.locator(".inbox .row")).to_have_count(1)
    expect(page.locator(".inbox mark").first).to_have_text("提前还")
    assert "q=" in page.url and page.evaluate("window.stayed")
    page.reload()
    expect(page.locator(".inbox .row")).to_have_count(1)


def test_the_keyboard_moves_through_the_list_and_opens(open_as: Open) -> None:
    """j down, k up, Enter opens."""
    page = open_as(Role.QUALITY)
    rows = page.locator(".inbox .row")
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(rows.nth(at)).to_be_focused()
    wanted = rows.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")


def test_a_new_conversation_appears_by_itself(open_as: Open, site: FakeSite) -> None:
    """Pushed by the server; where the reader was in the list stays."""
    page = open_as(Role.AGENT)
    expect(page.locator("#live")).to_be_visible()
    page.keyboard.press("j")
    focused = page.evaluate("document.activeElement.id")
    talk(site.recorder, "fresh", [("刚刚才说的话", "好的。")])
    index(site)
    expect(page.get_by_text("刚刚才说的话")).to_be_visible(timeout=10_000)
    assert page.evaluate("document.activeElement.id") == focused


def test_words_of_customers_never_run(open_as: Open, site: FakeSite) -> None:
    """In the list, in a snippet and in the conversation."""
    page = open_as(Role.ADMIN)
    for path in ("staff/conversations", "staff/conversations?q=onerror", "staff/conversations/script"):
        page.goto(site.url + path)
        expect(page.get_by_text("onerror").first).to_be_visible()
        assert page.title() != "1" and page.locator("main img[src=x]").count() == 0


def test_a_sentence_is_heard_at_a_click_and_framed_while_it_plays(open_as: Open, site: FakeSite) -> None:
    """By its sign, or by a place in the two lanes."""
    page = open_as(Role.QUALITY)
    page.goto(f"{site.url}staff/conversations/call")
    expect(page.locator("canvas[data-drawn=yes]")).to_be_visible()
    heard = AuditFilter(action=Action.RECORDING_HEARD.value)
    assert AuditLog(site.database).page(heard) == [], "to look at the lanes is not to hear"
    page.get_by_role("button", name="从这句话开始听").nth(1).click()
    expect(page.locator("#turn2.playing")).to_be_visible()
    assert page.evaluate("document.querySelector('audio').currentTime") >= 2.5
    assert len(AuditLog(site.database).page(heard)) == 1
    page.locator("canvas.lanes").click(position={"x": 60, "y": 20})
    expect(page.locator("#turn1.playing")).to_be_visible()


def test_charts_are_drawn_and_lead_to_the_conversations_behind_them(open_as: Open, site: FakeSite) -> None:
    """By a click on a bar, and by the table that says the same in words."""
    page = open_as(Role.SUPERVISOR)
    page.goto(f"{site.url}staff/dashboards")
    chart = page.locator("section", has=page.get_by_role("heading", name="最多的意图"))
    expect(chart.locator("[data-drawn=yes] canvas")).to_be_visible()
    box = chart.locator("canvas").bounding_box()
    assert box is not None
    chart.locator("canvas").click(position={"x": box["width"] / 2, "y": box["height"] / 3})
    page.wait_for_url("**/staff/conversations?*intent=*")
    expect(page.locator(".inbox .row").first).to_be_visible()
    page.go_back()
    chart.get_by_text("表格", exact=True).click()
    chart.get_by_role("rowheader").get_by_role("link").first.click()
    page.wait_for_url("**/staff/conversations?*intent=*")


def test_a_chart_is_saved_as_a_file_by_who_may(open_as: Open, site: FakeSite) -> None:
    page = open_as(Role.ADMIN)
    page.goto(f"{site.url}staff/dashboards")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"导出表格\s*：对话量")).click()
    assert download.value.suggested_filename == "volume.csv"


def test_light_and_dark_are_chosen_once(open_as: Open) -> None:
    """The choice outlives the page and wins over the system's."""
    page = open_as(Role.AGENT, dark=True)
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.get_by_role("button", name="深色／浅色").click()
    light = page.evaluate(paper)
    assert light != dark
    page.reload()
    assert page.evaluate(paper) == light


@pytest.mark.parametrize("width", [1280, 834])
def test_no_page_is_wider_than_the_screen(open_as: Open, site: FakeSite, width: int) -> None:
    """On a desk and on a tablet; the menu keeps its names for those who cannot see its signs."""
    page = open_as(Role.ADMIN, width=width)
    for path in (*PAGES.values(), "/staff/me", "/staff/conversations/early"):
        page.goto(site.url.rstrip("/") + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        hidden = (
            "[...document.querySelectorAll('.table')].filter(one => one.scrollWidth > one.clientWidth).length"
        )
        assert page.evaluate(hidden) == 0, f"{path}: what may be done stands beyond the edge of a table"
        expect(page.get_by_role("link", name=re.compile("操作记录"))).to_be_visible()


def test_an_account_is_made_and_its_owner_begins_with_a_password_of_his_own(
    open_as: Open, site: FakeSite, chromium: Browser
) -> None:
    """From the administrator's page to the new colleague's first click."""
    page = open_as(Role.ADMIN)
    page.goto(f"{site.url}staff/users")
    page.get_by_label("账号").fill("小陈")
    page.get_by_label("客服").first.check()
    page.get_by_role("button", name="新建").click()
    first = page.locator(".good .secret").inner_text()
    other = chromium.new_context(locale="zh-CN").new_page()
    other.goto(f"{site.url}staff")
    other.get_by_label("账号").fill("小陈")
    other.get_by_label("密码").fill(first)
    other.get_by_role("button", name="登录").click()
    expect(other.get_by_text("请先换成自己的密码")).to_be_visible()
    other.get_by_label("现在的密码").fill(first)
    for label in ("新密码（至少10个字符）", "再输一遍新密码"):
        other.get_by_label(label).fill("a much better password")
    other.get_by_role("button", name="修改密码").click()
    expect(other.get_by_text("密码已修改")).to_be_visible()
    other.get_by_role("link", name="对话").first.click()
    expect(other.get_by_role("heading", name="对话", exact=True)).to_be_visible()
    other.context.close()
