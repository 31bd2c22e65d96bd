"""The review: tags, flags, comments, scores, samples and lists; who may do what, and that nothing said in it runs."""

import re

import pytest

from actions.lending.conversation_borrowers import ConversationBorrowers
from bot.console.inbox_index import InboxIndex
from bot.console.inbox_search import InboxSearch
from bot.console.permissions import Role
from bot.console.review.desk import open_review
from bot.console.review.score_sheet import SheetRefused
from tests.bot.inbox import found, talk
from tests.bot.staff import StaffBrowser, signed_in
from tests.bot.test_inbox_pages import indexed
from tests.bot.web import KEYS, Web

SCRIPT = '<img src=x onerror="alert(1)"><script>alert(1)</script>'
ONE = "/staff/conversations/t1"
POINTS = {"sheet": "1", "c1": "9", "c2": "8", "c3": "10", "c4": "7", "c5": "6"}


@pytest.fixture
def talked(web: Web) -> Web:
    """Four conversations, one of them a complaint, one not understood."""
    talk(web.recorder, "t1", [("我要还款", "好的。")])
    talk(web.recorder, "t2", [("我要投诉你们", "很抱歉。")], intent="complain")
    talk(web.recorder, "t3", [("嗯那个", "请再说一遍。")], confidence=0.3)
    talk(web.recorder, "t4", [("你好", "您好。")], ended_by=None)
    indexed(web)
    return web


def ids(web: Web, **asked: str) -> set[str]:
    """What the inbox finds."""
    borrowers = ConversationBorrowers(web.database, KEYS)
    return set(found(InboxSearch(web.database, borrowers), InboxIndex(web.database, borrowers), **asked))


def log_of(web: Web, action: str) -> str:
    """The audit log's page of one kind of deed."""
    boss = signed_in(web, f"boss-{action}", Role.ADMIN)
    return boss.get(f"/staff/audit?action={action}").text


def item_ids(page: str) -> list[str]:
    """Of the forms of a list's page."""
    return re.findall(r'name="item_id" value="(\w+)"', page)


def sampled(browser: StaffBrowser, kind: str, percent: str, assignees: list[str]) -> str:
    """Draw a sample; the address of its list."""
    answer = browser.post("/staff/review", kind=kind, percent=percent, assignees=assignees)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_tags_are_found_suggested_and_taken_away(talked: Web) -> None:
    li = signed_in(talked, "li", Role.AGENT)
    for path, tag in ((ONE, " 话术  问题 "), (ONE, "话术 问题"), ("/staff/conversations/t2", "话术 问题")):
        assert li.post(f"{path}/tags", tag=tag).status_code == 303
    assert ids(talked, tag="话术 问题") == {"t1", "t2"}
    assert '<option value="话术 问题">' in li.get("/staff/conversations/t3").text
    li.post(f"{ONE}/tags", remove="话术 问题")
    assert ids(talked, tag="话术 问题") == {"t2"}
    assert log_of(talked, "tagged").count('<td class="nowrap"><b>li</b>') == 2
    assert "话术 问题" in log_of(talked, "untagged")


def test_flags_go_on_and_off_and_are_found(talked: Web) -> None:
    li = signed_in(talked, "li", Role.AGENT)
    for _ in range(2):
        li.post(f"{ONE}/flags", flag="risk", on="true")
    assert ids(talked, flag="risk") == {"t1"} and ids(talked, flag="wrong") == set()
    li.post(f"{ONE}/flags", flag="risk", on="false")
    assert ids(talked, flag="risk") == set()
    assert log_of(talked, "flagged").count("risk") == 1


def test_a_comment_belongs_to_a_turn_of_its_conversation_and_masks_numbers(talked: Web) -> None:
    li = signed_in(talked, "li", Role.AGENT)
    page = li.get("/staff/conversations/t2").text
    other = re.search(r'name="turn_id" value="(\w+)"', page)
    assert other
    assert li.post(f"{ONE}/comments", text="答得不对", turn_id=other[1]).status_code == 400
    li.post("/staff/conversations/t2/comments", text="回电13800000001没人接", turn_id=other[1])
    page = li.get("/staff/conversations/t2").text
    assert "尾号0001" in page and "13800000001" not in page
    assert "没人接" not in log_of(talked, "commented"), "what a comment says stays out of the log"


