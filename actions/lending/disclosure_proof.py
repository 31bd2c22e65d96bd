"""DisclosureProof: walks the disclosure log and names the first row that is not as it was written."""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from actions.lending.database import Database
from actions.lending.disclosure_anchors import Anchor, DisclosureAnchors
from actions.lending.disclosure_chain import CUT_MARK, CUT_SEAL_MARK, HEAD_MARK, DisclosureChain, Head
from actions.lending.disclosure_log import read_chain
from actions.lending.keys import DataKeys
from actions.lending.models import disclosure_log, marks

ROWS_AT_ONCE = 2000
ANCHORS_AT_ONCE = 500
NEARBY = 1000
"""Rows either side among which the former place of a moved row is looked for."""


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong."""

    code: str
    """``row_changed`` | ``row_missing`` | ``row_moved`` | ``row_inserted`` | ``tail_missing`` | ``row_replaced`` |
    ``head_changed`` | ``anchor_changed`` | ``cut_changed``."""
    sequence: int
    """The row it is about."""
    message: str
    """One Chinese sentence."""


@dataclass(frozen=True)
class Proof:
    """What was found."""

    rows: int
    """Rows proven, from the first on."""
    head: str
    """Hash of the last of them."""
    anchors: int
    """Lines outside the database that agree."""
    anchored_rows: int
    """Rows up to the furthest of them: no tail can be missing below."""
    fault: Fault | None
    removed: int = 0
    """Rows before them that were removed when their time was over, sealed by whoever holds the key."""


class _FaultFound(Exception):
    def __init__(self, code: str, sequence: int, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(code, sequence, message)


def prove(
    database: Database,
    keys: DataKeys,
    anchors: DisclosureAnchors,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Proof:
    """Check every hash, every link, the sealed end and every anchor, in bounded memory.

    ``progress`` is told rows done and rows in all. Raises DisclosureLogMissing, OSError (unreadable anchors).
    """
    with database.reading() as connection:
        chain = read_chain(connection, keys)
        walk = _Walk(connection, chain, progress)
        noted, furthest = 0, 0
        fault = None
        try:
            walk.begin()
            walk.rows()
            walk.check_head()
            for anchor, held in _with_rows(connection, anchors.read(chain)):
                _check_anchor(anchor, held, walk)
                noted, furthest = noted + 1, max(furthest, anchor.head.sequence)
        except _FaultFound as found:
            fault = found.fault
    rows = walk.last.sequence - walk.cut.sequence
    return Proof(rows, walk.last.hash, noted, furthest, fault, walk.cut.sequence)


class _Walk:
    """One pass over the rows; ``last`` is the last row that was proven."""

    def __init__(
        self, connection: Connection, chain: DisclosureChain, progress: Callable[[int, int], None]
    ) -> None:
        self._connection = connection
        self._chain = chain
        self._progress = progress
        # Read before the rows: whatever is appended meanwhile can only make the chain longer than this says.
        self._head_noted = _noted_head(connection)
        self._hash_at_head: str | None = None
        self.last = self.cut = chain.origin

    def begin(self) -> None:
        """Where the log begins: at its origin, or behind what was removed. Raises _FaultFound."""
        held = select(marks.c.name, marks.c.value).where(marks.c.name.in_((CUT_MARK, CUT_SEAL_MARK)))
        noted = {row.name: row.value for row in self._connection.execute(held)}
        if not noted:
            return
        sequence, _, own_hash = noted.get(CUT_MARK, "").partition(":")
        head = Head(int(sequence) if sequence.isdecimal() else 0, own_hash)
        if not _same(noted.get(CUT_SEAL_MARK, ""), self._chain.cut_seal(head)):
            raise _FaultFound("cut_changed", head.sequence, "到期删除的位置被改过，或者是用另一个密钥写的")
        self.last = self.cut = head

    def rows(self) -> None:
        """Prove row after row. Raises _FaultFound."""
        total = self._connection.execute(select(func.count()).select_from(disclosure_log)).scalar_one()
        done = 0
        for row in _all_rows(self._connection):
            self._check(row)
            self.last = Head(row["sequence"], row["own_hash"])
            if self._head_noted is not None and row["sequence"] == self._head_noted[0]:
                self._hash_at_head = row["own_hash"]
            done += 1
            if done % ROWS_AT_ONCE == 0:
                self._progress(done, total)
        self._progress(done, max(total, done))

    def check_head(self) -> None:
        """The end that the database itself notes, sealed: a tail cut by hand shows here. Raises _FaultFound."""
        if self._head_noted is None:
            if self.last.sequence:
                raise _FaultFound("head_changed", self.last.sequence, "数据库里没有记录告知记录的末尾")
            return
        sequence, seal = self._head_noted
        if sequence > self.last.sequence:
            raise _tail_missing(self.last.sequence, sequence, "数据库")
        expected = self._chain.head_seal(Head(sequence, self._hash_at_head or ""))
        if not hmac.compare_digest(seal.encode(), expected.encode()):
            raise _FaultFound("head_changed", sequence, "数据库里记录的末尾被改过，或者是用另一个密钥写的")
        now_noted = _noted_head(self._connection)
        if now_noted is None or now_noted[0] < self.last.sequence:
            raise _FaultFound("head_changed", self.last.sequence, "记录的末尾比数据库里标明的多")

    def _check(self, row: dict[str, Any]) -> None:
        wanted, sequence = self.last.sequence + 1, row["sequence"]
        if sequence < wanted:
            raise _FaultFound("row_inserted", sequence, f"第{sequence}条是插进来的")
        if sequence > wanted:
            raise _FaultFound("row_missing", wanted, f"第{wanted}条不见了")
        if not _same(self._chain.row_hash(row), row["own_hash"]):
            belongs = self._place_of(row)
            if belongs is not None:
                raise _FaultFound("row_moved", sequence, f"第{sequence}条原来是第{belongs}条")
            raise _FaultFound("row_changed", sequence, f"第{sequence}条被改过，或者是用另一个密钥写的")
        if not _same(self.last.hash, row["previous_hash"]):
            raise _FaultFound("row_moved", sequence, f"第{sequence}条接不上前一条")

    def _place_of(self, row: dict[str, Any]) -> int | None:
        """Where a row stood whose number alone was changed: before the row that continues it, or nearby."""
        follower = self._connection.execute(
            select(disclosure_log.c.sequence).where(disclosure_log.c.previous_hash == row["own_hash"])
        ).first()
        continued = self._last_sequence() if follower is None else follower.sequence - 1
        nearby = range(max(1, row["sequence"] - NEARBY), row["sequence"] + NEARBY)
        for place in (continued, *nearby):
            if _same(self._chain.row_hash(row | {"sequence": place}), row["own_hash"]):
                return place
        return None

    def _last_sequence(self) -> int:
        return int(self._connection.execute(select(func.max(disclosure_log.c.sequence))).scalar_one())


def _check_anchor(anchor: Anchor, held: str | None, walk: _Walk) -> None:
    head, cut = anchor.head, walk.cut
    if not anchor.sealed:
        raise _FaultFound(
            "anchor_changed", head.sequence, f"库外记录 {anchor.place} 被改过，或者是用另一个密钥写的"
        )
    if head.sequence < cut.sequence:
        return  # its row was removed when its time was over
    held = cut.hash if head.sequence == cut.sequence else held
    if held is None:
        raise _tail_missing(walk.last.sequence, head.sequence, f"库外记录 {anchor.place} ")
    if not _same(held, head.hash):
        raise _FaultFound(
            "row_replaced", head.sequence, f"第{head.sequence}条和库外记录 {anchor.place} 不一样，被换过"
        )


def _tail_missing(last: int, noted: int, where: str) -> _FaultFound:
    return _FaultFound("tail_missing", last + 1, f"末尾少了：{where}标明到第{noted}条，现在只到第{last}条")


def _all_rows(connection: Connection) -> Iterator[dict[str, Any]]:
    """Every row in order, a chunk at a time."""
    query = select(disclosure_log).order_by(disclosure_log.c.sequence).limit(ROWS_AT_ONCE)
    chunk = connection.execute(query).mappings().all()
    while chunk:
        yield from map(dict, chunk)
        after = query.where(disclosure_log.c.sequence > chunk[-1]["sequence"])
        chunk = connection.execute(after).mappings().all()


def _with_rows(connection: Connection, anchors: Iterator[Anchor]) -> Iterator[tuple[Anchor, str | None]]:
    """Each anchor with the hash of the row that it is about."""
    while some := list(islice(anchors, ANCHORS_AT_ONCE)):
        query = select(disclosure_log.c.sequence, disclosure_log.c.own_hash).where(
            disclosure_log.c.sequence.in_([anchor.head.sequence for anchor in some])
        )
        hashes = {row.sequence: row.own_hash for row in connection.execute(query)}
        for anchor in some:
            yield anchor, hashes.get(anchor.head.sequence)


def _noted_head(connection: Connection) -> tuple[int, str] | None:
    value = connection.execute(select(marks.c.value).where(marks.c.name == HEAD_MARK)).scalar()
    if value is None:
        return None
    sequence, _, seal = str(value).partition(":")
    return (int(sequence) if sequence.isdecimal() else 0, seal)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
