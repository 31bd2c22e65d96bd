"""Entity extractor: the rules of entities.py as a component of Rasa's pipeline."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from understanding.entities import entities
from understanding.found import Found

_CHINA = timezone(timedelta(hours=8))


def today_in_china() -> date:
    """The customer's calendar day, wherever the machine stands."""
    return datetime.now(_CHINA).date()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RuleEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds amount, term, rate, date, digits and the like with their values in a fixed form."""

    def __init__(self, today: Callable[[], date] = today_in_china) -> None:
        self._today = today

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "RuleEntityExtractor":
        """There is nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of customers' messages."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            found = [_as_rasa(one) for one in entities(text, self._today())]
            found = self.add_extractor_name(found)
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def _as_rasa(one: Found) -> dict[str, Any]:
    entity = {
        "entity": one.entity,
        "value": one.value,
        "start": one.start,
        "end": one.end,
        "confidence_entity": 1.0,
    }
    return entity | ({"role": one.role} if one.role else {})
