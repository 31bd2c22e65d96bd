"""N-grams of characters, words or toneless pinyin syllables, in which 海款 equals 还款."""

import json
from collections import Counter
from typing import Any

import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from understanding.sounds import syllables
from understanding.text_restorer import heard_text, heard_words

_UNITS = frozenset({"character", "word", "pinyin"})


def ngrams(units: tuple[str, ...] | str, longest: int) -> Counter[str]:
    """How often each run of 1..longest units occurs."""
    return Counter(
        "\u0001".join(units[start : start + size])
        for size in range(1, longest + 1)
        for start in range(len(units) - size + 1)
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeaturizer(SparseFeaturizer, GraphComponent):
    """Counts of n-grams that occurred in training; ``unit`` is ``character``, ``word`` or ``pinyin``."""

    def __init__(
        self, name: str, config: dict[str, Any], storage: ModelStorage, resource: Resource, known: list[str]
    ) -> None:
        super().__init__(name, config)
        self._storage = storage
        self._resource = resource
        self._index = {ngram: place for place, ngram in enumerate(known)}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Runs of up to three characters."""
        return {**SparseFeaturizer.get_default_config(), "unit": "character", "longest": 3}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raises InvalidConfigException for a unit that is unknown."""
        if config.get("unit") not in _UNITS:
            raise InvalidConfigException(f"unit must be one of {sorted(_UNITS)}, not {config.get('unit')!r}")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "NgramFeaturizer":
        """Untrained: knows no n-gram yet."""
        return cls(execution_context.node_name, config, model_storage, resource, [])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "NgramFeaturizer":
        """Trained: knows the n-grams of the examples."""
        with model_storage.read_from(resource) as folder:
            known = json.loads((folder / "ngrams.json").read_text(encoding="utf-8"))
        return cls(execution_context.node_name, config, model_storage, resource, known)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which n-grams there are."""
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        known = sorted({ngram for example in examples for ngram in self._ngrams(example)})
        self._index = {ngram: place for place, ngram in enumerate(known)}
        with self._storage.write_to(self._resource) as folder:
            (folder / "ngrams.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Count the n-grams of customers' messages."""
        for message in messages:
            if message.get(TEXT):
                self.add_features_to_message(None, self._row(message), TEXT, message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Count the n-grams of the examples."""
        self.process(training_data.training_examples)
        return training_data

    def _ngrams(self, message: Message) -> Counter[str]:
        longest = int(self._config["longest"])
        if self._config["unit"] == "word":
            return ngrams(tuple(word for word in heard_words(message) if word[0].isalnum()), longest)
        text = heard_text(message)
        return ngrams(syllables(text) if self._config["unit"] == "pinyin" else text, longest)

    def _row(self, message: Message) -> scipy.sparse.coo_matrix:
        found = self._ngrams(message)
        counts = [(self._index[ngram], n) for ngram, n in found.items() if ngram in self._index]
        places = [place for place, _ in counts]
        values = [float(n) for _, n in counts]
        shape = (1, max(1, len(self._index)))
        return scipy.sparse.coo_matrix((values, ([0] * len(places), places)), shape=shape)
