"""Scenario files: what is written wrong is named with its place, before anything is spoken."""

from pathlib import Path

import pytest

from commands.simulated_calls.filling import filled
from commands.simulated_calls.scenario import Noise
from commands.simulated_calls.scenario_file import ScenarioInvalid, read_scenario

GOOD = """\
story: 一个人打电话来问问题
line: 张伟
turns:
  - say: 我这个月要还多少
    hears: 后四位
ending: {outcome: caller}
"""


def read(folder: Path, text: str):  # type: ignore[no-untyped-def]
    path = folder / "a_call.yml"
    path.write_text(text, encoding="utf-8")
    return read_scenario(path)


def faults(folder: Path, text: str) -> str:
    with pytest.raises(ScenarioInvalid) as raised:
        read(folder, text)
    assert raised.value.code == "scenario_invalid"
    return str(raised.value)


def test_a_person_on_the_line_is_who_the_figures_are_about(tmp_path: Path) -> None:
    scenario = read(tmp_path, GOOD)
    assert (scenario.name, scenario.line, scenario.about) == ("a_call", "张伟", "张伟")
    assert scenario.turns[0].action.say == ("我这个月要还多少",)
    assert scenario.turns[0].expected.hears == ("后四位",)


def test_a_plain_number_is_nobodys(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD.replace("张伟", '"13912345678"')).about == ""


def test_noise_is_read(tmp_path: Path) -> None:
    noisy = GOOD.replace("turns:", "noise: {kind: street, snr_db: 10}\nturns:")
    assert read(tmp_path, noisy).noise == Noise("street", 10)


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        (
            "hears: 后四位",
            "heers: 后四位",
            "turns[0]: Additional properties are not allowed ('heers' was unexpected)",
        ),
        ("outcome: caller", "outcome: hungup", "ending.outcome: 'hungup' is not one of"),
        ("turns:", "voice: zf_xiaoxiao\nturns:", "voice: 'zf_xiaoxiao' is not one of"),
        ("turns:", "network: {loss: 5}\nturns:", "network.loss: 5 is greater than the maximum of 0.5"),
        ("hears: 后四位", "within_ms: soon", "turns[0].within_ms: 'soon' is not of type 'integer'"),
        ("    hears: 后四位\n", "", "nothing that the caller hears is looked at"),
        ("say: 我这个月要还多少", 'press: "1"\n    silence_ms: 900', "turns[0]: exactly one of say, play"),
        ("say: 我这个月要还多少", "pause_ms: 900\n    say: 我", "pauses lie between several pieces"),
        ("say: 我这个月要还多少", "play: nobody.wav", "recordings/nobody.wav is not there"),
        ("story: 一个人打电话来问问题", "story: [", "is not YAML"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, written: str, instead: str, fault: str) -> None:
    assert f"a_call.yml: {fault}" in faults(tmp_path, GOOD.replace(written, instead)) or fault in faults(
        tmp_path, GOOD.replace(written, instead)
    )


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, GOOD.replace("outcome: caller", "outcome: gone").replace("hears", "heers"))
    assert "ending.outcome" in found and "turns[0]" in found


def test_numbers_are_said_digit_by_digit_and_pressed_as_they_stand(tmp_path: Path) -> None:
    text = GOOD.replace("我这个月要还多少", '"我的号码是{张伟.phone[0:3]}"').replace(
        "ending:", '  - press: "{李娜.id}"\nending:'
    )
    numbers = {"张伟": {"phone": "13800000001"}, "李娜": {"id": "567X"}}
    scenario = filled(read(tmp_path, text), lambda person, what: numbers[person][what])
    assert scenario.turns[0].action.say == ("我的号码是一三八",)
    assert scenario.turns[1].action.press == "567*", "no keypad has an X: the star is it"
