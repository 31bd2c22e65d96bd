"""Truth: who is in the seeded database, and what its own rows say about him; plain SQL, none of the code under test."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import text

from actions.lending.clock import today
from actions.lending.database import Database
from actions.lending.keys import DataKeys, Place
from actions.lending.policy import PolicyBook

_LATEST_STATE = """
    SELECT b.id FROM borrowers b JOIN applications a ON a.borrower_id = b.id
    WHERE b.id > 3 AND a.state = :state
      AND a.id = (SELECT id FROM applications WHERE borrower_id = b.id ORDER BY submitted_on DESC, id DESC LIMIT 1)
    ORDER BY b.id
"""
_SETTLED = """
    SELECT l.borrower_id FROM loans l JOIN borrowers b ON b.id = l.borrower_id WHERE b.id > 3
    GROUP BY l.borrower_id HAVING COUNT(*) = COUNT(l.settled_on) ORDER BY l.borrower_id
"""
_SPARE = "SELECT id FROM borrowers ORDER BY id DESC"


class Truth:
    """Looks things up; ``person`` is 张伟, 李娜, 王强, or a role: rejected, approved, settled, spare1 …"""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self._database = database
        self._keys = keys

    def number_of(self, person: str) -> dict[str, str]:
        """Phone number, end of the ID card, and an end that is wrong."""
        row = self._rows("SELECT * FROM borrowers WHERE id = :id", id=self._id(person))[0]
        phone = self._keys.unseal(row["phone_sealed"], Place("borrowers", "phone_sealed", str(row["id"])))
        id_card = self._keys.unseal(
            row["id_card_sealed"], Place("borrowers", "id_card_sealed", str(row["id"]))
        )
        return {"phone": phone, "id": id_card[-4:], "wrong": "0000" if id_card[-4:] != "0000" else "1111"}

    def figure(self, person: str, name: str) -> int | str:
        """The value that a figure of that name must have. Raises KeyError for a figure without a rule here."""
        id = self._id(person)
        if name.startswith("credit_limit"):
            limit = self._rows("SELECT * FROM credit_limits WHERE borrower_id = :id", id=id)[0]
            return int(
                limit[{"credit_limit_total": "total_fen", "credit_limit_available": "available_fen"}[name]]
            )
        if name == "application_state":
            return str(self._latest_application(id)["state"])
        if name.startswith("autodebit"):
            return self._autodebit(id, name)
        return self._of_instalments(id, name)

    def reason(self, person: str) -> str:
        """The first reason of the latest rejection."""
        rows = self._rows(
            "SELECT reason FROM rejection_reasons WHERE application_id = :id ORDER BY position",
            id=self._latest_application(self._id(person))["id"],
        )
        return str(rows[0]["reason"])

    def requests(self, conversation: str) -> list[dict[str, Any]]:
        """Service requests that a conversation left."""
        return self._rows(
            "SELECT * FROM service_requests WHERE conversation_id = :id ORDER BY id", id=conversation
        )

    def disclosed(self, conversation: str) -> list[str]:
        """Names of the figures that the log of disclosures has for a conversation."""
        rows = self._rows(
            "SELECT name FROM disclosure_log WHERE conversation_id = :id ORDER BY sequence", id=conversation
        )
        return [str(row["name"]) for row in rows]

    def rating(self, conversation: str) -> int | str:
        """How satisfied the caller was, 1 to 5; ``none`` where nothing was kept."""
        rows = self._rows("SELECT rating FROM conversations WHERE id = :id", id=conversation)
        assert len(rows) == 1, f"there are {len(rows)} conversations {conversation}"
        return "none" if rows[0]["rating"] is None else int(rows[0]["rating"])

    def _of_instalments(self, id: int, name: str) -> int | str:
        rows = self._rows(
            """SELECT i.*, p.code, l.policy_version FROM instalments i
               JOIN loans l ON l.id = i.loan_id JOIN products p ON p.id = l.product_id
               WHERE l.borrower_id = :id AND l.settled_on IS NULL ORDER BY i.due_on""",
            id=id,
        )
        unpaid = [row for row in rows if _open_fen(row) > 0]
        ahead = [row for row in unpaid if _day(row["due_on"]) >= today()]
        late = [row for row in unpaid if _day(row["due_on"]) < today()]
        values: dict[str, Any] = {
            "next_repayment_amount": lambda: _open_fen(ahead[0]),
            "next_repayment_date": lambda: _day(ahead[0]["due_on"]).isoformat(),
            "next_repayment_interest": lambda: ahead[0]["interest_fen"] - ahead[0]["paid_interest_fen"],
            "following_repayment_amount": lambda: _open_fen(ahead[1]),
            "following_repayment_date": lambda: _day(ahead[1]["due_on"]).isoformat(),
            "outstanding_principal": lambda: sum(
                row["principal_fen"] - row["paid_principal_fen"] for row in unpaid
            ),
            "remaining_instalments": lambda: len(unpaid),
            "overdue_amount": lambda: sum(_open_fen(row) + _penalty_fen(row) for row in late),
            "overdue_days": lambda: (today() - _day(late[0]["due_on"])).days,
        }
        return values[name]()

    def _autodebit(self, id: int, name: str) -> int | str:
        row = self._rows(
            """SELECT d.* FROM autodebits d JOIN loans l ON l.id = d.loan_id
               WHERE l.borrower_id = :id ORDER BY d.attempted_on DESC, d.id DESC""",
            id=id,
        )[0]
        return {
            "autodebit_result": str(row["result"]),
            "autodebit_amount": int(row["amount_fen"]),
            "autodebit_date": _day(row["attempted_on"]).isoformat(),
        }[name]

    def _latest_application(self, id: int) -> dict[str, Any]:
        return self._rows(
            "SELECT * FROM applications WHERE borrower_id = :id ORDER BY submitted_on DESC, id DESC", id=id
        )[0]

    def _id(self, person: str) -> int:
        if person == "settled":
            rows = self._rows(_SETTLED)
        elif person.startswith("spare"):
            rows = self._rows(_SPARE)[int(person.removeprefix("spare")) - 1 :]
        elif person in {"submitted", "in_review", "approved", "rejected", "cancelled"}:
            rows = self._rows(_LATEST_STATE, state=person)
        else:
            rows = self._rows("SELECT id FROM borrowers WHERE id <= 3 AND name = :name", name=person)
        assert rows, f"nobody in the database is {person}"
        return int(next(iter(rows[0].values())))

    def _rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        with self._database.reading() as connection:
            return [dict(row) for row in connection.execute(text(query), values).mappings()]


def _open_fen(row: dict[str, Any]) -> int:
    return int(
        row["principal_fen"] + row["interest_fen"] - row["paid_principal_fen"] - row["paid_interest_fen"]
    )


def _penalty_fen(row: dict[str, Any]) -> int:
    """Days late times the rate of the loan's own rules, which all have a grace period shorter than the demo's delay."""
    rule = PolicyBook.load().version(row["code"], row["policy_version"]).overdue
    days = (today() - _day(row["due_on"])).days
    assert days > rule.grace_days
    exact = _open_fen(row) * rule.penalty_rate_per_day * days
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
