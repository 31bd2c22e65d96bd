"""DecisionRecords: every decision that a customer is told, stored so that it can be computed again from itself."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from actions.lending.clock import SYSTEM_CLOCK, Clock
from actions.lending.database import Database
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.decision_replay import text_digest
from actions.lending.decision_result import ExplainedDecision, canonical_json, explain
from actions.lending.models import decision_records, policy_archive
from actions.lending.policy import PolicyBook
from actions.lending.privacy import mask_digits
from actions.lending.products import Product

_REFERENCE_BYTES = 6


@dataclass(frozen=True)
class ToldDecision:
    """An explained decision and the reference of its record."""

    reference: str
    explained: ExplainedDecision


class DecisionRecords:
    """Decides and stores. Share one among threads."""

    def __init__(self, database: Database, policies: PolicyBook, clock: Clock = SYSTEM_CLOCK) -> None:
        self._database = database
        self._policies = policies
        self._clock = clock
        self._archived: frozenset[str] = frozenset()

    def tell(self, conversation_id: str, facts: BusinessFacts, key: int | None = None) -> ToldDecision:
        """Decide by the policies of today and store the decision; then it may be told.

        ``key`` says which of two versions side by side applies (version_share.applicant_key). Not flushed to disk
        by itself: the disclosure log's durable write, which comes before any figure is told, takes it along.
        """
        today = self._clock.today()
        products = self._policies.products_for(key, today)
        explained = explain(facts, products, self._policies.words, today)
        return ToldDecision(self._store(conversation_id, facts, products, today, explained), explained)

    def _store(
        self,
        conversation_id: str,
        facts: BusinessFacts,
        products: Sequence[Product],
        on: date,
        explained: ExplainedDecision,
    ) -> str:
        words = self._policies.words
        contents = {product.digest: product.content for product in products}
        contents[words.digest] = words.content
        reference = secrets.token_hex(_REFERENCE_BYTES)
        row = {
            "reference": reference,
            # Ids are random words; one that is nothing but digits may be a telephone number.
            "conversation_id": mask_digits(conversation_id) if conversation_id.isdigit() else conversation_id,
            "decided_at": self._clock.now(),
            "decided_on": on,
            "engine_version": explained.decision.engine,
            "inputs": canonical_json(facts.known()),
            "policies": canonical_json([product.digest for product in products]),
            "words": words.digest,
            "result": explained.text,
            "result_digest": text_digest(explained.text),
        }
        with self._database.writing() as connection:
            self._archive(connection, contents)
            connection.execute(insert(decision_records), row)
        self._archived |= contents.keys()
        return reference

    def _archive(self, connection: Connection, contents: Mapping[str, Any]) -> None:
        """Write contents that no decision referred to before."""
        new = contents.keys() - self._archived
        if not new:
            return
        self._database.serialise(connection, policy_archive.name)
        table = policy_archive
        held = connection.execute(select(table.c.digest).where(table.c.digest.in_(new))).scalars()
        missing = new - set(held)
        if missing:
            now = self._clock.now()
            connection.execute(
                insert(table),
                [
                    {"digest": digest, "content": canonical_json(contents[digest]), "archived_at": now}
                    for digest in sorted(missing)
                ],
            )
