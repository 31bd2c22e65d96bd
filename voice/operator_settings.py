"""Operator settings: numbers of a dataclass that an environment variable can change, with their limits."""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, TypeVar

Number = TypeVar("Number", int, float)
Settings = TypeVar("Settings")

_KEY = "operator"


class CallSettingInvalid(Exception):
    """A number of a call's settings cannot be used (code ``call_setting_invalid``); the message names it."""

    code = "call_setting_invalid"


@dataclass(frozen=True)
class OperatorSetting:
    """How operators change one field."""

    variable: str
    """Name of the environment variable."""
    least: float
    most: float


def adjustable(variable: str, default: Number, least: Number, most: Number) -> Number:
    """Declare a field of a dataclass that operators may set by ``variable`` to a number within these limits."""
    declared: Number = field(default=default, metadata={_KEY: OperatorSetting(variable, least, most)})
    return declared


def declared(settings: type[Any]) -> dict[str, OperatorSetting]:
    """Return the settings of a dataclass by the names of their fields."""
    return {one.name: one.metadata[_KEY] for one in fields(settings) if _KEY in one.metadata}


def from_variables(settings: type[Settings], values: Mapping[str, str]) -> Settings:
    """Make the dataclass with what is set; an empty variable is none. Raises CallSettingInvalid."""
    found = {
        one.name: _number(one, one.metadata[_KEY], text.strip())
        for one in fields(settings)  # type: ignore[arg-type]
        if _KEY in one.metadata and (text := values.get(one.metadata[_KEY].variable, "")).strip()
    }
    return settings(**found)


def _number(one: "Field[Any]", setting: OperatorSetting, text: str) -> int | float:
    whole = isinstance(one.default, int)
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        kind = "a whole number" if whole else "a number"
        raise CallSettingInvalid(f"{setting.variable} must be {kind}, not {text!r}.") from None
    if not setting.least <= number <= setting.most:
        raise CallSettingInvalid(
            f"{setting.variable} must be from {setting.least:g} to {setting.most:g}, not {text}."
        )
    return number
