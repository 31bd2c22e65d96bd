"""RightsLog: what was removed, handed out or left standing, when, by whom and how much. Nothing is ever removed."""

import time
from collections.abc import Callable
from enum import Enum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Row

from actions.lending.database import Database
from bot.console.data_rights.tables import data_rights_log

SHOWN = 50


class Kind(str, Enum):
    """What was done."""

    RETENTION = "retention"
    """What was due went by itself."""
    EXPORT = "export"
    DELETION = "deletion"


KIND_NAMES = {Kind.RETENTION: "到期清理", Kind.EXPORT: "导出", Kind.DELETION: "删除"}
COUNT_NAMES = {
    "recordings": "录音",
    "conversations": "对话",
    "turns": "轮次",
    "requests": "登记",
    "disclosures": "告知记录",
    "tracker_events": "对话状态",
    "views": "保存的视图",
    "borrower": "客户档案",
    "kept_borrower": "依法保留的客户档案",
    "kept_disclosures": "依法保留的告知记录",
}


class RightsLog:
    """Append and read. Blocks: called from worker threads."""

    def __init__(self, database: Database, now_s: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now_s = now_s

    def append(
        self, connection: Connection, kind: Kind, account: str, borrower_id: int | None, **details: Any
    ) -> None:
        """One row, in the transaction that does what it says."""
        self._database.serialise(connection, "data-rights")
        last = connection.execute(select(func.max(data_rights_log.c.sequence))).scalar() or 0
        values = {
            "sequence": last + 1,
            "at_ms": round(self._now_s() * 1000),
            "account": account,
            "kind": kind.value,
            "borrower_id": borrower_id,
            "details": details,
        }
        connection.execute(data_rights_log.insert().values(**values))

    def newest(self) -> list[Row]:
        """The last rows, newest first."""
        query = select(data_rights_log).order_by(data_rights_log.c.sequence.desc()).limit(SHOWN)
        with self._database.reading() as connection:
            return list(connection.execute(query).all())
