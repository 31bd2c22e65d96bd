"""DisclosureLog: every figure that a customer is told, with its inputs, before he is told it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from actions.lending.clock import SYSTEM_CLOCK, Clock
from actions.lending.database import Database
from actions.lending.disclosure_anchors import DisclosureAnchors
from actions.lending.disclosure_chain import (
    HEAD_MARK,
    LOG_ID_MARK,
    DisclosureChain,
    Head,
    canonical,
    written_moment,
)
from actions.lending.errors import LendingError
from actions.lending.keys import DataKeys
from actions.lending.models import disclosure_log, marks
from actions.lending.privacy import mask_digits

ANCHORS_FOLDER = "disclosure-anchors"
_REFERENCES = frozenset({"loan", "loans", "application", "reference"})
"""Inputs that are our own numbers: a long one is not masked, for without it the row cannot be recalculated."""


class DisclosureNotKept(LendingError):
    """The log cannot be written, so the figures must not be told."""

    code = "disclosure_not_kept"


class DisclosureLogMissing(LendingError):
    """The database has no disclosure log: it was not migrated, or somebody removed the log's mark."""

    code = "disclosure_log_missing"


@dataclass(frozen=True)
class Disclosure:
    """One figure as it is said."""

    name: str
    value: int | str
    unit: str
    inputs: Mapping[str, Any]
    """What it was computed from; JSON values. ``policy`` names the policy version."""


def anchors_folder() -> Path:
    """Where anchors lie: SHOUDAI_ANCHORS_DIR, default ``disclosure-anchors`` under SHOUDAI_VAR_DIR."""
    var = Path(os.environ.get("SHOUDAI_VAR_DIR") or "var")
    return Path(os.environ.get("SHOUDAI_ANCHORS_DIR") or var / ANCHORS_FOLDER)


class DisclosureLog:
    """Appends to one chain, however many processes and threads do so. Share one among threads."""

    def __init__(
        self, database: Database, keys: DataKeys, anchors: DisclosureAnchors, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self._database = database
        self._keys = keys
        self._anchors = anchors
        self._clock = clock
        self._chain: DisclosureChain | None = None

    def append(self, conversation_id: str, figures: Sequence[Disclosure]) -> Head:
        """Store all figures of one reply in one transaction and anchor the new end of the chain.

        When it returns, the rows outlive a power cut. Raises DisclosureNotKept: nothing may be told then.
        """
        if not figures:
            raise ValueError("a reply without figures is not logged")
        moment = self._clock.now()
        try:
            with self._database.writing(durable=True) as connection:
                self._database.serialise(connection, disclosure_log.name)
                chain = self._chain_of(connection)
                rows, head = _rows(chain, _last(connection) or chain.origin, conversation_id, moment, figures)
                connection.execute(insert(disclosure_log), rows)
                _note_head(connection, chain, head)
            self._anchors.write(chain, head, written_moment(moment))
        except (SQLAlchemyError, OSError, TypeError, ValueError, DisclosureLogMissing) as error:
            raise DisclosureNotKept(
                f"告知记录写不进去（{type(error).__name__}），数字不能告诉客户"
            ) from error
        return head

    def _chain_of(self, connection: Connection) -> DisclosureChain:
        if self._chain is None:
            self._chain = read_chain(connection, self._keys)
        return self._chain


def read_chain(connection: Connection, keys: DataKeys) -> DisclosureChain:
    """Return the chain of this database under these keys. Raises DisclosureLogMissing."""
    log_id = connection.execute(select(marks.c.value).where(marks.c.name == LOG_ID_MARK)).scalar()
    if log_id is None:
        raise DisclosureLogMissing("数据库里没有告知记录的标识，请先运行 python -m install.database")
    return DisclosureChain(keys, log_id)


def _rows(
    chain: DisclosureChain, head: Head, conversation_id: str, moment: datetime, figures: Sequence[Disclosure]
) -> tuple[list[dict[str, Any]], Head]:
    rows = []
    for figure in figures:
        row: dict[str, Any] = {
            "sequence": head.sequence + 1,
            "said_at": moment,
            # Ids are random words; one that is nothing but digits may be a telephone number.
            "conversation_id": mask_digits(conversation_id) if conversation_id.isdigit() else conversation_id,
            "name": figure.name,
            "value": canonical(_masked(figure.unit, figure.value)),
            "unit": figure.unit,
            "inputs": canonical({name: _masked(name, value) for name, value in figure.inputs.items()}),
            "policy_version": figure.inputs.get("policy"),
            "previous_hash": head.hash,
        }
        row["own_hash"] = chain.row_hash(row)
        head = Head(row["sequence"], row["own_hash"])
        rows.append(row)
    return rows, head


def _masked(name: str, value: Any) -> Any:
    """Hide phone, ID and card numbers that found their way into an input."""
    if name in _REFERENCES:
        return value
    if isinstance(value, str):
        return mask_digits(value)
    if isinstance(value, (list, tuple)):
        return [_masked(name, one) for one in value]
    if isinstance(value, Mapping):
        return {key: _masked(key, held) for key, held in value.items()}
    return value


def _last(connection: Connection) -> Head | None:
    row = connection.execute(
        select(disclosure_log.c.sequence, disclosure_log.c.own_hash)
        .order_by(disclosure_log.c.sequence.desc())
        .limit(1)
    ).first()
    return Head(row.sequence, row.own_hash) if row is not None else None


def _note_head(connection: Connection, chain: DisclosureChain, head: Head) -> None:
    value = f"{head.sequence}:{chain.head_seal(head)}"
    changed = connection.execute(update(marks).where(marks.c.name == HEAD_MARK).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(marks).values(name=HEAD_MARK, value=value))
