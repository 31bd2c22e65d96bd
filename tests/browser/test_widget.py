"""The widget in a real Chromium: typing, reconnecting, keyboard, screen reader, phone, voice."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect
from sqlalchemy import select

from bot.transcript_tables import conversations
from tests.browser.conftest import PHONE
from tests.browser.site import FakeSite
from tests.fakes import GREETING

pytestmark = pytest.mark.browser


def open_widget(page: Page) -> None:
    """Press the launcher and wait for the greeting."""
    page.get_by_role("button", name="在线客服").click()
    expect(page.get_by_role("log")).to_contain_text(GREETING)


def say(page: Page, text: str) -> None:
    """Type and send with Enter."""
    field = page.get_by_label("请输入您的问题")
    field.fill(text)
    field.press("Enter")


def bubbles(page: Page) -> list[str]:
    """Everything said, in order."""
    return page.locator("li .bubble").all_inner_texts()


def test_a_customer_types_and_reads_the_answer(page: Page) -> None:
    """The whole way through the browser, with the figure as the dialogue wrote it."""
    open_widget(page)
    say(page, "这个月要还多少")
    expect(page.get_by_role("log")).to_contain_text("您下一期应还3250元，还款日是12月15日。")
    assert bubbles(page) == [GREETING, "这个月要还多少", "您下一期应还3250元，还款日是12月15日。"]


def test_quick_replies_are_buttons_that_say_their_text(page: Page) -> None:
    """They belong to the last reply and go away when used."""
    open_widget(page)
    page.get_by_role("group", name="快捷回复").get_by_role("button", name="我能借多少").click()
    expect(page.get_by_role("log")).to_contain_text("您说的是：我能借多少")
    expect(page.get_by_role("group", name="快捷回复")).to_have_count(0)


def test_the_typing_indicator_shows_while_the_bot_thinks(page: Page, site: FakeSite) -> None:
    """And goes away with the answer."""
    open_widget(page)
    site.dialogue.hold = asyncio.Event()
    say(page, "我能借多少")
    expect(page.locator(".typing")).to_be_visible()
    site.dialogue.hold.set()
    expect(page.get_by_role("log")).to_contain_text("您说的是：我能借多少")
    expect(page.locator(".typing")).to_be_hidden()


def test_a_broken_connection_loses_and_doubles_no_message(page: Page, site: FakeSite) -> None:
    """Messages typed while nothing gets through arrive once each, in order, when the line is back."""
    line = {"cut": False}
    routes: list[WebSocketRoute] = []

    def carry(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        routes.append(route)
        route.on_message(lambda message: None if line["cut"] else server.send(message))
        server.on_message(lambda message: None if line["cut"] else route.send(message))

    page.route_web_socket(re.compile("/chat$"), carry)
    page.reload()
    open_widget(page)
    say(page, "第一句")
    expect(page.get_by_role("log")).to_contain_text("您说的是：第一句")
    line["cut"] = True
    say(page, "第二句")
    say(page, "第三句")
    expect(page.locator("li.pending")).to_have_count(2)
    line["cut"] = False
    routes[0].close(code=1011)
    expect(page.get_by_role("log")).to_contain_text("您说的是：第三句", timeout=15_000)
    expect(page.locator("li.pending")).to_have_count(0)
    assert [text for _, text, _ in site.dialogue.sent] == ["第一句", "第二句", "第三句"]
    said = bubbles(page)
    assert sorted(said) == sorted(set(said)), "nothing is shown twice"
    assert {"您说的是：第一句", "您说的是：第二句", "您说的是：第三句"} <= set(said)


def test_an_answer_lost_on_the_way_is_shown_after_reconnecting(page: Page, site: FakeSite) -> None:
    """The server took the message but its answer never arrived: the replay brings it, the dialogue is asked once."""
    line = {"deaf": False}
    routes: list[WebSocketRoute] = []

    def carry(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        routes.append(route)
        server.on_message(lambda message: None if line["deaf"] else route.send(message))

    page.route_web_socket(re.compile("/chat$"), carry)
    page.reload()
    open_widget(page)
    line["deaf"] = True
    say(page, "我能借多少")
    for _ in range(100):
        if site.dialogue.sent:
            break
        page.wait_for_timeout(50)
    line["deaf"] = False
    routes[0].close(code=1011)
    expect(page.get_by_role("log")).to_contain_text("您说的是：我能借多少", timeout=15_000)
    assert [text for _, text, _ in site.dialogue.sent] == ["我能借多少"]


def test_a_reload_goes_on_with_the_conversation(page: Page, site: FakeSite) -> None:
    """The tab keeps its token; what was said is shown again and nobody is greeted twice."""
    open_widget(page)
    say(page, "我能借多少")
    expect(page.get_by_role("log")).to_contain_text("您说的是：我能借多少")
    page.reload()
    open_widget(page)
    expect(page.get_by_role("log")).to_contain_text("您说的是：我能借多少")
    assert bubbles(page) == [GREETING, "我能借多少", "您说的是：我能借多少"]
    assert len(site.dialogue.started) == 1


def test_another_tab_is_another_conversation(page: Page, site: FakeSite) -> None:
    """sessionStorage belongs to the tab."""
    open_widget(page)
    other = page.context.new_page()
    other.goto(site.url)
    open_widget(other)
    assert len({sender for sender, _ in site.dialogue.started}) == 2


def test_markup_in_messages_is_shown_as_text(page: Page) -> None:
    """Neither the customer's nor the bot's words run."""
    open_widget(page)
    attack = '<img src=x onerror="document.title=1"><b>粗</b>'
    say(page, attack)
    expect(page.get_by_role("log")).to_contain_text(f"您说的是：{attack}")
    assert page.locator("li img, li b").count() == 0
    assert page.title() != "1"


def test_the_button_for_a_person_asks_for_one(page: Page, site: FakeSite) -> None:
    """Always in reach, in the header."""
    open_widget(page)
    page.get_by_role("button", name="转人工").click()
    expect(page.get_by_role("log")).to_contain_text("已为您登记转人工")
    assert site.dialogue.sent[-1][1] == "转人工"


def test_after_goodbye_a_new_conversation_can_be_begun(page: Page, site: FakeSite) -> None:
    """The old one is over for good."""
    open_widget(page)
    say(page, "再见")
    expect(page.get_by_role("log")).to_contain_text("对话已结束")
    expect(page.locator(".typing")).to_be_hidden()
    page.get_by_role("button", name="开始新的对话").click()
    expect(page.get_by_role("log")).to_contain_text(GREETING)
    say(page, "我能借多少")
    expect(page.get_by_role("log")).to_contain_text("您说的是：我能借多少")
    assert len({sender for sender, _, _ in site.dialogue.sent}) == 2


def test_a_message_typed_into_a_conversation_that_ran_out_begins_a_new_one(
    page: Page, site: FakeSite
) -> None:
    """The page missed the end; its message is answered in a new conversation, where nobody is verified."""
    routes: list[WebSocketRoute] = []

    def carry(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        routes.append(route)
        first = len(routes) == 1
        server.on_message(
            lambda message: None if first and '"ended"' in str(message) and deaf else route.send(message)
        )

    deaf = [True]
    page.route_web_socket(re.compile("/chat$"), carry)
    page.reload()
    open_widget(page)
    say(page, "再见")
    expect(page.get_by_role("log")).to_contain_text("感谢您的来电")
    deaf.clear()
    say(page, "我能借多少")
    expect(page.get_by_role("log")).to_contain_text("您说的是：我能借多少", timeout=15_000)
    expect(page.get_by_role("log")).to_contain_text("已为您开始新的对话")
    assert len({sender for sender, _, _ in site.dialogue.sent}) == 2


def test_after_a_goodbye_one_tap_says_how_it_was(page: Page, site: FakeSite) -> None:
    """Or none: the next conversation begins without it."""
    open_widget(page)
    say(page, "谢谢再见")
    page.get_by_role("button", name="4 分").click()
    expect(page.get_by_role("log")).to_contain_text("谢谢您的评价")
    expect(page.get_by_role("group", name="请为这次服务打分")).to_be_hidden()
    expect(page.get_by_role("button", name="开始新的对话")).to_be_focused()
    site.recorder.flush()
    with site.database.reading() as connection:
        assert connection.execute(select(conversations.c.rating)).scalar_one() == 4


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    """Open, type, send, close: focus goes to the field, and back to the launcher."""
    page.get_by_role("button", name="在线客服").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("请输入您的问题")).to_be_focused()
    page.keyboard.type("我能借多少")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("您说的是：我能借多少")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="在线客服")).to_be_focused()


def test_enter_within_an_input_method_does_not_send(page: Page, site: FakeSite) -> None:
    """Enter chooses a candidate word while 拼音 is being composed."""
    open_widget(page)
    field = page.get_by_label("请输入您的问题")
    field.fill("huankuan")
    field.dispatch_event(
        "keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True}
    )
    page.wait_for_timeout(200)
    assert site.dialogue.sent == []
    expect(field).to_have_value("huankuan")


def test_a_screen_reader_finds_names_roles_and_live_regions(page: Page) -> None:
    """Each control has a Chinese name; the log announces politely; who speaks is said."""
    open_widget(page)
    say(page, "我能借多少")
    expect(page.get_by_role("dialog", name="首贷")).to_be_visible()
    assert page.get_by_role("log").get_attribute("aria-live") == "polite"
    for button in page.get_by_role("dialog").get_by_role("button").all():
        name = button.get_attribute("aria-label") or button.inner_text()
        assert re.search(r"[一-鿿]", name), name
    expect(page.get_by_role("log")).to_contain_text("客服：")


def test_on_a_phone_the_widget_is_a_sheet_over_the_whole_screen(chromium: Browser, site: FakeSite) -> None:
    """360 x 740: nothing sticks out sideways, touch targets are large, focus stays in the sheet."""
    context = chromium.new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="zh-CN")
    page = context.new_page()
    page.goto(site.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    open_widget(page)
    box: Any = page.get_by_role("dialog").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    say(page, "一个很长很长没有空格的词" * 20)
    expect(page.locator("li.customer")).to_have_count(1)
    for button in page.get_by_role("dialog").get_by_role("button").all():
        size: Any = button.bounding_box()
        assert size["height"] >= 36 and size["x"] >= 0 and size["x"] + size["width"] <= 360
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.hasAttribute('data-shoudai-widget')")
    context.close()


def test_the_page_may_bring_its_own_styles_without_harm(page: Page) -> None:
    """The shadow root keeps them out."""
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { font-size: 99px !important; letter-spacing: 9px !important; color: red !important; }');
        document.adoptedStyleSheets = [sheet]; }"""
    )
    open_widget(page)
    style = page.locator("li .bubble").first.evaluate(
        "bubble => (({ fontSize, letterSpacing, color }) => [fontSize, letterSpacing, color])(getComputedStyle(bubble))"
    )
    assert style == ["16px", "normal", "rgb(23, 48, 43)"]


