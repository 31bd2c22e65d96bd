"""Identity: who a conversation's caller is, proved by phone number and the end of the ID card. Server side only."""

import hmac
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from actions.lending.claims import (
    LAST4_LENGTH,
    PHONE_LENGTH,
    ClaimMalformed,
    id_last4_hash,
    joined,
    normalised_last4,
    normalised_phone,
    phone_hash,
)
from actions.lending.clock import SYSTEM_CLOCK, Clock
from actions.lending.database import Database
from actions.lending.errors import LendingError
from actions.lending.identity_tries import (
    MAX_WRONG_TRIES,
    attempts_left,
    count_wrong,
    forget_old,
    forgive,
    lock,
    locked_until,
)
from actions.lending.keys import DataKeys, Place
from actions.lending.models import borrowers, identity_sessions
from actions.lending.verified_borrower import VERIFICATION_LIFETIME, VerifiedBorrower, issue
from actions.lending.views import IdentityState, Verification, VerificationOutcome

CHANNELS = ("phone", "browser", "chat")

_PHONE_COLUMNS = ("claimed_phone_sealed", "other_phone_sealed", "phone_piece_sealed")
_LAST4_COLUMNS = ("claimed_last4_sealed", "other_last4_sealed", "last4_piece_sealed")
_CLAIM_COLUMNS = {
    "phone": _PHONE_COLUMNS,
    "id_last4": _LAST4_COLUMNS,
    "all": _PHONE_COLUMNS + _LAST4_COLUMNS,
    "new_phone": ("new_phone_sealed", "phone_piece_sealed"),
}
_PIECE_COLUMNS = {PHONE_LENGTH: "phone_piece_sealed", LAST4_LENGTH: "last4_piece_sealed"}
_NO_VERIFICATION = {"borrower_id": None, "grant_id": None, "verified_at": None, "new_phone_sealed": None}


class ConversationNotOpen(LendingError):
    """``open_session`` was not called for the conversation."""

    code = "conversation_not_open"


