"""ConversationNumbers: whole numbers of a conversation, for staff who may see them; masked everywhere else."""

from dataclasses import dataclass, field
from enum import Enum

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from actions.lending.database import Database
from actions.lending.keys import DataKeys, Place
from actions.lending.models import borrowers, identity_sessions, service_requests


class NumberKind(str, Enum):
    """What a number is to the conversation."""

    LINE = "line"
    CLAIMED_PHONE = "claimed_phone"
    CLAIMED_LAST4 = "claimed_last4"
    NEW_PHONE = "new_phone"
    BORROWER_PHONE = "borrower_phone"
    BORROWER_LAST4 = "borrower_last4"
    CONTACT_PHONE = "contact_phone"


@dataclass(frozen=True)
class KnownNumber:
    """Digits in clear: never to be logged."""

    kind: NumberKind
    digits: str = field(repr=False)


_SESSION = {
    NumberKind.LINE: "line_phone_sealed",
    NumberKind.CLAIMED_PHONE: "claimed_phone_sealed",
    NumberKind.CLAIMED_LAST4: "claimed_last4_sealed",
    NumberKind.NEW_PHONE: "new_phone_sealed",
}
_REQUEST = {
    NumberKind.CONTACT_PHONE: "contact_phone_sealed",
    NumberKind.NEW_PHONE: "new_phone_sealed",
}


class ConversationNumbers:
    """What is still stored: claims while the conversation goes on, later the borrower's and what was left for staff.

    Transcripts hold masks and nothing else, so digits that nobody claimed, or that were forgotten with the
    conversation, cannot come back.
    """

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self._database = database
        self._keys = keys

    def of(self, conversation_id: str, borrower_id: int | None) -> list[KnownNumber]:
        """Each number once; ``borrower_id`` is whom the conversation was verified as, if it was."""
        with self._database.reading() as connection:
            found = [
                *self._claimed(connection, conversation_id),
                *self._borrower(connection, borrower_id),
                *self._left(connection, conversation_id),
            ]
        first: dict[str, KnownNumber] = {}
        for number in found:
            first.setdefault(number.digits, number)
        return list(first.values())

    def _claimed(self, connection: Connection, conversation_id: str) -> list[KnownNumber]:
        query = select(identity_sessions).where(identity_sessions.c.conversation_id == conversation_id)
        row = connection.execute(query).first()
        return self._opened(row, "identity_sessions", _SESSION, conversation_id) if row else []

    def _borrower(self, connection: Connection, borrower_id: int | None) -> list[KnownNumber]:
        row = connection.execute(select(borrowers).where(borrowers.c.id == borrower_id)).first()
        if row is None:
            return []
        phone = self._keys.unseal(row.phone_sealed, Place("borrowers", "phone_sealed", str(row.id)))
        id_card = self._keys.unseal(row.id_card_sealed, Place("borrowers", "id_card_sealed", str(row.id)))
        return [
            KnownNumber(NumberKind.BORROWER_PHONE, phone),
            KnownNumber(NumberKind.BORROWER_LAST4, id_card[-4:]),
        ]

    def _left(self, connection: Connection, conversation_id: str) -> list[KnownNumber]:
        query = select(service_requests).where(service_requests.c.conversation_id == conversation_id)
        found = []
        for row in connection.execute(query.order_by(service_requests.c.id)):
            found += self._opened(row, "service_requests", _REQUEST, row.reference)
        return found

    def _opened(self, row: Row, table: str, columns: dict[NumberKind, str], place: str) -> list[KnownNumber]:
        return [
            KnownNumber(kind, self._keys.unseal(row[column], Place(table, column, place)))
            for kind, column in columns.items()
            if row[column] is not None
        ]
