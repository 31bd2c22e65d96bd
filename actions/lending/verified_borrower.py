"""VerifiedBorrower: the proof, issued by IdentityService alone, that a conversation's caller is a borrower."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any, NoReturn

from sqlalchemy import select
from sqlalchemy.engine import Connection

from actions.lending.errors import LendingError
from actions.lending.models import identity_sessions

VERIFICATION_LIFETIME = timedelta(minutes=30)
"""A verification ends with its conversation, or after this at the latest."""

_ISSUER = object()
_SEAL_KEY = secrets.token_bytes(32)
"""Lives in this process only: a proof that was pickled or put together elsewhere has no valid seal."""


class VerificationForged(LendingError):
    """Something that IdentityService did not issue was offered as a proof of identity."""

    code = "verification_forged"


class VerificationEnded(LendingError):
    """The proof was real, but the conversation is no longer verified for that borrower."""

    code = "verification_ended"


class VerifiedBorrower:
    """Opaque and unchangeable. Cannot be constructed, subclassed, copied with changes or pickled."""

    __slots__ = ("_borrower_id", "_conversation_id", "_grant_id", "_seal")
    _borrower_id: int
    _conversation_id: str
    _grant_id: str
    _seal: bytes

    def __init__(self, borrower_id: int, conversation_id: str, grant_id: str, issuer: object = None) -> None:
        """Only ``issue`` may call this. Raises VerificationForged."""
        if issuer is not _ISSUER:
            raise VerificationForged("身份核实结果只能由身份核实服务给出")
        object.__setattr__(self, "_borrower_id", borrower_id)
        object.__setattr__(self, "_conversation_id", conversation_id)
        object.__setattr__(self, "_grant_id", grant_id)
        object.__setattr__(self, "_seal", _seal(borrower_id, conversation_id, grant_id))

    def __init_subclass__(cls) -> NoReturn:
        """A subclass could skip the check of __init__."""
        raise VerificationForged("身份核实结果不能被继承")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Nothing can be changed."""
        raise VerificationForged("身份核实结果不能修改")

    def __delattr__(self, name: str) -> NoReturn:
        """Nothing can be taken away."""
        raise VerificationForged("身份核实结果不能修改")

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        """Neither pickled nor copied: a proof stays where it was issued."""
        raise VerificationForged("身份核实结果不能保存或复制")

    def __repr__(self) -> str:
        """Names nobody."""
        return f"VerifiedBorrower(conversation={self._conversation_id!r})"

    @property
    def conversation_id(self) -> str:
        """The conversation that this proof belongs to."""
        return self._conversation_id


def issue(borrower_id: int, conversation_id: str, grant_id: str) -> VerifiedBorrower:
    """Make a proof. For IdentityService; the data layer still holds it against the session's own row."""
    return VerifiedBorrower(borrower_id, conversation_id, grant_id, issuer=_ISSUER)


def admitted_borrower_id(connection: Connection, borrower: object, now: datetime) -> int:
    """Return whose data may be read. Every repository method begins with this.

    Raises VerificationForged for anything that was not issued in this process, VerificationEnded when the
    conversation's own row no longer carries this very verification.
    """
    if type(borrower) is not VerifiedBorrower or not _is_intact(borrower):
        raise VerificationForged("没有核实身份，不能查询客户资料")
    row = connection.execute(
        select(
            identity_sessions.c.borrower_id, identity_sessions.c.grant_id, identity_sessions.c.verified_at
        ).where(identity_sessions.c.conversation_id == borrower._conversation_id)
    ).first()
    if (
        row is None
        or row.borrower_id != borrower._borrower_id
        or row.grant_id != borrower._grant_id
        or now >= row.verified_at + VERIFICATION_LIFETIME
    ):
        raise VerificationEnded("身份核实已经结束，请重新核实")
    return borrower._borrower_id


def _is_intact(borrower: VerifiedBorrower) -> bool:
    try:
        expected = _seal(borrower._borrower_id, borrower._conversation_id, borrower._grant_id)
        return hmac.compare_digest(expected, borrower._seal)
    except (AttributeError, TypeError):
        return False


def _seal(borrower_id: int, conversation_id: str, grant_id: str) -> bytes:
    words = f"{borrower_id}\x1f{conversation_id}\x1f{grant_id}".encode()
    return hmac.new(_SEAL_KEY, words, hashlib.sha256).digest()