class IdentityService:
    """Verifies conversations. Claims are pending until ``verify``; three wrong ones lock number and line."""

    def __init__(self, database: Database, keys: DataKeys, clock: Clock = SYSTEM_CLOCK) -> None:
        """All state is in the database, so that any process may ask and a restart forgets nothing."""
        self._database = database
        self._keys = keys
        self._clock = clock

    def open_session(self, conversation_id: str, channel: str, line_phone: str | None = None) -> None:
        """Begin a conversation. ``line_phone`` is what the phone network vouches for, never what was said.

        A landline proves nothing, as borrowers are known by mobile number, but it can be locked like any line.
        Opening it again (a reconnection) keeps its state; with another line it starts anew, unverified.
        """
        if channel not in CHANNELS:
            raise ValueError(f"unknown channel {channel!r}")
        phone = _mobile_number(line_phone)
        # Callers who withhold their number must not share a line: one of them would lock all the others.
        other = line_phone if line_phone and any(character.isdigit() for character in line_phone) else None
        line = self._keys.lookup_hash("line", phone or other or f"conversation:{conversation_id}")
        with self._database.writing() as connection:
            row = self._row(connection, conversation_id)
            if row is not None and row.line_hash == line:
                return
            sealed = self._seal(conversation_id, "line_phone_sealed", phone) if phone else None
            connection.execute(
                delete(identity_sessions).where(identity_sessions.c.conversation_id == conversation_id)
            )
            connection.execute(
                insert(identity_sessions).values(
                    conversation_id=conversation_id,
                    channel=channel,
                    opened_at=self._clock.now(),
                    line_hash=line,
                    line_phone_sealed=sealed,
                )
            )

    def claim_phone(self, conversation_id: str, phone: str, other: str | None = None) -> None:
        """Note the mobile number that the caller gives; another one than the verified ends the verification.

        ``other``: the number that it may have been as well. Raises ClaimMalformed, ConversationNotOpen.
        """
        number = normalised_phone(phone)
        second = normalised_phone(other) if other else None
        with self._database.writing() as connection:
            row = self._open_row(connection, conversation_id)
            values: dict[str, Any] = {
                "claimed_phone_sealed": self._seal(conversation_id, "claimed_phone_sealed", number),
                "other_phone_sealed": self._sealed_or_none(conversation_id, "other_phone_sealed", second),
                "phone_piece_sealed": None,
            }
            if self._is_valid(row):
                if self._is_phone_of(connection, row.borrower_id, number):
                    return
                values |= _NO_VERIFICATION | {"claimed_last4_sealed": None, "other_last4_sealed": None}
            self._update(connection, conversation_id, values)

    def claim_id_last4(self, conversation_id: str, last4: str, other: str | None = None) -> None:
        """Note the end of the ID card that the caller gives; ``other``: what it may have been as well.

        Raises ClaimMalformed, ConversationNotOpen.
        """
        ending, second = normalised_last4(last4), normalised_last4(other) if other else None
        with self._database.writing() as connection:
            self._open_row(connection, conversation_id)
            sealed = self._seal(conversation_id, "claimed_last4_sealed", ending)
            values = {
                "claimed_last4_sealed": sealed,
                "other_last4_sealed": self._sealed_or_none(conversation_id, "other_last4_sealed", second),
                "last4_piece_sealed": None,
            }
            self._update(connection, conversation_id, values)

    def take_other(self, conversation_id: str, which: str) -> None:
        """The caller meant the other reading of his ``phone`` or ``id_last4``: it is the claim now, and the only one.

        Without another reading the claim is forgotten. Raises ConversationNotOpen.
        """
        state = self.state(conversation_id)
        other = state.other_phone if which == "phone" else state.other_last4
        if other is None:
            self.discard_claims(conversation_id, which)
        elif which == "phone":
            self.claim_phone(conversation_id, other)
        else:
            self.claim_id_last4(conversation_id, other)

    def note_new_phone(self, conversation_id: str, phone: str) -> None:
        """Note the number by which the caller wants to be known; nothing is proved or unproved by it.

        Raises ClaimMalformed, ConversationNotOpen.
        """
        number = normalised_phone(phone)
        with self._database.writing() as connection:
            self._open_row(connection, conversation_id)
            sealed = self._seal(conversation_id, "new_phone_sealed", number)
            self._update(
                connection, conversation_id, {"new_phone_sealed": sealed, "phone_piece_sealed": None}
            )

    def dictate(
        self, conversation_id: str, length: int, piece: str, is_new_phone: bool = False
    ) -> str | None:
        """Put a piece of a number of ``length`` digits behind those already heard; the whole number is claimed.

        With ``is_new_phone`` it is the number that he wants to be known by, and no claim. Returns the number once it
        is whole. Pieces that make no such number are forgotten: it is said anew. Raises ConversationNotOpen.
        """
        column = _PIECE_COLUMNS[length]
        with self._database.writing() as connection:
            row = self._open_row(connection, conversation_id)
            digits = joined(length, self._unseal(row, column) or "", piece)
            whole = digits is not None and len(digits) == length
            sealed = self._seal(conversation_id, column, digits) if digits and not whole else None
            self._update(connection, conversation_id, {column: sealed})
        if digits is None or not whole:
            return None
        if is_new_phone:
            self.note_new_phone(conversation_id, digits)
        elif length == PHONE_LENGTH:
            self.claim_phone(conversation_id, digits)
        else:
            self.claim_id_last4(conversation_id, digits)
        return digits

    def discard_claims(self, conversation_id: str, which: str = "all") -> None:
        """Forget ``phone``, ``id_last4``, ``all`` of both, or ``new_phone``: the read-back was wrong. Never counted."""
        columns = _CLAIM_COLUMNS[which]
        with self._database.writing() as connection:
            self._update(connection, conversation_id, dict.fromkeys(columns))

    def state(self, conversation_id: str) -> IdentityState:
        """Tell how far the conversation is. Of one that was never opened: nothing known, not verified."""
        with self._database.reading() as connection:
            row = self._row(connection, conversation_id)
            if row is None:
                return IdentityState(False, None, MAX_WRONG_TRIES, False, None, None)
            phone = self._phone(row)
            number = self._number_hash(phone) if phone else ""
            locked = locked_until(connection, number, row.line_hash, self._clock.now())
            left = 0 if locked else attempts_left(connection, number, row.line_hash, self._clock.now())
            return IdentityState(
                verified=self._is_valid(row),
                locked_until=locked,
                attempts_left=left,
                has_line_phone=row.line_phone_sealed is not None,
                claimed_phone=self._unseal(row, "claimed_phone_sealed"),
                claimed_last4=self._unseal(row, "claimed_last4_sealed"),
                new_phone=self._unseal(row, "new_phone_sealed"),
                other_phone=self._unseal(row, "other_phone_sealed"),
                other_last4=self._unseal(row, "other_last4_sealed"),
                digits_heard={
                    length: len(self._unseal(row, column) or "") for length, column in _PIECE_COLUMNS.items()
                },
            )

    def verify(self, conversation_id: str) -> Verification:
        """Check the confirmed claims; a wrong one counts. Raises ConversationNotOpen.

        An unknown number does, answers and costs exactly what a known one with a wrong ID end does. While number
        or line is locked even the right answer is not looked at.
        """
        with self._database.writing() as connection:
            row = self._open_row(connection, conversation_id)
            phone, last4 = self._phone(row), self._unseal(row, "claimed_last4_sealed")
            if self._is_valid(row) and row.claimed_phone_sealed is None:
                self._update(connection, conversation_id, dict.fromkeys(_CLAIM_COLUMNS["all"]))
                return Verification(VerificationOutcome.VERIFIED, MAX_WRONG_TRIES, None)
            number = self._number_hash(phone) if phone else ""
            for subject in sorted({number, str(row.line_hash)}):
                self._database.serialise(connection, subject)
            locked = locked_until(connection, number, row.line_hash, self._clock.now())
            if locked is not None:
                return Verification(VerificationOutcome.LOCKED, 0, locked)
            if phone is None or last4 is None:
                left = attempts_left(connection, number, row.line_hash, self._clock.now())
                return Verification(VerificationOutcome.INCOMPLETE, left, None)
            borrower_id = self._match(connection, phone, last4)
            if borrower_id is None:
                return self._wrong(connection, conversation_id, number, row.line_hash)
            return self._right(connection, conversation_id, number, borrower_id)

    def verified_borrower(self, conversation_id: str) -> VerifiedBorrower | None:
        """Return the proof that repositories demand, or None while the conversation is not verified."""
        with self._database.reading() as connection:
            row = self._row(connection, conversation_id)
        if row is None or not self._is_valid(row):
            return None
        return issue(row.borrower_id, conversation_id, row.grant_id)

    def applicant_identity(self, conversation_id: str) -> str | None:
        """Return a keyed hash that is the same whenever the same customer calls: of a verified borrower's number, else
        of the line, which without a number is the conversation. None while the conversation is not open.
        """
        with self._database.reading() as connection:
            row = self._row(connection, conversation_id)
            if row is None or not self._is_valid(row):
                return None if row is None else str(row.line_hash)
            known = select(borrowers.c.phone_sealed).where(borrowers.c.id == row.borrower_id)
            sealed = connection.execute(known).scalar_one()
        phone = self._keys.unseal(sealed, Place("borrowers", "phone_sealed", str(row.borrower_id)))
        return self._keys.lookup_hash("line", phone)

    def end_verification(self, conversation_id: str) -> None:
        """Forget who the caller is and all his claims: the conversation is over, or somebody else took the phone."""
        with self._database.writing() as connection:
            self._update(connection, conversation_id, _NO_VERIFICATION | dict.fromkeys(_CLAIM_COLUMNS["all"]))

    def forget_sessions(self, before: datetime) -> int:
        """Delete conversations opened before a moment, and tries and locks that no longer count."""
        with self._database.writing() as connection:
            forget_old(connection, self._clock.now())
            gone = connection.execute(delete(identity_sessions).where(identity_sessions.c.opened_at < before))
            return int(gone.rowcount)

    def _match(self, connection: Connection, phone: str, last4: str) -> int | None:
        """Return the borrower whose number and ID end these are; compares in constant time, known or not."""
        row = connection.execute(
            select(borrowers.c.id, borrowers.c.id_last4_hash).where(
                borrowers.c.phone_hash == phone_hash(self._keys, phone)
            )
        ).first()
        expected = row.id_last4_hash if row else "0" * 64
        matches = hmac.compare_digest(expected, id_last4_hash(self._keys, phone, last4))
        return int(row.id) if row and matches else None

    def _wrong(self, connection: Connection, conversation_id: str, number: str, line: str) -> Verification:
        now = self._clock.now()
        count_wrong(connection, number, line, now)
        forgotten = _NO_VERIFICATION | {"claimed_last4_sealed": None, "other_last4_sealed": None}
        self._update(connection, conversation_id, forgotten)
        left = attempts_left(connection, number, line, now)
        if left > 0:
            return Verification(VerificationOutcome.WRONG, left, None)
        return Verification(VerificationOutcome.LOCKED, 0, lock(connection, number, line, now))

    def _right(
        self, connection: Connection, conversation_id: str, number: str, borrower_id: int
    ) -> Verification:
        forgive(connection, number)
        verification = {
            "borrower_id": borrower_id,
            "grant_id": secrets.token_hex(16),
            "verified_at": self._clock.now(),
        }
        self._update(connection, conversation_id, verification | dict.fromkeys(_CLAIM_COLUMNS["all"]))
        return Verification(VerificationOutcome.VERIFIED, MAX_WRONG_TRIES, None)

    def _is_valid(self, row: Any) -> bool:
        return (
            row.borrower_id is not None
            and row.verified_at is not None
            and self._clock.now() < row.verified_at + VERIFICATION_LIFETIME
        )

    def _is_phone_of(self, connection: Connection, borrower_id: int, phone: str) -> bool:
        known = select(borrowers.c.phone_hash).where(borrowers.c.id == borrower_id)
        return bool(connection.execute(known).scalar_one() == phone_hash(self._keys, phone))

    def _phone(self, row: Any) -> str | None:
        """The number that is claimed, else the line's own."""
        return self._unseal(row, "claimed_phone_sealed") or self._unseal(row, "line_phone_sealed")

    def _number_hash(self, phone: str) -> str:
        """The number as the subject of tries and locks: the same hash as a line, since both are numbers."""
        return self._keys.lookup_hash("line", phone)

    def _row(self, connection: Connection, conversation_id: str) -> Any:
        query = select(identity_sessions).where(identity_sessions.c.conversation_id == conversation_id)
        return connection.execute(query).first()

    def _open_row(self, connection: Connection, conversation_id: str) -> Any:
        row = self._row(connection, conversation_id)
        if row is None:
            raise ConversationNotOpen("这个会话还没有开始，无法核实身份")
        return row

    def _update(self, connection: Connection, conversation_id: str, values: dict[str, Any]) -> None:
        this = identity_sessions.c.conversation_id == conversation_id
        connection.execute(update(identity_sessions).where(this).values(**values))

    def _seal(self, conversation_id: str, column: str, value: str) -> bytes:
        return self._keys.seal(value, Place("identity_sessions", column, conversation_id))

    def _sealed_or_none(self, conversation_id: str, column: str, value: str | None) -> bytes | None:
        return self._seal(conversation_id, column, value) if value else None

    def _unseal(self, row: Any, column: str) -> str | None:
        sealed = getattr(row, column)
        if sealed is None:
            return None
        return self._keys.unseal(sealed, Place("identity_sessions", column, row.conversation_id))


def _mobile_number(line_phone: str | None) -> str | None:
    try:
        return normalised_phone(line_phone) if line_phone else None
    except ClaimMalformed:
        return None
