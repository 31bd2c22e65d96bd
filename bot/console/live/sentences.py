"""Sentences: what the customer is told when a person takes over; from data/handoff/responses.yml."""

from functools import lru_cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parents[3] / "data" / "handoff" / "responses.yml"

TAKEN_OVER = "utter_staff_takes_over"
HANDED_BACK = "utter_staff_hands_back"
AWAY = "utter_staff_away"


@lru_cache
def sentence(name: str) -> str:
    """The sentence of a response; it has no placeholders."""
    responses = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["responses"]
    return str(responses[name][0]["text"])
