"""AuditLog: who signed in, saw, heard, exported or changed what. Written before it happens; nothing is ever removed."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Row

from actions.lending.database import Database
from bot.console.tables import staff_audit

PAGE = 50
HEARD_AGAIN_S = 10 * 60
"""A player fetches a recording in many pieces: within this time they are one hearing."""
_NOTED_KEPT = 10_000


class Action(str, Enum):
    """What was done."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"
    CODES_SWITCHED_ON = "codes_switched_on"
    CODES_SWITCHED_OFF = "codes_switched_off"
    SESSION_ENDED = "session_ended"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    ROLES_CHANGED = "roles_changed"
    PASSWORD_RESET = "password_reset"
    REFUSED = "refused"
    FELL_THROUGH = "fell_through"
    CONVERSATION_SEEN = "conversation_seen"
    RECORDING_HEARD = "recording_heard"
    REQUESTS_SEEN = "requests_seen"
    REQUEST_TAKEN = "request_taken"
    REQUEST_RETURNED = "request_returned"
    REQUEST_DONE = "request_done"
    CONTACT_SEEN = "contact_seen"
    LIVE_WATCHED = "live_watched"
    CALL_LISTENED = "call_listened"
    CHAT_TAKEN_OVER = "chat_taken_over"
    CHAT_HANDED_BACK = "chat_handed_back"
    SEARCHED = "searched"
    EXPORTED = "exported"
    NUMBERS_REVEALED = "numbers_revealed"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    FLAGGED = "flagged"
    UNFLAGGED = "unflagged"
    COMMENTED = "commented"
    COMMENT_REMOVED = "comment_removed"
    SCORED = "scored"
    SAMPLED = "sampled"
    ASSIGNED = "assigned"
    REVIEW_DONE = "review_done"
    REVIEW_REOPENED = "review_reopened"
    SHEET_CHANGED = "sheet_changed"
    PERSON_SOUGHT = "person_sought"
    PERSON_EXPORTED = "person_exported"
    PERSON_DELETED = "person_deleted"
    CORRECTED = "corrected"
    CORRECTION_REJECTED = "correction_rejected"
    BATCH_ACCEPTED = "batch_accepted"
    BATCH_DISCARDED = "batch_discarded"
    TRAINING_BEGUN = "training_begun"
    MODEL_CHANGED = "model_changed"
    EXPORT_REMOVED = "export_removed"


ACTION_NAMES = {
    Action.SIGNED_IN: "登录",
    Action.SIGN_IN_FAILED: "登录失败",
    Action.SIGNED_OUT: "退出",
    Action.PASSWORD_CHANGED: "修改密码",
    Action.CODES_SWITCHED_ON: "开启动态口令",
    Action.CODES_SWITCHED_OFF: "关闭动态口令",
    Action.SESSION_ENDED: "结束登录",
    Action.ACCOUNT_MADE: "新建账号",
    Action.ACCOUNT_DISABLED: "停用账号",
    Action.ACCOUNT_ENABLED: "启用账号",
    Action.ROLES_CHANGED: "调整角色",
    Action.PASSWORD_RESET: "重置密码",
    Action.REFUSED: "越权被拒",
    Action.FELL_THROUGH: "没有做成",
    Action.CONVERSATION_SEEN: "查看对话",
    Action.RECORDING_HEARD: "听录音",
    Action.REQUESTS_SEEN: "查看待办",
    Action.REQUEST_TAKEN: "认领待办",
    Action.REQUEST_RETURNED: "放回待办",
    Action.REQUEST_DONE: "完成待办",
    Action.CONTACT_SEEN: "查看回电号码",
    Action.LIVE_WATCHED: "实时查看对话",
    Action.CALL_LISTENED: "旁听通话",
    Action.CHAT_TAKEN_OVER: "接管对话",
    Action.CHAT_HANDED_BACK: "交还机器人",
    Action.SEARCHED: "搜索",
    Action.EXPORTED: "导出",
    Action.NUMBERS_REVEALED: "查看完整号码",
    Action.TAGGED: "加标签",
    Action.UNTAGGED: "去标签",
    Action.FLAGGED: "标记",
    Action.UNFLAGGED: "取消标记",
    Action.COMMENTED: "评论",
    Action.COMMENT_REMOVED: "删除评论",
    Action.SCORED: "评分",
    Action.SAMPLED: "抽样",
    Action.ASSIGNED: "分配复核",
    Action.REVIEW_DONE: "完成复核",
    Action.REVIEW_REOPENED: "重开复核",
    Action.SHEET_CHANGED: "修改评分表",
    Action.PERSON_SOUGHT: "查找个人数据",
    Action.PERSON_EXPORTED: "导出个人数据",
    Action.PERSON_DELETED: "删除个人数据",
    Action.CORRECTED: "改正对话",
    Action.CORRECTION_REJECTED: "驳回改正",
    Action.BATCH_ACCEPTED: "采纳改正",
    Action.BATCH_DISCARDED: "作废批次",
    Action.TRAINING_BEGUN: "重新训练",
    Action.MODEL_CHANGED: "更换模型",
    Action.EXPORT_REMOVED: "删除导出",
}


