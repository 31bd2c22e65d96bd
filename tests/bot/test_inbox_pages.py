"""Inbox pages: the list, its views, its file and its live stream."""

import asyncio
import csv
import io
import re

import pytest
from sqlalchemy import select

from actions.lending.conversation_borrowers import ConversationBorrowers
from bot.console.csv_lines import harmless
from bot.console.inbox_index import InboxIndex
from bot.console.inbox_tables import saved_views
from bot.console.live_feed import LiveFeed
from bot.console.permissions import Role
from tests.bot.inbox import talk
from tests.bot.staff import signed_in
from tests.bot.web import KEYS, Web


def indexed(web: Web) -> None:
    """Everything recorded so far can be found."""
    web.recorder.flush()
    InboxIndex(web.database, ConversationBorrowers(web.database, KEYS)).catch_up()


def test_the_list_shows_what_was_found_with_its_words_marked(web: Web) -> None:
    """And keeps what was asked for in the form."""
    talk(web.recorder, "t1", [("我想提前还款", "可以的。")])
    talk(web.recorder, "t2", [("我要贷款", "好的。")])
    indexed(web)
    page = signed_in(web, "li", Role.AGENT).get("/staff/conversations?q=提前还款&channel=chat").text
    assert "我想<mark>提前还款</mark>" in page and "/staff/conversations/t1" in page
    assert "/staff/conversations/t2" not in page
    assert 'value="提前还款"' in page and '<option value="chat" selected>' in page


def test_searches_are_noted_with_numbers_masked_and_refreshes_are_not(web: Web) -> None:
    """What a page asks by itself, or further down, is no second search."""
    li, boss = signed_in(web, "li", Role.AGENT), signed_in(web, "boss", Role.ADMIN)
    for more in ("", "&live=1", "&before=99", "&live=1"):
        li.get(f"/staff/conversations?q=13800000001&borrower=13800000001{more}")
    log = boss.get("/staff/audit?action=searched").text
    assert log.count('<td class="nowrap"><b>li</b>') == 1
    assert "13800000001" not in log and "0001" in log


@pytest.mark.parametrize("more", ["live=1", f"before={'9' * 18}"])
def test_no_address_searches_without_a_trace(web: Web, more: str) -> None:
    """Whoever types what pages add by themselves is noted as well, and so is each search of its own."""
    li = signed_in(web, "li", Role.AGENT)
    li.get(f"/staff/conversations?q=提前还款&{more}")
    li.get(f"/staff/conversations?q=逾期&{more}")
    log = signed_in(web, "boss", Role.ADMIN).get("/staff/audit?action=searched").text
    assert log.count('<td class="nowrap"><b>li</b>') == 2 and "逾期" in log


@pytest.mark.parametrize("query", ["borrower=13800000001", "q=13800000001", "q=330106199001011234"])
def test_a_search_for_somebodys_number_is_not_kept(web: Web, query: str) -> None:
    """Neither a telephone number nor an identity number may lie in a column as it is."""
    li = signed_in(web, "li", Role.AGENT)
    li.post("/staff/views", name="他", query=query)
    li.post("/staff/views", name="分期", query="q=12期")
    with web.database.reading() as connection:
        assert connection.execute(select(saved_views.c.name)).scalars().all() == ["分期"]
    assert 'name="query"' not in li.get(f"/staff/conversations?{query}").text


