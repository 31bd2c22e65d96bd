"""The report page shows what was kept of the calls, needs no network, and can be listened to."""

import base64
import io
import json
import re
from pathlib import Path

import av
import numpy as np
import pytest

from commands.simulated_calls.page import main, write_page
from commands.simulated_calls.page_sound import outline
from voice.sound.wav import write_wav

CALL = {
    "name": "a_call",
    "story": "问<b>还款</b>",
    "problems": [],
    "over_sip": False,
    "ended_by": "caller",
    "duration_ms": 4000,
    "voice": "zm_yunxi",
    "speed": 0.8,
    "noise": {"kind": "street", "snr_db": 10},
    "network": {"loss": 0.05, "jitter_ms": 0},
    "echo_db": None,
    "line": None,
    "turns": [
        {
            "action": "几号还款",
            "understood": "几号还款",
            "intent": "query_repayment",
            "reply": "请说身份证后四位。",
            "stages": {"endpointing": 500, "dialogue": 40},
            "answered_after_ms": 912,
            "within_ms": 800,
        }
    ],
    "caller_said": [{"start_ms": 1000, "end_ms": 2000, "text": "几号还款"}],
    "bot_understood": [{"start_ms": 1000, "end_ms": 2000, "text": "几号还款", "confidence": 0.9}],
    "bot_said": [{"start_ms": 2900, "text": "请说身份证后四位。"}],
    "caller_heard": [{"start_ms": 2900, "end_ms": 3900, "text": "请说身份证后四位"}],
    "events": [{"at_ms": 3000 + 200 * n, "kind": "按键", "text": ""} for n in range(4)],
}


def keep(folder: Path, **changes: object) -> None:
    call = CALL | changes
    (folder / f"{call['name']}.json").write_text(json.dumps(call, ensure_ascii=False), encoding="utf-8")
    tone = (np.sin(np.arange(32_000) / 4) * 9000).astype("<i2")
    sides = np.stack([tone, np.zeros_like(tone)], axis=1)
    write_wav(folder / f"{call['name']}.wav", sides.tobytes(), 8000, channels=2)


@pytest.fixture
def page(tmp_path: Path) -> str:
    keep(tmp_path)
    keep(
        tmp_path,
        name="another",
        story="转人工",
        problems=["turn 1: the bot did not answer"],
        ended_by="transfer",
    )
    path = write_page(tmp_path)
    assert path == tmp_path / "index.html"
    return path.read_text(encoding="utf-8")


def test_it_needs_nothing_from_elsewhere(page: str) -> None:
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', page) == []
    assert "url(" not in page and "@import" not in page


def test_failures_come_first_and_say_what_was_wrong(page: str) -> None:
    assert page.index('id="another"') < page.index('id="a_call"')
    assert "turn 1: the bot did not answer" in page
    assert "1个通过，1个没通过" in page


def test_words_stand_at_their_times(page: str) -> None:
    assert 'style="left:64px;width:64px">几号还款</span>' in page
    assert 'style="left:186px;' in page


def test_what_was_wanted_is_shown_beside_what_was_measured(page: str) -> None:
    assert "912 毫秒" in page and '<span class="late">期望 800</span>' in page
    assert "判停 500" in page and "对话 40" in page


def test_circumstances_and_keys_are_named(page: str) -> None:
    assert "街道噪声，信噪比10分贝" in page and "丢包5%" in page and "语速0.8倍" in page
    assert page.count("按键4个") == 2


def test_words_cannot_become_marks_of_the_page(page: str) -> None:
    assert "问&lt;b&gt;还款&lt;/b&gt;" in page


def test_the_sound_can_be_played(page: str) -> None:
    sound = base64.b64decode(re.findall(r"data:audio/webm;base64,([^\"]+)", page)[0])
    with av.open(io.BytesIO(sound)) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
    samples = np.concatenate(frames, axis=1)
    assert samples.shape[1] / 48_000 == pytest.approx(4.0, abs=0.1)
    left, right = np.sqrt(np.mean(samples.astype(float) ** 2, axis=1))
    assert left > 10 * right, "the caller is on the left"


def test_an_outline_follows_the_sound() -> None:
    loud = np.full(800, 32767, dtype=np.int16)
    assert outline(np.concatenate([np.zeros(800, dtype=np.int16), loud]), 8000).startswith(
        "M0 -0L1 -0L2 -100L3 -100"
    )


def test_without_calls_there_is_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "no call was kept there" in capsys.readouterr().out
