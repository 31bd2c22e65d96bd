"""DisclosureChain: the keyed hashes that tie each disclosed figure to the one before it."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from actions.lending.keys import DataKeys
from actions.lending.models import disclosure_log

KEY_PURPOSE = "disclosure-log"
LOG_ID_MARK = "disclosure_log_id"
HEAD_MARK = "disclosure_head"
CUT_MARK = "disclosure_cut"
"""``<sequence>:<hash>`` of the last row that was removed because nobody must keep it any longer."""
CUT_SEAL_MARK = "disclosure_cut_seal"

_COVERED = tuple(
    column.name for column in disclosure_log.columns if column.name not in {"said_at", "own_hash"}
)


@dataclass(frozen=True)
class Head:
    """The end of the chain: number of rows and hash of the last one."""

    sequence: int
    hash: str


class DisclosureChain:
    """HMAC-SHA256 (RFC 2104) under a key of this purpose alone.

    Not a plain SHA-256: who can write the database but does not hold SHOUDAI_DATA_KEY cannot compute a single
    hash of the chain, so he cannot mend it behind a change. Everybody who holds the key can.
    """

    def __init__(self, keys: DataKeys, log_id: str) -> None:
        """``log_id`` is the random mark of the database; no other database's rows fit in."""
        self._key = keys.derive(KEY_PURPOSE)
        self.log_id = log_id

    @property
    def origin(self) -> Head:
        """What the first row's previous hash is."""
        return Head(0, self._mac("origin"))

    def row_hash(self, row: Mapping[str, Any]) -> str:
        """Return the hash of a row of disclosure_log: all its columns, previous hash included, but its own."""
        return self._mac("row", written_moment(row["said_at"]), *(row[name] for name in _COVERED))

    def head_seal(self, head: Head) -> str:
        """Return the seal that stands beside the end of the chain in the database's marks."""
        return self._mac("head", head.sequence, head.hash)

    def cut_seal(self, head: Head) -> str:
        """Return the seal of the place up to which the oldest rows were removed."""
        return self._mac("cut", head.sequence, head.hash)

    def anchor_seal(self, head: Head, at: str) -> str:
        """Return the seal of an anchor outside the database."""
        return self._mac("anchor", head.sequence, head.hash, at)

    def _mac(self, *parts: Any) -> str:
        # A JSON list has one reading only: no value can run over into its neighbour.
        message = canonical([self.log_id, *parts])
        return hmac.new(self._key, message.encode(), hashlib.sha256).hexdigest()


def canonical(value: Any) -> str:
    """Write JSON in one way only: keys in order, no blanks, Chinese as it is. Raises TypeError, ValueError (NaN)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def written_moment(moment: datetime) -> str:
    """Write a moment to the microsecond in UTC, the same whichever database kept it."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