def test_views_are_kept_used_and_forgotten_by_their_owner_alone(web: Web) -> None:
    """Another's view is neither shown nor removed."""
    li, wang = signed_in(web, "li", Role.AGENT), signed_in(web, "wang", Role.AGENT)
    kept = li.post("/staff/views", name="<b>转接</b>", query="outcome=handed_off&nonsense=1")
    assert kept.headers["location"] == "/staff/conversations?outcome=handed_off"
    page = li.get("/staff/conversations").text
    assert "&lt;b&gt;转接&lt;/b&gt;" in page and "<b>转接" not in page
    view = re.search(r'name="view_id" value="(\w+)"', page)
    assert view and "view_id" not in wang.get("/staff/conversations").text
    wang.post("/staff/views/forget", view_id=view[1])
    assert view[1] in li.get("/staff/conversations").text
    li.post("/staff/views/forget", view_id=view[1])
    assert view[1] not in li.get("/staff/conversations").text
    li.post("/staff/views", name="leer", query="")
    assert "leer" not in li.get("/staff/conversations").text


def test_a_supervisor_exports_what_the_filter_shows_and_that_is_noted(web: Web) -> None:
    """A spreadsheet opens it, and runs nothing in it."""
    talk(web.recorder, "t1", [("=HYPERLINK(1)", "好的。")])
    talk(web.recorder, "t2", [("我要贷款", "好的。")], channel="phone")
    indexed(web)
    boss = signed_in(web, "zhu", Role.SUPERVISOR)
    answer = boss.get("/staff/export/conversations.csv?channel=chat")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows] == ["对话", "t1"]
    assert rows[1][-1] == "'=HYPERLINK(1)"
    log = boss.get("/staff/audit?action=exported").text
    assert "导出" in log and "渠道：chat" in log


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", "＠SUM"]
)
def test_no_cell_of_a_file_is_a_formula(text: str) -> None:
    """The signs of spreadsheets in every width, and with blanks before them."""
    assert harmless(text) == f"'{text}"
    assert harmless(f"我{text}") == f"我{text}"


def test_an_agent_is_offered_no_file(web: Web) -> None:
    """Not even the link."""
    assert "export" not in signed_in(web, "li", Role.AGENT).get("/staff/conversations").text


@pytest.mark.parametrize("before", ["x", "-1", "٣", "9" * 50, "1" * 18])
def test_a_cursor_that_is_none_shows_a_page_all_the_same(web: Web, before: str) -> None:
    """Addresses get cut and glued."""
    assert signed_in(web, "li", Role.AGENT).get(f"/staff/conversations?before={before}").status_code == 200


async def test_the_stream_tells_of_changes_and_ends_with_the_sign_in() -> None:
    """A change once; silence is a comment; whoever is signed out hears of no further change."""
    revisions = iter([1, 1, 2, 2, 3])
    allowed = iter([True, False])
    feed = LiveFeed(lambda: next(revisions, 3), poll_s=0)
    told = [line async for line in feed.events(lambda: next(allowed))]
    assert told == ["retry: 5000\n\n", ":\n\n", "event: inbox\ndata: 2\n\n", ":\n\n"]
    assert not feed.full


async def test_streams_end_at_once_when_the_process_stops() -> None:
    """Uvicorn waits for answers that are still open: without an end of its own a stream would hold it up."""
    feed = LiveFeed(lambda: 1, poll_s=3_600)
    stream = feed.events(lambda: True)
    assert await stream.__anext__() == "retry: 5000\n\n"
    asyncio.get_running_loop().call_soon(feed.close)
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(stream.__anext__(), 30)
    assert [line async for line in feed.events(lambda: True)] == ["retry: 5000\n\n"], "and no new one goes on"


async def test_a_silent_stream_ends_with_the_sign_in_too() -> None:
    """Half a minute later at most."""
    feed = LiveFeed(lambda: 1, poll_s=0)
    assert len([line async for line in feed.events(lambda: False)]) == 15


async def test_streams_are_bounded() -> None:
    """A page beyond the bound goes without news, and a closed one makes room."""
    feed = LiveFeed(lambda: 1, poll_s=60)
    streams = [feed.events(lambda: True) for _ in range(200)]
    for stream in streams:
        await stream.__anext__()
    assert feed.full
    await streams[0].aclose()
    assert not feed.full
    await asyncio.gather(*(stream.aclose() for stream in streams))
