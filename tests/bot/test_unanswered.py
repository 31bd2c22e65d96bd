"""Unanswered questions: which turns they are, drafts that live as long as their conversations, patches of drafts."""

import subprocess
from pathlib import Path

import pytest

from bot.console.permissions import Role
from bot.console.teaching.unanswered import UnansweredTurns
from bot.transcript_tables import conversations
from install.paths import ROOT
from teaching.examples import ExampleUnfit
from teaching.faq_draft import FaqDraft, faq_patch
from teaching.folder import LessonFolder, Progress
from tests.bot.inbox import talk
from tests.bot.staff import signed_in
from tests.bot.web import Web

ASKED = ("能开发票吗", "发票怎么开", "你们给开票不")


@pytest.fixture
def drafted(web: Web, tmp_path: Path) -> list[str]:
    """Three questions in one group, as the sorting leaves it; the turns' ids."""
    for number, words in enumerate(ASKED):
        talk(web.recorder, f"u{number}", [(words, "这个我不太清楚。")], intent="nlu_fallback")
    ids = [item["turn"] for item in UnansweredTurns(web.database).items()]
    folder = LessonFolder((tmp_path / "teaching").resolve(), "unanswered")
    folder.begin({"items": []})
    folder.keep_report({"groups": [{"example": ids[-1], "turns": ids}], "n": 3})
    folder.say(Progress("trained", "完成", 1.0))
    return ids


def test_what_was_not_understood_or_out_of_scope_is_sorted_and_nothing_else(web: Web) -> None:
    talk(web.recorder, "a", [("能开发票吗", "不清楚。")], intent="nlu_fallback")
    talk(web.recorder, "b", [("今天天气怎么样", "不清楚。")], intent="out_of_scope")
    talk(web.recorder, "c", [("利率多少", "百分之八。")], intent="ask_interest")
    talk(web.recorder, "d", [("嗯", "您说。")], intent="nlu_fallback")
    assert [item["text"] for item in UnansweredTurns(web.database).items()] == [
        "今天天气怎么样",
        "能开发票吗",
    ]


def test_a_draft_shows_its_example_its_count_and_its_conversations(web: Web, drafted: list[str]) -> None:
    page = signed_in(web, "zhi", Role.QUALITY).get("/staff/teaching/unanswered").text
    assert "能开发票吗" in page and "3 次" in page and "/staff/conversations/u2#turn1" in page


def test_a_deleted_conversation_is_gone_from_its_draft(web: Web, drafted: list[str]) -> None:
    """The sorting keeps ids only."""
    with web.database.writing() as connection:
        connection.execute(conversations.delete().where(conversations.c.id == "u0"))
    page = signed_in(web, "zhi", Role.QUALITY).get("/staff/teaching/unanswered").text
    assert "2 次" in page and "能开发票吗" not in page


def test_a_draft_taught_to_an_intent_leaves_the_drafts(web: Web, drafted: list[str]) -> None:
    quality = signed_in(web, "zhi", Role.QUALITY)
    answer = quality.post(
        "/staff/teaching/corrections", turn_id=drafted[-1], text=ASKED[0], other="ask_documents"
    )
    assert answer.status_code == 303
    page = quality.get("/staff/teaching/unanswered").text
    assert "2 次" in page and ASKED[0] not in page


def test_a_draft_faq_is_a_patch_that_git_applies(web: Web, drafted: list[str], tmp_path: Path) -> None:
    boss = signed_in(web, "boss", Role.SUPERVISOR)
    form = {"turn_id": drafted[-1], "name": "invoice", "topic": "products", "answer": "还清以后可以开发票。"}
    answer = boss.post("/staff/teaching/unanswered/faq", **form)
    assert answer.headers["content-disposition"].endswith('"faq_invoice.patch"')
    for line in (
        "+- intent: faq_invoice",
        "+    - 你们给开票不",
        "+  utter_faq_invoice:",
        "+  - faq_invoice",
    ):
        assert line in answer.text.splitlines()
    (tmp_path / "faq.patch").write_text(answer.text, encoding="utf-8")
    subprocess.run(["git", "apply", "--check", str(tmp_path / "faq.patch")], cwd=ROOT, check=True)


@pytest.mark.parametrize(
    "draft",
    [
        FaqDraft("Invoice", "products", "可以。", ["能开发票吗"]),
        FaqDraft("../../x", "products", "可以。", ["能开发票吗"]),
        FaqDraft("invoice", "policies", "可以。", ["能开发票吗"]),
        FaqDraft("invoice", "../etc", "可以。", ["能开发票吗"]),
        FaqDraft("invoice", "products", "可以！", ["能开发票吗"]),
        FaqDraft("invoice", "products", "可以 yes。", ["能开发票吗"]),
        FaqDraft("invoice", "products", "一。二。三。", ["能开发票吗"]),
        FaqDraft("invoice", "products", "可以。\n- intent: x。", ["能开发票吗"]),
        FaqDraft("invoice", "products", "", ["能开发票吗"]),
        FaqDraft("invoice", "products", "可以。", []),
    ],
)
def test_what_the_house_would_not_say_is_no_draft(draft: FaqDraft) -> None:
    with pytest.raises(ExampleUnfit):
        faq_patch(ROOT, draft)


def test_sorting_is_begun_once(web: Web) -> None:
    quality = signed_in(web, "zhi", Role.QUALITY)
    assert quality.post("/staff/teaching/unanswered/sort").status_code == 303
    assert "正在归类" in quality.get("/staff/teaching/unanswered").text
