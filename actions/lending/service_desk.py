"""ServiceDesk: writes down what customers ask staff to do, each with a short reference, and shows it to staff."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.engine import Connection

from actions.lending.clock import SYSTEM_CLOCK, Clock
from actions.lending.database import Database
from actions.lending.keys import DataKeys, Place
from actions.lending.models import borrowers, identity_sessions, service_requests
from actions.lending.privacy import mask_digits, mask_phone
from actions.lending.service_requests import (
    DISTRESS,
    ChangeKind,
    Lead,
    ReferencesExhausted,
    RequestKind,
    RequestState,
    RequestUnknown,
    ServiceRequest,
)
from actions.lending.verified_borrower import VerifiedBorrower, admitted_borrower_id

REFERENCE_DIGITS = 6
_REFERENCE_TRIES = 50
SUMMARY_LIMIT = 2_000
"""Characters kept of a summary; the rest is cut off."""


class ServiceDesk:
    """Writes requests and shows them to staff."""

    def __init__(self, database: Database, keys: DataKeys, clock: Clock = SYSTEM_CLOCK) -> None:
        """Share one among threads."""
        self._database = database
        self._keys = keys
        self._clock = clock

    def record_lead(self, conversation_id: str, lead: Lead) -> str:
        """Note that somebody wants to apply. The phone is the conversation's: verified, claimed or the line's."""
        values = {
            "product_code": lead.product_code,
            "amount_fen": lead.amount_fen,
            "term_months": lead.term_months,
            "industry": lead.industry,
            "region": lead.region,
            "business_months": lead.business_months,
            "is_first_time_borrower": lead.is_first_time_borrower,
        }
        with self._database.writing() as connection:
            return self._record(connection, RequestKind.LEAD, "apply", conversation_id, lead.note, **values)

    def record_handoff(self, conversation_id: str, reason: str, summary: str) -> str:
        """Note that a person is wanted, with what was said so far."""
        with self._database.writing() as connection:
            return self._record(connection, RequestKind.HANDOFF, reason, conversation_id, summary)

    def record_change_request(self, borrower: VerifiedBorrower, kind: ChangeKind, wish: str = "") -> str:
        """Note a change that the verified borrower wants, with the new number that he dictated if that is the change.

        Raises VerificationForged, VerificationEnded.
        """
        with self._database.writing() as connection:
            admitted_borrower_id(connection, borrower, self._clock.now())
            conversation_id = borrower.conversation_id
            reference = self._record(connection, RequestKind.CHANGE, kind.value, conversation_id, wish)
            if kind is ChangeKind.PHONE:
                self._keep_new_phone(connection, conversation_id, reference)
            return reference

    def record_complaint(self, conversation_id: str, text: str) -> str:
        """Note a complaint in the customer's words."""
        with self._database.writing() as connection:
            return self._record(connection, RequestKind.COMPLAINT, "complaint", conversation_id, text)

    def record_callback(
        self,
        conversation_id: str,
        topic: str,
        summary: str = "",
        wished: str = "",
        wished_at: datetime | None = None,
    ) -> str:
        """Note that the customer wants to be called back, and when (``wished``: 60 characters at most)."""
        values = {"wished": mask_digits(wished)[:60] or None, "wished_at": wished_at}
        with self._database.writing() as connection:
            return self._record(connection, RequestKind.CALLBACK, topic, conversation_id, summary, **values)

    def note_caller(self, conversation_id: str) -> None:
        """Add who the caller is and his number, as far as known by now, to what he has asked for before."""
        with self._database.writing() as connection:
            self._name_earlier(connection, conversation_id)

    def requests(
        self,
        kind: RequestKind | None = None,
        state: RequestState | None = None,
        conversation_id: str | None = None,
        limit: int = 100,
    ) -> tuple[ServiceRequest, ...]:
        """Return requests for staff, newest first."""
        query = select(service_requests).order_by(service_requests.c.id.desc()).limit(limit)
        if kind is not None:
            query = query.where(service_requests.c.kind == kind.value)
        if state is not None:
            query = query.where(service_requests.c.state == state.value)
        if conversation_id is not None:
            query = query.where(service_requests.c.conversation_id == conversation_id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(self._view(row) for row in rows)

    def waiting(self, limit: int) -> tuple[ServiceRequest, ...]:
        """Return what is not done: danger to life, then complaints, then all others; the longest waiting first."""
        columns = service_requests.c
        urgency = case(
            (columns.topic == DISTRESS, 0), (columns.kind == RequestKind.COMPLAINT.value, 1), else_=2
        )
        query = (
            select(service_requests)
            .where(columns.state.in_((RequestState.OPEN.value, RequestState.TAKEN.value)))
            .order_by(urgency, columns.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(self._view(row) for row in rows)

    def revision(self) -> int:
        """Return a number that changes when a request is made, taken, given back or done, or a number to call comes."""
        columns = service_requests.c
        counts = [
            func.count().filter(columns.state == state.value)
            for state in (RequestState.OPEN, RequestState.TAKEN)
        ]
        facts = select(
            func.max(columns.id),
            func.max(columns.taken_at),
            func.count(columns.contact_phone_sealed),
            *counts,
        )
        with self._database.reading() as connection:
            return hash(tuple(str(one) for one in connection.execute(facts).one()))

    def find(self, reference: str) -> ServiceRequest:
        """Return one request. Raises RequestUnknown."""
        with self._database.reading() as connection:
            return self._view(self._row(connection, reference))

    def take(self, reference: str, staff: str) -> ServiceRequest:
        """Mark an open request as looked after; who took it first keeps it. Raises RequestUnknown."""
        values = {"state": RequestState.TAKEN.value, "staff": staff, "taken_at": self._clock.now()}
        return self._move(reference, RequestState.OPEN, values)

    def give_back(self, reference: str, staff: str) -> ServiceRequest:
        """Free a request that ``staff`` took; anybody may take it again. Raises RequestUnknown."""
        values = {"state": RequestState.OPEN.value, "staff": None, "taken_at": None}
        return self._move(reference, RequestState.TAKEN, values, staff)

    def close(self, reference: str, staff: str) -> ServiceRequest:
        """Mark a request that ``staff`` took as done; anybody else's stays as it is. Raises RequestUnknown."""
        values = {"state": RequestState.CLOSED.value, "closed_at": self._clock.now()}
        return self._move(reference, RequestState.TAKEN, values, staff)

    def contact_phone(self, reference: str) -> str | None:
        """Return the number to call, in clear, for a member of staff who looks after it. Raises RequestUnknown."""
        with self._database.reading() as connection:
            return self._contact(self._row(connection, reference))

    def new_phone(self, reference: str) -> str | None:
        """Return the number that a borrower wants to be known by, in clear, for staff. Raises RequestUnknown."""
        with self._database.reading() as connection:
            return self._unsealed(self._row(connection, reference), "new_phone_sealed")

    def _keep_new_phone(self, connection: Connection, conversation_id: str, reference: str) -> None:
        query = select(identity_sessions.c.new_phone_sealed).where(
            identity_sessions.c.conversation_id == conversation_id
        )
        sealed = connection.execute(query).scalar()
        if sealed is None:
            return
        phone = self._keys.unseal(sealed, Place("identity_sessions", "new_phone_sealed", conversation_id))
        place = Place("service_requests", "new_phone_sealed", reference)
        connection.execute(
            update(service_requests)
            .where(service_requests.c.reference == reference)
            .values(new_phone_sealed=self._keys.seal(phone, place))
        )

    def _record(
        self,
        connection: Connection,
        kind: RequestKind,
        topic: str,
        conversation_id: str,
        summary: str,
        **values: Any,
    ) -> str:
        reference = self._free_reference(connection)
        borrower_id, phone = self._caller(connection, conversation_id)
        place = Place("service_requests", "contact_phone_sealed", reference)
        connection.execute(
            insert(service_requests).values(
                reference=reference,
                kind=kind.value,
                topic=topic[:40],
                conversation_id=conversation_id,
                borrower_id=borrower_id,
                contact_phone_sealed=self._keys.seal(phone, place) if phone else None,
                summary=mask_digits(summary)[:SUMMARY_LIMIT],
                state=RequestState.OPEN.value,
                created_at=self._clock.now(),
                **values,
            )
        )
        self._name_earlier(connection, conversation_id)
        return reference

    def _name_earlier(self, connection: Connection, conversation_id: str) -> None:
        columns = service_requests.c
        nameless = (
            select(columns.reference, columns.contact_phone_sealed)
            .where(columns.conversation_id == conversation_id)
            .where(columns.borrower_id.is_(None))
            # What is done is not called about; an erased request is closed, and stays nobody's.
            .where(columns.state != RequestState.CLOSED.value)
        )
        rows = connection.execute(nameless).all()
        borrower_id, phone = self._caller(connection, conversation_id) if rows else (None, None)
        if phone is None:
            return
        for row in rows:
            place = Place("service_requests", "contact_phone_sealed", row.reference)
            # The number that he called from, or gave for this, stays the one to call.
            sealed = row.contact_phone_sealed or self._keys.seal(phone, place)
            connection.execute(
                update(service_requests)
                .where(columns.reference == row.reference)
                .values(borrower_id=borrower_id, contact_phone_sealed=sealed)
            )

    def _caller(self, connection: Connection, conversation_id: str) -> tuple[int | None, str | None]:
        """Who the conversation's caller is, and his number, as far as they are known."""
        query = select(identity_sessions).where(identity_sessions.c.conversation_id == conversation_id)
        session = connection.execute(query).first()
        if session is None:
            return None, None
        if session.borrower_id is not None:
            query = select(borrowers.c.phone_sealed).where(borrowers.c.id == session.borrower_id)
            sealed = connection.execute(query).scalar_one()
            place = Place("borrowers", "phone_sealed", str(session.borrower_id))
            return session.borrower_id, self._keys.unseal(sealed, place)
        for column in ("claimed_phone_sealed", "line_phone_sealed"):
            sealed = getattr(session, column)
            if sealed is not None:
                return None, self._keys.unseal(sealed, Place("identity_sessions", column, conversation_id))
        return None, None

    def _free_reference(self, connection: Connection) -> str:
        for _ in range(_REFERENCE_TRIES):
            # The first digit is never 0, so that nobody reads the number out shorter than it is.
            reference = str(
                secrets.randbelow(9 * 10 ** (REFERENCE_DIGITS - 1)) + 10 ** (REFERENCE_DIGITS - 1)
            )
            self._database.serialise(connection, f"reference:{reference}")
            taken = select(service_requests.c.id).where(service_requests.c.reference == reference)
            if connection.execute(taken).first() is None:
                return reference
        raise ReferencesExhausted("登记号码已经用完，请联系技术人员")

    def _move(
        self, reference: str, before: RequestState, values: dict[str, Any], staff: str | None = None
    ) -> ServiceRequest:
        """Change it where it still is as the mover saw it: in that state, and his, if ``staff`` is given."""
        columns = service_requests.c
        as_seen = (columns.reference == reference) & (columns.state == before.value)
        if staff is not None:
            as_seen &= columns.staff == staff
        with self._database.writing() as connection:
            connection.execute(update(service_requests).where(as_seen).values(**values))
            return self._view(self._row(connection, reference))

    def _row(self, connection: Connection, reference: str) -> Any:
        query = select(service_requests).where(service_requests.c.reference == reference)
        row = connection.execute(query).first()
        if row is None:
            raise RequestUnknown(f"没有登记号为 {reference} 的请求")
        return row

    def _contact(self, row: Any) -> str | None:
        return self._unsealed(row, "contact_phone_sealed")

    def _unsealed(self, row: Any, column: str) -> str | None:
        sealed = getattr(row, column)
        return self._keys.unseal(sealed, Place("service_requests", column, row.reference)) if sealed else None

    def _view(self, row: Any) -> ServiceRequest:
        kind = RequestKind(row.kind)
        phone, new_phone = self._contact(row), self._unsealed(row, "new_phone_sealed")
        lead = Lead(
            row.product_code,
            row.amount_fen,
            row.term_months,
            row.industry,
            row.region,
            row.business_months,
            row.summary,
            row.is_first_time_borrower,
        )
        return ServiceRequest(
            reference=row.reference,
            kind=kind,
            topic=row.topic,
            conversation_id=row.conversation_id,
            from_verified_borrower=row.borrower_id is not None,
            masked_phone=mask_phone(phone) if phone else "",
            masked_new_phone=mask_phone(new_phone) if new_phone else "",
            lead=lead if kind is RequestKind.LEAD else None,
            summary=row.summary,
            state=RequestState(row.state),
            created_at=row.created_at,
            taken_at=row.taken_at,
            closed_at=row.closed_at,
            staff=row.staff,
            wished=row.wished or "",
            wished_at=row.wished_at,
        )
