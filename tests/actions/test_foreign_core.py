"""The bot over a lender's own tables, through the views of docs/integrate-your-core.md: it says the very same."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from actions.lending.database import open_database
from actions.lending.decision_records import DecisionRecords
from actions.lending.disclosure_anchors import DisclosureAnchors
from actions.lending.disclosure_log import DisclosureLog
from actions.lending.first_time import first_time_months
from actions.lending.identity import IdentityService
from actions.lending.keys import load_keys
from actions.lending.repositories import LendingRepository
from actions.lending.service_desk import ServiceDesk
from actions.services import Services
from tests.actions.conftest import Counter
from tests.actions.foreign_core import REPLACED, move_to_a_foreign_core

BORROWERS = [("13800000001", "1234"), ("13800000002", "567X"), ("13800000003", "8901")]
QUESTIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("下一期还多少", "query_repayment", {}),
    ("我还剩多少没还", "query_loan_balance", {}),
    ("我逾期了吗", "ask_overdue", {}),
    ("为什么没扣成功", "query_autodebit", {}),
    ("提前还要多少", "ask_early_repayment", {}),
    ("我的额度是多少", "query_credit_limit", {}),
    ("申请到哪一步了", "query_application_progress", {}),
    ("为什么拒绝我", "ask_rejection_reason", {}),
    ("钱什么时候到账", "query_disbursement", {}),
    ("我还能再借吗", "check_eligibility", {}),
]


@pytest.fixture
def foreign(services: Services, database_url: str, tmp_path: Path) -> Iterator[Services]:
    """The same services over a copy of the database whose tables are somebody else's."""
    path = tmp_path / "foreign.db"
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as own, sqlite3.connect(path) as copy:
        own.backup(copy)
    database, keys = open_database(f"sqlite:///{path}"), load_keys()
    move_to_a_foreign_core(database, services.policies)
    yield replace(
        services,
        identity=IdentityService(database, keys),
        records=LendingRepository(database, keys, services.policies),
        desk=ServiceDesk(database, keys),
        disclosures=DisclosureLog(database, keys, DisclosureAnchors(tmp_path / "foreign-anchors")),
        decisions=DecisionRecords(database, services.policies),
    )
    database.close()


def heard(services: Services, phone: str, last4: str) -> list[Any]:
    """What a borrower hears to every question: the responses, their words, and every figure."""
    services.identity.open_session(f"call-{phone}", "chat")
    customer = Counter(services, f"call-{phone}")
    customer.hear(f"{phone} 身份证后四位{last4}", "inform")
    said: list[Any] = []
    for question, intent, entities in QUESTIONS:
        turn = customer.hear(question, intent, **entities)
        for one in turn.utterances:
            figures = [
                (figure["name"], figure["value"], figure["unit"]) for figure in one.payload.get("figures", ())
            ]
            said.append((question, one.response, one.values, figures))
    return said


@pytest.mark.parametrize(("phone", "last4"), BORROWERS)
def test_a_borrower_of_a_foreign_core_hears_the_same_words_and_figures(
    services: Services, foreign: Services, phone: str, last4: str
) -> None:
    ours, theirs = heard(services, phone, last4), heard(foreign, phone, last4)
    assert theirs == ours
    assert sum(len(figures) for *_, figures in ours) >= 3, "figures were really said"


def test_none_of_our_tables_is_left_but_the_bots_own(foreign: Services, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'foreign.db'}")
    with database.reading() as connection:
        kinds = dict(connection.execute(text("SELECT name, type FROM sqlite_master")).all())
    database.close()
    assert {kinds[name] for name in REPLACED} == {"view"}
    assert kinds["borrowers"] == kinds["identity_sessions"] == kinds["service_requests"] == "table"
    assert {"kh_dp", "sq", "jj", "jj_jh"} <= set(kinds)


def test_the_first_time_metric_is_counted_over_the_views_as_well(
    foreign: Services, database_url: str, tmp_path: Path
) -> None:
    months = []
    for url in (database_url, f"sqlite:///{tmp_path / 'foreign.db'}"):
        database = open_database(url)
        with database.reading() as connection:
            months.append(first_time_months(connection))
        database.close()
    assert months[0] == months[1] != ()
