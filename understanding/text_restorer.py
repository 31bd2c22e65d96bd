"""Component: learns how borrowers talk, and restores what was misheard, for the featurizers and the rules.

The text of the message stays as the customer wrote it: entities and transcripts read that. What was restored goes
out beside it (``restored_text``), for the rules of the dialogue.
"""

import json
from typing import Any

import jieba
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from install.jieba_cache import private_jieba_folder
from understanding.restorer import LONGEST_WORD, Restorer, candidates, tokens_of
from understanding.sounds import is_chinese
from understanding.word_model import WordModel

_RESTORED = "restored_text"
_WORDS = "restored_words"
_FILE = "restorer.json"


def heard_text(message: Message) -> str:
    """What the customer most likely said; the text itself where nothing restores it."""
    return str(message.get(_RESTORED) or message.get(TEXT) or "")


def heard_words(message: Message) -> tuple[str, ...]:
    """The same in words; the whole text where nothing cuts it."""
    return tuple(message.get(_WORDS) or (heard_text(message),))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TextRestorer(GraphComponent):
    """Before the featurizers. ``terms``: file of loan terms in jieba's format; ``least``: frequency in jieba's
    dictionary (of 60 million) from which on a general word counts."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        restorer: Restorer | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._restorer = restorer

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The 78,000 commonest words."""
        return {"terms": "data/jieba/loan_terms.txt", "least": 20}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TextRestorer":
        """Untrained: restores nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "TextRestorer":
        """Trained, from the model's archive."""
        with model_storage.read_from(resource) as folder:
            stored = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, _restorer(stored))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words of the examples."""
        general = self._general_words()
        texts = [text for example in training_data.training_examples if (text := example.get(TEXT))]
        # Without guessing of unknown words: a misspelt example would teach its misspelling as a word.
        model = WordModel.learn((list(tokens_of(jieba.cut(text, HMM=False))) for text in texts), general)
        exact, near = candidates(model)
        stored = {
            "words": model.words,
            "pairs": [[before, word, count] for (before, word), count in model.pairs.items()],
            "general": model.general,
            "exact": exact,
            "near": near,
        }
        self._restorer = _restorer(stored)
        with self._storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Note beside each text what was most likely said."""
        for message in messages:
            text = message.get(TEXT)
            if text and self._restorer:
                restored = self._restorer.restore(text)
                message.set(_RESTORED, restored.text, add_to_output=True)
                message.set(_WORDS, list(restored.words))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Restore the examples too, so that training and use see the same words."""
        self.process(training_data.training_examples)
        return training_data

    def _general_words(self) -> dict[str, int]:
        private_jieba_folder()
        jieba.initialize()
        jieba.load_userdict(str(self._config["terms"]))
        return {
            word: count
            for word, count in jieba.dt.FREQ.items()
            if count >= self._config["least"] and len(word) <= LONGEST_WORD and all(map(is_chinese, word))
        }


def _restorer(stored: dict[str, Any]) -> Restorer:
    pairs = {(before, word): count for before, word, count in stored["pairs"]}
    return Restorer(WordModel(stored["words"], pairs, stored["general"]), stored["exact"], stored["near"])
