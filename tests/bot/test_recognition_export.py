"""Corrected sentences leave with their sound, in the layout that the recogniser's training takes, and noted."""

from pathlib import Path

import pytest

from bot.console.audit_log import Action, AuditFilter, AuditLog
from bot.console.data_rights.file_traces import FileTraces
from bot.console.permissions import Role
from bot.console.teaching.recognition_export import ExportMissing, RecognitionExport
from bot.transcripts import ConversationState
from commands.evaluate_asr import read_items
from tests.bot.staff import StaffBrowser, signed_in
from tests.bot.web import Web
from voice.dialogue import DialogueTurn, Message
from voice.events import CallEnded, CallStarted
from voice.sound.wav import read_wav


@pytest.fixture
def called(web: Web) -> list[str]:
    """A call of four seconds, a loud caller between the first and the second second; its turns' ids."""
    web.recorder.on_event(CallStarted("call", 0, 1_795_000_000.0, transport="browser", sample_rate=8_000))
    state, ids = ConversationState("call", "browser"), []
    for start, words in ((1_000, "我要环款"), (2_500, "我手机号是〔手机号尾号5678〕")):
        turn = DialogueTurn(messages=(Message("好的。"),), intent="apply_loan", understood_text=words)
        measured = {"speech_start_ms": start, "speech_end_ms": start + 1_000}
        ids.append(web.recorder.add_turn(state, "voice", words, turn, measured, call_id="call"))
    writer = web.recordings.create("call", 8_000)
    quiet, loud = b"\x01\x00\x02\x00", b"\x00\x20\x02\x00"
    writer.write(quiet * 8_000 + loud * 8_000 + quiet * 16_000)
    writer.close()
    web.recorder.on_event(CallEnded("call", 4_000, 1_795_000_004.0, ended_by="caller"))
    web.recorder.recording_kept("call", writer.name, writer.encrypted)
    web.recorder.flush()
    return ids


def corrected(web: Web, ids: list[str]) -> StaffBrowser:
    boss = signed_in(web, "boss", Role.SUPERVISOR)
    for turn, words in zip(ids, ("我要还款", "我手机号是13812345678"), strict=True):
        boss.post("/staff/teaching/corrections", turn_id=turn, text=words, intent="query_repayment")
    return boss


def test_the_export_is_what_the_training_of_the_recogniser_reads(
    web: Web, called: list[str], tmp_path: Path
) -> None:
    """The caller's lane alone, with a margin; a sentence with digits stays at home, its sound says them."""
    boss = corrected(web, called)
    assert boss.post("/staff/teaching/recognition").status_code == 303
    (folder,) = (tmp_path / "exports").iterdir()
    (item,) = read_items(folder)
    pcm, rate = read_wav(item.path)
    assert (item.said, rate, len(pcm)) == ("我要还款", 8_000, 2 * 8 * 1_400)
    assert pcm[:2] == b"\x01\x00" and pcm[len(pcm) // 2 :][:2] == b"\x00\x20", "the bot's lane holds 2"
    assert folder.stat().st_mode & 0o077 == 0
    noted = AuditLog(web.database).page(AuditFilter(action=Action.EXPORTED.value))
    assert [row.subject for row in noted] == ["recognition"]
    assert "1 句没有导出" in boss.get("/staff/teaching").text


def test_a_mask_that_a_correction_took_away_is_still_in_the_sound(
    web: Web, called: list[str], tmp_path: Path
) -> None:
    boss = signed_in(web, "boss", Role.SUPERVISOR)
    boss.post(
        "/staff/teaching/corrections", turn_id=called[1], text="我报一下手机号", intent="query_repayment"
    )
    exported = RecognitionExport(web.database, web.recordings, tmp_path / "exports").write()
    assert (exported.sentences, exported.left_out) == (0, 1)


def test_quality_may_correct_and_take_no_sound_away(web: Web, called: list[str]) -> None:
    corrected(web, called)
    quality = signed_in(web, "zhi", Role.QUALITY)
    assert quality.post("/staff/teaching/recognition").status_code == 403
    assert "recognition" not in quality.get("/staff/teaching").text


def test_an_export_is_removed_and_nothing_else_can_be(web: Web, called: list[str], tmp_path: Path) -> None:
    boss = corrected(web, called)
    boss.post("/staff/teaching/recognition")
    (folder,) = (tmp_path / "exports").iterdir()
    for name in ("..", "../teaching", "", "20260101-000000"):
        assert boss.post("/staff/teaching/recognition/remove", name=name).status_code == 404
    assert boss.post("/staff/teaching/recognition/remove", name=folder.name).status_code == 303
    assert list((tmp_path / "exports").iterdir()) == []


def test_a_recording_that_is_gone_leaves_its_sentence_out(
    web: Web, called: list[str], tmp_path: Path
) -> None:
    corrected(web, called)
    for recording in (tmp_path / "recordings").iterdir():
        recording.unlink()
    exported = RecognitionExport(web.database, web.recordings, tmp_path / "exports").write()
    assert (exported.sentences, exported.left_out) == (0, 2)


def test_a_call_that_is_removed_is_removed_from_its_exports(
    web: Web, called: list[str], tmp_path: Path
) -> None:
    boss = corrected(web, called)
    boss.post("/staff/teaching/recognition")
    (folder,) = (tmp_path / "exports").iterdir()
    FileTraces(web.database, web.recordings, tmp_path).remove_recordings(["other.wavx"])
    assert len(read_items(folder)) == 1
    FileTraces(web.database, web.recordings, tmp_path).remove_recordings(["call.wavx"])
    assert list(folder.glob("*.wav")) == []
    assert (folder / "transcripts.tsv").read_text(encoding="utf-8").split("\n")[0] == "file\ttext"


def test_no_path_is_an_exports_name(web: Web, tmp_path: Path) -> None:
    with pytest.raises(ExportMissing):
        RecognitionExport(web.database, web.recordings, tmp_path).remove("../x")
