"""Text normaliser: one writing for full-width, traditional and spaced-out text, before anything reads it."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from opencc import OpenCC
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_CHINESE_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_LONGEST = 500
"""Characters that are read of one message: nobody says more in a turn, and the cost grows with the length."""


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def normalise(text: str) -> str:
    """Half-width, simplified, lower case except the check letter X, no gaps between Chinese characters.

    >>> normalise("還 款　１２３")
    '还款 123'
    """
    text = unicodedata.normalize("NFKC", text[:_LONGEST])
    text = _to_simplified().convert(text)
    text = re.sub(r"\s+", " ", text).strip()
    return _CHINESE_GAP.sub("", text).lower()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TextNormaliser(GraphComponent):
    """First of the pipeline: replaces the text of messages and examples by its normal form."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TextNormaliser":
        """There is nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalise customers' messages."""
        for message in messages:
            if text := message.get(TEXT):
                message.set(TEXT, normalise(text), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise examples, so that training and use see the same writing."""
        self.process(training_data.training_examples)
        return training_data
