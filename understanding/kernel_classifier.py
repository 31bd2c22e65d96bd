"""Intent classifier: the kernel machine as a component of Rasa's pipeline."""

from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from understanding.kernel_machine import Features, KernelMachine, KernelWeights
from understanding.kernel_storage import read_machine, write_machine

_RANKED = 10
"""Intents that a message carries with their confidences; the dialogue asks back about the first two."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KernelIntentClassifier(IntentClassifier, GraphComponent):
    """Sets intent and ranking with calibrated confidences.

    Configuration: ``counts`` maps the alias of a sparse featurizer to its weight, ``vectors`` is the alias of the
    sentence embeddings, ``meaning``, ``gamma`` and ``ridge`` are those of KernelWeights.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        machine: KernelMachine | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._machine = machine

    @classmethod
    def required_components(cls) -> list[type]:
        """There must be features."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Weights measured in docs/understanding.md."""
        return {
            # Rasa adds what a configuration leaves out of a default, so a table named here could not be left out.
            "counts": {},
            "vectors": "meaning",
            "meaning": 3.0,
            "gamma": 1.5,
            "ridge": 0.5,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "KernelIntentClassifier":
        """Untrained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "KernelIntentClassifier":
        """Trained, from the model's archive."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, read_machine(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the labelled examples."""
        examples = [one for one in training_data.intent_examples if one.get(INTENT) and one.get(TEXT)]
        labels = [one.get(INTENT) for one in examples]
        self._machine = KernelMachine.train(self._features(examples), labels, self._weights())
        with self._storage.write_to(self._resource) as folder:
            write_machine(self._machine, folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Say what each message means; one without text means nothing."""
        spoken = [message for message in messages if message.get(TEXT)]
        for message in messages:
            message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
        if self._machine is None or not spoken:
            return messages
        for message, row in zip(spoken, self._machine.probabilities(self._features(spoken)), strict=True):
            likeliest = np.argsort(-row)[:_RANKED]
            ranking = [
                {"name": self._machine.classes[place], "confidence": float(row[place])} for place in likeliest
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _weights(self) -> KernelWeights:
        counts = tuple(float(weight) for weight in self._config["counts"].values())
        return KernelWeights(
            counts, float(self._config["meaning"]), float(self._config["gamma"]), float(self._config["ridge"])
        )

    def _features(self, messages: list[Message]) -> Features:
        tables = tuple(
            self._table(messages, place, alias) for place, alias in enumerate(self._config["counts"])
        )
        rows = [
            message.get_dense_features(TEXT, [self._config["vectors"]])[1].features for message in messages
        ]
        return Features(tables, np.vstack(rows))

    def _table(self, messages: list[Message], place: int, alias: str) -> scipy.sparse.csr_matrix:
        """Counts of all messages; a message of punctuation alone has none."""
        found = [message.get_sparse_features(TEXT, [alias])[1] for message in messages]
        width = (
            len(self._machine.idf[place])
            if self._machine
            else max(one.features.shape[1] for one in found if one is not None)
        )
        none = scipy.sparse.csr_matrix((1, width))
        rows = [none if one is None else one.features for one in found]
        return scipy.sparse.csr_matrix(scipy.sparse.vstack(rows), dtype=np.float64)
