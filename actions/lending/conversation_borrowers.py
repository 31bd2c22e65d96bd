"""ConversationBorrowers: whom a conversation was verified as, masked, for those who review it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Row

from actions.lending.claims import ClaimMalformed, normalised_phone, phone_hash
from actions.lending.database import Database
from actions.lending.keys import DataKeys, Place
from actions.lending.models import borrowers, identity_sessions
from actions.lending.privacy import mask_phone


@dataclass(frozen=True)
class MaskedBorrower:
    """A borrower as staff see him: 张* 138****0001."""

    id: int
    name: str
    phone: str

    def __str__(self) -> str:
        """Name and number, both masked."""
        return f"{self.name} {self.phone}"


class ConversationBorrowers:
    """Knows only conversations that are still verified: afterwards the identity service forgets who it was."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self._database = database
        self._keys = keys

    def of(self, conversation_ids: Collection[str]) -> dict[str, MaskedBorrower]:
        """Conversation -> its borrower, for those that have one now."""
        wanted = identity_sessions.c.conversation_id.in_(list(conversation_ids))
        query = (
            select(identity_sessions.c.conversation_id, borrowers)
            .join(borrowers, borrowers.c.id == identity_sessions.c.borrower_id)
            .where(wanted)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return {row.conversation_id: self._masked(row) for row in rows}

    def id_of_phone(self, phone: str) -> int | None:
        """The borrower of a whole mobile number, found by its keyed hash; None for no number of a borrower."""
        try:
            number = normalised_phone(phone)
        except ClaimMalformed:
            return None
        query = select(borrowers.c.id).where(borrowers.c.phone_hash == phone_hash(self._keys, number))
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else int(found)

    def _masked(self, row: Row) -> MaskedBorrower:
        phone = self._keys.unseal(row.phone_sealed, Place("borrowers", "phone_sealed", str(row.id)))
        name = str(row.name)
        return MaskedBorrower(int(row.id), name[:1] + "*" * (len(name) - 1), mask_phone(phone))
