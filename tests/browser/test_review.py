"""The review in a real Chromium, by role: words that light up, the keyboard, forms without a reload, whole numbers."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from actions.lending.conversation_borrowers import ConversationBorrowers
from actions.lending.identity import IdentityService
from bot.console.inbox_index import InboxIndex
from bot.console.permissions import Role
from tests.bot.inbox import talk
from tests.bot.spoken import spoken_call
from tests.bot.web import KEYS
from tests.browser.site import FakeSite, fake_site
from tests.browser.staff_pages import Open, one_of_each_role, opened

pytestmark = pytest.mark.browser
SCRIPT = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
SECTIONS = {
    Role.AGENT: {"复核"},
    Role.QUALITY: {"复核", "评分", "分配复核"},
    Role.SUPERVISOR: {"复核", "评分", "分配复核", "查看完整号码", "打包下载"},
    Role.ADMIN: {"复核", "评分", "分配复核", "查看完整号码", "打包下载"},
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeSite]:
    """Four staff, a call with all its events, some chats."""
    with fake_site(tmp_path_factory.mktemp("review")) as running:
        one_of_each_role(running)
        spoken_call(running.recorder, running.recordings, "call", 1_795_000_000.0)
        for number in range(3):
            talk(running.recorder, f"t{number}", [(f"我要贷款{number}", "好的。")], confidence=0.3)
        identity = IdentityService(running.database, KEYS)
        identity.open_session("call", "phone")
        identity.claim_phone("call", "13800000001")
        index(running)
        yield running


@pytest.fixture
def open_as(chromium: Browser, site: FakeSite) -> Iterator[Open]:
    """Signed in as somebody of this role."""
    yield from opened(chromium, site)


def index(site: FakeSite) -> None:
    """What was said and remarked so far can be found."""
    InboxIndex(site.database, ConversationBorrowers(site.database, KEYS)).catch_up()


def keys_work(page: Page) -> None:
    """The page's scripts have run: before that a key does nothing."""
    expect(page.locator("body[data-keys=yes]")).to_be_attached()


def test_on_a_phone_the_recording_comes_first_then_the_words_then_the_review(
    open_as: Open, site: FakeSite
) -> None:
    page = open_as(Role.QUALITY, width=390)
    page.goto(f"{site.url}staff/conversations/call")
    tops = []
    for one in (page.locator(".facts .call").first, page.locator("#turn1"), page.locator("#review")):
        box = one.bounding_box()
        assert box is not None
        tops.append(box["y"])
    assert tops == sorted(tops)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("role", Role)
def test_each_role_finds_its_tools_and_no_others(open_as: Open, site: FakeSite, role: Role) -> None:
    """Not in the HTML either: neither their names nor their addresses."""
    page = open_as(role)
    page.goto(f"{site.url}staff/conversations/call")
    expect(page.get_by_role("heading", name="复核")).to_be_visible()
    html = page.content()
    for section in SECTIONS[Role.ADMIN]:
        assert (section in html) == (section in SECTIONS[role]), section
    for address, section in (("/numbers", "查看完整号码"), ("bundle.zip", "打包下载"), ("/scores", "评分")):
        assert (address in html) == (section in SECTIONS[role]), address
    assert "13800000001" not in html
    page.goto(f"{site.url}staff/review")
    assert ("抽样" in page.content()) == (role is not Role.AGENT)


def test_words_light_up_while_they_play_and_what_was_not_heard_is_struck_out(
    open_as: Open, site: FakeSite
) -> None:
    page = open_as(Role.QUALITY)
    page.goto(f"{site.url}staff/conversations/call")
    expect(page.locator("canvas[data-drawn=yes]")).to_be_visible()
    expect(page.locator("#turn1 .unheard")).to_have_text("请问您想办什么？")
    assert page.locator("#turn1 .barge").all_inner_texts() == [
        "2.2秒：客户插话，机器人停下听",
        "2.6秒：客户打断了机器人",
    ]
    assert "sure-1" in str(page.locator("#turn2 .customer p").get_attribute("class"))
    page.locator("#turn2 details").first.click()
    expect(page.locator("#turn2 .partials")).to_contain_text("这个月要还")
    page.get_by_role("button", name="从这句答复开始听").nth(1).click()
    expect(page.locator(".w.now")).to_have_count(1)
    page.evaluate("document.querySelector('audio').pause()")
    spoken = "[...document.querySelectorAll('#turn2 .bot .w')].indexOf(document.querySelector('.w.now'))"
    first = page.evaluate(spoken)
    page.evaluate("document.querySelector('audio').play()")
    for _ in range(100):
        if page.evaluate(spoken) > first:
            break
        page.wait_for_timeout(50)
    assert page.evaluate(spoken) > first, "the light goes on with the sound"
    page.evaluate("document.querySelector('audio').pause()")


