"""Turn-taking as operators set it: read from the environment, checked, and documented as it is."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from voice.operator_settings import CallSettingInvalid, OperatorSetting, declared
from voice.settings import CallSettings
from voice.turn_taking.vad_settings import VadSettings

DOCUMENT = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = {
    variable: (float(default), float(least), float(most))
    for variable, default, least, most in re.findall(
        r"^\| `(SHOUDAI_(?:TURN|VAD)_[A-Z_]+)` \| `([0-9.]+)` \| ([0-9.]+)-([0-9.]+) \| .+ \|$",
        DOCUMENT,
        re.MULTILINE,
    )
}


def in_source() -> dict[str, tuple[Any, OperatorSetting]]:
    return {
        setting.variable: (getattr(settings(), name), setting)
        for settings in (CallSettings, VadSettings)
        for name, setting in declared(settings).items()
    }


def test_the_document_lists_every_setting_with_its_default_and_limits() -> None:
    assert len(ROWS) > 20
    assert {name: (float(value), one.least, one.most) for name, (value, one) in in_source().items()} == ROWS


def test_every_number_of_turn_taking_is_a_setting() -> None:
    adjustable = {*declared(CallSettings), *declared(VadSettings)}
    names = {one.name for one in (*fields(CallSettings), *fields(VadSettings))}
    others = {"vad", "max_call_ms", "needs_recording", "asks_rating"}
    assert names - adjustable == others, "the rest belongs to the line: SHOUDAI_PHONE_CALL_S and the like"


def test_nothing_set_means_the_defaults() -> None:
    assert CallSettings.from_environment({}) == CallSettings()
    assert CallSettings.from_environment({"SHOUDAI_TURN_END_SILENCE_MS": " "}) == CallSettings()


@pytest.mark.parametrize("variable", sorted(in_source()))
def test_every_setting_can_be_set_within_its_limits_and_not_beyond(variable: str) -> None:
    value, setting = in_source()[variable]
    assert setting.least <= value <= setting.most
    assert CallSettings.from_environment({variable: str(value)}) == CallSettings()
    for beyond in (setting.least - 1, setting.most + 1):
        with pytest.raises(CallSettingInvalid, match=variable):
            CallSettings.from_environment({variable: f"{beyond:g}"})
    with pytest.raises(CallSettingInvalid, match=variable) as raised:
        CallSettings.from_environment({variable: "soon"})
    assert raised.value.code == "call_setting_invalid"


def test_what_is_set_reaches_the_call_and_its_voice_activity_detection() -> None:
    settings = CallSettings.from_environment(
        {"SHOUDAI_TURN_BARGE_IN_MS": "800", "SHOUDAI_TURN_FILLER_AFTER_S": "2.5", "SHOUDAI_VAD_START": "0.7"}
    )
    assert (settings.barge_in_ms, settings.filler_after_s, settings.vad.start_probability) == (800, 2.5, 0.7)


@pytest.mark.parametrize(
    "values",
    [
        {"SHOUDAI_TURN_EARLY_RECOGNITION_MS": "400"},
        {"SHOUDAI_TURN_END_SILENCE_COMPLETE_MS": "800"},
        {"SHOUDAI_TURN_END_SILENCE_UNFINISHED_MS": "600"},
        {"SHOUDAI_TURN_PRE_ROLL_MS": "40"},
        {"SHOUDAI_VAD_STOP": "0.6"},
    ],
)
def test_settings_that_do_not_go_together_are_refused_by_name(values: dict[str, str]) -> None:
    with pytest.raises(CallSettingInvalid, match=next(iter(values))):
        CallSettings.from_environment(values)
