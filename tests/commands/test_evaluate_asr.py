"""`make evaluate-asr`: its measure, its input errors, and one real run."""

import json
from pathlib import Path

import pytest

from commands.error_rates import comparable, edit_distance, errors
from commands.evaluate_asr import expectation, main
from voice.sound.wav import write_wav

ROOT = Path(__file__).parents[2]
HUMAN = ROOT.parent / "shared" / "speech" / "human"
WHISPER = ROOT / "var" / "models" / "whisper-base" / "model.bin"


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("", "", 0),
        ("还款", "还款", 0),
        ("还款", "海款", 1),
        ("还款", "", 2),
        ("ab", "bab", 1),
        ("kitten", "sitting", 3),
    ],
)
def test_the_edit_distance_counts_the_fewest_changes(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) == distance


def test_a_homophone_is_a_wrong_character_and_a_right_syllable() -> None:
    wrong = errors("我要还款", "我要还宽")
    assert (wrong.characters, wrong.character_count) == (1, 4)
    assert (wrong.syllables, wrong.syllable_count) == (0, 4)
    assert not wrong.right


@pytest.mark.parametrize(
    ("said", "heard", "expect"),
    [
        ("三年期，利率10%。", "三年期利率百分之十", "open"),
        ("分12期還款", "分十二期还款", "open"),
        ("567X", "五六七x", "digits"),
        ("幺二三四", "1234", "digits"),
        ("身份证后四位是四九，九七", "4997", "digits"),
        ("十二万五", "125000", "amount"),
        ("12月15日", "十二月十五日", "date"),
    ],
)
def test_the_same_words_written_otherwise_are_right(said: str, heard: str, expect: str) -> None:
    assert errors(said, heard, expect).right


def test_digits_are_compared_one_by_one() -> None:
    assert comparable("1234", "digits") == "一二三四"
    assert comparable("1234") == "一千二百三十四"


def test_words_that_become_digits_and_digits_that_become_others_are_wrong() -> None:
    assert not errors("我不记得了", "1234", "digits").right
    assert not errors("尾号是一二三四", "尾号是一二三", "digits").right
    assert errors("尾号是一二三四", "1235", "digits").characters == 1


def test_digits_are_expected_in_the_lengths_that_a_dialogue_asks_for() -> None:
    assert expectation("digits", "一二三四").count == 4
    assert expectation("digits", "身份证后四位是四九，九七").count == 4
    assert expectation("digits", "13800000001").count == 11
    assert expectation("digits", "一二三").count is None
    assert expectation("open", "一二三四").count is None


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 2
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["error"]["message"]
    return str(answer["error"]["code"])


def folder_with(path: Path, table: str) -> str:
    (path / "transcripts.tsv").write_text(table, encoding="utf-8")
    return str(path)


def test_bad_input_is_named_and_exits_with_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert error_of(capsys, "--dir", str(tmp_path / "gone")) == "dir_missing"
    assert error_of(capsys, "--dir", str(tmp_path)) == "transcripts_missing"
    assert error_of(capsys, "--dir", folder_with(tmp_path, "a.wav\t还款\n")) == "transcripts_format"
    assert error_of(capsys, "--dir", folder_with(tmp_path, "file\ttext\na.wav\n")) == "transcripts_format"
    assert error_of(capsys, "--dir", folder_with(tmp_path, "file\ttext\n")) == "transcripts_empty"
    assert error_of(capsys, "--dir", folder_with(tmp_path, "file\ttext\na.wav\t还款\n")) == "wav_missing"
    assert error_of(capsys, "--dir", str(tmp_path), "--line", "9k") == "option_invalid"
    (tmp_path / "transcripts.tsv").write_bytes(b"file\ttext\n\xff\xfe\n")
    assert error_of(capsys, "--dir", str(tmp_path)) == "transcripts_format"


def test_a_recording_that_is_no_wav_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    if not WHISPER.is_file():
        pytest.skip("the Whisper model is not here (var/models/whisper-base)")
    (tmp_path / "a.wav").write_bytes(b"ID3 not a wav")
    folder = folder_with(tmp_path, "file\ttext\na.wav\t还款\n")
    assert error_of(capsys, "--dir", folder, "--domain", "0") == "wav_format"


def test_silence_counts_as_wholly_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    if not WHISPER.is_file():
        pytest.skip("the Whisper model is not here (var/models/whisper-base)")
    write_wav(tmp_path / "a.wav", bytes(32000), 16000)
    folder = folder_with(tmp_path, "file\ttext\tspeaker\na.wav\t我要还款\tA\n")
    assert main(["--dir", folder, "--domain", "0", "--recognizer", "cascade"]) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (answer["cer"], answer["pinyin_er"], answer["items_right"], answer["n"]) == (1.0, 1.0, 0, 1)
    assert answer["nothing_heard"] == 1
    assert "Vosk" in answer["note"]


def test_people_are_recognised_below_the_bar_of_18_percent(capsys: pytest.CaptureFixture[str]) -> None:
    if not HUMAN.is_dir() or not WHISPER.is_file():
        pytest.skip("recordings of people (../shared/speech/human) or the Whisper model are not here")
    assert main(["--dir", str(HUMAN), "--recognizer", "whisper", "--domain", "0", "--line", "16k"]) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["n"] == 30
    assert answer["cer"] <= 0.18
    assert answer["pinyin_er"] < answer["cer"]
    assert answer["items_right"] >= 8
    assert answer["rtf"] > 0
