"""Scenario files: tests/calls/*.yml, held against the schema before anything is spoken."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from commands.caller_voices import MAN
from commands.simulated_calls.scenario import Action, Ending, Expected, Network, Noise, Scenario, Turn

SCHEMA = Path(__file__).with_name("scenario.schema.json")
_KINDS = ("say", "play", "press", "silence_ms", "burst_ms")
_LISTS = {"intent", "understood", "bot", "bot_not", "hears", "hears_figures", "figures", "quote"}


class ScenarioInvalid(Exception):
    """A scenario that cannot be played (code ``scenario_invalid``); names file, place and what is wrong."""

    code = "scenario_invalid"

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__("\n".join(f"{path.name}: {problem}" for problem in problems))
        self.problems = problems


def read_scenarios(folder: Path) -> list[Scenario]:
    """Every scenario of a folder, by name. Raises ScenarioInvalid."""
    return [read_scenario(path) for path in sorted(folder.glob("*.yml"))]


def read_scenario(path: Path) -> Scenario:
    """Read one file. Raises ScenarioInvalid with everything that is wrong with it."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ScenarioInvalid(path, [f"is not YAML: {error}"]) from error
    problems = [*_breaches(content)] or [*_impossible(content, path.parent)]
    if problems:
        raise ScenarioInvalid(path, problems)
    return _scenario(path.stem, content)


def _breaches(content: Any) -> list[str]:
    """What the schema says, each with its place."""
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    errors = sorted(validator.iter_errors(content), key=lambda error: error.json_path)
    return [f"{error.json_path.removeprefix('$.') or 'the file'}: {error.message}" for error in errors]


def _impossible(content: dict[str, Any], folder: Path) -> list[str]:
    """What a schema cannot say."""
    found = []
    for number, turn in enumerate(content["turns"]):
        place = f"turns[{number}]"
        kinds = [kind for kind in _KINDS if kind in turn]
        if len(kinds) != 1:
            found.append(f"{place}: exactly one of {', '.join(_KINDS)} is needed, not {kinds or 'none'}")
        if "play" in turn and not (folder / "recordings" / turn["play"]).is_file():
            found.append(f"{place}.play: recordings/{turn['play']} is not there")
        if "pause_ms" in turn and not isinstance(turn.get("say"), list):
            found.append(f"{place}.pause_ms: pauses lie between several pieces of `say`")
        if number == 0 and "over_ms" in turn and "interrupted" in turn:
            found.append(f"{place}.interrupted: there is no reply before the first turn")
    if not any("hears" in turn or "hears_figures" in turn for turn in content["turns"]):
        found.append("turns: nothing that the caller hears is looked at (`hears`, `hears_figures`)")
    return found


def _scenario(name: str, content: dict[str, Any]) -> Scenario:
    line = content["line"]
    is_person = line != "withheld" and not line.isdigit()
    noise, network = content.get("noise"), content.get("network")
    return Scenario(
        name=name,
        story=content["story"],
        line=line,
        about=content.get("about", line if is_person else ""),
        voice=content.get("voice", MAN),
        speed=float(content.get("speed", 1.0)),
        noise=Noise(**noise) if noise else None,
        network=Network(**network) if network else None,
        echo_db=content.get("echo_db"),
        over_sip=content.get("over_sip", False),
        asks_rating=content.get("asks_rating", False),
        turns=tuple(_turn(turn) for turn in content["turns"]),
        ending=_ending(content["ending"]),
    )


def _turn(turn: dict[str, Any]) -> Turn:
    of_action = {field.name for field in fields(Action)}
    values: dict[str, Any] = {key: _listed(value) if key in _LISTS else value for key, value in turn.items()}
    if "entities" in values:
        values["entities"] = {key: str(value) for key, value in values["entities"].items()}
    action = {key: value for key, value in values.items() if key in of_action}
    if "say" in action:
        action["say"] = _listed(action["say"])
    return Turn(
        Action(**action),
        Expected(**{key: value for key, value in values.items() if key not in of_action}),
    )


def _ending(content: dict[str, Any]) -> Ending:
    lists = {key: tuple(content[key]) for key in ("prompts", "requests", "disclosed") if key in content}
    events = {name: str(times) for name, times in content.get("events", {}).items()}
    return Ending(**(content | lists | {"events": events}))


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)
