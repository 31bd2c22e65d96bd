"""Transcripts of `make call`: as well kept as the recordings beside them."""

import base64
from pathlib import Path

import pytest

from actions.lending.keys import DataKeys, SealBroken, load_keys
from commands.call_texts import CallTexts, main

KEYS = DataKeys(bytes(range(32)))
WORDS = "来电人：我还欠多少\n机器人：剩余本金是90000元。\n"


def test_with_a_key_no_word_lies_in_clear(tmp_path: Path) -> None:
    texts = CallTexts(tmp_path / "calls", KEYS)
    kept = [texts.keep("20261123-1", suffix, WORDS) for suffix in (".txt", ".json")]
    assert [path.name for path in kept] == ["20261123-1.txtx", "20261123-1.jsonx"]
    for path in kept:
        assert b"90000" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
        assert texts.read(path.name) == WORDS


def test_in_demo_mode_they_are_plain_for_the_owners_eyes_only(tmp_path: Path) -> None:
    texts = CallTexts(tmp_path, load_keys({}))
    path = texts.keep("20261123-1", ".txt", WORDS)
    assert (path.name, path.read_text(encoding="utf-8")) == ("20261123-1.txt", WORDS)
    assert path.stat().st_mode & 0o077 == 0
    assert texts.read(path.name) == WORDS


def test_a_text_that_was_changed_or_stands_for_another_call_does_not_open(tmp_path: Path) -> None:
    texts = CallTexts(tmp_path, KEYS)
    path = texts.keep("call-1", ".txt", WORDS)
    path.with_name("call-2.txtx").write_bytes(path.read_bytes())
    with pytest.raises(SealBroken):
        texts.read("call-2.txtx")
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(SealBroken):
        texts.read(path.name)


def test_the_command_prints_a_text_in_clear_and_names_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = CallTexts(tmp_path, KEYS).keep("call-1", ".txt", WORDS)
    monkeypatch.setenv("SHOUDAI_DATA_KEY", base64.b64encode(bytes(range(32))).decode())
    assert main([str(path)]) == 0
    assert capsys.readouterr().out == WORDS
    assert main([str(tmp_path / "other.txtx")]) == 1
    assert "call_text_missing" in capsys.readouterr().err
    monkeypatch.setenv("SHOUDAI_DATA_KEY", base64.b64encode(bytes(32)).decode())
    assert main([str(path)]) == 1
    assert "seal_broken" in capsys.readouterr().err
    assert main([]) == 2