PLAYED = """
window.played = [];
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...rest) {
  if (target instanceof AudioDestinationNode) {
    const tap = this.context.createScriptProcessor(1024, 1, 1);
    tap.onaudioprocess = ({ inputBuffer, outputBuffer }) => {
      window.played.push(...inputBuffer.getChannelData(0));
    };
    connect.call(this, tap);
    connect.call(tap, target);
  }
  return connect.call(this, target, ...rest);
};
"""
"""What the widget sends to the loudspeaker, after its own playback worklet."""


def wait_for_sound(page: Page) -> None:
    """Wait until the loudspeaker gets more than noise (the page's policy forbids Playwright's own waiting)."""
    for _ in range(150):
        if page.evaluate("window.played.some(sample => Math.abs(sample) > 0.05)"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the loudspeaker stayed silent")


def test_sound_goes_from_the_microphone_to_the_call_and_back_to_the_loudspeaker(
    page: Page, site: FakeSite
) -> None:
    """Chromium's fake microphone beeps; the fake call echoes; the loudspeaker gets the beeps."""
    page.add_init_script(PLAYED)
    page.reload()
    open_widget(page)
    page.get_by_role("button", name="语音咨询").click()
    expect(page.locator(".call .state")).to_contain_text("正在")
    wait_for_sound(page)
    expect(page.get_by_role("log")).to_contain_text("这个月要还多少", timeout=15_000)
    page.get_by_role("button", name="挂断").click()
    expect(page.get_by_label("请输入您的问题")).to_be_visible()
    assert all(len(frame.pcm) == 640 for frame in site.call.frames)
    assert any(max(frame.pcm) > 0 for frame in site.call.frames)


def test_clear_silences_the_loudspeaker(page: Page, site: FakeSite) -> None:
    """A key of the keypad makes the fake call clear and go silent: what was buffered is not played."""
    page.add_init_script(PLAYED)
    site.call.reply_every_frames = 1_000_000
    page.reload()
    open_widget(page)
    page.get_by_role("button", name="语音咨询").click()
    wait_for_sound(page)
    site.call.echo = False
    page.get_by_role("button", name="按键").click()
    page.get_by_role("button", name="5", exact=True).click()
    page.wait_for_timeout(500)
    page.evaluate("window.played.length = 0")
    page.wait_for_timeout(700)
    assert site.call.keys == ["5"]
    assert page.evaluate("window.played.length") > 0
    assert page.evaluate("Math.max(...window.played.map(Math.abs))") == 0


def test_without_a_microphone_the_customer_is_told_what_to_do(chromium: Browser, site: FakeSite) -> None:
    """A sentence in the log, and the text field is back."""
    context = chromium.new_context(locale="zh-CN")
    context.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));"
    )
    page = context.new_page()
    page.goto(site.url)
    open_widget(page)
    page.get_by_role("button", name="语音咨询").click()
    expect(page.get_by_role("log")).to_contain_text("没有麦克风权限")
    expect(page.get_by_label("请输入您的问题")).to_be_visible()
    context.close()


@contextmanager
def another_site(folder: Path) -> Iterator[str]:
    """A plain file server: another origin."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/host.html"
        server.shutdown()


def test_another_sites_page_can_embed_the_widget_only_when_it_is_allowed(
    chromium: Browser, site: FakeSite, tmp_path: Path
) -> None:
    """One tag and the widget is there; but the conversation opens only for configured origins."""
    tag = f'<script type="module" src="{site.url}widget/shoudai.js"></script>'
    (tmp_path / "host.html").write_text(f"<!doctype html><meta charset=utf-8><p>别人的网页</p>{tag}")
    page = chromium.new_page(locale="zh-CN")
    with another_site(tmp_path) as address:
        page.goto(address)
        page.get_by_role("button", name="在线客服").click()
        expect(page.locator(".connection")).to_contain_text("正在重新连接")
        assert site.dialogue.started == []
        site.allow(address)
        expect(page.get_by_role("log")).to_contain_text(GREETING, timeout=20_000)
    page.close()
