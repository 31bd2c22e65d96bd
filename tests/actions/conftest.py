"""A clerk without Rasa: turns go straight to the tasks, on a seeded database of the test's own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from actions.customer_task import serve_turn, task_for
from actions.lending.database import open_database
from actions.lending.decision_records import DecisionRecords
from actions.lending.disclosure_anchors import DisclosureAnchors
from actions.lending.disclosure_log import DisclosureLog
from actions.lending.identity import IdentityService
from actions.lending.keys import load_keys
from actions.lending.policy import PolicyBook
from actions.lending.repositories import LendingRepository
from actions.lending.service_desk import ServiceDesk
from actions.services import Services
from actions.turn import Turn
from bot.identity_digits import take_identity_digits
from voice.hearing.expectation import OPEN, Expectation

for _path in (Path(__file__).parents[2] / "actions").glob("*.py"):
    __import__(f"actions.{_path.stem}")


@dataclass
class Counter:
    """One customer at the counter; ``hear`` is what Rasa, redaction and channel do between them."""

    services: Services
    sender: str
    input: str = "text"
    memory: dict[str, Any] = field(default_factory=dict)
    expects: Expectation = OPEN
    words: tuple[str, ...] = ()
    told: tuple[dict[str, Any], ...] = ()
    unasked: bool = False
    """He speaks before he has heard the question."""

    def hear(
        self, text: str, intent: str, others: tuple[str, ...] = (), unsure: bool = False, **entities: Any
    ) -> Turn:
        """Take one message whose intent and entities were understood like that."""
        redacted = take_identity_digits(self.services.identity, self.sender, text, self.expects, others)
        self.words += (redacted.text,)
        turn = Turn(
            self.sender,
            redacted.text,
            intent,
            self.input,
            tuple({"entity": name, "value": value} for name, value in entities.items()),
            memory=dict(self.memory),
            remembered=dict(self.memory),
            words=self.words,
            told=self.told,
            unasked=self.unasked,
            unsure=unsure,
        )
        task = task_for(intent)
        assert task is not None
        serve_turn(task, turn, self.services)
        self.memory, self.words = turn.memory, turn.words
        self.told += tuple(one for said in turn.utterances for one in said.payload.get("figures", ()))
        asked = [one.payload["expects"] for one in turn.utterances if one.payload.get("expects")]
        self.expects = Expectation.from_json(asked[-1] if asked else None)
        return turn


@pytest.fixture
def services(database_url: str, tmp_path: Path) -> Services:
    database, keys, policies = open_database(database_url), load_keys(), PolicyBook.load()
    return Services(
        IdentityService(database, keys),
        LendingRepository(database, keys, policies),
        ServiceDesk(database, keys),
        policies,
        DisclosureLog(database, keys, DisclosureAnchors(tmp_path / "anchors")),
        DecisionRecords(database, policies),
    )


@pytest.fixture
def counter(services: Services) -> Callable[..., Counter]:
    """Open a conversation."""

    def begin(
        sender: str = "c1", channel: str = "chat", line: str | None = None, input: str = "text"
    ) -> Counter:
        services.identity.open_session(sender, channel, line)
        return Counter(services, sender, input)

    return begin