def settled(page: Page) -> None:
    """htmx has taken the new part over: a form that is sent before is sent as a page, which serves, but reloads."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def test_a_conversation_is_reviewed_by_keyboard_without_a_reload(open_as: Open, site: FakeSite) -> None:
    """Flag, tag, comment, score; the page stays where it was."""
    page = open_as(Role.QUALITY)
    page.goto(f"{site.url}staff/conversations/t0")
    keys_work(page)
    page.evaluate("window.stayed = true")
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="答错")).to_have_attribute("aria-pressed", "true")
    settled(page)
    page.keyboard.press("t")
    page.keyboard.type("话术")
    page.keyboard.press("Enter")
    expect(page.locator(".tag-line .chip")).to_contain_text("话术")
    settled(page)
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type("开头太长 " + SCRIPT)
    page.get_by_role("button", name="发表").last.click()
    expect(page.locator("#review .comments")).to_contain_text("开头太长")
    settled(page)
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    for points in "98769":
        page.keyboard.type(points)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="评分").click()
    expect(page.locator("#review .given")).to_contain_text("7.8")
    settled(page)
    turn = page.locator("#turn1")
    turn.get_by_text("评论").click()
    turn.get_by_label("对这一轮的评论").fill("这里可以更短")
    turn.get_by_role("button", name="发表").click()
    expect(turn.locator(".comments")).to_contain_text("这里可以更短")
    assert page.evaluate("window.stayed") and page.title() != "1"
    index(site)
    page.goto(f"{site.url}staff/conversations?tag=话术&flag=wrong&score=middle")
    expect(page.locator(".inbox .row")).to_have_count(1)


def test_a_sample_is_drawn_and_worked_through(open_as: Open, site: FakeSite) -> None:
    """From 质检's form to the last conversation of 客服."""
    page = open_as(Role.QUALITY)
    page.goto(f"{site.url}staff/review")
    page.get_by_label("从哪些里抽").select_option("low")
    page.get_by_label("百分比").fill("100")
    page.get_by_label("agent").check()
    page.get_by_role("button", name="建立清单").click()
    expect(page.get_by_text("待复核")).to_have_count(3)
    agent = open_as(Role.AGENT)
    agent.goto(f"{site.url}staff/review")
    agent.get_by_role("link", name="接着复核").click()
    for left in (2, 1, 0):
        expect(agent.locator("#review-done")).to_have_text("完成复核")
        keys_work(agent)
        agent.keyboard.press("x")
        expect(agent.locator("#review-done")).to_have_text("重开")
        agent.keyboard.press("n")
        if left:
            agent.wait_for_url("**/staff/conversations/t*")
    agent.wait_for_url("**/staff/review/*")
    expect(agent.get_by_text("3 / 3 完成")).to_be_visible()


def test_whole_numbers_are_shown_at_a_click(open_as: Open, site: FakeSite) -> None:
    page = open_as(Role.SUPERVISOR)
    page.goto(f"{site.url}staff/conversations/call")
    page.get_by_role("button", name="查看完整号码").click()
    expect(page.locator("#numbers")).to_contain_text("13800000001")


def test_a_bundle_is_downloaded(open_as: Open, site: FakeSite, tmp_path: Path) -> None:
    page = open_as(Role.SUPERVISOR)
    page.goto(f"{site.url}staff/conversations/call")
    with page.expect_download() as download:
        page.get_by_role("link", name="打包下载").click()
    assert download.value.suggested_filename == "conversation-call.zip"
    download.value.save_as(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert archive.testzip() is None and "recording-call.wav" in archive.namelist()


@pytest.mark.parametrize("width", [1280, 834])
def test_no_page_of_the_review_is_wider_than_the_screen(open_as: Open, site: FakeSite, width: int) -> None:
    page = open_as(Role.ADMIN, width=width)
    for path in ("review", "review/sheet", "conversations/call", "conversations?score=none"):
        page.goto(f"{site.url}staff/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
