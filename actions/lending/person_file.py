"""PersonFile: all that the lending data hold of one person, for a copy that he asked for (PIPL, article 45)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from actions.lending import models
from actions.lending.claims import ClaimMalformed, normalised_phone, phone_hash
from actions.lending.errors import LendingError
from actions.lending.keys import DataKeys, Place
from actions.lending.privacy import mask_id_card, mask_phone

_CHECKS = ("in_person", "called_back", "written")


class IdentityUnchecked(LendingError):
    """Nobody said how he made sure who asks."""

    code = "identity_unchecked"


@dataclass(frozen=True)
class CheckedIdentity:
    """A member of staff vouches for who asks; takes the place of a verified caller. Raises IdentityUnchecked."""

    staff: str
    how: str
    """``in_person`` | ``called_back`` | ``written``."""
    note: str
    """What was looked at, for the record; no numbers."""

    def __post_init__(self) -> None:
        if not self.staff or self.how not in _CHECKS or len(self.note.strip()) < 4:
            raise IdentityUnchecked("请写明怎样核实了申请人的身份")


@dataclass(frozen=True)
class Person:
    """Somebody whose data are kept: a borrower, or the number that somebody gave."""

    borrower_id: int | None
    phone: str | None
    """In clear, never shown; None when only the conversation is known."""
    name: str
    """Masked."""

    @property
    def shown(self) -> str:
        """As staff see him: 张* 138****0001."""
        return f"{self.name} {mask_phone(self.phone) if self.phone else ''}".strip()


def person_of_phone(connection: Connection, keys: DataKeys, typed: str) -> Person | None:
    """The borrower of this number, or whoever gave it; None for no mobile number at all."""
    try:
        phone = normalised_phone(typed)
    except ClaimMalformed:
        return None
    table = models.borrowers.c
    row = connection.execute(
        select(table.id, table.name).where(table.phone_hash == phone_hash(keys, phone))
    ).first()
    if row is None:
        return Person(None, phone, "非借款客户")
    return Person(int(row.id), phone, _masked(str(row.name)))


def person_of_borrower(connection: Connection, keys: DataKeys, borrower_id: int) -> Person | None:
    """The borrower with this id."""
    row = connection.execute(select(models.borrowers).where(models.borrowers.c.id == borrower_id)).first()
    if row is None:
        return None
    phone = keys.unseal(row.phone_sealed, Place("borrowers", "phone_sealed", str(row.id)))
    return Person(borrower_id, phone, _masked(str(row.name)))


def lending_copy(
    connection: Connection, keys: DataKeys, borrower_id: int, checked: CheckedIdentity
) -> dict[str, Any]:
    """Everything that lending keeps of a borrower, as JSON can hold it; his own numbers masked, he knows them."""
    if not isinstance(checked, CheckedIdentity):
        raise IdentityUnchecked("请写明怎样核实了申请人的身份")
    person = connection.execute(select(models.borrowers).where(models.borrowers.c.id == borrower_id)).one()
    card = keys.unseal(person.id_card_sealed, Place("borrowers", "id_card_sealed", str(borrower_id)))
    phone = keys.unseal(person.phone_sealed, Place("borrowers", "phone_sealed", str(borrower_id)))
    own_loans = select(models.loans.c.id).where(models.loans.c.borrower_id == borrower_id)
    own_applications = select(models.applications.c.id).where(
        models.applications.c.borrower_id == borrower_id
    )
    found: dict[str, Any] = {
        "borrower": {
            "name": person.name,
            "gender": person.gender,
            "phone": mask_phone(phone),
            "id_card": mask_id_card(card),
            "is_first_time_borrower": person.is_first_time_borrower,
        }
    }
    for table in (models.businesses, models.applications, models.loans, models.credit_limits):
        found[table.name] = _rows(connection, select(table).where(table.c.borrower_id == borrower_id))
    for table in (models.application_events, models.rejection_reasons):
        found[table.name] = _rows(
            connection, select(table).where(table.c.application_id.in_(own_applications))
        )
    for table in (models.instalments, models.payments, models.autodebits):
        found[table.name] = _rows(connection, select(table).where(table.c.loan_id.in_(own_loans)))
    return found


def forget_borrower(connection: Connection, borrower_id: int) -> bool:
    """Remove a borrower who never applied, and tell whether; who did is kept ten years (Anti-Money-Laundering Law)."""
    for table in (models.applications, models.loans, models.credit_limits):
        if connection.execute(select(table.c.id).where(table.c.borrower_id == borrower_id).limit(1)).first():
            return False
    businesses, borrowers = models.businesses, models.borrowers
    sessions, requests = models.identity_sessions, models.service_requests
    connection.execute(
        sessions.update().where(sessions.c.borrower_id == borrower_id).values(borrower_id=None)
    )
    connection.execute(
        requests.update().where(requests.c.borrower_id == borrower_id).values(borrower_id=None)
    )
    connection.execute(delete(businesses).where(businesses.c.borrower_id == borrower_id))
    connection.execute(delete(borrowers).where(borrowers.c.id == borrower_id))
    return True


def _rows(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [
        {name: _plain(value) for name, value in row.items() if name not in ("borrower_id", "id")}
        for row in connection.execute(query).mappings()
    ]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _masked(name: str) -> str:
    return name[:1] + "*" * (len(name) - 1)
