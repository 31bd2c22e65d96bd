"""Ask back: where two services are about equally likely, or none is, the dialogue asks instead of guessing.

Sets Rasa's ``nlu_fallback``; the dialogue then names the two likeliest services (actions/misunderstanding.py). A
sentence of data/boundaries/two_meanings.yml has two meanings of the same confidence, whatever the classifier says.
"""

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from install.paths import ROOT
from understanding.boundaries import Boundaries

DIALOGUE_ACTS = frozenset(
    {
        "affirm",
        "ask_repeat",
        "ask_wait",
        "bot_challenge",
        "deny",
        "goodbye",
        "greet",
        "inform",
        "out_of_scope",
        "thank",
    }
)
"""Nobody is asked "是想说好的，还是想问几点": between these, or one of them and a service, the likelier is taken."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AskBackClassifier(FallbackClassifier):
    """Rasa's FallbackClassifier, except that it asks back about services only.

    ``threshold``: a service less likely than this is asked back. ``ambiguity_threshold``: two services nearer than
    this are asked back. A message that is likeliest out of scope, or a dialogue act, is taken as such.
    ``boundaries``: the file of sentences with two meanings.
    """

    def __init__(self, config: dict[str, Any], boundaries: Boundaries) -> None:
        super().__init__(config)
        self._boundaries = boundaries

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's, and where the sentences with two meanings are."""
        return {
            **FallbackClassifier.get_default_config(),
            "boundaries": "data/boundaries/two_meanings.yml",
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "AskBackClassifier":
        """Reads the sentences with two meanings."""
        return cls(config, Boundaries.read(ROOT / config["boundaries"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Decide for each message whether to ask back."""
        for message in messages:
            if both := self._boundaries.meanings(message.get(TEXT) or ""):
                ranking = [{"name": name, "confidence": 0.5} for name in both]
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return list(super().process(messages))

    def _should_fallback(self, message: Message) -> bool:
        if message.data[INTENT].get("name") in DIALOGUE_ACTS:
            return False
        return bool(super()._should_fallback(message))

    def _nlu_prediction_ambiguous(self, message: Message) -> tuple[bool, float | None]:
        ranking: list[dict[str, Any]] = message.data.get(INTENT_RANKING_KEY, [])
        if any(one["name"] in DIALOGUE_ACTS for one in ranking[:2]):
            return False, None
        ambiguous, difference = super()._nlu_prediction_ambiguous(message)
        return bool(ambiguous), difference