@dataclass(frozen=True)
class AuditFilter:
    """What of the log is wanted; an empty value leaves that out."""

    account: str = ""
    action: str = ""
    subject: str = ""
    from_ms: int | None = None
    until_ms: int | None = None
    before: int | None = None
    """Only rows with a smaller sequence: the next page."""


class AuditLog:
    """Appends and reads. Blocks: called from worker threads. An error of the database stops what was to be logged."""

    def __init__(self, database: Database, now_s: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now_s = now_s
        self._noted: OrderedDict[tuple[str, ...], float] = OrderedDict()
        self._noted_lock = threading.Lock()

    def note(self, account: str, address: str, action: Action, subject: str = "", **details: Any) -> None:
        """Append one row; it outlives a power cut."""
        with self._database.writing(durable=True) as connection:
            self._database.serialise(connection, "staff-audit")
            last = connection.execute(select(func.max(staff_audit.c.sequence))).scalar() or 0
            values = {
                "sequence": last + 1,
                "at_ms": round(self._now_s() * 1000),
                "account": account,
                "address": address,
                "action": action.value,
                "subject": subject[:100],
                "details": details,
            }
            connection.execute(staff_audit.insert().values(**values))

    def note_once(
        self,
        session_id: str,
        account: str,
        address: str,
        action: Action,
        subject: str = "",
        again_s: float = HEARD_AGAIN_S,
        **details: str,
    ) -> None:
        """Append what one browser asks for piece by piece or over and over: once within ``again_s`` seconds."""
        key, now_s = (session_id, action.value, subject, *chain(*sorted(details.items()))), self._now_s()
        with self._noted_lock:
            noted_at = self._noted.get(key)
        if noted_at is not None and now_s - noted_at < again_s:
            return
        self.note(account, address, action, subject, **details)
        with self._noted_lock:
            self._noted[key] = now_s
            self._noted.move_to_end(key)
            while len(self._noted) > _NOTED_KEPT:
                self._noted.popitem(last=False)

    def page(self, wanted: AuditFilter) -> list[Row]:
        """The newest ``PAGE`` rows that fit, and one more when there are older ones."""
        columns = staff_audit.c
        query = select(staff_audit).order_by(columns.sequence.desc()).limit(PAGE + 1)
        for column, value in (
            (columns.account, wanted.account),
            (columns.action, wanted.action),
            (columns.subject, wanted.subject),
        ):
            if value:
                query = query.where(column == value)
        if wanted.from_ms is not None:
            query = query.where(columns.at_ms >= wanted.from_ms)
        if wanted.until_ms is not None:
            query = query.where(columns.at_ms < wanted.until_ms)
        if wanted.before is not None:
            query = query.where(columns.sequence < wanted.before)
        with self._database.reading() as connection:
            return list(connection.execute(query).all())
