"""The patched methods of Rasa give the answers that Rasa's own give."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, SlotSet, UserUttered

from understanding import fast_events, fast_validation


@pytest.fixture(autouse=True)
def unpatched() -> Iterator[None]:
    """Whatever a test installs is taken back."""
    validate, resolve = RemoteAction._validate_action_result, Event.resolve_by_type
    yield
    RemoteAction._validate_action_result = validate
    Event.resolve_by_type = staticmethod(resolve)


GOOD: list[dict[str, Any]] = [
    {},
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "question", "value": None}], "responses": [{"text": "好"}]},
]
BAD: list[dict[str, Any]] = [
    {"events": "none"},
    {"responses": ["好"]},
    {"events": [{"event": "slot", "value": 1}]},
]


@pytest.mark.parametrize("patched", [False, True])
def test_answers_in_rasas_format_pass_and_others_do_not(patched: bool) -> None:
    if patched:
        fast_validation.install()
    action = RemoteAction("action_greet", None)
    for answer in GOOD:
        assert action._validate_action_result(answer) is True
    for answer in BAD:
        with pytest.raises(ValidationError):
            action._validate_action_result(answer)


def test_events_are_found_by_name_as_before() -> None:
    names = ["slot", "user", "bot", "action", "session_started", "active_loop", "rewind", "topic"]
    before = [Event.resolve_by_type(name) for name in names]
    fast_events.install()
    assert [Event.resolve_by_type(name) for name in names] == before
    assert Event.resolve_by_type("slot") is SlotSet
    assert Event.resolve_by_type("unheard_of", UserUttered) is UserUttered
    with pytest.raises(ValueError, match="unheard_of"):
        Event.resolve_by_type("unheard_of")
