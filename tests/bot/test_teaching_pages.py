"""Teaching: a correction's way from the conversation over the queue into a batch, its patch, and who may do what."""

import json
import subprocess
import zlib
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.console.audit_log import Action, AuditFilter, AuditLog
from bot.console.permissions import Role
from bot.console.teaching.suggestions import MEASURED_IN, example_text, use_of
from bot.console.teaching.tables import teaching_suggestions
from bot.transcript_tables import conversations, turns
from install.paths import ROOT
from teaching.folder import LessonFolder, Progress
from teaching.serving import Serving, ServingFiles
from tests.bot.inbox import talk
from tests.bot.staff import StaffBrowser, signed_in
from tests.bot.web import Web

WORDS = "那个免息的劵我放哪儿了"


def conversation_for(use: str) -> str:
    """An id whose corrections are drawn for this use."""
    return next(f"talk{n}" for n in range(200) if use_of(f"talk{n}") == use)


@pytest.fixture
def misunderstood(web: Web) -> str:
    """A turn that was taken for something else; its id."""
    talk(web.recorder, conversation_for("teach"), [(WORDS, "请问您想借多少？")], intent="apply_loan")
    return turn_of(web, conversation_for("teach"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def turn_of(web: Web, conversation: str) -> str:
    with web.database.reading() as connection:
        query = select(turns.c.id).where(turns.c.conversation_id == conversation)
        return str(connection.execute(query).scalar())


def stored(web: Web) -> list[object]:
    with web.database.reading() as connection:
        return list(connection.execute(select(teaching_suggestions)).all())


def correct(browser: StaffBrowser, turn: str, text: str = WORDS, intent: str = "ask_coupon") -> int:
    return browser.post("/staff/teaching/corrections", turn_id=turn, text=text, intent=intent).status_code


def accepted(web: Web, turn: str) -> tuple[StaffBrowser, str]:
    """A batch of one correction, and the supervisor who accepted it."""
    boss = signed_in(web, "boss", Role.SUPERVISOR)
    correct(boss, turn)
    chosen = [row.id for row in stored(web)]  # type: ignore[attr-defined]
    answer = boss.post("/staff/teaching/batches", chosen=chosen)
    return boss, answer.headers["location"].rpartition("/")[2]


def trained(folder: Path, batch: str) -> None:
    """What the training process leaves."""
    lesson = LessonFolder((folder / "teaching").resolve(), batch)
    lesson.model.write_bytes(b"a model")
    lesson.say(Progress("trained", "完成", 1.0))


def test_one_click_puts_a_turn_into_the_queue(web: Web, misunderstood: str) -> None:
    """With what it was taken for; the conversation itself stays as it was."""
    quality = signed_in(web, "zhi", Role.QUALITY)
    page = quality.get(f"/staff/conversations/{conversation_for('teach')}").text
    assert 'action="/staff/teaching/corrections"' in page and "问优惠券" in page
    answer = quality.post(
        "/staff/teaching/corrections", turn_id=misunderstood, text=WORDS, intent="ask_coupon"
    )
    assert answer.headers["location"].endswith(f"/{conversation_for('teach')}#turn1")
    (row,) = stored(web)
    assert (row.state, row.use, row.intent, row.intent_before) == (  # type: ignore[attr-defined]
        "proposed",
        "teach",
        "ask_coupon",
        "apply_loan",
    )
    queue = quality.get("/staff/teaching").text
    assert WORDS in queue and "申请贷款" in queue
    noted = AuditLog(web.database).page(AuditFilter(action=Action.CORRECTED.value))
    assert [one.account for one in noted] == ["zhi"]


def test_a_second_correction_of_a_turn_replaces_the_first(web: Web, misunderstood: str) -> None:
    quality = signed_in(web, "zhi", Role.QUALITY)
    for intent in ("ask_coupon", "ask_interest"):
        correct(quality, misunderstood, intent=intent)
    assert [row.intent for row in stored(web)] == ["ask_interest"]  # type: ignore[attr-defined]


def test_personal_digits_that_staff_type_are_masked(web: Web, misunderstood: str) -> None:
    """Also when they were heard in the recording; a mask keeps no end of the number."""
    correct(signed_in(web, "zhi", Role.QUALITY), misunderstood, text="我手机13812345678，身份证后四位是123X")
    (row,) = stored(web)
    assert "1381" not in row.text and "5678" not in row.text and "123X" not in row.text  # type: ignore[attr-defined]
    assert example_text("我的号〔手机号尾号5678〕") == "我的号〔手机号尾号0000〕"


def test_a_confirmed_turn_measures_and_is_never_taught(web: Web, misunderstood: str) -> None:
    """What was understood rightly needs no teaching."""
    correct(signed_in(web, "zhi", Role.QUALITY), misunderstood, intent="apply_loan")
    (row,) = stored(web)
    assert (row.use, row.state, row.batch_id) == ("measure", "accepted", None)  # type: ignore[attr-defined]


def test_one_conversation_in_five_measures(web: Web) -> None:
    """Drawn by the conversation, so that one conversation never teaches and measures."""
    drawn = [use_of(f"c{n}") for n in range(1_000)]
    assert 150 < drawn.count("measure") < 250
    assert zlib.crc32(conversation_for("measure").encode()) % MEASURED_IN == 0


@pytest.mark.parametrize("intent", ["nlu_fallback", "invented", ""])
def test_what_is_no_intent_cannot_be_taught(web: Web, misunderstood: str, intent: str) -> None:
    assert correct(signed_in(web, "zhi", Role.QUALITY), misunderstood, intent=intent) == 400
    assert stored(web) == []


def test_a_turn_that_does_not_exist_cannot_be_corrected(web: Web) -> None:
    assert correct(signed_in(web, "zhi", Role.QUALITY), "invented") == 400


def test_agents_and_quality_cannot_accept_and_see_no_button(web: Web, misunderstood: str) -> None:
    quality, agent = signed_in(web, "zhi", Role.QUALITY), signed_in(web, "ke", Role.AGENT)
    correct(quality, misunderstood)
    (row,) = stored(web)
    for browser in (quality, agent):
        assert browser.post("/staff/teaching/batches", chosen=[row.id]).status_code == 403  # type: ignore[attr-defined]
    assert '/staff/teaching/batches"' not in quality.get("/staff/teaching").text
    assert "teaching" not in agent.get(f"/staff/conversations/{conversation_for('teach')}").text


def test_an_accepted_batch_is_a_patch_that_git_applies(web: Web, misunderstood: str, folder: Path) -> None:
    """Kept in var, downloadable, and the running tree stays as it was."""
    before = (ROOT / "data/products/nlu.yml").read_text(encoding="utf-8")
    boss, batch = accepted(web, misunderstood)
    kept = folder / "teaching" / batch / "data.patch"
    downloaded = boss.get(f"/staff/teaching/batches/{batch}/patch")
    assert downloaded.headers["content-disposition"].startswith("attachment")
    assert downloaded.text == kept.read_text(encoding="utf-8")
    assert f"+    - {WORDS}\n" in downloaded.text and f"+ask_coupon\t{WORDS}\n" in downloaded.text
    subprocess.run(["git", "apply", "--check", str(kept)], cwd=ROOT, check=True)
    assert (ROOT / "data/products/nlu.yml").read_text(encoding="utf-8") == before
    lesson = json.loads((kept.parent / "lesson.json").read_text(encoding="utf-8"))
    assert lesson["examples"] == lesson["regressions"] == [{"intent": "ask_coupon", "text": WORDS}]
    assert lesson["conversations"] == [conversation_for("teach")]


def test_a_batch_begins_its_training_and_a_second_one_waits(web: Web, misunderstood: str) -> None:
    boss, batch = accepted(web, misunderstood)
    assert "训练中" in boss.get(f"/staff/teaching/batches/{batch}").text
    assert boss.post("/staff/teaching/batches/train", batch_id=batch).status_code == 400


def test_two_meanings_of_one_sentence_are_not_accepted_together(web: Web) -> None:
    boss, ids = (
        signed_in(web, "boss", Role.SUPERVISOR),
        [n for n in range(100) if use_of(f"c{n}") == "teach"][:2],
    )
    for number, intent in zip(ids, ("ask_coupon", "ask_term"), strict=True):
        talk(web.recorder, f"c{number}", [(WORDS, "好的。")])
        correct(boss, turn_of(web, f"c{number}"), intent=intent)
    chosen = [row.id for row in stored(web)]  # type: ignore[attr-defined]
    answer = boss.post("/staff/teaching/batches", chosen=chosen)
    assert answer.status_code == 400 and "两个意图" in answer.text
    assert {row.state for row in stored(web)} == {"proposed"}  # type: ignore[attr-defined]


def test_a_discarded_batch_gives_its_sentences_back(web: Web, misunderstood: str, folder: Path) -> None:
    boss, batch = accepted(web, misunderstood)
    trained(folder, batch)
    assert boss.post("/staff/teaching/batches/discard", batch_id=batch).status_code == 303
    (row,) = stored(web)
    assert (row.state, row.batch_id) == ("proposed", None)  # type: ignore[attr-defined]
    assert not (folder / "teaching" / batch).exists()


def test_without_a_launcher_no_model_is_changed(web: Web, misunderstood: str, folder: Path) -> None:
    boss, batch = accepted(web, misunderstood)
    trained(folder, batch)
    answer = boss.post("/staff/teaching/live", batch_id=batch)
    assert answer.status_code == 400 and "make run" in answer.text


def test_a_trained_model_is_asked_for_and_taken_back(web: Web, misunderstood: str, folder: Path) -> None:
    """The console says what is wanted; the launcher makes it so (tests/serve/test_dialogue_swap.py)."""
    files = ServingFiles((folder / "rasa").resolve())
    files.serve(Serving("http://127.0.0.1:1", ""))
    boss, batch = accepted(web, misunderstood)
    assert boss.post("/staff/teaching/live", batch_id=batch).status_code == 400, "it is not trained yet"
    trained(folder, batch)
    assert boss.post("/staff/teaching/live", batch_id=batch).status_code == 303
    wanted = files.wanted()
    assert wanted is not None and (wanted.batch, Path(wanted.model).read_bytes()) == (batch, b"a model")
    files.serve(Serving("http://127.0.0.1:2", batch, wanted.request, before=""))
    assert "换回" in boss.get(f"/staff/teaching/batches/{batch}").text
    assert boss.post("/staff/teaching/batches/discard", batch_id=batch).status_code == 400, "it serves"
    assert boss.post("/staff/teaching/live", batch_id="").status_code == 303
    back = files.wanted()
    assert back is not None and back.batch == ""


def test_a_model_that_serves_or_is_about_to_is_neither_trained_anew_nor_given_up(
    web: Web, misunderstood: str, folder: Path
) -> None:
    """Its file must lie there whenever Rasa is started again."""
    files = ServingFiles((folder / "rasa").resolve())
    files.serve(Serving("http://127.0.0.1:1", ""))
    boss, batch = accepted(web, misunderstood)
    trained(folder, batch)
    boss.post("/staff/teaching/live", batch_id=batch)
    wanted = files.wanted()
    assert wanted is not None
    for now in (
        None,
        Serving("http://127.0.0.1:1", "", wanted.request, "starting"),
        Serving("http://127.0.0.1:2", batch, wanted.request, before=""),
    ):
        if now is not None:
            files.serve(now)
        assert boss.post("/staff/teaching/batches/train", batch_id=batch).status_code == 400
        assert boss.post("/staff/teaching/batches/discard", batch_id=batch).status_code == 400
        assert Path(wanted.model).read_bytes() == b"a model"


@pytest.mark.parametrize("batch", ["invented", "..%2f..%2fx", "%2e%2e%2fx", "a" * 32])
def test_no_invented_batch_leads_anywhere(web: Web, batch: str) -> None:
    boss = signed_in(web, "boss", Role.SUPERVISOR)
    assert boss.get(f"/staff/teaching/batches/{batch}").status_code == 404
    assert boss.get(f"/staff/teaching/batches/{batch}/patch").status_code == 404
    for form in ("train", "discard"):
        assert boss.post(f"/staff/teaching/batches/{form}", batch_id=batch).status_code == 404


def test_what_a_deleted_conversation_suggested_is_gone(web: Web, misunderstood: str) -> None:
    correct(signed_in(web, "zhi", Role.QUALITY), misunderstood)
    with web.database.writing() as connection:
        connection.execute(conversations.delete())
    assert stored(web) == []


def test_words_of_customers_never_become_markup_on_the_pages(web: Web) -> None:
    """Neither in the queue nor in a batch."""
    talk(web.recorder, conversation_for("teach"), [("<script>alert(1)</script>", "好的。")], intent="greet")
    boss, batch = accepted(web, turn_of(web, conversation_for("teach")))
    for path in ("/staff/teaching", f"/staff/teaching/batches/{batch}"):
        assert "<script>alert" not in boss.get(path).text
