"""One conversation as a file, and the numbers behind its masks."""

import io
import json
import zipfile
from pathlib import Path

from actions.lending.identity import IdentityService
from actions.lending.service_desk import ServiceDesk
from bot.console.permissions import Role
from tests.bot.staff import signed_in
from tests.bot.test_inbox_pages import indexed
from tests.bot.test_staff_pages import converse, record_call
from tests.bot.web import KEYS, Web


def test_a_bundle_holds_sound_words_and_turns(web: Web) -> None:
    converse(web)
    web.recorder.call_attached("c1", "t1")
    record_call(web, b"\1\2\3\4" * 40_000)
    boss = signed_in(web, "zhu", Role.SUPERVISOR)
    boss.post("/staff/conversations/t1/tags", tag="样例")
    answer = boss.get("/staff/conversations/t1/bundle.zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="conversation-t1.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        sound = archive.read("recording-c1.wav")
        assert sound[:4] == b"RIFF" and len(sound) == 44 + 160_000
        assert "客户：我要还款" in archive.read("transcript.txt").decode()
        assert json.loads(archive.read("transcript.json"))["said"][0]["bot"] == ["好的"]
        (turn,) = json.loads(archive.read("turns.json"))
        assert turn["intent"] == "query_repayment" and turn["figures"][0]["value"] == "325055"
        assert json.loads(archive.read("review.json"))["tags"] == ["样例"]
    assert "t1" in boss.get("/staff/audit?action=exported").text


def test_a_bundle_takes_the_right_to_export(web: Web) -> None:
    converse(web)
    for name, role in (("li", Role.AGENT), ("zhi", Role.QUALITY)):
        browser = signed_in(web, name, role)
        assert browser.get("/staff/conversations/t1/bundle.zip").status_code == 403
        assert "bundle.zip" not in browser.get("/staff/conversations/t1").text


def test_a_name_in_a_bundle_is_never_a_path(web: Web) -> None:
    """Ids come from callers' networks."""
    converse(web, conversation_id='../x"\r\n;.zip')
    boss = signed_in(web, "zhu", Role.SUPERVISOR)
    answer = boss.get("/staff/conversations/..%2Fx%22%0D%0A%3B.zip/bundle.zip")
    if answer.status_code == 200:
        assert (
            answer.headers["content-disposition"] == 'attachment; filename="conversation-___x______zip.zip"'
        )
    else:
        assert answer.status_code == 404
    assert boss.get("/staff/conversations/none/bundle.zip").status_code == 404


def test_a_damaged_recording_is_named_before_anything_is_sent(web: Web, tmp_path: Path) -> None:
    converse(web)
    web.recorder.call_attached("c1", "t1")
    record_call(web, b"\1\2\3\4" * 1_000)
    (path,) = (tmp_path / "recordings").iterdir()
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    answer = signed_in(web, "zhu", Role.SUPERVISOR).get("/staff/conversations/t1/bundle.zip")
    assert answer.status_code == 500 and "无法播放" in answer.text


def test_numbers_are_revealed_to_those_who_may_and_never_logged(web: Web) -> None:
    identity = IdentityService(web.database, KEYS)
    identity.open_session("t1", "chat")
    identity.claim_phone("t1", "13800000001")
    identity.claim_id_last4("t1", "123X")
    converse(web, "我的手机是〔手机号尾号0001〕")
    boss = signed_in(web, "zhu", Role.SUPERVISOR)
    assert "13800000001" not in boss.get("/staff/conversations/t1").text, "not in the page before the click"
    page = boss.post("/staff/conversations/t1/numbers")
    assert "13800000001" in page.text and "123X" in page.text
    assert page.headers["cache-control"] == "no-store"
    log = boss.get("/staff/audit?action=numbers_revealed").text
    assert "claimed_phone" in log and "13800000001" not in log and "123X" not in log
    for name, role in (("li", Role.AGENT), ("zhi", Role.QUALITY)):
        browser = signed_in(web, name, role)
        assert browser.post("/staff/conversations/t1/numbers").status_code == 403
        assert "完整号码" not in browser.get("/staff/conversations/t1").text


def test_what_was_left_for_staff_is_revealed_after_the_conversation(web: Web) -> None:
    """The identity service has forgotten the claims by then; where nothing is stored the page says so."""
    identity = IdentityService(web.database, KEYS)
    identity.open_session("t1", "chat")
    identity.claim_phone("t1", "13800000001")
    ServiceDesk(web.database, KEYS).record_callback("t1", "settlement")
    identity.end_verification("t1")
    converse(web)
    converse(web, conversation_id="t2")
    indexed(web)
    boss = signed_in(web, "zhu", Role.SUPERVISOR)
    assert "13800000001" in boss.post("/staff/conversations/t1/numbers").text
    assert "没有存下任何完整号码" in boss.post("/staff/conversations/t2/numbers").text