def test_only_its_author_removes_a_comment_and_only_from_its_own_conversation(talked: Web) -> None:
    li, wang = signed_in(talked, "li", Role.AGENT), signed_in(talked, "wang", Role.ADMIN)
    li.post(f"{ONE}/comments", text="要再看看")
    comment = re.search(r'name="remove" value="(\w{32})"', li.get(ONE).text)
    assert comment and comment[1] not in wang.get(ONE).text
    wang.post(f"{ONE}/comments", remove=comment[1])
    li.post("/staff/conversations/t2/comments", remove=comment[1])
    assert "要再看看" in li.get(ONE).text
    li.post(f"{ONE}/comments", remove=comment[1])
    assert "要再看看" not in li.get(ONE).text


def test_nothing_that_staff_write_runs(talked: Web) -> None:
    """Tags, comments, notes and the score sheet, on every page that shows them."""
    boss = signed_in(talked, "zhu", Role.SUPERVISOR)
    boss.post(f"{ONE}/tags", tag="<b>x</b><script>")
    boss.post(f"{ONE}/comments", text=SCRIPT)
    boss.post("/staff/review/sheet", criteria="<script>：<img src=x>")
    boss.post(f"{ONE}/scores", sheet="2", c1="5", note=SCRIPT)
    indexed(talked)
    for path in (ONE, "/staff/conversations", "/staff/review/sheet", "/staff/audit"):
        page = boss.get(path).text
        assert "<script>" not in page.replace("<script defer", "") and "<img src=x" not in page, path


def test_scores_keep_their_version_of_the_sheet(talked: Web) -> None:
    boss = signed_in(talked, "zhu", Role.SUPERVISOR)
    assert boss.post(f"{ONE}/scores", **POINTS).status_code == 303
    assert ids(talked, score="high") == {"t1"}
    boss.post("/staff/review/sheet", criteria="态度：是否耐心\n准确")
    assert boss.post(f"{ONE}/scores", **POINTS).status_code == 400, "the old sheet is over"
    boss.post(f"{ONE}/scores", sheet="2", c1="1", c2="2")
    page = boss.get(ONE).text
    assert "第 1 版" in page and "听懂来意" in page and "第 2 版" in page and "是否耐心" in page
    assert ids(talked, score="low") == {"t1"}, "the mean of 8.0 and 1.5"
    assert ids(talked, score="none") == {"t2", "t3", "t4"}
    log = log_of(talked, "scored")
    assert "得分：听懂来意 9、答复正确 8" in log and "得分：态度 1、准确 2" in log


@pytest.mark.parametrize("bad", ["0", "11", "0019", "", "5.5", "٥", "-3"])
def test_a_score_is_whole_and_from_one_to_ten(talked: Web, bad: str) -> None:
    zhi = signed_in(talked, "zhi", Role.QUALITY)
    assert zhi.post(f"{ONE}/scores", **POINTS | {"c2": bad}).status_code == 400
    assert ids(talked, score="none") >= {"t1"}


def test_a_sheet_that_did_not_change_is_no_new_version(talked: Web) -> None:
    sheets = open_review(talked.database).sheets
    assert sheets.change(sheets.newest().text(), "zhu").version == 1
    assert sheets.change("一：\n二：", "zhu").version == 2
    for bad in ("", "一\n一", "\n".join(f"第{number}项" for number in range(13)), "名" * 13):
        with pytest.raises(SheetRefused):
            sheets.change(bad, "zhu")


def test_an_agent_sees_no_score_and_cannot_ask_for_one(talked: Web) -> None:
    """Neither in the page, nor by the address of the inbox."""
    signed_in(talked, "zhi", Role.QUALITY).post(f"{ONE}/scores", note="一般般", **POINTS)
    indexed(talked)
    li = signed_in(talked, "li", Role.AGENT)
    page = li.get(ONE).text
    assert "评分" not in page and "一般般" not in page and "分配复核" not in page and "完整号码" not in page
    assert "bundle.zip" not in page
    listed = li.get("/staff/conversations?score=none").text
    assert ONE in listed and 'name="score"' not in listed


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("random", {"t1", "t2", "t3"}), ("low", {"t3"}), ("complaints", {"t2"}), ("disclosures", set())],
)
def test_a_sample_draws_from_what_fits_and_is_over(talked: Web, kind: str, wanted: set[str]) -> None:
    zhi = signed_in(talked, "zhi", Role.QUALITY)
    answer = zhi.post("/staff/review", kind=kind, percent="100", assignees=["zhi"])
    assert answer.status_code == (303 if wanted else 400)
    assert ids(talked, review="open") == ids(talked, assignee="zhi") == wanted


