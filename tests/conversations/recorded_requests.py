"""RecordedRequests: what a conversation left for staff, in the form that scripts use."""

import re

from tests.conversations.truth import Truth


def recorded(truth: Truth, sender: str) -> list[dict[str, object]]:
    """The conversation's service requests in the form that scripts use."""
    rows = []
    for row in truth.requests(sender):
        details = {
            name: row[name] for name in ("amount_fen", "term_months", "industry") if row[name] is not None
        }
        rows.append(
            {"kind": row["kind"], "topic": row["topic"], "verified": row["borrower_id"] is not None}
            | details
            | ({"new_phone": True} if row["new_phone_sealed"] is not None else {})
            | {"summary": row["summary"]}
        )
        assert not re.search(r"\d{7}", row["summary"]), "long digits in a summary"
    return rows
