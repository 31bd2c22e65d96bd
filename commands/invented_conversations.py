"""Invented conversations, as many as wanted: sentences from the training data, replies from the responses."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
TURNS_EACH = 8
_MARKUP = re.compile(r"\[([^]]*)\](?:\([^)]*\)|\{[^}]*\})")
_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_YEAR_MS = 365 * 24 * 3600 * 1000
UNTIL_MS = 1_795_000_000_000
"""The last of them began then; they spread over a year."""


@dataclass
class InventedTurn:
    """The columns of one turn that its table demands or that the index reads."""

    id: str
    conversation_id: str
    position: int
    at_ms: int
    via: str
    customer_text: str
    bot_text: list[str]
    intent: str
    confidence: float
    dialogue_ms: int
    failure: None = None
    endpointing_ms: int | None = None
    recognition_ms: int | None = None
    first_audio_ms: int | None = None
    recognition_confidence: float | None = None
    expects: dict[str, Any] = field(default_factory=lambda: {"kind": "open"})


@dataclass
class InventedConversation:
    """The columns of one conversation, and its turns."""

    id: str
    channel: str
    started_at_ms: int
    ended_at_ms: int
    ended_by: str
    outcome: str
    verified: bool
    turns: list[InventedTurn]
    disclosed: bool
    rating: int | None = None


def customers_sentences() -> list[tuple[str, str]]:
    """(intent, sentence) of every training example, without its markup."""
    sentences = []
    for path in sorted((ROOT / "data").glob("*/nlu.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in block:
                lines = str(block["examples"]).splitlines()
                sentences += [(block["intent"], _MARKUP.sub(r"\1", line[2:])) for line in lines if line[2:]]
    return sentences


def replies() -> list[str]:
    """Every sentence of the responses, with its placeholders."""
    texts = []
    for path in sorted((ROOT / "data").glob("*/responses.yml")):
        for variants in yaml.safe_load(path.read_text(encoding="utf-8")).get("responses", {}).values():
            texts += [variant["text"] for variant in variants if "text" in variant]
    return texts


def invented_conversations(turns: int, seed: int = 1) -> Iterator[InventedConversation]:
    """Conversations of eight turns, oldest first. The same seed gives the same ones.

    Some sentences are a thousand times as frequent as others, as in life: their rank decides (Zipf).
    """
    chance = random.Random(seed)
    said, answers = customers_sentences(), replies()
    chance.shuffle(said)
    chance.shuffle(answers)
    said_weights = [1 / (rank + 10) for rank in range(len(said))]
    answer_weights = [1 / (rank + 10) for rank in range(len(answers))]
    count = turns // TURNS_EACH
    for number in range(count):
        started = UNTIL_MS - _YEAR_MS + number * _YEAR_MS // count
        chosen = chance.choices(said, said_weights, k=TURNS_EACH)
        told = chance.choices(answers, answer_weights, k=TURNS_EACH)
        yield _conversation(f"bench{number}", started, chosen, told, chance)


def _conversation(
    name: str, started: int, chosen: list[tuple[str, str]], told: list[str], chance: random.Random
) -> InventedConversation:
    channel = chance.choice(("chat", "chat", "browser", "phone"))
    spoken = channel != "chat"
    turns = [
        InventedTurn(
            id=f"{name}-{position}",
            conversation_id=name,
            position=position,
            at_ms=started + position * 9_000,
            via="text" if channel == "chat" else "voice",
            customer_text=text,
            bot_text=[_PLACEHOLDER.sub(str(chance.randrange(100, 9_999)), answer)],
            intent=intent,
            confidence=round(1 - 0.6 * chance.random() ** 8, 3),
            dialogue_ms=round(20 / (1 - chance.random())),
            **(_heard(chance) if spoken else {}),
        )
        for position, ((intent, text), answer) in enumerate(zip(chosen, told, strict=True), start=1)
    ]
    if chance.random() < 0.1:
        # One in ten leaves in the middle of a question.
        turns[-1].expects = {"kind": "yes_no"}
    outcome = chance.choices(("answered", "talked", "transfer", "failed"), (60, 28, 10, 2))[0]
    return InventedConversation(
        id=name,
        channel=channel,
        started_at_ms=started,
        ended_at_ms=started + len(turns) * 9_000,
        ended_by=chance.choice(("caller", "bot", "idle")),
        outcome=outcome,
        verified=chance.random() < 0.4,
        turns=turns,
        disclosed=outcome == "answered",
        rating=chance.choice((None, None, None, 1, 3, 4, 5, 5)),
    )


def _heard(chance: random.Random) -> dict[str, Any]:
    """What is measured of a spoken sentence beside its dialogue."""
    return {
        "endpointing_ms": chance.randrange(200, 900),
        "recognition_ms": round(80 / (1 - chance.random())),
        "first_audio_ms": chance.randrange(20, 400),
        "recognition_confidence": round(1 - 0.7 * chance.random() ** 4, 3),
    }


def turn_values(turn: InventedTurn) -> tuple[object, ...]:
    """As ``TURN_COLUMNS`` wants them, JSON written."""
    reply = json.dumps(turn.bot_text, ensure_ascii=False)
    return (
        turn.id,
        turn.conversation_id,
        turn.position,
        turn.at_ms,
        turn.via,
        turn.customer_text,
        "",
        "",
        reply,
        turn.intent,
        turn.confidence,
        "[]",
        "[]",
        "[]",
        json.dumps(turn.expects),
        "continue",
        False,
        turn.dialogue_ms,
        turn.endpointing_ms,
        turn.recognition_ms,
        turn.first_audio_ms,
        turn.recognition_confidence,
        False,
        "",
    )


TURN_COLUMNS = (
    "id, conversation_id, position, at_ms, via, customer_text, heard, recognizer, bot_text, intent, confidence, "
    "intent_ranking, entities, actions, expects, next_step, verified, dialogue_ms, "
    "endpointing_ms, recognition_ms, first_audio_ms, recognition_confidence, interrupted, not_heard"
)