def test_a_share_is_a_share_and_goes_round(talked: Web) -> None:
    zhi = signed_in(talked, "zhi", Role.QUALITY)
    signed_in(talked, "li", Role.AGENT)
    sampled(zhi, kind="random", percent="34", assignees=["li", "zhi"])
    assert len(ids(talked, review="open")) == 2
    assert len(ids(talked, assignee="li")) == len(ids(talked, assignee="zhi")) == 1
    assert zhi.post("/staff/review", kind="random", percent="10", assignees=["ghost"]).status_code == 400


def test_an_agent_works_through_his_own_items_and_no_others(talked: Web) -> None:
    """IDOR: another's list, another's item."""
    zhi, li = signed_in(talked, "zhi", Role.QUALITY), signed_in(talked, "li", Role.AGENT)
    theirs = sampled(zhi, kind="complaints", percent="100", assignees=["zhi"])
    mine = sampled(zhi, kind="low", percent="100", assignees=["li"])
    assert li.get(theirs).status_code == 404 and li.get(f"{theirs}/next").headers["location"] == theirs
    (foreign,) = set(item_ids(zhi.get(theirs).text))
    assert li.post("/staff/review/items/done", item_id=foreign).status_code == 404
    assert li.post("/staff/review/items/assignee", item_id=foreign, assignee="li").status_code == 403
    assert theirs not in li.get("/staff/review").text and mine in li.get("/staff/review").text
    assert li.get(f"{mine}/next").headers["location"] == "/staff/conversations/t3"
    (own,) = set(item_ids(li.get("/staff/conversations/t3").text))
    li.post("/staff/review/items/done", item_id=own)
    assert ids(talked, review="done") == {"t3"} and ids(talked, review="open") == {"t2"}
    assert "1 / 1" in li.get("/staff/review").text
    li.post("/staff/review/items/done", item_id=own, done="false")
    assert ids(talked, review="open") == {"t2", "t3"}


def test_one_conversation_is_given_to_somebody(talked: Web) -> None:
    zhi, li = signed_in(talked, "zhi", Role.QUALITY), signed_in(talked, "li", Role.AGENT)
    zhi.post(f"{ONE}/assign", assignee="li")
    assert ids(talked, assignee="li", review="open") == {"t1"}
    assert "1 个对话等您复核" in li.get("/staff/review").text
    assert zhi.post("/staff/conversations/none/assign", assignee="li").status_code == 400
    assert "分给：li" in log_of(talked, "assigned")


def test_moods_follow_the_words(talked: Web) -> None:
    talk(talked.recorder, "rude", [("你们这些骗子混蛋", "很抱歉。")])
    talk(talked.recorder, "urgent", [("我不想活了", "请您先别急。")])
    assert ids(talked, mood="angry") == {"rude"} and ids(talked, mood="urgent") == {"urgent"}
    assert ids(talked, mood="pressing") == {"t2"}
    assert ids(talked, mood="calm") == {"t1", "t3", "t4"}


def test_what_is_deleted_takes_its_review_along(talked: Web) -> None:
    boss = signed_in(talked, "zhu", Role.SUPERVISOR)
    boss.post(f"{ONE}/tags", tag="甲")
    boss.post(f"{ONE}/comments", text="乙")
    boss.post(f"{ONE}/scores", **POINTS)
    boss.post(f"{ONE}/assign", assignee="zhu")
    with talked.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM conversations WHERE id = 't1'")
        for table in ("tags", "flags", "comments", "scores", "items"):
            left = connection.exec_driver_sql(f"SELECT count(*) FROM review_{table}").scalar_one()  # noqa: S608
            assert left == 0, table
