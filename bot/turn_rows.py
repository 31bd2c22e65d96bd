"""Turn rows: a DialogueTurn as it lies in the database."""

import uuid
from collections.abc import Iterator
from typing import Any

from bot.stored_text import stored_reply
from bot.transcript_tables import figures
from bot.transcript_writer import Insert
from voice.dialogue import DialogueTurn
from voice.hearing.expectation import OPEN


def turn_row(
    conversation_id: str,
    position: int,
    at_ms: int,
    via: str,
    words: str,
    turn: DialogueTurn | None,
    failure: str | None,
) -> dict[str, Any]:
    """Columns of one turn; those that only a call knows are filled in by the caller's own values."""
    return {
        "conversation_id": conversation_id,
        "position": position,
        "at_ms": at_ms,
        "via": via,
        "customer_text": words,
        "heard": "",
        "recognizer": "",
        "bot_text": [stored_reply(message.text) for message in turn.messages] if turn else [],
        "intent": turn.intent if turn else None,
        "confidence": turn.confidence if turn else None,
        "intent_ranking": [list(pair) for pair in turn.intent_ranking] if turn else [],
        "entities": _plain(list(turn.entities)) if turn else [],
        "actions": list(turn.actions) if turn else [],
        "expects": (turn.expects if turn else OPEN).to_json(),
        "next_step": turn.next.value if turn else "continue",
        "verified": turn.verified if turn else False,
        "failure": failure,
        "interrupted": False,
        "not_heard": "",
    }


def figure_rows(turn_id: str, turn: DialogueTurn | None) -> Iterator[Insert]:
    """One row for each figure that the reply disclosed."""
    for figure in turn.figures if turn else ():
        values = {
            "id": uuid.uuid4().hex,
            "turn_id": turn_id,
            "name": figure.name,
            "value": str(figure.value),
            "unit": figure.unit,
            "inputs": _plain(figure.inputs),
        }
        yield Insert(figures, values)


def _plain(value: Any) -> Any:
    """The value as JSON can hold it, masked: entities and inputs come from outside and may hold anything."""
    if isinstance(value, dict):
        return {str(key): _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return stored_reply(str(value))
