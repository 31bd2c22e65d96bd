"""When the dialogue is told to ask back instead of guessing."""

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from actions.labels import LABELS
from understanding.ask_back import DIALOGUE_ACTS, AskBackClassifier
from understanding.boundaries import Boundaries


def decided(*ranking: tuple[str, float]) -> str:
    ranked = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    message = Message(data={"text": "x", INTENT: ranked[0], INTENT_RANKING_KEY: ranked})
    AskBackClassifier({"threshold": 0.3, "ambiguity_threshold": 0.1}, Boundaries(())).process([message])
    return str(message.get(INTENT)["name"])


@pytest.mark.parametrize(
    ("ranking", "intent"),
    [
        ((("ask_term", 0.8), ("ask_interest", 0.1)), "ask_term"),
        ((("ask_term", 0.45), ("ask_interest", 0.40)), "nlu_fallback"),
        ((("ask_term", 0.2), ("ask_interest", 0.05)), "nlu_fallback"),
        ((("out_of_scope", 0.25), ("ask_interest", 0.2)), "out_of_scope"),
        ((("affirm", 0.35), ("thank", 0.33)), "affirm"),
        ((("ask_term", 0.45), ("out_of_scope", 0.40)), "ask_term"),
    ],
)
def test_only_services_are_asked_back(ranking: tuple[tuple[str, float], ...], intent: str) -> None:
    assert decided(*ranking) == intent


def test_every_intent_is_either_a_dialogue_act_or_has_a_label() -> None:
    assert not DIALOGUE_ACTS & set(LABELS)
